from freezegun import freeze_time

from odoo.tests import tagged

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestAttendance(PartnershipCase):
    """What a row of a sheet cannot say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seat = cls._create_seat(cls._create_member("Test council"))
        cls.titular = cls._create_mandate(cls.seat, "Test titular").person_id
        cls.other = cls._create_person("Test other")
        cls.meeting = cls._create_meeting()
        cls.meeting._fill_sheet()
        cls.row = cls.meeting.attendance_ids

    def test_place_of_another_partnership_is_refused(self):
        foreign = self.partnership.copy({"name": "Test foreign"})
        body = self._create_body("Test far board", partnership_id=foreign.id)
        member = self._create_member("Test far council", partnership_id=foreign.id)
        seat = self._create_seat(member, body=body)
        values = {"event_id": self.meeting.id, "person_id": self.other.id}
        for place in ({"seat_id": seat.id}, {"membership_id": member.id}):
            with self.assertRefused("Test far council", "Test partnership"):
                self.row.create({**values, **place})

    def test_event_of_no_partnership_has_no_sheet(self):
        event = self.env["calendar.event"].create(
            {"name": "Test lunch", "start": "2024-06-03 10:00:00", "stop": "2024-06-03 11:00:00"}
        )
        with self.assertRefused("Test lunch"):
            self.row.create({"event_id": event.id, "person_id": self.other.id})

    def test_proxy_is_of_who_did_not_come_and_to_somebody_else(self):
        with self.assertRefused("Test titular", "did not come"):
            self.row.write({"status": "present", "proxy_id": self.other.id})
        with self.assertRefused("Test titular", "somebody else"):
            self.row.write({"status": "excused", "proxy_id": self.titular.id})
        self.row.write({"status": "excused", "proxy_id": self.other.id})
        with self.assertRefused("Test titular"):
            self.row.status = "late"

    def test_organisation_does_not_come_for_itself(self):
        with self.assertRefused("Test council", "leave the organisation empty"):
            self.row.person_id = self.seat.partner_id
