import { registry } from "@web/core/registry";

const CARD = ".o_kanban_record.o_draggable:contains('Test partnership')";

function column(name) {
    return `.o_kanban_group:has(.o_column_title:contains('${name}'))`;
}

function sayWhy(reason) {
    return [
        {
            content: "not all is reached",
            trigger: ".modal:contains('Test rules') button:contains('Move on and Say Why')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] input",
            run: `edit ${reason}`,
        },
        {
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
    ];
}

registry.category("web_tour.tours").add("partnership_stage_tour", {
    steps: () => [
        {
            content: "drag the partnership on",
            trigger: CARD,
            run: `drag_and_drop(${column("Test middle")})`,
        },
        ...sayWhy("Test reason of the board"),
        {
            content: "it has moved; drag it back, which asks nothing",
            trigger: `${column("Test middle")} ${CARD}`,
            run: `drag_and_drop(${column("Test start")})`,
        },
        {
            trigger: `${column("Test start")} ${CARD} .fw-bold:contains('Test partnership')`,
            run: "click",
        },
        {
            content: "move it on in the status bar",
            trigger: ".o_statusbar_status button:contains('Test middle')",
            run: "click",
        },
        ...sayWhy("Test second reason"),
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Test middle')",
        },
        {
            trigger: "a[name=stage]",
            run: "click",
        },
        {
            content: "the reason is in the history",
            trigger: ".o_field_widget[name=stage_history_ids] td:contains('Test second reason')",
        },
        {
            content: "back again: what is to be reached",
            trigger: ".o_statusbar_status button:contains('Test start')",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=checklist_ids] button:contains('Tick')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=evidence] input",
            run: "edit Test minutes",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=checklist_ids] td:contains('Test minutes')",
        },
        {
            content: "now nothing is asked",
            trigger: ".o_statusbar_status button:contains('Test middle')",
            run: "click",
        },
        {
            content: "it is saved: this stage has no exit criteria",
            trigger: ".o_field_widget[name=criterion_count]:contains('0')",
        },
    ],
});
