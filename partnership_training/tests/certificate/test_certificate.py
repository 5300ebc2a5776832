from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from ..common import TrainingCase


class CertificateCase(TrainingCase):
    """Two events of three hours, held; of three persons the first came to both, the second to
    one, the third to none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.session.seats_max = 3
        cls.enrolments = cls._create_enrolments(3)
        cls.enrolments.action_confirm()
        cls.first, cls.second, cls.third = cls.enrolments

    def _hold(self):
        self._attend(self.past_event, p1="present", p2="present")
        self._attend(self.next_event, p1="late")
        self.session.action_done()

    def _row(self, enrolment, event):
        return event.attendance_ids.filtered(lambda row: row.person_id == enrolment.person_id)


@tagged("post_install", "-at_install")
@freeze_time("2024-06-25")
class TestCompletion(CertificateCase):
    def test_share_of_the_hours_decides(self):
        self._hold()
        self.assertEqual(self.enrolments.mapped("attended_share"), [1.0, 0.5, 0.0])
        self.assertEqual(self.enrolments.mapped("is_completed"), [True, False, False])
        self.session.completion_share = 0.5
        self.assertEqual(self.enrolments.mapped("is_completed"), [True, True, False])

    def test_the_session_keeps_the_rule_when_the_course_changes(self):
        self._hold()
        self.course.completion_share = 0.1
        self.course.is_test_required = True
        self.assertEqual(self.enrolments.mapped("is_completed"), [True, False, False])
        self.assertTrue(self._create_session().is_test_required)

    def test_the_test_decides_where_there_is_one(self):
        self.session.is_test_required = True
        self._hold()
        self.assertFalse(self.first.is_completed)
        self.first.result = "passed"
        self.assertTrue(self.first.is_completed)
        self.first.result = "failed"
        self.assertFalse(self.first.is_completed)

    def test_hours_of_an_event_can_be_fewer(self):
        self._hold()
        row = self._row(self.first, self.next_event)
        row.training_hours = 1.5
        self.assertEqual(self.first.hours_attended, 4.5)
        self.assertEqual(self.first.attended_share, 0.75)
        self.assertFalse(self.first.is_completed)
        row.training_hours = 0
        self.assertEqual(self.first.hours_attended, 3.0, "0 is not nothing")
        row.training_hours = False
        self.assertEqual(self.first.hours_attended, 6.0)

    def test_hours_over_those_of_the_event_are_refused(self):
        self._hold()
        row = self._row(self.first, self.next_event)
        with self.assertRefused("Test person 1", "3.5 hours", "Test course", "takes 3.0"):
            row.training_hours = 3.5
        row.training_hours = 3
        self._row(self.third, self.next_event).training_hours = False
        with self.assertRefused("Test person 1", "takes 2.0"):
            self.next_event.stop = fields.Datetime.to_datetime("2024-06-20 10:00:00")

    def test_hours_are_of_training_events_only(self):
        meeting = self._create_meeting()
        row = self.env["partnership.attendance"].create(
            {"event_id": meeting.id, "person_id": self.trainer.id}
        )
        with self.assertRefused(meeting.name, "no training"):
            row.training_hours = 1


@tagged("post_install", "-at_install")
@freeze_time("2024-06-25")
class TestCertificate(CertificateCase):
    def test_issued_to_all_who_completed(self):
        self.course.validity_months = 24
        self.session.completion_share = 0.5
        self._hold()
        self.session.action_issue_certificates()
        first, second, third = self.enrolments
        self.assertTrue(first.certificate_number.startswith("2024-"))
        self.assertNotEqual(first.certificate_number, second.certificate_number)
        self.assertFalse(third.certificate_number)
        self.assertEqual(str(first.certificate_date), "2024-06-25")
        self.assertEqual(str(first.certificate_valid_until), "2026-06-20", "from the last event")
        self.assertEqual((self.session.completed_count, self.session.certificate_count), (2, 2))
        number = first.certificate_number
        action = self.session.action_issue_certificates()
        self.assertIn("Had one already: 2", action["params"]["message"])
        self.assertEqual(first.certificate_number, number)

    def test_none_for_who_was_absent(self):
        with self.assertRefused("Nobody", "Test course", exception=UserError):
            self.session.action_issue_certificates()
        with self.assertRefused("Test person 1", "Confirmed", exception=UserError):
            self.first.action_issue_certificates()
        self._hold()
        with self.assertRefused("Test person 3", "Absent", exception=UserError):
            (self.first + self.third).action_issue_certificates()
        with self.assertRefused("Test person 2", "50 %", "80 %", exception=UserError):
            self.second.action_issue_certificates()
        with self.assertRefused("Test person 2", "no certificate", exception=UserError):
            self.second._get_certificate_docs()
        self.first.result = "failed"
        with self.assertRefused("Test person 1", "test", exception=UserError):
            self.first.action_issue_certificates()
        self.assertFalse(any(self.enrolments.mapped("certificate_number")))

    def test_correction_revokes(self):
        self._hold()
        self.first.action_issue_certificates()
        number = self.first.certificate_number
        self._row(self.first, self.next_event).status = "absent"
        self.assertEqual(self.first.certificate_state, "revoked")
        self.assertIn(number, self.first.message_ids[0].body)
        self.assertIn("50 %", self.first.message_ids[0].body)
        self._row(self.first, self.next_event).status = "present"
        self.assertEqual(self.first.certificate_state, "revoked", "until somebody issues it")
        self.first.action_issue_certificates()
        self.assertEqual(self.first.certificate_state, "valid")
        self.assertNotEqual(self.first.certificate_number, number)

    def test_reopened_session_and_stricter_rule_revoke(self):
        self.session.completion_share = 0.5
        self._hold()
        self.session.action_issue_certificates()
        self.session.completion_share = 0.8
        self.assertEqual(self.second.certificate_state, "revoked")
        self.assertEqual(self.first.certificate_state, "valid")
        self.session.action_open()
        self.assertEqual(self.first.certificate_state, "revoked")

    def test_state_and_search_say_the_same(self):
        self.course.validity_months = 12
        self._hold()
        self.first.action_issue_certificates()
        states = dict(self.first._fields["certificate_state"].selection)
        for day, state in (
            ("2024-06-25", "valid"),
            ("2025-04-20", "valid"),
            ("2025-04-21", "expiring"),
            ("2025-06-20", "expiring"),
            ("2025-06-21", "expired"),
        ):
            with freeze_time(day):
                self.env.invalidate_all()
                self.assertEqual(self.first.certificate_state, state, day)
                for other in states:
                    found = self.enrolments.search(
                        [("id", "=", self.first.id), ("certificate_state", "=", other)]
                    )
                    self.assertEqual(bool(found), other == state, (day, other))

    def test_sequence_of_a_company_comes_first(self):
        self.env["ir.sequence"].create(
            {
                "name": "Test",
                "code": "partnership.training.certificate",
                "company_id": self.partnership.company_id.id,
                "prefix": "TEST/",
            }
        )
        self._hold()
        self.first.action_issue_certificates()
        self.assertEqual(self.first.certificate_number, "TEST/1")

    def test_paper_shows_whose_and_what(self):
        self._hold()
        self.first.action_issue_certificates()
        report = self.env["ir.actions.report"]
        html, _kind = report._render_qweb_html(
            "partnership_training.report_certificate", self.first.ids
        )
        for text in ("Test person 1", "Test course", self.first.certificate_number, "6.0"):
            self.assertIn(text, html.decode())
        with self.assertRefused("Test person 2", exception=UserError):
            report._render_qweb_html("partnership_training.report_certificate", self.second.ids)

    def test_sending_opens_the_composer_and_needs_an_address(self):
        self._hold()
        self.first.action_issue_certificates()
        self.first.person_id.email = False
        with self.assertRefused("Test person 1", "e-mail", exception=UserError):
            self.first.action_send_certificates()
        self.first.person_id.email = "person@example.com"
        before = self.env["mail.mail"].search([])
        action = self.first.action_send_certificates()
        self.assertEqual(action["res_model"], "mail.compose.message")
        self.assertEqual(self.env["mail.mail"].search([]), before)


@tagged("post_install", "-at_install")
@freeze_time("2024-06-25")
class TestRenewal(CertificateCase):
    def setUp(self):
        super().setUp()
        self.course.validity_months = 12
        self._hold()
        self.first.action_issue_certificates()

    def _run(self, day="2025-05-01"):
        cron = self.env.ref("partnership_training.ir_cron_renew_certificates")
        with freeze_time(day):
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
            return self.env["partnership.enrolment"].search(
                [("is_renewal", "=", True), ("person_id", "=", self.first.person_id.id)]
            )

    def test_who_is_to_renew_asks_once(self):
        self.assertFalse(self._run("2025-04-20"), "not before the last two months")
        renewal = self._run()
        self.assertEqual(renewal.renews_id, self.first)
        self.assertEqual((renewal.course_id, renewal.state), (self.course, "requested"))
        self.assertFalse(renewal.session_id)
        self.assertIn("certificates expire", renewal.activity_ids.summary)
        self.assertEqual(self._run("2025-05-02"), renewal)
        self.assertEqual(len(renewal.activity_ids), 1)

    def test_who_asks_already_is_not_doubled(self):
        demand = self._create_enrolment(self.first.person_id, False, course_id=self.course.id)
        self.assertEqual(self._run(), demand)

    def test_revoked_archived_and_long_gone_are_left_alone(self):
        self.assertFalse(self._run("2026-06-20"))
        self.first.person_id.active = False
        self.assertFalse(self._run())
        self.first.person_id.active = True
        self.first.certificate_revoked = "2024-07-01"
        self.assertFalse(self._run())


@tagged("post_install", "-at_install")
class TestCertificatePage(CertificateCase, HttpCase):
    def setUp(self):
        super().setUp()
        with freeze_time("2024-06-25"):
            self._hold()
            self.first.action_issue_certificates()

    def _open(self, token):
        return self.url_open(f"/partnership/certificate/{token}")

    def test_whoever_has_the_link_sees_whether_it_is_good(self):
        page = self._open(self.first._get_certificate_token())
        self.assertEqual(page.status_code, 200)
        for text in ("is valid", "Test person 1", "Test course", self.first.certificate_number):
            self.assertIn(text, page.text)
        self.assertEqual(page.headers["X-Robots-Tag"], "noindex")
        self.first.certificate_valid_until = fields.Date.today() - relativedelta(days=2)
        self.assertIn("expired", self._open(self.first._get_certificate_token()).text)
        self.first.certificate_revoked = "2024-07-01"
        self.assertIn("revoked", self._open(self.first._get_certificate_token()).text)

    def test_nobody_finds_others_by_counting(self):
        token = self.first._get_certificate_token()
        signature = token.split("-")[1]
        for wrong in (
            f"{self.first.id}-{'0' * 24}",
            f"{self.second.id}-{signature}",
            f"{self.first.id}-{signature[:-1]}",
            f"2000000000-{signature}",
            f"{self.first.id}-é",
        ):
            page = self._open(wrong)
            self.assertEqual(page.status_code, 404, wrong)
            self.assertNotIn("Test person", page.text)

    def test_the_number_of_before_does_not_work(self):
        token = self.first._get_certificate_token()
        self.first.certificate_revoked = "2024-07-01"
        self.first._issue_certificates()
        self.assertEqual(self._open(token).status_code, 404)
