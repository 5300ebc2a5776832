from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..common import GROUP
from .pitfall_common import ABSENT, PitfallCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 09:00:00")
class TestPitfallSecurity(PitfallCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._create_plan("Test call")
        cls._set_figures(cls.council, **ABSENT)
        cls._find(cls.council)
        cls.pitfall = cls.council.pitfall_ids

    def assertKeptOut(self, user):
        pitfall = self.pitfall.with_user(user)
        for attempt in (
            lambda: pitfall.read(["reasons"]),
            lambda: pitfall.write({"state": "closed"}),
            pitfall.action_plan_suggested,
            pitfall.action_choose_plan,
            lambda: pitfall._dismiss("Test"),
            pitfall.action_reopen,
            lambda: self._comment(pitfall, "Test"),
        ):
            with self.assertRaises(AccessError, msg=user.login), self.cr.savepoint():
                attempt()
        self.assertEqual(self.pitfall.state, "open")

    def test_others_see_and_do_nothing(self):
        other = new_test_user(self.env, "test_other", GROUP % "officer")
        company = self.env["res.company"].create({"name": "Test other company"})
        other.write({"company_ids": company.ids, "company_id": company.id})
        for user in (self.stranger, other, self.employee, self.portal_user):
            self.assertKeptOut(user)

    def test_foreign_dialogs(self):
        """Neither the dialog of Odoo nor ours, nor a plan in a forged context, is a way in."""
        Schedule = self.env["mail.activity.schedule"].with_user(self.stranger)
        wizard = Schedule.with_context(
            active_model="partnership.pitfall", active_ids=self.pitfall.ids
        )
        Dismiss = self.env["partnership.pitfall.dismiss"].with_user(self.stranger)
        plan = self.plan.with_user(self.stranger).with_context(
            partnership_pitfall_id=self.pitfall.id
        )
        for attempt in (
            lambda: wizard.create({"plan_id": self.plan.id}).action_schedule_plan(),
            lambda: Dismiss.create(
                {"pitfall_ids": self.pitfall.ids, "reason": "Test"}
            ).action_apply(),
            plan.action_answer_pitfall,
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                attempt()
        self.assertFalse(self.pitfall.mechanism_plan_id)
        self.assertEqual(self.pitfall.state, "open")

    def test_not_moved_to_another_partnership(self):
        foreign = self.env["partnership.partnership"].create(
            {"name": "Test foreign", "user_ids": self.stranger.ids}
        )
        membership = self._create_member("Test foreign member", partnership_id=foreign.id)
        with self.assertRaises(AccessError):
            self.pitfall.with_user(self.facilitator).membership_id = membership

    def test_what_was_found_is_not_written(self):
        """Not by the administrator either; what is said and to be done about it is."""
        found = {
            "state": "closed",
            "kind": "turnover",
            "severity": 9,
            "reasons": "Test",
            "date_open": "2024-01-01",
            "is_silenced": True,
            "before": 0.1,
            "before_date": "2024-01-01",
            "after_6": 0.9,
            "effect": 0.8,
            "mechanism_plan_id": self.plan.id,
            "mechanism_date": "2024-01-01",
        }
        before = self.pitfall.read([*found])
        for user in (self.facilitator, self.officer, self.administrator):
            pitfall = self.pitfall.with_user(user)
            for fname, value in found.items():
                with (
                    self.subTest(user=user.login, fname=fname),
                    self.assertRefused("not written by hand", exception=AccessError),
                ):
                    pitfall.write({fname: value})
            self._comment(pitfall, "Test talk")
            pitfall.activity_schedule("mail.mail_activity_data_todo", user_id=user.id)
            pitfall.write({"activity_date_deadline": "2024-06-20"})
        self.assertEqual(self.pitfall.read([*found]), before)
        self.assertEqual(len(self.pitfall.activity_ids), 3)

    def test_team_does_not_make_or_delete_them(self):
        for user in (self.facilitator, self.officer):
            with self.assertRaises(AccessError):
                self.Pitfall.with_user(user).create(
                    {
                        "membership_id": self.council.id,
                        "kind": "turnover",
                        "date_open": "2024-06-15",
                    }
                )
            with self.assertRaises(AccessError):
                self.pitfall.with_user(user).unlink()

    def test_representatives_see_nothing_of_it_on_their_membership(self):
        seat = self._create_seat(self.council)
        self._create_mandate(seat, self.portal_user.partner_id)
        membership = self.council.with_user(self.portal_user)
        self.assertTrue(membership.read(["role_id"]))
        for fname in ("pitfall_ids", "open_pitfall_ids", "pitfall_severity", "pitfall_alert_date"):
            self.assertNotIn(fname, membership.fields_get())
            with self.assertRaises(AccessError):
                membership.read([fname])
        with self.assertRaises(AccessError):
            membership.search([("pitfall_severity", ">", 0)])

    def test_screens(self):
        with Form(self.pitfall.with_user(self.facilitator)) as form:
            self.assertIn("last three", form.reasons)
        short = self.pitfall.with_context(partnership_pitfall_short=True)
        self.assertEqual(short.display_name, "Absent")
        self.assertEqual(self.pitfall.display_name, "Absent: Test council")
        partnership = self.partnership.with_user(self.facilitator)
        self.assertEqual(partnership.pitfall_count, 1)
        for record in (partnership, self.council.with_user(self.facilitator)):
            action = record.action_open_pitfalls()
            self.assertEqual(self.Pitfall.search(action["domain"]), self.pitfall)
        self.assertEqual(self.pitfall.action_open_membership()["res_id"], self.council.id)
        groups = self.Pitfall.with_context(read_group_expand=True).web_read_group(
            [("partnership_id", "=", self.partnership.id)], ["kind"], ["__count"]
        )["groups"]
        self.assertEqual(len(groups), 5, "a column for each kind")
