from datetime import date

from freezegun import freeze_time

from ..common import PartnershipCase

TODAY = "2025-01-15"


class FigureCase(PartnershipCase):
    """A council and a firm, each with a seat and a titular; a figure is read as the database has
    it, where empty is not 0."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.council = cls._create_member("Test council", date_start="2018-01-01")
        cls.seat = cls._create_seat(cls.council)
        cls.titular = cls._create_person("Test titular")
        cls.mandate = cls._create_mandate(cls.seat, cls.titular)
        cls.persons = [cls._create_person(f"Test person {number}") for number in range(4)]

    def setUp(self):
        super().setUp()
        clock = freeze_time(TODAY)
        clock.start()
        self.addCleanup(clock.stop)

    def _hold(self, day, *came, unmarked="absent", body=None):
        """Hold a meeting and close its sheet.

        :param came: for each row (seat, person or none, status), or (seat, person) who was present
        """
        meeting = self._create_meeting(f"{day} 10:00:00", body=body)
        meeting._fill_sheet()
        for seat, person, *status in came:
            self._mark(meeting, seat, person, *status)
        meeting._close_sheet(unmarked)
        return meeting

    def _mark(self, meeting, seat, person, status="present", **values):
        rows = meeting.attendance_ids.filtered(lambda row: row.seat_id == seat)
        row = rows.filtered(lambda row: row.person_id == person) if person else rows[:1]
        if row:
            row.write({"status": status, **values})
        else:
            self.env["partnership.attendance"].create(
                {
                    "event_id": meeting.id,
                    "seat_id": seat.id,
                    "person_id": person.id,
                    "status": status,
                    **values,
                }
            )

    def _hold_months(self, outcomes, seat=None, year=2024, **values):
        """Hold a meeting in each month; ``outcomes`` is a word of letters: p(resent), l(ate),
        e(xcused), a(bsent), n(ot recorded)."""
        words = {"p": "present", "l": "late", "e": "excused", "a": "absent", "n": "not_recorded"}
        for month, letter in enumerate(outcomes, start=1):
            self._hold(
                f"{year}-{month:02}-10",
                (seat or self.seat, self.titular, words[letter]),
                unmarked="not_recorded",
                **values,
            )

    def _figure(self, membership=None, day="2024-12-31", refresh=True):
        """:return: dict column -> value, of the figures of the day, or None if there are none"""
        Figure = self.env["partnership.membership.figure"]
        membership = membership or self.council
        if refresh:
            Figure._refresh(membership, day)
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT * FROM partnership_membership_figure WHERE membership_id = %s AND month = %s",
            [membership.id, date.fromisoformat(day).replace(day=1)],
        )
        rows = self.env.cr.dictfetchall()
        return rows and rows[0] or None

    def assertFigure(self, membership=None, day="2024-12-31", refresh=True, **expected):
        """:param expected: column -> value; rates to four digits"""
        figure = self._figure(membership, day, refresh)
        self.assertTrue(figure, f"no figures as of {day}")
        found = {
            name: round(figure[name], 4) if isinstance(figure[name], float) else figure[name]
            for name in expected
        }
        self.assertEqual(found, expected)
