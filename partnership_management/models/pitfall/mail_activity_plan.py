from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

PITFALL = "partnership.pitfall"


class MailActivityPlan(models.Model):
    """The library of mechanisms against pitfalls (L40)."""

    _name = "mail.activity.plan"
    _inherit = ["mail.activity.plan", "partnership.guarded.mixin"]

    answers_absent = fields.Boolean("Absent")
    answers_irregular = fields.Boolean("Irregular")
    answers_uninformed = fields.Boolean("Ill-informed")
    answers_unrepresentative = fields.Boolean("Unrepresentative")
    answers_turnover = fields.Boolean("Turnover")

    def _answers(self, kind):
        """:return: whether the plan is a mechanism against pitfalls of this kind"""
        return self[f"answers_{kind}"]

    def action_answer_pitfall(self):
        """Plan this mechanism for the pitfall on whose form it is listed."""
        self.ensure_one()
        return self.env[PITFALL].browse(self.env.context["partnership_pitfall_id"])._plan(self)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_planned(self):
        planned = self.env[PITFALL].sudo().search([("mechanism_plan_id", "in", self.ids)], limit=1)
        if planned:
            raise UserError(
                self.env._(
                    "%(plan)s was planned against pitfalls, whose effect is measured: archive it "
                    "instead of deleting it.",
                    plan=planned.mechanism_plan_id.name,
                )
            )


class MailActivityPlanTemplate(models.Model):
    _name = "mail.activity.plan.template"
    _inherit = ["mail.activity.plan.template", "partnership.guarded.mixin"]

    responsible_type = fields.Selection(
        selection_add=[("partnership", "Responsible of the partnership")],
        ondelete={"partnership": "cascade"},
    )

    @api.constrains("plan_id", "responsible_type")
    def _check_responsible_partnership(self):
        for template in self:
            if template.responsible_type == "partnership" and template.plan_id.res_model != PITFALL:
                raise ValidationError(
                    self.env._(
                        "“%(step)s”: only a plan against pitfalls knows the responsible of the "
                        "partnership.",
                        step=template.summary or template.activity_type_id.name,
                    )
                )

    def _determine_responsible(self, on_demand_responsible, applied_on_record):
        if self.responsible_type != "partnership":
            return super()._determine_responsible(on_demand_responsible, applied_on_record)
        user = applied_on_record.partnership_id._get_alert_user()
        return {"responsible": user or self.env.user, "error": False, "warning": False}
