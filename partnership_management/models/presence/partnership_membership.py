from odoo import api, models
from odoo.exceptions import UserError


class PartnershipMembership(models.Model):
    """What was recorded of a membership stays within its dates, and the membership with it."""

    _inherit = "partnership.membership"

    def write(self, vals):
        self._check_recorded_within(
            vals, "membership_id", self.env["partnership.attendance"]._domain_marked()
        )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_recorded(self):
        kept = self._filtered_recorded()
        if kept:
            raise UserError(
                self.env._(
                    "%(memberships)s took part in meetings: end the membership instead of "
                    "deleting it.",
                    memberships=", ".join(kept.mapped("display_name")),
                )
            )

    def _filtered_recorded(self):
        """:return: the memberships that a row of a sheet is of, whoever may see it"""
        Attendance = self.env["partnership.attendance"].sudo()
        groups = Attendance._read_group([("membership_id", "in", self.ids)], ["membership_id"])
        recorded = {membership.id for (membership,) in groups}
        return self.filtered(lambda membership: membership.id in recorded)
