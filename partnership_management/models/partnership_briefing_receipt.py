from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import NO_ACCESS
from odoo.tools import SQL, format_date

from ..tools.against_today import AgainstToday


class PartnershipBriefingReceipt(models.Model):
    """What became of a briefing with one reader, for one member: sent, read, passed on."""

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
        help="The member was not represented at the meeting of which this informs."
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
