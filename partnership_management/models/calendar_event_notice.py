from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.against_today import AgainstToday
from .calendar_event_guard import TIME_FIELDS
from .res_partner import TEAM

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
    partnership_notice_passed = AgainstToday(
        "Invitations Overdue", date_field="partnership_notice_due", sign="<"
    )
    partnership_notice_date = fields.Date(
        "Invited on",
        copy=False,
        readonly=True,
        help="The day on which the invitations for the present date left; the last one, if a seat "
        "was invited too late. Empty while one of them has not arrived.",
    )
    partnership_notice = fields.Selection(
        NOTICES,
        "Notice",
        compute="_compute_partnership_notice",
        store=True,
        help="Empty: no invitation is known, or not all have arrived.",
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
            event._settle_notice(False)

    def _settle_notice(self, known):
        """Bring the notice in line with who is invited for the present date. While an invitation
        has not arrived it is not known: not everybody is invited.

        :param known: the date that the notice had so far, or False
        """
        self.ensure_one()
        event = self.sudo()
        lost = any(
            guest._is_asked_for_the_day() and guest._has_mail_failed()
            for guest in event.attendee_ids
        )
        date = not lost and event._find_notice_date(known)
        if event.partnership_notice_date != date:
            event.partnership_notice_date = date

    def _find_notice_date(self, found):
        """:return: the day of the first invitations; a later one on which a seat got its own only
        then, too late"""
        guests = self.attendee_ids.filtered(lambda guest: guest._is_invited_for_the_day())
        for day, invited in sorted(guests.grouped("partnership_invited_on").items()):
            if not found or (day > found and self._has_late_seats(invited, day)):
                found = day
        return found

    def _record_invitation(self, attendees, date):
        """Keep who was invited when, otherwise than by a mail from here, for the present date of
        the meeting.

        :param date: the day of the invitation
        """
        self.ensure_one()
        attendees = attendees.sudo()
        attendees.mail_message_id = False
        attendees.filtered(
            lambda attendee: not attendee._is_invited_for_the_day()
        ).partnership_invited_on = date
        attendees.partnership_invited_for = self.start
        self._settle_notice(self.partnership_notice_date)

    def _record_mails(self, attendees):
        """Keep to whom a mail is on its way: they are invited on the day on which it leaves."""
        self.ensure_one()
        attendees = attendees.sudo()
        attendees.filtered(
            lambda attendee: not attendee._is_invited_for_the_day()
        ).partnership_invited_on = False
        attendees.partnership_invited_for = self.start
        attendees._settle_invitations()

    def _misses_notice(self, attendees, date):
        """:return: whether the notice is not kept by inviting ``attendees`` on ``date``"""
        self.ensure_one()
        if not self.partnership_notice_date:
            return bool(self.partnership_notice_due and date > self.partnership_notice_due)
        return self._has_late_seats(attendees, date)

    def _has_late_seats(self, attendees, date):
        due = self.partnership_notice_due
        return bool(due and date > due and self._get_late_seats(attendees))

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
        groups=TEAM,  # where it is empty, the invitation has not arrived
        help="The day on which an invitation for the date of the meeting first reached the guest.",
    )

    def _is_invited_for_the_day(self):
        """:return: whether an invitation for the day of the meeting, at whatever hour, has reached
        the guest"""
        return bool(self.partnership_invited_on) and self._is_asked_for_the_day()

    def _is_asked_for_the_day(self):
        """:return: whether an invitation for the day of the meeting was sent, at whatever hour"""
        self.ensure_one()
        moment = self.partnership_invited_for
        return bool(moment) and self._get_day(moment) == self._get_day(self.event_id.start)

    def _get_clock_partnerships(self):
        return self.event_id.sudo().partnership_id

    def _get_day(self, moment):
        """Meetings of a whole day have no hour, and are of no zone."""
        return moment.date() if self.event_id.allday else super()._get_day(moment)

    # ------------------------------------------------------------
    # What became of the mails
    # ------------------------------------------------------------

    def _settle_invitations(self):
        """A guest is invited on the day on which the mail left, and not if it did not arrive; what
        comes back after the meeting changes nothing. Runs as the system."""
        for event, guests in self.grouped("event_id").items():
            if event._has_begun():
                continue
            arrived = guests.filtered(
                lambda guest: guest.mail_state == "sent" and not guest.partnership_invited_on
            )
            arrived.partnership_invited_on = event._get_today()
            guests.filtered(
                lambda guest: guest._is_invitation_lost()
            ).partnership_invited_on = False
            event._settle_notice(event.partnership_notice_date)

    def _is_invitation_lost(self):
        """:return: whether the mail that invited the guest is known not to have arrived; one about
        another hour of the same day is not that one"""
        day = self.partnership_invited_on
        return bool(
            day and self.mail_state == "failed" and self._get_day(self.mail_message_id.date) <= day
        )

    @api.model
    def _settle_mails(self):
        """Look at the meetings ahead whose invitations have left, or failed, since they were
        recorded."""
        ahead = Domain("event_id.start", ">", fields.Datetime.now())
        invited = Domain("partnership_invited_on", "!=", False)
        noticed = Domain("event_id.partnership_notice_date", "!=", False)
        arrived = Domain("mail_state", "=", "sent") & ~(invited & noticed)
        lost = Domain("mail_state", "=", "failed") & (invited | noticed)
        self.sudo().search(ahead & (arrived | lost))._settle_invitations()
