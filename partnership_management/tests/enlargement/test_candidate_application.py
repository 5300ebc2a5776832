from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .candidate_common import CandidateCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestCandidateApplication(CandidateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.council = cls._create_member("Test council")
        cls.stage_decision.needs_application = True
        cls.stage_admitted.needs_decision = True
        cls.candidate = cls._create_candidate("Test beekeepers", cls.stage_application)

    def _create_file(self, user, **values):
        return (
            self.env["ir.attachment"]
            .with_user(user)
            .create({"name": "Test statutes.pdf", "raw": b"Test", **values})
        )

    def test_stage_needs_the_application(self):
        with self.assertRefused(
            "Test beekeepers", "Test decision", "motivation or a document", exception=UserError
        ):
            self.candidate.stage_id = self.stage_decision
        self.assertEqual(self.candidate.stage_id, self.stage_application)
        self.candidate.motivation = "<p><br></p>"
        with self.assertRefused("motivation or a document", exception=UserError):
            self.candidate.stage_id = self.stage_decision
        self.candidate.motivation = "<p>Bees need orchards</p>"
        self.candidate.stage_id = self.stage_decision
        self.assertEqual(self.candidate.stage_id, self.stage_decision)

    def test_decision_of_the_register(self):
        """An admission may rest on it: its meeting and day are those of the decision, and it has
        to be adopted."""
        self.candidate.motivation = "<p>Bees need orchards</p>"
        self.candidate.stage_id = self.stage_decision
        seat = self._create_seat(self.council)
        decision = self.env["partnership.decision"].create(
            {"name": "Test admission", "body_id": self.body.id, "date": "2024-05-02"}
        )
        self.candidate.decision_id = decision
        with self.assertRefused("adoption of “Test admission”", exception=UserError):
            self.candidate.stage_id = self.stage_admitted
        decision.balance = "none"
        decision._record({decision: {seat: "yes"}})
        self.candidate.stage_id = self.stage_admitted
        self.assertEqual(str(self.candidate.decision_date), "2024-05-02")
        self.assertEqual(self.candidate.decision_body_id, self.body)
        with self.assertRefused("stays in the register", exception=UserError):
            decision.unlink()

    def test_meeting_of_the_decision(self):
        meeting = self._create_meeting()
        decision = self.env["partnership.decision"].create(
            {"name": "Test admission", "event_id": meeting.id}
        )
        self.candidate.decision_id = decision
        self.assertEqual(self.candidate.decision_event_id, meeting)
        self.assertEqual(self.candidate.decision_date, meeting.partnership_date)

    def test_document_is_an_application(self):
        self.candidate.attachment_ids = self._create_file(self.facilitator)
        self.candidate.stage_id = self.stage_decision
        self.assertEqual(self.candidate.stage_id, self.stage_decision)

    def test_stage_needs_the_decision(self):
        for date in (False, "2024-06-16"):
            self.candidate.decision_date = date
            with self.assertRefused("day on which the body decided", exception=UserError):
                self.candidate.action_admit()
        self.candidate.decision_date = "2024-06-15"
        self.candidate.action_admit()
        self.assertEqual(self.candidate.state, "admitted")

    def test_all_that_is_missing_is_said_at_once(self):
        """Nobody is asked for a reason, and then refused for the file."""
        self.round.action_close()
        self.stage_admitted.needs_application = True
        other = self._create_candidate("Test foresters", self.stage_application)
        cards = self.candidate + other
        for user, word in ((self.officer, "asked for a reason"), (self.facilitator, "an officer")):
            with self.assertRefused(
                "Test beekeepers does not",
                "Test foresters does not",
                "motivation or a document and the day on which the body decided",
                "No enlargement round",
                word,
                exception=UserError,
            ):
                cards.with_user(user).action_admit()
        cards.write({"motivation": "<p>Bees</p>", "decision_date": "2024-06-15"})
        with self.assertRaises(RedirectWarning):
            cards.with_user(self.officer).action_admit()

    def test_today_is_that_of_the_partnership(self):
        self.partnership.tz = "Pacific/Auckland"
        self.candidate.decision_date = "2024-06-16"
        with freeze_time("2024-06-15 13:00:00"):
            self.candidate.action_admit()
        self.assertEqual(self.candidate.state, "admitted")

    def test_one_of_many_without_its_file_stops_all(self):
        others = self._create_candidates(2, stage_id=self.stage_application.id)
        others.motivation = "<p>Test</p>"
        with self.assertRefused("Test beekeepers", exception=UserError):
            (others + self.candidate).stage_id = self.stage_decision
        self.assertEqual(others.stage_id, self.stage_application)

    def test_card_in_its_stage_is_not_asked_again(self):
        candidate = self._create_candidate("Test choir", self.stage_decision)
        candidate.write({"stage_id": self.stage_decision.id, "priority": "1"})
        self.assertEqual(candidate.priority, "1", "registered as it stands")

    def test_informal_candidate_needs_no_application(self):
        candidate = self._create_candidate("Test choir", target_form="informal")
        candidate.action_admit()
        self.assertEqual(candidate.state, "admitted")

    def test_date_of_the_decision_follows_the_meeting(self):
        meeting = self._create_meeting("2024-07-01 16:00:00")
        self.candidate.decision_event_id = meeting
        self.assertEqual(str(self.candidate.decision_date), "2024-07-01")
        self.assertEqual(self.candidate.decision_body_id, self.body)
        meeting.write({"start": datetime(2024, 7, 8, 16), "stop": datetime(2024, 7, 8, 18)})
        self.assertEqual(str(self.candidate.decision_date), "2024-07-08")
        meeting.unlink()
        self.assertFalse(self.candidate.decision_event_id)
        self.assertEqual(str(self.candidate.decision_date), "2024-07-08", "stays on record")

    def test_what_belongs_to_another_partnership(self):
        other = self.partnership.copy({"name": "Test other partnership"})
        member = self._create_member("Test far council", partnership_id=other.id)
        body = self._create_body("Test far board", partnership_id=other.id)
        for values in (
            {"supporter_ids": member.ids},
            {"decision_event_id": self._create_meeting(body=body).id},
        ):
            with self.assertRefused("Test other partnership, not to Test partnership"):
                self.candidate.write(values)
        with self.assertRefused("cannot support itself"):
            self.candidate.supporter_ids = self.candidate.membership_id

    def test_supporter_is_not_deleted(self):
        self.candidate.supporter_ids = self.council
        self.candidate.active = False
        with self.assertRefused("Test council", "Test beekeepers", exception=UserError):
            self.council.unlink()

    def test_supporters_are_merged(self):
        double = self._create_member("Test council (double)")
        other = self._create_candidate("Test choir")
        self.candidate.supporter_ids = self.council + double
        other.supporter_ids = double
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (self.council + double).partner_id.ids, self.council.partner_id
        )
        self.assertFalse(double.exists())
        self.assertEqual(self.candidate.supporter_ids, self.council)
        self.assertEqual(other.supporter_ids, self.council)

    def test_file_is_the_teams(self):
        file = self._create_file(self.facilitator)
        self.candidate.with_user(self.facilitator).attachment_ids = [Command.link(file.id)]
        self.assertEqual((file.res_model, file.res_id), (self.candidate._name, self.candidate.id))
        self.assertEqual(file.with_user(self.officer).raw, b"Test")
        for user in (self.stranger, self.employee, self.portal_user):
            with self.assertRaises(AccessError):
                file.with_user(user).read(["raw"])

    def test_file_of_somebody_else_is_not_added(self):
        file = self._create_file(self.officer)
        with self.assertRaises(AccessError):
            self.candidate.with_user(self.facilitator).attachment_ids = [Command.link(file.id)]

    def test_meeting_shows_its_candidates(self):
        meeting = self._create_meeting("2024-07-01 16:00:00")
        self._refuse(self.candidate)
        self.candidate.decision_event_id = meeting
        self._create_candidate("Test choir").decision_event_id = meeting
        self.assertEqual(meeting.with_user(self.facilitator).partnership_candidate_count, 2)
        self.assertEqual(meeting.with_user(self.stranger).partnership_candidate_count, 0)
        action = meeting.with_user(self.facilitator).action_open_partnership_candidates()
        cards = self.Candidate.with_context(**action["context"]).search(action["domain"])
        self.assertEqual(len(cards), 2)

    def test_next_attempt_has_its_own_file(self):
        self.candidate.write({"motivation": "<p>Test</p>", "decision_date": "2024-06-01"})
        self._refuse(self.candidate)
        attempt = self.Candidate.browse(self.candidate.action_new_attempt()["res_id"])
        self.assertFalse(attempt.motivation or attempt.decision_date)
