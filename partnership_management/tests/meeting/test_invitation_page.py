from freezegun import freeze_time

from odoo import http
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MockEmail

from ...tools.untrusted import PRIVATE_HEADERS
from ..common import PartnershipCase


@tagged("post_install", "-at_install")
class TestInvitationPage(PartnershipCase, MockEmail, HttpCase):
    """The page of the invitation, as whoever has the link sees it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.council, cls.firm = (cls._create_member(f"Test {name}") for name in ("council", "firm"))
        cls.seat, cls.firm_seat = cls._create_seat(cls.council), cls._create_seat(cls.firm)
        cls.mandate = cls._create_mandate(cls.seat, "Test titular")
        cls.titular = cls.mandate.person_id
        cls.deputy = cls._create_mandate(cls.seat, "Test deputy", "alternate").person_id
        cls.other = cls._create_mandate(cls.firm_seat, "Test other").person_id
        cls.body.proxy_allowed = False  # nobody is named who may vote for others
        cls.meeting = cls._create_meeting(
            "2095-06-24 16:30:00",
            partner_ids=(cls.titular + cls.other).ids,
            user_id=cls.facilitator.id,
            location="Test hall",
        )
        cls.guest = cls.meeting.attendee_ids.filtered(lambda guest: guest.partner_id == cls.titular)
        cls.path = f"/partnership/meeting/{cls.guest.id}/{cls.guest._get_answer_token()}"

    def _post(self, path=None, **values):
        self.authenticate(None, None)
        values = {"csrf_token": http.Request.csrf_token(self), "seat": self.seat.id, **values}
        return self.url_open(path or self.path, data=values)

    def _row(self):
        return self.meeting.attendance_ids.filtered(lambda row: row.person_id == self.titular)

    def test_page(self):
        page = self.url_open(self.path)
        self.assertEqual(page.status_code, 200)
        for word in ("Test meeting", "Test hall", "Test council", "Test deputy", "05:30 PM"):
            self.assertIn(word, page.text)
        self.assertNotIn("Test other", page.text)
        for name, value in PRIVATE_HEADERS.items():
            self.assertEqual(page.headers[name], value)

    def test_looking_changes_nothing(self):
        self.url_open(f"{self.path}?answer=no&seat={self.seat.id}&reason=Test")
        self.url_open(f"{self.path}?done=yes")
        self.assertFalse(self.meeting.attendance_ids)
        self.assertEqual(self.guest.state, "needsAction")

    def test_without_the_form_nothing_is_answered(self):
        self.authenticate(None, None)
        with mute_logger("odoo.http"):
            response = self.url_open(self.path, data={"seat": self.seat.id, "answer": "no"})
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self.meeting.attendance_ids)

    def test_yes(self):
        page = self._post(answer="yes")
        self.assertIn("we expect you", page.text)
        self.assertEqual(self.guest.state, "accepted")

    def test_apology_with_the_alternate(self):
        with self.mock_mail_gateway():
            page = self._post(answer="no", reason="Test journey", alternate=self.deputy.id)
        self.assertIn("sent to your alternate", page.text)
        self.assertIn("Instead of you: Test deputy", page.text)
        self.assertNotIn("Test journey", page.text)
        self.assertEqual((self._row().status, self._row().reason), ("excused", "Test journey"))
        self.assertIn(self.deputy, self.meeting.partner_ids)
        self.assertEqual(self._new_mails.recipient_ids, self.deputy)
        page = self._post(answer="yes")
        self.assertEqual(self._row().status, "not_recorded")

    def test_apology_with_somebody_else(self):
        self._post(answer="no", alternate="other", substitute="Test <b>neighbour</b>")
        self.assertEqual(self._row().substitute, "Test <b>neighbour</b>")
        self.assertNotIn("<b>neighbour", self.url_open(self.path).text)

    def test_nonsense(self):
        for values in (
            {"answer": "perhaps"},
            {"answer": ""},
            {"answer": "yes", "seat": "0"},
            {"answer": "no", "seat": "99999999999999999999"},
            {"answer": "no", "seat": str(self.firm_seat.id)},
            {"answer": "no", "alternate": str(self.other.id)},
            {"answer": "no", "seat": "x"},
        ):
            with self.subTest(values=values):
                page = self._post(**values)
                self.assertEqual(page.status_code, 200)
                self.assertIn("alert-danger", page.text)
                self.assertFalse(self.meeting.attendance_ids)
                self.assertEqual(self.guest.state, "needsAction")

    def test_foreign_token(self):
        [foreign] = self.meeting.attendee_ids - self.guest
        for path in (
            f"/partnership/meeting/{self.guest.id}/{foreign._get_answer_token()}",
            f"/partnership/meeting/{self.guest.id}/{self.guest.access_token}",
            f"/partnership/meeting/{self.guest.id}/{'0' * 64}",
            f"/partnership/meeting/{self.guest.id}/%C3%A9t%C3%A9",
            f"/partnership/meeting/999999999/{self.guest._get_answer_token()}",
        ):
            with self.subTest(path=path):
                page = self.url_open(path)
                self.assertEqual(page.status_code, 404)
                self.assertNotIn("Test meeting", page.text)
                self.assertEqual(self._post(path, answer="no").status_code, 404)
        self.assertFalse(self.meeting.attendance_ids)

    def test_token_of_a_guest_who_was_removed(self):
        self._post(answer="no", reason="Test journey")
        self.meeting.partner_ids = self.other
        self.assertEqual(self.url_open(self.path).status_code, 404)
        self.assertEqual(self._row().reason, "Test journey")

    def test_token_of_an_event_of_no_partnership(self):
        event = self.env["calendar.event"].create(
            {
                "name": "Test private",
                "start": "2095-06-24 16:00:00",
                "stop": "2095-06-24 18:00:00",
                "partner_ids": self.titular.ids,
            }
        )
        guest = event.attendee_ids
        page = self.url_open(f"/partnership/meeting/{guest.id}/{guest._get_answer_token()}")
        self.assertEqual(page.status_code, 404)
        self.assertNotIn("Test private", page.text)

    def test_token_expires_when_the_meeting_begins(self):
        self.meeting.write({"start": "2024-06-03 16:00:00", "stop": "2024-06-03 18:00:00"})
        page = self.url_open(self.path)
        self.assertIn("has begun", page.text)
        self.assertNotIn('name="answer"', page.text)
        self.assertIn("has begun", self._post(answer="no").text)
        self.assertFalse(self.meeting.attendance_ids)

    def test_cancelled_meeting(self):
        self.meeting.action_cancel_meeting()
        self.assertIn("was cancelled", self.url_open(self.path).text)
        self.assertIn("was cancelled", self._post(answer="yes").text)

    def test_seat_that_is_no_longer_held(self):
        self.mandate.date_end = "2095-06-23"
        self.assertIn("your mandate", self.url_open(self.path).text)
        self._post(answer="no")
        self.assertFalse(self.meeting.attendance_ids)

    def test_two_organisations(self):
        self._create_mandate(self._create_seat(self._create_member("Test club")), self.titular)
        page = self.url_open(self.path)
        self.assertIn("For Test council", page.text)
        self.assertIn("For Test club", page.text)

    def test_mail_of_the_invitation(self):
        with freeze_time("2095-06-01"), self.mock_mail_gateway():
            self._invite(self.meeting.with_user(self.facilitator))
        mail = self._new_mails.filtered(lambda mail: mail.recipient_ids == self.titular)
        self.assertIn(self.path, mail.body_html)
        self.assertNotIn("/calendar/meeting/accept", mail.body_html)
        self.assertIn("5:30", mail.body_html)
        self.assertIn("Test board", mail.body_html)
        self.assertEqual(len(mail.attachment_ids), 1)
