from odoo import fields, models
from odoo.exceptions import UserError


class CalendarEvent(models.Model):
    """The invitation to a meeting goes out when somebody sends it, once to each guest."""

    _inherit = "calendar.event"

    def action_invite(self):
        """Say who gets an invitation, and whether it keeps the notice, before it goes out."""
        self.ensure_one()
        self._check_sheet_access()
        self._check_can_invite()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_invitation_action"
        )
        action["context"] = {"default_event_id": self.id}
        return action

    def action_send_invitation(self):
        """Mail the invitation to the guests who have none for the present date of the meeting."""
        self._check_sheet_access()
        for event in self:
            event._check_can_invite()
        self._take_turns()
        pending = self._get_uninvited()
        reachable = pending.filtered("email")
        reachable.with_context(no_mail_to_attendees=False)._send_invitation_emails()
        for event, attendees in reachable.grouped("event_id").items():
            event._record_invitation(attendees, event._get_today())
        return self._notify_invitation(reachable, pending - reachable)

    def _get_uninvited(self):
        """:return: the guests who are due an invitation"""
        return self.attendee_ids.filtered(lambda attendee: attendee._is_invitation_due())

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
        if invited:
            message = self.env._("Invitations sent: %(count)s.", count=len(invited))
        else:
            message = self.env._("Nobody new to invite: the guests have their invitation.")
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
                "type": "warning" if unreachable else "success" if invited else "info",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }


class CalendarAttendee(models.Model):
    _name = "calendar.attendee"
    _inherit = ["calendar.attendee", "partnership.guarded.mixin"]

    partnership_invited_for = fields.Datetime(
        "Invited for",
        copy=False,
        readonly=True,
        help="The start of the meeting when the invitation was sent. When the meeting moves, the "
        "guest is due another one.",
    )

    def _send_invitation_emails(self):
        """A meeting of a partnership has an invitation of its own: its link leads to the page
        where the guest answers for each organisation."""
        template = self.env.ref(
            "partnership_management.mail_template_invitation", raise_if_not_found=False
        )
        meetings = self.filtered("event_id.partnership_id") if template else self.browse()
        if meetings:
            meetings._notify_attendees(template, force_send=True)
        return super(CalendarAttendee, self - meetings)._send_invitation_emails()

    def _is_invitation_due(self):
        """Whoever sends the invitation needs none; nor does somebody who has declined."""
        self.ensure_one()
        return (
            self.partnership_invited_for != self.event_id.start
            and self.state != "declined"
            and self._should_notify_attendee()
        )
