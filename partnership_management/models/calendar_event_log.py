from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools.groups import TEAM
from .partnership_meeting_log import SILENT_KINDS


class CalendarEvent(models.Model):
    """The log of a meeting stays with it, and with its team."""

    _inherit = "calendar.event"

    partnership_log_ids = fields.One2many(
        "partnership.meeting.log", "event_id", "Log", copy=False, readonly=True, groups=TEAM
    )

    def _filtered_logged(self):
        """:return: the meetings of which the log says something, whoever may read it"""
        Log = self.env["partnership.meeting.log"].sudo()
        groups = Log._read_group(
            Domain("event_id", "in", self.ids) & Domain("kind", "not in", SILENT_KINDS),
            ["event_id"],
        )
        logged = {event.id for (event,) in groups}
        return self.filtered(lambda event: event.id in logged)

    def _check_not_logged(self):
        """Refuse to delete meetings of which the log says something, or to give it to others."""
        logged = self._filtered_logged().sorted("start")
        if logged:
            raise UserError(
                self.env._(
                    "“%(event)s” of %(date)s stays where it is: its log says who sent apologies "
                    "or what was corrected, and would be lost. Cancel the meeting instead.",
                    event=logged[0].display_name,
                    date=format_date(self.env, logged[0].partnership_date),
                )
            )

    def _filtered_leaving(self, vals):
        """:return: the meetings that ``vals`` take away from their partnership"""
        body = self.env["partnership.body"].sudo().browse(vals.get("partnership_body_id") or ())
        partnership_id = body.partnership_id.id or vals.get("partnership_id")
        if not body and "partnership_id" not in vals:
            return self.browse()
        return self.filtered(lambda event: event.partnership_id.id != (partnership_id or False))

    def _unlink_logs(self):
        """Remove rows that say nothing, of events that are deleted."""
        self._check_not_logged()
        Log = self.env["partnership.meeting.log"].sudo()
        Log.search([("event_id", "in", self.ids)]).unlink()
