from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .calendar_event import KIND_DEFAULTS


class CalendarEvent(models.Model):
    """What a meeting is for: its tool and its need.

    Every event of a partnership has them, and no other event of the database. Figures rest on
    those of a closed meeting.
    """

    _inherit = "calendar.event"

    def _settle_kind(self):
        """Whatever was sent along: empty without a partnership, and never empty with one."""
        fnames = (*KIND_DEFAULTS, "partnership_state")
        meetings = self.sudo().filtered("partnership_id")
        wrong = (self.sudo() - meetings).filtered(lambda event: any(event[name] for name in fnames))
        if wrong:
            wrong.write(dict.fromkeys(fnames, False))
        for fname, value in KIND_DEFAULTS.items():
            lacking = meetings.filtered(lambda event, fname=fname: not event[fname])
            if lacking:
                lacking.write({fname: value})

    def _check_kind(self, vals):
        """The system corrects what a closed meeting was for; nobody else rewrites the past."""
        changed = self._filtered_changed(vals, KIND_DEFAULTS).filtered(
            lambda event: event.partnership_state == "closed"
        )
        if changed and not self.env.su:
            raise UserError(
                self.env._(
                    "The sheet of “%(event)s” of %(date)s is closed, and figures rest on its tool "
                    "and need: they stay. Of a series, use “This and following”, from the first "
                    "one not held.",
                    event=changed[0].display_name,
                    date=format_date(self.env, changed[0].partnership_date),
                )
            )
