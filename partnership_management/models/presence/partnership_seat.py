from odoo import api, models
from odoo.exceptions import UserError


class PartnershipSeat(models.Model):
    """A seat with recorded presence stays where it is."""

    _inherit = "partnership.seat"

    def write(self, vals):
        self._check_recorded_within(
            vals, "seat_id", self.env["partnership.attendance"]._domain_marked()
        )
        moved = self._filtered_changed(vals, ["body_id", "membership_id"])
        if moved._has_record():
            raise UserError(
                self.env._(
                    "Presence is recorded for %(seats)s: end the seat and give a new one.",
                    seats=", ".join(moved.mapped("display_name")),
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_recorded(self):
        if self._has_record():
            raise UserError(
                self.env._(
                    "Presence is recorded for %(seats)s: end the seat instead of deleting it.",
                    seats=", ".join(self.mapped("display_name")),
                )
            )

    def _has_record(self):
        Attendance = self.env["partnership.attendance"].sudo()
        return bool(Attendance.search_count([("seat_id", "in", self.ids)], limit=1))
