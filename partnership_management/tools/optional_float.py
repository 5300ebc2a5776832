from odoo import fields


class OptionalFloat(fields.Float):
    """A number that may be missing, which is another thing than 0: NULL in the database.

    A plain float shows NULL as 0, so that a rate of which there is not enough data is exported as
    0 and found by a filter on less than 50 %. Here it is False, empty in screens and exports, and
    found by no comparison but that with False.
    """

    falsy_value = None

    def convert_to_column(self, value, record, values=None, validate=True):
        if value is None or value is False:
            return None
        return super().convert_to_column(value, record, values, validate)

    def convert_to_cache(self, value, record, validate=True):
        if value is None or value is False:
            return None
        return super().convert_to_cache(value, record, validate)

    def convert_to_record(self, value, record):
        return False if value is None else value

    def convert_to_export(self, value, record):
        return "" if value is False else value
