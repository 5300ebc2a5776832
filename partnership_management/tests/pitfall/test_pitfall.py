from freezegun import freeze_time

from odoo.tests import tagged

from .pitfall_common import ABSENT, TURNOVER, PitfallCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 09:00:00")
class TestPitfall(PitfallCase):
    """Who is at risk, of what, since when, how gravely."""

    def assertFound(self, kinds, **figures):
        """A new member with these figures, the others good, has pitfalls of these kinds."""
        member = self._create_member("Test member")
        self._set_figures(member, **figures)
        self._find(member)
        self.assertEqual(self._kinds(member), sorted(kinds), figures)

    def test_the_five(self):
        self.assertFound([])
        self.assertFound(["absent"], **ABSENT)
        self.assertFound(["irregular"], regularity=0.49)
        self.assertFound(["uninformed"], informed_rate=0.49)
        self.assertFound(["unrepresentative"], validity_rate=0.49)
        self.assertFound(["unrepresentative"], no_authority=True)
        self.assertFound(["turnover"], continuity=0.39)
        self.assertFound(["turnover"], replacements_unplanned=2)

    def test_at_the_threshold_is_not_under_it(self):
        self.assertFound([], regularity=0.5, informed_rate=0.5, validity_rate=0.5, continuity=0.4)
        self.assertFound([], replacements_unplanned=1)

    def test_no_data_opens_nothing(self):
        rates = dict.fromkeys(
            ("presence_rate", "regularity", "informed_rate", "validity_rate", "continuity")
        )
        self.assertFound([], expected=2, represented=0, absent_in_a_row=True, **rates)
        self.assertFound(["unrepresentative"], expected=0, no_authority=True, **rates)
        self._find(self.council)
        self.assertFalse(self.council.pitfall_ids)

    def test_no_data_closes_nothing(self):
        self._set_figures(
            self.council, regularity=0.2, informed_rate=0.1, validity_rate=0.1, continuity=0.1
        )
        self._find(self.council)
        kinds = ["irregular", "turnover", "uninformed", "unrepresentative"]
        self.assertEqual(self._kinds(), kinds)
        rates = dict.fromkeys(
            ("presence_rate", "regularity", "informed_rate", "validity_rate", "continuity")
        )
        self._set_figures(self.council, expected=2, represented=1, **rates)
        self._find(self.council)
        self.assertEqual(self._kinds(), kinds)
        self.assertEqual(self._pitfall("irregular").value, 0.2)

    def test_a_mandate_mended_closes_without_data(self):
        self._set_figures(self.council, validity_rate=None, no_authority=True)
        self._find(self.council)
        pitfall = self._pitfall("unrepresentative")
        self.assertEqual(pitfall.value_text, "not enough data")
        self._set_figures(self.council, validity_rate=None)
        self._find(self.council)
        self.assertEqual(pitfall.close_kind, "effect")

    def test_persons_represent_themselves(self):
        person = self._create_member(self._create_person("Test person"))
        self._set_figures(person, validity_rate=0.1, no_authority=True)
        self._find(person)
        self.assertFalse(person.pitfall_ids)

    def test_thresholds_of_the_partnership(self):
        self.partnership.write({"pitfall_irregular_under": 0.95, "pitfall_replacements": 1})
        self.assertFound(["irregular", "turnover"], replacements_unplanned=1)

    def test_threshold_of_nothing_turns_it_off(self):
        self.partnership.write(
            {
                "pitfall_irregular_under": 0,
                "pitfall_informed_under": 0,
                "pitfall_validity_under": 0,
                "pitfall_continuity_under": 0,
                "pitfall_replacements": 0,
            }
        )
        self.assertFound(
            [],
            regularity=0,
            informed_rate=0,
            validity_rate=0,
            continuity=0,
            replacements_unplanned=9,
        )

    def test_only_members_of_today(self):
        guest = self._create_member("Test guest", self.role_informal)
        left = self._create_member("Test former", date_end="2024-06-14")
        coming = self._create_member("Test coming", date_start="2024-06-16")
        for membership in (guest, left, coming):
            self._set_figures(membership, **ABSENT)
        self._find(guest, left, coming)
        self.assertFalse((guest + left + coming).pitfall_ids)

    def test_partnership_archived(self):
        self._set_figures(self.council, **ABSENT)
        self.partnership.active = False
        self._find(self.council)
        self.assertFalse(self.council.pitfall_ids)

    def test_absent_takes_the_place_of_irregular(self):
        self._set_figures(self.council, regularity=0.4)
        self._find(self.council)
        self._set_figures(self.council, **ABSENT)
        self._find(self.council)
        self.assertEqual(self._kinds(), ["absent"])
        self.assertEqual(self._pitfall("irregular").close_kind, "worse")

    def test_reasons_name_the_parts(self):
        self._set_figures(
            self.council,
            **ABSENT,
            **TURNOVER,
            briefings_read=1,
            informed_rate=0.25,
            valid=1,
            validity_rate=0.125,
            no_authority=True,
            replacements_unplanned=3,
        )
        self.council.figure_id.represented = 8
        self._find(self.council)
        for kind, *words in (
            ("absent", "last three", "8 of 10", "06/15/2023"),
            ("uninformed", "1 of 4", "25%", "50%"),
            ("unrepresentative", "1 of the 8", "12%", "Nobody holds a mandate"),
            ("turnover", "4 persons", "25%", "40%", "3 titulars"),
        ):
            for word in words:
                self.assertIn(word, self._pitfall(kind).reasons)
        self._set_figures(self.council, regularity=0.3, longest_absence=7)
        self._find(self.council)
        for word in ("7 of 10", "30%", "50%"):
            self.assertIn(word, self._pitfall("irregular").reasons)

    def test_reasons_follow_the_figures(self):
        self._set_figures(self.council, informed_rate=0.25, briefings_read=1)
        self._find(self.council)
        self._set_figures(self.council, informed_rate=0.4, briefings_read=2, briefings_due=5)
        self._find(self.council)
        pitfall = self._pitfall("uninformed")
        self.assertIn("2 of 5", pitfall.reasons)
        self.assertEqual((pitfall.value, pitfall.before), (0.4, 0.25))

    def test_severity(self):
        """Open pitfalls times the largest vote weight (L39)."""
        self._set_figures(self.council, **ABSENT, **TURNOVER, vote_weight=3)
        other = self._create_member("Test other")
        self._set_figures(other, continuity=0.2, informed_rate=0.2, validity_rate=0.2)
        self._find(self.council, other)
        self.assertEqual(self.council.pitfall_severity, 6)
        self.assertEqual(other.pitfall_severity, 3)
        found = self.Pitfall.search([("partnership_id", "=", self.partnership.id)])
        self.assertEqual(found.mapped("severity"), [6, 6, 3, 3, 3], "the gravest first")
        # A weight that changes, and a pitfall that closes
        self._set_figures(self.council, **ABSENT, **TURNOVER, vote_weight=2)
        self._find(self.council)
        self.assertEqual(self.council.pitfall_severity, 4)
        self._pitfall("turnover")._dismiss("Test reason")
        self.assertEqual(self.council.pitfall_severity, 2)
        self.assertEqual(self._pitfall("absent").severity, 2)
        self.assertEqual(self.council.pitfall_count, 1)

    def test_left_closes_and_coming_back_begins_anew(self):
        self._set_figures(self.council, **ABSENT)
        self._find(self.council)
        self.council.with_context(transition_reason="Test")._end_what_hangs_on_it("2024-06-10")
        self.council.date_end = "2024-06-10"
        self._find(self.council)
        pitfall = self._pitfall()
        self.assertEqual((pitfall.state, pitfall.close_kind), ("closed", "left"))
        self.assertEqual(self.council.pitfall_severity, 0)
        again = self._create_member(self.council.partner_id, date_start="2024-06-12")
        self._set_figures(again)
        self._find(self.council, again)
        self.assertFalse(again.pitfall_ids)
        self.assertEqual(pitfall.state, "closed")

    def test_no_longer_formal(self):
        self._set_figures(self.council, **ABSENT)
        self._find(self.council)
        self.council.role_id = self.role_informal
        self._find(self.council)
        self.assertEqual(self._pitfall().close_kind, "left")

    def test_closes_by_effect_and_reopens(self):
        with freeze_time("2024-01-10"):
            self._set_figures(self.council, **ABSENT)
            self._find(self.council)
        pitfall = self._pitfall()
        self.assertEqual((str(pitfall.date_open), pitfall.before), ("2024-01-10", 0.2))
        with freeze_time("2024-03-10"):
            self._set_figures(self.council)
            self._find(self.council)
        self.assertEqual((pitfall.state, pitfall.close_kind), ("closed", "effect"))
        self.assertEqual(str(pitfall.date_closed), "2024-03-10")
        with freeze_time("2024-05-10"):
            self._set_figures(self.council, **{**ABSENT, "presence_rate": 0.1})
            self._find(self.council)
        self.assertEqual(self.council.pitfall_ids, pitfall, "the same record")
        self.assertEqual((pitfall.state, pitfall.reopen_count), ("open", 1))
        self.assertEqual((str(pitfall.date_open), pitfall.before), ("2024-05-10", 0.1))
        self.assertFalse(pitfall.close_kind or pitfall.date_closed)
        history = self._history(pitfall)
        for word in ("Opened:", "Closed: No longer at risk", "Open again:"):
            self.assertIn(word, history)

    def test_dismissed_stays_closed_until_it_was_gone(self):
        self._set_figures(self.council, **ABSENT)
        self._find(self.council)
        pitfall = self._pitfall().with_user(self.facilitator)
        wizard = self.env["partnership.pitfall.dismiss"].with_user(self.facilitator)
        wizard.create({"pitfall_ids": pitfall.ids, "reason": "Test season"}).action_apply()
        self._find(self.council)
        self.assertEqual((pitfall.state, pitfall.close_kind), ("closed", "dismissed"))
        self.assertIn("Test season", self._history(pitfall))
        self._set_figures(self.council)
        self._find(self.council)
        self._set_figures(self.council, **ABSENT)
        self._find(self.council)
        self.assertEqual((pitfall.state, pitfall.reopen_count), ("open", 1))

    def test_dismissal_taken_back(self):
        self._set_figures(self.council, **ABSENT)
        self._find(self.council)
        pitfall = self._pitfall()
        pitfall._dismiss("Test season")
        pitfall.with_user(self.facilitator).action_reopen()
        self.assertEqual((pitfall.state, pitfall.before), ("open", 0.2))
        self._set_figures(self.council)
        self._find(self.council)
        with self.assertRefused("not dismissed", exception=Exception):
            pitfall.action_reopen()

    def test_nothing_changes_nothing_is_written(self):
        self._set_figures(self.council, **ABSENT)
        self._find(self.council)
        pitfall = self._pitfall()
        messages, written = pitfall.message_ids, pitfall.write_date
        self._find(self.council)
        self.assertEqual((pitfall.message_ids, pitfall.write_date), (messages, written))

    def test_queries_do_not_grow(self):
        counts = []
        for number in (2, 3, 40):
            members = self.env["partnership.membership"].union(
                *(self._create_member(f"Test member {number} {each}") for each in range(number))
            )
            for member in members:
                self._set_figures(member, **ABSENT, **TURNOVER)
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._find(members)
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(members.mapped("pitfall_severity"), [2] * number)
        growth = self._growth_of_activities(3, 40)
        self.assertLessEqual(counts[2], counts[1] + 3 + growth, counts)
