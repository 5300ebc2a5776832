from odoo import models


class PartnershipEnrolment(models.Model):
    """Who completes a course has its skills; a correction that undoes it takes them back."""

    _inherit = "partnership.enrolment"

    def _follow_completion(self):
        result = super()._follow_completion()
        self.env["partnership.skill.holding"]._grant(self)
        return result
