import { registry } from "@web/core/registry";

const sheetButton = (title, status) =>
    `.o_sheet_row:contains(${title}) .o_sheet_button_${status}`;
const row = (title) => `.o_vote_row:contains(${title})`;
const button = (title, choice) => `${row(title)} .o_vote_button_${choice}`;

/** From the attendance sheet to a decision that is closed. */
registry.category("web_tour.tours").add("partnership_vote_take", {
    steps: () => [
        { content: "nobody came for it", trigger: sheetButton("Test Scouts", "absent"), run: "click" },
        { content: "the rest is there", trigger: ".o_sheet_rest_present:contains(6)", run: "click" },
        { trigger: ".o_sheet_counter_present:contains(6)" },
        { content: "to the votes", trigger: ".o_sheet_votes", run: "click" },
        { trigger: ".o_vote_screen .alert:contains(not open yet)" },
        { content: "who is away is greyed", trigger: `${row("Test Scouts")}.o_vote_away:contains(Absent)` },
        { trigger: ".o_vote_open", run: "click" },
        { trigger: ".o_vote_live:contains(0 of 6 have voted)" },
        { content: "the first against", trigger: button("Test Aford", "no"), run: "click" },
        { trigger: ".o_vote_live:contains(1 of 6 have voted)" },
        { content: "choose a row by keyboard", trigger: `${row("Test Mill")} .o_sheet_who`, run: "click" },
        { content: "the second against", trigger: `.o_sheet_selected${row("Test Mill")}`, run: "press n" },
        { trigger: `.o_vote_no${row("Test Mill")}` },
        { content: "that was wrong", trigger: `.o_sheet_selected${row("Test Mill")}`, run: "press u" },
        { trigger: `.o_vote_not_voted${row("Test Mill")}` },
        { trigger: `.o_sheet_selected${row("Test Mill")}`, run: "press n" },
        { trigger: ".o_vote_live .o_vote_result:contains(Refused)" },
        { trigger: ".o_vote_line_threshold:contains(2 missing)" },
        { content: "the rest in favour", trigger: ".o_vote_rest:contains(4)", run: "click" },
        { trigger: ".o_vote_live .o_vote_result:contains(Adopted)" },
        { trigger: ".o_vote_close", run: "click" },
        { content: "the outcome is shown first", trigger: ".o_vote_dialog:contains(In favour: 4 of 6)" },
        { trigger: ".o_vote_confirm", run: "click" },
        { trigger: ".o_vote_decision:contains(1/2024):contains(Adopted)" },
        {
            content: "the next question, by hands",
            trigger: ".o_vote_decision:contains(Test other) .o_vote_choose",
            run: "click",
        },
        { trigger: ".o_vote_open", run: "click" },
        { trigger: ".o_vote_hands", run: "click" },
        {
            trigger: ".o_vote_dialog tr:contains(Test councils) input[name=no]",
            run: "edit 1 && press Tab",
        },
        { trigger: ".o_vote_dialog tr:contains(Test councils) button", run: "click" },
        { trigger: ".o_vote_dialog tr:contains(Test councils):contains(3 of 3)" },
        { trigger: ".o_vote_save_hands", run: "click" },
        { trigger: ".o_vote_live:contains(3 hands)" },
        { trigger: ".o_vote_more", run: "click" },
        { trigger: ".o-dropdown-item:contains(Interrupt)", run: "click" },
        { trigger: ".o_vote_decision:contains(Test other):contains(Interrupted)" },
        { content: "back to the sheet", trigger: ".o_vote_sheet", run: "click" },
        { trigger: ".o_sheet_counter_present:contains(6)" },
    ],
});

/** Somebody is marked on the sheet, and votes, in another window, while the vote shows. */
registry.category("web_tour.tours").add("partnership_vote_live", {
    steps: () => [
        { trigger: ".o_vote_live:contains(0 of 6 have voted)" },
        {
            trigger: `${row("Test Scouts")}.o_vote_away`,
            async run() {
                const meetingId = Number(location.pathname.match(/(\d+)\/take-votes/)[1]);
                const { env } = odoo.__WOWL_DEBUG__.root;
                const call = (method, ...args) =>
                    env.services.orm.call("calendar.event", method, [[meetingId], ...args]);
                const { rows } = await call("attendance_sheet_read");
                const { id } = rows.find((each) => each.member === "Test Scouts");
                await call("attendance_sheet_mark", [[[id], { status: "present" }]]);
            },
        },
        { trigger: ".o_vote_live:contains(0 of 7 have voted)", timeout: 20000 },
        { trigger: button("Test Scouts", "yes"), run: "click" },
        { trigger: `.o_vote_yes${row("Test Scouts")}` },
        { trigger: ".o_vote_live:contains(1 of 7 have voted)" },
    ],
});
