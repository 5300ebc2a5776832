from odoo import models


class PartnershipBody(models.Model):
    _inherit = "partnership.body"

    def action_open_picture(self):
        """Open the profile of the area beside the composition of the body."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_composition_picture_action"
        )
        action["domain"] = [("body_id", "=", self.id)]
        action["context"] = {"search_default_by_group": 1}
        return action
