from datetime import timedelta

from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date, format_list, formatLang

from ...tools.groups import TEAM
from ..figure.partnership_membership_figure_rate import SEAT_YEARS_MIN

ACTIVITY = "partnership_management.mail_activity_type_readiness"
BATCH = 200

READINESS = [
    ("opportunity", "Opportunity open"),
    ("ready", "Necessary and ready"),
    ("consolidate", "Needed, consolidate first"),
    ("not_now", "Not now"),
]


class PartnershipPartnership(models.Model):
    """Whether it is the moment to enlarge (L45, L46), and why: see "Readiness" in the definitions.

    What is not known speaks for nothing: a need that nobody can tell is none, and a maturity that
    is not shown is none. It rests on figures of composition, of the members and of the rounds, and
    says why: each of them beside its threshold, in words. What was found last is kept, and the
    team is told when it changes.
    """

    _inherit = "partnership.partnership"

    readiness_signal = fields.Selection(
        READINESS, "Readiness for Enlargement", readonly=True, copy=False, index=True, groups=TEAM
    )
    readiness_reasons = fields.Html("Reasons", readonly=True, copy=False, groups=TEAM)
    readiness_summary = fields.Char(
        "Reasons in a Line", compute="_compute_readiness_summary", groups=TEAM
    )
    readiness_date = fields.Date("Readiness as of", readonly=True, copy=False, groups=TEAM)

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
            and not self._is_under(values["carried_out"], self.readiness_carried_out)
        )

    def _is_cooling_down(self, values):
        return values["is_recent"] or self._is_under(
            values["entrants_appropriation"], self.cooldown_appropriation
        )

    @staticmethod
    def _is_under(value, threshold):
        return value is not None and value < threshold

    def _get_readiness_values(self, date):
        """:return: dict partnership id -> dict of

        - representativeness (of the members, by interest group) and missing (groups)
        - members (with enough data), appropriation (their median), replacements (unplanned),
          seat_years and turnover (replacements per year of a seat)
        - decisions_done of decisions_due, and carried_out, their share: where none was due, nothing
          is asked of it
        - opportunity: the round that holds it
        - last_round, is_recent (closed less than the months of cool-down ago), entrants (with
          enough data) and entrants_appropriation (their median)
        """
        composition = self._get_composition(date)
        members = self._read_member_figures(date)
        opportunities = self._find_opportunities(date)
        last_rounds = self._find_last_rounds(date)
        entrants = self._read_entrants(last_rounds, date)
        decisions = self._get_carried_out(date)
        return {
            partnership.id: {
                **self._get_readiness_need(composition.get(partnership.id, {})),
                **self._get_readiness_maturity(members.get(partnership.id)),
                **self._get_readiness_decisions(*decisions[partnership.id]),
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

    def _get_readiness_decisions(self, done, due):
        return {
            "decisions_done": done,
            "decisions_due": due,
            "carried_out": done / due if due else None,
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
        return [
            self._get_appropriation_reason(values),
            self._get_turnover_reason(values),
            *self._get_decision_reasons(values),
        ]

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

    def _get_decision_reasons(self, values):
        """:return: list of what decisions speak for, if any was due"""
        value, wanted = values["carried_out"], self.readiness_carried_out
        if value is None:
            return []
        return [
            self.env._(
                "Maturity: %(done)s of %(due)s decisions carried out (%(value)s %%; wanted are "
                "%(wanted)s %% or more).",
                done=values["decisions_done"],
                due=values["decisions_due"],
                value=self._format_figure(100 * value),
                wanted=self._format_figure(100 * wanted),
            )
        ]

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

    @api.depends("readiness_reasons")
    def _compute_readiness_summary(self):
        """The reasons where there is no place for a list, as in a cell of a dashboard."""
        for partnership in self:
            reasons = partnership.readiness_reasons or Markup()
            spaced = reasons.replace(Markup("</li>"), Markup("</li> "))
            partnership.readiness_summary = spaced.striptags()

    def action_refresh_readiness(self):
        self.check_access("write")
        self._take_turns()
        self.sudo()._refresh_readiness()

    @api.model
    def _cron_refresh_readiness(self):
        """Look at all partnerships, in batches that are each committed."""

        def refresh(ids):
            self.browse(ids).try_lock_for_update(allow_referencing=True)._refresh_readiness()

        partnerships = self.search([("active", "=", True)])
        self.env["ir.cron"]._run_in_batches(partnerships.ids, BATCH, refresh)

    def _refresh_readiness(self):
        """Find the readiness of today. Whoever is responsible reads the reasons in the own
        language, and is told of a signal that is new; no news is that it is not the moment."""
        before = {partnership: partnership.readiness_signal for partnership in self}
        users = {partnership: partnership._get_alert_user() for partnership in self}
        for lang, partnerships in self.grouped(
            lambda each: users[each].lang or self.env.lang
        ).items():
            for partnership_id, found in (
                partnerships.with_context(lang=lang)._get_readiness().items()
            ):
                self.browse(partnership_id)._write_readiness(found)
        changed = self.filtered(lambda each: (before[each] or "not_now") != each.readiness_signal)
        changed._tell_readiness(users)

    def _write_readiness(self, found):
        """Write only what is new: others who change the partnership do not wait for it."""
        values = {
            "readiness_signal": found["signal"],
            "readiness_reasons": self._format_reasons(found["reasons"]),
            "readiness_date": self._get_today(),
        }
        if any(self[fname] != value for fname, value in values.items()):
            self.write(values)

    @api.model
    def _format_reasons(self, reasons):
        """:return: Markup, the sentences as a list"""
        items = Markup().join(Markup("<li>%s</li>") % reason for reason in reasons)
        return Markup("<ul>%s</ul>") % items

    def _tell_readiness(self, users):
        """Write the new signal into the history, and make it the one activity about it that each
        responsible has. Nobody gets mail.

        :param users: dict partnership -> who is responsible
        """
        if not self:
            return
        news = {each: each._get_readiness_news(users[each].lang or self.env.lang) for each in self}
        self._message_log_batch(
            {each.id: Markup("<p>%s</p>%s") % (news[each], each.readiness_reasons) for each in self}
        )
        quiet = self.with_context(mail_activity_quick_update=True)
        activity_type = self.env.ref(ACTIVITY, raise_if_not_found=False)
        if not activity_type:
            return
        quiet.activity_search([ACTIVITY]).unlink()
        quiet.env["mail.activity"].create(
            [
                {
                    "res_model_id": self.env["ir.model"]._get_id(self._name),
                    "res_id": each.id,
                    "activity_type_id": activity_type.id,
                    "user_id": users[each].id,
                    "automated": True,
                    "date_deadline": each.readiness_date + timedelta(days=7),
                    "summary": news[each],
                    "note": each.readiness_reasons,
                }
                for each in self
            ]
        )

    def _get_readiness_news(self, lang):
        self.ensure_one()
        partnership = self.with_context(lang=lang)
        signals = dict(self._fields["readiness_signal"]._description_selection(partnership.env))
        return partnership.env._(
            "Readiness for enlargement: %(signal)s", signal=signals[self.readiness_signal]
        )
