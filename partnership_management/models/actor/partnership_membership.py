from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools.groups import TEAM
from ...tools.internal import INTERNAL
from ..partnership_dated_mixin import one_at_a_time


class PartnershipMembership(models.Model):
    """An actor, organisation or person, in a partnership: from first mention to departure."""

    _name = "partnership.membership"
    _description = "Membership"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "partnership.dated.mixin",
        "partnership.guarded.mixin",
    ]
    _order = "partnership_id, partner_id, date_start desc, id desc"
    _turns_path = "partner_id"
    _portal_fields = (
        "partnership_id",
        "partner_id",
        "is_organisation",
        "role_id",
        "is_formal",
        "interest_group_id",
        "sector",
        "seat_ids",
        "mandate_ids",
        "seat_count",
        "mandate_count",
        "is_mine",
    )
    _check_company_auto = True

    partnership_id = fields.Many2one(
        "partnership.partnership",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["partnership.partnership"].search([], limit=1),
    )
    company_id = fields.Many2one(related="partnership_id.company_id", store=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Actor",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        help="The organisation, or the person who takes part for itself.",
    )
    is_organisation = fields.Boolean(related="partner_id.is_company")
    role_id = fields.Many2one(
        "partnership.role",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self._default_role_id(),
        group_expand="_group_expand_role_id",
        tracking=True,
    )
    is_formal = fields.Boolean(related="role_id.is_formal", store=True)
    interest_group_id = fields.Many2one(
        "partnership.interest.group", index=True, ondelete="restrict", tracking=True
    )
    sector = fields.Selection(related="interest_group_id.sector", store=True)
    date_start = fields.Date(tracking=True)
    date_end = fields.Date(tracking=True)
    end_reason = fields.Char("Reason for Leaving", tracking=True)

    # What hangs on it
    transition_ids = fields.One2many("partnership.membership.transition", "membership_id")
    seat_ids = fields.One2many("partnership.seat", "membership_id", "Seats")
    mandate_ids = fields.One2many("partnership.mandate", "membership_id", "Mandates")
    seat_count = fields.Integer(compute="_compute_counts")
    mandate_count = fields.Integer(compute="_compute_counts")
    figure_id = fields.Many2one(
        "partnership.membership.figure",
        "Latest Figures",
        index="btree_not_null",
        readonly=True,
        copy=False,
        groups=TEAM,
    )
    is_mine = fields.Boolean(
        compute="_compute_is_mine",
        search="_search_is_mine",
        help="The user's own organisation, or one for which the user holds a mandate in this "
        "partnership today.",
    )

    _one_at_a_time = one_at_a_time(
        "An actor has one membership in a partnership at a time: its dates overlap another's.",
        "partner_id",
        "partnership_id",
    )

    def _default_role_id(self):
        """The first rung of the ladder; in a list of members the first that makes a member."""
        formal_only = self.env.context.get("partnership_formal")
        domain = [("is_formal", "=", True)] if formal_only else []
        return self.env["partnership.role"].search(domain, limit=1)

    @api.depends("partner_id.name", "partnership_id.name")
    def _compute_display_name(self):
        """Whoever may see a membership sees whose it is, also in the portal."""
        for membership in self.sudo():
            name = self.env._(
                "%(actor)s in %(partnership)s",
                actor=membership.partner_id.display_name or "",
                partnership=membership.partnership_id.name or "",
            )
            membership.display_name = name if membership.partner_id else False

    @api.depends("seat_ids.date_end", "mandate_ids.date_end")
    def _compute_counts(self):
        for today, memberships in self._grouped_by_today().items():
            for membership in memberships:
                membership.seat_count = len(membership.seat_ids._valid_on(today))
                membership.mandate_count = len(membership.mandate_ids._valid_on(today))

    @api.depends_context("uid")
    @api.depends("partner_id", "partnership_id")
    def _compute_is_mine(self):
        mine = self.filtered_domain(self._search_is_mine("in", [True]))
        for membership in self:
            membership.is_mine = membership in mine

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self.env.user._domain_own_memberships()

    @api.model
    def _group_expand_role_id(self, roles, domain):
        """Every rung of the ladder is a column, or only those of members where they alone are
        asked for."""
        for condition in Domain(domain).iter_conditions():
            if condition.field_expr == "is_formal":
                return roles.search([("is_formal", condition.operator, condition.value)])
        return self._read_group_expand_full(roles, domain)

    @api.constrains("partnership_id", "partner_id", "date_start", "date_end")
    def _check_one_at_a_time(self):
        overlap = self._find_overlap(["partnership_id", "partner_id"])
        if overlap:
            _membership, other, date = overlap
            raise ValidationError(
                self.env._(
                    "%(membership)s is there already on %(date)s (%(dates)s): end it first, or "
                    "choose other dates.",
                    membership=other.display_name,
                    date=format_date(self.env, date),
                    dates=other._format_period(),
                )
            )

    @api.constrains("date_start", "date_end")
    def _check_what_hangs_on_it(self):
        self.transition_ids._check_date()
        self.seat_ids._check_dates()

    @api.model_create_multi
    def create(self, vals_list):
        memberships = super().create(vals_list)
        memberships._write_transitions({})
        memberships._sync_member_seats()
        return memberships

    def write(self, vals):
        """Every change of role or interest group writes its transition.

        The context may hold ``transition_date`` (default: today), ``transition_reason`` and
        ``transition_evidence``.
        """
        self._check_identity(vals)
        self._check_recorded_within(
            vals, "membership_id", self.env["partnership.attendance"]._domain_marked()
        )
        before = {record.id: (record.role_id, record.interest_group_id) for record in self}
        if vals.get("date_end"):
            self._end_what_hangs_on_it(fields.Date.to_date(vals["date_end"]))
        first_steps = self._get_first_transitions() if vals.get("date_start") else None
        if first_steps:
            start = fields.Date.to_date(vals["date_start"])
            sooner = first_steps.filtered(lambda step: step.date > start)
            (first_steps - sooner).with_context(transition_moved=INTERNAL).date = start
        result = super().write(vals)
        if first_steps:
            sooner.with_context(transition_moved=INTERNAL).date = start
        if "role_id" in vals or "interest_group_id" in vals:
            self._write_transitions(before)
        if {"role_id", "date_end"} & vals.keys():
            self._sync_member_seats()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_recorded(self):
        kept = self._filtered_recorded()
        if kept:
            raise UserError(
                self.env._(
                    "%(memberships)s took part in meetings: end the membership instead of "
                    "deleting it.",
                    memberships=", ".join(kept.mapped("display_name")),
                )
            )

    def _filtered_recorded(self):
        """:return: the memberships that a row of a sheet is of, whoever may see it"""
        Attendance = self.env["partnership.attendance"].sudo()
        groups = Attendance._read_group([("membership_id", "in", self.ids)], ["membership_id"])
        recorded = {membership.id for (membership,) in groups}
        return self.filtered(lambda membership: membership.id in recorded)

    def _get_first_transitions(self):
        """:return: the transitions that opened the memberships; they move with the start, at no
        moment outside the dates: those that move to a later day before it, the others after it
        """
        return self.transition_ids.filtered(
            lambda step: not step.from_role_id and step.date == step.membership_id.date_start
        )

    def _check_identity(self, vals):
        """An actor or a partnership never becomes another one: that would rewrite history."""
        changed = self._filtered_changed(vals, ["partnership_id", "partner_id"])
        if changed:
            raise UserError(
                self.env._(
                    "%(membership)s cannot become the membership of another actor or "
                    "partnership: end it and open a new one.",
                    membership=changed[0].display_name,
                )
            )

    def _write_transitions(self, before):
        """Write a transition for each membership whose role or group is not what it was.

        :param before: membership id -> (role, interest group); missing: newly created
        """
        date = fields.Date.to_date(self.env.context.get("transition_date"))
        none = (self.env["partnership.role"], self.env["partnership.interest.group"])
        vals_list = []
        for membership in self:
            role, group = before.get(membership.id, none)
            if (role, group) == (membership.role_id, membership.interest_group_id):
                continue
            start = membership.date_start
            vals_list.append(
                {
                    "membership_id": membership.id,
                    "from_role_id": role.id,
                    "to_role_id": membership.role_id.id,
                    "from_group_id": group.id,
                    "to_group_id": membership.interest_group_id.id,
                    "date": (date or max(membership._get_today(), start)) if role else start,
                    "reason": self.env.context.get("transition_reason"),
                    "evidence": self.env.context.get("transition_evidence"),
                }
            )
        self.env["partnership.membership.transition"].create(vals_list)

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Template for Memberships"),
                "template": "/partnership_management/static/xls/partnership_membership.xlsx",
            }
        ]

    def _formal_since(self):
        """:return: dict membership id -> first day of the present formal role"""
        since = {}
        for membership in self:
            for step in membership.transition_ids.sorted(lambda step: (step.date, step.id)):
                if not step.to_role_id.is_formal:
                    since.pop(membership.id, None)
                else:
                    since.setdefault(membership.id, step.date)
        return since

    def _sync_member_seats(self, bodies=None):
        """Open and end the seats that bodies keep, one for every formal member.

        :param bodies: limit to these bodies; by default all of the memberships' partnerships
        """
        if bodies is None:
            bodies = self.env["partnership.body"].search(
                [
                    ("partnership_id", "in", self.partnership_id.ids),
                    ("seat_policy", "=", "members"),
                ]
            )
        if not bodies or not self:
            return
        seats = self.env["partnership.seat"].search(
            [("membership_id", "in", self.ids), ("body_id", "in", bodies.ids)]
        )
        self._open_member_seats(bodies, seats)
        seats.filtered(
            lambda seat: (
                seat.is_automatic and not seat.date_end and not seat.membership_id.is_formal
            )
        )._end_with_role()

    def _open_member_seats(self, bodies, seats):
        """Give the formal members their seats in ``bodies``; who had one before gets the next.

        :param seats: the seats that the memberships have, or had, in these bodies
        """
        had = seats.grouped(lambda seat: (seat.membership_id, seat.body_id))
        since = self._formal_since()
        vals_list = []
        for body in bodies:
            for membership in self:
                own = had.get((membership, body), seats.browse())
                if (
                    membership.partnership_id != body.partnership_id
                    or not membership.is_formal
                    or membership.date_end
                    or not all(own.mapped("date_end"))
                ):
                    continue
                ends = [seat.date_end + timedelta(days=1) for seat in own]
                vals_list.append(
                    {
                        "membership_id": membership.id,
                        "body_id": body.id,
                        "date_start": max([since[membership.id], *ends]),
                        "is_automatic": True,
                    }
                )
        seats.sudo().create(vals_list)

    def _end_what_hangs_on_it(self, date):
        """End the open seats, and with them the mandates, that would outlast ``date``."""
        self.seat_ids.filtered(lambda seat: not seat.date_end or seat.date_end > date)._end(date)

    def action_change(self):
        """Open the dialog that changes role or interest group, or ends the memberships."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_membership_change_action"
        )
        action["context"] = {"default_membership_ids": self.ids}
        return action

    def action_open_seats(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_seat_action"
        )
        action["domain"] = [("membership_id", "=", self.id)]
        action["context"] = {"default_membership_id": self.id, "search_default_current": 1}
        return action

    def action_open_mandates(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_mandate_action"
        )
        action["domain"] = [("membership_id", "=", self.id)]
        action["context"] = {"search_default_current": 1}
        return action
