import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import NO_ACCESS
from odoo.tools import SQL, consteq, format_date

from ...tools.against_today import AgainstToday
from ...tools.internal import is_internal


class PartnershipBriefingReceipt(models.Model):
    """What became of a briefing with one reader, for one member: sent, read, passed on.

    Reading: confirmed by the reader on the page, or recorded by who told the person.
    """

    _name = "partnership.briefing.receipt"
    _description = "Recipient of a Briefing"
    _inherit = ["partnership.mailed.mixin"]
    _order = "briefing_id desc, was_absent desc, person_id, id"

    _sent_fields = ("relay_evidence",)  # to whoever said it

    briefing_id = fields.Many2one(
        "partnership.briefing", required=True, index=True, ondelete="cascade"
    )
    partnership_id = fields.Many2one(
        related="briefing_id.partnership_id", store=True, index=True, precompute=True
    )
    kind = fields.Selection(related="briefing_id.kind", store=True)
    state = fields.Selection(related="briefing_id.state", string="Briefing State", store=True)
    date_due = fields.Date(related="briefing_id.date_due", store=True)
    is_past_due = AgainstToday("Past its Date", date_field="date_due", sign="<")
    body_id = fields.Many2one(related="briefing_id.body_id", store=True)
    ask_relay = fields.Boolean(related="briefing_id.ask_relay", store=True)
    person_id = fields.Many2one(
        "res.partner",
        "Reader",
        required=True,
        index=True,
        ondelete="restrict",
        help="A representative, or the organisation itself where it has none.",
    )
    membership_id = fields.Many2one(
        "partnership.membership",
        "For",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('partnership_id', '=', partnership_id)]",
        help="The member for which the person reads. Empty: for none.",
    )
    organisation_id = fields.Many2one(
        related="membership_id.partner_id", string="Member", store=True, index="btree_not_null"
    )
    email = fields.Char(related="person_id.email")
    was_absent = fields.Boolean(
        compute="_compute_was_absent",
        store=True,
        help="The member was not represented at the meeting of which this informs.",
    )

    # What became of it
    date_sent = fields.Datetime("Sent", copy=False, readonly=True)
    date_mailed = fields.Date("Last E-mail", copy=False, readonly=True)
    date_read = fields.Date("Read", copy=False, readonly=True)
    told_by_id = fields.Many2one(
        "res.users",
        "Told by",
        copy=False,
        readonly=True,
        help="Who told the person, or handed it over. Empty: the person confirmed it.",
    )
    date_relayed = fields.Date("Passed on", copy=False)
    relay_evidence = fields.Text("How It was Passed on", copy=False)

    read_rate = fields.Float("Share Read", compute="_compute_rates", store=True, aggregator="avg")
    in_time_rate = fields.Float(
        "Share Read in Time", compute="_compute_rates", store=True, aggregator="avg"
    )

    # The personal link
    access_token = fields.Char(copy=False, groups=NO_ACCESS)
    date_expiry = fields.Date("Link Valid until", copy=False, readonly=True)

    _reader_uniq = models.UniqueIndex(
        "(briefing_id, person_id, COALESCE(membership_id, 0))",
        "This person is a recipient of this briefing for this member already.",
    )

    @api.depends("person_id.name", "membership_id.partner_id.name")
    def _compute_display_name(self):
        for receipt in self:
            person, member = receipt.person_id, receipt.membership_id.partner_id
            name = person.name or ""
            receipt.display_name = f"{name} ({member.name})" if member - person else name

    @api.depends("date_read", "date_due")
    def _compute_rates(self):
        for receipt in self:
            read = receipt.date_read
            receipt.read_rate = float(bool(read))
            receipt.in_time_rate = float(
                bool(read and receipt.date_due and read <= receipt.date_due)
            )

    @api.model
    def _sql_due(self):
        """What members had to read, once for each briefing and member, whoever of it reads. Whom
        it reached after its date, to catch up, did not have to know it by then.

        :return: SQL of (membership_id, briefing_id, kind, date_due, in_time)
        """
        return SQL(
            """
            SELECT receipt.membership_id, receipt.briefing_id, receipt.kind, receipt.date_due,
                   COALESCE(BOOL_OR(receipt.date_read <= receipt.date_due), FALSE) AS in_time
              FROM partnership_briefing_receipt receipt
              JOIN partnership_partnership partnership ON partnership.id = receipt.partnership_id
             WHERE receipt.membership_id IS NOT NULL
               AND receipt.state = 'sent'
               AND receipt.kind <> 'handover'
               AND (receipt.date_sent IS NULL
                    OR (receipt.date_sent AT TIME ZONE 'UTC' AT TIME ZONE partnership.tz)::date
                       <= receipt.date_due)
          GROUP BY receipt.membership_id, receipt.briefing_id, receipt.kind, receipt.date_due
            """
        )

    def _read_group_select(self, aggregate_spec, query):
        """Only what was sent can be read, and of fewer than three there is no rate."""
        aggregate = super()._read_group_select(aggregate_spec, query)
        if aggregate_spec not in ("read_rate:avg", "in_time_rate:avg"):
            return aggregate
        sent = SQL("FILTER (WHERE %s = 'sent')", self._field_to_sql(self._table, "state", query))
        return SQL("CASE WHEN COUNT(*) %s >= 3 THEN %s %s END", sent, aggregate, sent)

    @api.constrains("date_relayed", "relay_evidence")
    def _check_relay(self):
        for receipt in self.filtered("date_relayed"):
            if not (receipt.relay_evidence or "").strip():
                raise ValidationError(self.env._("Say how it was passed on: to whom, and where."))
            receipt._check_relay_day(receipt.date_relayed)

    def _check_relay_day(self, day):
        """:raise ValidationError: nobody can have passed it on on that day"""
        briefing = self.briefing_id
        sent = briefing.date_sent
        if not sent or not sent <= day <= briefing._get_today():
            raise ValidationError(
                self.env._(
                    "%(date)s is not a day between the one on which “%(briefing)s” was sent "
                    "and today.",
                    date=format_date(self.env, day),
                    briefing=briefing.name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        kept = self.filtered(lambda receipt: receipt.date_sent or receipt.date_read)
        if kept:
            raise UserError(
                self.env._(
                    "%(receipt)s was informed: that stays on record.", receipt=kept[0].display_name
                )
            )

    @api.depends("briefing_id.event_id", "membership_id")
    def _compute_was_absent(self):
        for event, receipts in self.grouped(lambda receipt: receipt.briefing_id.event_id).items():
            absent = event._get_absent_memberships()
            for receipt in receipts:
                receipt.was_absent = receipt.membership_id in absent

    def _get_mail_recipient(self):
        return self.person_id

    def _is_mail_due(self):
        self.ensure_one()
        return not self.date_read and (not self.date_sent or self._has_mail_failed())

    def _filtered_to_send(self):
        """:return: those who were neither reached nor told"""
        return self.filtered(lambda receipt: receipt._is_mail_due())

    def _filtered_to_remind(self):
        """:return: those who have not read, can still, and heard nothing of it today"""

        def is_waiting(receipt):
            today = receipt.briefing_id._get_today()
            return (
                receipt.state == "sent"
                and receipt.date_sent
                and not receipt.date_read
                and receipt.person_id.email_normalized
                and receipt.date_expiry >= today
                and receipt.date_mailed < today
            )

        return self.filtered(is_waiting)

    def _open_links(self):
        """Give each recipient a link of its own, that nobody can guess and that ends one day. Who
        has one keeps it."""
        for receipt in self.sudo():
            days = receipt.partnership_id.briefing_link_days
            values = {"date_expiry": receipt.briefing_id._get_today() + timedelta(days=days)}
            if not receipt.access_token:
                values["access_token"] = secrets.token_urlsafe(32)
            if not receipt._was_reached():
                values["date_sent"] = fields.Datetime.now()
            receipt.write(values)

    def _was_reached(self):
        """:return: whether it was sent and did not come back; a reminder that did says nothing of
        the first e-mail"""
        self.ensure_one()
        if not self.date_sent:
            return False
        return not self._has_mail_failed() or self.date_mailed > self._get_day(self.date_sent)

    def _send_mails(self, xml_id, at_once=True):
        """Write once to each person, also to one who reads for several members."""
        groups = self._group_by_reader()
        firsts = self.browse([same[0].id for same in groups])
        firsts._send_mail_template(self.env.ref(xml_id), at_once=at_once)
        for same in groups:
            same.sudo().mail_message_id = same[0].sudo().mail_message_id
        for briefing, receipts in self.grouped("briefing_id").items():
            receipts.sudo().date_mailed = briefing._get_today()

    def _group_by_reader(self):
        """:return: list of the receipts of each person for each briefing"""
        return list(self.grouped(lambda receipt: (receipt.briefing_id, receipt.person_id)).values())

    def _count_mails(self):
        return len(self._group_by_reader())

    def _get_same_reader(self):
        """:return: the receipts of this briefing that the same person has, for several members"""
        self.ensure_one()
        return self.briefing_id.receipt_ids.filtered(
            lambda receipt: receipt.person_id == self.person_id
        )

    def _get_read_links(self):
        """:return: list of (name of the member or none, address of the page), for the mail to
        the reader alone; nowhere, for who looks at the mail and is not its reader"""
        if not is_internal(self, "partnership_sending"):
            return [(False, "#")]
        receipts = self._get_same_reader().sudo().filtered("access_token")
        place = receipts.partnership_id[:1].get_base_url()
        return [
            (
                len(receipts) > 1 and receipt.membership_id.partner_id.name,
                f"{place}/partnership/briefing/{receipt.id}/{receipt.access_token}",
            )
            for receipt in receipts
        ]

    def _is_token(self, token):
        """Whether ``token`` is the one of this receipt. Runs as the system."""
        self.ensure_one()
        own = self.access_token
        return bool(own) and consteq(own.encode(), (token or "").encode())

    def _is_open(self):
        """Whether the link still shows the briefing."""
        self.ensure_one()
        return self.state == "sent" and self.date_expiry >= self.briefing_id._get_today()

    def _confirm_read(self):
        """The person has read it, for each member that it reads for; the first time counts."""
        self.ensure_one()
        unread = self._get_same_reader().filtered(lambda receipt: not receipt.date_read)
        unread.date_read = self.briefing_id._get_today()

    def _confirm_relayed(self, evidence, date):
        """The person has passed it on in the organisation of this receipt; what was said first
        stays.

        :param date: the day, as the page sends it
        """
        self.ensure_one()
        if self.date_relayed:
            return
        try:
            day = fields.Date.to_date(date)
        except ValueError:
            day = None
        if not day:
            raise UserError(self.env._("Say on which day it was passed on."))
        self._check_relay_day(day)
        self._confirm_read()
        self.write({"date_relayed": day, "relay_evidence": evidence})

    def action_tell(self):
        """Record that the user told these persons, or handed it over."""
        self.check_access("write")
        for receipt in self:
            if receipt.state != "sent":
                raise UserError(
                    self.env._(
                        "“%(briefing)s” is not sent: it is told once there is something to tell.",
                        briefing=receipt.briefing_id.name,
                    )
                )
        unread = self.sudo().filtered(lambda receipt: not receipt.date_read)
        for briefing, receipts in unread.grouped("briefing_id").items():
            receipts.write({"date_read": briefing._get_today(), "told_by_id": self.env.uid})

    @api.model
    def _get_list_action(self, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_briefing_receipt_action"
        )
        return {**action, "domain": [*domain, ("state", "=", "sent")], "context": {}}
