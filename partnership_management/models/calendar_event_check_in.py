import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import NO_ACCESS
from odoo.tools import consteq, format_datetime, hmac

OPENS_BEFORE = timedelta(minutes=60)
# Enough of the signature that nobody guesses it, and short enough to be typed from paper
SIGNATURE_LENGTH = 24
TOKEN = re.compile(rf"([1-9][0-9]{{0,8}})-([0-9a-f]{{{SIGNATURE_LENGTH}}})")


class CalendarEvent(models.Model):
    """The check-in code of a meeting: printed on the sign-in sheet, good for this meeting and
    while it takes place.

    The code is signed, not stored: it cannot be read from the calendar, which is open to many. Its
    number is part of what is signed, so that the next number makes another code.
    """

    _inherit = "calendar.event"

    partnership_check_in_number = fields.Integer(
        "Check-in Code Number",
        copy=False,
        readonly=True,
        groups=NO_ACCESS,
    )

    def _get_check_in_token(self):
        self.ensure_one()
        event = self.sudo()
        signature = hmac(
            event.env, "partnership-check-in", (event.id, event.partnership_check_in_number)
        )
        return f"{event.id}-{signature[:SIGNATURE_LENGTH]}"

    def _get_check_in_url(self):
        self.ensure_one()
        place = self.partnership_id.get_base_url()
        return f"{place}/partnership/check-in/{self._get_check_in_token()}"

    @api.model
    def _find_by_check_in_token(self, token):
        """:return: the meeting of a code that is good, with the rights of the system; or none"""
        match = TOKEN.fullmatch(token)
        event = self.sudo().browse(match and int(match[1])).exists()
        if not event.active or not event.partnership_id:
            return event.browse()
        return event if consteq(event._get_check_in_token(), token) else event.browse()

    def action_renew_check_in(self):
        """Make another code: those that are printed or photographed no longer work."""
        self._check_sheet_access()
        self._check_is_meeting()
        for event in self:
            event.sudo().partnership_check_in_number += 1
        text = self.env._("New check-in code: the codes printed so far no longer work.")
        self.env["partnership.meeting.log"]._log("code", dict.fromkeys(self, text))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("New check-in code. Print the sign-in sheet again."),
            },
        }

    def _get_check_in_period(self):
        """:return: (from, to) in UTC: from an hour before the start to the end of the meeting; on
        the days of an all-day one, in the time zone of the partnership"""
        begins, ends = self._get_period()
        return begins if self.allday else begins - OPENS_BEFORE, ends

    def _get_check_in_opening(self):
        begins, _ends = self._get_check_in_period()
        zone = self.partnership_id.tz
        return format_datetime(self.env, begins, tz=zone, dt_format="short")

    def _get_check_in_refusal(self):
        """:return: why nobody can check in now: closed, cancelled, early, over; or False"""
        self.ensure_one()
        if self.partnership_state in ("closed", "cancelled"):
            return self.partnership_state
        begins, ends = self._get_check_in_period()
        now = fields.Datetime.now()
        return "early" if now < begins else now > ends and "over"
