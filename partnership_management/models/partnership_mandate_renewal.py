from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class PartnershipMandate(models.Model):
    """The end that a renewal has given to many mandates at once can be taken back, as long as
    nothing rests on it."""

    _inherit = "partnership.mandate"

    renewal_end = fields.Date("Ended by Renewal on", readonly=True, copy=False)
    renewal_end_before = fields.Date("End before the Renewal", readonly=True, copy=False)

    def _end_by_renewal(self, date, kind, reason):
        """End the mandates, and keep when they were to end before."""
        before = self.grouped("date_end")
        self.write({"date_end": date, "end_kind": kind, "end_reason": reason})
        for end, mandates in before.items():
            mandates.sudo().write({"renewal_end": date, "renewal_end_before": end})

    def action_take_back(self):
        """Let the mandates go on that a renewal has ended, all of these or none."""
        self.check_access("write")
        self._check_ended_by_renewal()
        self._check_no_successor()
        self._check_no_meeting_since()
        for end, mandates in self.grouped("renewal_end_before").items():
            values = {} if end else {"end_kind": False, "end_reason": False}
            mandates.write({"date_end": end, **values})
        self.sudo().write({"renewal_end": False, "renewal_end_before": False})

    def _check_ended_by_renewal(self):
        for mandate in self:
            if not mandate.renewal_end or mandate.renewal_end != mandate.date_end:
                raise UserError(
                    self.env._(
                        "%(mandate)s was not ended by a renewal, or its end was changed since: "
                        "correct the mandate itself.",
                        mandate=mandate.display_name,
                    )
                )

    def _check_no_successor(self):
        for mandate in self:
            later = mandate.seat_id.mandate_ids.filtered(
                lambda other, own=mandate: (
                    other.date_start > own.date_end
                    and (other.kind == own.kind == "titular" or other.person_id == own.person_id)
                )
            )
            if later:
                raise UserError(
                    self.env._(
                        "%(mandate)s: %(successor)s has followed (%(dates)s). Delete that mandate "
                        "first, if it was a mistake.",
                        mandate=mandate.display_name,
                        successor=later[0].display_name,
                        dates=later[0]._format_period(),
                    )
                )

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
