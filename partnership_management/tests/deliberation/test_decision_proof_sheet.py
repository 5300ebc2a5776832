from io import BytesIO

from lxml import html
from pypdf import PdfReader

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .deliberation_common import DeliberationCase

REPORT = "partnership_management.partnership_decision_proof_sheet"


@tagged("post_install", "-at_install")
class TestDecisionProofSheet(DeliberationCase, HttpCase):
    def _render(self, decisions, user=None):
        report = self.env["ir.actions.report"].with_user(user or self.facilitator)
        content, _format = report._render_qweb_html(REPORT, decisions.ids)
        return html.fromstring(content)

    def _text(self, page):
        return " ".join(page.text_content().split())

    def _table(self, page, name):
        rows = page.xpath(f".//table[contains(@class, 'o_proof_{name}')]/tbody/tr")
        return [[" ".join(cell.text_content().split()) for cell in row] for row in rows]

    def test_adopted(self):
        self._come(0, 3, 5)
        self.seats[6].mandate_ids.date_end = "2024-05-31"
        self._tick(minutes=5)
        decision = self._decide(
            "Test shop",
            text="<p>Shall we?</p>",
            conditions="Test condition",
            chair_id=self.persons[0].id,
            quorum_type="weight",
            quorum_share=30,
        )
        decision.action_open_vote()
        self._vote(decision, yes=(0, 3), no=(5,))
        self._tick(minutes=10)
        decision.action_close_vote()
        page = self._render(decision)
        text = self._text(page)
        for words in (
            "1/2024 Test shop",
            "Test board, Test partnership",
            "Monday, June 3, 2024, 6:35 PM–6:45 PM",
            "Shall we?",
            "Test condition",
            "Adopted",
            "Simple majority (By name): More than half of yes and no votes",
            "Presided by: Person 1",
            "Minutes taken by",
            "Printed on 06/03/2024, 6:45 PM",
        ):
            self.assertIn(words, text)
        self.assertEqual(
            self._table(page, "arithmetic"),
            [
                ["Quorum: 3 of 7 votes represented, 3 needed", "Met"],
                ["In favour: 2 of 3 yes and no votes, 2 needed (more than half)", "Met"],
            ],
        )
        self.assertEqual(
            self._table(page, "groups"),
            [
                ["Test associations", "0", "1", "0", "0", "0", "0", "0", "1", "33.33 %"],
                ["Test councils", "1", "0", "0", "0", "0", "2", "0", "0", "33.33 %"],
                ["Test firms", "1", "0", "0", "0", "0", "1", "0", "0", "33.33 %"],
            ],
        )
        self.assertEqual(
            self._table(page, "seats")[:4],
            [
                ["Test associations"],
                ["Test Choir", "No", "Person 6", "Main representative", "1"],
                ["Test Scouts", "Vacant", "", "", "1"],
                ["Test councils"],
            ],
        )

    def test_overridden_and_corrected(self):
        self._come(0, 1, 3)
        decision = self._close("Test shop", yes=(0, 1), no=(3,), balance="ceiling")
        self.assertIn("Balance not met", self._text(self._render(decision)))
        Override = self.env["partnership.decision.override"].with_user(self.officer)
        Override.create({"decision_id": decision.id, "reason": "Test ruling"}).action_override()
        Correct = self.env["partnership.decision.correct"].with_user(self.officer)
        Correct.create(
            {"decision_id": decision.id, "reason": "Test typo", "name": "Test mill"}
        ).action_correct()
        self._come(3, status="absent")
        page = self._render(decision)
        text = self._text(page)
        for words in (
            "1/2024 Test mill",
            "let the decision stand on 06/03/2024, 6:30 PM",
            ": Test ruling",
            "Presence corrected: 2 of 7 instead of 3",
        ):
            self.assertIn(words, text)
        self.assertIn(
            ["Public sector: 2 of 3 votes cast = 66.67 %, the ceiling is 49 %", "Not met"],
            self._table(page, "arithmetic"),
        )
        [line] = self._table(page, "corrections")
        self.assertEqual(line[1:5], ["Title", "Test shop", "Test mill", "Test typo"])

    def test_names(self):
        """By name only where the rule is open; a recusal is no vote, and is named."""
        self._come(0, 1, 3)
        for visibility, shown in (("open", True), ("group", False), ("secret", False)):
            decision = self._decide(visibility=visibility)
            decision.action_open_vote()
            decision.last_vote_ids.filtered(
                lambda vote: vote.seat_id == self.seats[6]
            ).choice = "recused"
            self._vote(decision, yes=(0,), no=(1, 3))
            decision.action_close_vote()
            page = self._render(decision)
            text = self._text(page)
            self.assertEqual("Person 2" in text, shown, visibility)
            self.assertEqual("Test Bford" in text, shown, visibility)
            self.assertEqual(bool(self._table(page, "seats")), shown)
            self.assertIn("Recused: Test Scouts", text)
            self.assertIn(
                ["Test councils", "1", "1", "0", "0", "0", "1", "0", "0", "66.67 %"],
                self._table(page, "groups"),
            )

    def test_recorded(self):
        """Of which nothing is known but that it was decided."""
        decision = self._decide(event_id=False, body_id=self.body.id, date="2024-02-01")
        decision._record({})
        text = self._text(self._render(decision))
        for words in ("Recorded afterwards", "No votes are recorded", "Nobody voted"):
            self.assertIn(words, text)

    def test_superseded(self):
        self._come(0)
        first, second = self._close("One", yes=(0,)), self._close("Two", yes=(0,))
        first.sudo().superseded_by_id = second
        self.assertIn("Superseded by 2/2024 Two", self._text(self._render(first)))
        self.assertIn("Supersedes 1/2024 One", self._text(self._render(second)))

    def test_hidden_until_closed(self):
        """Whoever prints it while it is open learns no votes."""
        self._come(0)
        decision = self._decide(is_hidden=True)
        decision.action_open_vote()
        self._vote(decision, yes=(0,))
        page = self._render(decision)
        self.assertEqual((self._table(page, "seats"), self._table(page, "groups")), ([], []))
        decision.action_close_vote()
        self.assertTrue(self._table(self._render(decision), "seats"))

    def test_of_a_meeting(self):
        """All in one, in the order of the register."""
        self._come(0)
        second, first = self._decide("Two"), self._decide("One")
        (first | second).action_open_vote()
        first.action_close_vote()
        second.action_close_vote()
        action = self.meeting.with_user(self.facilitator).action_print_decisions()
        self.assertEqual(action["context"]["active_ids"], (first + second).ids)
        page = self._render(first + second)
        self.assertEqual(len(page.xpath("//div[contains(@class, 'o_proof_sheet')]")), 2)
        other = self._create_meeting("2024-07-01 16:00:00")
        with self.assertRefused("no question", exception=UserError):
            other.action_print_decisions()

    def test_foreign_user(self):
        self._come(0)
        decision = self._close(yes=(0,))
        for user in (self.stranger, self.portal_user):
            with self.assertRefused(exception=AccessError):
                self._render(decision, user)

    def test_pdf(self):
        """Many seats go on, on a second page, with the head of the table."""
        for number in range(23):
            self._create_seat(self._create_member(f"Test member {number}"))
        self._come(0)
        decision = self._close("Test shop", yes=(0,))
        report = self.env["ir.actions.report"].with_user(self.facilitator)
        content, _format = report.with_context(force_report_rendering=True)._render_qweb_pdf(
            REPORT, decision.ids
        )
        pages = [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
        self.assertEqual(len(pages), 2)
        self.assertIn("Test shop", pages[0])
        for page in pages:
            self.assertIn("Cast by", page)
        self.assertIn("Minutes taken by", pages[1])
