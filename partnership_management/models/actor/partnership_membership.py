from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

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

    @api.model_create_multi
    def create(self, vals_list):
        memberships = super().create(vals_list)
        memberships._write_transitions({})
        return memberships

    def write(self, vals):
        """Every change of role or interest group writes its transition.

        The context may hold ``transition_date`` (default: today), ``transition_reason`` and
        ``transition_evidence``.
        """
        self._check_identity(vals)
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
        return result

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

    def _end_what_hangs_on_it(self, date):
        """End what would outlast ``date``: what hangs on a membership adds itself here."""

    def action_change(self):
        """Open the dialog that changes role or interest group, or ends the memberships."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_membership_change_action"
        )
        action["context"] = {"default_membership_ids": self.ids}
        return action
