import runpy

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools.misc import file_path

from .pitfall_common import ABSENT, PitfallCase


@tagged("post_install", "-at_install")
class TestPitfallMechanism(PitfallCase):
    """One click plans a mechanism; the figure before is kept and shown after 3 and 6 months."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["mail.activity.plan"].search([]).active = False
        cls.call = cls._create_plan("Test call")
        cls.visit = cls._create_plan("Test visit")
        cls.induction = cls._create_plan("Test induction", "turnover")
        with freeze_time("2024-01-10"):
            cls._set_figures(cls.council, **ABSENT)
            cls._find(cls.council)
        cls.pitfall = cls.council.pitfall_ids.with_user(cls.facilitator)

    def _on(self, day, **figures):
        with freeze_time(day):
            self._set_figures(self.council, **figures)
            self._find(self.council)

    def _texts(self):
        names = ("before_text", "after_3_text", "after_6_text", "effect_text")
        return tuple(self.pitfall[name] for name in names)

    def test_one_click(self):
        self.assertEqual(self.pitfall.suggested_plan_ids, self.call + self.visit)
        with freeze_time("2024-02-01 10:00:00"):
            self.pitfall.action_plan_suggested()
        self.assertEqual(self.pitfall.mechanism_plan_id, self.call)
        self.assertEqual(str(self.pitfall.mechanism_date), "2024-02-01")
        self.assertTrue(self.pitfall.is_answered)
        activity = self.pitfall.activity_ids
        self.assertEqual(activity.summary, "Test call: step")
        self.assertEqual(activity.user_id, self.facilitator)
        self.assertEqual(str(activity.date_deadline), "2024-02-08")
        self.assertEqual(self.pitfall.suggested_plan_id, self.visit, "another one next")

    def test_plan_listed_on_the_form(self):
        plan = self.visit.with_user(self.facilitator)
        plan.with_context(partnership_pitfall_id=self.pitfall.id).action_answer_pitfall()
        self.assertEqual(self.pitfall.mechanism_plan_id, self.visit)

    def test_dialog_for_many(self):
        other = self._create_member("Test other")
        self._set_figures(other, **ABSENT)
        self._find(other)
        pitfalls = self.pitfall + other.pitfall_ids.with_user(self.facilitator)
        action = pitfalls.action_choose_plan()
        wizard = Form(
            self.env[action["res_model"]]
            .with_user(self.facilitator)
            .with_context(**action["context"])
        )
        wizard.plan_id = self.visit
        wizard.save().action_schedule_plan()
        self.assertEqual(pitfalls.mechanism_plan_id, self.visit)
        self.assertEqual(len(pitfalls.activity_ids), 2)

    def test_before_and_after(self):
        with freeze_time("2024-02-01"):
            self.pitfall.action_plan_suggested()
            self.assertEqual(self._texts(), ("20%", "not yet", "not yet", False))
        self._on("2024-04-30", **{**ABSENT, "presence_rate": 0.3})
        with freeze_time("2024-04-30"):
            self.assertEqual(self._texts(), ("20%", "not yet", "not yet", False))
        self._on("2024-05-02", **{**ABSENT, "presence_rate": 0.5})
        with freeze_time("2024-05-02"):
            self.assertEqual(self._texts(), ("20%", "50%", "not yet", "+30 points"))
            self.assertAlmostEqual(self.pitfall.effect, 0.3)
        # It closes; what comes later is still shown
        self._on("2024-08-03", presence_rate=0.9)
        with freeze_time("2024-08-03"):
            self.assertEqual(self.pitfall.close_kind, "effect")
            self.assertEqual(self._texts(), ("20%", "50%", "90%", "+70 points"))

    def test_after_without_data(self):
        with freeze_time("2024-02-01"):
            self.pitfall.action_plan_suggested()
        self._on("2024-05-02", **{**ABSENT, "presence_rate": None})
        with freeze_time("2024-05-02"):
            self.assertEqual(self._texts(), ("20%", "not enough data", "not yet", False))

    def test_corrected_figures_are_read_again(self):
        with freeze_time("2024-02-01"):
            self.pitfall.action_plan_suggested()
        self._on("2024-05-02", **{**ABSENT, "presence_rate": 0.5})
        self._on("2024-05-20", **{**ABSENT, "presence_rate": 0.4})
        self.assertAlmostEqual(self.pitfall.after_3, 0.4)

    def test_averages_leave_out_what_is_not_known(self):
        """A figure that is missing is empty in the database, not 0."""
        with freeze_time("2024-02-01"):
            self.pitfall.action_plan_suggested()
        self._on("2024-05-02", **{**ABSENT, "presence_rate": 0.5})
        other = self._create_member("Test other")
        with freeze_time("2024-05-02"):
            self._set_figures(other, **ABSENT)
            self._find(other)
        (values,) = self.Pitfall.formatted_read_group(
            [("partnership_id", "=", self.partnership.id)], [], ["after:avg", "effect:avg"]
        )
        self.assertAlmostEqual(values["after:avg"], 0.5)
        self.assertAlmostEqual(values["effect:avg"], 0.3)

    def test_before_and_after_are_of_the_same_pitfalls(self):
        """Of the averages beside each other the effect is the one less the other, and no measure
        is of other pitfalls; the text on a record says the same."""
        other = self._create_member("Test other")
        fresh = self._create_member("Test fresh")
        with freeze_time("2024-02-01"):
            self._set_figures(other, **{**ABSENT, "presence_rate": 0.5})
            self._find(other)
            (self.pitfall + other.pitfall_ids)._plan(self.call)
        self._on("2024-05-02", **{**ABSENT, "presence_rate": 0.5})
        self._on("2024-08-02", presence_rate=0.9)
        with freeze_time("2024-08-02"):
            self._set_figures(fresh, **{**ABSENT, "presence_rate": 0.1})
            self._find(fresh)
            fresh.pitfall_ids._plan(self.call)
            self.assertEqual(self.pitfall.effect_text, "+70 points")
        names = ["before:avg", "after:avg", "effect:avg"]
        here = [("partnership_id", "=", self.partnership.id)]
        for groupby in ([], ["mechanism_plan_id"], ["kind"]):
            (values,) = self.Pitfall.formatted_read_group(here, groupby, names)
            found = [round(values[name], 4) for name in names]
            self.assertEqual(found, [0.2, 0.9, 0.7], groupby)
        for name in ("after_3", "after_6"):
            self.assertFalse(self.Pitfall._fields[name].aggregator, name)

    def test_migration_of_the_figure_after(self):
        """Until 19.0.1.1.0 it was not kept on its own."""
        script = runpy.run_path(
            file_path("partnership_management/migrations/19.0.1.2.0/post-pitfall_after.py")
        )
        other = self._create_member("Test other")
        fresh = self._create_member("Test fresh")
        for day, member in (("2024-02-01", self.council), ("2024-05-01", other)):
            with freeze_time(day):
                self._set_figures(member, **ABSENT)
                self._find(member)
                member.pitfall_ids._plan(self.call)
        with freeze_time("2024-08-02"):
            for member, rate in ((self.council, 0.9), (other, 0.0), (fresh, 0.1)):
                self._set_figures(member, **{**ABSENT, "presence_rate": rate})
            self._find(self.council + other + fresh)
        pitfalls = (self.council + other + fresh).pitfall_ids
        self.env.flush_all()
        kept = self._fetch_after(pitfalls)
        self.assertEqual(kept, [0.9, 0.0, None])
        self.env.cr.execute(
            "UPDATE partnership_pitfall SET after = NULL WHERE id = ANY(%s)", [pitfalls.ids]
        )
        script["migrate"](self.env.cr, "19.0.1.1.0")
        self.assertEqual(self._fetch_after(pitfalls), kept)

    def _fetch_after(self, pitfalls):
        self.env.cr.execute(
            "SELECT after FROM partnership_pitfall WHERE id = ANY(%s) ORDER BY membership_id",
            [pitfalls.ids],
        )
        return [after for (after,) in self.env.cr.fetchall()]

    def test_back_again_keeps_the_earlier_effect_until_answered(self):
        with freeze_time("2024-02-01"):
            self.pitfall.action_plan_suggested()
        self._on("2024-05-02", presence_rate=0.8)
        self._on("2024-06-03", **{**ABSENT, "presence_rate": 0.1})
        self.assertEqual((self.pitfall.state, self.pitfall.is_answered), ("open", False))
        with freeze_time("2024-06-03"):
            self.assertEqual(self._texts()[:2], ("20%", "80%"))
            self.pitfall.action_plan_suggested()
            self.assertEqual(self._texts(), ("10%", "not yet", "not yet", False))
        self.assertEqual(self.pitfall.mechanism_plan_id, self.visit)
        self.assertIn(
            "Test call. Presence before: 20%, after 3 months: 80%", self._history(self.pitfall)
        )

    def test_nothing_left_to_suggest(self):
        self._set_figures(self.council, validity_rate=0.1)
        self._find(self.council)
        with self.assertRefused("no further mechanism", exception=UserError):
            self._pitfall("unrepresentative").action_plan_suggested()
        self.assertFalse(self._pitfall("unrepresentative").suggested_plan_ids)

    def test_closed_needs_no_mechanism(self):
        self._on("2024-03-01")
        self.assertFalse(self.pitfall.suggested_plan_ids)
        for action in (self.pitfall.action_choose_plan, lambda: self.pitfall._plan(self.call)):
            with self.assertRefused("closed", exception=UserError):
                action()

    def test_plan_of_another_company(self):
        company = self.env["res.company"].create({"name": "Test other company"})
        self.visit.company_id = company
        self.assertEqual(self.pitfall.suggested_plan_ids, self.call)

    def test_plan_in_use_is_archived_not_deleted(self):
        self.pitfall.action_plan_suggested()
        with self.assertRefused("Test call", "archive", exception=UserError):
            self.call.with_user(self.administrator).unlink()
        self.call.with_user(self.administrator).active = False
        self.assertEqual(self.pitfall.suggested_plan_ids, self.visit)
        self.assertEqual(self.pitfall.mechanism_plan_id.name, "Test call")
        self.visit.with_user(self.administrator).unlink()

    def test_administrator_keeps_the_library(self):
        """Ours, and no other plan."""
        Plan = self.env["mail.activity.plan"].with_user(self.administrator)
        plan = Plan.create({"name": "Test mine", "res_model": "partnership.pitfall"})
        step = {"activity_type_id": self.activity_type.id, "responsible_type": "on_demand"}
        plan.template_ids = [Command.create(step)]
        plan.template_ids.responsible_type = "partnership"
        with self.assertRaises(AccessError):
            Plan.create({"name": "Test foreign", "res_model": "res.partner"})
        for user in (self.facilitator, self.officer):
            with self.assertRaises(AccessError):
                self.call.with_user(user).name = "Test other"

    def test_responsible_of_the_partnership_only_here(self):
        plan = self.env["mail.activity.plan"].create({"name": "Test", "res_model": "res.partner"})
        with self.assertRefused("Test step"):
            plan.template_ids = [
                Command.create(
                    {
                        "activity_type_id": self.activity_type.id,
                        "summary": "Test step",
                        "responsible_type": "partnership",
                    }
                )
            ]

    def test_library(self):
        """Every kind of pitfall has an answer from the first day on."""
        plans = (
            self.env["mail.activity.plan"]
            .with_context(active_test=False)
            .search([("res_model", "=", "partnership.pitfall"), ("active", "=", False)])
        )
        for kind, _label in self.Pitfall._fields["kind"].selection:
            self.assertTrue(plans.filtered(lambda plan, kind=kind: plan._answers(kind)), kind)
        self.assertGreaterEqual(len(plans), 6)
        for plan in plans:
            self.assertTrue(plan.template_ids, plan.name)
