from odoo import fields, models

READINESS = [
    ("opportunity", "Opportunity open"),
    ("ready", "Necessary and ready"),
    ("consolidate", "Needed, consolidate first"),
    ("not_now", "Not now"),
]


class PartnershipPartnership(models.Model):
    """Whether it is the moment to enlarge (L45, L46), and why: see "Readiness" in the definitions.

    What is not known speaks for nothing: a need that nobody can tell is none, and a maturity that
    is not shown is none. The figures it rests on are read in ``partnership_readiness_figure.py``,
    and put into words in ``partnership_readiness_reason.py``.
    """

    _inherit = "partnership.partnership"

    def _get_readiness(self, date=None):
        """The signal on a day, with what it follows from. By set.

        :param date: by default today, where each partnership is
        :return: dict partnership id -> {"signal": a key of READINESS, "reasons": sentences in the
            language of the context, "values": dict of the figures, None where there is no data}
        """
        date = fields.Date.to_date(date)
        readiness = {}
        for day, partnerships in self.grouped(lambda each: date or each._get_today()).items():
            found = partnerships._get_readiness_values(day)
            for partnership in partnerships:
                values = found[partnership.id]
                readiness[partnership.id] = {
                    "signal": partnership._get_readiness_signal(values),
                    "reasons": partnership._get_readiness_reasons(values),
                    "values": values,
                }
        return readiness

    def _get_readiness_signal(self, values):
        self.ensure_one()
        if values["opportunity"]:
            return "opportunity"
        if not self._needs_enlargement(values):
            return "not_now"
        if self._is_mature(values) and not self._is_cooling_down(values):
            return "ready"
        return "consolidate"

    def _needs_enlargement(self, values):
        return bool(values["missing"]) or self._is_under(
            values["representativeness"], self.representativeness_target
        )

    def _is_mature(self, values):
        turnover = values["turnover"]
        return (
            values["appropriation"] is not None
            and not self._is_under(values["appropriation"], self.readiness_appropriation)
            and turnover is not None
            and turnover <= self.readiness_turnover
        )

    def _is_cooling_down(self, values):
        return values["is_recent"] or self._is_under(
            values["entrants_appropriation"], self.cooldown_appropriation
        )

    @staticmethod
    def _is_under(value, threshold):
        return value is not None and value < threshold
