from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.against_today import AgainstToday

KINDS = [
    ("minutes", "Minutes"),
    ("document", "Document"),
    ("newsletter", "Newsletter"),
    ("handover", "Handover"),
]
# What the recipients were sent: it does not change under their eyes
SENT_FIELDS = {
    "name",
    "body",
    "attachment_ids",
    "partnership_id",
    "kind",
    "event_id",
    "mandate_ids",
    "reading_days",
    "ask_relay",
    "date_sent",
}


class PartnershipBriefing(models.Model):
    """Something that the members should know: written once, sent, and followed until it is read
    and passed on."""

    _name = "partnership.briefing"
    _description = "Briefing"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "partnership.files.mixin",
        "partnership.guarded.mixin",
    ]
    _order = "date_sent desc, id desc"

    _sent_fields = ("name", "body")

    name = fields.Char("Title", required=True, tracking=True)
    active = fields.Boolean(default=True)
    partnership_id = fields.Many2one(
        "partnership.partnership",
        compute="_compute_partnership_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["partnership.partnership"].search([], limit=1),
    )
    company_id = fields.Many2one(related="partnership_id.company_id", store=True)
    kind = fields.Selection(KINDS, required=True, default="document", tracking=True)
    event_id = fields.Many2one(
        "calendar.event",
        "Meeting",
        index="btree_not_null",
        ondelete="set null",
        domain="[('partnership_id', '=', partnership_id)]",
    )
    body_id = fields.Many2one(
        "partnership.body",
        compute="_compute_body_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('partnership_id', '=', partnership_id)]",
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        help="Whom readers ask when a link no longer works.",
    )
    body = fields.Html("Text", sanitize_style=True)
    ask_relay = fields.Boolean(
        "Ask to Pass It on",
        help="Readers say when and how they passed it on in their organisation.",
    )

    # Sent, and to be read until
    state = fields.Selection(
        [("draft", "Draft"), ("sent", "Sent"), ("cancelled", "Cancelled")],
        required=True,
        default="draft",
        copy=False,
        readonly=True,
        index=True,
        tracking=True,
    )
    date_sent = fields.Date("Sent on", copy=False, readonly=True)
    reading_days = fields.Integer(
        "Days to Read",
        compute="_compute_reading_days",
        store=True,
        readonly=False,
        precompute=True,
    )
    date_due = fields.Date("To Read by", compute="_compute_date_due", store=True)
    is_past_due = AgainstToday("Past its Date", date_field="date_due", sign="<")
    receipt_ids = fields.One2many("partnership.briefing.receipt", "briefing_id", "Recipients")

    _reading_days_positive = models.Constraint(
        "CHECK (reading_days >= 0)", "The days to read a briefing cannot be negative."
    )

    @api.depends("event_id", "body_id")
    def _compute_partnership_id(self):
        for briefing in self:
            place = briefing.event_id.partnership_id or briefing.body_id.partnership_id
            if place:
                briefing.partnership_id = place

    @api.depends("event_id")
    def _compute_body_id(self):
        for briefing in self:
            if briefing.event_id:
                briefing.body_id = briefing.event_id.partnership_body_id

    @api.depends("partnership_id")
    def _compute_reading_days(self):
        for briefing in self:
            if briefing.state == "draft":
                briefing.reading_days = briefing.partnership_id.briefing_reading_days

    @api.depends("date_sent", "reading_days")
    def _compute_date_due(self):
        for briefing in self:
            sent = briefing.date_sent
            briefing.date_due = sent and sent + timedelta(days=briefing.reading_days)

    def write(self, vals):
        self._check_still_draft(vals)
        return super().write(vals)

    def _check_still_draft(self, vals):
        """What was sent stays as it was read; nothing but withdrawing it is left."""
        sent = self.filtered(lambda briefing: briefing.state != "draft")
        if sent and (SENT_FIELDS & vals.keys() or vals.get("state", "cancelled") != "cancelled"):
            raise UserError(
                self.env._(
                    "“%(briefing)s” was sent: it stays as its readers know it. Cancel it and send "
                    "a corrected copy.",
                    briefing=sent[0].name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        sent = self.filtered("date_sent")
        if sent:
            raise UserError(
                self.env._(
                    "“%(briefing)s” was sent: cancel or archive it instead of deleting it.",
                    briefing=sent[0].name,
                )
            )
