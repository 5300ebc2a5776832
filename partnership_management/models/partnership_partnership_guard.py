import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools.groups import OFFICER


class PartnershipPartnership(models.Model):
    """Who works with a partnership and where it belongs is an officer's to say. Its company and
    its clock stay once presence is recorded: whoever reads that, and on which day it was."""

    _inherit = "partnership.partnership"

    is_officer = fields.Boolean(
        compute="_compute_is_officer", help="Whether the user changes what officers alone change."
    )

    @api.depends_context("uid")
    def _compute_is_officer(self):
        self.is_officer = self.env.su or self.env.user.has_group(OFFICER)

    @api.model
    def _add_missing_default_values(self, values):
        values = super()._add_missing_default_values(values)
        self._check_zone(values)
        return values

    @api.model
    def _check_zone(self, vals):
        """Every date of a meeting rests on it, and none can be told in a zone that is not one."""
        if "tz" in vals and str(vals["tz"]) not in pytz.all_timezones_set:
            raise ValidationError(
                self.env._(
                    "“%(zone)s” is not a time zone: choose one of the list.",
                    zone=str(vals["tz"] or "")[:50],
                )
            )

    def _check_own_company(self):
        """Nobody gives a partnership to a company that is not theirs."""
        foreign = self.filtered(lambda each: each.company_id not in self.env.user.company_ids)
        if foreign and not self.env.su:
            raise AccessError(
                self.env._(
                    "%(partnership)s can only belong to a company that you work for.",
                    partnership=foreign[0].sudo().name,
                )
            )

    def _check_not_recorded(self):
        """The system alone changes the company or the clock of what was recorded."""
        Attendance = self.env["partnership.attendance"].sudo()
        domain = Attendance._domain_recorded() & fields.Domain("partnership_id", "in", self.ids)
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
