from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, html2plaintext

from ..models.deliberation.partnership_decision_proof_mixin import COUNTED
from ..models.deliberation.partnership_vote import CHOICES

# What is said of the decision itself, and what the outcome rests on
CORRECTED = ("name", "text", "conditions", "chair_id", "date_review")
AS_DECIDED = {
    "compute": "_compute_as_decided",
    "store": True,
    "readonly": False,
    "precompute": True,
}
STATES = [
    ("not_voted", "Not voted"),
    ("recused", "Recused"),
    ("absent", "Absent"),
    ("excused", "Excused"),
]


class PartnershipDecisionCorrect(models.TransientModel):
    """An officer corrects what was written down wrongly of a closed decision. What stood there is
    kept, and the outcome is found anew."""

    _name = "partnership.decision.correct"
    _description = "Correct a Decision"
    _inherit = ["partnership.guarded.mixin"]

    decision_id = fields.Many2one("partnership.decision", required=True, ondelete="cascade")
    body_id = fields.Many2one(related="decision_id.body_id")
    visibility = fields.Selection(related="decision_id.visibility")
    reason = fields.Char(required=True)
    item_id = fields.Many2one(
        "partnership.agenda.item", "Approved under", domain="[('body_id', '=', body_id)]"
    )
    name = fields.Char("Title", **AS_DECIDED)
    text = fields.Html(**AS_DECIDED)
    conditions = fields.Text(**AS_DECIDED)
    chair_id = fields.Many2one("res.partner", "Presided by", **AS_DECIDED)
    date_review = fields.Date("Review on", **AS_DECIDED)
    vote_id = fields.Many2one(
        "partnership.vote",
        "Whose Vote",
        domain="[('decision_id', '=', decision_id), ('is_last', '=', True)]",
        ondelete="cascade",
    )
    choice = fields.Selection(CHOICES + STATES, "Voted")

    @api.depends("decision_id")
    def _compute_as_decided(self):
        for wizard in self:
            for fname in CORRECTED:
                wizard[fname] = wizard.decision_id[fname]

    def action_correct(self):
        self.ensure_one()
        decision = self.decision_id
        decision.check_access("write")
        decision._take_turns()
        if decision.state != "closed":
            raise UserError(
                self.env._(
                    "“%(decision)s” is not closed: nothing of it needs to be corrected.",
                    decision=decision.display_name,
                )
            )
        if not self.name:
            raise UserError(self.env._("A decision has a title."))
        lines = [*self._correct_fields(), *self._correct_vote()]
        if not lines:
            raise UserError(self.env._("Nothing is corrected: change what was wrong."))
        self._note([*lines, *self._correct_outcome()])
        return {"type": "ir.actions.act_window_close"}

    def _correct_fields(self):
        """:return: list of (what, old, new)"""
        decision = self.decision_id
        vals = {
            fname: self._fields[fname].convert_to_write(self[fname], self) for fname in CORRECTED
        }
        changed = [fname for fname in CORRECTED if decision._filtered_changed(vals, [fname])]
        old = {fname: self._say_value(decision, fname) for fname in changed}
        decision.sudo().write({fname: vals[fname] for fname in changed})
        return [
            (
                decision._fields[fname]._description_string(self.env),
                old[fname],
                self._say_value(decision, fname),
            )
            for fname in changed
        ]

    @api.model
    def _say_value(self, decision, fname):
        """:return: what a field says, in plain words"""
        value = decision[fname]
        if not value:
            return ""
        if fname == "text":
            return html2plaintext(value)
        if fname == "date_review":
            return format_date(self.env, value)
        return value.display_name if fname == "chair_id" else value

    def _correct_vote(self):
        """:return: as above"""
        vote = self.vote_id
        if not vote or not self.choice or vote.choice == self.choice:
            return []
        self._check_vote(vote)
        words = dict(vote._fields["choice"]._description_selection(self.env))
        old = words[vote.choice]
        vote.sudo()._set(
            {
                "choice": self.choice,
                "channel": "recorded",
                "cast_on": fields.Datetime.now(),
                "user_id": self.env.uid,
            }
        )
        self.decision_id.sudo().count_ids._check_seats()
        seat = vote.seat_id.display_name
        return [(self.env._("Vote of %(seat)s", seat=seat), old, words[self.choice])]

    def _check_vote(self, vote):
        decision = self.decision_id
        if vote.decision_id != decision or not vote.is_last:
            message = self.env._(
                "%(vote)s: this is not the vote that counts in “%(decision)s”.",
                vote=vote.display_name,
                decision=decision.display_name,
            )
        elif decision.visibility == "secret":
            message = self.env._(
                "The vote on “%(decision)s” was secret: which seat chose what is not known, and "
                "cannot be corrected.",
                decision=decision.display_name,
            )
        elif decision.outcome not in COUNTED:
            message = self.env._(
                "“%(decision)s” was not decided by votes: there is none to correct.",
                decision=decision.display_name,
            )
        else:
            return
        raise UserError(message)

    def _correct_outcome(self):
        """:return: as above"""
        decision = self.decision_id
        if decision.outcome not in COUNTED:
            return []
        decision.invalidate_recordset(["vote_ids", "last_vote_ids"])
        words = dict(decision._fields["outcome"]._description_selection(self.env))
        old, new = decision.outcome, decision._find_outcome().result
        if old == new:
            return []
        decision.sudo().outcome = new
        return [(self.env._("Outcome"), words[old], words[new])]

    def _note(self, lines):
        """:param lines: list of (what, old, new), in words"""
        self.env["partnership.decision.correction"].sudo().create(
            [
                {
                    "decision_id": self.decision_id.id,
                    "date": self.decision_id._get_today(),
                    "user_id": self.env.uid,
                    "reason": self.reason,
                    "item_id": self.item_id.id,
                    "what": what,
                    "old_value": old,
                    "new_value": new,
                }
                for what, old, new in lines
            ]
        )
