from odoo import api, fields, models
from odoo.exceptions import UserError


class PartnershipBody(models.Model):
    """How the body decides."""

    _inherit = "partnership.body"

    rule_ids = fields.One2many("partnership.decision.rule", "body_id", "Rules of Decision")
    default_rule_id = fields.Many2one(
        "partnership.decision.rule", "Rule", compute="_compute_default_rule_id"
    )
    decision_ids = fields.One2many("partnership.decision", "body_id", "Decisions")
    decision_count = fields.Integer(compute="_compute_decision_count")

    @api.depends("rule_ids.sequence", "rule_ids.active")
    def _compute_default_rule_id(self):
        for body in self:
            body.default_rule_id = body.rule_ids.sorted()[:1]

    @api.depends("decision_ids")
    @api.depends_context("uid")
    def _compute_decision_count(self):
        counts = dict(
            self.env["partnership.decision"]._read_group(
                [("body_id", "in", self.ids)], ["body_id"], ["__count"]
            )
        )
        for body in self:
            body.decision_count = counts.get(body._origin, 0)

    @api.model_create_multi
    def create(self, vals_list):
        bodies = super().create(vals_list)
        bodies._add_default_rules()
        return bodies

    def _add_default_rules(self):
        """A decision body decides by simple majority with its ceiling, another without."""
        lacking = self.filtered(lambda body: not body.sudo().rule_ids)
        self.env["partnership.decision.rule"].sudo().create(
            [
                {
                    **self._get_ready_made()["majority"],
                    "body_id": body.id,
                    "balance": "ceiling" if body.level == "decision" else "none",
                }
                for body in lacking
            ]
        )

    @api.model
    def _get_ready_made(self):
        """:return: dict kind -> values of a rule that bodies often have"""
        return {
            "majority": {"name": self.env._("Simple majority")},
            "two_thirds": {
                "name": self.env._("Two thirds"),
                "threshold_type": "least",
                "threshold_numerator": 2,
                "threshold_denominator": 3,
            },
            "no_objection": {
                "name": self.env._("No objection"),
                "threshold_type": "no_objection",
            },
            "project_selection": {
                "name": self.env._("LEADER project selection"),
                "balance": "ceiling",
                "is_half_non_public": True,
                "declaration_required": True,
            },
            "one_voice": {
                "name": self.env._("One voice per group"),
                "by_group": "one_voice",
                "tie": "repeat",
            },
        }

    def action_add_rule(self):
        """Add the ready-made rule that the context names as ``rule_kind``, unless there is one of
        its name, and show it."""
        self.ensure_one()
        self.check_access("write")
        self._take_turns()
        ready_made = self._get_ready_made()
        kind = self.env.context.get("rule_kind")
        if kind not in ready_made:
            raise UserError(
                self.env._(
                    "Choose one of the ready-made rules: %(kinds)s.",
                    kinds=", ".join(values["name"] for values in ready_made.values()),
                )
            )
        name = ready_made[kind]["name"]
        known = self.rule_ids.filtered(lambda rule: rule.name == name)[:1]
        rule = known or self.env["partnership.decision.rule"].create(
            {
                **ready_made[kind],
                "body_id": self.id,
                "sequence": max(self.rule_ids.mapped("sequence"), default=0) + 10,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": rule._name,
            "res_id": rule.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_open_decisions(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_decision_action"
        )
        return {**action, "domain": [("body_id", "=", self.id)]}
