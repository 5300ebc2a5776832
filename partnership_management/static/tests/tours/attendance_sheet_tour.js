import { registry } from "@web/core/registry";

const row = (title) => `.o_sheet_row:contains(${title})`;
const button = (title, status) => `${row(title)} .o_sheet_button_${status}`;

registry.category("web_tour.tours").add("partnership_attendance_sheet_mark", {
    steps: () => [
        {
            content: "mark one person",
            trigger: button("Test member 00", "present"),
            run: "click",
        },
        {
            content: "the counters follow",
            trigger: ".o_sheet_counter_present:contains(1)",
        },
        {
            content: "a second tap takes it back",
            trigger: `${button("Test member 00", "present")}.active`,
            run: "click",
        },
        { trigger: ".o_sheet_counter_present:contains(0)" },
        {
            content: "excused",
            trigger: button("Test member 01", "excused"),
            run: "click",
        },
        {
            content: "open its details",
            trigger: `${row("Test member 01")} .o_sheet_who`,
            run: "click",
        },
        {
            content: "give the reason",
            trigger: ".o_sheet_dialog #sheet_reason",
            run: "edit Test illness && press Tab",
        },
        {
            content: "the alternate came instead",
            trigger: ".o_sheet_substitute button:contains(Test alternate 01)",
            run: "click",
        },
        {
            trigger: `.o_sheet_other.o_sheet_present:contains(Test alternate 01)`,
        },
        {
            content: "the holder stays excused, with the reason",
            trigger: `${row("Test titular 01")}.o_sheet_excused:contains(Test illness)`,
        },
        {
            content: "by keyboard: search",
            trigger: ".o_sheet_search",
            run: "edit member 02 && press Enter",
        },
        {
            content: "absent",
            trigger: `.o_sheet_selected${row("Test member 02")}`,
            run: "press a",
        },
        { trigger: `.o_sheet_absent${row("Test member 02")}` },
        {
            content: "undo",
            trigger: `.o_sheet_selected${row("Test member 02")}`,
            run: "press u",
        },
        { trigger: `.o_sheet_not_recorded${row("Test member 02")}` },
        {
            content: "show everybody again",
            trigger: ".o_sheet_search",
            run: "clear",
        },
        {
            content: "somebody came for the vacant seat",
            trigger: button("Test vacant", "present"),
            run: "click",
        },
        {
            trigger: ".o_sheet_dialog #sheet_substitute",
            run: "edit Test newcomer",
        },
        {
            trigger: ".o_m2o_dropdown_option_create:contains(Test newcomer)",
            run: "click",
        },
        { trigger: ".o_sheet_other.o_sheet_present:contains(Test newcomer)" },
        {
            content: "taken back",
            trigger: ".o_sheet_undo",
            run: "click",
        },
        { trigger: "body:not(:has(.o_sheet_row:contains(Test newcomer)))" },
        {
            content: "add a guest",
            trigger: ".o_sheet_add",
            run: "click",
        },
        {
            trigger: ".o_sheet_dialog #sheet_person",
            run: "edit Test guest",
        },
        {
            trigger: ".o_m2o_dropdown_option_create:contains(Test guest)",
            run: "click",
        },
        { trigger: ".o_sheet_add_confirm:enabled", run: "click" },
        { trigger: ".o_sheet_present:contains(Test guest)" },
        {
            content: "the rest is present",
            trigger: ".o_sheet_rest_present:contains(7)",
            run: "click",
        },
        { trigger: ".o_sheet_quorum.text-success" },
        { trigger: ".o_sheet_rest_present:disabled" },
        {
            content: "somebody was not",
            trigger: button("Test member 03", "absent"),
            run: "click",
        },
        {
            content: "gave a proxy",
            trigger: `.o_sheet_absent${row("Test member 03")} .o_sheet_more`,
            run: "click",
        },
        {
            trigger: ".o_sheet_proxies button:contains(Test titular 04)",
            run: "click",
        },
        { trigger: ".o_sheet_proxies .active:contains(Test titular 04)" },
        { trigger: ".o_sheet_dialog footer button:contains(Done)", run: "click" },
        { trigger: `${row("Test member 03")}:contains(Proxy to Test titular 04)` },
        { trigger: `${row("Test member 04")}:contains(Votes for Test member 03)` },
        {
            content: "close the sheet",
            trigger: ".o_sheet_close",
            run: "click",
        },
        {
            content: "it asks what the unmarked are",
            trigger: ".modal .o_field_widget[name=unmarked_count]:contains(1)",
        },
        { trigger: ".modal button[name=action_close]", run: "click" },
        { trigger: ".o_control_panel .badge:contains(Sheet closed)" },
        { trigger: ".o_sheet_brief:contains(Brief the absentees)" },
        {
            content: "a closed sheet is corrected",
            trigger: button("Test member 05", "late"),
            run: "click",
        },
        { trigger: `.o_sheet_late${row("Test member 05")}` },
        { trigger: ".o_sheet_counter_late:contains(1)" },
    ],
});

/** Scan the code of the sign-in sheet of this meeting, and confirm the first name of the page. */
async function checkIn() {
    const meetingId = location.pathname.match(/(\d+)\/attendance-sheet/)[1];
    const report = "/report/html/partnership_management.report_sign_in_sheet";
    const sheet = await (await fetch(`${report}/${meetingId}`)).text();
    const [path] = sheet.match(/\/partnership\/check-in\/[\w-]+/);
    const page = new DOMParser().parseFromString(await (await fetch(path)).text(), "text/html");
    const body = new URLSearchParams(new FormData(page.querySelector("details form")));
    await fetch(path, { method: "POST", body });
}

/** Somebody checks in on a phone, in another window, while the sheet shows. */
registry.category("web_tour.tours").add("partnership_attendance_sheet_live", {
    steps: () => [
        { trigger: ".o_sheet_turnout:contains(0 of 2 there)" },
        { content: "show the code", trigger: ".o_sheet_show_code", run: "click" },
        { trigger: ".modal .o_sheet_code" },
        { trigger: ".modal .btn-close", run: "click" },
        {
            content: "a reason is being typed, and not saved yet",
            trigger: `${row("Test member 01")} .o_sheet_more`,
            run: "click",
        },
        {
            trigger: ".o_sheet_dialog #sheet_reason",
            async run({ anchor }) {
                anchor.value = "Test half a word";
                anchor.dispatchEvent(new Event("input", { bubbles: true }));
                await checkIn();
            },
        },
        {
            content: "it shows by itself, and what is typed stays",
            trigger: ".o_sheet_turnout:contains(1 of 2 there, 1 by phone)",
            timeout: 20000,
        },
        {
            trigger: ".o_sheet_dialog #sheet_reason:value(Test half a word)",
        },
    ],
});

/** While the meeting runs somebody comes later, and somebody leaves and gives a proxy. */
registry.category("web_tour.tours").add("partnership_attendance_sheet_hours", {
    steps: () => [
        {
            content: "somebody is absent, and comes",
            trigger: button("Test member 00", "absent"),
            run: "click",
        },
        { trigger: `.o_sheet_absent${row("Test member 00")}` },
        { content: "by one tap", trigger: button("Test member 00", "came"), run: "click" },
        { trigger: `.o_sheet_late${row("Test member 00")} .fa-clock-o` },
        { content: "two are there", trigger: button("Test member 01", "present"), run: "click" },
        { trigger: button("Test member 02", "present"), run: "click" },
        {
            content: "one leaves, by keyboard",
            trigger: `.o_sheet_selected.o_sheet_present${row("Test member 02")}`,
            run: "press o",
        },
        { trigger: `${button("Test member 02", "left")}.active` },
        { trigger: `${row("Test member 02")}:contains(until)` },
        { content: "and stays after all", trigger: button("Test member 02", "left"), run: "click" },
        { trigger: `${row("Test member 02")}:not(:contains(until))` },
        {
            content: "who leaves gives the proxy in the same place",
            trigger: `${row("Test member 01")} .o_sheet_who`,
            run: "click",
        },
        { trigger: ".o_sheet_dialog:not(:has(.o_sheet_proxies)) .o_sheet_left", run: "click" },
        {
            trigger: ".o_sheet_proxies button:contains(Test titular 02)",
            run: "click",
        },
        { trigger: ".o_sheet_proxies .active:contains(Test titular 02)" },
        { trigger: ".o_sheet_dialog footer button:contains(Done)", run: "click" },
        { trigger: `${row("Test member 01")}:contains(until):contains(Proxy to Test titular 02)` },
        { trigger: `${row("Test member 02")}:contains(Votes for Test member 01)` },
    ],
});
