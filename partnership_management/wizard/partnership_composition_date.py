from odoo import api, fields, models
from odoo.tools import format_date


class PartnershipCompositionDate(models.TransientModel):
    """Choose the day of which the composition is shown."""

    _name = "partnership.composition.date"
    _description = "Composition on a Date"
    _inherit = ["partnership.guarded.mixin"]

    date = fields.Date(
        required=True, compute="_compute_date", store=True, readonly=False, precompute=True
    )
    partnership_id = fields.Many2one(
        "partnership.partnership",
        default=lambda self: (
            self.env.context.get("active_id")
            if self.env.context.get("active_model") == "partnership.partnership"
            else False
        ),
        help="Empty: all partnerships that you work with.",
    )

    body_id = fields.Many2one(
        "partnership.body",
        domain="[('partnership_id', '=', partnership_id)]",
        compute="_compute_body_id",
        store=True,
        readonly=False,
        help="Empty: the whole partnership.",
    )
    dimension_id = fields.Many2one(
        "partnership.dimension",
        "By",
        required=True,
        default=lambda self: self.env["partnership.dimension"].search([], limit=1),
    )

    @api.depends("partnership_id")
    def _compute_date(self):
        for wizard in self:
            wizard.date = wizard.date or wizard._get_today()

    @api.depends("partnership_id")
    def _compute_body_id(self):
        for wizard in self:
            if wizard.body_id.partnership_id != wizard.partnership_id:
                wizard.body_id = False

    def action_open(self):
        """Open who was member that day, on which seat, represented by whom."""
        action = self._get_action(
            "partnership_composition_report_action",
            self.env._("Composition on %(date)s", date=format_date(self.env, self.date)),
        )
        if self.body_id:
            action["domain"].append(("body_id", "=", self.body_id.id))
        action["context"]["search_default_group_body"] = 1
        return action

    def action_open_picture(self):
        """Open the area profile beside the composition of that day."""
        return self._get_action_of_body("partnership_composition_picture_action")

    def action_open_shares(self):
        """Open each group with what is wanted, who was a member and who came."""
        return self._get_action_of_body("partnership_composition_share_action")

    def _get_action_of_body(self, xml_id):
        action = self._get_action(
            xml_id,
            self.env._(
                "Profile and Composition on %(date)s", date=format_date(self.env, self.date)
            ),
        )
        action["domain"] += [
            ("body_id", "=", self.body_id.id),
            ("dimension_id", "=", self.dimension_id.id),
        ]
        return action

    def _get_action(self, xml_id, name):
        """:return: the action, as of the day and of the partnership that were chosen"""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(f"partnership_management.{xml_id}")
        here = [("partnership_id", "=", self.partnership_id.id)] if self.partnership_id else []
        return {
            **action,
            "name": name,
            "display_name": name,
            "context": {"as_of": fields.Date.to_string(self.date)},
            "domain": here,
        }
