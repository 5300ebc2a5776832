from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.against_today import AgainstToday

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
    and passed on.

    Whom a briefing is for: found from bodies, roles and absences, as they are that day.

    How far a briefing came: how many have read it, and passed it on.
    """

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

    receipt_count = fields.Integer("Number of Recipients", compute="_compute_counts")
    read_count = fields.Integer("Have Read", compute="_compute_counts")
    relay_count = fields.Integer("Have Passed on", compute="_compute_counts")
    read_text = fields.Char("Read", compute="_compute_counts")
    read_percent = fields.Integer("Read (%)", compute="_compute_counts")

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

    @api.model
    def _get_readers(self, seats, memberships, date):
        """Who reads for members: the holders of their seats, an individual itself, and where
        nobody holds one the contact of the organisation.

        :return: list of (person, membership)
        """
        holders = {}
        for seat in seats._valid_on(date):
            known = holders.get(seat.membership_id, self.env["res.partner"])
            holders[seat.membership_id] = known | seat._get_holders(date).filtered("active")
        return [
            (person, membership)
            for membership in memberships
            for person in holders.get(membership) or membership.partner_id
        ]

    @api.model
    def _get_body_readers(self, bodies, date):
        seats = bodies.seat_ids._valid_on(date)
        return self._get_readers(seats, seats.membership_id, date)

    @api.model
    def _get_role_readers(self, partnerships, roles, date):
        Membership = self.env["partnership.membership"]
        memberships = Membership.search(
            Domain("partnership_id", "in", partnerships.ids)
            & Domain("role_id", "in", roles.ids)
            & Membership._domain_valid_on(date)
        )
        return self._get_readers(memberships.seat_ids, memberships, date)

    @api.model
    def _get_absentee_readers(self, event, date):
        """Whoever represents today, on the seats of that body, the members nobody represented
        then; a member that has left since is informed of nothing."""
        return self._get_meeting_readers(event, event._get_absent_memberships(), date)

    @api.model
    def _get_expected_readers(self, event, date):
        """As above, for whoever was expected."""
        return self._get_meeting_readers(event, event.attendance_ids.seat_id.membership_id, date)

    @api.model
    def _get_meeting_readers(self, event, memberships, date):
        current = memberships._valid_on(date)
        seats = current.seat_ids.filtered(lambda seat: seat.body_id == event.partnership_body_id)
        return self._get_readers(seats, current, date)

    def _add_readers(self, readers):
        """Make recipients of those who are none yet.

        :param readers: list of (person, membership or none)
        :return: the new receipts
        """
        self.ensure_one()
        if self.state == "cancelled":
            raise UserError(self.env._("“%(briefing)s” was cancelled.", briefing=self.name))
        self._take_turns()
        known = {(receipt.person_id, receipt.membership_id) for receipt in self.receipt_ids}
        return self.env["partnership.briefing.receipt"].create(
            [
                {
                    "briefing_id": self.id,
                    "person_id": person.id,
                    "membership_id": membership.id,
                }
                for person, membership in dict.fromkeys(readers)
                if (person, membership) not in known
            ]
        )

    def action_add_recipients(self):
        """Open the dialog that takes recipients from a body, a role or the absentees."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_briefing_recipients_action"
        )
        action["context"] = {"default_briefing_id": self.id}
        return action

    @api.depends("receipt_ids.date_read", "receipt_ids.date_relayed")
    @api.depends_context("uid")
    def _compute_counts(self):
        groups = self.env["partnership.briefing.receipt"]._read_group(
            [("briefing_id", "in", self.ids)],
            ["briefing_id"],
            ["__count", "date_read:count", "date_relayed:count"],
        )
        counts = {briefing: figures for briefing, *figures in groups}
        for briefing in self:
            total, read, relayed = counts.get(briefing._origin, (0, 0, 0))
            briefing.receipt_count = total
            briefing.read_count = read
            briefing.relay_count = relayed
            briefing.read_text = f"{read}/{total}" if total else False
            briefing.read_percent = round(100 * read / total) if total else 0

    def action_open_receipts(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_briefing_receipt_action"
        )
        action["domain"] = [("briefing_id", "=", self.id)]
        action["context"] = {"partnership_one_briefing": True}
        return action

    @api.model
    def _count_by(self, fname, records):
        """:return: dict of ``records`` -> number of briefings"""
        return dict(self._read_group([(fname, "in", records.ids)], [fname], ["__count"]))
