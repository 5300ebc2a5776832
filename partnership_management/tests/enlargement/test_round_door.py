from freezegun import freeze_time

from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import Form, HttpCase, tagged

from .candidate_common import CandidateCase

OPEN = {"date_start": "2024-06-01", "date_end": "2024-06-30"}


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 12:00:00")
class TestRoundDoor(CandidateCase):
    """Who comes in while a round is open, and who while none is (L44)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.round.write(OPEN)
        cls.candidates = cls._create_candidates(3, stage_id=cls.stage_application.id)
        cls.as_facilitator = cls.candidates.with_user(cls.facilitator)
        cls.as_officer = cls.candidates.with_user(cls.officer)

    def _assert_shut(self, cards):
        with self.assertRefused("Test partnership", "Test actor 00", exception=UserError):
            cards.action_admit()
        self.candidates.invalidate_recordset()
        self.assertEqual(set(self.candidates.mapped("state")), {"ongoing"})
        self.assertFalse(any(self.candidates.membership_id.mapped("is_formal")))

    def _ask(self, cards):
        """Try as an officer, and fill in what is asked for.

        :return: the dialog that asks for the reason
        """
        with self.assertRaises(RedirectWarning) as warning, self.cr.savepoint():
            cards.write({"stage_id": self.stage_admitted.id})
        _message, action, _button, _context = warning.exception.args
        Wizard = self.env[action["res_model"]].with_user(self.officer)
        return Form(Wizard.with_context(**action["context"]))

    def test_by_the_open_round(self):
        self.as_facilitator.action_admit()
        members = self.candidates.membership_id
        self.assertEqual(self.candidates.round_id, self.round)
        self.assertEqual(members.round_id, self.round)
        self.assertTrue(all(members.mapped("is_formal")))
        self.assertEqual(
            {str(day) for day in self.candidates.mapped("date_admitted")}, {"2024-06-15"}
        )
        self.assertFalse(any(self.candidates.mapped("outside_reason")))

    def test_no_round_covers_the_day(self):
        """Not begun, over by its dates, a draft, closed, cancelled."""
        for dates in (("2024-06-16", "2024-06-30"), ("2024-05-01", "2024-06-14")):
            self.round.write({"date_start": dates[0], "date_end": dates[1]})
            self._assert_shut(self.as_facilitator)
        self.round.write(OPEN)
        self.round.action_close()
        self._assert_shut(self.as_facilitator)
        other = self._open_round(name="Test second", **OPEN)
        other.action_cancel()
        self._assert_shut(self.as_facilitator)
        other = self._open_round(name="Test third", state="draft", **OPEN)
        self._assert_shut(self.as_facilitator)
        other.action_open()
        self.as_facilitator.action_admit()
        self.assertEqual(self.candidates.membership_id.round_id, other)

    def test_the_day_is_that_of_the_partnership(self):
        self.round.date_end = "2024-06-15"
        self.partnership.tz = "Pacific/Auckland"  # the 16th has begun there
        with freeze_time("2024-06-15 12:30:00"):
            self._assert_shut(self.as_facilitator)
        self.partnership.tz = "Pacific/Honolulu"  # still the 15th
        with freeze_time("2024-06-16 09:00:00"):
            self.as_facilitator.action_admit()
        self.assertEqual(str(self.candidates[0].date_admitted), "2024-06-15")

    def test_officer_gives_a_reason(self):
        self.round.action_close()
        dialog = self._ask(self.as_officer)
        dialog.reason = "Vote of 31 May"
        dialog.save().action_apply()
        members = self.candidates.membership_id
        self.assertEqual(set(self.candidates.mapped("state")), {"admitted"})
        self.assertEqual(set(self.candidates.mapped("outside_reason")), {"Vote of 31 May"})
        self.assertEqual(self.candidates.outside_user_id, self.officer)
        self.assertEqual(set(members.mapped("outside_reason")), {"Vote of 31 May"})
        self.assertFalse(members.round_id)
        for record in (*self.candidates, *members, self.partnership):
            logged = record.message_ids.filtered(lambda log: "Vote of 31 May" in log.body)
            self.assertEqual(len(logged), 1, record)
            self.assertEqual(logged.author_id, self.officer.partner_id)
        self.assertIn("Test actor 02", self.partnership.message_ids[0].body)

    def test_reason_is_required(self):
        self.round.action_close()
        with self.assertRaisesRegex(AssertionError, "reason"):
            self._ask(self.as_officer).save()

    def test_a_reason_does_not_open_the_door_to_others(self):
        self.round.action_close()
        forged = self.as_facilitator.with_context(outside_reason="Let me", transition_reason="Do")
        self._assert_shut(forged)
        Wizard = self.env["partnership.candidate.outside"].with_user(self.facilitator)
        self.assertFalse(Wizard.has_access("create"))

    def test_new_card_is_not_made_inside(self):
        self.round.action_close()
        for user in (self.facilitator, self.officer):
            with self.assertRefused("Test late", exception=UserError):
                self.Candidate.with_user(user).create(
                    {
                        "name": "Test late",
                        "partnership_id": self.partnership.id,
                        "stage_id": self.stage_admitted.id,
                        "interest_group_id": self.group_civil.id,
                    }
                )

    def test_informal_participation_is_free(self):
        self.round.action_close()
        candidates = self.as_facilitator
        candidates.write({"stage_id": self.stage_informal.id})
        self.assertEqual(candidates.membership_id.role_id, self.role_informal)
        candidates.write({"stage_id": self.stage_contacted.id, "target_form": "informal"})
        self._assert_shut(candidates)

    def test_informal_admission_outside_is_logged(self):
        self.round.action_close()
        self.candidates.stage_id = self.stage_contacted
        self.candidates.target_form = "informal"
        self.as_officer.with_context(outside_reason="Harvest feast").action_admit()
        self.assertEqual(self.candidates.membership_id.role_id, self.role_informal)
        for record in (self.candidates[0], self.candidates[0].membership_id, self.partnership):
            self.assertIn("Harvest feast", record.message_ids[0].body)

    def test_who_is_in_goes_back_and_forth(self):
        self.as_facilitator.action_admit()
        self.round.action_close()
        self.as_facilitator.write({"stage_id": self.stage_decision.id})
        self.as_facilitator.action_admit()
        self.assertEqual(self.candidates.membership_id.round_id, self.round)

    def test_who_left_asks_again(self):
        self.as_facilitator.action_admit()
        self.round.action_close()
        self.candidates.stage_id = self.stage_decision
        self.candidates.membership_id.date_end = "2024-06-16"
        with (
            freeze_time("2024-06-17 12:00:00"),
            self.assertRefused("Test actor 00", exception=UserError),
        ):
            self.as_facilitator.action_admit()

    def test_cards_join_the_round(self):
        self.assertEqual(self.candidates.round_id, self.round, "made while it was open")
        self.round.action_close()
        late = self._create_candidate("Test late")
        self.assertFalse(late.round_id)
        second = self._open_round(name="Test second", **OPEN)
        self._refuse(late)
        self.assertEqual(late.round_id, second, "decided while it was open")
        self.assertEqual(self.candidates.round_id, self.round)
        self.candidates[0].action_admit()
        self.assertEqual(self.candidates[0].round_id, second)

    def test_round_of_another_partnership(self):
        other = self.partnership.copy({"name": "Test other"})
        with self.assertRefused("Test round"):
            self._create_candidate("Test late", partnership_id=other.id, round_id=self.round.id)

    def test_partnerships_at_once(self):
        """The round of one does not open the door of another."""
        other = self.partnership.copy({"name": "Test other", "user_ids": self.facilitator.ids})
        foreign = self._create_candidate("Test foreign", partnership_id=other.id)
        cards = self.as_facilitator + foreign.with_user(self.facilitator)
        with self.assertRefused("Test other", "Test foreign", exception=UserError):
            cards.action_admit()
        cards.with_user(self.officer).with_context(outside_reason="Feast").action_admit()
        self.assertEqual(set(self.candidates.mapped("outside_reason")), {False})
        self.assertEqual(self.candidates.round_id, self.round)
        self.assertEqual(foreign.outside_reason, "Feast")
        self.assertFalse(foreign.round_id)


@tagged("post_install", "-at_install")
class TestQuestion(HttpCase, CandidateCase):
    """What an officer is asked is no error in the log of Odoo, which fails a test."""

    def setUp(self):
        super().setUp()
        self.round.action_close()
        self.authenticate("test_officer", "test_officer")

    def _call(self, records, method, *args):
        """:return: the error that the web client gets"""
        params = {
            "model": records._name,
            "method": method,
            "args": [records.ids, *args],
            "kwargs": {},
        }
        values = {"jsonrpc": "2.0", "id": 0, "method": "call", "params": params}
        url = f"/web/dataset/call_kw/{records._name}/{method}"
        return self.url_open(url, json=values).json()["error"]["data"]

    def test_door(self):
        card = self._create_candidate("Test beekeepers", self.stage_application)
        error = self._call(card, "action_admit")
        self.assertEqual(error["name"], "odoo.exceptions.RedirectWarning")
        self.assertIn("Test beekeepers", error["message"])

    def test_stage(self):
        early, late = self.env["partnership.stage"].create(
            [{"name": "Test early", "sequence": 1}, {"name": "Test late", "sequence": 2}]
        )
        self.env["partnership.stage.criterion"].create({"name": "Test rules", "stage_id": early.id})
        self.partnership.stage_id = early
        error = self._call(self.partnership, "write", {"stage_id": late.id})
        self.assertEqual(error["name"], "odoo.exceptions.RedirectWarning")
        self.assertIn("Test rules", error["message"])
