from datetime import timedelta

import pytz

from odoo import api, fields, models

from .calendar_event_guard import TIME_FIELDS

NOTICES = [("kept", "Kept"), ("missed", "Not kept")]


class CalendarEvent(models.Model):
    """The notice of a meeting: by when its body wants the invitations sent, and when they were.

    It is the notice of the present date of the meeting, in days of its partnership. What was
    invited for another day counts no more, and counts again when the meeting moves back.
    """

    _inherit = "calendar.event"

    partnership_notice_due = fields.Date(
        "Invitations Due",
        compute="_compute_partnership_notice_due",
        store=True,
        help="The last day on which the invitations keep the notice that the body asks for.",
    )
    partnership_notice_date = fields.Date(
        "Invited on",
        copy=False,
        readonly=True,
        help="The day on which the invitations for the present date were sent; the last one, if a "
        "seat was invited too late.",
    )
    partnership_notice = fields.Selection(
        NOTICES,
        "Notice",
        compute="_compute_partnership_notice",
        store=True,
        help="Empty: no invitation is known.",
    )

    @api.depends("partnership_date", "partnership_body_id.notice_days")
    def _compute_partnership_notice_due(self):
        """Another notice of the body is not for meetings whose sheet is closed."""
        for event in self:
            if event.partnership_state == "closed" and event.partnership_notice_due:
                event.partnership_notice_due = event.partnership_notice_due
            elif event.partnership_body_id and event.partnership_date:
                notice = timedelta(days=event.partnership_body_id.notice_days)
                event.partnership_notice_due = event.partnership_date - notice
            else:
                event.partnership_notice_due = False

    @api.depends("partnership_notice_date", "partnership_notice_due")
    def _compute_partnership_notice(self):
        for event in self:
            due, sent = event.partnership_notice_due, event.partnership_notice_date
            event.partnership_notice = due and sent and ("kept" if sent <= due else "missed")

    def write(self, vals):
        """Find the meetings ahead that move to another day."""
        ahead = self.browse()
        if TIME_FIELDS & vals.keys():
            ahead = self.filtered(
                lambda event: (
                    event.partnership_state in ("planned", "open") and event.partnership_id
                )
            )
        before = {event: event.partnership_date for event in ahead}
        result = super().write(vals)
        self.browse().concat(*before).exists().filtered(
            lambda event: (
                event.active and event.partnership_date != before[event] and not event._has_begun()
            )
        )._meet_another_day()
        return result

    def _meet_another_day(self):
        """Whoever answered has answered for the day that was named, and was invited for it."""
        self._reset_answers()
        for event in self:
            days = event.attendee_ids.filtered(
                lambda attendee: attendee._is_invited_for_the_day()
            ).mapped("partnership_invited_on")
            event._set_notice_date(max(filter(None, days), default=False))

    def _set_notice_date(self, date):
        if self.partnership_notice_date != date:
            self.sudo().partnership_notice_date = date

    def _record_invitation(self, attendees, date):
        """Keep who was invited when, for the present date of the meeting.

        :param date: the day of the invitation
        """
        self.ensure_one()
        if not self.partnership_notice_date or self._misses_notice(attendees, date):
            self._set_notice_date(date)
        attendees = attendees.sudo()
        attendees.filtered(
            lambda attendee: not attendee._is_invited_for_the_day()
        ).partnership_invited_on = date
        attendees.partnership_invited_for = self.start

    def _misses_notice(self, attendees, date):
        """:return: whether the notice is not kept by inviting ``attendees`` on ``date``"""
        self.ensure_one()
        due = self.partnership_notice_due
        if not due or date <= due:
            return False
        return not self.partnership_notice_date or bool(self._get_late_seats(attendees))

    def _get_late_seats(self, attendees):
        """The seats that get an invitation only with ``attendees``, after the notice is due.

        None that was invited through somebody else in time, such as the predecessor of a titular
        or the titular of an alternate; nor one whose person was appointed after it was due.
        """
        date, due = self.partnership_date, self.partnership_notice_due
        in_time = self.attendee_ids.filtered(
            lambda guest: guest._is_invited_for_the_day() and guest.partnership_invited_on <= due
        ).partner_id
        invited = attendees.partner_id

        def is_late(seat):
            holders = seat._get_holders(date)
            if not holders & invited or holders & in_time or seat.date_start > due:
                return False
            mandates = seat.mandate_ids._valid_on(date).filtered(
                lambda mandate: mandate.person_id in invited
            )
            return not mandates or any(mandate.date_start <= due for mandate in mandates)

        seats = self._get_seats_by_body()[self.partnership_body_id]
        return seats._valid_on(date).filtered(is_late)


class CalendarAttendee(models.Model):
    _inherit = "calendar.attendee"

    partnership_invited_on = fields.Date(
        "Invited on",
        copy=False,
        readonly=True,
        help="The day on which the guest was first invited for the date of the meeting.",
    )

    def _is_invited_for_the_day(self):
        """:return: whether the guest was invited for the day of the meeting, at whatever hour"""
        self.ensure_one()
        event, moment = self.event_id, self.partnership_invited_for
        if not moment or not self.partnership_invited_on:
            return False
        if event.allday:
            return moment.date() == event.start.date()
        zone = pytz.timezone(event.sudo().partnership_id.tz)
        return pytz.utc.localize(moment).astimezone(zone).date() == event.partnership_date
