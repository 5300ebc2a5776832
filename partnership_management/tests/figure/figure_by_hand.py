from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.fields import Datetime

from ...tools.attendance import PRESENT

DAY = timedelta(days=1)


def rate(part, whole):
    return part / whole if whole >= 3 else None


def mean(*values):
    return None if None in values else sum(values) / len(values)


def is_valid(record, day):
    return record.date_start <= day and (not record.date_end or record.date_end >= day)


class ByHand:
    """The figures of one membership as of a day, by the words of their definitions, from the
    records and nothing else: slowly, one after the other."""

    def __init__(self, membership):
        self.member = membership
        self.came = {}
        self.recorded = sorted(
            unit for seat in membership.seat_ids for unit in self._read_units(seat)
        )

    def see_from(self, day):
        """Look at what is recorded from the end of ``day``."""
        self.day = min(day, self.member.date_end or day)
        self.year_start = self.day + DAY - relativedelta(months=12)
        earliest = self.day + DAY - relativedelta(months=36)
        self.units = [unit for unit in self.recorded if earliest <= unit[0] <= self.day]
        meetings = sorted({unit[:3] for unit in self.units})
        third = meetings[-3][0] if len(meetings) >= 3 else earliest
        self.start = max(min(self.year_start, third), min(self.member.date_start, self.day))
        self.window = [unit for unit in self.units if unit[0] >= self.start]

    def _read_units(self, seat):
        """:return: (day, start, meeting id, seat id, best outcome), of what is recorded"""
        rows = seat.env["partnership.attendance"].search([("seat_id", "=", seat.id)])
        for event, found in rows.grouped("event_id").items():
            ranks = [(self._rank(row), row.person_id.id) for row in found]
            best = min(ranks)[0]
            if event.partnership_state == "closed" and best != "7 not recorded":
                unit = (event.partnership_date, event.start, event.id, seat.id, best)
                self.came[unit] = [each for each in ranks if each[0] < "4"]
                yield unit

    def _rank(self, row):
        if row.status in PRESENT:
            kinds = {
                mandate.kind
                for mandate in row.seat_id.mandate_ids
                if mandate.person_id == row.person_id and is_valid(mandate, row.date)
            }
            if "titular" in kinds or row.person_id == row.seat_id.partner_id:
                return "1 titular"
            return "2 alternate" if kinds else "3 unmandated"
        if row.proxy_id:
            return "4 proxy"
        return {"excused": "5 excused", "absent": "6 absent"}.get(row.status, "7 not recorded")

    def compute(self):
        figures = {
            "date": self.day,
            "window_start": self.start,
            **self._compute_presence(),
            **self._compute_faces(),
            **self._compute_titulars(),
            **self._compute_information(),
        }
        return {**figures, **self._compute_index(figures)}

    def _compute_presence(self):
        outcomes = [unit[-1] for unit in self.window]
        represented = sum(outcome < "4" for outcome in outcomes)
        excused = sum("4" < outcome < "6" for outcome in outcomes)
        longest = 0
        for seat in self.member.seat_ids:
            marks = "".join(
                "a" if unit[-1] == "6 absent" else "." for unit in self.window if unit[3] == seat.id
            )
            longest += max(map(len, marks.split(".")))
        regularity = rate(longest, len(outcomes))
        meetings = {}
        for _day, start, event_id, _seat_id, outcome in self.units:
            meetings.setdefault((_day, start, event_id), []).append(outcome == "6 absent")
        last = [all(meetings[key]) for key in sorted(meetings)[-3:]]
        return {
            "expected": len(outcomes),
            "represented": represented,
            "excused": excused,
            "absent": outcomes.count("6 absent"),
            "longest_absence": longest,
            "presence_rate": rate(represented, len(outcomes)),
            "commitment_rate": rate(represented + excused, len(outcomes)),
            "regularity": None if regularity is None else 1 - regularity,
            "absent_in_a_row": last == [True, True, True],
            "on_paper": self._is_on_paper(rate(represented, len(outcomes))),
        }

    def _is_on_paper(self, presence):
        steps = [
            step
            for step in self.member.transition_ids.sorted(lambda step: (step.date, step.id))
            if step.date <= self.day
        ]
        since = None
        for step in steps:
            since = (since or step.date) if step.to_role_id.is_formal else None
        year = [unit[-1] for unit in self.units if unit[0] >= self.year_start]
        is_absent = not any(outcome < "4" for outcome in year)
        return bool(
            since
            and since <= self.day - relativedelta(months=12)
            and (not self.member.date_end or self.member.date_end > self.day)
            and year
            and (is_absent or (presence is not None and presence < 0.25))
        )

    def _compute_faces(self):
        came = {unit: self.came[unit] for unit in self.window if unit[-1] < "4"}
        everybody = [person for found in came.values() for _rank, person in found]
        stand = [
            min(found, key=lambda one: (one[0], -everybody.count(one[1]), one[1]))[1]
            for found in came.values()
        ]
        squares = sum((stand.count(one) / len(stand)) ** 2 for one in set(stand))
        valid = sum(unit[-1] < "3" for unit in came)
        return {
            "valid": valid,
            "validity_rate": rate(valid, len(came)),
            "representatives": len(set(everybody)),
            "continuity": squares if len(came) >= 3 else None,
        }

    def _compute_titulars(self):
        ends, days, weights, commits = [], 0, [], []
        for seat in self.member.seat_ids:
            titulars = seat.mandate_ids.filtered(lambda mandate: mandate.kind == "titular")
            titulars = titulars.sorted("date_start")
            ends += [
                before.end_kind == "unplanned"
                for before, after in zip(titulars, titulars[1:], strict=False)
                if self.start <= after.date_start <= self.day
                and before.person_id != after.person_id
            ]
            last = min(self.day, seat.date_end or self.day)
            days += max(0, (last - max(self.start, seat.date_start)).days + 1)
            weights += [seat.vote_weight] if is_valid(seat, self.day) else []
            commits += [
                mandate
                for mandate in seat.mandate_ids
                if is_valid(mandate, self.day) and mandate.authority == "commits"
            ]
        years = days / (self.day + DAY - self.year_start).days
        is_organisation = self.member.partner_id.is_company
        return {
            "replacements_planned": ends.count(False),
            "replacements_unplanned": ends.count(True),
            "seat_years": years,
            "titular_turnover": len(ends) / years if years >= 1 / 12 else None,
            "vote_weight": max(weights, default=1),
            "no_authority": bool(is_organisation and weights and not commits),
        }

    def _compute_information(self):
        receipts = self.member.env["partnership.briefing.receipt"].search(
            [("membership_id", "=", self.member.id), ("briefing_id.state", "=", "sent")]
        )
        due, read, asked, done = 0, 0, 0, 0
        for briefing in receipts.briefing_id:
            own = receipts.filtered(lambda receipt, of=briefing: receipt.briefing_id == of)
            in_time = own.filtered(
                lambda receipt, of=briefing: (
                    not receipt.date_sent or self._get_local_day(receipt.date_sent) <= of.date_due
                )
            )
            due_in_window = self.start <= briefing.date_due <= self.day
            if briefing.kind != "handover" and due_in_window and in_time:
                due += 1
                read += any(
                    receipt.date_read and receipt.date_read <= briefing.date_due
                    for receipt in in_time
                )
            if briefing.ask_relay and self.start <= briefing.date_sent <= self.day:
                asked += len(own)
                done += sum(
                    bool(receipt.date_relayed and receipt.date_relayed <= self.day)
                    for receipt in own
                )
        return {
            "briefings_due": due,
            "briefings_read": read,
            "informed_rate": rate(read, due),
            "relays_asked": asked,
            "relays_done": done,
            "relay_rate": rate(done, asked),
        }

    def _get_local_day(self, moment):
        member = self.member.with_context(tz=self.member.partnership_id.tz)
        return Datetime.context_timestamp(member, moment).date()

    def _compute_index(self, figures):
        """With the weights by default."""
        is_organisation = self.member.partner_id.is_company
        facets = [
            (mean(figures["presence_rate"], figures["regularity"]), 35),
            (
                mean(figures["validity_rate"], figures["continuity"]) if is_organisation else None,
                25,
            ),
            (mean(figures["informed_rate"], figures["relay_rate"]), 20),
        ]
        found = [(value, weight) for value, weight in facets if value is not None]
        coverage = sum(weight for _value, weight in found)
        total = sum(value * weight for value, weight in found)
        return {
            "appropriation": 100 * total / coverage if coverage else None,
            "coverage": float(coverage),
        }
