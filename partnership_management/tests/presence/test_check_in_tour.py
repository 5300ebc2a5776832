from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..common import PartnershipCase

# Search, open one's name, see that it fits the phone, confirm
PHONE = """
    (async () => {
        const search = document.getElementById("search");
        search.value = "membér 01";
        search.dispatchEvent(new Event("input"));
        const shown = [...document.querySelectorAll("details")].filter((each) => each.offsetHeight);
        if (shown.length !== 1) {
            throw new Error(`Found: ${shown.length}`);
        }
        shown[0].querySelector("summary").click();
        await new Promise(requestAnimationFrame);
        const button = shown[0].querySelector("button");
        const { right, height } = button.getBoundingClientRect();
        if (right > innerWidth || height < 44 || document.body.scrollWidth > innerWidth) {
            throw new Error("It does not fit a phone");
        }
        const form = shown[0].querySelector("form");
        const body = new URLSearchParams(new FormData(form));
        const done = await (await fetch(form.action, { method: "POST", body })).text();
        console.log(done.includes("Test titular 01") ? "test successful" : done);
    })();
"""


@tagged("post_install", "-at_install")
class TestCheckInTour(PartnershipCase, HttpCase):
    """In a browser: the page on a phone, and the sheet that shows what happens there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for number in range(2):
            seat = cls._create_seat(cls._create_member(f"Test member {number:02}"))
            cls._create_mandate(seat, f"Test titular {number:02}")
        now = fields.Datetime.now()
        cls.meeting = cls._create_meeting(now, stop=now + timedelta(hours=1))

    def _came(self):
        rows = self.meeting.attendance_ids
        rows.invalidate_recordset()
        return rows.filtered(lambda row: row.status == "present").person_id.mapped("name")

    def test_page_on_a_phone(self):
        self.browser_size = "400x800"
        self.touch_enabled = True
        path = f"/partnership/check-in/{self.meeting._get_check_in_token()}"
        self.browser_js(path, PHONE, ready="document.readyState === 'complete'")
        self.assertEqual(self._came(), ["Test titular 01"])

    def test_sheet_shows_it(self):
        self.start_tour(
            f"/odoo/partnership-meetings/{self.meeting.id}/attendance-sheet",
            "partnership_attendance_sheet_live",
            login="test_facilitator",
        )
        self.assertEqual(self._came(), ["Test titular 00"])
        row = self.meeting.attendance_ids.filtered("check_in")
        self.assertEqual(row.user_id, self.facilitator)
