import { registry } from "@web/core/registry";

const field = (name) => `.o_field_widget[name="${name}"]`;
const pick = (name, text) => [
    { trigger: `${field(name)} input`, run: `edit ${text}` },
    { trigger: `.ui-autocomplete a:contains("${text}")`, run: "click" },
];
const addEvent = (number, start, stop) => [
    { trigger: `${field("event_ids")} .o_field_x2many_list_row_add a`, run: "click" },
    { trigger: `${field("event_ids")} .o_data_row:nth-child(${number}).o_selected_row` },
    {
        trigger: `.o_selected_row ${field("start")} button, .o_selected_row ${field("start")} input`,
        run: "click",
    },
    { trigger: `.o_selected_row ${field("start")} input`, run: `edit ${start} && press Tab` },
    {
        trigger: `.o_selected_row ${field("stop")} button, .o_selected_row ${field("stop")} input`,
        run: "click",
    },
    { trigger: `.o_selected_row ${field("stop")} input`, run: `edit ${stop} && press Tab` },
];

registry.category("web_tour.tours").add("partnership_training", {
    steps: () => [
        {
            content: "a course for the catalogue",
            trigger: ".o-kanban-button-new",
            run: "click",
        },
        { trigger: `${field("name")} input`, run: "edit Test tour course" },
        { trigger: `${field("code")} input`, run: "edit TOUR" },
        {
            content: "it is saved on the way to its sessions",
            trigger: `button[name="action_open_sessions"]`,
            run: "click",
        },
        {
            content: "a session of it",
            trigger: ".o_breadcrumb:contains(Sessions)",
        },
        { trigger: ".o-kanban-button-new", run: "click" },
        {
            content: "named after its course",
            trigger: `${field("name")} input:value(Test tour course)`,
        },
        { trigger: `${field("seats_max")} input`, run: "edit 1" },
        { trigger: `${field("place")} input`, run: "edit Test hall" },
        ...addEvent(1, "06/10/2024 09:00:00", "06/10/2024 12:00:00"),
        ...addEvent(2, "06/11/2024 09:00:00", "06/11/2024 12:00:00"),
        { trigger: ".o_form_button_save", run: "click" },
        {
            content: "two days of three hours",
            trigger: `${field("hours")}:contains(06:00)`,
        },
        { trigger: `button[name="action_open"]`, run: "click" },
        {
            content: "enrol two persons for one seat",
            trigger: `.o_statusbar_status .o_arrow_button_current:contains(Open)`,
        },
        { trigger: `button[name="action_enrol"]`, run: "click" },
        ...pick("person_ids", "Test learner 1"),
        { trigger: `.modal ${field("person_ids")} .o_tag:contains(Test learner 1)` },
        ...pick("person_ids", "Test learner 2"),
        { trigger: `.modal ${field("person_ids")} .o_tag:contains(Test learner 2)` },
        {
            content: "there are fewer seats than persons",
            trigger: ".modal .alert-warning:contains(waiting list)",
        },
        { trigger: `.modal button[name="action_enrol"]`, run: "click" },
        {
            content: "the second one waits",
            trigger: ".o_notification:contains(Test learner 2)",
        },
        { trigger: `button[name="action_open_enrolments"]:contains(Waiting):contains(1)` },
        {
            content: "open the sheet of the first day",
            trigger: `.o_form_statusbar button[name="action_open_sheet"]`,
            run: "click",
        },
        {
            content: "who has a seat is expected",
            trigger: ".o_sheet_row:contains(Test learner 1) .o_sheet_button_present",
            run: "click",
        },
        { trigger: ".o_sheet_counter_present:contains(1)" },
    ],
});
