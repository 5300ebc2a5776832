from datetime import date, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .pitfall_common import ABSENT, TURNOVER, PitfallCase


@tagged("post_install", "-at_install")
class TestPitfallAlert(PitfallCase):
    """One activity for each member newly at risk, no mail, and never twice for the same."""

    def _days(self, first, days, **figures):
        """Run the search on each of these days, with the same figures."""
        for ago in range(days):
            day = date.fromisoformat(first) + timedelta(days=ago)
            with freeze_time(day):
                self._set_figures(self.council, **figures)
                self._find(self.council)

    def test_one_activity_for_all_pitfalls(self):
        mails = self.env["mail.mail"].search_count([])
        self._days("2024-06-03", 1, **ABSENT, **TURNOVER)
        alert = self._alerts()
        self.assertEqual(len(alert), 1)
        self.assertEqual(alert.user_id, self.facilitator)
        self.assertIn("Absent, Turnover", alert.summary)
        self.assertIn("last three", alert.note)
        self.assertEqual(str(alert.date_deadline), "2024-06-10")
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertFalse(self.council.pitfall_ids.activity_ids)

    def test_not_again_while_it_is_open(self):
        self._days("2024-06-03", 1, **ABSENT)
        self._alerts().action_feedback(feedback="Test call")
        self._days("2024-06-04", 5, **ABSENT)
        self._days("2024-08-20", 2, **ABSENT)
        self.assertFalse(self._alerts())

    def test_not_again_for_another_kind(self):
        self._days("2024-06-03", 1, **ABSENT)
        self._alerts().action_feedback()
        self._days("2024-06-10", 1, **ABSENT, **TURNOVER)
        self.assertEqual(self._kinds(), ["absent", "turnover"])
        self.assertFalse(self._alerts())

    def test_gone_takes_the_activity_away(self):
        self._days("2024-06-03", 1, **ABSENT)
        self.assertTrue(self._alerts())
        self._days("2024-06-04", 1)
        self.assertFalse(self._alerts())

    def test_coming_back_soon_does_not_nag(self):
        self._days("2024-06-03", 1, **ABSENT)
        self._days("2024-06-04", 1)
        self._days("2024-06-20", 2, **ABSENT)
        self.assertEqual(self._pitfall().reopen_count, 1)
        self.assertFalse(self._alerts())
        self._days("2024-06-25", 1)
        self._days("2024-07-10", 1, **ABSENT)
        self.assertEqual(len(self._alerts()), 1, "more than 30 days later")

    def test_nobody_responsible(self):
        """The first of the team who is still there; else the activity waits for somebody."""
        self.partnership.user_id = False
        self._days("2024-06-03", 1, **ABSENT)
        self.assertEqual(self._alerts().user_id, self.facilitator)
        other = self._create_member("Test other")
        self.partnership.user_ids = False
        with freeze_time("2024-06-03"):
            self._set_figures(other, **ABSENT)
            self._find(other)
        self.assertFalse(self._alerts(other).user_id)

    def test_who_left_the_house_is_not_told(self):
        self.partnership.user_id = self.officer
        self.officer.active = False
        self._days("2024-06-03", 1, **ABSENT)
        self.assertEqual(self._alerts().user_id, self.facilitator)

    def test_kind_of_activity_deleted(self):
        self.env.ref("partnership_management.mail_activity_type_pitfall").unlink()
        self._days("2024-06-03", 1, **ABSENT)
        self.assertEqual(self._kinds(), ["absent"])
        self._days("2024-06-04", 1)
        self.assertFalse(self._kinds())

    def test_daily_job(self):
        with freeze_time("2024-06-03"):
            self._set_figures(self.council, **ABSENT)
            with self.enter_registry_test_mode():
                self.env.ref("partnership_management.ir_cron_find_pitfalls").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self._kinds(), ["absent"])
