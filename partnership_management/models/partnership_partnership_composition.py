from odoo import api, fields, models

from ..tools.groups import TEAM
from ..tools.optional_float import OptionalFloat


class PartnershipPartnership(models.Model):
    """How far the members look like the area, by interest group; on the day ``as_of`` in the
    context, today by default. Other dimensions and bodies: ``partnership.composition.summary``."""

    _inherit = "partnership.partnership"

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
    composition_member_count = fields.Integer(
        "Members with a Group", compute="_compute_composition", groups=TEAM
    )
    composition_presence_count = fields.Integer(
        "Presences with a Group", compute="_compute_composition", groups=TEAM
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
            partnership; who is in none of its rows has no members, presences or profile
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
