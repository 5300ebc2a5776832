import itertools

from odoo import api, models

from ..tools.internal import INTERNAL
from .calendar_event import PARTNERSHIP_FIELDS


class CalendarEvent(models.Model):
    """Meetings are counted whoever organises them.

    Once a grouping asks for anything that is not public, the number of rows included, the
    calendar leaves out events of users whose calendar is private or who have no settings, such
    as the system user. A count by what is public of a meeting leaves nothing out.
    """

    _inherit = "calendar.event"

    @api.model
    def _read_group(self, domain, groupby=(), aggregates=(), having=(), **kwargs):
        asked = itertools.chain(groupby, aggregates, (clause[0] for clause in having))
        return super(CalendarEvent, self._count_meetings(groupby, asked))._read_group(
            domain, groupby, aggregates, having=having, **kwargs
        )

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), **kwargs):
        groupby = list(itertools.chain(*grouping_sets))
        this = self._count_meetings(groupby, itertools.chain(groupby, aggregates))
        return super(CalendarEvent, this)._read_grouping_sets(
            domain, grouping_sets, aggregates, **kwargs
        )

    @api.model
    def _count_meetings(self, groupby, asked):
        """:return: the model, such that the count is public where all that is asked is, and it
        is asked by something of a meeting"""
        by_meeting = {spec.split(":")[0] for spec in groupby} & PARTNERSHIP_FIELDS
        fnames = {spec.split(":")[0] for spec in asked if isinstance(spec, str)}
        if not by_meeting or fnames - self._get_public_fields() - {"__count"}:
            return self
        return self.with_context(partnership_count=INTERNAL)
