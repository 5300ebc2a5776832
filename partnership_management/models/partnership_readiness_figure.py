from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from .partnership_membership_figure_representation import SEAT_YEARS_MIN


class PartnershipPartnership(models.Model):
    """The figures that readiness rests on: composition, the members' figures, rounds."""

    _inherit = "partnership.partnership"

    def _get_readiness_values(self, date):
        """:return: dict partnership id -> dict of

        - representativeness (of the members, by interest group) and missing (groups)
        - members (with enough data), appropriation (their median), replacements (unplanned),
          seat_years and turnover (replacements per year of a seat)
        - opportunity: the round that holds it
        - last_round, is_recent (closed less than the months of cool-down ago), entrants (with
          enough data) and entrants_appropriation (their median)
        """
        composition = self._get_composition(date)
        members = self._read_member_figures(date)
        opportunities = self._find_opportunities(date)
        last_rounds = self._find_last_rounds(date)
        entrants = self._read_entrants(last_rounds, date)
        return {
            partnership.id: {
                **self._get_readiness_need(composition.get(partnership.id, {})),
                **self._get_readiness_maturity(members.get(partnership.id)),
                "opportunity": opportunities.get(partnership),
                **partnership._get_readiness_pause(last_rounds, entrants, date),
            }
            for partnership in self
        }

    def _get_readiness_need(self, composition):
        groups = self.env["partnership.interest.group"]
        return {
            "representativeness": composition.get("representativeness_paper"),
            "missing": groups.browse(composition.get("missing_group_ids") or []),
        }

    def _get_readiness_maturity(self, figures):
        """:param figures: those of the members together, or None where there are none"""
        figures = figures or {}
        replacements = figures.get("replacements_unplanned", 0)
        seat_years = figures.get("seat_years", 0)
        return {
            "members": figures.get("members", 0),
            "appropriation": figures.get("appropriation"),
            "replacements": replacements,
            "seat_years": seat_years,
            "turnover": replacements / seat_years if seat_years >= SEAT_YEARS_MIN else None,
        }

    def _get_readiness_pause(self, last_rounds, entrants, date):
        last = last_rounds.get(self)
        count, median = entrants.get(last and last.id, (0, None))
        return {
            "last_round": last,
            "is_recent": bool(last)
            and last.date_closed + relativedelta(months=self.cooldown_months) > date,
            "entrants": count,
            "entrants_appropriation": median,
        }

    def _find_opportunities(self, date):
        """:return: dict partnership -> the round of an opportunity that is there then: it
        has a date, and that date is not past"""
        ends = Domain("opportunity_date_end", ">=", date)
        rounds = self.env["partnership.enlargement.round"].search(
            Domain("partnership_id", "in", self.ids)
            & Domain("motive", "=", "opportunity")
            & Domain("state", "in", ("draft", "open"))
            & (
                Domain("opportunity_date_start", "<=", date)
                | (Domain("opportunity_date_start", "=", False) & ends)
            )
            & (Domain("opportunity_date_end", "=", False) | ends),
            order="opportunity_date_start desc, id desc",
        )
        return {each.partnership_id: each for each in rounds}

    def _find_last_rounds(self, date):
        """:return: dict partnership -> the round that closed last"""
        rounds = self.env["partnership.enlargement.round"].search(
            Domain("partnership_id", "in", self.ids)
            & Domain("state", "=", "closed")
            & Domain("date_closed", "<=", date),
            order="date_closed, id",
        )
        return {each.partnership_id: each for each in rounds}

    def _read_entrants(self, last_rounds, date):
        """:return: dict round id -> (entrants with enough data, their median appropriation)"""
        rounds = self.env["partnership.enlargement.round"].union(*last_rounds.values())
        rows = self.env.execute_query(
            SQL(
                """
                SELECT membership.round_id,
                       COUNT(figure.appropriation),
                       CASE WHEN COUNT(figure.appropriation) >= 3
                            THEN PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY figure.appropriation)
                       END
                  FROM partnership_membership membership
                  JOIN partnership_membership_figure figure ON figure.id = %(figure)s
                 WHERE membership.round_id = ANY(%(ids)s)
              GROUP BY membership.round_id
                """,
                figure=self._sql_figure_on(date),
                ids=rounds.ids,
            )
        )
        return {round_id: values for round_id, *values in rows}
