import re

from lxml import html

from odoo import http
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from ..common import TrainingCase

INTERNAL = ("partnership.course", "partnership.training.session", "partnership.enrolment")


@tagged("post_install", "-at_install")
class TestPortal(TrainingCase, HttpCase):
    """The pages of who is not of the team. Requests run at the real time: the sessions to come are
    far ahead."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls._create_member("Test firm")
        cls.me = cls.portal_user.partner_id
        cls.me.write({"parent_id": cls.member.partner_id.id, "name": "Test Me"})
        cls.soon = cls._create_session(name="Test soon", seats_max=1, place="Test hall")
        cls._create_event("2100-03-01 08:00:00", cls.soon)
        cls.other = cls._create_enrolment("Test other")
        cls.file = cls.env["ir.attachment"].create({"name": "test.txt", "raw": b"Test content"})
        cls.course.material_ids = cls.file

    def setUp(self):
        super().setUp()
        self.session = None  # of the browser, not the one of the course
        self.authenticate("test_portal", "test_portal")

    def _post(self, url, **data):
        response = self.url_open(
            url, data={"csrf_token": http.Request.csrf_token(self), **data}, allow_redirects=False
        )
        self.env.invalidate_all()
        return response

    def _mine(self):
        return self.env["partnership.enrolment"].search([("person_id", "=", self.me.id)])

    def _enrol(self, session=None):
        session = session or self.soon
        return self._post(f"/my/courses/{session.course_id.id}/enrol/{session.id}")

    # ------------------------------------------------------------
    # What one does
    # ------------------------------------------------------------

    def test_home_counts(self):
        self._create_enrolment(self.me, self.soon)
        self.assertIn("/my/trainings", self.url_open("/my/home").text)
        counts = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["training_count", "training_course_count"]}
        )
        self.assertEqual(counts, {"training_count": 1, "training_course_count": 1})

    def test_home_has_a_picture_on_each_card(self):
        """Without one, Odoo sets the text of a card against its edge on a phone."""
        home = html.fromstring(self.url_open("/my/home").content)
        for page in ("trainings", "courses"):
            (picture,) = home.xpath(f"//a[@href='/my/{page}']//img/@src")
            self.assertEqual(self.url_open(picture).status_code, 200, picture)

    def test_enrol_and_withdraw(self):
        page = self.url_open(f"/my/courses/{self.course.id}").text
        self.assertIn("Test soon", page)
        response = self._enrol()
        self.assertEqual(response.status_code, 303)
        mine = self._mine()
        self.assertEqual((mine.session_id, mine.state), (self.soon, "confirmed"))
        page = self.url_open(response.headers["Location"]).text
        self.assertIn("Test hall", page)
        self.assertIn("Confirmed", self.url_open("/my/trainings").text)
        self._post(f"/my/trainings/{mine.id}/withdraw", reason="Test <b>ill</b>")
        self.assertEqual(mine.state, "cancelled")
        self.assertIn("Test &lt;b&gt;ill", "".join(mine.message_ids.mapped("body")))
        page = self._post(f"/my/trainings/{mine.id}/withdraw").text
        self.assertIn("nothing to cancel", page)

    def test_full_session_has_a_waiting_list(self):
        self._create_enrolment("Test first", self.soon).action_confirm()
        self._create_enrolment("Test second", self.soon).action_confirm()
        self._enrol()
        mine = self._mine()
        self.assertEqual((mine.state, mine._get_place_in_queue()), ("waiting", 2))
        page = self.url_open(f"/my/trainings/{mine.id}").text
        self.assertRegex(page, r"waiting list: <strong>2</strong>")
        self.assertNotIn("Test first", page)

    def test_enrolled_twice_is_refused(self):
        self._enrol()
        response = self._enrol()
        self.assertEqual(response.status_code, 200)
        self.assertIn("is there already", response.text)
        self.assertEqual(len(self._mine()), 1)

    def test_after_the_deadline(self):
        self.soon.enrol_deadline = "2020-01-01"
        self.assertIn("enrolment ended", self._enrol().text)
        self.assertFalse(self._mine())

    def test_session_for_others_is_not_shown(self):
        self.soon.write({"enrol_scope": "bodies", "enrol_body_ids": self.body.ids})
        self.assertNotIn("Test soon", self.url_open(f"/my/courses/{self.course.id}").text)
        self.assertIn("meant for others", self._enrol().text)
        self.assertFalse(self._mine())

    def test_request_waits_for_approval(self):
        self.soon.needs_approval = True
        self._enrol()
        self.assertEqual(self._mine().state, "requested")

    def test_ask_for_a_course_once(self):
        for _time in range(2):
            response = self._post(f"/my/courses/{self.course.id}/ask")
            self.assertEqual(response.status_code, 303)
        self.assertEqual((self._mine().state, len(self._mine())), ("requested", 1))
        self.assertFalse(self._mine().session_id)

    def test_wish_is_a_need_and_no_word_is_lost(self):
        Need = self.env["partnership.training.need"]
        for text in ("Test budget", "Test press", "  "):
            self._post("/my/courses/wish", wish=text)
        need = Need.search([("person_id", "=", self.me.id)])
        self.assertEqual((need.origin, need.origin_text), ("request", "Test budget"))
        self.assertEqual(need.membership_id, self.member)
        self.assertIn("Test press", need.message_ids[0].body)

    def test_prerequisites_are_told(self):
        self.course.prerequisite_ids = self._create_course("Test basics")
        page = self.url_open(f"/my/courses/{self.course.id}").text
        self.assertIn("builds on", page)
        self.assertEqual(self._enrol().status_code, 303)

    def test_catalogue_is_searched_and_sorted(self):
        self.course.hours = 5
        self._create_course("Test short", hours=1)
        page = self.url_open("/my/courses?search=short").text
        self.assertIn("Test short", page)
        self.assertNotIn("Test course", page)
        page = self.url_open("/my/courses?sortby=hours").text
        self.assertLess(page.index("Test short"), page.index("Test course"))
        for query in ("sortby=name;drop", "search=%25%27", "search=nothing", "filterby=x"):
            self.assertEqual(self.url_open(f"/my/courses?{query}").status_code, 200)
        self.assertEqual(self.url_open("/my/trainings?filterby=x").status_code, 200)

    def test_files(self):
        self._enrol()
        url = f"/my/trainings/{self._mine().id}"
        response = self.url_open(f"{url}/material/{self.file.id}")
        self.assertEqual(response.content, b"Test content")
        self.assertIn("attachment", response.headers["Content-Disposition"])
        calendar = self.url_open(f"{url}/calendar")
        self.assertEqual(calendar.headers["Content-Type"], "text/calendar")
        self.assertIn("21000301T080000Z", calendar.text)
        self.assertEqual(self.url_open(f"{url}/certificate").status_code, 404)
        self._mine().action_cancel()
        self.assertEqual(self.url_open(f"{url}/material/{self.file.id}").status_code, 404)

    @freeze_time("2024-06-15")
    def test_past_training_shows_what_came_of_it(self):
        session = self._create_session()
        event = self._create_event("2024-06-01 08:00:00", session)
        mine = self._create_enrolment(self.me, session)
        mine.action_confirm()
        event._fill_sheet()
        event.attendance_ids.status = "present"
        event._close_sheet()
        session.action_done()
        mine._issue_certificates()
        self.env["survey.user_input"].create(
            {
                "survey_id": self.env["survey.survey"].create({"title": "Test survey"}).id,
                "enrolment_id": mine.id,
                "training_evaluation": "reaction",
            }
        )
        page = self.url_open(f"/my/trainings/{mine.id}").text
        self.assertIn("Download the certificate", page)
        self.assertIn("03:00", page)
        self.assertNotIn("Withdraw", page)
        self.assertRegex(page, "survey/start.*Feedback.*Test survey")
        certificate = self.url_open(f"/my/trainings/{mine.id}/certificate")
        self.assertEqual(certificate.headers["Content-Type"], "application/pdf")
        self.assertIn(mine.certificate_number, certificate.headers["Content-Disposition"])

    def test_tour(self):
        self.start_tour("/my/courses", "partnership_training_portal", login="test_portal")
        self.assertEqual(self._mine().state, "cancelled")

    # ------------------------------------------------------------
    # What one does not
    # ------------------------------------------------------------

    @mute_logger("odoo.http")
    def test_foreign_enrolment_does_not_exist(self):
        self.other.action_confirm()
        foreign = f"/my/trainings/{self.other.id}"
        for url in ("", "/certificate", "/calendar", f"/material/{self.file.id}"):
            self.assertEqual(self.url_open(foreign + url).status_code, 404, url)
        self.assertEqual(self._post(f"{foreign}/withdraw").status_code, 404)
        self.assertEqual(self.other.state, "confirmed")

    @mute_logger("odoo.http")
    def test_foreign_file_does_not_exist(self):
        self._enrol()
        secret = self.env["ir.attachment"].create({"name": "secret.txt", "raw": b"Secret"})
        url = f"/my/trainings/{self._mine().id}/material/{secret.id}"
        self.assertEqual(self.url_open(url).status_code, 404)
        self.assertEqual(self.url_open("/my/trainings/99999999999").status_code, 404)

    @mute_logger("odoo.http")
    def test_foreign_courses_do_not_exist(self):
        place = self.env["partnership.partnership"].create({"name": "Test foreign"})
        course = self._create_course("Test foreign course", partnership_id=place.id)
        shared = self._create_course("Test shared", partnership_id=False)
        session = self._create_session(shared, partnership_id=place.id, name="Test elsewhere")
        self._create_event("2100-04-01 08:00:00", session)
        page = self.url_open("/my/courses").text
        self.assertIn("Test shared", page)
        self.assertNotIn("Test foreign course", page)
        self.assertEqual(self.url_open(f"/my/courses/{course.id}").status_code, 404)
        self.assertNotIn("Test elsewhere", self.url_open(f"/my/courses/{shared.id}").text)
        self.assertEqual(self._enrol(session).status_code, 404)
        self.assertEqual(
            self._post(f"/my/courses/{shared.id}/ask", partnership_id=place.id).status_code, 404
        )
        self.assertEqual(
            self._post("/my/courses/wish", wish="x", partnership_id=place.id).status_code, 404
        )
        self.assertFalse(self._mine())

    @mute_logger("odoo.http")
    def test_who_belongs_nowhere_finds_nothing(self):
        new_test_user(self.env, "test_lonely", "base.group_portal")
        self.authenticate("test_lonely", "test_lonely")
        self.assertIn("no courses for you", self.url_open("/my/courses").text)
        self.assertEqual(self._enrol().status_code, 404)
        self.assertEqual(self._post("/my/courses/wish", wish="x").status_code, 404)

    @mute_logger("odoo.http")
    def test_nothing_without_the_token_of_the_form(self):
        response = self.url_open(
            f"/my/courses/{self.course.id}/enrol/{self.soon.id}", data={"csrf_token": "wrong"}
        )
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self._mine())

    def test_public_logs_in_first(self):
        self.authenticate(None, None)
        for url in ("/my/trainings", "/my/courses", f"/my/courses/{self.course.id}"):
            response = self.url_open(url, allow_redirects=False)
            self.assertRegex(response.headers["Location"], re.escape("/web/login"))

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.http")
    def test_models_are_closed(self):
        """Notes, costs and the names of others are in none of the fields that one can read."""
        for model in INTERNAL:
            records = self.env[model].search([]).with_user(self.portal_user)
            for read in (
                lambda records=records: records.read(),
                lambda records=records: records.search_count([]),
            ):
                with self.assertRaises(AccessError):
                    read()

    def test_team_uses_the_same_pages(self):
        self.authenticate("test_officer", "test_officer")
        for url in ("/my/trainings", "/my/courses"):
            self.assertEqual(self.url_open(url).status_code, 200)

    def test_page_of_a_course_with_many_sessions_costs_no_query_each(self):
        def count(number):
            for _index in range(number):
                session = self._create_session()
                self._create_event("2100-04-01 08:00:00", session)
            sessions = self.env["partnership.training.session"].search(
                [("course_id", "=", self.course.id)]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.assertEqual(sessions._filtered_offered_to(self.me), sessions)
            return self.env.cr.sql_log_count - start

        count(1)
        self.assertEqual(count(1), count(9))
