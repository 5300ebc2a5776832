from odoo import api, fields, models
from odoo.tools import SQL, Query

from ..models.actor.partnership_interest_group import SECTORS
from ..tools.attendance import STATUSES
from ..tools.optional_float import OptionalFloat

# The outcomes of a seat at a meeting, the best first (DESIGN: section 4)
OUTCOMES = [
    ("titular", "Titular"),
    ("alternate", "Alternate"),
    ("unmandated", "Without mandate"),
    ("proxy", "Proxy"),
    ("excused", "Excused"),
    ("absent", "Absent"),
    ("not_recorded", "Not recorded"),
    ("vacant", "Vacant"),
]


class PartnershipParticipationReport(models.Model):
    """What became of each expected seat at each closed meeting of a body: one row per seat and
    meeting, with the best outcome of the rows on that seat.

    A seat is represented by its titular, an alternate or somebody without a mandate. A proxy
    counts as excused, a vacant seat as absent. What is not recorded counts in no rate.
    Rates are fractions of 1 whose average over rows is the rate: 8 of 10 is 0.8. Of fewer than
    three expected there is no rate.
    """

    _name = "partnership.participation.report"
    _description = "Participation"
    _inherit = ["partnership.report.mixin"]
    _auto = False
    _rec_name = "event_id"
    _order = "date desc, event_id, partner_id, id"
    _own_dates = {"partnership.attendance": "date"}

    # Where and when
    partnership_id = fields.Many2one("partnership.partnership", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    body_id = fields.Many2one("partnership.body", readonly=True)
    event_id = fields.Many2one("calendar.event", "Meeting", readonly=True)
    date = fields.Date(readonly=True)

    # Who was expected; role and group are those of the day
    seat_id = fields.Many2one("partnership.seat", readonly=True)
    membership_id = fields.Many2one("partnership.membership", readonly=True)
    partner_id = fields.Many2one("res.partner", "Member", readonly=True)
    role_id = fields.Many2one("partnership.role", readonly=True)
    interest_group_id = fields.Many2one("partnership.interest.group", readonly=True)
    sector = fields.Selection(SECTORS, readonly=True)
    vote_weight = fields.Float(readonly=True)

    # What became of it
    person_id = fields.Many2one("res.partner", "Represented by", readonly=True)
    outcome = fields.Selection(OUTCOMES, readonly=True)
    status = fields.Selection(STATUSES, readonly=True)
    expected = fields.Integer(readonly=True)
    represented = fields.Integer(readonly=True)
    presence_rate = OptionalFloat(readonly=True, aggregator="avg")
    commitment_rate = OptionalFloat(readonly=True, aggregator="avg")

    _depends = {
        "calendar.event": ["partnership_state", "partnership_body_id", "partnership_date"],
        "partnership.attendance": [
            "body_id",
            "event_id",
            "seat_id",
            "person_id",
            "mandate_id",
            "status",
            "proxy_id",
        ],
        "partnership.seat": ["body_id", "membership_id", "vote_weight"],
        "partnership.mandate": ["seat_id", "kind", "date_start", "date_end"],
        "partnership.membership": ["partner_id", "partnership_id"],
        "partnership.membership.transition": ["membership_id", "date", "to_role_id", "to_group_id"],
    }

    def _read_group_select(self, aggregate_spec, query):
        """Fewer than three expected are not enough to speak of a rate."""
        aggregate = super()._read_group_select(aggregate_spec, query)
        if aggregate_spec not in ("presence_rate:avg", "commitment_rate:avg"):
            return aggregate
        rate = self._field_to_sql(self._table, aggregate_spec.removesuffix(":avg"), query)
        return SQL("CASE WHEN COUNT(%s) >= 3 THEN %s END", rate, aggregate)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Look up the order of interest groups and roles where it is needed. Columns of a joined
        table would have to be grouped by, together with each of a million rows."""
        if field_name not in ("interest_group_id", "role_id"):
            return super()._order_field_to_sql(alias, field_name, direction, nulls, query)
        Group = self.env[self._fields[field_name].comodel_name]
        group = Query(self.env, Group._table)
        group_id = self._field_to_sql(alias, field_name, query)
        group.add_where(SQL("%s = %s", SQL.identifier(Group._table, "id"), group_id))
        names = Group._order.split(", ")
        terms = [Group._field_to_sql(Group._table, name, group) for name in names]
        place = group.subselect(SQL("ROW(%s)", SQL(", ").join(terms)))
        return SQL("%s %s %s", place, direction, nulls)

    @property
    def _table_query(self):
        return SQL("%s %s", self._select(), self._from())

    @api.model
    def _select(self):
        return SQL(
            """
            SELECT place.id,
                   place.partnership_id,
                   partnership.company_id,
                   place.body_id,
                   place.event_id,
                   place.date,
                   place.seat_id,
                   seat.membership_id,
                   seat.partner_id,
                   step.to_role_id AS role_id,
                   step.to_group_id AS interest_group_id,
                   interest_group.sector,
                   seat.vote_weight,
                   place.person_id,
                   %(outcome)s AS outcome,
                   (ARRAY['present', 'late', 'excused', 'absent', 'not_recorded'])
                       [place.best_status] AS status,
                   (place.best <> 7)::int AS expected,
                   (place.best <= 3)::int AS represented,
                   CASE WHEN place.best <> 7 THEN (place.best <= 3)::int::float END
                       AS presence_rate,
                   CASE WHEN place.best <> 7 THEN (place.best <= 5)::int::float END
                       AS commitment_rate
            """,
            outcome=self._sql_outcome(),
        )

    @api.model
    def _sql_outcome(self):
        """A seat is held where a row has a mandate of that day; where none has, look further."""
        return SQL(
            """
            CASE place.best
                WHEN 1 THEN 'titular'
                WHEN 2 THEN 'alternate'
                WHEN 3 THEN 'unmandated'
                WHEN 4 THEN 'proxy'
                WHEN 5 THEN 'excused'
                WHEN 7 THEN 'not_recorded'
                ELSE CASE
                    WHEN place.is_held OR NOT actor.is_company THEN 'absent'
                    WHEN EXISTS (
                        SELECT FROM partnership_mandate holder
                         WHERE holder.seat_id = place.seat_id
                           AND holder.date_start <= place.date
                           AND (holder.date_end IS NULL OR holder.date_end >= place.date)
                    ) THEN 'absent'
                    ELSE 'vacant'
                END
            END
            """
        )

    @api.model
    def _from(self):
        """Partnership, body and date of a meeting are grouped by, so that a filter on them is
        applied to the rows before they are brought together."""
        return SQL(
            """
              FROM (
                  SELECT MIN(attendance.id) AS id,
                         attendance.partnership_id,
                         attendance.body_id,
                         attendance.date,
                         attendance.event_id,
                         attendance.seat_id,
                         BOOL_OR(attendance.mandate_id IS NOT NULL) AS is_held,
                         MIN(%(rank)s) AS best,
                         MIN(%(status)s) AS best_status,
                         (ARRAY_AGG(attendance.person_id ORDER BY %(rank)s, attendance.id)
                             FILTER (WHERE attendance.status IN ('present', 'late')))[1]
                             AS person_id
                    FROM partnership_attendance attendance
               LEFT JOIN partnership_mandate mandate ON mandate.id = attendance.mandate_id
               LEFT JOIN partnership_membership individual
                      ON individual.id = attendance.membership_id
                     AND individual.partner_id = attendance.person_id
                   WHERE attendance.seat_id IS NOT NULL
                GROUP BY attendance.event_id, attendance.seat_id,
                         attendance.partnership_id, attendance.body_id, attendance.date
                   ) place
              JOIN calendar_event event
                ON event.id = place.event_id
               AND event.partnership_state = 'closed'
               AND event.partnership_body_id IS NOT NULL
              JOIN partnership_seat seat ON seat.id = place.seat_id
         LEFT JOIN res_partner actor ON actor.id = seat.partner_id
         LEFT JOIN partnership_partnership partnership ON partnership.id = place.partnership_id
         LEFT JOIN (%(steps)s) step
                ON step.membership_id = seat.membership_id
               AND step.date <= place.date
               AND (step.next_date IS NULL OR step.next_date > place.date)
         LEFT JOIN partnership_interest_group interest_group
                ON interest_group.id = step.to_group_id
            """,
            rank=self._sql_rank(),
            status=SQL(
                """CASE attendance.status
                       WHEN 'present' THEN 1 WHEN 'late' THEN 2 WHEN 'excused' THEN 3
                       WHEN 'absent' THEN 4 ELSE 5 END"""
            ),
            steps=SQL(
                """SELECT membership_id, to_role_id, to_group_id, date,
                          LEAD(date) OVER (PARTITION BY membership_id ORDER BY date, id)
                              AS next_date
                     FROM partnership_membership_transition"""
            ),
        )

    @api.model
    def _sql_rank(self):
        """The place of one attendance row in the order of the outcomes, 1 the best."""
        return SQL(
            """CASE WHEN attendance.status IN ('present', 'late') THEN
                        CASE WHEN mandate.kind = 'titular' OR individual.id IS NOT NULL THEN 1
                             WHEN mandate.kind = 'alternate' THEN 2
                             ELSE 3 END
                    WHEN attendance.proxy_id IS NOT NULL THEN 4
                    WHEN attendance.status = 'excused' THEN 5
                    WHEN attendance.status = 'absent' THEN 6
                    ELSE 7 END"""
        )

    def action_open_rows(self):
        """Open the attendance rows behind a line."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_attendance_action"
        )
        action["domain"] = [("event_id", "=", self.event_id.id), ("seat_id", "=", self.seat_id.id)]
        action["context"] = {}
        return action
