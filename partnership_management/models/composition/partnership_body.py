from odoo import api, fields, models


class PartnershipBody(models.Model):
    _inherit = "partnership.body"

    share_ids = fields.One2many("partnership.body.share", "body_id", "Composition")
    group_share_ids = fields.One2many(
        "partnership.body.share",
        "body_id",
        "Shares of Interest Groups",
        domain=[("dimension", "=", "group")],
    )
    sector_share_ids = fields.One2many(
        "partnership.body.share",
        "body_id",
        "Shares of Sectors",
        domain=[("dimension", "=", "sector")],
    )
    is_over_ceiling = fields.Boolean(
        "One Group over the Ceiling",
        compute="_compute_is_over_ceiling",
        search="_search_is_over_ceiling",
    )

    @api.depends("share_ids.is_over_ceiling")
    def _compute_is_over_ceiling(self):
        for body in self:
            body.is_over_ceiling = any(body.share_ids.mapped("is_over_ceiling"))

    def _search_is_over_ceiling(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("share_ids.is_over_ceiling", "in", value)]

    def action_open_picture(self):
        """Open the profile of the area beside the composition of the body."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_composition_picture_action"
        )
        action["domain"] = [("body_id", "=", self.id)]
        action["context"] = {"search_default_by_group": 1}
        return action
