import base64
import csv
import io
from collections import defaultdict, namedtuple

from odoo import api, fields, models

from ...models.actor.partnership_spelling import spelling_key
from ...models.deliberation.partnership_decision import OUTCOMES
from ...tools.untrusted import FORMULA_STARTS

MAX_CELL = 2_000  # characters; more is no name, but a quotation mark that is not closed

# What becomes of a line: state (take, already, refused), message, what to write, and the row that
# was made or found. A line that repeats another one has the index of that one in ``twin``; the
# first of a decision has its outcome.
Verdict = namedtuple(
    "Verdict", "state message values record twin outcome", defaults=("", None, None, None, False)
)
# Where a line keeps the row that it made or found
ROWS = {"partnership.attendance": "attendance_id", "partnership.decision": "decision_id"}


class PartnershipImportLine(models.TransientModel):
    """One line of the file, as it was typed, and the row that it made or found."""

    _name = "partnership.import.line"
    _description = "Line of an Imported List"
    _inherit = ["partnership.guarded.mixin"]
    _order = "number, id"
    _rec_name = "number"
    _transient_max_hours = 72.0

    import_id = fields.Many2one("partnership.import", required=True, index=True, ondelete="cascade")
    number = fields.Integer("Line", readonly=True, help="In the file.")
    cells = fields.Json(readonly=True, help="The texts of the line, as they were typed.")
    text = fields.Char("In the List", compute="_compute_text")
    fault = fields.Char(readonly=True, help="Why the line cannot be read at all.")
    keys = fields.Json(readonly=True, help="What the line is matched by.")
    state = fields.Selection(
        [
            ("take", "Will be taken"),
            ("taken", "Taken"),
            ("already", "There already"),
            ("refused", "Refused"),
        ],
        "Result",
        readonly=True,
        index=True,
    )
    message = fields.Char("Why", readonly=True)
    attendance_id = fields.Many2one("partnership.attendance", "Row", readonly=True)
    membership_id = fields.Many2one("partnership.membership", readonly=True)
    decision_id = fields.Many2one("partnership.decision", readonly=True)
    subject = fields.Char("Date and Title", compute="_compute_subject")
    outcome = fields.Selection(
        OUTCOMES, "By the Rule", readonly=True, help="Of the decision that begins on this line."
    )

    @api.depends("cells")
    def _compute_text(self):
        for line in self:
            line.text = " · ".join(cell for cell in line.cells or [] if cell.strip())

    @api.depends("keys")
    def _compute_subject(self):
        for line in self:
            keys = line.keys or {}
            line.subject = " · ".join(filter(None, [keys.get("date"), keys.get("title")]))

    def _get_pairs(self):
        """:return: list of (kind, key) of all matches that the line names"""
        keys = self.keys or {}
        kinds = ("meeting", "organisation", "person", "group", "role", "body")
        persons = [keys.get("titular"), *keys.get("alternates", [])]
        return [(kind, keys.get(kind)) for kind in kinds] + [("person", key) for key in persons]


class PartnershipImport(models.TransientModel):
    """The lines of the file, their verdicts, and the reports of them."""

    _inherit = "partnership.import"

    def _create_lines(self, rows):
        self.env["partnership.import.line"].create(
            [
                {
                    "import_id": self.id,
                    "number": number,
                    "cells": cells,
                    "fault": self._find_fault(cells),
                }
                for number, cells in rows[1:]
            ]
        )

    def _find_fault(self, cells):
        """:return: why a line cannot be read at all, or False"""
        width = len(self.column_ids)
        if any(cell.strip() for cell in cells[width:]):
            return self.env._(
                "The line has %(cells)s cells, but the header %(columns)s: a separator or a "
                "quotation mark is wrong.",
                cells=len(cells),
                columns=width,
            )
        longest = max(map(len, cells))
        return longest > MAX_CELL and self.env._(
            "A cell has %(count)s characters, more than %(most)s.", count=longest, most=MAX_CELL
        )

    def _get_cells(self):
        """:return: dict line that can be read -> dict target -> its text, for all that a list of
        this kind may hold; None where no column holds it"""
        positions = self._get_positions()
        return {
            line: defaultdict(
                lambda: None,
                {
                    target: " ".join("".join(line.cells[at : at + 1]).split())
                    for target, at in positions.items()
                },
            )
            for line in self.line_ids
            if not line.fault
        }

    def _write_verdicts(self, plan, done):
        """:param done: the state of lines that the plan takes, ``take`` or ``taken``"""
        groups = defaultdict(self.env["partnership.import.line"].browse)
        for line, verdict in zip(self.line_ids, plan, strict=True):
            state = done if verdict.state == "take" else verdict.state
            groups[state, verdict.message, verdict.outcome] += line
            for record in verdict.record or ():
                fname = ROWS.get(record._name, "membership_id")
                if line[fname] != record:
                    line[fname] = record
        for (state, message, outcome), lines in groups.items():
            lines.write({"state": state, "message": message, "outcome": outcome})

    # ------------------------------------------------------------
    # Reports
    # ------------------------------------------------------------

    def _write_reports(self):
        """One file with the result of all lines; one with the refused ones, to correct and send
        again: the same columns, and why."""
        refused = self.line_ids.filtered(lambda line: line.state == "refused")
        states = dict(self.line_ids._fields["state"]._description_selection(self.env))
        result, why = self.env._("Result"), self._get_why_header()
        self.report_file = self._to_csv(
            self.line_ids, [result, why], lambda line: [states[line.state], line.message or ""]
        )
        self.refused_file = bool(refused) and self._to_csv(
            refused, [why], lambda line: [line.message or ""]
        )

    def _get_why_header(self):
        return self.env._("Why refused")

    def _to_csv(self, lines, headers, extra):
        """:param extra: function line -> list of texts, for ``headers``"""
        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer, delimiter=self.delimiter or ",")
        keep = self._get_own_positions()
        names = [column.name for column in self.column_ids[: len(keep)]]
        writer.writerow(map(self._escape, names + headers))
        for line in lines:
            cells = [line.cells[at] if at < len(line.cells) else "" for at in keep]
            writer.writerow(
                map(self._escape, cells + extra(line) + line.cells[len(self.column_ids) :])
            )
        return base64.b64encode(buffer.getvalue().encode("utf-8-sig"))

    def _get_own_positions(self):
        """:return: positions of the columns less those that an earlier report added at the end"""
        added = {spelling_key(self._get_why_header()), spelling_key(self.env._("Result"))}
        columns = list(self.column_ids)
        while columns and spelling_key(columns[-1].name) in added:
            columns.pop()
        return [column.position for column in columns]

    def _escape(self, cell):
        """A cell that a spreadsheet would take for a formula begins with an apostrophe."""
        return f"'{cell}" if cell.startswith(FORMULA_STARTS) and len(cell) > 1 else cell
