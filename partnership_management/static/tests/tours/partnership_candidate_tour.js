import { registry } from "@web/core/registry";

// A card cannot be dragged while it is being saved
const CARD = ".o_kanban_record.o_draggable:contains('Test orchard keepers')";

function column(name) {
    return `.o_kanban_group:has(.o_column_title:contains('${name}'))`;
}

function move(to) {
    return [
        {
            content: `drag the card to ${to}`,
            trigger: CARD,
            run: `drag_and_drop(${column(to)})`,
        },
        {
            content: `the card is in ${to}`,
            trigger: `${column(to)} ${CARD}`,
        },
    ];
}

function choose(field, value) {
    return [
        {
            content: `write in ${field}`,
            trigger: `.o_field_widget[name=${field}] input`,
            run: `edit ${value}`,
        },
        {
            content: `choose ${value}`,
            trigger: `.o-autocomplete--dropdown-menu a:contains('${value}')`,
            run: "click",
        },
    ];
}

registry.category("web_tour.tours").add("partnership_candidate_tour", {
    steps: () => [
        {
            content: "a new card",
            trigger: "body:has(.o_kanban_renderer) .o-kanban-button-new",
            run: "click",
        },
        {
            content: "an actor that has no contact yet",
            trigger: ".o_kanban_quick_create .o_field_widget[name=partner_id] input",
            run: "edit Test orchard keepers",
        },
        {
            trigger: ".o-autocomplete--dropdown-menu .o_m2o_dropdown_option_create a",
            run: "click",
        },
        ...choose("interest_group_id", "Test associations"),
        {
            trigger: "button.o_kanban_add",
            run: "click",
        },
        {
            trigger: `${column("Test contacted")} ${CARD}`,
        },
        {
            content: "close the quick creation",
            trigger: ".o_kanban_renderer",
            run: "click",
        },
        {
            trigger: ".o_kanban_renderer:not(:has(.o_kanban_quick_create))",
        },
        ...move("Test informal"),
        ...move("Test application"),
        ...move("Test contacted"),
        ...move("Test informal"),
        {
            content: "open the card",
            trigger: `${CARD} .fw-bold`,
            run: "click",
        },
        {
            content: "the membership has its role",
            trigger: "button[name=action_open_membership]:contains('Test informal')",
        },
        {
            trigger: "button[name=action_refuse]",
            run: "click",
        },
        ...choose("reason_id", "Test reason"),
        {
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            content: "the reason is shown",
            trigger: ".alert-danger:contains('Test reason')",
        },
        {
            trigger: "button[name=action_reopen]",
            run: "click",
        },
        {
            trigger: ".o_form_view button[name=action_refuse]",
        },
        {
            content: "back to the board",
            trigger: ".o_back_button",
            run: "click",
        },
        ...move("Test admitted"),
        {
            trigger: `${CARD} .ribbon:contains('Admitted')`,
        },
    ],
});
