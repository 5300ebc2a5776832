from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date


class PartnershipMandate(models.Model):
    """Who spoke for a member at a meeting is history."""

    _inherit = "partnership.mandate"

    def write(self, vals):
        self._check_used(vals)
        return super().write(vals)

    def _check_used(self, vals):
        """Who spoke for a member in the past is history: that never becomes somebody else."""
        used = self._filtered_changed(vals, ["person_id", "seat_id"])._filtered_used()
        if used:
            raise UserError(
                self.env._(
                    "%(mandate)s (%(dates)s) was used at meetings and stays as it is: end it, and "
                    "begin another one for whoever follows.",
                    mandate=used[0].display_name,
                    dates=used[0]._format_period(),
                )
            )

    def _filtered_used(self):
        """:return: the mandates that a row of a sheet rests on, or that held at a closed meeting
        at which their seat was expected, whoever came"""
        Attendance = self.env["partnership.attendance"].sudo()
        own = Attendance._read_group([("mandate_id", "in", self.ids)], ["mandate_id"])
        used = {mandate.id for (mandate,) in own}
        held = Attendance._read_group(
            Domain("seat_id", "in", self.seat_id.ids)
            & Domain("event_id.partnership_state", "=", "closed"),
            ["seat_id", "date:day"],
        )
        days = defaultdict(list)
        for seat, day in held:
            days[seat.id].append(day)
        return self.filtered(
            lambda mandate: (
                mandate.id in used
                or any(mandate._valid_on(day) for day in days[mandate.seat_id.id])
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_recorded(self):
        Attendance = self.env["partnership.attendance"].sudo()
        used = Attendance.search([("mandate_id", "in", self.ids)], limit=1).mandate_id
        if used:
            raise UserError(
                self.env._(
                    "%(mandate)s was used at meetings: end the mandate instead of deleting it.",
                    mandate=used.display_name,
                )
            )

    def _check_can_take_back(self):
        result = super()._check_can_take_back()
        self._check_no_meeting_since()
        return result

    def _check_no_meeting_since(self):
        """A meeting that was closed since then has recorded who held the seat and who did not."""
        held = self.env["calendar.event"].search(
            [
                ("partnership_body_id", "in", self.body_id.ids),
                ("partnership_state", "=", "closed"),
                ("partnership_date", ">", min(self.mapped("date_end"), default=False)),
            ],
            order="start",
        )
        for mandate in self:
            since = held.filtered(
                lambda event, own=mandate: (
                    event.partnership_body_id == own.body_id
                    and event.partnership_date > own.date_end
                )
            )
            if since:
                raise UserError(
                    self.env._(
                        "%(mandate)s: the sheet of “%(meeting)s” of %(date)s was closed since. "
                        "Give a new mandate from today on instead.",
                        mandate=mandate.display_name,
                        meeting=since[0].name,
                        date=format_date(self.env, since[0].partnership_date),
                    )
                )
