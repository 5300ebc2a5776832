from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from .information.briefing_common import BriefingCase
from .job_common import JobWalk
from .pitfall.pitfall_common import ABSENT, PitfallCase
from .sent_common import SentCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 10:00:00")
class TestJobs(JobWalk, PitfallCase, BriefingCase, SentCase):
    addon = "partnership_management"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.members = cls.env["partnership.membership"].search([])

    def test_ir_cron_refresh_figures(self):
        self.env["partnership.membership.figure"]._refresh()
        with freeze_time("2024-06-16 10:00:00"):
            self.assertGoesOn(
                "ir_cron_refresh_figures",
                lambda: self.members.filtered(lambda each: str(each.figure_date) < "2024-06-16"),
            )

    def test_ir_cron_find_pitfalls(self):
        for member in self.members:
            self._set_figures(member, **ABSENT)
        self.assertGoesOn(
            "ir_cron_find_pitfalls",
            lambda: self.members.filtered(lambda each: not each.pitfall_ids),
        )

    def test_ir_cron_refresh_readiness(self):
        for name in ("Test north", "Test south"):
            self.partnership.copy({"name": name})
        partnerships = self.env["partnership.partnership"].search([])
        self.assertGoesOn(
            "ir_cron_refresh_readiness",
            lambda: partnerships.filtered(lambda each: not each.readiness_date),
        )

    def test_ir_cron_suggest_informal(self):
        guests = self.env["partnership.membership"].union(
            *(
                self._create_member(f"Test choir {number}", self.role_informal, None, "2023-01-01")
                for number in range(3)
            )
        )
        self.assertGoesOn(
            "ir_cron_suggest_informal",
            lambda: guests.filtered(lambda each: not each.informal_told),
        )

    def test_ir_cron_remind_briefings(self):
        """Also where it is the day of the reminder on several nights."""
        self.partnership.briefing_remind_days = 3
        briefings = self.env["partnership.briefing"]
        for _number in range(3):
            briefings += self._create_briefing(readers=[(self.ann, self.council)])
        briefings.action_send()
        with freeze_time("2024-06-26 10:00:00"):
            self.assertGoesOn(
                "ir_cron_remind_briefings",
                lambda: briefings.receipt_ids.filtered(
                    lambda each: str(each.date_mailed) < "2024-06-26"
                ),
            )

    def test_ir_cron_ask_handover(self):
        mandates = self.env["partnership.mandate"]
        for number in range(3):
            seat = self._create_seat(self._create_member(f"Test council {number}"))
            mandates += self._create_mandate(seat, f"Test titular {number}")
        mandates.write({"date_end": "2024-06-13", "end_kind": "planned"})
        self.assertGoesOn(
            "ir_cron_ask_handover",
            lambda: mandates.filtered(lambda each: not each.handover_asked),
        )

    def test_ir_cron_settle_mails(self):
        """Of invitations and of handovers."""
        meeting = self._create_meeting(
            "2024-06-24 16:00:00", partner_ids=(self.ann | self.bert).ids
        )
        mandate = self.council_seat.mandate_ids
        mandate.write({"date_end": "2024-06-13", "end_kind": "planned"})
        self._create_mandate(self.council_seat, "Test successor", date_start="2024-06-14")
        handover = mandate._create_handovers()
        with self._mails_leave(), patch.object(type(self.env["ir.cron"]), "_trigger"):
            self._invite(meeting)
            handover.action_send()
            self._run_queue()
        guests = meeting.attendee_ids
        guests.partnership_invited_on = False
        self.env.cr.execute(
            "UPDATE partnership_mandate SET handover_state = 'due' WHERE id = %s", [mandate.id]
        )
        self.env.invalidate_all()
        self.assertGoesOn(
            "ir_cron_settle_mails",
            lambda: [
                *guests.filtered(lambda each: not each.partnership_invited_on),
                *mandate.filtered(lambda each: each.handover_state == "due"),
            ],
        )

    def test_begins_anew(self):
        """Once all is done, and after a run that got nowhere: what fails every night does not keep
        a job from what stands before it."""
        done = []

        def run(done_before, remaining, mark):
            cron = self.env.ref("partnership_management.ir_cron_refresh_readiness")
            self.env["ir.cron.progress"].sudo().create(
                {
                    "cron_id": cron.id,
                    "done": done_before,
                    "remaining": remaining,
                    "partnership_mark": mark,
                }
            )
            cron, _progress = cron.with_context(cron_id=cron.id)._add_progress()
            done.clear()
            with patch.object(self.env.cr, "commit"):
                cron._run_in_batches([3, 1, 4], 2, done.extend)
            return list(done)

        self.assertEqual(run(1, 2, 1), [3, 4])
        self.assertEqual(run(3, 0, 4), [1, 3, 4], "all was done")
        self.assertEqual(run(0, 2, 1), [1, 3, 4], "the last run got nowhere")
        self.assertEqual(run(1, 2, 4), [1, 3, 4], "what was left is not to do any more")
