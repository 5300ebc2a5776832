"""Our pages where there is a website, or two."""

import re

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.partnership_management.tools.internal import INTERNAL
from odoo.addons.partnership_training.tests.common import TrainingCase

DOMAIN = "https://valley.test.example"


@tagged("post_install", "-at_install")
class TestWebsite(TrainingCase, HttpCase):
    def setUp(self):
        super().setUp()
        company = self.env["res.company"].create({"name": "Test second company"})
        self.env["website"].create(
            {"name": "Test second", "domain": DOMAIN, "company_id": company.id}
        )
        self.there = self.env["partnership.partnership"].create(
            {"name": "Test there", "company_id": company.id}
        )
        self.body = self.env["partnership.body"].create(
            {"name": "Test there body", "partnership_id": self.there.id}
        )
        self.me = self._create_person("Test me")
        self.me.email = "me@test.example"

    def _create_links(self, partnership, body):
        """:return: every address that we send, of that partnership"""
        meeting = self.env["calendar.event"].create(
            {
                "name": "Test meeting",
                "start": "2124-06-03 16:00:00",
                "stop": "2124-06-03 18:00:00",
                "partnership_id": partnership.id,
                "partnership_body_id": body.id,
                "partner_ids": [Command.set(self.me.ids)],
            }
        )
        briefing = self.env["partnership.briefing"].create(
            {
                "name": "Test minutes",
                "partnership_id": partnership.id,
                "body": "<p>Test</p>",
                "receipt_ids": [Command.create({"person_id": self.me.id})],
            }
        )
        briefing.action_send()
        course = self._create_course("Test course", partnership_id=partnership.id)
        session = self.env["partnership.training.session"].create(
            {"course_id": course.id, "partnership_id": partnership.id}
        )
        enrolment = self.env["partnership.enrolment"].create(
            {"session_id": session.id, "person_id": self.me.id}
        )

        def sending(records):
            return records.with_context(partnership_sending=INTERNAL)

        return [
            *(url for _name, url in sending(briefing.receipt_ids)._get_read_links()),
            sending(meeting.attendee_ids)._get_answer_url(),
            meeting._get_check_in_url(),
            enrolment._get_certificate_url(),
        ]

    def test_links_lead_to_the_website_of_the_company(self):
        there = self._create_links(self.there, self.body)
        here = self._create_links(self.partnership, self._create_body("Test here"))
        self.assertEqual(len(there), 4)
        for url in there:
            self.assertTrue(url.startswith(f"{DOMAIN}/partnership/"), url)
        for url in here:
            self.assertTrue(url.startswith(f"{self.base_url()}/partnership/"), url)

    def test_pages_stand_in_the_layout_of_the_website(self):
        """But for the check-in at the door, which is for phones and loads next to nothing."""
        here = self._create_links(self.partnership, self._create_body("Test here"))
        for url in here[:2]:
            page = self.url_open(url.removeprefix(self.base_url()))
            self.assertEqual(page.status_code, 200, url)
            self.assertIn("data-website-id", page.text[:3000], url)
            self.assertIn('id="footer"', page.text, url)
        self.assertEqual(self.url_open(here[2]).status_code, 403)

    def test_words_stand_out_from_their_ground(self):
        """The colours light and secondary are the website's, and pale: it writes in them what is
        of such a colour, on white."""
        data = self.env["ir.model.data"].search(
            [("model", "=", "ir.ui.view"), ("module", "=like", "partnership_%")]
        )
        pages = self.env["ir.ui.view"].browse(data.mapped("res_id"))
        pages = pages.filtered(lambda view: view.type == "qweb")
        self.assertIn("partnership_training.portal_my_course", pages.mapped("key"))
        pale = re.compile(r"(text-bg|btn-outline|text)-(light|secondary)\b")
        self.assertFalse(pages.filtered(lambda view: pale.search(view.arch)).mapped("key"))
