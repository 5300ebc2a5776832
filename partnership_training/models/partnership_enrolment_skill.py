from odoo import models


class PartnershipEnrolment(models.Model):
    """Who completes a course has its skills; a correction that undoes it takes them back."""

    _inherit = "partnership.enrolment"

    def write(self, vals):
        if not {"state", "result"} & vals.keys():
            return super().write(vals)
        done = self.filtered(lambda enrolment: enrolment.state == "done")
        result = super().write(vals)
        done |= self.filtered(lambda enrolment: enrolment.state == "done")
        self.env["partnership.skill.holding"]._grant(done)
        return result


class PartnershipTrainingSession(models.Model):
    _inherit = "partnership.training.session"

    def _settle(self):
        """The hours of who stays done may have been corrected."""
        result = super()._settle()
        self.env["partnership.skill.holding"]._grant(
            self.enrolment_ids.filtered(lambda enrolment: enrolment.state == "done")
        )
        return result
