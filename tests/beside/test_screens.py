"""Every screen behind our menus opens in the browser, whatever apps have changed the web client."""

from odoo.tests import HttpCase, tagged

from odoo.addons.partnership_management.tests.common import PartnershipCase

# Odoo's own walk (web/tests/test_click_everywhere.py) needs its menu of apps, which web_responsive
# replaces: here the client is asked for a menu, and for each view of what is behind it
WALK = """(async () => {
    const { action, menu } = odoo.__WOWL_DEBUG__.root.env.services;
    const check = (where) => {
        const error = document.querySelector(".o_error_dialog");
        if (error) {
            throw new Error(`${where}: ${error.innerText}`);
        }
    };
    const [root] = menu.getAll().filter((each) => each.xmlid === "%s");
    const leaves = menu.getAll().filter((each) => each.appID === root.id && each.actionID);
    let screens = 0;
    for (const { id, xmlid, actionID } of leaves) {
        await menu.selectMenu(id);
        await action.doAction({ type: "ir.actions.act_window_close" });
        check(xmlid);
        screens += 1;
        const { target, views } = await action.loadAction(actionID);
        for (const [, viewType] of target === "new" ? [] : views || []) {
            if (!["form", "search"].includes(viewType)) {
                await action.doAction(actionID, { viewType, clearBreadcrumbs: true });
                check(`${xmlid}, ${viewType}`);
                screens += 1;
            }
        }
    }
    if (screens < 40) {
        throw new Error(`Only ${screens} screens behind ${leaves.length} menus.`);
    }
    console.log("test successful");
})()"""


@tagged("post_install", "-at_install")
class TestScreens(PartnershipCase, HttpCase):
    def setUp(self):
        super().setUp()
        for number in range(3):
            seat = self._create_seat(self._create_member(f"Test member {number}"))
            self._create_mandate(seat, f"Test person {number}")
        meeting = self._create_meeting()
        meeting._fill_sheet()
        meeting.attendance_ids.status = "present"
        meeting._close_sheet()
        course = self.env["partnership.course"].create(
            {"name": "Test course", "partnership_id": self.partnership.id}
        )
        self.env["partnership.training.session"].create({"course_id": course.id, "state": "open"})

    def _walk(self, login):
        root = "partnership_management.partnership_menu_root"
        ready = "odoo.__WOWL_DEBUG__?.root?.env.services.menu !== undefined"
        self.browser_js("/odoo", WALK % root, ready, login, timeout=300)

    def test_of_a_facilitator(self):
        self._walk("test_facilitator")

    def test_of_an_officer(self):
        self._walk("test_officer")

    def test_of_an_administrator(self):
        self._walk("test_administrator")
