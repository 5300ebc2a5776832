import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("partnership_composition_tour", {
    steps: () => [
        {
            content: "the composition of the partnership",
            trigger: ".o_notebook .nav-link:contains('Composition')",
            run: "click",
        },
        {
            content: "there is no profile yet: begin with equal shares",
            trigger: "button[name=action_fill_profile]",
            run: "click",
        },
        {
            content: "now there is a number",
            trigger: "div[name=representativeness_paper]:visible:contains('.')",
        },
        {
            content: "profile beside composition",
            trigger: "button.btn-link[name=action_open_picture]",
            run: "click",
        },
        {
            trigger: ".o_graph_renderer canvas",
        },
        {
            content: "the numbers behind the bars",
            trigger: ".o_switch_view.o_list",
            run: "click",
        },
        {
            content: "the members behind a bar",
            trigger: ".o_data_row:contains('On paper') .o_data_cell[name=series]",
            run: "click",
        },
        {
            trigger: ".o_breadcrumb:contains('Composition')",
        },
        {
            content: "each member of that group is there, as a group of its own",
            trigger: ".o_group_header",
        },
    ],
});
