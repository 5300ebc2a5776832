from odoo import models
from odoo.tools import SQL


class PartnershipBody(models.Model):
    _name = "partnership.body"
    _inherit = ["partnership.body", "partnership.figure.summary"]
    _figure_place = "body_id"

    def _sql_figure_members(self, date):
        return SQL(
            """
            SELECT DISTINCT body_id AS id, membership_id
              FROM partnership_seat
             WHERE body_id = ANY(%(ids)s)
               AND date_start <= %(date)s
               AND (date_end IS NULL OR date_end >= %(date)s)
            """,
            ids=self.ids,
            date=date,
        )
