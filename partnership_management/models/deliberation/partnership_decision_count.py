from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.outcome import Seats, to_fraction
from ..actor.partnership_interest_group import SECTORS

COUNTS = ("yes", "no", "abstained", "invalid", "not_voted", "absent")


class PartnershipDecisionCount(models.Model):
    """How often a group voted what, where only hands were counted, or the vote was secret.

    Counts are of seats of one weight. Only methods of the decision write here.
    """

    _name = "partnership.decision.count"
    _description = "Count of Votes"
    _inherit = ["partnership.guarded.mixin"]
    _order = "decision_id, interest_group_id, id"

    decision_id = fields.Many2one(
        "partnership.decision", required=True, readonly=True, index=True, ondelete="restrict"
    )
    partnership_id = fields.Many2one(
        related="decision_id.partnership_id", store=True, index=True, precompute=True
    )
    interest_group_id = fields.Many2one(
        "partnership.interest.group", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    sector = fields.Selection(SECTORS, readonly=True)
    weight = fields.Float(default=1.0, readonly=True, help="Of each of the seats.")
    yes = fields.Integer(readonly=True)
    no = fields.Integer(readonly=True)
    abstained = fields.Integer(readonly=True)
    invalid = fields.Integer(readonly=True)
    not_voted = fields.Integer(readonly=True)
    absent = fields.Integer(readonly=True)

    _group_uniq = models.UniqueIndex(
        "(decision_id, COALESCE(interest_group_id, 0), COALESCE(sector, ''))",
        "This group was counted already.",
    )
    _counts_positive = models.Constraint(
        "CHECK (LEAST(yes, no, abstained, invalid, not_voted, absent) >= 0)",
        "A count of votes is not negative.",
    )

    @api.depends("interest_group_id.name", "sector")
    def _compute_display_name(self):
        sectors = dict(self._fields["sector"]._description_selection(self.env))
        for count in self:
            count.display_name = (
                count.interest_group_id.name
                or sectors.get(count.sector)
                or self.env._("Without group")
            )

    @api.constrains("yes", "no", "abstained", "invalid", "not_voted", "absent", "decision_id")
    def _check_seats(self):
        """More hands than seats are there: somebody counted twice."""
        for decision, counts in self.grouped("decision_id").items():
            if decision.origin == "recorded":
                continue
            there = decision._count_voters_by_group()
            for count in counts:
                hands = count.yes + count.no + count.abstained + count.invalid
                if hands > there.get(count._get_group_key(), 0):
                    raise ValidationError(
                        self.env._(
                            "%(group)s: %(hands)s hands, and %(seats)s seats of the group can "
                            "vote in “%(decision)s”. Count again.",
                            group=count.display_name,
                            hands=hands,
                            seats=there.get(count._get_group_key(), 0),
                            decision=decision.name,
                        )
                    )

    @api.model
    def _count(self, decision, hands, add=False):
        """Note what the groups of a decision have chosen.

        :param hands: dict id of the interest group, or sector, or None -> dict of counts
        :param add: to what was counted before, which is replaced otherwise
        """
        fname = "sector" if decision.group_by == "sector" else "interest_group_id"
        known = {count._get_group_key(): count for count in decision.sudo().count_ids}
        for key, counts in hands.items():
            self._check_counts(counts)
            count = known.get(key)
            if count:
                before = {state: count[state] if add else 0 for state in counts}
                count.write({state: before[state] + number for state, number in counts.items()})
        self.sudo().create(
            [
                {
                    "decision_id": decision.id,
                    fname: key,
                    "weight": self._get_one_weight(decision),
                    **counts,
                }
                for key, counts in hands.items()
                if key not in known
            ]
        )

    @api.model
    def _check_counts(self, counts):
        for state, number in counts.items():
            if state not in COUNTS or not isinstance(number, int) or number < 0:
                raise UserError(
                    self.env._(
                        "Count the votes in favour, against and abstained as whole numbers; "
                        "“%(state)s: %(number)s” is no such count.",
                        state=state,
                        number=number,
                    )
                )

    @api.model
    def _get_one_weight(self, decision):
        """:return: the weight that each seat has
        :raises UserError: where seats differ, and neither hands nor secret votes can be counted"""
        weights = set(decision.sudo().last_vote_ids.mapped("weight")) or {1.0}
        if len(weights) > 1:
            raise UserError(
                self.env._(
                    "The seats of %(body)s have different weights: take the votes on "
                    "“%(decision)s” by name. Hands, and secret votes, cannot be counted.",
                    body=decision.body_id.name,
                    decision=decision.name,
                )
            )
        return weights.pop()

    def _get_group_key(self):
        """:return: the id of the interest group, or the sector, or none"""
        self.ensure_one()
        if self.decision_id.group_by == "sector":
            return self.sector or None
        return self.interest_group_id.id or None

    def _get_outcome_seats(self):
        """:return: list of tools.outcome.Seats of what was counted"""
        return [
            Seats(
                state,
                to_fraction(count.weight),
                count._get_group_key(),
                (count.sector or count.interest_group_id.sector) == "public",
                count[state],
            )
            for count in self
            for state in COUNTS
            if count[state]
        ]
