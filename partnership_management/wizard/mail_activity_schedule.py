from odoo import models


class MailActivitySchedule(models.TransientModel):
    _inherit = "mail.activity.schedule"

    def action_schedule_plan(self):
        """A plan started on pitfalls is their mechanism, wherever it was started from."""
        if self.res_model == "partnership.pitfall":
            self._get_applied_on_records()._set_mechanism(self.plan_id)
        return super().action_schedule_plan()
