from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ...tools.groups import OFFICER

# Fields that decide who counts as at risk and how the index is weighed
SETTINGS = (
    "pitfall_irregular_under",
    "pitfall_informed_under",
    "pitfall_validity_under",
    "pitfall_continuity_under",
    "pitfall_replacements",
    "on_paper_presence_under",
    "on_paper_months",
    "weight_involvement",
    "weight_choice",
    "weight_commitment",
    "weight_communication",
)


class PartnershipPartnership(models.Model):
    """From where on a figure is a pitfall, and how much each facet of appropriation weighs.

    Shares are fractions of 1. A threshold of 0 is never passed: it turns its pitfall off.
    """

    _name = "partnership.partnership"
    _inherit = ["partnership.partnership", "partnership.figure.summary"]

    pitfall_irregular_under = fields.Float(
        "Irregular: Regularity under",
        required=True,
        default=0.5,
        tracking=True,
        help="Regularity is 1 less the longest run of absences among the meetings expected.",
    )
    pitfall_informed_under = fields.Float(
        "Ill-informed: Briefings Read in Time under", required=True, default=0.5, tracking=True
    )
    pitfall_validity_under = fields.Float(
        "Unrepresentative: Valid Representation under",
        required=True,
        default=0.5,
        tracking=True,
        help="Meetings represented by the holder of a mandate among the meetings represented.",
    )
    pitfall_continuity_under = fields.Float(
        "Turnover: Continuity under",
        required=True,
        default=0.4,
        tracking=True,
        help="100 % where the same person always comes, 25 % where four take equal turns.",
    )
    pitfall_replacements = fields.Integer(
        "Turnover: Unplanned Replacements from",
        required=True,
        default=2,
        tracking=True,
        help="Titulars replaced without plan in the period looked at. 0: not looked at.",
    )
    on_paper_presence_under = fields.Float(
        "On Paper: Presence under", required=True, default=0.25, tracking=True
    )
    on_paper_months = fields.Integer(
        "On Paper: Member for (months)",
        required=True,
        default=12,
        tracking=True,
        help="Only who has been a member for this long can be a member on paper.",
    )
    weight_involvement = fields.Integer("Involvement", required=True, default=35, tracking=True)
    weight_choice = fields.Integer(
        "Choice of Representatives", required=True, default=25, tracking=True
    )
    weight_commitment = fields.Integer("Commitment", required=True, default=20, tracking=True)
    weight_communication = fields.Integer("Communication", required=True, default=20, tracking=True)
    may_set_thresholds = fields.Boolean(compute="_compute_may_set_thresholds")

    _threshold_range = models.Constraint(
        "CHECK (pitfall_irregular_under BETWEEN 0 AND 1 AND pitfall_informed_under BETWEEN 0 AND 1"
        " AND pitfall_validity_under BETWEEN 0 AND 1 AND pitfall_continuity_under BETWEEN 0 AND 1"
        " AND on_paper_presence_under BETWEEN 0 AND 1)",
        "A threshold is a share between 0 and 100 %.",
    )
    _threshold_count = models.Constraint(
        "CHECK (pitfall_replacements >= 0 AND on_paper_months >= 0)",
        "A number of replacements or months cannot be negative.",
    )
    _weight_range = models.Constraint(
        "CHECK (LEAST(weight_involvement, weight_choice, weight_commitment, weight_communication)"
        " >= 0 AND weight_involvement + weight_choice + weight_commitment + weight_communication"
        " > 0)",
        "The weights of the facets cannot be negative, and one at least is more than 0.",
    )

    _figure_place = "partnership_id"

    @api.depends_context("uid")
    def _compute_may_set_thresholds(self):
        self.may_set_thresholds = self._may_set_thresholds()

    @api.model
    def _may_set_thresholds(self):
        return self.env.su or self.env.user.has_group(OFFICER)

    @api.model
    def _get_threshold_fields(self):
        """:return: set of the names of the fields that only officers write"""
        return set(SETTINGS)

    def write(self, vals):
        """Thresholds decide who is called at risk: they are the programme's, not a team's own."""
        if self._get_threshold_fields() & vals.keys() and not self._may_set_thresholds():
            raise AccessError(
                self.env._(
                    "Thresholds and weights are set by officers, so that partnerships can be "
                    "compared. Ask one of them."
                )
            )
        return super().write(vals)

    def _sql_figure_members(self, date):
        return SQL(
            """
            SELECT partnership_id AS id, id AS membership_id
              FROM partnership_membership
             WHERE partnership_id = ANY(%(ids)s)
               AND date_start <= %(date)s
               AND (date_end IS NULL OR date_end >= %(date)s)
               AND %(formal)s
            """,
            ids=self.ids,
            date=date,
            formal=SQL("is_formal") if date >= self._get_today() else self._sql_formal_on(date),
        )

    @api.model
    def _sql_formal_on(self, date):
        """:return: SQL condition: by its transitions the membership was formal on ``date``"""
        return SQL(
            """(SELECT role.is_formal
                  FROM partnership_membership_transition step
                  JOIN partnership_role role ON role.id = step.to_role_id
                 WHERE step.membership_id = partnership_membership.id AND step.date <= %s
              ORDER BY step.date DESC, step.id DESC
                 LIMIT 1)""",
            date,
        )
