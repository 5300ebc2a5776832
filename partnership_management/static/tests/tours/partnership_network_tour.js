import { registry } from "@web/core/registry";

const PICTURE = ".o_network_picture";
const PANEL = ".o_network_panel";

function member(name) {
    return `${PICTURE} .o_network_member[aria-label^='${name},']`;
}

registry.category("web_tour.tours").add("partnership_network_tour", {
    steps: () => [
        {
            content: "who competes is drawn from the start, who has no tie is not",
            trigger: `${PICTURE}:has(.o_network_tie.o_network_competitor):not(:has(.o_network_none))`,
        },
        {
            content: "show where there is no tie as well",
            trigger: ".o_network_kind[data-kind=none]:not(.active)",
            run: "click",
        },
        {
            content: "it is drawn",
            trigger: `${PICTURE}:has(.o_network_tie.o_network_none)`,
        },
        {
            content: "show everybody",
            trigger: ".o_network_lone",
            run: "click",
        },
        {
            content: "a hundred members are there, most of them with their name",
            trigger: PICTURE,
            run() {
                const count = document.querySelectorAll(".o_network_member").length;
                const names = document.querySelectorAll(".o_network_member text").length;
                if (count !== 100 || names < 60) {
                    throw new Error(`${count} members, ${names} names`);
                }
            },
        },
        {
            content: "choose a member",
            trigger: member("Test council"),
            run: "click",
        },
        {
            content: "its tie is told, with what shows it; the others step back",
            trigger: `${PANEL}:contains('Test council'):contains('Test firm'):contains('Test dispute')`,
        },
        {
            content: "the rest steps back",
            trigger: `${PICTURE}:has(.o_network_member.o_network_far)`,
        },
        {
            content: "go to the next by keyboard",
            trigger: member("Test council"),
            run() {
                this.anchor.focus();
                for (const key of ["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp"]) {
                    const event = new KeyboardEvent("keydown", { key, bubbles: true });
                    document.activeElement.dispatchEvent(event);
                }
            },
        },
        {
            content: "another member is chosen and has the focus",
            trigger: `${PICTURE} .o_network_member.o_network_selected:focus`,
        },
        {
            content: "back to the first",
            trigger: member("Test council"),
            run: "click",
        },
        {
            content: "leave out who competes",
            trigger: ".o_network_kind[data-kind=competitor].active",
            run: "click",
        },
        {
            content: "no line of that kind is left",
            trigger: `${PICTURE}:not(:has(.o_network_competitor))`,
        },
        {
            content: "nor in the list",
            trigger: `${PANEL}:contains('No tie of the kinds')`,
        },
        {
            content: "open the member",
            trigger: ".o_network_open",
            run: "click",
        },
        {
            content: "and come back",
            trigger: "body:has(.o_form_view) .o_back_button, .breadcrumb-item a:contains('Network')",
            run: "click",
        },
        {
            content: "what was chosen is still chosen",
            trigger: `${PANEL}:contains('Test council')`,
        },
        {
            content: "a day before anybody was there",
            trigger: ".o_network_date input",
            run: "edit 01/01/2020 && press Enter",
        },
        {
            content: "the empty picture says what to do",
            trigger: ".o_relation_network .o_view_nocontent:contains('No tie between members')",
        },
    ],
});

registry.category("web_tour.tours").add("partnership_network_button_tour", {
    steps: () => [
        {
            content: "there are many buttons",
            trigger: ".o-form-buttonbox .o_button_more",
            run: "click",
        },
        {
            content: "open the picture of this partnership",
            trigger: ".oe_stat_button:contains('Ties')",
            run: "click",
        },
        {
            content: "it is of this one",
            trigger: member("Test abbey"),
            run: "click",
        },
        {
            content: "open the tie",
            trigger: ".o_network_open_tie:contains('Test mill')",
            run: "click",
        },
        {
            content: "the tie is open",
            trigger: ".o_form_view .o_field_widget[name=kind]:contains('Associates')",
        },
    ],
});
