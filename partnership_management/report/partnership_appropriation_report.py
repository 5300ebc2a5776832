from odoo import fields, models
from odoo.tools import SQL

from ..models.actor.partnership_interest_group import SECTORS
from ..tools.optional_float import OptionalFloat

# The keys sort as the bands do
BANDS = [
    ("0", "Not enough data"),
    ("1", "Under 25"),
    ("2", "25 to under 50"),
    ("3", "50 to under 75"),
    ("4", "75 and more"),
]
SEVERITIES = [
    ("0", "Not at risk"),
    ("1", "Under 2"),
    ("2", "2 to under 4"),
    ("3", "4 and more"),
]


class PartnershipAppropriationReport(models.Model):
    """How many members make the partnership their own, and how grave the risks are: one row per
    membership, with its latest figures and its open pitfalls."""

    _name = "partnership.appropriation.report"
    _description = "Members by Appropriation and Severity"
    _inherit = ["partnership.report.mixin"]
    _auto = False
    _rec_name = "membership_id"
    _order = "severity desc, appropriation, id"

    membership_id = fields.Many2one("partnership.membership", readonly=True)
    partnership_id = fields.Many2one("partnership.partnership", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", "Member", readonly=True)
    role_id = fields.Many2one("partnership.role", readonly=True)
    is_formal = fields.Boolean("Member by Its Role", readonly=True)
    interest_group_id = fields.Many2one("partnership.interest.group", readonly=True)
    sector = fields.Selection(SECTORS, readonly=True)
    figure_id = fields.Many2one("partnership.membership.figure", "Figures", readonly=True)
    date = fields.Date("As of", readonly=True)

    members = fields.Integer(readonly=True)
    band = fields.Selection(BANDS, "Appropriation Band", readonly=True)
    appropriation = OptionalFloat(readonly=True, aggregator="avg")
    coverage = fields.Float(readonly=True, aggregator="avg")
    on_paper = fields.Boolean("On Paper Only", readonly=True)
    members_on_paper = fields.Integer(readonly=True)
    severity_band = fields.Selection(SEVERITIES, "Severity of Risk", readonly=True)
    severity = fields.Float(readonly=True, aggregator="max")
    pitfalls = fields.Integer("Open Pitfalls", readonly=True)

    _depends = {
        "partnership.membership": [
            "partnership_id",
            "partner_id",
            "role_id",
            "is_formal",
            "interest_group_id",
            "figure_id",
            "pitfall_severity",
        ],
        "partnership.membership.figure": ["date", "appropriation", "coverage", "on_paper"],
        "partnership.pitfall": ["membership_id", "state"],
    }

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT membership.id,
                   membership.id AS membership_id,
                   membership.partnership_id,
                   membership.company_id,
                   membership.partner_id,
                   membership.role_id,
                   membership.is_formal,
                   membership.interest_group_id,
                   membership.sector,
                   figure.id AS figure_id,
                   figure.date,
                   1 AS members,
                   CASE WHEN figure.appropriation IS NULL THEN '0'
                        WHEN figure.appropriation < 25 THEN '1'
                        WHEN figure.appropriation < 50 THEN '2'
                        WHEN figure.appropriation < 75 THEN '3'
                        ELSE '4' END AS band,
                   figure.appropriation,
                   figure.coverage,
                   COALESCE(figure.on_paper, FALSE) AS on_paper,
                   COALESCE(figure.on_paper, FALSE)::int AS members_on_paper,
                   CASE WHEN pitfall.count IS NULL THEN '0'
                        WHEN membership.pitfall_severity < 2 THEN '1'
                        WHEN membership.pitfall_severity < 4 THEN '2'
                        ELSE '3' END AS severity_band,
                   COALESCE(membership.pitfall_severity, 0) AS severity,
                   COALESCE(pitfall.count, 0) AS pitfalls
              FROM partnership_membership membership
         LEFT JOIN partnership_membership_figure figure ON figure.id = membership.figure_id
         LEFT JOIN (
                  SELECT membership_id, COUNT(*) AS count
                    FROM partnership_pitfall
                   WHERE state = 'open'
                GROUP BY membership_id
                   ) pitfall ON pitfall.membership_id = membership.id
            """
        )

    def action_open_membership(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "partnership.membership",
            "res_id": self.membership_id.id,
            "view_mode": "form",
        }
