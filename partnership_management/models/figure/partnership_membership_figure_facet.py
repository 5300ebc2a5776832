from odoo import api, models
from odoo.tools import SQL

FACETS = ("involvement", "choice", "commitment", "communication")


class PartnershipMembershipFigure(models.Model):
    """The facets of appropriation, on screen ownership, and the index of all of them."""

    _inherit = "partnership.membership.figure"

    @api.model
    def _get_facets(self):
        """A facet is the mean of its two parts, and is missing where one of them is. Commitment
        has nothing to rest on yet: what is to feed it adds its step here.

        :return: dict column -> SQL of its value, from the step ``rate``
        """
        return {
            "involvement": SQL("(rate.presence_rate + rate.regularity) / 2"),
            "choice": SQL(
                "CASE WHEN rate.is_company THEN (rate.validity_rate + rate.continuity) / 2 END"
            ),
            "commitment": SQL("NULL::float"),
            "communication": SQL("(rate.informed_rate + rate.relay_rate) / 2"),
            "on_paper": self._sql_on_paper(),
        }

    @api.model
    def _sql_index(self):
        """The weighted mean of the facets that exist, and the share of the weight that they have.

        Reads the columns named after the facets, and their weights, of a row called ``facet``.
        """
        facets = SQL(", ").join(
            SQL("(facet.%s, facet.%s)", SQL.identifier(name), SQL.identifier(f"weight_{name}"))
            for name in FACETS
        )
        return SQL(
            """
            SELECT 100.0 * SUM(value * weight) / NULLIF(SUM(weight) FILTER (
                       WHERE value IS NOT NULL), 0) AS appropriation,
                   100.0 * COALESCE(SUM(weight) FILTER (WHERE value IS NOT NULL), 0)
                       / NULLIF(SUM(weight), 0) AS coverage
              FROM (VALUES %s) AS weighed(value, weight)
            """,
            facets,
        )
