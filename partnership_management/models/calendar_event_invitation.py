import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

TEAM = "partnership_management.partnership_management_group_facilitator"
TEMPLATE = "partnership_management.mail_template_invitation"
LAYOUT = "mail.mail_notification_light"
ANSWERS = ("accepted", "tentative", "declined")


class CalendarEvent(models.Model):
    """The invitation to a meeting goes out when somebody sends it, once to each guest; to whom it
    did not arrive, again."""

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
