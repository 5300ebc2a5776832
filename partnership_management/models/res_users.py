from odoo import fields, models
from odoo.fields import Domain


class ResUsers(models.Model):
    _inherit = "res.users"

    def _get_partnership_organisations(self):
        """The user's own contact and organisation, and those for which the user holds a mandate
        today. What a portal user sees hangs on it: read with the rights of the system.

        :return: res.partner
        """
        self.ensure_one()
        Mandate = self.env["partnership.mandate"].sudo()
        mandates = Mandate.search(
            Domain("person_id", "=", self.partner_id.id)
            & Mandate._domain_valid_on(fields.Date.context_today(self))
        )
        return self.partner_id | self.commercial_partner_id | mandates.organisation_id
