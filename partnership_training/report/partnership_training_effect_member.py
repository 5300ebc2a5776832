from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.partnership_management.models.actor.partnership_interest_group import SECTORS
from odoo.addons.partnership_management.tools.optional_float import OptionalFloat

MEASURES = [("presence", "Presence"), ("reading", "Reading")]


class PartnershipTrainingEffectMember(models.Model):
    """What the effect of training rests on: one row per session that is done, body, measure and
    member of the body, with the member's rate before and after.

    Before are the 12 months up to the day before the first event, after the 12 months from the day
    after the last event, as far as they have passed. Presence is meetings of the body represented
    / expected, reading is briefings read in time / due; each needs three cases. Trained is whom
    somebody came for who completed the session; who completed another session of the course is
    neither trained nor untrained.
    """

    _name = "partnership.training.effect.member"
    _description = "Members behind the Effect of Training"
    _inherit = ["partnership.report.mixin"]
    _auto = False
    _rec_name = "partner_id"
    _order = "date desc, session_id, body_id, measure, is_trained desc, partner_id, id"

    partnership_id = fields.Many2one("partnership.partnership", readonly=True)
    session_id = fields.Many2one("partnership.training.session", readonly=True)
    course_id = fields.Many2one("partnership.course", readonly=True)
    date = fields.Date("First Event", readonly=True)
    body_id = fields.Many2one("partnership.body", readonly=True)
    membership_id = fields.Many2one("partnership.membership", readonly=True)
    partner_id = fields.Many2one("res.partner", "Member", readonly=True)
    interest_group_id = fields.Many2one("partnership.interest.group", readonly=True)
    sector = fields.Selection(SECTORS, readonly=True)
    measure = fields.Selection(MEASURES, readonly=True)
    is_trained = fields.Boolean("Trained", readonly=True)
    before_part = fields.Integer("Counted before", readonly=True)
    before_whole = fields.Integer("Due before", readonly=True)
    after_part = fields.Integer("Counted after", readonly=True)
    after_whole = fields.Integer("Due after", readonly=True)
    before = OptionalFloat(readonly=True, aggregator="avg")
    after = OptionalFloat(readonly=True, aggregator="avg")
    change = OptionalFloat(
        readonly=True, aggregator="avg", help="After - before; empty without enough data for both."
    )

    _depends = {
        "partnership.training.session": ["state", "course_id", "partnership_id"],
        "partnership.enrolment": ["session_id", "membership_id", "is_completed"],
        "calendar.event": [
            "training_session_id",
            "partnership_state",
            "partnership_date",
            "partnership_body_id",
        ],
        "partnership.attendance": ["seat_id", "person_id", "mandate_id", "status", "proxy_id"],
        "partnership.seat": ["body_id", "membership_id", "date_start", "date_end"],
        "partnership.mandate": ["kind"],
        "partnership.membership": ["partner_id", "interest_group_id"],
        "partnership.briefing.receipt": [
            "membership_id",
            "date_due",
            "date_read",
            "date_sent",
            "state",
            "kind",
        ],
        "partnership.partnership": ["tz"],
    }

    @property
    def _table_query(self):
        """The number of a row is made of what it is of, so that it stays the same."""
        return SQL(
            """
              WITH training AS (%(trainings)s),
                   trained AS (%(trained)s),
                   place AS (%(places)s),
                   unit AS (%(units)s),
                   due AS (%(due)s)
            SELECT (2 * counted.session_id::bigint + (counted.measure = 'reading')::int)
                       * 1000000000 + counted.seat_id AS id,
                   counted.*,
                   membership.partnership_id, membership.partner_id,
                   membership.interest_group_id, membership.sector,
                   training.course_id, training.date_first AS date,
                   rate.before, rate.after, rate.after - rate.before AS change
              FROM (%(presence)s UNION ALL %(reading)s) counted
              JOIN training ON training.session_id = counted.session_id
              JOIN partnership_membership membership ON membership.id = counted.membership_id
        CROSS JOIN LATERAL (
                SELECT CASE WHEN before_whole >= 3 THEN before_part::float / before_whole END
                           AS before,
                       CASE WHEN after_whole >= 3 THEN after_part::float / after_whole END
                           AS after
            ) rate
            """,
            trainings=self._sql_trainings(),
            trained=self._sql_trained(),
            places=self._sql_places(),
            units=self._sql_units(),
            due=self.env["partnership.briefing.receipt"]._sql_due(),
            presence=self._sql_counted(
                "presence",
                SQL(
                    """JOIN unit ON unit.membership_id = place.membership_id
                                AND unit.body_id = place.body_id"""
                ),
                SQL("unit.date"),
                SQL("unit.is_represented"),
            ),
            reading=self._sql_counted(
                "reading",
                SQL("JOIN due ON due.membership_id = place.membership_id"),
                SQL("due.date_due"),
                SQL("due.in_time"),
            ),
        )

    @api.model
    def _sql_trainings(self):
        """:return: SQL of the sessions that are done, with their first and last day and the day
        up to which what came after is known"""
        return SQL(
            """
            SELECT session.id AS session_id, session.course_id, session.partnership_id,
                   day.date_first, day.date_last,
                   (day.date_first - interval '12 months')::date AS date_from,
                   LEAST((day.date_last + interval '12 months')::date, today.date) AS date_until
              FROM partnership_training_session session
              JOIN (%(today)s) today USING (partnership_id)
              JOIN (
                  SELECT training_session_id AS session_id, MIN(partnership_date) AS date_first,
                         MAX(partnership_date) AS date_last
                    FROM calendar_event
                   WHERE training_session_id IS NOT NULL AND active
                     AND partnership_state IS DISTINCT FROM 'cancelled'
                GROUP BY training_session_id
                   ) day ON day.session_id = session.id
             WHERE session.state = 'done'
            """,
            today=self._sql_today(self.env.context.get("effect_as_of")),
        )

    @api.model
    def _sql_trained(self):
        return SQL(
            """
            SELECT DISTINCT enrolment.session_id, enrolment.course_id, enrolment.membership_id
              FROM partnership_enrolment enrolment
             WHERE enrolment.is_completed AND enrolment.membership_id IS NOT NULL
            """
        )

    @api.model
    def _sql_places(self):
        """:return: SQL of the members with a seat, on the first day of the session, in the bodies
        of those who were trained there; of several seats in a body the first gives the number"""
        return SQL(
            """
            SELECT training.session_id, seat.body_id, seat.membership_id, MIN(seat.id) AS seat_id,
                   training.date_from, training.date_first, training.date_last,
                   training.date_until, trained.membership_id IS NOT NULL AS is_trained
              FROM training
              JOIN partnership_seat seat
                ON seat.partnership_id = training.partnership_id
               AND seat.date_start <= training.date_first
               AND (seat.date_end IS NULL OR seat.date_end >= training.date_first)
         LEFT JOIN trained
                ON trained.session_id = training.session_id
               AND trained.membership_id = seat.membership_id
             WHERE (trained.membership_id IS NOT NULL OR NOT EXISTS (
                       SELECT 1 FROM trained other
                        WHERE other.course_id = training.course_id
                          AND other.membership_id = seat.membership_id))
               AND EXISTS (
                       SELECT 1
                         FROM trained peer
                         JOIN partnership_seat own
                           ON own.membership_id = peer.membership_id
                          AND own.body_id = seat.body_id
                          AND own.date_start <= training.date_first
                          AND (own.date_end IS NULL OR own.date_end >= training.date_first)
                        WHERE peer.session_id = training.session_id)
          GROUP BY training.session_id, seat.body_id, seat.membership_id, training.date_from,
                   training.date_first, training.date_last, training.date_until,
                   trained.membership_id
            """
        )

    @api.model
    def _sql_units(self):
        """:return: SQL of the seats at closed meetings, as the figures of members count them"""
        Figure = self.env["partnership.membership.figure"]
        rows = Figure._sql_rows(
            SQL(
                """attendance.seat_id IN (
                       SELECT own.id FROM partnership_seat own
                         JOIN place ON place.membership_id = own.membership_id
                                   AND place.body_id = own.body_id)
                   AND attendance.date >= (SELECT MIN(date_from) FROM place)
                   AND attendance.date <= (SELECT MAX(date_until) FROM place)"""
            )
        )
        return SQL(
            """
            SELECT seat.body_id, ranked.membership_id, ranked.date, MIN(ranked.rank) <= 3
                   AS is_represented
              FROM (%s) ranked
              JOIN partnership_seat seat ON seat.id = ranked.seat_id
          GROUP BY ranked.event_id, ranked.seat_id, seat.body_id, ranked.membership_id, ranked.date
            HAVING MIN(ranked.rank) <> 7
            """,
            rows,
        )

    @api.model
    def _sql_counted(self, measure, join, date, counts):
        return SQL(
            """
            SELECT place.session_id, place.body_id, place.membership_id, place.seat_id,
                   place.is_trained,
                   %(measure)s AS measure,
                   COUNT(*) FILTER (WHERE %(date)s < place.date_first) AS before_whole,
                   COUNT(*) FILTER (WHERE %(date)s < place.date_first AND %(counts)s)
                       AS before_part,
                   COUNT(*) FILTER (WHERE %(date)s > place.date_last) AS after_whole,
                   COUNT(*) FILTER (WHERE %(date)s > place.date_last AND %(counts)s) AS after_part
              FROM place
              %(join)s
             WHERE %(date)s >= place.date_from AND %(date)s < place.date_first
                OR %(date)s > place.date_last AND %(date)s <= place.date_until
          GROUP BY place.session_id, place.body_id, place.membership_id, place.seat_id,
                   place.is_trained
            """,
            measure=measure,
            join=join,
            date=date,
            counts=counts,
        )
