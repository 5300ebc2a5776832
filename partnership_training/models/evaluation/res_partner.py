from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _remove_personal_records(self):
        """What somebody answered stays, without the address it was asked at."""
        answers = self.env["survey.user_input"].search(
            [("partner_id", "in", self.ids), ("enrolment_id", "!=", False)]
        )
        answers.write({"email": False, "nickname": False})
        return super()._remove_personal_records()
