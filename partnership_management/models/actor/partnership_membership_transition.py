from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ...tools.internal import is_internal


class PartnershipMembershipTransition(models.Model):
    """One change of role or interest group. Role and group of a past date are read from here."""

    _name = "partnership.membership.transition"
    _description = "Change of Role or Group"
    _inherit = ["partnership.guarded.mixin"]
    _order = "date desc, id desc"

    membership_id = fields.Many2one(
        "partnership.membership", required=True, index=True, ondelete="cascade"
    )
    partnership_id = fields.Many2one(
        related="membership_id.partnership_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(related="membership_id.partner_id", store=True, precompute=True)
    date = fields.Date(
        required=True, compute="_compute_date", store=True, readonly=False, precompute=True
    )
    from_role_id = fields.Many2one("partnership.role", "Previous Role", ondelete="restrict")
    to_role_id = fields.Many2one("partnership.role", "Role", required=True, ondelete="restrict")
    from_group_id = fields.Many2one(
        "partnership.interest.group", "Previous Interest Group", ondelete="restrict"
    )
    to_group_id = fields.Many2one(
        "partnership.interest.group", "Interest Group", ondelete="restrict"
    )
    reason = fields.Char()
    evidence = fields.Char(help="The decision, letter or minutes that the change rests on.")
    user_id = fields.Many2one(
        "res.users", "Written by", default=lambda self: self.env.user, readonly=True
    )

    @api.depends("partnership_id")
    def _compute_date(self):
        for step in self:
            step.date = step.date or step._get_today()

    @api.depends("to_role_id", "date")
    def _compute_display_name(self):
        for step in self:
            step.display_name = f"{step.to_role_id.name} ({format_date(self.env, step.date)})"

    @api.constrains("date", "membership_id")
    def _check_date(self):
        """The steps of a membership follow each other inside its dates, none in the future."""
        for membership in self.membership_id:
            earliest = membership.date_start
            latest = membership.date_end or max(membership._get_today(), earliest)
            for step in membership.transition_ids.sorted("id"):
                if not earliest <= step.date <= latest:
                    raise ValidationError(
                        self.env._(
                            "%(membership)s cannot change on %(date)s: choose a date from "
                            "%(earliest)s to %(latest)s.",
                            membership=membership.display_name,
                            date=format_date(self.env, step.date),
                            earliest=format_date(self.env, earliest),
                            latest=format_date(self.env, latest),
                        )
                    )
                earliest = step.date

    @api.constrains("membership_id", "to_role_id", "to_group_id")
    def _check_is_that_of_the_membership(self):
        """Steps are written by changes of memberships: one written apart would make a member for
        the figures alone, past the door."""
        for membership in self.membership_id:
            last = membership.transition_ids.sorted("id")[-1]
            now = (membership.role_id, membership.interest_group_id)
            if (last.to_role_id, last.to_group_id) != now:
                raise ValidationError(
                    self.env._(
                        "Change the role or the interest group of %(membership)s itself: its "
                        "history follows.",
                        membership=membership.display_name,
                    )
                )

    def write(self, vals):
        """The past is not rewritten: only its reason and evidence can be completed."""
        fixed = vals.keys() - {"reason", "evidence"}
        if fixed and not is_internal(self, "transition_moved"):
            raise UserError(
                self.env._(
                    "A change of role or group is not rewritten: make a new change. Its reason "
                    "and evidence can be completed."
                )
            )
        return super().write(vals)

    @api.model
    def _get_groups_on(self, memberships, date):
        """:return: dict membership id -> the interest group that it had on ``date``, or none"""
        none = self.env["partnership.interest.group"]
        steps = self.search(
            [("membership_id", "in", memberships.ids), ("date", "<=", date)], order="date, id"
        )
        groups = {step.membership_id.id: step.to_group_id for step in steps}
        return {membership.id: groups.get(membership.id, none) for membership in memberships}
