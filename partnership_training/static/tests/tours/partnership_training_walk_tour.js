import { registry } from "@web/core/registry";

const field = (name) => `.o_field_widget[name="${name}"]`;
const click = (trigger, content) => ({ content, trigger, run: "click" });
const button = (name, content) => click(`.o_control_panel button[name="${name}"], .o_form_statusbar button[name="${name}"]`, content);
const all = [
    click(".o_list_view thead .o_list_record_selector input", "all of them"),
    { trigger: ".o_data_row_selected" },
];
const time = (name, value) => [
    click(`.o_selected_row ${field(name)} button, .o_selected_row ${field(name)} input`),
    { trigger: `.o_selected_row ${field(name)} input`, run: `edit ${value} && press Tab` },
];

registry.category("web_tour.tours").add("partnership_training_walk", {
    steps: () => [
        ...all,
        button("action_raise_need", "members who stay away have something to learn"),
        click(".o_switch_view.o_list", "their needs"),
        { trigger: ".o_breadcrumb:contains(Training Needs)" },
        { trigger: ".o_list_view .o_data_row:contains(Test chairing):nth-child(5)" },
        ...all,
        button("action_plan_session", "a session for all who need it"),
        { trigger: `.modal ${field("demand_count")}:contains(5)` },
        { trigger: `.modal ${field("year")} input`, run: "edit 2023" },
        click('.modal button[name="action_plan"]'),
        {
            content: "a draft with who asks for it",
            trigger: `.o_form_view ${field("seats_max")} input:value(8)`,
        },
        click(`${field("event_ids")} .o_field_x2many_list_row_add a`, "one evening"),
        { trigger: `${field("event_ids")} .o_data_row.o_selected_row` },
        ...time("start", "12/11/2023 18:00:00"),
        ...time("stop", "12/11/2023 21:00:00"),
        click(".o_form_button_save"),
        button("action_open", "it takes place"),
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains(Open)" },
        click('.oe_stat_button[name="action_open_enrolments"]', "who is in it"),
        click(".o_switch_view.o_list"),
        { trigger: ".o_list_view .o_data_row:contains(Requested):nth-child(5)" },
        ...all,
        button("action_confirm", "all get a seat"),
        { trigger: ".o_list_view .o_data_row:contains(Confirmed):nth-child(5)" },
        click(".o_breadcrumb .o_back_button, .breadcrumb-item.o_back_button a", "back to the session"),
        button("action_open_sheet", "the evening itself"),
        click(".o_sheet_rest_present:contains(5)"),
        { trigger: ".o_sheet_counter_present:contains(5)" },
        click(".o_sheet_close"),
        { trigger: ".o_control_panel .badge:contains(Sheet closed)" },
        click(".o_breadcrumb .o_back_button, .breadcrumb-item.o_back_button a", "back to the session"),
        button("action_done", "who took part has done it"),
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains(Done)" },
        button("action_issue_certificates", "a certificate for each"),
        { trigger: ".o_notification:contains(Certificates issued: 5)" },
        button("action_send_behaviour", "and what has changed since?"),
        click(".modal-footer .btn-primary"),
        { trigger: ".o_notification:contains(on their way: 5)" },
    ],
});

registry.category("web_tour.tours").add("partnership_training_walk_effect", {
    steps: () => [
        {
            content: "closed by what was measured, not by attendance",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Closed)",
        },
        { trigger: ".o_form_view:contains(Measured effect)" },
        click('.oe_stat_button[name="action_open_effect"]:contains(25)', "and who stands behind it"),
        { trigger: ".o_list_view .o_group_header:contains(6), .o_pivot_view" },
    ],
});
