import inspect
import re
from contextlib import closing

from odoo import http
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.partnership_management.tools.untrusted import MAX_TEXT

from .common import TrainingCase

LONG = "Test " + 100_000 * "x"
# Every text that a page takes: what is stored of it is cut
TEXTS = {"evidence", "reason", "substitute", "wish", "search"}
# What else a page takes: chosen from what it offers, or looked up
CHOICES = {
    "token",
    "date",
    "person",
    "done",
    "answer",
    "seat",
    "alternate",
    "filterby",
    "sortby",
    "partnership_id",
    "decision",
    "choice",
    "none",
}


@tagged("post_install", "-at_install")
class TestPublic(TrainingCase, HttpCase):
    """What all pages have in common. Requests run at the real time: what is to come is far
    ahead."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.me = cls.portal_user.partner_id
        cls.member = cls._create_member("Test firm")
        cls.me.write({"parent_id": cls.member.partner_id.id, "name": "Test Me"})
        cls.seat = cls._create_seat(cls.member)
        cls._create_mandate(cls.seat, cls.me)
        cls.meeting = cls._create_meeting(
            "2124-06-03 16:00:00", partner_ids=[Command.set(cls.me.ids)]
        )
        cls.briefing = cls.env["partnership.briefing"].create(
            {
                "name": "Test minutes",
                "partnership_id": cls.partnership.id,
                "body": "<p>Test</p>",
                "ask_relay": True,
                "receipt_ids": [
                    Command.create({"person_id": cls.me.id, "membership_id": cls.member.id})
                ],
            }
        )
        cls.briefing.action_send()
        cls.soon = cls._create_session(name="Test soon")
        cls._create_event("2124-03-01 08:00:00", cls.soon)
        cls.enrolment = cls._create_enrolment(cls.me, cls.soon)

    def setUp(self):
        super().setUp()
        self.session = None  # of the browser, not the one of the course
        self.authenticate("test_portal", "test_portal")

    def _get_briefing_url(self):
        receipt = self.briefing.receipt_ids
        return f"/partnership/briefing/{receipt.id}/{receipt.sudo().access_token}"

    def _get_routes(self):
        """:return: list of (address, endpoint) of our controllers"""
        addons = sorted(self.env.registry._init_modules)
        return [
            (url, endpoint)
            for url, endpoint in http._generate_routing_rules(addons, nodb_only=False)
            if endpoint.func.__module__.startswith("odoo.addons.partnership_")
        ]

    def _post(self, url, **data):
        response = self.url_open(
            url, data={"csrf_token": http.Request.csrf_token(self), **data}, allow_redirects=False
        )
        self.env.invalidate_all()
        return response

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_http")
    def test_no_address_is_told_to_others(self):
        """Shown, refused, moved to the login or broken: every answer of every route."""
        self.assertGreater(len(self._get_routes()), 18)
        for login in (None, "test_portal"):
            self.authenticate(login, login)
            for rule, endpoint in self._get_routes():
                url = re.sub(r"<[^>]*int[^>]*>", "1", rule)
                url = re.sub(r"<[^>]*>", "x", url)
                for method in (*endpoint.routing["methods"], "DELETE"):
                    with self.subTest(url=url, method=method, login=login):
                        response = self.opener.request(
                            method, self.base_url() + url, allow_redirects=False
                        )
                        self.assertEqual(response.headers["Referrer-Policy"], "no-referrer")
                        self.assertEqual(response.headers["Cache-Control"], "no-store")
                        self.assertEqual(response.headers["X-Robots-Tag"], "noindex")

    def test_routes_of_a_website(self):
        """Where there is a website its layout asks for it: a page of another route is an error
        there, and so is a "not found". A secret address is the same in all languages."""
        routes = self._get_routes()
        others = [url for url, endpoint in routes if not endpoint.routing.get("website")]
        self.assertFalse(others)
        public = [route for route in routes if route[1].routing["auth"] == "public"]
        self.assertGreater(len(public), 5)
        in_many = [url for url, endpoint in public if endpoint.routing.get("multilang", True)]
        self.assertFalse(in_many)

    def test_no_address_is_told_in_another_language(self):
        french = self.env["res.lang"]._activate_lang("fr_FR")
        if "website" in self.env:
            self.env["website"].search([]).language_ids += french
        for lang in ("fr", "fr_FR", "en"):
            for path in (self._get_briefing_url(), f"/my/courses/{self.course.id}"):
                response = self.url_open(f"/{lang}{path}")
                self.assertEqual(response.status_code, 200, path)
                for moved in (*response.history, response):
                    self.assertEqual(moved.headers["Referrer-Policy"], "no-referrer", path)
                    self.assertEqual(moved.headers["Cache-Control"], "no-store", path)

    @mute_logger("odoo.http")
    def test_pages_that_are_shown(self):
        guest = self.meeting.attendee_ids
        for url in (
            self._get_briefing_url(),
            f"/partnership/meeting/{guest.id}/{guest._get_answer_token()}",
            f"/my/trainings/{self.enrolment.id}",
            f"/my/courses/{self.course.id}",
            "/partnership/of-no-route",
        ):
            response = self.url_open(url)
            self.assertEqual(response.headers["Referrer-Policy"], "no-referrer", url)
        self.assertNotEqual(self.url_open("/my/home").headers.get("Referrer-Policy"), "no-referrer")

    def test_every_text_is_known(self):
        """A new text of a page is cut as well, and tried below."""
        self.assertTrue(self._get_routes())
        for url, endpoint in self._get_routes():
            function = inspect.unwrap(endpoint.func)
            names = {
                name
                for name, parameter in inspect.signature(function).parameters.items()
                if parameter.default == "" or name == "token"
            }
            self.assertLessEqual(names, TEXTS | CHOICES, url)

    def test_long_texts(self):
        receipt, guest = self.briefing.receipt_ids, self.meeting.attendee_ids
        url = self._get_briefing_url()
        self._post(f"{url}/relay", evidence=LONG, date=str(self.briefing._get_today()))
        self.assertEqual(receipt.relay_evidence, LONG[:MAX_TEXT])
        guest_url = f"/partnership/meeting/{guest.id}/{guest._get_answer_token()}"
        self._post(guest_url, answer="no", seat=self.seat.id, reason=LONG, substitute=LONG)
        row = self.meeting.attendance_ids
        self.assertEqual((row.reason, row.substitute), (LONG[:MAX_TEXT], LONG[:MAX_TEXT]))
        self._post("/my/courses/wish", wish=LONG)
        need = self.env["partnership.training.need"].search([("person_id", "=", self.me.id)])
        self.assertEqual(need.origin_text, LONG[:MAX_TEXT])
        self._post(f"/my/trainings/{self.enrolment.id}/withdraw", reason=LONG)
        self.assertEqual(self.enrolment.state, "cancelled")
        for record in (self.enrolment, need, self.meeting, receipt):
            for message in record.sudo().message_ids if "message_ids" in record else ():
                self.assertLess(len(message.body or ""), 3 * MAX_TEXT)

    @mute_logger("odoo.http")
    def test_long_choices(self):
        """What is not one of the choices is refused or looked over, and stored nowhere."""
        receipt, guest = self.briefing.receipt_ids, self.meeting.attendee_ids
        briefing = self._get_briefing_url()
        meeting = f"/partnership/meeting/{guest.id}/{guest._get_answer_token()}"
        check_in = f"/partnership/check-in/{self.meeting._get_check_in_token()}"
        for url, values in (
            (f"{briefing}/relay", {"evidence": "Test", "date": LONG}),
            (meeting, {"answer": LONG}),
            (meeting, {"answer": "no", "seat": LONG}),
            (meeting, {"answer": "no", "seat": self.seat.id, "alternate": 1000 * "9"}),
            (check_in, {"person": 1000 * "9", "organisation": LONG}),
            (f"/my/courses/{self.course.id}/ask", {"partnership_id": LONG}),
            ("/my/courses/wish", {"wish": "Test", "partnership_id": LONG}),
        ):
            response = self._post(url, **values)
            self.assertLess(response.status_code, 500, url)
            self.assertLess(len(response.text), 60_000, url)
        self.assertFalse(receipt.date_relayed)
        self.assertFalse(self.env["partnership.training.need"].search_count([]))

    def _get_pages(self):
        """:return: list of (address, method) of all routes, of records that exist"""
        guest = self.meeting.attendee_ids
        addresses = (
            (r".*/briefing/<[^>]*>/<[^>]*>", self._get_briefing_url()),
            (
                r".*/meeting/<[^>]*>/<[^>]*>",
                f"/partnership/meeting/{guest.id}/{guest._get_answer_token()}",
            ),
            (
                r".*/vote/<[^>]*>/<[^>]*>/<[^>]*>",
                f"/partnership/vote/{self.meeting.id}/{self.me.id}"
                f"/{self.meeting._get_vote_token(self.me)}",
            ),
            (
                r".*/check-in/<[^>]*>",
                f"/partnership/check-in/{self.meeting._get_check_in_token()}",
            ),
            (
                r".*/certificate/<[^>]*>-<[^>]*>",
                f"/partnership/certificate/{self.enrolment._get_certificate_token()}",
            ),
            (r"<[^>]*:enrolment_id>", str(self.enrolment.id)),
            (r"<[^>]*:course_id>", str(self.course.id)),
            (r"<[^>]*:session_id>", str(self.soon.id)),
            (r"<[^>]*:(page|file_id)>", "1"),
        )
        pages = []
        for url, endpoint in self._get_routes():
            for pattern, address in addresses:
                url = re.sub(pattern, address, url)
            self.assertNotIn("<", url)
            pages += [(url, method) for method in endpoint.routing["methods"]]
        return pages

    def _try_pages(self, spoil):
        """Send each page all that is right but for one thing.

        :param spoil: of a name, dict of what else the request is sent
        """
        right = {
            "answer": "no",
            "seat": self.seat.id,
            "person": self.me.id,
            "organisation": self.member.partner_id.id,
            "date": str(self.briefing._get_today()),
            "evidence": "Test",
            "reason": "Test",
            "wish": "Test",
            "partnership_id": self.partnership.id,
            "decision": "1",
            "choice": "yes",
            "none": "1",
        }
        pages = self._get_pages()
        self.assertGreater(len(pages), 18)
        self.patch(type(self.meeting), "_get_check_in_refusal", lambda meeting: False)
        token = http.Request.csrf_token(self)
        for name in [*sorted(TEXTS | CHOICES), "organisation", "unasked"]:
            for url, method in pages:
                values = {key: value for key, value in right.items() if key != name}
                sent = {"data": {"csrf_token": token, **values}} if method == "POST" else {}
                with (
                    self.subTest(url=url, method=method, name=name),
                    closing(self.env.cr.savepoint()),
                ):
                    response = self.opener.request(
                        method, self.base_url() + url, allow_redirects=False, **sent, **spoil(name)
                    )
                    self.assertLess(response.status_code, 500)

    @mute_logger("odoo.http")
    def test_files_in_place_of_texts(self):
        self._try_pages(lambda name: {"files": {name: ("x", b"Test")}})

    @mute_logger("odoo.http")
    def test_character_that_no_text_holds(self):
        self._try_pages(lambda name: {"params": {name: "Te\0st"}})
        self._post("/my/courses/wish", wish="Te\0st again")
        need = self.env["partnership.training.need"].search([("person_id", "=", self.me.id)])
        self.assertIn("Test again", need.mapped("origin_text"))

    @mute_logger("odoo.http")
    def test_files_are_nothing_sent(self):
        response = self.url_open(
            "/my/courses/wish",
            data={"csrf_token": http.Request.csrf_token(self)},
            files={"wish": ("x", b"Test")},
            allow_redirects=False,
        )
        self.assertURLEqual(response.headers["Location"], "/my/courses?done=empty")
