from freezegun import freeze_time

from odoo.tests import tagged

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-12-31")
class TestReportOutcome(PartnershipCase):
    """Every outcome of a seat at a meeting, and what it counts for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seat = cls._create_seat(cls._create_member("Test council"))
        cls.council = cls.seat.partner_id
        cls.mandate = cls._create_mandate(
            cls.seat, "Test titular", date_start="2024-03-01", date_end="2024-08-31"
        )
        cls.titular = cls.mandate.person_id
        cls.alternate = cls._create_mandate(
            cls.seat, "Test alternate", "alternate", date_start="2024-03-01", date_end="2024-08-31"
        ).person_id
        cls.resident = cls._create_person("Test resident")
        cls.own_seat = cls._create_seat(cls._create_member(cls.resident))

    def _read(self, meeting, seat=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["partnership.participation.report"].search(
            [("event_id", "=", meeting.id), ("seat_id", "=", (seat or self.seat).id)]
        )

    def _hold(self, start, person=None, close="absent", **values):
        """:return: the line of the council at a closed meeting with one row of ``person``"""
        meeting = self._create_meeting(start)
        if person:
            self.env["partnership.attendance"]._record(meeting, person, self.council, **values)
        meeting._close_sheet(close)
        return self._read(meeting)

    def assertOutcome(self, line, outcome, represented, committed):
        """:param committed: what counts for the rate of commitment; None: no rate"""
        self.assertEqual((line.outcome, line.represented), (outcome, represented))
        self.assertEqual(line.expected, 0 if committed is None else 1)
        if committed is not None:
            self.assertEqual(line.presence_rate, represented)
            self.assertEqual(line.commitment_rate, committed)

    def test_outcomes(self):
        stranger = self._create_person("Test colleague")
        for day, outcome, represented, committed, person, values in (
            (3, "titular", 1, 1, self.titular, {"status": "present"}),
            (4, "titular", 1, 1, self.titular, {"status": "late"}),
            (5, "alternate", 1, 1, self.alternate, {"status": "present"}),
            (6, "unmandated", 1, 1, stranger, {"status": "present"}),
            (7, "proxy", 0, 1, self.titular, {"status": "absent", "proxy_id": stranger.id}),
            (8, "excused", 0, 1, self.titular, {"status": "excused"}),
            (9, "absent", 0, 0, self.titular, {"status": "absent"}),
        ):
            with self.subTest(outcome=outcome, values=values):
                line = self._hold(f"2024-06-{day:02} 10:00:00", person, **values)
                self.assertOutcome(line, outcome, represented, committed)
        self.assertOutcome(
            self._hold("2024-06-10 10:00:00", close="not_recorded"), "not_recorded", 0, None
        )

    def test_seat_is_vacant_outside_the_mandates_only(self):
        for date, outcome in (
            ("2024-02-29", "vacant"),
            ("2024-03-01", "absent"),
            ("2024-08-31", "absent"),
            ("2024-09-01", "vacant"),
        ):
            with self.subTest(date=date):
                self.assertOutcome(self._hold(f"{date} 10:00:00"), outcome, 0, 0)

    def test_mandate_learnt_of_later_fills_the_seat(self):
        line = self._hold("2024-09-02 10:00:00")
        self.assertOutcome(line, "vacant", 0, 0)
        self._create_mandate(self.seat, "Test successor", date_start="2024-09-01")
        self.assertOutcome(self._read(line.event_id), "absent", 0, 0)

    def test_mandate_that_ended_before_is_none(self):
        line = self._hold("2024-09-02 10:00:00", self.titular, status="present")
        self.assertOutcome(line, "unmandated", 1, 1)

    def test_individual_is_titular_and_never_vacant(self):
        meeting = self._create_meeting("2024-06-03 10:00:00")
        self.env["partnership.attendance"]._record(meeting, self.resident, status="present")
        meeting._close_sheet("absent")
        self.assertOutcome(self._read(meeting, self.own_seat), "titular", 1, 1)
        meeting = self._create_meeting("2024-06-04 10:00:00")
        meeting._close_sheet("absent")
        self.assertOutcome(self._read(meeting, self.own_seat), "absent", 0, 0)

    def test_role_of_a_day_with_two_changes_is_the_last(self):
        member = self.seat.membership_id.with_context(transition_date="2024-05-02")
        member.role_id = self.role_active
        member.interest_group_id = self.group_civil
        line = self._hold("2024-05-02 10:00:00")
        self.assertEqual(
            (line.role_id, line.interest_group_id), (self.role_active, self.group_civil)
        )
        before = self._hold("2024-05-01 10:00:00")
        self.assertEqual(
            (before.role_id, before.interest_group_id), (self.role_formal, self.group_public)
        )

    def test_what_ended_later_and_what_is_archived_counts(self):
        line = self._hold("2024-06-03 10:00:00", self.titular, status="present")
        self.seat.membership_id.date_end = "2024-07-01"
        self.titular.active = False
        self.council.active = False
        self.body.active = False
        self.assertOutcome(self._read(line.event_id), "titular", 1, 1)

    def test_events_without_a_body_count_nowhere(self):
        """Also where a row has a seat, as after the body of an event was taken away by hand."""
        line = self._hold("2024-06-03 10:00:00", self.titular, status="present")
        meeting = line.event_id
        self.env.cr.execute(
            "UPDATE calendar_event SET partnership_body_id = NULL WHERE id = %s", [meeting.id]
        )
        self.assertFalse(self._read(meeting))
        self.assertFalse(
            self.env["partnership.representation.report"].search(
                [("organisation_id", "=", self.council.id)]
            )
        )

    def test_representatives_are_of_closed_meetings(self):
        Report = self.env["partnership.representation.report"]
        here = [("organisation_id", "=", self.council.id)]
        meeting = self._create_meeting("2024-06-03 10:00:00")
        self.env["partnership.attendance"]._record(
            meeting, self.titular, self.council, status="present"
        )
        self.env.flush_all()
        self.assertFalse(Report.search(here))
        meeting._close_sheet()
        self.env.flush_all()
        self.assertEqual(Report.search(here).person_id, self.titular)
