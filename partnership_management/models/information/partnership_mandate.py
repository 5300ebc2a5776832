from collections import defaultdict
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ...tools.groups import TEAM
from .partnership_briefing_send import ACTIVITY_TYPE

BATCH = 50
# The states of a mandate that has ended and has a successor: what the handover rate is of
NEEDED = ("due", "sent", "acknowledged")


class PartnershipMandate(models.Model):
    """Whoever speaks for a member next takes over from who did: told what was sent and what comes
    next. What the team thinks of the member, plans with it or counts of it is not for the
    successor. Having read it is the acknowledgement."""

    _inherit = "partnership.mandate"

    handover_ids = fields.Many2many("partnership.briefing", string="Handovers", groups=TEAM)
    handover_state = fields.Selection(
        [
            ("none", "Not needed"),
            ("vacant", "No successor yet"),
            ("due", "To hand over"),
            ("sent", "Sent"),
            ("acknowledged", "Acknowledged"),
        ],
        "Handover",
        compute="_compute_handover_state",
        store=True,
        groups=TEAM,
        help="Of a titular whose mandate has an end, while the seat goes on.",
    )
    handover_rate = fields.Float(
        compute="_compute_handover_state",
        store=True,
        aggregator="avg",
        groups=TEAM,
        help="Handovers acknowledged, of the ended mandates of titulars who have a successor.",
    )
    handover_asked = fields.Boolean(copy=False, readonly=True, groups=TEAM)
    handover_prepared = fields.Boolean(copy=False, readonly=True, groups=TEAM)

    @api.depends(
        "kind",
        "date_end",
        "person_id",
        "seat_id.date_end",
        "seat_id.mandate_ids.kind",
        "seat_id.mandate_ids.person_id",
        "seat_id.mandate_ids.date_start",
        "handover_ids.state",
        "handover_ids.receipt_ids.date_read",
    )
    def _compute_handover_state(self):
        for mandate in self:
            mandate.handover_state = mandate._get_handover_state()
            mandate.handover_rate = float(mandate.handover_state == "acknowledged")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_handed_over(self):
        """Who took over from whom stays on record."""
        given = self.sudo().handover_ids.filtered("date_sent").mandate_ids & self
        if given:
            raise UserError(
                self.env._(
                    "%(mandate)s was handed over: end the mandate instead of deleting it.",
                    mandate=given[0].display_name,
                )
            )

    def _get_handover_state(self):
        self.ensure_one()
        end, seat_end = self.date_end, self.seat_id.date_end
        if self.kind != "titular" or not end or (seat_end and seat_end <= end):
            return "none"
        successor = self._get_successor()
        if not successor:
            return "vacant"
        if successor.person_id == self.person_id:
            return "none"
        sent = self.handover_ids.filtered(lambda briefing: briefing.state == "sent").receipt_ids
        if any(sent.mapped("date_read")):
            return "acknowledged"
        # Also where nobody has an address, and it is told in person
        lost = all(receipt._has_mail_failed() for receipt in sent)
        return "due" if lost else "sent"

    @api.model
    def _find_mails_to_settle(self):
        """:return: those whose handovers have left, failed or come back"""
        return self.sudo().search(
            Domain("handover_state", "in", ("due", "sent"))
            & Domain("handover_ids.receipt_ids.mail_state", "in", ("sent", "waiting", "failed"))
        )

    def _settle_mails(self):
        self.env.add_to_compute(self._fields["handover_state"], self)
        self._recompute_recordset(["handover_state"])

    def _get_successor(self):
        """:return: the mandate of the next titular on the seat, or none"""
        self.ensure_one()
        later = self.seat_id.mandate_ids.filtered(
            lambda mandate: mandate.kind == "titular" and mandate.date_start > self.date_end
        )
        return later.sorted("date_start")[:1]

    def _read_group_select(self, aggregate_spec, query):
        """The rate is of those that needed a handover, and of three at least."""
        aggregate = super()._read_group_select(aggregate_spec, query)
        if aggregate_spec != "handover_rate:avg":
            return aggregate
        needed = SQL(
            "FILTER (WHERE %s IN %s)",
            self._field_to_sql(self._table, "handover_state", query),
            NEEDED,
        )
        return SQL("CASE WHEN COUNT(*) %s >= 3 THEN %s %s END", needed, aggregate, needed)

    @api.model
    def _domain_handover(self):
        """:return: Domain of the mandates that ended in the last twelve months and needed one"""
        return Domain("handover_state", "in", NEEDED) & self._domain_on_its_day(
            lambda today: (
                Domain("date_end", "<", today)
                & Domain("date_end", ">=", today - relativedelta(years=1))
            )
        )

    @api.model
    def _get_handover_texts(self, fname, records):
        """:return: dict of ``records`` -> their handover rate of twelve months with its parts"""
        groups = self._read_group(
            self._domain_handover() & Domain(fname, "in", records.ids),
            [fname],
            ["__count", "handover_rate:sum", "handover_rate:avg"],
        )
        texts = {}
        for record, count, done, rate in groups:
            share = f"{rate:.0%}" if count >= 3 else self.env._("not enough data")
            texts[record] = f"{done:.0f}/{count}, {share}"
        return texts

    # ------------------------------------------------------------
    # Handing over
    # ------------------------------------------------------------

    def action_hand_over(self):
        """Open the handovers of these mandates, and prepare those that there are not yet."""
        for mandate in self:
            mandate._check_can_hand_over()
        handovers = self.handover_ids.filtered(lambda briefing: briefing.state != "cancelled")
        handovers |= (self - handovers.mandate_ids)._create_handovers()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_briefing_action"
        )
        if len(handovers) == 1:
            return {**action, "views": [(False, "form")], "res_id": handovers.id}
        return {**action, "domain": [("id", "in", handovers.ids)]}

    def _check_can_hand_over(self):
        self.ensure_one()
        if self.kind != "titular":
            reason = self.env._("only titulars hand over")
        elif not self.date_end:
            reason = self.env._("the mandate has no end yet")
        elif self.handover_state == "none":
            reason = self.env._("the seat ends, or the same person goes on")
        else:
            return
        raise UserError(
            self.env._(
                "There is nothing to hand over of %(mandate)s: %(reason)s.",
                mandate=self.display_name,
                reason=reason,
            )
        )

    def _create_handovers(self):
        """Whoever went may have had seats of the member in several bodies: the next one is told
        of all of them at once.

        :return: the drafts, for the successors as far as they are known
        """
        self.membership_id._take_turns()
        siblings = self.membership_id.mandate_ids.filtered(
            lambda mandate: (
                mandate.handover_state in ("due", "vacant")
                and not mandate.handover_ids.filtered(
                    lambda briefing: briefing.state != "cancelled"
                )
            )
        )
        wanted = {mandate._get_handover_key() for mandate in self}
        together = (self | siblings).grouped(lambda mandate: mandate._get_handover_key())
        told = [mandates for key, mandates in together.items() if key in wanted]
        named = (
            mandates.organisation_id | mandates.person_id | mandates[0]._get_successor().person_id
            for mandates in told
        )
        self.env["res.partner"].union(*named).fetch(["name", "lang"])
        return self.env["partnership.briefing"].create(
            [mandates._prepare_handover() for mandates in told]
        )

    def _get_handover_key(self):
        """:return: what mandates have in common that are handed over together"""
        self.ensure_one()
        return self.membership_id, self.person_id, self.date_end, self._get_successor().person_id

    def _prepare_handover(self):
        """:return: values of the handover of mandates that one person had of one member"""
        first = self[0]
        successor = first._get_successor().person_id
        this = self.with_context(lang=successor.lang or self.env.lang)
        reader = {"person_id": successor.id, "membership_id": first.membership_id.id}
        return {
            "name": this.env._(
                "Handover: %(member)s, from %(person)s",
                member=first.organisation_id.name,
                person=first.person_id.name,
            ),
            "kind": "handover",
            "mandate_ids": self.ids,
            "body_id": first.body_id.id if len(self) == 1 else False,
            "partnership_id": first.partnership_id.id,
            "body": this._render_handover(),
            "receipt_ids": [Command.create(reader)] if successor else [],
        }

    def _render_handover(self):
        """:return: what the successor should know, as a text that is edited before it is sent"""
        return self.env["ir.qweb"]._render(
            "partnership_management.briefing_handover_text", self._get_handover_values()
        )

    def _get_handover_values(self):
        """What a handover tells: facts that the member was told itself, or will be. What comes
        later (decisions) is added by extending this method and the template.

        :return: dict of the values of the template
        """
        first = self[0]
        today = first._get_today()
        return {
            "mandates": self,
            "mandate": first,
            "successor": first._get_successor(),
            "briefings": self._get_unread_briefings(),
            "meetings": self.env["calendar.event"].search(
                [
                    ("partnership_body_id", "in", self.body_id.ids),
                    ("partnership_date", ">=", today),
                    ("partnership_date", ">", first.date_end),
                    ("partnership_state", "in", ("planned", "open")),
                ],
                order="start",
                limit=5,
            ),
        }

    def _get_unread_briefings(self):
        """:return: what was sent to the member and read by nobody for it, handovers apart"""
        receipts = self.env["partnership.briefing.receipt"].search(
            [
                ("membership_id", "in", self.membership_id.ids),
                ("state", "=", "sent"),
                ("kind", "!=", "handover"),
            ]
        )
        read = receipts.filtered("date_read").briefing_id
        return (receipts.briefing_id - read).sorted("date_sent")

    @api.model
    def _cron_ask_handover(self):
        """Prepare the handover of each titular who went, once there is a successor, and ask the
        responsible to send it; as long as there is none, ask for the handover alone. Each once."""
        waiting = Domain("handover_state", "=", "vacant") & Domain("handover_asked", "=", False)
        due = Domain("handover_state", "=", "due") & Domain("handover_prepared", "=", False)
        mandates = self.search(
            (waiting | due)
            & Domain("kind", "=", "titular")
            & self._domain_on_its_day(
                lambda today: (
                    Domain("date_end", "<", today)
                    & Domain("date_end", ">=", today - timedelta(days=60))
                )
            )
        )
        self.env["ir.cron"]._run_in_batches(
            mandates.ids, BATCH, lambda ids: self.browse(ids)._ask_handover()
        )

    def _ask_handover(self):
        """The to-dos appear in the list of their owner; no mail is sent about them."""
        for user, mandates in self._grouped_by_reader().items():
            drafts = mandates._prepare_drafts(user)
            mandates.handover_asked = True
            told = mandates & drafts.mandate_ids
            told.activity_unlink([ACTIVITY_TYPE])
            if user:
                summary = self.with_user(user)._get_draft_summary()
                self._plan_handover(drafts, user_id=user.id, summary=summary)
                self._plan_handover(mandates - told, user_id=user.id)

    def _grouped_by_reader(self):
        """:return: dict the first of the team who may read them -> mandates; those that none of
        them may read are nobody's"""
        groups = defaultdict(self.browse)
        for partnership, mandates in self.grouped("partnership_id").items():
            for user in partnership.user_id | partnership.user_ids:
                mine = mandates.with_user(user)._filtered_access("read").with_env(self.env)
                groups[user] |= mine
                mandates -= mine
            groups[self.env["res.users"]] |= mandates
        return {user: mandates for user, mandates in groups.items() if mandates}

    def _prepare_drafts(self, user):
        """Prepare the handovers that are due, unless somebody did, or did and cancelled them; they
        tell what ``user`` may see.

        :return: a draft of each, if there is one
        """
        due = self.filtered(lambda mandate: mandate.handover_state == "due")
        due.handover_prepared = True
        new = due.filtered(lambda mandate: not mandate.handover_ids)
        (new.with_user(user) if user else new)._create_handovers()
        return self.env["partnership.briefing"].union(
            *(
                mandate.handover_ids.filtered(lambda briefing: briefing.state == "draft")[:1]
                for mandate in due
            )
        )

    @api.model
    def _plan_handover(self, records, **values):
        """Plan the to-do of a handover, unless there is one.

        :param records: drafts of handovers, or mandates
        """
        planned = records.activity_search([ACTIVITY_TYPE]).mapped("res_id")
        records = records.filtered(lambda record: record.id not in planned)
        records = records.with_context(mail_activity_quick_update=True)
        records.mapped("display_name")  # each to-do asks for that of its record alone
        records.activity_schedule(ACTIVITY_TYPE, **values)

    def _get_draft_summary(self):
        return self.with_context(lang=self.env.user.lang).env._("Complete the handover and send it")
