import math
from collections import Counter, defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, float_compare

from ...tools.attendance import PRESENT
from ...tools.groups import TEAM
from ...tools.quorum_forecast import (
    Seat,
    get_balance_chance,
    get_chance,
    get_gains,
    get_quorum_chance,
)

# What the quorum of a meeting rests on
QUORUM_FIELDS = (
    "partnership_state",
    "attendance_ids.status",
    "attendance_ids.proxy_id",
    "attendance_ids.seat_id",
    "attendance_ids.mandate_id",
)
QUORUMS = [("reached", "Reached"), ("missed", "Not reached")]

# Of several answers for a seat the first of these counts; without any it is "none"
ANSWER_ORDER = ("accepted", "tentative", "declined", "none")
UNKNOWN_RATE = 0.5  # of a body that has held no meeting yet


class CalendarEvent(models.Model):
    """Whether a meeting has its quorum, from the rows of its sheet.

    How probable the quorum of a meeting is, from the answers so far (DESIGN: section 4).

    A seat is there when somebody votes on it: its titular, an alternate, or the individual member.
    Who comes without a mandate never counts; a proxy, which nobody knows ahead, does not either.
    """

    _inherit = "calendar.event"

    partnership_quorum = fields.Selection(
        QUORUMS,
        "Quorum",
        compute="_compute_partnership_quorum",
        groups=TEAM,
        help="As the sheet says since it is closed. Empty: the body asked for none.",
    )

    @api.depends(*QUORUM_FIELDS)
    @api.depends_context("uid")
    def _compute_partnership_quorum(self):
        """Of the meetings whose sheet the user may read."""
        meetings = self.env["partnership.meeting"].search([("event_id", "in", self.ids)])
        quorum = {meeting.event_id.id: meeting.quorum for meeting in meetings}
        for event in self:
            event.partnership_quorum = quorum.get(event._origin.id, False)

    def _get_quorum(self):
        """Measure the seats that can vote at each meeting against what its body asks for.

        The base is the seats of the body on the date of the meeting: all of them, or those that
        somebody holds. The unit is the vote weight, or the seat where the body asks for a number
        of seats.

        :return: dict event id -> dict with ``type`` (none, weight, seats), ``base``, ``needed``,
                 ``have`` (in the unit) and ``reached``
        """
        Attendance = self.env["partnership.attendance"]
        rows_by_event = Attendance.search_fetch(
            [("event_id", "in", self.ids), ("seat_id", "!=", False)],
            ["event_id", "seat_id", "person_id", "mandate_id", "status", "proxy_id"],
            order="id",
        ).grouped("event_id")
        seats_by_body = self._get_seats_by_body()
        quorum = {}
        for event in self:
            seats = seats_by_body[event.partnership_body_id]._valid_on(event.partnership_date)
            rows = rows_by_event.get(event, Attendance).filtered(
                lambda row, seats=seats: row.seat_id in seats
            )
            quorum[event.id] = event._measure_quorum(seats, event._get_voting_seats(rows))
        return quorum

    def _get_voting_seats(self, rows, at=None):
        """Which seats may vote at a moment: see :meth:`_get_voters`.

        :return: partnership.seat
        """
        return self.env["partnership.seat"].concat(*self._get_voters(rows, at))

    def _get_voters(self, rows, at=None, proxies=None):
        """Who votes for each seat: its titular or an alternate who is there, or else somebody who
        is there with a mandate and has the proxy of one of them, who is not. Of more proxies than
        the body allows to one person the first of the sheet count. A proxy is not passed on, and
        a person without a mandate never votes.

        :param rows: attendance rows of this meeting
        :param at: datetime in UTC, the moment of a vote; None: as of the whole sheet
        :param proxies: how many one person may hold; None: as many as the body allows
        :return: dict seat -> (the attendance row of the person who votes, ``titular``,
                 ``alternate`` or ``proxy``); an individual member is its own titular
        """
        self.ensure_one()
        if proxies is None:
            body = self.partnership_body_id
            proxies = body.proxy_max if body.proxy_allowed else 0
        mandated = rows._filtered_mandated().sorted("id")
        there = mandated._filtered_there(at)
        deputies = there.filtered(lambda row: row._get_capacity() == "alternate")
        voters, row_by_person = {}, {}
        for row in (there - deputies) + deputies:
            way = "alternate" if row in deputies else "titular"
            voters.setdefault(row.seat_id, (row, way))
            row_by_person.setdefault(row.person_id, row)
        held = Counter()
        for giver in mandated.filtered("proxy_id"):
            holder = row_by_person.get(giver.proxy_id)
            if holder and giver.seat_id not in voters and held[holder.person_id] < proxies:
                held[holder.person_id] += 1
                voters[giver.seat_id] = (holder, "proxy")
        return voters

    def _measure_quorum(self, seats, voting):
        """:return: the figures of one meeting, see :meth:`_get_quorum`"""
        self.ensure_one()
        body = self.partnership_body_id
        base = seats
        if body.quorum_base == "filled":
            base = seats.filtered(lambda seat: seat._get_holders(self.partnership_date))
        by_weight = body.quorum_type == "weight"
        weights = base.mapped("vote_weight") if by_weight else [1] * len(base)
        total = sum(weights)
        if by_weight:
            needed = self._get_needed_weight(total, weights)
        else:
            needed = body.quorum_seats if body.quorum_type == "seats" else 0
        have = sum((voting & base).mapped("vote_weight")) if by_weight else len(voting & base)
        enough = total > 0 and float_compare(have, needed, precision_digits=4) >= 0
        return {
            "type": body.quorum_type or "none",
            "base": total,
            "needed": needed,
            "have": have,
            "reached": enough or (body.quorum_type or "none") == "none",
        }

    def _get_needed_weight(self, total, weights):
        """Half of 13 votes is 7 votes; only where votes are split is the half 6.5."""
        needed = round(total * self.partnership_body_id.quorum_share / 100, 4)
        return math.ceil(needed) if all(weight == int(weight) for weight in weights) else needed

    def action_forecast(self):
        self.ensure_one()
        self._check_sheet_access()
        if not self.partnership_body_id:
            raise UserError(
                self.env._("“%(event)s” is not a meeting of a body.", event=self.display_name)
            )
        forecast = self.env["partnership.quorum.forecast"]._forecast(self)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_quorum_forecast_action"
        )
        return {**action, "res_id": forecast.id}

    def _is_running(self):
        """:return: whether it is the time of the meeting"""
        begins, ends = self._get_period()
        return begins < fields.Datetime.now() <= ends

    def _get_forecast(self):
        """:return: dict with ``quorum`` and ``balance``, the two probabilities; ``needed`` and
        ``base`` in the unit of the quorum; ``base_rate`` and ``meetings`` that it is the rate of;
        ``seats``: list of dict with ``seat``, ``answer``, ``chance``, ``gain`` (None for a seat
        that said yes, or that nobody can take)"""
        self.ensure_one()
        date, body = self.partnership_date, self.partnership_body_id
        records = self._get_seats_by_body()[body]._valid_on(date)
        measure = self._measure_quorum(records, records.browse())
        answers, present = self._get_current_answers(records)
        base_rate, meetings, history = self._get_answer_history(records)
        groups = self.env["partnership.membership.transition"]._get_groups_on(
            records.membership_id, date
        )
        seats, lines = [], []
        for record in records:
            holders, answer = record._get_holders(date), answers[record]
            chance = get_chance(*history[record.id, answer], base_rate) if holders else 0.0
            chance = 1.0 if record in present else chance
            units = record.vote_weight if measure["type"] == "weight" else 1
            seats.append(Seat(chance, units, groups[record.membership_id.id] or record))
            lines.append({"seat": record, "answer": answer, "chance": chance, "holders": holders})
        needed = measure["needed"]
        for line, gain in zip(lines, get_gains(seats, needed), strict=True):
            callable_ = line["holders"] and line["answer"] != "accepted"
            line["gain"] = gain if callable_ else None
        return {
            "quorum": get_quorum_chance(seats, needed) if measure["base"] else 0.0,
            "balance": get_balance_chance(seats, needed, body.group_ceiling),
            "needed": needed,
            "base": measure["base"],
            "base_rate": base_rate,
            "meetings": meetings,
            "seats": lines,
        }

    def _get_current_answers(self, seats):
        """What is known of each seat ahead of the meeting: the apologies and answers on the sheet,
        and what the holders answered in the calendar.

        :return: (dict seat -> answer, the seats of which somebody is there already)
        """
        rows = self.env["partnership.attendance"].search(
            [("event_id", "=", self.id), ("seat_id", "in", seats.ids)]
        )
        given = {guest.partner_id: guest._get_answer() for guest in self.attendee_ids}
        answers = defaultdict(set)
        for row in rows:
            excused = row.status == "excused" and "declined"
            answers[row.seat_id].add(row.answer if row.answer not in (False, "none") else excused)
        for seat in seats:
            known = rows.filtered(lambda row, seat=seat: row.seat_id == seat and row.answer)
            others = seat._get_holders(self.partnership_date) - known.person_id
            answers[seat] |= {given.get(person) for person in others}
        present = rows._filtered_mandated().filtered(lambda row: row.status in PRESENT).seat_id
        first = {
            seat: next((answer for answer in ANSWER_ORDER if answer in answers[seat]), "none")
            for seat in seats
        }
        return first, present

    def _get_answer_history(self, seats):
        """How often each seat was there after each answer, at closed meetings of the body.

        The base rate is of all seats in twelve months, stretched back up to 36 until there are
        three meetings; the answers of a seat are those of 36 months.

        :return: (base rate, number of meetings that it is of, dict (seat id, answer) ->
                 (times there, times answered so))
        """
        counts = self._count_answers()
        dates = sorted({(date, event_id) for _seat, _answer, event_id, date, _here in counts})
        year_ago = self._get_today() - relativedelta(months=12)
        recent = [event_id for date, event_id in dates if date > year_ago]
        counted = set(recent if len(recent) >= 3 else [event_id for _date, event_id in dates[-3:]])
        expected = there = 0
        history = defaultdict(lambda: (0, 0))
        for seat_id, answer, event_id, _date, here in counts:
            if event_id in counted:
                expected, there = expected + 1, there + here
            if seat_id in seats._ids:
                times, answered = history[seat_id, answer]
                history[seat_id, answer] = (times + here, answered + 1)
        return (there / expected if expected else UNKNOWN_RATE), len(counted), history

    def _count_answers(self):
        """:return: list of (seat id, answer, event id, date, whether somebody voted on the seat),
        of all seats at the closed meetings of the body in 36 months; what was not recorded counts
        in nothing"""
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                SELECT attendance.seat_id,
                       (%(answers)s::varchar[])[MIN(COALESCE(
                           ARRAY_POSITION(%(answers)s::varchar[], attendance.answer),
                           CARDINALITY(%(answers)s::varchar[])
                       ))],
                       event.id,
                       event.partnership_date,
                       BOOL_OR(
                           attendance.status IN %(present)s
                           AND (attendance.mandate_id IS NOT NULL
                                OR attendance.person_id = seat.partner_id)
                       )::int
                  FROM calendar_event event
                  JOIN partnership_attendance attendance ON attendance.event_id = event.id
                  JOIN partnership_seat seat ON seat.id = attendance.seat_id
                 WHERE event.partnership_body_id = %(body)s
                   AND event.partnership_state = 'closed'
                   AND event.id <> %(event)s
                   AND event.partnership_date BETWEEN %(since)s AND %(today)s
              GROUP BY attendance.seat_id, event.id
                HAVING BOOL_OR(attendance.status <> 'not_recorded'
                               OR attendance.proxy_id IS NOT NULL)
              ORDER BY event.partnership_date, event.id, attendance.seat_id
                """,
                answers=list(ANSWER_ORDER),
                present=PRESENT,
                body=self.partnership_body_id.id,
                event=self.id,
                since=self._get_today() - relativedelta(months=36),
                today=self._get_today(),
            )
        )
