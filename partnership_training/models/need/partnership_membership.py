from odoo import api, fields, models

from odoo.addons.partnership_management.tools.groups import TEAM


class PartnershipMembership(models.Model):
    _name = "partnership.membership"
    _inherit = ["partnership.membership", "partnership.need.count.mixin"]

    need_ids = fields.One2many(
        "partnership.training.need", "membership_id", "Training Needs", groups=TEAM
    )

    _need_field = "membership_id"

    @api.ondelete(at_uninstall=False)
    def _unlink_needs(self):
        """What was raised by itself and not answered goes with the membership that raised it;
        any other need keeps it."""
        self.sudo().need_ids._filtered_untouched().unlink()
