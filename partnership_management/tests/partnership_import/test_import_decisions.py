from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .import_common import ImportCase

HEADER = ["Date", "Body", "Title", "Voter", "Vote", "Outcome"]
COUNTS = ["Date", "Title", "Group", "Yes", "No", "Abstained", "Not voted", "Outcome"]
DAY = "2024-05-06"


class ImportDecisionsCase(ImportCase):
    """A board of two councils, two firms and a person that is a member by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.body.quorum_type = "none"
        cls.rule = cls.body.rule_ids
        cls.rule.balance = "none"
        cls.firm.interest_group_id = cls.group_economic
        cls.mill = cls._create_member("Test Mill", group=cls.group_economic)
        cls.citizen = cls._create_person("Cora Citizen")
        cls.seats += cls._create_seat(cls.mill)
        cls.seats += cls._create_seat(cls._create_member(cls.citizen, group=cls.group_civil))

    def _start(self, content, **values):
        return super()._start(content, **{"kind": "decisions", **values})

    def _vote(self, voter, vote, title="New premises", outcome="", day=DAY):
        return [day, "Test board", title, voter, vote, outcome]

    def _preview(self, content, **values):
        wizard = self._match(content, **values)
        wizard.action_accept_all()
        wizard.action_preview()
        return wizard

    def _find(self, *titles):
        return self.env["partnership.decision"].search([("name", "in", titles)], order="name")

    def _get_choices(self, decision):
        """:return: list of the choices of ``self.seats``"""
        choices = {vote.seat_id: vote.choice for vote in decision.last_vote_ids}
        return [choices.get(seat) for seat in self.seats]

    def _get_messages(self, wizard):
        return [line.message or "" for line in wizard.line_ids]


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestImportDecisions(ImportDecisionsCase):
    def test_votes(self):
        rows = [
            HEADER,
            self._vote("Council of Testville", "for", outcome="passed"),
            self._vote("Test Firm Ltd", "Against"),
            self._vote("Test Mill", "JA"),
            self._vote("Cora Citizen", "Enthaltung"),
        ]
        wizard = self._preview(rows)
        self.assertEqual(self._states(wizard), ["take"] * 4)
        self.assertFalse(self._find("New premises"), "nothing is written by a preview")
        self.assertFalse(any(self._get_messages(wizard)), "the outcome is the one of the list")
        self.assertEqual(wizard.decision_line_ids, wizard.line_ids[0])
        self.assertEqual(wizard.line_ids[0].outcome, "adopted")
        self.assertEqual(wizard.line_ids[0].subject, "2024-05-06 · New premises")
        wizard.action_import()
        decision = self._find("New premises")
        self.assertEqual(self._states(wizard), ["taken"] * 4)
        self.assertEqual(wizard.line_ids.decision_id, decision)
        self.assertEqual(self._get_choices(decision), ["yes", "no", "yes", "abstained"])
        self.assertRecordValues(
            decision,
            [
                {
                    "body_id": self.body.id,
                    "rule_id": self.rule.id,
                    "origin": "recorded",
                    "event_id": False,
                    "state": "closed",
                    "outcome": "adopted",
                    "number": 1,
                    "year": 2024,
                }
            ],
        )
        self.assertEqual(str(decision.date), DAY)
        self.assertIn("list.csv", decision.message_ids.body)

    def test_outcome_that_differs(self):
        """Both are shown and noted; the one by the rule counts."""
        rows = [
            HEADER,
            self._vote("Council of Testville", "yes", outcome="Rejected <b>"),
            self._vote("Test Firm Ltd", "no", outcome=""),
            self._vote("Test Mill", "yes", outcome="rejected <b>"),
        ]
        wizard = self._match(rows)
        wizard.word_ids.filtered(lambda word: word.column == "outcome").outcome = "refused"
        wizard.action_preview()
        told = "The list says “Rejected <b>”; by the rule: Adopted."
        self.assertEqual(self._get_messages(wizard), [told, "", ""])
        wizard.action_import()
        self.assertEqual(wizard.line_ids[0].message, told)
        decision = self._find("New premises")
        self.assertEqual(decision.outcome, "adopted")
        self.assertIn("Rejected &lt;b&gt;", decision.message_ids.body)
        self.assertIn("by the rule: Adopted.", decision.message_ids.body)

    def test_counts(self):
        """Also as a workbook, with more votes than the body has seats."""
        rows = [
            COUNTS,
            [DAY, "New roof", "Test councils", 7, 1, "", 2, "refused"],
            [DAY, "New roof", "test firms", 0, 3, 1, None, "refused"],
            [DAY, "Old roof", "", 1, 1, None, None, "refused"],
        ]
        wizard = self._preview(self._xlsx(*rows), filename="list.xlsx")
        self.assertEqual(self._states(wizard), ["take"] * 3)
        self.assertIn("14 votes are stated, and Test board had 4 seats", wizard.line_ids[0].message)
        self.assertIn("by the rule: Adopted", wizard.line_ids[0].message)
        self.assertFalse(wizard.line_ids[1].message)
        wizard.action_import()
        new, old = self._find("New roof", "Old roof")
        self.assertEqual((new.outcome, old.outcome), ("adopted", "refused"))
        self.assertEqual((new.number, old.number), (1, 2))
        self.assertFalse(new.vote_ids)
        councils, firms = new.count_ids.sorted("yes", reverse=True)
        self.assertEqual(
            (councils.interest_group_id, councils.yes, councils.no, councils.not_voted),
            (self.group_public, 7, 1, 2),
        )
        self.assertEqual(
            (firms.interest_group_id, firms.yes, firms.no, firms.abstained),
            (self.group_economic, 0, 3, 1),
        )
        self.assertFalse(old.count_ids.interest_group_id)

    def test_counts_by_sector(self):
        """Groups of one sector are added up, and the same file is found again."""
        other = self.group_public.copy({"name": "Test schools"})
        self.rule.group_by = "sector"
        rows = [
            COUNTS,
            [DAY, "New roof", "Test councils", 2, 1, "", "", ""],
            [DAY, "New roof", other.name, 3, 1, "", "", ""],
        ]
        self.assertEqual(self._states(self._import(rows)), ["taken"] * 2)
        count = self._find("New roof").count_ids
        self.assertEqual((count.sector, count.yes, count.no), ("public", 5, 2))
        self.assertEqual(self._states(self._import(rows)), ["already"] * 2)

    def test_words(self):
        """As people write them; one that is not known, and the empty one, are asked."""
        words = {
            "yes": ["Yes", "ja", "OUI", "sí", "for", "Pour", "a favor", "in favour"],
            "no": ["No", "nein", "non", "against", "contra", "Contre", "gegen"],
            "abstained": ["abstention", "Abstain", "Enthaltung", "abstención"],
            "recused": ["recused", "befangen"],
            "absent": ["absent", "abwesend"],
            "excused": ["excused", "entschuldigt"],
            "not_voted": ["not voted", "Nicht abgestimmt"],
            "invalid": ["invalid", "ungültig"],
            False: ["perhaps", ""],
        }
        rows = [
            self._vote("Test Mill", word, f"Test {word}", day="2024-05-07")
            for texts in words.values()
            for word in texts
        ]
        wizard = self._match([HEADER, *rows])
        self.assertEqual(
            {word.name: word.vote for word in wizard.word_ids},
            {text: vote for vote, texts in words.items() for text in texts},
        )
        with self.assertRefused("perhaps", exception=UserError):
            wizard.action_preview()
        unknown = wizard.word_ids.filtered(lambda word: not word.vote)
        unknown[0].vote = "no"
        with self.assertRefused("empty in the list", exception=UserError):
            wizard.action_preview()
        unknown[1].vote = "skip"
        wizard.action_preview()
        self.assertEqual((wizard.take_count, wizard.refused_count), (len(rows) - 1, 1))
        wizard.action_import()
        self.assertEqual(self._find("Test perhaps").last_vote_ids.choice, "no")
        self.assertEqual(self._find("Test befangen").last_vote_ids.choice, "recused")

    def test_spelling_is_confirmed_and_remembered(self):
        rows = [
            HEADER,
            self._vote("Testville, council of", "yes"),
            self._vote("Some mill", "no"),
        ]
        wizard = self._match(rows)
        self.assertEqual(wizard.open_count, 2)
        council = self._get_match(wizard, "organisation", "Testville, council of")
        mill = self._get_match(wizard, "organisation", "Some mill")
        self.assertEqual((council.how, mill.how), ("close", "none"))
        self.assertFalse(mill.can_create, "who is created now had no seat")
        mill.decision = "create"
        self.assertFalse(mill.is_settled)
        council.action_accept()
        mill.partner_id = self.mill.partner_id
        wizard.action_preview()
        wizard.action_import()
        self.assertEqual(self._get_choices(self._find("New premises")), ["yes", None, "no", None])
        again = self._match(rows)
        self.assertFalse(again.open_count)

    def test_same_file_twice_changes_nothing(self):
        rows = [
            HEADER,
            self._vote("Council of Testville", "yes"),
            self._vote("Test Firm Ltd", "no"),
            self._vote("Test Mill", "yes", "Other question"),
        ]
        self._import(rows, unlisted="absent")
        decisions = self._find("New premises", "Other question")
        votes = decisions.vote_ids
        before = decisions.read(["outcome", "write_date"]), votes.read(["choice", "write_date"])
        for values in ({}, {"unlisted": "absent"}):
            again = self._import(rows, **values)
            self.assertEqual(self._states(again), ["already"] * 3)
            self.assertFalse(any(self._get_messages(again)))
            self.assertEqual(again.line_ids.decision_id, decisions)
        self.assertEqual(self._find("New premises", "Other question"), decisions)
        self.assertEqual(decisions.vote_ids, votes)
        self.assertEqual(
            (decisions.read(["outcome", "write_date"]), votes.read(["choice", "write_date"])),
            before,
        )
        self.assertEqual([len(each.message_ids) for each in decisions], [1, 1])

    def test_other_votes_are_in_the_register(self):
        """It is said of each line what the register says, and nothing is changed."""
        rows = [
            HEADER,
            self._vote("Council of Testville", "yes"),
            self._vote("Test Mill", "yes"),
            self._vote("Test Firm Ltd", "no"),
        ]
        self._import(rows)
        changed = [*rows[:2], self._vote("Test Mill", "no"), self._vote("Cora Citizen", "yes")]
        wizard = self._import(changed)
        self.assertEqual(self._states(wizard), ["already", "refused", "refused"])
        first, second, third = self._get_messages(wizard)
        self.assertIn("1 votes of it that are not in the list", first)
        self.assertIn("Yes", second)
        self.assertIn("nothing", third)
        self.assertEqual(self._get_choices(self._find("New premises")), ["yes", "no", "yes", None])
        counts = [COUNTS, [DAY, "New premises", "", 2, 1, "", "", ""]]
        self.assertEqual(self._states(self._import(counts)), ["refused"])

    def test_number_tells_decisions_apart(self):
        rows = [
            [*HEADER, "No."],
            [*self._vote("Test Mill", "yes"), "2024-7"],
            [*self._vote("Test Mill", "no"), "2024-8"],
        ]
        wizard = self._start(rows)
        wizard.action_read()
        self.assertEqual(wizard.column_ids[-1].target_decisions, "no")
        wizard.column_ids[-1].target_decisions = "reference"
        wizard.action_match()
        wizard.action_preview()
        wizard.action_import()
        decisions = self._find("New premises (2024-7)", "New premises (2024-8)")
        self.assertEqual(decisions.mapped("outcome"), ["adopted", "refused"])

    def test_seats_not_in_the_list(self):
        """They count nowhere unless the user says that they were absent."""
        self.body.write({"quorum_type": "weight", "quorum_share": 50.0})
        vacant = self._create_seat(self._create_member("Test Vacant"))
        self._import([HEADER, self._vote("Cora Citizen", "yes")])
        self._import([HEADER, self._vote("Cora Citizen", "yes", "Other")], unlisted="absent")
        alone, beside = self._find("New premises", "Other")
        self.assertEqual((alone.outcome, beside.outcome), ("adopted", "no_quorum"))
        self.assertEqual(len(alone.vote_ids), 1)
        self.assertEqual(self._get_choices(beside), ["absent", "absent", "vacant", "yes"])
        self.assertEqual(
            beside.vote_ids.filtered(lambda vote: vote.seat_id == vacant).choice, "vacant"
        )

    def test_rule_is_chosen(self):
        strict = self.rule.copy(
            {"threshold_type": "least", "threshold_numerator": 2, "threshold_denominator": 3}
        )
        other = self._create_body("Test group")
        self._create_seat(self.mill, other)
        rows = [
            HEADER,
            self._vote("Council of Testville", "yes"),
            self._vote("Test Mill", "yes"),
            self._vote("Test Firm Ltd", "no"),
            self._vote("Cora Citizen", "no", outcome="refused"),
            [DAY, "Test group", "New premises", "Test Mill", "yes", ""],
        ]
        self._import(rows, rule_id=strict.id)
        decisions = self._find("New premises")
        self.assertEqual(decisions.rule_id, strict + other.rule_ids)
        self.assertEqual(
            {each.body_id: each.outcome for each in decisions},
            {self.body: "refused", other: "adopted"},
        )
