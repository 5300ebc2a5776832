from datetime import date

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...models.enlargement.partnership_partnership_door import READINESS_SETTINGS as SETTINGS
from ..composition.composition_common import CompositionCase
from ..pitfall.pitfall_common import PitfallCase

# DESIGN: the figures
DEFAULTS = (80, 60, 0.3, 0.7, 50, 6)
TODAY = date(2025, 1, 15)


class ReadinessCase(CompositionCase, PitfallCase):
    """Three members, each of its own interest group; the profile wants a third of each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.members = cls.council + cls._create_member("Test firm", group=cls.group_economic)
        cls.members += cls._create_member("Test association", group=cls.group_civil)

    def setUp(self):
        super().setUp()
        clock = freeze_time(TODAY)
        clock.start()
        self.addCleanup(clock.stop)

    def _set_maturity(self, *appropriation, replacements=0, seat_years=1):
        for member, value in zip(self.members, appropriation, strict=True):
            self._set_figures(
                member,
                appropriation=value,
                replacements_unplanned=replacements,
                seat_years=seat_years,
            )

    def _need(self):
        """The councils are alone: representativeness 33, two groups missing."""
        self.members[1:].with_context(
            transition_date="2024-01-01"
        ).interest_group_id = self.group_public

    def _create_round(self, **values):
        values = {
            "name": "Test round",
            "partnership_id": self.partnership.id,
            "date_start": "2023-01-01",
            "date_end": "2023-06-30",
            "state": "closed",
            **values,
        }
        return self.env["partnership.enlargement.round"].create(values)

    def _read(self, **values):
        """:return: the readiness of the test partnership, after writing ``values`` on it"""
        self.partnership.write(values)
        return self.partnership._get_readiness()[self.partnership.id]


@tagged("post_install", "-at_install")
class TestReadiness(ReadinessCase):
    def assertSignal(self, signal, *words):
        found = self._read()
        self.assertEqual(found["signal"], signal, found["reasons"])
        for word in words:
            self.assertIn(word, " ".join(found["reasons"]))

    def test_settings(self):
        self.assertEqual(tuple(self.partnership[fname] for fname in SETTINGS), DEFAULTS)
        own = self.partnership.with_user(self.facilitator)
        for fname in SETTINGS:
            with self.assertRefused("officers", exception=AccessError):
                own[fname] = 1
        self.partnership.with_user(self.officer).representativeness_target = 70

    def test_figures_of_maturity(self):
        self._set_maturity(50, 60, 90, replacements=1, seat_years=2)
        values = self._read()["values"]
        self.assertEqual((values["appropriation"], values["turnover"]), (60, 0.5))
        self.assertSignal(
            "not_now",
            "representativeness 100, 80 or more",
            "median appropriation of the members 60, 60 or more",
            "turnover 0.50 (3 in 6 years of seats), over 0.30",
        )

    def test_needed_and_ready(self):
        self._need()
        self._set_maturity(60, 60, 90, replacements=0.3)
        self.assertSignal(
            "ready",
            "representativeness 33.3, under 80",
            "no member of Test associations and Test firms",
        )

    def test_a_missing_group_is_a_need(self):
        """Also where the others make up for it."""
        self._set_profile(dict(zip(self.groups, (0.5, 0.45, 0.05), strict=True)))
        self.members[2].with_context(
            transition_date="2024-01-01"
        ).interest_group_id = self.group_public
        self._set_maturity(60, 60, 60)
        found = self._read(representativeness_target=50)
        self.assertGreater(found["values"]["representativeness"], 80)
        self.assertEqual(found["values"]["missing"], self.group_civil)
        self.assertEqual(found["signal"], "ready")

    def test_decisions_carried_out(self):
        """Of ten that were due seven are enough, six are not; without any nothing is asked."""
        self.body.rule_ids.balance = "none"
        self._need()
        self._set_maturity(60, 60, 90)
        decisions = self.env["partnership.decision"].create(
            [
                {
                    "name": f"Test question {number}",
                    "body_id": self.body.id,
                    "date": "2024-03-01",
                    "date_execution_due": "2024-12-31",
                }
                for number in range(10)
            ]
        )
        seat = self._create_seat(self.members[0], date_start="2024-01-01")
        self.assertSignal("ready")
        decisions._record({decision: {seat: "yes"} for decision in decisions})
        decisions[:6].write({"is_executed": True, "date_executed": "2024-12-01"})
        self.assertSignal("consolidate", "6 of 10 decisions carried out (60 %")
        decisions[6].write({"is_executed": True, "date_executed": "2025-01-15"})
        self.assertSignal("ready", "7 of 10 decisions carried out (70 %; wanted are 70 % or more)")
        decisions[6].date_executed = "2025-01-16"
        self.assertSignal("consolidate")

    def test_needed_but_not_mature(self):
        self._need()
        self._set_maturity(50, 59.9, 90)
        self.assertSignal("consolidate", "members 59.9, under 60")
        self._set_maturity(60, 60, 90, replacements=1, seat_years=3)
        self.assertSignal("consolidate", "over 0.30")
        self.partnership.readiness_turnover = 0.34
        self.assertSignal("ready", "0.34 or less")

    def test_says_what_the_composition_of_the_day_says(self):
        """After whatever changes one of them, in words, on the form and in the dashboard."""
        self._set_maturity(60, 60, 90)
        own = self.partnership.with_user(self.facilitator)
        own.action_refresh_readiness()
        changes = (
            lambda: self._create_member("Test newcomer", date_start="2024-12-01"),
            lambda: (
                self.members[0]
                .with_context(transition_date="2025-01-10")
                .write({"interest_group_id": self.group_civil.id})
            ),
            lambda: self.members[1].write({"date_end": "2025-01-14"}),
            lambda: self._set_profile(dict(zip(self.groups, (0.5, 0.25, 0.25), strict=True))),
            lambda: own.profile_line_ids[0].write({"share": own.profile_line_ids[0].share}),
            lambda: self._create_member("Test other", group=self.group_economic),
            lambda: (
                self.env["partnership.membership"].search([], order="id desc", limit=1).unlink()
            ),
        )
        shown = set()
        for change in changes:
            change()
            self.env.flush_all()
            self.env.cr.precommit.run()
            self.env.invalidate_all()
            figure = own._format_figure(own.representativeness_paper)
            shown.add(figure)
            self.assertIn(f"representativeness {figure},", own.readiness_summary)
            self.assertEqual(own.readiness_date, TODAY)
        self.assertGreater(len(shown), 3)

    def test_is_new_on_the_form_that_is_saved(self):
        """What the form shows then is read before the change is committed."""
        self._set_maturity(60, 60, 90)
        self.partnership._refresh_readiness()
        self.partnership.representativeness_target = 70
        self.assertIn("70 or more", self.partnership.readiness_summary)

    def test_day_of_the_composition_is_that_of_the_partnership(self):
        self.partnership.tz = "Pacific/Auckland"
        self._create_member("Test newcomer", date_start="2025-01-16")
        with freeze_time("2025-01-15 13:00:00"):
            self.env.invalidate_all()
            found = self.partnership._get_readiness()[self.partnership.id]["values"]
            self.assertEqual(found["representativeness"], self.partnership.representativeness_paper)
            self.assertEqual(self.partnership.composition_member_count, 4)

    def test_no_data(self):
        """What is not known speaks for nothing."""
        self._set_maturity(50, 60, None)
        self.assertSignal("not_now", "not enough data on appropriation (2 members)")
        self._need()
        self.assertSignal("consolidate")
        self.partnership.profile_line_ids.unlink()
        self.assertSignal("not_now", "for lack of an area profile")
        self.env["partnership.membership.figure"].search([]).unlink()
        self.assertSignal("not_now", "no seat was held")
        empty = self.partnership.copy({"name": "Test empty"})
        self.assertEqual(empty._get_readiness()[empty.id]["signal"], "not_now")

    def test_an_opportunity_does_not_wait(self):
        """The record of it is a round, drafted or open, whose window is there today."""
        round_ = self._create_round(
            state="draft",
            motive="opportunity",
            opportunity="Test call",
            opportunity_date_start="2025-01-15",
            opportunity_date_end="2025-01-15",
        )
        self.assertSignal("opportunity", "Opportunity: Test call, until 01/15/2025.")
        for start, end, signal in (
            ("2025-01-16", "2025-02-15", "not_now"),
            ("2024-01-16", "2025-01-14", "not_now"),
            ("2025-01-16", False, "not_now"),
            (False, False, "not_now"),
            (False, "2025-01-15", "opportunity"),
            ("2025-01-15", False, "opportunity"),
        ):
            round_.write({"opportunity_date_start": start, "opportunity_date_end": end})
            self.assertSignal(signal)
        round_.action_cancel()
        self.assertSignal("not_now")

    def test_the_last_round_is_too_recent(self):
        self._need()
        self._set_maturity(60, 60, 60)
        self._create_round(name="Test old")
        self.assertSignal("ready")
        self._create_round(name="Test last", date_end=TODAY - relativedelta(months=6))
        self.assertSignal("ready")
        last = self._create_round(
            name="Test recent", date_end=TODAY - relativedelta(months=6, days=-1)
        )
        self.assertSignal("consolidate", "Test recent closed on 07/16/2024, less than 6 months")
        self.partnership.cooldown_months = 5
        self.assertSignal("ready")
        self.assertEqual(self._read()["values"]["last_round"], last)

    def test_the_last_entrants_have_not_settled(self):
        self._need()
        self._set_maturity(60, 60, 90)
        entrants = self.env["partnership.membership"].union(
            *(self._create_member(f"Test entrant {number}") for number in range(4))
        )
        old, last = (
            self._create_round(),
            self._create_round(name="Test last", date_end="2024-02-01"),
        )
        entrants.sudo().round_id = last
        for entrant, value in zip(entrants, (49, 49, 80, None), strict=True):
            self._set_figures(entrant, appropriation=value, seat_years=1)
        self.partnership.readiness_appropriation = 20
        self.assertSignal("consolidate", "of the 3 who came in by Test last 49, under 50")
        entrants[0].round_id = old
        self.assertSignal("ready")

    def test_as_of_a_past_day(self):
        """The figures of then, of who was a member then."""
        for day, value in (("2024-03-31", 20), ("2024-09-30", 70)):
            for member in self.members:
                self._set_figures(member, day, appropriation=value, seat_years=1)
        late = self._create_member("Test late", role=self.role_informal)
        self._set_figures(late, "2024-09-30", appropriation=0, seat_years=1)
        late.with_context(
            transition_date="2024-10-01", transition_reason="Test"
        ).role_id = self.role_formal
        for day, value in (("2024-04-15", 20), ("2024-09-30", 70)):
            values = self.partnership._get_readiness(day)[self.partnership.id]["values"]
            self.assertEqual(values["appropriation"], value)
            self.assertEqual(values["members"], 3)
        self.assertEqual(self._read()["values"]["members"], 4)

    def test_many_partnerships_cost_as_one(self):
        self._need()
        many = self.partnership.browse(
            self.partnership.copy({"name": f"Test copy {number}"}).id for number in range(20)
        )

        def count(partnerships):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            partnerships._get_readiness()
            return self.cr.sql_log_count - before

        self.assertLessEqual(count(many), count(self.partnership) + 1)


@tagged("post_install", "-at_install")
class TestReadinessSignal(ReadinessCase):
    def _refresh(self, user=None):
        self.partnership.with_user(user or self.facilitator).action_refresh_readiness()
        self.env.flush_all()

    def _activities(self):
        kind = self.env.ref("partnership_management.mail_activity_type_readiness")
        return self.partnership.activity_ids.filtered(lambda each: each.activity_type_id == kind)

    def test_told_once_when_it_changes(self):
        self._refresh()
        self.assertEqual(self.partnership.readiness_signal, "not_now")
        self.assertEqual(self.partnership.readiness_date, TODAY)
        self.assertFalse(self._activities())
        self._need()
        messages = len(self.partnership.message_ids)
        mails = self.env["mail.mail"].search_count([])
        self._refresh()
        self._refresh()
        self.assertEqual(self.partnership.readiness_signal, "consolidate")
        self.assertIn("<li>Need: rep", self.partnership.readiness_reasons)
        self.assertEqual(len(self.partnership.message_ids), messages + 1)
        activity = self._activities()
        self.assertEqual(activity.user_id, self.facilitator)
        self.assertIn("Needed, consolidate first", activity.summary)
        self.assertIn("under 80", activity.note)
        self._set_maturity(60, 60, 60)
        self._refresh()
        self.assertEqual(len(self._activities()), 1)
        self.assertIn("Necessary and ready", self._activities().summary)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_done_is_done(self):
        self._need()
        self._refresh()
        self._activities().action_done()
        self._refresh()
        self.assertFalse(self._activities())

    def test_every_night(self):
        archived = self.partnership.copy({"name": "Test archived", "active": False})
        self._need()
        with self.enter_registry_test_mode():
            self.env.ref("partnership_management.ir_cron_refresh_readiness").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.partnership.readiness_signal, "consolidate")
        self.assertFalse(archived.readiness_signal)

    def test_in_the_language_of_the_responsible(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.facilitator.lang = "fr_FR"
        self._set_maturity(60.5, 60.5, 60.5)
        self._refresh(self.officer)
        self.assertIn("60,5", self.partnership.readiness_reasons)

    def test_not_written_by_hand(self):
        for user in (self.facilitator, self.officer, self.administrator):
            own = self.partnership.with_user(user)
            for fname, value in (
                ("readiness_signal", "ready"),
                ("readiness_reasons", "Test"),
                ("readiness_date", "2024-01-01"),
            ):
                with self.assertRefused("not written by hand", exception=AccessError):
                    own.write({fname: value})

    def test_of_the_own_team_only(self):
        with self.assertRaises(AccessError):
            self._refresh(self.stranger)
        with self.assertRaises(AccessError):
            self._refresh(self.portal_user)
        own = self.partnership.with_user(self.facilitator)
        self.assertFalse(own.readiness_signal)
        self.assertNotIn("readiness_signal", own.with_user(self.portal_user).fields_get())

    def test_many_partnerships_cost_as_one(self):
        """Also where the signal of each changes."""
        copies = self.partnership.browse(
            self.partnership.copy({"name": f"Test copy {number}"}).id for number in range(22)
        )
        for partnership in copies:
            self._create_round(
                partnership_id=partnership.id,
                state="draft",
                motive="opportunity",
                opportunity="Test call",
                opportunity_date_start=TODAY,
            )

        def count(partnerships):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            partnerships._refresh_readiness()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(copies[0])
        many, few = count(copies[2:]), count(copies[1])
        self.assertLessEqual(many, few + 3 + self._growth_of_activities(1, 20))
        self.assertEqual(set(copies.mapped("readiness_signal")), {"opportunity"})
