from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain


class PartnershipPartnership(models.Model):
    """The company and the clock of a partnership stay once presence is recorded: who reads it
    hangs on the one, on which day it was on the other."""

    _inherit = "partnership.partnership"

    def write(self, vals):
        rests = {"company_id", "tz"} & vals.keys() and not self.env.su
        before = {each: (each.company_id, each.tz) for each in self if rests}
        result = super().write(vals)
        self.filtered(
            lambda each: each in before and (each.company_id, each.tz) != before[each]
        )._check_not_recorded()
        return result

    def _check_not_recorded(self):
        """The system alone changes the company or the clock of what was recorded."""
        Attendance = self.env["partnership.attendance"].sudo()
        domain = Attendance._domain_recorded() & Domain("partnership_id", "in", self.ids)
        counts = Attendance._read_group(domain, ["partnership_id"], ["event_id:count_distinct"])
        for partnership, count in counts:
            raise UserError(
                self.env._(
                    "%(partnership)s has recorded presence (meetings: %(count)s): its company and "
                    "its time zone stay. Archive it, and make a new one for the meetings to come.",
                    partnership=partnership.name,
                    count=count,
                )
            )
