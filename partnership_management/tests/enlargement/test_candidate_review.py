from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from .candidate_common import CandidateCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestCandidateReview(CandidateCase):
    def test_review_date_of_the_informal_stage(self):
        candidate = self._create_candidate("Test beekeepers")
        self.assertFalse(candidate.review_date)
        candidate.stage_id = self.stage_informal
        self.assertEqual(str(candidate.review_date), "2024-09-13")
        candidate.review_date = "2024-08-01"
        with freeze_time("2024-07-01"):
            candidate.stage_id = self.stage_informal
            self.assertEqual(str(candidate.review_date), "2024-08-01", "it has not entered again")
            candidate.stage_id = self.stage_application
            self.assertFalse(candidate.review_date)
            candidate.stage_id = self.stage_informal
            self.assertEqual(str(candidate.review_date), "2024-09-29")
            candidate.write({"stage_id": self.stage_application.id, "review_date": "2024-12-01"})
            self.assertEqual(str(candidate.review_date), "2024-12-01", "what is written counts")

    def test_review_is_an_activity_of_the_responsible_user(self):
        candidate = self._create_candidate("Test beekeepers", user_id=self.facilitator.id)
        candidate.stage_id = self.stage_informal
        activity = candidate.activity_ids
        self.assertEqual(str(activity.date_deadline), "2024-09-13")
        self.assertEqual(activity.user_id, self.facilitator)
        candidate.write({"review_date": "2024-10-01", "user_id": self.officer.id})
        self.assertEqual(candidate.activity_ids, activity)
        self.assertEqual(str(activity.date_deadline), "2024-10-01")
        self.assertEqual(activity.user_id, self.officer)
        self._refuse(candidate)
        self.assertFalse(candidate.activity_ids)
        candidate.action_reopen()
        self.assertEqual(str(candidate.activity_ids.date_deadline), "2024-10-01")

    def test_review_that_is_done_does_not_come_back(self):
        candidate = self._create_candidate("Test beekeepers", self.stage_informal)
        candidate.activity_ids.action_feedback(feedback="Goes on")
        candidate.user_id = self.officer
        candidate.priority = "2"
        self.assertFalse(candidate.activity_ids)
        candidate.review_date = "2024-12-01"
        self.assertEqual(str(candidate.activity_ids.date_deadline), "2024-12-01")

    def test_other_activities_stay(self):
        candidate = self._create_candidate("Test beekeepers", self.stage_informal)
        call = candidate.activity_schedule("mail.mail_activity_data_call", summary="Call back")
        self._refuse(candidate)
        self.assertEqual(candidate.activity_ids, call)

    def test_nobody_gets_mail(self):
        candidates = self._create_candidates(4, user_id=self.facilitator.id).with_context(
            tracking_disable=False
        )
        self.cr.precommit.run()
        mails = self.env["mail.mail"].search_count([])
        notifications = self.env["mail.notification"].search_count([])
        candidates.write({"stage_id": self.stage_informal.id, "user_id": self.officer.id})
        self.cr.precommit.run()
        self.env.flush_all()
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertEqual(self.env["mail.notification"].search_count([]), notifications)
        self.assertEqual(candidates.activity_ids.user_id, self.officer)

    def test_cost_of_reviews_does_not_grow_by_query(self):
        def count(number):
            candidates = self._create_candidates(number)
            self.env.flush_all()
            before = self.cr.sql_log_count
            candidates.stage_id = self.stage_informal
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(2)
        few, many = count(5), count(50)
        self.assertLessEqual(many, few + 6 + self._growth_of_activities(5, 50))

    def test_review_due_filter(self):
        due = self._create_candidate("Test due", self.stage_informal, review_date="2024-06-15")
        self._create_candidate("Test later", self.stage_informal, review_date="2024-06-16")
        refused = self._create_candidate("Test no", self.stage_informal, review_date="2024-06-01")
        self._refuse(refused)
        view = self.env.ref("partnership_management.partnership_candidate_view_search")
        self.assertIn('name="review_due"', view.arch)
        found = self.Candidate.search(
            [
                ("review_date", "<=", "today"),
                ("state", "!=", "refused"),
                ("partnership_id", "=", self.partnership.id),
            ]
        )
        self.assertEqual(found, due)

    def test_rotting(self):
        now = datetime(2024, 6, 15)
        with patch.object(self.env.cr, "now", lambda: now):
            candidates = self._create_candidates(3, stage_id=self.stage_application.id)
            self.assertEqual(candidates[0].date_last_stage_update, now)
            self.env.flush_all()
        later = datetime(2024, 6, 27)
        with patch.object(self.env.cr, "now", lambda: later):
            candidates[1].stage_id = self.stage_decision
            candidates[1].stage_id = self.stage_application
            self._refuse(candidates[2])
            candidates[0].stage_id = self.stage_application
            self.env.flush_all()
            candidates.invalidate_recordset()
            self.assertEqual(candidates.filtered("is_rotting"), candidates[0])
            self.assertEqual(candidates[0].rotting_days, 12)
            found = self.Candidate.search([("is_rotting", "=", True), ("id", "in", candidates.ids)])
            self.assertEqual(found, candidates[0])

    def test_presences_count_guests_of_closed_meetings(self):
        candidates = self._create_candidates(3)
        for membership in candidates.membership_id:
            membership.date_start = "2024-05-01"
        actor, other, _nobody = candidates
        person = self._create_person("Test guest", actor.partner_id)
        second = self._create_person("Test second guest", actor.partner_id)
        Attendance = self.env["partnership.attendance"]
        for date in ("2024-06-03", "2024-06-04"):
            meeting = self._create_meeting(f"{date} 16:00:00")
            Attendance._record(meeting, person, actor.partner_id, status="present")
            Attendance._record(meeting, second, actor.partner_id, status="late")
            Attendance._record(meeting, person, other.partner_id, status="excused")
            meeting._close_sheet()
        unclosed = self._create_meeting("2024-06-05 16:00:00")
        Attendance._record(unclosed, person, actor.partner_id, status="present")
        self.env.flush_all()
        candidates.invalidate_recordset()
        self.assertEqual(candidates.mapped("presence_count"), [4, 0, 0])
        rows = Attendance.search(actor.action_open_presences()["domain"])
        self.assertEqual((len(rows), len(rows.event_id)), (4, 2))
        self.assertEqual(
            actor.partner_id.with_user(self.facilitator).partnership_attendance_count, 4
        )

    def test_counts_are_read_for_all_at_once(self):
        candidates = self._create_candidates(20)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        candidates.mapped("presence_count")
        candidates.mapped("attempt_count")
        candidates.mapped("meeting_count")
        self.assertLess(self.cr.sql_log_count - before, 20)
