import math
from collections import Counter

from odoo import api, fields, models
from odoo.tools import float_compare

from ..tools.attendance import PRESENT
from ..tools.groups import TEAM

# What the quorum of a meeting rests on
QUORUM_FIELDS = (
    "partnership_state",
    "attendance_ids.status",
    "attendance_ids.proxy_id",
    "attendance_ids.seat_id",
    "attendance_ids.mandate_id",
)
QUORUMS = [("reached", "Reached"), ("missed", "Not reached")]


class CalendarEvent(models.Model):
    """Whether a meeting has its quorum, from the rows of its sheet."""

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

    def _get_voting_seats(self, rows):
        """A seat votes when its titular or an alternate is there, or when one of them gave a
        proxy to somebody who is there with a mandate. Of more proxies than the body allows to
        one person the first of the sheet count. A person without a mandate never votes.

        :param rows: attendance rows of this meeting
        :return: partnership.seat
        """
        self.ensure_one()
        body = self.partnership_body_id
        mandated = rows._filtered_mandated()
        present = mandated.filtered(lambda row: row.status in PRESENT)
        voting = present.seat_id
        if not body.proxy_allowed:
            return voting
        voters = present.person_id
        held = Counter()
        for row in mandated.filtered("proxy_id").sorted("id"):
            taken = row.seat_id in voting or held[row.proxy_id] >= body.proxy_max
            if row.proxy_id in voters and not taken:
                held[row.proxy_id] += 1
                voting |= row.seat_id
        return voting

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
