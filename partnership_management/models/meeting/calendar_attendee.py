from odoo import api, fields, models
from odoo.fields import Command, Domain

from ...tools.groups import TEAM

TEMPLATE = "partnership_management.mail_template_invitation"
LAYOUT = "mail.mail_notification_light"


class CalendarAttendee(models.Model):
    _name = "calendar.attendee"
    _inherit = ["calendar.attendee", "partnership.mailed.mixin"]

    partnership_invited_for = fields.Datetime(
        "Invited for",
        copy=False,
        readonly=True,
        help="The start of the meeting when the invitation was sent. When the meeting moves, the "
        "guest is due another one.",
    )
    mail_state = fields.Selection(groups=TEAM)
    mail_failure = fields.Char(groups=TEAM)

    partnership_invited_on = fields.Date(
        "Invited on",
        copy=False,
        readonly=True,
        groups=TEAM,  # where it is empty, the invitation has not arrived
        help="The day on which an invitation for the date of the meeting first reached the guest.",
    )

    @api.depends_context("uid")
    def _compute_mail_state(self):
        """Every employee reads the guests of an event; what became of their mails is the team's."""
        led = self._filtered_led()
        (self - led).mail_state = False
        (self - led).mail_failure = False
        return super(CalendarAttendee, led)._compute_mail_state()

    def _search_mail_state(self, operator, value):
        found = super()._search_mail_state(operator, value)
        if self.env.su or found is NotImplemented:
            return found
        partnerships = self.env["partnership.partnership"]._search([])
        led = Domain("event_id", "any", [("partnership_id", "in", partnerships)])
        # of the others it is empty, whatever became of their mails
        return (found & led) | ~led if False in value else found & led

    def _filtered_led(self):
        """:return: the guests of meetings of partnerships that the user leads"""
        if self.env.su:
            return self
        led = self.sudo().event_id.partnership_id.sudo(False)._filtered_access("read")
        return self.filtered(lambda guest: guest.event_id.sudo().partnership_id.sudo(False) in led)

    # ------------------------------------------------------------
    # Who is written to
    # ------------------------------------------------------------

    def _get_mail_recipient(self):
        return self.partner_id

    def _is_mail_due(self):
        """Whoever sends the invitation needs none; nor does somebody who has declined."""
        self.ensure_one()
        return (
            (self.partnership_invited_for != self.event_id.start or self._has_mail_failed())
            and self.state != "declined"
            and self._should_notify_attendee()
        )

    def _send_invitation_emails(self):
        """A meeting of a partnership has an invitation of its own: its link leads to the page
        where the guest answers for each organisation."""
        template = self.env.ref(TEMPLATE, raise_if_not_found=False)
        meetings = self.filtered("event_id.partnership_id") if template else self.browse()
        meetings._send_meeting_invitations(template)
        return super(CalendarAttendee, self - meetings)._send_invitation_emails()

    def _send_meeting_invitations(self, template):
        """As the calendar does: not where it is told to mail nobody, nor where another calendar
        invites; with the event as a file."""
        blocked = self.env["ir.config_parameter"].sudo().get_param("calendar.block_mail")
        if blocked or self.env.context.get("no_mail_to_attendees"):
            return
        guests = self.filtered(lambda guest: guest.email and guest._should_notify_attendee())
        for event, attendees in guests.grouped("event_id").items():
            if event._skip_send_mail_status_update():
                event._record_invitation(attendees, event._get_today())
                continue
            values = {
                "model": event._name,
                "res_id": event.id,
                "attachment_ids": [Command.link(file.id) for file in event._create_ics_file()],
            }
            attendees._send_mail_template(template, values, layout=LAYOUT, at_once=True)
            event._record_mails(attendees)

    def _get_answer(self):
        """:return: the answer of the guest; "none" says that an invitation was sent, False that
        there was none, or that it did not arrive"""
        self.ensure_one()
        if self.state == "needsAction":
            invited = self.partnership_invited_for and not self._has_mail_failed()
            return "none" if invited else False
        return self.state

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
