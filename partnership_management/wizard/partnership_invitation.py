from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class PartnershipInvitation(models.TransientModel):
    """Before the invitations to a meeting go out: who gets one, and whether it is in time."""

    _name = "partnership.invitation"
    _description = "Send the Invitation"
    _inherit = ["partnership.guarded.mixin"]

    event_id = fields.Many2one("calendar.event", "Meeting", required=True)
    notice_due = fields.Date(related="event_id.partnership_notice_due")
    notice_days = fields.Integer(related="event_id.partnership_body_id.notice_days")
    way = fields.Selection(
        [("mail", "Send it by e-mail now"), ("other", "They were invited otherwise")],
        required=True,
        default="mail",
    )
    date = fields.Date(
        "Invited on",
        compute="_compute_date",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    guest_ids = fields.Many2many(
        "res.partner", string="Invited", compute="_compute_guests", help="Who has no invitation yet"
    )
    unreachable_ids = fields.Many2many(
        "res.partner", string="Without E-mail Address", compute="_compute_guests"
    )
    is_late = fields.Boolean(compute="_compute_is_late")

    @api.depends("event_id")
    def _compute_date(self):
        for wizard in self:
            wizard.date = wizard.event_id._get_today()

    @api.depends("event_id", "way")
    def _compute_guests(self):
        for wizard in self:
            pending = wizard.event_id._get_uninvited()
            reachable = pending if wizard.way == "other" else pending.filtered("email")
            wizard.guest_ids = reachable.partner_id
            wizard.unreachable_ids = (pending - reachable).partner_id

    @api.depends("event_id", "date", "guest_ids")
    def _compute_is_late(self):
        for wizard in self:
            wizard.is_late = wizard.date and wizard.event_id._misses_notice(
                wizard._get_attendees(), wizard.date
            )

    def _get_attendees(self):
        return self.event_id._get_uninvited().filtered(
            lambda attendee: attendee.partner_id in self.guest_ids
        )

    def action_send(self):
        self.ensure_one()
        if self.way == "mail":
            action = self.event_id.action_send_invitation()
            action["params"]["next"] = {"type": "ir.actions.act_window_close"}
            return action
        self.event_id._check_sheet_access()
        self.event_id._check_can_invite()
        today = self.event_id._get_today()
        if self.date > today:
            raise UserError(
                self.env._(
                    "%(date)s is still to come: say when they were invited.",
                    date=format_date(self.env, self.date),
                )
            )
        self.event_id._record_invitation(self._get_attendees(), self.date)
        return {"type": "ir.actions.act_window_close"}
