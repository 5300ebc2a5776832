from collections import defaultdict
from functools import cache

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class PartnershipClockMixin(models.AbstractModel):
    """One clock: what day it is, and it is that of the partnership.

    Whoever needs a day takes it here, so that lists, rules, jobs and reports agree near midnight,
    wherever the user and the server are.

    - of one record: :meth:`_get_today`
    - of many, which may be of partnerships far apart: :meth:`_grouped_by_today`
    - in a search: :meth:`_domain_on_its_day`
    - in a filter or a colour of a view: a field of the kind ``AgainstToday``
    - in SQL: :meth:`_sql_today`, or :meth:`_sql_on_its_day` for a query that wants a date
    """

    _name = "partnership.clock.mixin"
    _description = "Day of the Partnership"

    def _get_clock_partnerships(self):
        """:return: the partnerships whose day counts for these records, whoever may read them"""
        Partnership = self.env["partnership.partnership"]
        return self.sudo().partnership_id if "partnership_id" in self._fields else Partnership

    def _get_today(self):
        """:return: the day that it is in the partnership of these records. Of several the earliest:
        it has come in all of them. Of none the day of the user, there is no other."""
        zones = set(filter(None, self._get_clock_partnerships().mapped("tz")))
        if not zones:
            return fields.Date.context_today(self)
        return min(map(_find_day, zones))

    def _get_day(self, moment):
        """:param moment: datetime in UTC
        :return: the day that it was in the partnership of this record"""
        return _find_day(self._get_clock_partnerships().tz, moment)

    def _grouped_by_today(self):
        """:return: dict day -> those of the records whose partnership has that day"""
        today = cache(lambda partnerships: partnerships._get_today())
        groups = self.sudo().grouped(lambda record: today(record._get_clock_partnerships()))
        return {day: records.with_env(self.env) for day, records in groups.items()}

    @api.model
    def _get_zones_by_day(self):
        """:return: dict day -> list of the time zones of partnerships in which it is that day: one
        entry as a rule, never more than three"""
        zones_by_day = defaultdict(list)
        for zone in self.env["partnership.partnership"]._get_zones():
            zones_by_day[_find_day(zone)].append(zone)
        return zones_by_day

    @api.model
    def _domain_on_its_day(self, make_domain):
        """:param make_domain: function of a date -> Domain
        :return: Domain of the records that are in it on the day of their partnership"""
        zones_by_day = self._get_zones_by_day()
        if len(zones_by_day) == 1:
            [day] = zones_by_day
            return make_domain(day)
        return Domain.OR(
            Domain("partnership_id", "any!", [("tz", "in", zones)]) & make_domain(day)
            for day, zones in zones_by_day.items()
        )

    @api.model
    def _sql_today(self, date=None):
        """:return: SQL of (partnership_id, date): today where the partnership is, or ``date``"""
        *others, last = self._get_zones_by_day().items() or [(None, [])]
        today = SQL("%s::date", fields.Date.to_date(date) or last[0])
        if others and not date:
            days = [SQL("WHEN tz IN %s THEN %s::date", tuple(zones), day) for day, zones in others]
            today = SQL("CASE %s ELSE %s END", SQL(" ").join(days), today)
        return SQL("SELECT id AS partnership_id, %s AS date FROM partnership_partnership", today)

    @api.model
    def _sql_on_its_day(self, make_query):
        """:param make_query: function of (date, ids of partnerships or None for all) -> SQL
        :return: SQL of the rows of each partnership on its day"""
        zones_by_day = self._get_zones_by_day()
        if len(zones_by_day) < 2:
            return make_query(next(iter(zones_by_day), None) or self.browse()._get_today(), None)
        Partnership = self.env["partnership.partnership"].sudo().with_context(active_test=False)
        return SQL(" UNION ALL ").join(
            SQL("(%s)", make_query(day, Partnership.search([("tz", "in", zones)]).ids))
            for day, zones in zones_by_day.items()
        )


def _find_day(zone, moment=None):
    """:return: the day that it is in the time zone of that name, or was at ``moment`` in UTC"""
    moment = pytz.utc.localize(moment or fields.Datetime.now())
    return moment.astimezone(pytz.timezone(zone)).date()
