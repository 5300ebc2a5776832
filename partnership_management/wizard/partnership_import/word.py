from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.actor.partnership_spelling import spelling_key
from ...models.deliberation.partnership_decision import OUTCOMES
from ...models.deliberation.partnership_vote import CHOICES, STATES
from ...tools.attendance import STATUSES
from .text import guess_date_order
from .vocabulary import guess_mode, guess_outcome, guess_status, guess_vote

# What the words of a column are taken for at first, for each kind of list
GUESSES = {
    "attendance": {"status": guess_status, "mode": guess_mode},
    "decisions": {"vote": guess_vote, "outcome": guess_outcome},
}


class PartnershipImportWord(models.TransientModel):
    """A word in the column of the status, the mode, the vote or the outcome, and what it stands
    for."""

    _name = "partnership.import.word"
    _description = "Word of an Imported List"
    _inherit = ["partnership.guarded.mixin"]
    _order = "column desc, count desc, id"
    _transient_max_hours = 72.0

    import_id = fields.Many2one("partnership.import", required=True, index=True, ondelete="cascade")
    column = fields.Selection(
        [
            ("status", "Present or not"),
            ("mode", "In person or remote"),
            ("vote", "Vote"),
            ("outcome", "Outcome as stated"),
        ],
        required=True,
        readonly=True,
    )
    key = fields.Char(readonly=True)
    name = fields.Char("In the List", readonly=True)
    count = fields.Integer("Lines", readonly=True)
    status = fields.Selection(
        [*STATUSES, ("skip", "Leave these lines out")],
        "Stands for",
        help="A word that is not recorded as a status is kept as the reason.",
    )
    mode = fields.Selection(
        lambda self: self.env["partnership.attendance"]._fields["mode"].selection,
        "Stands for (mode)",
    )
    vote = fields.Selection(
        [
            *CHOICES,
            *(state for state in STATES if state[0] != "voted"),
            ("skip", "Leave these lines out"),
        ],
        "Stands for (vote)",
    )
    outcome = fields.Selection(
        OUTCOMES,
        "Stands for (outcome)",
        help="Compared with the outcome by the rule, which is the one that counts.",
    )

    def _get_reason(self):
        """:return: the word itself, where no status says it; so it is not lost"""
        if self.status != "not_recorded":
            return ""
        return self.name or self.env._("empty in the list")


class PartnershipImport(models.TransientModel):
    """What words and dates mean."""

    _inherit = "partnership.import"

    has_modes = fields.Boolean(compute="_compute_has_words")
    has_votes = fields.Boolean(compute="_compute_has_words")
    has_outcomes = fields.Boolean(compute="_compute_has_words")

    @api.depends("word_ids.column")
    def _compute_has_words(self):
        for record in self:
            columns = record.word_ids.mapped("column")
            record.has_modes = "mode" in columns
            record.has_votes = "vote" in columns
            record.has_outcomes = "outcome" in columns

    def _create_words(self):
        """Propose what the words of the columns stand for. What a heading or a total says, which
        is no line of the list, is not asked."""
        vals_list = []
        for column, guess in GUESSES.get(self.kind, {}).items():
            if column not in self._get_positions():
                continue
            texts = [
                cells[column]
                for line, cells in self._get_cells().items()
                if "fault" not in (line.keys or {}) and (cells[column] or column != "outcome")
            ]
            names = {spelling_key(text): text for text in reversed(texts)}
            for key, count in Counter(map(spelling_key, texts)).items():
                vals_list.append(
                    {
                        "import_id": self.id,
                        "column": column,
                        "key": key,
                        "name": names[key],
                        "count": count,
                        column: guess(key),
                    }
                )
        self.env["partnership.import.word"].create(vals_list)

    def _get_words(self, column):
        """:return: dict key -> word"""
        words = self.word_ids.filtered(lambda word: word.column == column)
        return {word.key: word for word in words}

    def _settle_date_order(self, texts):
        """:return: how to read dates: as they tell themselves, else as the user said"""
        order = guess_date_order(texts)
        if not order and not self.date_order:
            raise UserError(
                self.env._(
                    "The dates of the list, such as “%(date)s”, do not tell whether the day or "
                    "the month comes first: choose “Date Order”.",
                    date=next(text for text in texts if not guess_date_order([text])),
                )
            )
        return self.date_order or order
