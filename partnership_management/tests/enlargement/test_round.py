from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import html2plaintext

from ..common import PartnershipCase
from .candidate_common import CandidateCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 12:00:00")
class TestRound(PartnershipCase):
    """A round opens, closes and stays as it was."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.round = cls.env["partnership.enlargement.round"].create(
            {
                "name": "Test round",
                "partnership_id": cls.partnership.id,
                "date_start": "2024-06-01",
                "date_end": "2024-06-30",
            }
        )

    def test_open_and_close(self):
        own = self.round.with_user(self.facilitator)
        own.action_open()
        self.assertEqual(str(own.date_opened), "2024-06-15")
        with freeze_time("2024-06-28 23:00:00"):
            own.action_close()
        self.assertEqual(own.state, "closed")
        self.assertEqual(str(own.date_closed), "2024-06-29", "the day in Brussels")

    def test_one_open_at_a_time(self):
        self.round.action_open()
        other = self.round.copy({"name": "Test second"})
        self.assertEqual(other.state, "draft")
        with self.assertRefused("Test partnership", "Test round"):
            other.action_open()
        with self.assertRefused("Test partnership", "Test round"):
            self._open_round(name="Test third")
        self.round.action_close()
        other.action_open()
        elsewhere = self.partnership.copy({"name": "Test other"})
        self._open_round(partnership_id=elsewhere.id)

    def test_closed_is_closed(self):
        self.round.action_open()
        self.round.action_close()
        own = self.round.with_user(self.facilitator)
        for vals in (
            {"state": "open"},
            {"state": "draft"},
            {"date_end": "2024-12-31"},
            {"motive": "opportunity", "opportunity": "Test call"},
        ):
            with self.assertRefused("Test round", exception=UserError):
                own.write(vals)
        own.name = "Test round of June"

    def test_what_was_open_is_not_rewritten(self):
        """Or the door of the partnership would stand open, as before its first round."""
        self.round.action_open()
        own = self.round.with_user(self.facilitator)
        elsewhere = self.partnership.copy({"name": "Test other", "user_ids": self.facilitator.ids})
        for vals in (
            {"date_opened": False},
            {"date_opened": "2020-01-01"},
            {"readiness_signal": "ready"},
            {"partnership_id": elsewhere.id},
        ):
            with self.assertRefused("Test round", exception=UserError):
                own.write(vals)

    def test_a_round_opens_once(self):
        """Cancelled before it opened it may begin again; afterwards there is a new one."""
        self.round.action_cancel()
        self.round.action_draft()
        self.round.action_open()
        self.round.action_cancel()
        with self.assertRefused("Test round", exception=UserError):
            self.round.action_draft()

    def test_opportunity_has_an_event_and_a_window(self):
        with self.assertRefused("Test round"):
            self.round.motive = "opportunity"
        self.round.write({"motive": "opportunity", "opportunity": "Test call"})
        with self.assertRefused("Test round", "06/30/2024", "06/01/2024"):
            self.round.write(
                {"opportunity_date_start": "2024-06-30", "opportunity_date_end": "2024-06-01"}
            )

    def test_dates_the_wrong_way_round(self):
        with self.assertRefused("Test round"):
            self.round.date_end = "2024-05-01"

    def test_written_down_later(self):
        """A round of the past has the days that it says."""
        past = self._open_round(state="closed", date_start="2023-01-01", date_end="2023-03-31")
        self.assertEqual(
            (str(past.date_opened), str(past.date_closed)), ("2023-01-01", "2023-03-31")
        )

    def test_used_round_is_kept(self):
        self.round.copy().with_user(self.officer).unlink()
        self.round.action_open()
        with self.assertRefused("Test round", exception=UserError):
            self.round.with_user(self.officer).unlink()

    def test_reminder_of_the_end(self):
        """Who is responsible closes the round, or sets another last day; no mail is sent."""
        own = self.round.with_user(self.facilitator)
        self.assertFalse(self.round.activity_ids, "a draft does not end")
        mails = self.env["mail.mail"].search_count([])
        own.action_open()
        self.assertEqual(str(self.round.activity_ids.date_deadline), "2024-06-30")
        self.assertEqual(self.round.activity_ids.user_id, self.round.user_id)
        own.write({"date_end": "2024-07-15", "user_id": self.facilitator.id})
        self.assertEqual(str(self.round.activity_ids.date_deadline), "2024-07-15")
        self.assertEqual(self.round.activity_ids.user_id, self.facilitator)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        own.action_close()
        self.assertFalse(self.round.activity_ids)

    def test_foreign_facilitator(self):
        foreign = self.round.with_user(self.stranger)
        for action in (foreign.action_open, foreign.action_close, lambda: foreign.name):
            with self.assertRaises(AccessError):
                action()
        with self.assertRaises(AccessError):
            self.env["partnership.enlargement.round"].with_user(self.stranger).create(
                {"name": "Test foreign", "partnership_id": self.partnership.id}
            )


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 12:00:00")
class TestRoundOutcome(CandidateCase):
    """What a round set out from, and what came of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.round.group_ids = cls.group_civil + cls.group_economic
        cls.candidates = cls._create_candidates(4)
        cls.candidates[:2].action_admit()

    def test_counts(self):
        self._refuse(self.candidates[2])
        self.candidates[3].active = False
        shown = self.round.with_user(self.facilitator)
        self.assertEqual(
            (shown.candidate_count, shown.admitted_count, shown.refused_count, shown.member_count),
            (4, 2, 1, 2),
        )
        self.assertEqual(shown.conversion, 0.5)
        self.assertEqual(shown.reached_group_ids, self.group_civil)
        self.assertEqual(shown.missed_group_ids, self.group_economic)
        for action, count in (
            (shown.action_open_candidates(), 4),
            (shown.action_open_admitted(), 2),
            (shown.action_open_refused(), 1),
            (shown.action_open_members(), 2),
        ):
            Model = self.env[action["res_model"]].with_context(active_test=False)
            self.assertEqual(Model.search_count(action["domain"]), count)

    def test_conversion_needs_three(self):
        self.candidates[2:].with_user(self.env.ref("base.user_root")).unlink()
        self.assertIs(self.round.conversion, False)

    def test_admitted_outside_is_not_admitted_by_the_round(self):
        self.round.action_close()
        self.candidates[2].with_context(outside_reason="Feast").action_admit()
        self.assertEqual((self.round.candidate_count, self.round.admitted_count), (4, 2))

    def test_change_of_representativeness(self):
        lines = self.env["partnership.profile.line"].create(
            [
                {
                    "partnership_id": self.partnership.id,
                    "dimension_id": self.env.ref(
                        "partnership_management.partnership_dimension_group"
                    ).id,
                    "interest_group_id": group.id,
                    "share": share,
                }
                for group, share in (
                    (self.group_public, 0.5),
                    (self.group_civil, 0.5),
                )
            ]
        )
        self.assertTrue(lines)
        self.round.action_close()
        for name in "abcd":
            self._create_member(
                f"Test council {name}", outside_reason="Test"
            )  # 4 public, 2 civil: 100 x (1 - 1/6)
        second = self._open_round(name="Test second")
        self.assertAlmostEqual(second.representativeness_before, 83.33, 2)
        self.assertEqual(second.readiness_signal, "not_now")
        self.assertIn("Maturity", second.readiness_reasons)
        self.assertEqual(str(second.readiness_date), "2024-06-15")
        self.candidates[2:].action_admit()
        self.partnership.invalidate_recordset()
        second.invalidate_recordset()
        self.assertAlmostEqual(second.representativeness_after, 100)
        second.action_close()
        self.assertAlmostEqual(second.representativeness_closed, 100)
        self.assertIn("83.3", second.message_ids[0].body)
        self._create_member("Test late", outside_reason="Test")
        self.partnership.invalidate_recordset()
        self.assertAlmostEqual(second.representativeness_after, 100, msg="as it stood")

    def test_written_down_later_as_it_stood(self):
        self.env["partnership.profile.line"].create(
            {
                "partnership_id": self.partnership.id,
                "dimension_id": self.env.ref(
                    "partnership_management.partnership_dimension_group"
                ).id,
                "interest_group_id": self.group_public.id,
                "share": 1,
            }
        )
        for name, start in (("a", "2020"), ("b", "2020"), ("c", "2020"), ("d", "2023")):
            group = self.group_civil if start == "2023" else self.group_public
            self._create_member(f"Test {name}", group=group, date_start=f"{start}-02-01")
        past = self._open_round(state="closed", date_start="2022-01-01", date_end="2023-03-31")
        self.assertAlmostEqual(past.representativeness_before, 100)
        self.assertAlmostEqual(past.representativeness_closed, 75)
        self.assertEqual(str(past.readiness_date), "2022-01-01")

    def test_days_in_each_stage(self):
        """The median of three cards or more."""
        cards = self.candidates + self._create_candidate("Test late")
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE partnership_candidate
                  SET create_date = now() AT TIME ZONE 'UTC' - INTERVAL '10 days'
                WHERE id = ANY(%s)""",
            [cards.ids],
        )
        self.env.invalidate_all()
        days = html2plaintext(self.round.stage_days).split()
        self.assertEqual(
            " ".join(days),
            "Stage Median days Candidates Test contacted 10 3 Test admitted not enough data 2",
        )
        self._refuse(cards[2:])
        cards[2:].refuse_date = "2024-06-08"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertIn(
            "Test contacted 3 3",
            " ".join(html2plaintext(self.round.stage_days).split()),
            "until they were refused",
        )

    def test_take_in(self):
        self.round.action_close()
        second = self._open_round(name="Test second")
        second.with_user(self.facilitator).action_take_in()
        self.assertEqual(second.candidate_ids, self.candidates[2:])

    def test_number_of_queries_for_many(self):
        rounds = self.round
        for number in range(10):
            rounds += self._open_round(name=f"Test {number}", state="closed", date_end="2020-01-01")
        fnames = ["candidate_count", "conversion", "member_count", "reached_group_ids"]

        def count(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            records.read(fnames)
            return self.cr.sql_log_count - before

        few = count(rounds[:1])
        self.assertLessEqual(count(rounds), few)
