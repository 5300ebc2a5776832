from odoo import api, fields, models


class PartnershipPartnership(models.Model):
    _inherit = "partnership.partnership"

    training_session_count = fields.Integer(
        "Training Sessions", compute="_compute_training_session_count"
    )

    @api.depends_context("uid")
    def _compute_training_session_count(self):
        counts = dict(
            self.env["partnership.training.session"]._read_group(
                [("partnership_id", "in", self.ids)], ["partnership_id"], ["__count"]
            )
        )
        for partnership in self:
            partnership.training_session_count = counts.get(partnership._origin, 0)

    def action_open_training_sessions(self):
        return self._action_open("partnership_training.partnership_training_session_action")
