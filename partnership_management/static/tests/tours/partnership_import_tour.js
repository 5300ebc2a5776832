import { registry } from "@web/core/registry";

function press(name) {
    return {
        content: `press ${name}`,
        trigger: `.o_statusbar_buttons button[name=${name}]`,
        run: "click",
    };
}

function row(text) {
    return `.o_data_row:contains('${text}')`;
}

registry.category("web_tour.tours").add("partnership_import_tour", {
    steps: () => [
        {
            content: "what the columns hold was proposed",
            trigger: `${row("Who was there")}:contains('Person')`,
        },
        press("action_match"),
        {
            content: "an unknown word is not recorded",
            trigger: `${row("dialled in")}:contains('Not recorded')`,
        },
        {
            trigger: ".nav-link[name=organisations]",
            run: "click",
        },
        {
            content: "accept a close spelling",
            trigger: `${row("Testville Council")} button[name=action_accept]`,
            run: "click",
        },
        {
            content: "it is decided",
            trigger: `${row("Testville Council")}:contains('This one')`,
        },
        {
            content: "choose another one",
            trigger: `${row("Some other company")} td[name=partner_id]`,
            run: "click",
        },
        {
            trigger: ".o_selected_row td[name=partner_id] input",
            run: "edit Test Firm",
        },
        {
            trigger: ".o-autocomplete--dropdown-menu a:contains('Test Firm Ltd')",
            run: "click",
        },
        {
            content: "choosing it is deciding",
            trigger: ".o_selected_row td[name=decision]:contains('This one'), .o_selected_row td[name=decision] input:value('This one')",
        },
        press("action_create_all"),
        press("action_preview"),
        {
            content: "what would become of the lines",
            trigger: ".alert-info:contains('3 of 4 lines will be taken')",
        },
        press("action_import"),
        {
            trigger: ".alert-success:contains('3 lines were taken')",
        },
        {
            content: "the refused one says why",
            trigger: `${row("31/02/2024")}:contains('is not a date')`,
        },
        {
            content: "whoever is not in the list was absent",
            trigger: "[name=unlisted] input[data-value=absent]",
            run: "click",
        },
        {
            trigger: "button[name=action_close_sheets]",
            run: "click",
        },
        {
            content: "there is nothing left to close",
            trigger: ".o_form_view:not(:has(button[name=action_close_sheets]))",
        },
    ],
});
