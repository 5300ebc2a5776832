from odoo import fields, models
from odoo.tools import formatLang

READINESS = [
    ("opportunity", "Opportunity open"),
    ("ready", "Necessary and ready"),
    ("consolidate", "Needed, consolidate first"),
    ("not_now", "Not now"),
]


class PartnershipPartnership(models.Model):
    """Whether it is the moment to enlarge (L45, L46), and why: see "Readiness" in the definitions.

    What is not known speaks for nothing: a need that nobody can tell is none, and a maturity that
    is not shown is none.
    """

    _inherit = "partnership.partnership"

    def _get_readiness(self, date=None):
        """The signal on a day, with what it follows from. By set.

        :param date: by default today
        :return: dict partnership id -> {"signal": a key of READINESS, "reasons": sentences in the
            language of the context, "values": dict of the figures, None where there is no data}
        """
        date = fields.Date.to_date(date) or fields.Date.context_today(self)
        values = self._get_readiness_values(date)
        return {
            partnership.id: {
                "signal": partnership._get_readiness_signal(values[partnership.id]),
                "reasons": partnership._get_readiness_reasons(values[partnership.id]),
                "values": values[partnership.id],
            }
            for partnership in self
        }

    def _get_readiness_values(self, date):
        """:return: dict partnership id -> dict of the figures that the signal rests on"""
        figures = self._read_member_figures(date)
        return {
            partnership.id: partnership._get_readiness_figures(figures.get(partnership.id))
            for partnership in self
        }

    def _get_readiness_figures(self, figures):
        """:param figures: dict of the figures of the members, or None where there are none"""
        figures = figures or dict.fromkeys(("members", "replacements_unplanned", "seat_years"), 0)
        enough = figures["members"] >= 3
        return {
            "members": figures["members"],
            "appropriation": figures["appropriation"] if enough else None,
            "replacements": figures["replacements_unplanned"],
            "seat_years": figures["seat_years"],
            "turnover": figures["replacements_unplanned"] / figures["seat_years"]
            if figures["seat_years"]
            else None,
        }

    def _get_readiness_signal(self, values):
        self.ensure_one()
        if values.get("opportunity"):
            return "opportunity"
        if not self._needs_enlargement(values):
            return "not_now"
        return "ready" if self._is_mature(values) else "consolidate"

    def _needs_enlargement(self, values):
        return False

    def _is_mature(self, values):
        appropriation, turnover = values["appropriation"], values["turnover"]
        return (
            appropriation is not None
            and appropriation >= self.readiness_appropriation
            and turnover is not None
            and turnover <= self.readiness_turnover
        )

    def _get_readiness_reasons(self, values):
        """:return: list of sentences: each figure beside its threshold"""
        self.ensure_one()
        return [
            self._get_appropriation_reason(values),
            self._get_turnover_reason(values),
        ]

    def _get_appropriation_reason(self, values):
        value, wanted = values["appropriation"], self.readiness_appropriation
        if value is None:
            return self.env._(
                "Maturity: not enough data on appropriation (%(count)s members).",
                count=values["members"],
            )
        words = {"value": self._format_number(value), "wanted": self._format_number(wanted)}
        if value < wanted:
            return self.env._(
                "Maturity: median appropriation of the members %(value)s, under %(wanted)s.",
                **words,
            )
        return self.env._(
            "Maturity: median appropriation of the members %(value)s, %(wanted)s or more.", **words
        )

    def _get_turnover_reason(self, values):
        value, allowed = values["turnover"], self.readiness_turnover
        if value is None:
            return self.env._("Maturity: not enough data on turnover (no seat was held yet).")
        words = {
            "value": self._format_number(value, 2),
            "allowed": self._format_number(allowed, 2),
            "count": values["replacements"],
            "years": self._format_number(values["seat_years"]),
        }
        if value > allowed:
            return self.env._(
                "Maturity: unplanned turnover %(value)s (%(count)s in %(years)s years of seats), "
                "over %(allowed)s.",
                **words,
            )
        return self.env._(
            "Maturity: unplanned turnover %(value)s (%(count)s in %(years)s years of seats), "
            "%(allowed)s or less.",
            **words,
        )

    def _format_number(self, number, digits=1):
        """:return: str of the number, without an empty decimal"""
        digits = digits if round(number, digits) % 1 else 0
        return formatLang(self.env, number, digits=digits)
