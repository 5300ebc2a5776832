from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.outcome import Threshold
from ..actor.partnership_interest_group import SECTORS
from .partnership_decision_rule_mixin import THRESHOLD_TYPES


class PartnershipDecisionRuleGroup(models.Model):
    """A group that a rule names, with a threshold of its own; and the copy that a decision keeps.

    Where a rule names groups, no other has a say in its group clause.
    """

    _name = "partnership.decision.rule.group"
    _description = "Group Named by a Rule of Decision"
    _inherit = ["partnership.guarded.mixin"]
    _order = "rule_id, decision_id, id"

    rule_id = fields.Many2one("partnership.decision.rule", index=True, ondelete="cascade")
    decision_id = fields.Many2one(
        "partnership.decision", index="btree_not_null", ondelete="cascade", readonly=True
    )
    partnership_id = fields.Many2one(
        "partnership.partnership",
        compute="_compute_partnership_id",
        store=True,
        index=True,
        precompute=True,
    )
    interest_group_id = fields.Many2one(
        "partnership.interest.group", index=True, ondelete="restrict"
    )
    sector = fields.Selection(SECTORS)
    has_threshold = fields.Boolean("Threshold of Its Own")
    threshold_type = fields.Selection(
        THRESHOLD_TYPES[:2], "In Favour", required=True, default="more"
    )
    threshold_numerator = fields.Integer("Threshold", required=True, default=1)
    threshold_denominator = fields.Integer("Parts", required=True, default=2)

    _rule_or_decision = models.Constraint(
        "CHECK ((rule_id IS NULL) != (decision_id IS NULL))",
        "A group is named by a rule, or by the copy of one.",
    )
    _group_or_sector = models.Constraint(
        "CHECK ((interest_group_id IS NULL) != (sector IS NULL))",
        "Name an interest group, or a sector.",
    )
    _group_uniq = models.UniqueIndex(
        "(COALESCE(rule_id, 0), COALESCE(decision_id, 0), COALESCE(interest_group_id, 0), "
        "COALESCE(sector, ''))",
        "The rule names this group already.",
    )
    _threshold_range = models.Constraint(
        "CHECK (threshold_numerator > 0 AND threshold_denominator > 0 AND ("
        "threshold_numerator < threshold_denominator"
        " OR threshold_type != 'more' AND threshold_numerator = threshold_denominator))",
        "A threshold is a part of the whole, such as 2 of 3 parts; more than the whole is "
        "never reached.",
    )

    @api.depends("rule_id.partnership_id", "decision_id.partnership_id")
    def _compute_partnership_id(self):
        for line in self:
            line.partnership_id = (line.rule_id or line.decision_id).partnership_id

    @api.depends("interest_group_id.name", "sector")
    def _compute_display_name(self):
        sectors = dict(self._fields["sector"]._description_selection(self.env))
        for line in self:
            line.display_name = line.interest_group_id.name or sectors.get(line.sector, "")

    @api.constrains("rule_id", "interest_group_id", "sector")
    def _check_kind(self):
        for line in self.filtered("rule_id"):
            if bool(line.sector) != (line.rule_id.group_by == "sector"):
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” goes by %(by)s: name one of these, not %(group)s.",
                        rule=line.rule_id.name,
                        by=dict(line.rule_id._fields["group_by"]._description_selection(self.env))[
                            line.rule_id.group_by
                        ],
                        group=line.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.rule_id._check_not_used()
        lines.rule_id._check_can_be_met()
        return lines

    def write(self, vals):
        self.rule_id._check_not_used()
        self._check_not_put()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self.rule_id._check_not_used()
        self._check_not_put()

    def _check_not_put(self):
        """What a question was put to the vote by stays."""
        for decision in self.sudo().decision_id:
            if decision.state != "draft":
                raise UserError(
                    self.env._(
                        "“%(decision)s” was put to the vote: the groups that its rule named stay.",
                        decision=decision.display_name,
                    )
                )

    def _get_key(self):
        """:return: how the outcome names the group"""
        self.ensure_one()
        return self.sector or self.interest_group_id.id

    def _get_threshold(self):
        """:return: tools.outcome.Threshold, or None for that of the rule"""
        self.ensure_one()
        if not self.has_threshold:
            return None
        share = Fraction(self.threshold_numerator, self.threshold_denominator)
        return Threshold(share, self.threshold_type == "more")
