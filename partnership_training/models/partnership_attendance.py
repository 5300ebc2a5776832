from odoo import api, fields, models


class PartnershipAttendance(models.Model):
    _inherit = "partnership.attendance"

    enrolment_id = fields.Many2one(
        "partnership.enrolment",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        help="The enrolment through which the person is expected at a training event.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._settle_sessions()
        return rows

    def write(self, vals):
        result = super().write(vals)
        if "status" in vals:
            self._settle_sessions()
        return result

    def _settle_sessions(self):
        """A sheet that is corrected after the session was marked as done corrects who took part."""
        for session in self.event_id.training_session_id:
            if session.state == "done":
                session._settle()
