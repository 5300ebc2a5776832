import { registry } from "@web/core/registry";

// A card cannot be dragged while it is being saved
const CARD = ".o_kanban_record.o_draggable:contains('Test orchard keepers')";

function column(name) {
    return `.o_kanban_group:has(.o_column_title:contains('${name}'))`;
}

function dragIn() {
    return {
        content: "drag the card into admission while no round is open",
        trigger: CARD,
        run: `drag_and_drop(${column("Test admitted")})`,
    };
}

registry.category("web_tour.tours").add("partnership_round_tour_facilitator", {
    steps: () => [
        dragIn(),
        {
            content: "the door is closed, and says what to do",
            trigger: ".modal:contains('Open a round'):contains('Test orchard keepers')",
        },
        {
            trigger: ".modal footer button:contains('Close'), .modal footer .o-default-button",
            run: "click",
        },
        {
            content: "the card is where it was",
            trigger: `${column("Test decision")} ${CARD}`,
        },
    ],
});

registry.category("web_tour.tours").add("partnership_round_tour_officer", {
    steps: () => [
        dragIn(),
        {
            content: "an officer is asked for the reason",
            trigger: ".modal button:contains('Give the Reason')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Vote of 31 May",
        },
        {
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            content: "the board shows the card where it is now",
            trigger: `body:not(:has(.modal)) ${column("Test admitted")} ${CARD}`,
        },
    ],
});

registry.category("web_tour.tours").add("partnership_round_tour_bulk", {
    steps: () => [
        {
            trigger: ".o_switch_view.o_list",
            run: "click",
        },
        {
            content: "choose all candidates",
            trigger: ".o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_control_panel button[name=action_admit]",
            run: "click",
        },
        {
            content: "all are asked for at once",
            trigger: ".modal button:contains('Give the Reason')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Vote of 31 May",
        },
        {
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_list_view",
        },
    ],
});
