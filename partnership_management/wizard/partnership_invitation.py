from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..models.meeting.calendar_attendee import TEMPLATE


class PartnershipInvitation(models.TransientModel):
    """Before the invitations to meetings go out: who gets one, and whether it is in time."""

    _name = "partnership.invitation"
    _description = "Send the Invitation"
    _inherit = ["partnership.mailing.mixin"]

    event_ids = fields.Many2many("calendar.event", string="Meetings", required=True)
    notice_due = fields.Date(compute="_compute_notice")
    notice_days = fields.Integer(compute="_compute_notice")
    way = fields.Selection(
        [("mail", "Send it by e-mail now"), ("other", "They were invited otherwise")],
        required=True,
        default="mail",
    )
    date = fields.Date(
        "Invited on",
        compute="_compute_date",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    is_late = fields.Boolean(compute="_compute_notice")

    def _get_events(self):
        """:return: the meetings; refused to who does not lead them, of which the dialog would tell
        more than the calendar does"""
        self.ensure_one()
        events = self.event_ids._origin
        events._check_sheet_access()
        return events

    @api.model
    def _get_subject_fields(self):
        return ["event_ids", "way"]

    def _get_records(self):
        return self._get_events().attendee_ids.filtered(
            lambda guest: guest._should_notify_attendee()
        )

    def _is_reachable(self, record):
        return self.way == "other" or bool(record.email)

    def _get_line(self, record):
        line = super()._get_line(record)
        if len(self.event_ids) > 1:
            day = format_date(self.env, record.event_id.partnership_date)
            line["name"] = f"{line['name']}, {day}"
        return line

    def _get_preview_template(self, record):
        return self.env.ref(TEMPLATE)

    def _describe_unmailed(self, record):
        if not record._is_invited_for_the_day():
            return self.env._("Not invited yet")
        return self.env._(
            "Invited on %(date)s", date=format_date(self.env, record.partnership_invited_on)
        )

    @api.depends("event_ids")
    def _compute_date(self):
        for wizard in self:
            wizard.date = max(
                (event._get_today() for event in wizard._get_events()),
                default=wizard._get_today(),
            )

    @api.depends("event_ids", "date", "recipient_ids")
    def _compute_notice(self):
        """Of the first meeting whose notice is not kept."""
        for wizard in self:
            events, chosen = wizard._get_events(), wizard._get_chosen()
            late = events.filtered(
                lambda event, wizard=wizard, chosen=chosen: (
                    wizard.date and event._misses_notice(chosen & event.attendee_ids, wizard.date)
                )
            ).sorted("start")[:1]
            wizard.is_late = bool(late)
            wizard.notice_due = late.partnership_notice_due
            wizard.notice_days = late.partnership_body_id.notice_days

    def action_send(self):
        self.ensure_one()
        events = self._get_events()
        for event in events:
            event._check_can_invite()
        if self.way == "mail":
            due = events._get_uninvited()
            action = events._send_invitations(self._check_chosen(), due)
            action["params"]["next"] = {"type": "ir.actions.act_window_close"}
            return action
        self._check_date_passed()
        for event, guests in self._get_chosen().grouped("event_id").items():
            event._record_invitation(guests, self.date)
        return {"type": "ir.actions.act_window_close"}

    def _check_date_passed(self):
        if any(self.date > event._get_today() for event in self.event_ids):
            raise UserError(
                self.env._(
                    "%(date)s is still to come: say when they were invited.",
                    date=format_date(self.env, self.date),
                )
            )
