from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..actor.merge_common import MergeCase
from .pitfall_common import ABSENT, TURNOVER, PitfallCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 09:00:00")
class TestPitfallHistory(PitfallCase, MergeCase):
    """What was recorded of a pitfall outlives merges; persons are taken out of its texts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.council = cls.seat.membership_id
        cls.plan = cls._create_plan("Test call")
        cls.older = cls._create_member("Test town", date_start="2023-01-01")
        cls.newer = cls._create_member("Test township")

    def _merge_towns(self):
        self._merge(self.newer.partner_id, into=self.older.partner_id)

    def test_pitfalls_of_two_memberships_become_one(self):
        self._set_figures(self.older, **TURNOVER)
        self._set_figures(self.newer, **ABSENT, **TURNOVER)
        self._find(self.older, self.newer)
        answered = self._pitfall("turnover", self.newer)
        answered._plan(self.plan)
        answered._message_log(body="Test talk")
        self._merge_towns()
        self.assertEqual(self._kinds(self.older), ["absent", "turnover"])
        kept = self._pitfall("turnover", self.older)
        self.assertEqual(kept.mechanism_plan_id, self.plan)
        self.assertEqual(len(kept.activity_ids), 1)
        self.assertIn("Test talk", self._history(kept))
        self.assertEqual(self.older.pitfall_severity, 2)
        pitfalls = self.older.pitfall_ids
        self.assertEqual(pitfalls.partner_id, self.older.partner_id)
        self.assertEqual(set(pitfalls.mapped("severity")), {2})

    def test_open_goes_before_closed(self):
        self._set_figures(self.older, **ABSENT)
        self._set_figures(self.newer, **ABSENT)
        self._find(self.older, self.newer)
        self._pitfall("absent", self.older)._dismiss("Test season")
        self._merge_towns()
        kept = self._pitfall("absent", self.older)
        self.assertEqual((len(kept), kept.state), (1, "open"))
        self.assertIn("Test season", self._history(kept))

    def test_answered_membership_is_not_deleted(self):
        self._set_figures(self.newer, **ABSENT)
        self._find(self.newer)
        self._pitfall("absent", self.newer)._plan(self.plan)
        with self.assertRefused("Test township", "end the membership", exception=UserError):
            self.newer.unlink()
        self._set_figures(self.older, **ABSENT)
        self._find(self.older)
        pitfall = self._pitfall("absent", self.older)
        self.older.unlink()
        self.assertFalse(pitfall.exists())

    def test_anonymised_person_is_in_no_text(self):
        person = self.titular
        self._set_figures(self.council, **ABSENT)
        self._find(self.council)
        pitfall = self._pitfall("absent")
        pitfall._dismiss("Test titular is ill")
        pitfall._message_log(body="Call with Test titular")
        wizard = self.env["partnership.anonymise"].with_user(self.administrator)
        wizard.with_context(active_model="res.partner", active_ids=person.ids).create(
            {}
        ).action_anonymise()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertNotIn("Test titular", pitfall.close_reason)
        self.assertNotIn("Test titular", self._history(pitfall))
        self.assertIn("is ill", pitfall.close_reason)

    def test_history_goes_with_a_membership_entered_by_mistake(self):
        member = self._create_member("Test mistake")
        pitfall = self.env["partnership.pitfall"].create(
            {"membership_id": member.id, "kind": "absent", "date_open": "2024-06-01"}
        )
        pitfall._message_log(body="Test history")
        own = [("model", "=", pitfall._name), ("res_id", "=", pitfall.id)]
        self.assertTrue(self.env["mail.message"].search(own))
        member.unlink()
        self.assertFalse(self.env["mail.message"].search(own))
