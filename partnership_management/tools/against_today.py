import operator

from odoo import fields
from odoo.fields import Domain

COMPARED = {"<": operator.lt, "<=": operator.le, ">": operator.gt}


class AgainstToday(fields.Boolean):
    """How a date of a record stands to the day that it is in its partnership.

    Filters and colours of views take this one: the ``today`` of Odoo's filters and the
    ``current_date`` of its colours are the day of whoever looks. The model has the clock,
    ``partnership.clock.mixin``. Without a date it is False.

    :param date_field: name of the date
    :param sign: whether the date is before the day, "<", has come, "<=", or is still to come, ">"
    """

    date_field = None
    sign = "<"

    def _get_attrs(self, model_class, name):
        attrs = super()._get_attrs(model_class, name)
        return {
            **attrs,
            "store": False,
            "copy": False,
            "readonly": True,
            "compute": self._compute_on_its_day,
            "search": self._search_on_its_day,
            "_depends": (attrs["date_field"], "partnership_id.tz"),
        }

    def _compute_on_its_day(self, records):
        compare = COMPARED[self.sign]
        for today, own in records._grouped_by_today().items():
            for record in own:
                date = record[self.date_field]
                record[self.name] = bool(date and compare(date, today))

    def _search_on_its_day(self, records, search_operator, value):
        if search_operator != "in":
            return NotImplemented
        return records._domain_on_its_day(lambda today: Domain(self.date_field, self.sign, today))
