import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("partnership_training_portal", {
    steps: () => [
        {
            content: "a course of the catalogue",
            trigger: ".card:contains(Test course)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "a seat in its session",
            trigger: ".card:contains(Test soon) button:contains(Enrol)",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".alert-success:contains(You have a seat)" },
        { trigger: "a:contains(test.txt)" },
        { trigger: "#reason", run: "edit Test ill" },
        {
            content: "somebody else can have it",
            trigger: "button:contains(Withdraw)",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".alert-success:contains(You have withdrawn)" },
    ],
});
