from odoo import models
from odoo.fields import Domain


class ResUsers(models.Model):
    _inherit = "res.users"

    def _domain_own_memberships(self):
        """What is the user's own: the memberships of its contact and of its organisation, in every
        partnership; those of another organisation in the partnerships in which the user holds a
        mandate for it today, and nowhere else.

        An organisation that has left keeps its own past, and who speaks for it no longer loses it.
        What a portal user sees hangs on it: read with the rights of the system.

        :return: Domain of partnership.membership
        """
        self.ensure_one()
        own = [Domain("partner_id", "in", (self.partner_id | self.commercial_partner_id).ids)]
        Mandate = self.env["partnership.mandate"].sudo()
        mandates = Mandate.search(
            Domain("person_id", "=", self.partner_id.id) & Mandate._domain_valid_today()
        )
        for partnership, held in mandates.grouped("partnership_id").items():
            own.append(
                Domain("partnership_id", "=", partnership.id)
                & Domain("partner_id", "in", held.organisation_id.ids)
            )
        return Domain.OR(own)
