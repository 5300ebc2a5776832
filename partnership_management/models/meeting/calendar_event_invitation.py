import base64
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.against_today import AgainstToday
from ...tools.groups import TEAM
from .calendar_event import TIME_FIELDS

NOTICES = [("kept", "Kept"), ("missed", "Not kept")]
ANSWERS = ("accepted", "tentative", "declined")


class CalendarEvent(models.Model):
    """The invitation to a meeting goes out when somebody sends it, once to each guest; to whom it
    did not arrive, again.

    The notice of a meeting: by when its body wants the invitations sent, and when they were.

    It is the notice of the present date of the meeting, in days of its partnership. What was
    invited for another day counts no more, and counts again when the meeting moves back.
    """

    _inherit = "calendar.event"

    partnership_sent_count = fields.Integer(
        "Invited",
        compute="_compute_partnership_invitations",
        groups=TEAM,
        help="Guests whom the invitation for the present date has reached.",
    )
    partnership_waiting_count = fields.Integer(
        "Invitations Waiting", compute="_compute_partnership_invitations", groups=TEAM
    )
    partnership_failed_count = fields.Integer(
        "Invitations Failed", compute="_compute_partnership_invitations", groups=TEAM
    )
    partnership_answered_count = fields.Integer(
        "Invitations Answered", compute="_compute_partnership_invitations", groups=TEAM
    )
    partnership_failed_text = fields.Char(
        "Not Reached",
        compute="_compute_partnership_invitations",
        groups=TEAM,
        help="Whom the invitation did not reach, and why.",
    )

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

    @api.depends(
        "attendee_ids.state",
        "attendee_ids.mail_state",
        "attendee_ids.partnership_invited_for",
        "attendee_ids.partnership_invited_on",
    )
    @api.depends_context("uid")
    def _compute_partnership_invitations(self):
        """Of the meetings whose team the user is of: whom a mail did not reach is not for every
        employee."""
        led = self.attendee_ids._filtered_led()
        asked = led.filtered(lambda guest: guest._is_asked_for_the_day()).grouped("event_id")
        for event in self:
            guests = asked.get(event._origin, led.browse())
            by_state = guests.grouped(lambda guest: guest.mail_state or "sent")
            event.partnership_sent_count = len(by_state.get("sent", ()))
            event.partnership_waiting_count = len(by_state.get("waiting", ()))
            event.partnership_failed_count = len(by_state.get("failed", ()))
            event.partnership_failed_text = guests._format_failures()
            event.partnership_answered_count = len(
                guests.filtered(lambda guest: guest.state in ANSWERS)
            )

    def action_invite(self):
        """Say who gets an invitation, and whether it keeps the notice, before it goes out."""
        self._check_sheet_access()
        for event in self:
            event._check_can_invite()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_invitation_action"
        )
        action["context"] = {"default_event_ids": self.ids}
        return action

    def _send_invitations(self, attendees, pending):
        """:param pending: who was to get one, also those who cannot be reached"""
        self._take_turns()
        attendees.with_context(no_mail_to_attendees=False)._send_invitation_emails()
        return self._notify_invitation(attendees, pending.filtered(lambda guest: not guest.email))

    def _get_uninvited(self):
        """:return: the guests who are due an invitation"""
        return self.attendee_ids.filtered(lambda attendee: attendee._is_mail_due())

    def action_open_invitations(self):
        """Open the guests, and what became of their invitations."""
        self.ensure_one()
        self._check_sheet_access()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.calendar_attendee_action_invitation"
        )
        return {**action, "domain": [("event_id", "=", self.id)]}

    def _create_ics_file(self):
        """:return: ir.attachment with the event for calendars, or none"""
        self.ensure_one()
        file = self._get_ics_file().get(self.id)
        Attachment = self.env["ir.attachment"].sudo().with_context(no_document=True)
        if not file:
            return Attachment
        return Attachment.create(
            {
                "name": "invitation.ics",
                "description": "invitation.ics",
                "mimetype": "text/calendar",
                "datas": base64.b64encode(file),
                "res_model": "mail.compose.message",  # of no record: it belongs to the mails
                "res_id": 0,
            }
        )

    def _check_can_invite(self):
        self.ensure_one()
        if not self.partnership_id:
            reason = self.env._("it is not a meeting of a partnership")
        elif self.partnership_state == "cancelled":
            reason = self.env._("it was cancelled")
        elif self.partnership_is_over:
            reason = self.env._("it is over")
        elif not self.partner_ids:
            reason = self.env._("it has no guests yet; take them from the seats")
        else:
            return
        raise UserError(
            self.env._(
                "There is no invitation to send for “%(event)s”: %(reason)s.",
                event=self.display_name,
                reason=reason,
            )
        )

    def _notify_invitation(self, invited, unreachable):
        """:return: the action that says who was invited and who has no e-mail address"""
        message = self.env._("Invitations on their way: %(count)s.", count=len(invited))
        if unreachable:
            message = self.env._(
                "%(message)s Without e-mail address: %(names)s.",
                message=message,
                names=", ".join(unreachable.mapped("common_name")),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "warning" if unreachable else "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

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

    def _get_days_ahead(self, vals):
        """:return: dict event -> its day, of the meetings ahead that ``vals`` may move"""
        if not TIME_FIELDS & vals.keys():
            return {}
        ahead = self.filtered(
            lambda event: event.partnership_state in ("planned", "open") and event.partnership_id
        )
        return {event: event.partnership_date for event in ahead}

    @api.model
    def _tell_of_another_day(self, before):
        """:param before: see :meth:`_get_days_ahead`"""
        self.browse().concat(*before).exists().filtered(
            lambda event: (
                event.active and event.partnership_date != before[event] and not event._has_begun()
            )
        )._meet_another_day()

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
