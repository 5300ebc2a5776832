from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.groups import TEAM
from ...tools.optional_float import OptionalFloat


class PartnershipFigureSummary(models.AbstractModel):
    """What the figures of members come to for a body or a partnership.

    Presence is that of its own meetings in the last 12 months; the others are of those who are
    its members today.
    """

    _name = "partnership.figure.summary"
    _description = "Summary of Figures"
    # The field of the participation report that names the record
    _figure_place = None

    figure_expected = fields.Integer(compute="_compute_figure_presence", groups=TEAM)
    figure_represented = fields.Integer(compute="_compute_figure_presence", groups=TEAM)
    figure_presence_rate = OptionalFloat(
        "Presence",
        compute="_compute_figure_presence",
        groups=TEAM,
        help="Seats represented at the meetings of the last 12 months.",
    )
    figure_commitment_rate = OptionalFloat(
        "Presence or Apology", compute="_compute_figure_presence", groups=TEAM
    )
    figure_member_count = fields.Integer(compute="_compute_figure_members", groups=TEAM)
    figure_on_paper_count = fields.Integer(
        "On Paper Only", compute="_compute_figure_members", groups=TEAM
    )
    figure_appropriation = OptionalFloat(
        "Appropriation",
        compute="_compute_figure_members",
        groups=TEAM,
        help="The median of the members that there is enough data of.",
    )

    def _get_presence_domain(self):
        """:return: Domain of the rows that presence is counted from"""
        return Domain("expected", "=", 1) & Domain.OR(
            Domain(self._figure_place, "in", own.ids)
            & Domain("date", ">", today - relativedelta(months=12))
            & Domain("date", "<=", today)
            for today, own in self._grouped_by_today().items()
        )

    @api.depends_context("uid")
    def _compute_figure_presence(self):
        groups = self.env["partnership.participation.report"]._read_group(
            self._get_presence_domain(),
            [self._figure_place],
            ["expected:sum", "represented:sum", "presence_rate:avg", "commitment_rate:avg"],
        )
        found = {place.id: values for place, *values in groups}
        for record in self:
            expected, represented, presence, commitment = found.get(record.id, (0, 0, None, None))
            record.figure_expected = expected
            record.figure_represented = represented
            record.figure_presence_rate = presence
            record.figure_commitment_rate = commitment

    def _compute_figure_members(self):
        found = {}
        for today, own in self._grouped_by_today().items():
            found |= own._read_member_figures(today)
        for record in self:
            values = found.get(record.id, {})
            record.figure_member_count = values.get("members", 0)
            record.figure_on_paper_count = values.get("on_paper", 0)
            record.figure_appropriation = values.get("appropriation")

    def _read_member_figures(self, date):
        """What the figures of the members come to, for records that have one day today.

        :param date: of a past day the figures as they were then
        :return: dict id -> dict of members (those that there is enough data of), on_paper,
            appropriation (their median, of three or more), replacements_unplanned,
            seat_years
        """
        names = ("members", "on_paper", "appropriation", "replacements_unplanned", "seat_years")
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT place.id,
                       COUNT(figure.appropriation),
                       COUNT(*) FILTER (WHERE figure.on_paper),
                       CASE WHEN COUNT(figure.appropriation) >= 3
                            THEN PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY figure.appropriation)
                       END,
                       COALESCE(SUM(figure.replacements_unplanned), 0),
                       COALESCE(SUM(figure.seat_years), 0)
                  FROM (%(members)s) place
                  JOIN partnership_membership membership ON membership.id = place.membership_id
                  JOIN partnership_membership_figure figure ON figure.id = %(figure)s
              GROUP BY place.id
                """,
                members=self._sql_figure_members(date),
                figure=self._sql_figure_on(date)
                if date < self._get_today()
                else SQL("membership.figure_id"),
            )
        )
        return {place_id: dict(zip(names, values, strict=True)) for place_id, *values in rows}

    @api.model
    def _sql_figure_on(self, date):
        """:return: SQL of the figures of ``membership`` that were the latest on ``date``"""
        return SQL(
            """(SELECT id
                  FROM partnership_membership_figure
                 WHERE membership_id = membership.id AND date <= %s
              ORDER BY month DESC
                 LIMIT 1)""",
            date,
        )

    def _sql_figure_members(self, date):
        """:return: SQL of (id, membership_id) of the members of these records on ``date``"""
        raise NotImplementedError

    def action_open_figures(self):
        """Open the latest figures of the members."""
        self.ensure_one()
        rows = self.env.execute_query(self._sql_figure_members(self._get_today()))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_membership_figure_action"
        )
        return {
            **action,
            "domain": [("membership_id", "in", [member_id for _id, member_id in rows])],
            "context": {"search_default_latest": 1},
        }

    def action_open_presence(self):
        """Open what became of the seats at the meetings that count."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_participation_report_action"
        )
        return {**action, "domain": list(self._get_presence_domain()), "context": {}}
