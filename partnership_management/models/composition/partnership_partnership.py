from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_compare

from ...tools.groups import TEAM
from ...tools.internal import INTERNAL, is_internal
from ...tools.optional_float import OptionalFloat
from .partnership_profile_line import TOLERANCE


class PartnershipPartnership(models.Model):
    """How far the members look like the area, by interest group; on the day ``as_of`` in the
    context, today by default. Other dimensions and bodies: ``partnership.composition.summary``."""

    _inherit = "partnership.partnership"

    profile_line_ids = fields.One2many(
        "partnership.profile.line",
        "partnership_id",
        "Area Profile",
        groups=TEAM,
    )

    has_profile = fields.Boolean(
        "Profile by Interest Group", compute="_compute_composition", groups=TEAM
    )
    representativeness_paper = OptionalFloat(
        "Representativeness on Paper",
        compute="_compute_composition",
        groups=TEAM,
        help="100 where each interest group has its wanted share of the members.",
    )
    representativeness_table = OptionalFloat(
        "Representativeness at the Table",
        compute="_compute_composition",
        groups=TEAM,
        help="100 where each interest group has its wanted share of the presences of 12 months.",
    )
    representativeness_vote = OptionalFloat(
        "Representativeness in the Vote",
        compute="_compute_composition",
        groups=TEAM,
        help="100 where each interest group has its wanted share of the votes cast in 12 months.",
    )
    erosion = OptionalFloat(
        "Erosion",
        compute="_compute_composition",
        groups=TEAM,
        help="Representativeness on paper less that in the vote: what is lost on the way.",
    )
    composition_member_count = fields.Integer(
        "Members with a Group", compute="_compute_composition", groups=TEAM
    )
    composition_presence_count = fields.Integer(
        "Presences with a Group", compute="_compute_composition", groups=TEAM
    )
    composition_vote_count = fields.Integer(
        "Votes Cast with a Group", compute="_compute_composition", groups=TEAM
    )
    largest_group_id = fields.Many2one(
        "partnership.interest.group", compute="_compute_composition", groups=TEAM
    )
    largest_group_members = fields.Integer(
        "Members of the Largest Group", compute="_compute_composition", groups=TEAM
    )
    largest_group_share = OptionalFloat(
        "Share of the Largest Group", compute="_compute_composition", groups=TEAM
    )
    missing_group_ids = fields.Many2many(
        "partnership.interest.group",
        string="Missing Groups",
        compute="_compute_composition",
        groups=TEAM,
    )
    missing_group_count = fields.Integer(
        "Number of Missing Groups", compute="_compute_composition", groups=TEAM
    )

    @api.model_create_multi
    def create(self, vals_list):
        """The lines of a profile are looked at together, once all of them are written."""
        whole = self.with_context(profile_later=INTERNAL)
        partnerships = super(PartnershipPartnership, whole).create(vals_list).with_env(self.env)
        partnerships.filtered(lambda place: place.sudo().profile_line_ids)._profile_changed()
        return partnerships

    def write(self, vals):
        if "profile_line_ids" not in vals:
            return super().write(vals)
        before = {partnership.id: partnership._describe_profile() for partnership in self}
        whole = self.with_context(profile_later=INTERNAL)
        result = super(PartnershipPartnership, whole).write(vals)
        self.filtered(
            lambda partnership: partnership._describe_profile() != before[partnership.id]
        )._profile_changed()
        return result

    def _profile_changed(self):
        """Check the shares that were written, and write them in the history."""
        if is_internal(self, "profile_later"):
            return
        for partnership in self:
            partnership._check_profile()
            partnership._message_log(
                body=Markup("<p>%s</p>%s")
                % (self.env._("The area profile is now:"), partnership._describe_profile())
            )

    def _check_profile(self):
        self.ensure_one()
        lines = self.profile_line_ids
        for dimension, own in lines.grouped("dimension_id").items():
            total = sum(own.mapped("share"))
            if float_compare(abs(total - 1), TOLERANCE, precision_digits=6) > 0:
                raise ValidationError(
                    self.env._(
                        "The wanted shares by “%(dimension)s” sum to %(total).1f %%: they have "
                        "to be 100 %% together.",
                        dimension=dimension.name,
                        total=100 * total,
                    )
                )

    def _describe_profile(self):
        """:return: Markup, a list with one item per dimension"""
        self.ensure_one()
        lines = self.profile_line_ids.sorted(lambda line: line.dimension_id.sequence)
        items = Markup().join(
            Markup("<li>%s: %s</li>")
            % (
                dimension.name,
                ", ".join(f"{line.display_name} {100 * line.share:.1f} %" for line in own),
            )
            for dimension, own in lines.grouped("dimension_id").items()
        )
        return Markup("<ul>%s</ul>") % (items or Markup("<li>–</li>"))

    @api.depends(
        "profile_line_ids.share",
        "membership_ids.is_formal",
        "membership_ids.interest_group_id",
        "membership_ids.date_end",
    )
    @api.depends_context("as_of")
    def _compute_composition(self):
        found = self._get_composition()
        for partnership in self:
            row = found.get(partnership.id, {})
            partnership.has_profile = any(
                line.kind == "group" for line in partnership.profile_line_ids
            )
            partnership.representativeness_paper = row.get("representativeness_paper")
            partnership.representativeness_table = row.get("representativeness_table")
            partnership.representativeness_vote = row.get("representativeness_vote")
            partnership.erosion = row.get("erosion")
            partnership.composition_vote_count = row.get("votes", 0)
            partnership.composition_member_count = row.get("members", 0)
            partnership.composition_presence_count = row.get("presences", 0)
            partnership.largest_group_id = row.get("largest_group_id")
            partnership.largest_group_members = row.get("largest_members", 0)
            partnership.largest_group_share = row.get("largest_share")
            partnership.missing_group_ids = row.get("missing_group_ids") or []
            partnership.missing_group_count = row.get("missing_count", 0)

    def _get_composition(self, date=None):
        """:param date: default: ``as_of`` in the context, or today, where each partnership is
        :return: dict id -> dict of the columns of the summary by interest group, of the whole
            partnership; who is in none of its rows has no members, presences, votes or profile
        """
        Summary = self.env["partnership.composition.summary"]
        date = date or fields.Date.to_date(self.env.context.get("as_of"))
        self.env.flush_all()
        dimension = self.env["partnership.dimension"].sudo().with_context(active_test=False)
        by_group = dimension.search([("kind", "=", "group")], limit=1)
        found = {}
        for day, own in self._origin.grouped(lambda each: date or each._get_today()).items():
            self.env.cr.execute(Summary._query_on(day, own.ids))
            found |= {
                row["partnership_id"]: row
                for row in self.env.cr.dictfetchall()
                if not row["body_id"] and row["dimension_id"] == by_group.id
            }
        return found

    def action_open_picture(self):
        """Open the profile beside the composition, by interest group."""
        return self._action_open_composition("picture", search_default_by_group=1)

    def action_open_shares(self):
        return self._action_open_composition("share", search_default_by_group=1)

    def action_open_waves(self):
        return self._action_open_composition("wave", search_default_years=1)

    def _action_open_composition(self, name, **context):
        action = self._action_open(
            f"partnership_management.partnership_composition_{name}_action",
            search_default_whole=1,
            **context,
        )
        if self.env.context.get("as_of"):
            action["context"]["as_of"] = str(self.env.context["as_of"])
        return action

    def action_fill_profile(self):
        """Want as much of each interest group: a profile to begin with."""
        self.ensure_one()
        self.check_access("write")
        self._take_turns()
        groups = self.env["partnership.interest.group"].search([("active", "=", True)])
        dimension = self.env["partnership.dimension"].search([("kind", "=", "group")])
        if self.profile_line_ids.dimension_id & dimension:
            raise UserError(
                self.env._(
                    "%(partnership)s has a profile by interest group already: change its shares.",
                    partnership=self.name,
                )
            )
        share = round(1 / max(len(groups), 1), 4)
        self.profile_line_ids = [
            fields.Command.create(
                {
                    "dimension_id": dimension.id,
                    "interest_group_id": group.id,
                    # what rounding leaves over is of the first
                    "share": 1 - share * (len(groups) - 1) if group == groups[0] else share,
                }
            )
            for group in groups
        ]
