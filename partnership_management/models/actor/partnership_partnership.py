import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache
from odoo.tools.safe_eval import safe_eval

from odoo.addons.base.models.res_partner import _tz_get

from ...tools.groups import OFFICER

# Who works with a partnership, where, and by which rule and clock
OFFICER_FIELDS = {"company_id", "user_ids", "group_ceiling", "tz"}


class PartnershipPartnership(models.Model):
    """Who works with a partnership and where it belongs is an officer's to say."""

    _name = "partnership.partnership"
    _description = "Local Partnership"
    _inherit = ["mail.thread", "mail.activity.mixin", "partnership.guarded.mixin"]
    _order = "name, id"
    _portal_fields = ("name", "active", "area", "tz", "description", "membership_ids")

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        tracking=True,
    )
    user_ids = fields.Many2many(
        "res.users",
        string="Team",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        tracking=True,
        help="Facilitators see and change the partnerships whose team they belong to.",
    )
    area = fields.Char(help="The territory of the partnership.")
    tz = fields.Selection(
        _tz_get,
        "Time Zone",
        required=True,
        default=lambda self: self.env.user.tz or "UTC",
        tracking=True,
        help="The date of a meeting is its date in this time zone.",
    )
    group_ceiling = fields.Float(
        "Ceiling of One Group (%)",
        default=49.0,
        tracking=True,
        help="The largest share of seats or votes that one interest group or sector may hold.",
    )
    description = fields.Html()

    # What it is made of
    membership_ids = fields.One2many("partnership.membership", "partnership_id", "Actors")
    member_count = fields.Integer("Members", compute="_compute_counts")
    actor_count = fields.Integer("Number of Actors", compute="_compute_counts")

    is_officer = fields.Boolean(
        compute="_compute_is_officer", help="Whether the user changes what officers alone change."
    )

    _ceiling_range = models.Constraint(
        "CHECK (group_ceiling > 0 AND group_ceiling <= 100)",
        "The ceiling of one group is a share between 0 and 100 %.",
    )

    @api.depends("membership_ids.is_formal", "membership_ids.date_end")
    @api.depends_context("uid")
    def _compute_counts(self):
        here = Domain("partnership_id", "in", self.ids)
        Membership = self.env["partnership.membership"]
        current = here & Membership._domain_valid_today()
        actors = {
            (partnership, is_formal): count
            for partnership, is_formal, count in Membership._read_group(
                current, ["partnership_id", "is_formal"], ["__count"]
            )
        }
        for partnership in self:
            formal = actors.get((partnership, True), 0)
            partnership.member_count = formal
            partnership.actor_count = formal + actors.get((partnership, False), 0)

    @api.model_create_multi
    def create(self, vals_list):
        partnerships = super().create(vals_list)
        self.env.registry.clear_cache()  # see _get_zones
        partnerships._check_own_company()
        return partnerships

    def write(self, vals):
        named = self._filtered_changed(vals, OFFICER_FIELDS)
        if named and not self.env.su and not self.env.user.has_group(OFFICER):
            raise AccessError(
                self.env._(
                    "%(partnerships)s: its company, team, ceiling and time zone are changed by an "
                    "officer. Ask one.",
                    partnerships=", ".join(self.mapped("name")),
                )
            )
        self._check_zone(vals)
        before = {each: each.company_id for each in self} if named else {}
        result = super().write(vals)
        if "tz" in vals:
            self.env.registry.clear_cache()
        self.filtered(
            lambda each: each in before and each.company_id != before[each]
        )._check_own_company()
        return result

    def _get_clock_partnerships(self):
        return self

    @api.model
    @ormcache()
    def _get_zones(self):
        """:return: tuple of the time zones in which there are partnerships, whoever sees them"""
        partnerships = self.sudo().with_context(active_test=False)
        return tuple(zone for (zone,) in partnerships._read_group([], ["tz"]))

    def _get_alert_user(self):
        """:return: res.users who is told of what needs somebody: the responsible, else the first of
        the team that is still there"""
        users = self.user_id | self.user_ids
        return users.filtered("active")[:1]

    def action_open_memberships(self):
        return self._action_open("partnership_management.partnership_membership_action")

    def action_open_members(self):
        return self._action_open(
            "partnership_management.partnership_membership_action",
            search_default_members=1,
            partnership_formal=True,
        )

    def _action_open(self, xml_id, **context):
        """:return: the action of ``xml_id``, limited to this partnership"""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xml_id)
        action["domain"] = Domain.AND(
            [
                safe_eval(action["domain"] or "[]", {"uid": self.env.uid}),
                [("partnership_id", "=", self.id)],
            ]
        )
        action["context"] = {
            "default_partnership_id": self.id,
            "search_default_current": 1,
            **context,
        }
        return action

    @api.depends_context("uid")
    def _compute_is_officer(self):
        self.is_officer = self.env.su or self.env.user.has_group(OFFICER)

    @api.model
    def _add_missing_default_values(self, values):
        values = super()._add_missing_default_values(values)
        self._check_zone(values)
        return values

    @api.model
    def _check_zone(self, vals):
        """Every date of a meeting rests on it, and none can be told in a zone that is not one."""
        if "tz" in vals and str(vals["tz"]) not in pytz.all_timezones_set:
            raise ValidationError(
                self.env._(
                    "“%(zone)s” is not a time zone: choose one of the list.",
                    zone=str(vals["tz"] or "")[:50],
                )
            )

    def _check_own_company(self):
        """Nobody gives a partnership to a company that is not theirs."""
        foreign = self.filtered(lambda each: each.company_id not in self.env.user.company_ids)
        if foreign and not self.env.su:
            raise AccessError(
                self.env._(
                    "%(partnership)s can only belong to a company that you work for.",
                    partnership=foreign[0].sudo().name,
                )
            )
