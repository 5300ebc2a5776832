from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .test_import_decisions import COUNTS, DAY, HEADER, ImportDecisionsCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestImportDecisionsRefused(ImportDecisionsCase):
    """Nothing is dropped in silence: of each line it is said what is wrong and what to do."""

    def test_half_good_file(self):
        """A decision is taken with all its lines, or not at all; the others are taken."""
        rows = [
            HEADER,
            ["Public members:", "", "", "", "", ""],
            self._vote("Council of Testville", "yes", "Good"),
            self._vote("Test Mill", "no", "Good"),
            self._vote("Test Mill", "yes", "Half"),
            self._vote("Council of Testville", "yes", "Half", day="31/02/2024"),
            self._vote("Test Mill", "yes", ""),
            [*self._vote("Test Mill", "yes", "Wide"), "", "too", "much"],
            self._vote("Test Firm Ltd", "yes", "Wide"),
        ]
        wizard = self._preview(rows)
        expected = ["refused", "take", "take", *["refused"] * 5]
        self.assertEqual(self._states(wizard), expected)
        messages = self._get_messages(wizard)
        self.assertIn("not a date", messages[0])
        self.assertIn("line 6 of it is refused", messages[3])
        self.assertIn("31/02/2024", messages[4])
        self.assertIn("title is missing", messages[5])
        self.assertIn("cells", messages[6])
        self.assertIn("line 8 of it is refused", messages[7])
        wizard.action_import()
        self.assertEqual(self._states(wizard), ["refused", "taken", "taken", *["refused"] * 5])
        self.assertEqual(self._find("Good", "Half", "Wide", "").mapped("name"), ["Good"])
        header, *lines = self._decode(wizard.refused_file)
        self.assertEqual(len(lines), 6)
        self.assertIn("line 6", lines[1][-1])
        lines = [lines[1], [DAY, *lines[2][1:]]]
        again = self._import([header, *lines])
        self.assertEqual(self._states(again), ["taken", "taken"])
        self.assertEqual(self._get_choices(self._find("Half")), ["yes", None, "yes", None])

    def test_voters_without_seat(self):
        self._create_member("Test Outside")
        self.seats[2].date_start = "2024-05-10"
        self.seats[1].vote_weight = 0
        council = self._create_seat(self.council)
        rows = [
            HEADER,
            self._vote("Test Outside", "yes", "One"),
            self._vote("Test Mill", "yes", "Two"),
            self._vote("Test Firm Ltd", "yes", "Three"),
            self._vote("Council of Testville", "yes", "Four"),
            self._vote("Cora Citizen", "yes", "One"),
            self._vote("", "yes", "Five"),
        ]
        wizard = self._preview(rows)
        self.assertEqual(self._states(wizard), ["refused"] * 6)
        messages = self._get_messages(wizard)
        self.assertIn("Test Outside has no seat in Test board", messages[0])
        self.assertIn("Test Mill had no seat in Test board on 05/06/2024", messages[1])
        self.assertIn("05/10/2024 to …", messages[1])
        self.assertIn("weight is 0", messages[2])
        self.assertIn("2 seats in Test board", messages[3])
        self.assertIn("line 2 of it is refused", messages[4])
        self.assertIn("does not say who voted", messages[5])

        self._create_mandate(council, "Otto Tester")
        rows = [
            [*HEADER, "Person"],
            [*self._vote("Council of Testville", "yes"), "Otto Tester"],
            [*self._vote("Council of Testville", "no"), "Anna Tester"],
            [*self._vote("", "no"), "Cora Citizen"],
        ]
        wizard = self._import(rows)
        self.assertEqual(self._states(wizard), ["taken"] * 3)
        votes = {vote.seat_id: vote for vote in self._find("New premises").last_vote_ids}
        self.assertEqual(
            (votes[council].choice, votes[council].person_id.name), ("yes", "Otto Tester")
        )
        self.assertEqual(votes[self.seats[0]].person_id, self.anna)
        self.assertEqual(votes[self.seats[3]].person_id, self.citizen)

    def test_person_for_several_organisations(self):
        self._create_mandate(self.seats[2], self.bert)
        rows = [
            ["Date", "Title", "Representative", "Vote"],
            [DAY, "One", "Bert Tester", "yes"],
            [DAY, "Two", "Anna Tester", "yes"],
        ]
        wizard = self._import(rows)
        self.assertEqual(self._states(wizard), ["refused", "taken"])
        self.assertIn("Test Firm Ltd, Test Mill", wizard.line_ids[0].message)
        self.assertEqual(self._find("Two").vote_ids.seat_id, self.seats[0])

    def test_lines_that_repeat_or_contradict(self):
        rows = [
            HEADER,
            self._vote("Test Mill", "yes", "One"),
            self._vote("TEST MILL", "ja", "one"),
            self._vote("Test Mill", "yes", "Two"),
            self._vote("Test Mill", "no", "Two"),
            self._vote("Test Firm Ltd", "no", "Two"),
            self._vote("Test Mill", "yes", "Three", "adopted"),
            self._vote("Test Firm Ltd", "yes", "Three", "failed"),
            self._vote("Cora Citizen", "yes", "Three", "passed"),
        ]
        wizard = self._import(rows)
        self.assertEqual(self._states(wizard), ["taken", "already", *["refused"] * 6])
        messages = self._get_messages(wizard)
        self.assertIn("line 2", messages[1])
        self.assertIn("line 5 of it is refused", messages[2])
        self.assertIn("Line 4 says something else", messages[3])
        self.assertIn("line 5 of it is refused", messages[4])
        self.assertIn("Line 7 states another outcome", messages[6])
        self.assertIn("line 8 of it is refused", messages[7])
        self.assertEqual(wizard.line_ids[1].decision_id, self._find("One"))

    def test_left_out_by_the_user(self):
        """Of who is left out the vote is not taken; the others are."""
        rows = [
            HEADER,
            self._vote("Test Mill", "yes"),
            self._vote("Somebody else", "no"),
            self._vote("Test Firm Ltd", "skipped"),
            self._vote("Cora Citizen", "no"),
        ]
        wizard = self._match(rows)
        self._get_match(wizard, "organisation", "Somebody else").decision = "skip"
        wizard.word_ids.filtered(lambda word: word.name == "skipped").vote = "skip"
        wizard.action_preview()
        wizard.action_import()
        self.assertEqual(self._states(wizard), ["taken", "refused", "refused", "taken"])
        for message in self._get_messages(wizard)[1:3]:
            self.assertIn("You left it out", message)
        self.assertEqual(self._get_choices(self._find("New premises")), [None, None, "yes", "no"])

    def test_counts_that_are_none(self):
        rows = [
            COUNTS,
            [DAY, "One", "", "three", "1", "", "", ""],
            [DAY, "Two", "", "-3", "1", "", "", ""],
            [DAY, "Three", "", "99999999999", "1", "", "", ""],
            [DAY, "Four", "", "", "", "", "", ""],
            [DAY, "Five", "Test councils", "3", "1", "", "", ""],
            [DAY, "Five", "Test firms", "2", "1", "", "", ""],
            [DAY, "Five", "", "5", "2", "", "", ""],
            [DAY, "Six", "Test firms", "2", "1", "", "", ""],
            [DAY, "Six", "test firms", "2", "2", "", "", ""],
            [DAY, "Seven", "Test firms", "2", "1", "", "", ""],
        ]
        wizard = self._import(rows)
        self.assertEqual(self._states(wizard), [*["refused"] * 9, "taken"])
        messages = self._get_messages(wizard)
        for text, message in zip(("three", "-3", "99999999999"), messages[:3], strict=True):
            self.assertIn(f"“{text}” is no number of votes", message)
        self.assertIn("counts no vote", messages[3])
        self.assertIn("line 8 of it is refused", messages[4])
        self.assertIn("total", messages[6])
        self.assertIn("Line 9 says something else", messages[8])

    def test_counts_where_seats_have_weights(self):
        """Also what the register refuses is said by the preview, of those that it concerns."""
        self.seats[0].vote_weight = 3
        rows = [
            COUNTS,
            [DAY, "One", "", "3", "1", "", "", ""],
        ]
        self.assertEqual(self._states(self._preview(rows)), ["take"])
        Decision = self.env.registry["partnership.decision"]
        record = Decision._record

        def refuse_one(model, *args):
            if "One" in model.mapped("name"):
                raise ValidationError("One is refused")  # pylint: disable=translation-required
            return record(model, *args)

        self.patch(Decision, "_record", refuse_one)
        wizard = self._preview([*rows, [DAY, "Two", "", "1", "2", "", "", ""]])
        self.assertEqual(self._states(wizard), ["refused", "take"])
        self.assertEqual(wizard.line_ids[0].message, "One is refused")
        wizard.action_import()
        self.assertEqual(self._find("One", "Two").mapped("outcome"), ["refused"])

    def test_day_to_come(self):
        wizard = self._import(
            [HEADER, self._vote("Test Mill", "yes", day="2024-06-16")]
            + [self._vote("Test Mill", "yes", day="2024-06-15")]
        )
        self.assertEqual(self._states(wizard), ["refused", "taken"])
        self.assertIn("still to come", wizard.line_ids[0].message)

    def test_bodies(self):
        """One that is archived, that is unknown, that has no rule, that votes in secret, and one
        of another partnership."""
        old, ruleless, secret = (
            self._create_body(name) for name in ("Test old", "Test ruleless", "Test secret")
        )
        old.active = False
        ruleless.rule_ids.active = False
        secret.rule_ids.visibility = "secret"
        place = self.env["partnership.partnership"].create(
            {"name": "Test place", "user_ids": self.facilitator.ids}
        )
        foreign = self._create_body("Test foreign", partnership_id=place.id)
        names = ("Test old", "Test ruleless", "Test secret", "Test foreign", "")
        rows = [[DAY, name, "Question", "Test Mill", "yes", ""] for name in names]
        wizard = self._match([HEADER, *rows], body_id=False)
        match = self._get_match(wizard, "body", "Test foreign")
        self.assertEqual((match.how, match.can_create), ("none", False))
        match.body_id = foreign
        wizard.action_preview()
        self.assertEqual(self._states(wizard), ["refused"] * 5)
        for word, message in zip(
            ("archived", "no rule", "in secret", "another partnership", "which body"),
            self._get_messages(wizard),
            strict=True,
        ):
            self.assertIn(word, message)
        with self.assertRefused("no body of Test partnership", exception=UserError):
            self._match([HEADER, *rows], body_id=foreign.id)

    def test_columns(self):
        line = [DAY, "Question", "Test Mill", "yes"]
        with self.assertRefused("a vote on each line", exception=UserError):
            self._match([["Date", "Title", "Voter"], line[:3]])
        with self.assertRefused("who voted", exception=UserError):
            self._match([["Date", "Title", "Vote"], [*line[:2], "yes"]])
        with self.assertRefused("choose the body", exception=UserError):
            self._match([["Date", "Title", "Voter", "Vote"], line], body_id=False)
        with self.assertRefused("Votes in favour", "Voter: organisation", exception=UserError):
            self._match([["Date", "Title", "Voter", "Yes", "No"], [*line[:3], 1, 2]])
        with self.assertRefused("Title of the decision", exception=UserError):
            self._match([["Date", "Voter", "Vote"], [DAY, *line[2:]]])

    def test_foreign_user(self):
        rows = [HEADER, self._vote("Test Mill", "yes")]
        with self.assertRefused(exception=AccessError):
            self._start(rows, user=self.stranger).action_read()
        wizard = self._preview(rows)
        with self.assertRefused(exception=AccessError):
            wizard.with_user(self.stranger).action_import()
        self.partnership.user_ids = False
        with self.assertRefused(exception=AccessError):
            wizard.action_import()
        self.assertFalse(self._find("New premises"))

    def test_recorded_by_another_meanwhile(self):
        rows = [HEADER, self._vote("Test Mill", "yes")]
        wizard = self._preview(rows)
        self._import(rows)
        wizard.action_import()
        self.assertEqual(self._states(wizard), ["already"])
        self.assertIn("taken already", wizard.notice)
        self.assertEqual(len(self._find("New premises")), 1)

    def test_work_does_not_grow_with_the_votes(self):
        """A query for each decision, none for each vote."""
        seats = [self._create_seat(self._create_member(f"Test voter {at}")) for at in range(30)]
        self.env.flush_all()

        def count(voters, day):
            rows = [HEADER] + [
                self._vote(seat.partner_id.name, "yes", f"Question {at} of {day}", day=day)
                for at in range(3)
                for seat in voters
            ]
            before = self.cr.sql_log_count
            wizard = self._import(rows)
            self.assertEqual(set(self._states(wizard)), {"taken"})
            return self.cr.sql_log_count - before

        count(seats[:2], "2024-05-01")
        few, many = count(seats[:3], "2024-05-02"), count(seats, "2024-05-03")
        self.assertLess(many - few, 15)
