from odoo import api, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _get_history_fields(self):
        return {**super()._get_history_fields(), "partnership.meeting.log": ["author_id"]}
