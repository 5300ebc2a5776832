from odoo import models
from odoo.tools import format_date, format_list, formatLang


class PartnershipPartnership(models.Model):
    """Why: the figures behind the readiness, each beside its threshold, in words."""

    _inherit = "partnership.partnership"

    def _get_readiness_reasons(self, values):
        """:return: list of sentences"""
        self.ensure_one()
        return [
            *self._get_opportunity_reasons(values),
            *self._get_need_reasons(values),
            *self._get_maturity_reasons(values),
            *self._get_pause_reasons(values),
        ]

    def _get_opportunity_reasons(self, values):
        if not values["opportunity"]:
            return []
        opportunity = values["opportunity"]
        words = {"opportunity": opportunity.opportunity or opportunity.name}
        if not opportunity.opportunity_date_end:
            return [self.env._("Opportunity: %(opportunity)s.", **words)]
        return [
            self.env._(
                "Opportunity: %(opportunity)s, until %(end)s.",
                end=format_date(self.env, opportunity.opportunity_date_end),
                **words,
            )
        ]

    def _get_need_reasons(self, values):
        value, target = values["representativeness"], self.representativeness_target
        words = {"value": self._format_figure(value), "target": self._format_figure(target)}
        if value is None:
            reasons = [
                self.env._("Need: not known, for lack of an area profile or of three members.")
            ]
        elif value < target:
            reasons = [self.env._("Need: representativeness %(value)s, under %(target)s.", **words)]
        else:
            reasons = [
                self.env._("Need: representativeness %(value)s, %(target)s or more.", **words)
            ]
        if values["missing"]:
            names = format_list(self.env, values["missing"].mapped("display_name"))
            reasons.append(self.env._("Need: no member of %(groups)s.", groups=names))
        return reasons

    def _get_maturity_reasons(self, values):
        return [self._get_appropriation_reason(values), self._get_turnover_reason(values)]

    def _get_appropriation_reason(self, values):
        value, wanted = values["appropriation"], self.readiness_appropriation
        words = {"value": self._format_figure(value), "wanted": self._format_figure(wanted)}
        if value is None:
            return self.env._(
                "Maturity: not enough data on appropriation (%(count)s members).",
                count=values["members"],
            )
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
            "value": self._format_figure(value, 2),
            "allowed": self._format_figure(allowed, 2),
            "count": values["replacements"],
            "years": self._format_figure(values["seat_years"]),
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

    def _get_pause_reasons(self, values):
        """:return: list of what speaks for consolidating first, if anything does"""
        reasons = []
        if values["is_recent"]:
            reasons.append(
                self.env._(
                    "Consolidation: %(round)s closed on %(date)s, less than %(months)s months ago.",
                    round=values["last_round"].name,
                    date=format_date(self.env, values["last_round"].date_closed),
                    months=self.cooldown_months,
                )
            )
        median = values["entrants_appropriation"]
        if self._is_under(median, self.cooldown_appropriation):
            reasons.append(
                self.env._(
                    "Consolidation: median appropriation of the %(count)s who came in by "
                    "%(round)s %(value)s, under %(wanted)s.",
                    count=values["entrants"],
                    round=values["last_round"].name,
                    value=self._format_figure(median),
                    wanted=self._format_figure(self.cooldown_appropriation),
                )
            )
        return reasons

    def _format_figure(self, number, digits=1):
        """:return: str of a figure, without empty decimals"""
        if number is None:
            return ""
        return formatLang(self.env, number, digits=digits if round(number, digits) % 1 else 0)
