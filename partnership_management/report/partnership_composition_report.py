from odoo import api, fields, models
from odoo.tools import SQL

from ..models.actor.partnership_interest_group import SECTORS


class PartnershipCompositionReport(models.Model):
    """Who was in the partnership on a day, on which seat, represented by whom.

    One row per seat, and one per membership without a seat. The day is ``as_of`` in the context,
    today by default; role and interest group are those of that day.
    """

    _name = "partnership.composition.report"
    _description = "Composition on a Date"
    _inherit = ["partnership.report.mixin"]
    _auto = False
    _rec_name = "partner_id"
    _order = "partnership_id, body_id, partner_id, id"

    partnership_id = fields.Many2one("partnership.partnership", readonly=True)
    membership_id = fields.Many2one("partnership.membership", readonly=True)
    partner_id = fields.Many2one("res.partner", "Actor", readonly=True)
    role_id = fields.Many2one("partnership.role", readonly=True)
    is_formal = fields.Boolean("Formal Membership", readonly=True)
    interest_group_id = fields.Many2one("partnership.interest.group", readonly=True)
    sector = fields.Selection(SECTORS, readonly=True)
    body_id = fields.Many2one("partnership.body", readonly=True)
    seat_id = fields.Many2one("partnership.seat", readonly=True)
    vote_weight = fields.Float(readonly=True)
    titular_id = fields.Many2one("res.partner", readonly=True)
    alternate_id = fields.Many2one("res.partner", "First Alternate", readonly=True)
    alternate_names = fields.Char("Alternates", readonly=True)
    date = fields.Date("As of", readonly=True)

    _depends = {
        "partnership.membership": ["partnership_id", "partner_id", "date_start", "date_end"],
        "partnership.membership.transition": ["membership_id", "date", "to_role_id", "to_group_id"],
        "partnership.role": ["is_formal"],
        "partnership.interest.group": ["sector"],
        "partnership.seat": ["body_id", "membership_id", "vote_weight", "date_start", "date_end"],
        "partnership.mandate": ["seat_id", "person_id", "kind", "date_start", "date_end"],
    }

    @property
    def _table_query(self):
        return self._query_as_of(self._query_on)

    @api.model
    def _query_as_of(self, make_query):
        """:param make_query: function of (date, ids of partnerships or None for all) -> SQL
        :return: SQL of the rows on the day ``as_of`` in the context, today by default"""
        date = fields.Date.to_date(self.env.context.get("as_of"))
        return make_query(date, None) if date else self._sql_on_its_day(make_query)

    @api.model
    def _query_on(self, date, partnership_ids=None):
        """:param partnership_ids: limit to these; None: all
        :return: SQL of the composition on ``date``"""
        valid = self.env["partnership.dated.mixin"]._sql_valid
        return SQL(
            """
            SELECT COALESCE(2 * seat.id::bigint, 2 * membership.id::bigint + 1) AS id,
                   membership.partnership_id,
                   membership.id AS membership_id,
                   membership.partner_id,
                   step.to_role_id AS role_id,
                   role.is_formal,
                   step.to_group_id AS interest_group_id,
                   interest_group.sector,
                   seat.body_id,
                   seat.id AS seat_id,
                   seat.vote_weight,
                   CASE WHEN actor.is_company OR seat.id IS NULL OR titular.person_id IS NOT NULL
                        THEN titular.person_id ELSE actor.id END AS titular_id,
                   alternate.person_ids[1] AS alternate_id,
                   alternate.names AS alternate_names,
                   %(date)s::date AS date
              FROM partnership_membership membership
              JOIN res_partner actor ON actor.id = membership.partner_id
              JOIN LATERAL (
                       SELECT to_role_id, to_group_id
                         FROM partnership_membership_transition
                        WHERE membership_id = membership.id AND date <= %(date)s
                        ORDER BY date DESC, id DESC
                        LIMIT 1
                   ) step ON TRUE
              JOIN partnership_role role ON role.id = step.to_role_id
         LEFT JOIN partnership_interest_group interest_group
                ON interest_group.id = step.to_group_id
         LEFT JOIN partnership_seat seat
                ON seat.membership_id = membership.id AND %(seat_valid)s
         LEFT JOIN partnership_mandate titular
                ON titular.seat_id = seat.id AND titular.kind = 'titular' AND %(titular_valid)s
         LEFT JOIN LATERAL (
                       SELECT array_agg(mandate.person_id
                                        ORDER BY mandate.date_start, mandate.id) AS person_ids,
                              string_agg(person.name, ', '
                                         ORDER BY mandate.date_start, mandate.id) AS names
                         FROM partnership_mandate mandate
                         JOIN res_partner person ON person.id = mandate.person_id
                        WHERE mandate.seat_id = seat.id AND mandate.kind = 'alternate'
                          AND %(mandate_valid)s
                   ) alternate ON TRUE
             WHERE %(membership_valid)s AND %(here)s
            """,
            date=date,
            seat_valid=valid("seat", date),
            titular_valid=valid("titular", date),
            mandate_valid=valid("mandate", date),
            membership_valid=valid("membership", date),
            here=self.env["partnership.composition.source"]._sql_here(
                "membership", partnership_ids
            ),
        )

    def action_open_membership(self):
        self.ensure_one()
        return self.membership_id.get_formview_action()
