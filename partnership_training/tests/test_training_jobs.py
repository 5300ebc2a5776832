from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.partnership_management.tests.job_common import JobWalk

from .evaluation.test_evaluation import EvaluationCase
from .need.need_common import NeedCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 10:00:00")
class TestTrainingJobs(JobWalk, NeedCase, EvaluationCase):
    addon = "partnership_training"

    def _create_mandates(self, date_start):
        mandates = self.env["partnership.mandate"]
        for number in range(3):
            seat = self._create_seat(self._create_member(f"Test council {number}"))
            mandates += self._create_mandate(seat, f"Test speaker {number}", date_start=date_start)
        return mandates

    def test_ir_cron_check_minimum(self):
        sessions = self.env["partnership.training.session"]
        for _number in range(3):
            sessions += self._create_session(seats_min=2, enrol_deadline="2024-06-14")
        self.assertGoesOn(
            "ir_cron_check_minimum",
            lambda: sessions.filtered(lambda each: not each.minimum_checked),
        )

    def test_ir_cron_raise_needs(self):
        self._create_wanted()
        mandates = self._create_mandates("2024-06-20")
        with freeze_time("2024-06-20 10:00:00"):
            self.assertGoesOn(
                "ir_cron_raise_needs",
                lambda: mandates.filtered(lambda each: not each.need_ids),
            )

    def test_ir_cron_drop_needs(self):
        needs = self.env["partnership.training.need"]
        for mandate in self._create_mandates("2024-01-01"):
            needs += self._create_need(
                origin="mandate", mandate_id=mandate.id, membership_id=mandate.membership_id.id
            )
        needs.mandate_id.write({"date_end": "2024-06-13", "end_kind": "planned"})
        self.assertGoesOn(
            "ir_cron_drop_needs", lambda: needs.filtered(lambda each: each.state == "open")
        )

    def test_ir_cron_measure_effect(self):
        """Also those that stay trained, since there is not enough to measure."""
        needs = self.env["partnership.training.need"]
        self._hold_session()
        for enrolment in self.enrolments:
            need = self._create_need(person_id=enrolment.person_id.id)
            need.enrolment_ids = enrolment
            needs += need
        self.assertEqual(set(needs.mapped("state")), {"trained"})
        self.assertGoesOn(
            "ir_cron_measure_effect",
            lambda: needs.filtered(lambda each: not each.effect_date),
        )

    def test_ir_cron_renew_certificates(self):
        for number, enrolment in enumerate(self.enrolments):
            enrolment.sudo().write(
                {
                    "certificate_number": f"T-{number}",
                    "certificate_date": "2024-01-01",
                    "certificate_valid_until": "2024-07-01",
                }
            )
        self.assertGoesOn(
            "ir_cron_renew_certificates",
            lambda: self.enrolments.filtered(lambda each: not each.renewal_ids),
        )

    def test_ir_cron_send_evaluations(self):
        self.course.is_evaluation_sent = True
        sessions = self.session
        for number in range(2):
            session = self._create_session()
            self._create_enrolment(f"Test pupil {number}", session).action_confirm()
            event = self._create_event("2024-06-10 08:00:00", session)
            event._fill_sheet()
            event.attendance_ids.status = "present"
            event._close_sheet()
            session.action_done()
            sessions += session
        self._hold_session()
        self.assertGoesOn(
            "ir_cron_send_evaluations",
            lambda: sessions.filtered(lambda each: not each.evaluation_asked),
        )

    def _hold_session(self):
        EvaluationCase._hold(self)
