from odoo import fields, models
from odoo.tools import format_date


class PartnershipCompositionDate(models.TransientModel):
    """Choose the day of which the composition is shown."""

    _name = "partnership.composition.date"
    _description = "Composition on a Date"

    date = fields.Date(required=True, default=fields.Date.context_today)
    partnership_id = fields.Many2one(
        "partnership.partnership",
        default=lambda self: (
            self.env.context.get("active_id")
            if self.env.context.get("active_model") == "partnership.partnership"
            else False
        ),
        help="Empty: all partnerships that you work with.",
    )

    def action_open(self):
        """Open who was member that day, on which seat, represented by whom."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_composition_report_action"
        )
        action["name"] = self.env._(
            "Composition on %(date)s", date=format_date(self.env, self.date)
        )
        action["display_name"] = action["name"]
        action["context"] = {
            "as_of": fields.Date.to_string(self.date),
            "search_default_group_body": 1,
        }
        if self.partnership_id:
            action["domain"] = [("partnership_id", "=", self.partnership_id.id)]
        return action
