from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .merge_common import MergeCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestMergeOrganisation(MergeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.assembly = cls._create_body("Test assembly", seat_policy="members")
        cls.copy = cls._create_member(
            "Test council copy",
            cls.role_contacted,
            date_start="2024-03-01",
            zone_id=cls.env["partnership.dimension.value"]
            ._find_or_create_zone("Test north", cls.partnership)
            .id,
        )
        cls.organisation = cls.council.partner_id

    def test_two_open_memberships_become_one(self):
        seat = self._create_seat(self.copy)
        mandate = self._create_mandate(seat, self.double)
        row = self._record(self.double, self.copy.partner_id, status="present")
        self._merge(self.copy.partner_id, into=self.organisation)
        self.assertFalse(self.copy.exists())
        self.assertEqual(self.council.partner_id, self.organisation)
        self.assertEqual(
            (row.organisation_id, row.membership_id), (self.organisation, self.council)
        )
        self.assertEqual(seat.membership_id, self.council)
        self.assertEqual(
            (mandate.membership_id, mandate.organisation_id), (self.council, self.organisation)
        )
        self.assertEqual(self.council.zone_id.name, "Test north")
        self.assertConsistent()

    def test_older_membership_is_kept_whoever_it_was_of(self):
        target = self.copy.partner_id
        self._merge(self.organisation, into=target)
        self.assertFalse(self.copy.exists())
        self.assertEqual(self.council.partner_id, target)
        self.assertEqual(self.council.role_id, self.role_formal)
        self.assertConsistent()

    def test_round_by_which_it_came_in_is_kept(self):
        round_ = self._open_round()
        self.copy.role_id = self.role_formal
        self._merge(self.copy.partner_id, into=self.organisation)
        self.assertEqual(self.council.round_id, round_)
        self.assertConsistent()

    def test_each_day_had_the_higher_role(self):
        self.copy.with_context(
            transition_date="2024-05-01", transition_reason="Test vote"
        ).role_id = self.role_active
        self.council.with_context(transition_date="2024-06-01").interest_group_id = self.group_civil
        self._merge(self.copy.partner_id, into=self.organisation)
        steps = self.council.transition_ids.sorted("id")
        self.assertEqual(
            [(str(step.date), step.to_role_id) for step in steps],
            [
                ("2024-01-01", self.role_formal),
                ("2024-03-01", self.role_formal),
                ("2024-05-01", self.role_active),
                ("2024-06-01", self.role_active),
            ],
        )
        for step, following in zip(steps, steps[1:], strict=False):
            self.assertEqual(following.from_role_id, step.to_role_id)
        self.assertEqual(steps[2].reason, "Test vote")
        self.assertEqual(self.council.role_id, self.role_active)
        self.assertEqual(self.council.interest_group_id, steps[-1].to_group_id)
        self.assertIn("Test council copy", self.council.message_ids[0].body)
        self.assertIn("Test contacted", self.council.message_ids[0].body)
        self.council.with_context(transition_date="2024-06-10").role_id = self.role_formal
        self.assertConsistent()

    def test_member_that_was_a_mere_contact_gets_its_assembly_seat(self):
        late = self._create_member("Test late", date_start="2024-04-01")
        self.assertTrue(late.seat_ids)
        self._merge(late.partner_id, into=self.copy.partner_id)
        self.assertTrue(self.copy.is_formal)
        seat = self.copy.seat_ids
        self.assertEqual((seat.body_id, str(seat.date_start)), (self.assembly, "2024-04-01"))
        self.assertConsistent()

    def test_assembly_seats_become_one(self):
        member = self._create_member("Test member copy", date_start="2024-02-01")
        meeting = self._create_meeting("2024-06-05 16:00:00", body=self.assembly)
        meeting._fill_sheet()
        self.assertEqual(len(meeting.attendance_ids), 2, "nobody holds either seat")
        meeting.attendance_ids.filtered(lambda row: row.membership_id == member).status = "excused"
        kept = self.council.seat_ids.filtered("is_automatic")
        self._create_mandate(member.seat_ids, self.double)
        self._merge(member.partner_id, into=self.organisation)
        seats = self.council.seat_ids.filtered("is_automatic")
        self.assertEqual(seats, kept)
        self.assertEqual(seats.mandate_ids.person_id, self.double)
        self.assertEqual(
            (meeting.attendance_ids.seat_id, meeting.attendance_ids.status), (kept, "excused")
        )
        self.assertConsistent()

    def test_two_titulars_of_one_assembly_seat_are_refused(self):
        member = self._create_member("Test member copy", date_start="2024-02-01")
        self._create_mandate(member.seat_ids, self.double)
        self._create_mandate(self.council.seat_ids.filtered("is_automatic"), self.titular)
        with self.assertRefused("Test double", "02/01/2024", exception=UserError):
            self._merge(member.partner_id, into=self.organisation, user=self.officer)
        self.assertTrue(member.exists())

    def test_overlapping_closed_memberships_are_refused(self):
        self.copy.date_end = "2024-05-31"
        with self.assertRefused("Test council", "03/01/2024", exception=UserError):
            self._merge(self.copy.partner_id, into=self.organisation)
        self.council.date_end = "2024-05-15"
        with self.assertRefused("Test council", "03/01/2024", exception=UserError):
            self._merge(self.copy.partner_id, into=self.organisation)
        self.council.date_end = "2024-02-29"
        self._merge(self.copy.partner_id, into=self.organisation)
        self.assertEqual((self.council + self.copy).partner_id, self.organisation)
        self.assertConsistent()

    def test_memberships_in_two_partnerships_both_stay(self):
        other = self.env["partnership.partnership"].create({"name": "Test other partnership"})
        far = self._create_member("Test far", partnership_id=other.id)
        self._merge(far.partner_id, into=self.organisation)
        self.assertEqual((self.council + far).partner_id, self.organisation)

    def test_rows_of_one_person_for_both_organisations(self):
        self._record(self.titular, self.organisation, status="absent")
        self._record(self.titular, self.copy.partner_id, status="present")
        self.meeting._close_sheet("absent")
        self._merge(self.copy.partner_id, into=self.organisation)
        row = self.meeting.attendance_ids
        self.assertEqual((row.status, row.seat_id), ("present", self.seat))
        self.assertEqual(row.organisation_id, self.organisation)
        self.assertConsistent()

    def test_individuals(self):
        resident, again = (self._create_person(f"Test resident {name}") for name in "ab")
        member, copy = self._create_member(resident), self._create_member(again)
        seat = self._create_seat(member)
        self._record(resident, status="absent")
        self._record(again, status="present")
        self._merge(again, into=resident)
        self.assertFalse(copy.exists())
        row = self.meeting.attendance_ids
        self.assertEqual((row.person_id, row.seat_id, row.status), (resident, seat, "present"))
        self.assertConsistent()

    def test_history_of_the_membership_follows(self):
        self.copy._message_log(body="Test remark")
        self.copy.activity_schedule("mail.mail_activity_data_todo", summary="Test to-do")
        self._merge(self.copy.partner_id, into=self.organisation)
        self.assertIn("Test remark", "".join(self.council.message_ids.mapped("body")))
        self.assertEqual(self.council.activity_ids.summary, "Test to-do")

    def test_candidate_takes_the_name_of_its_contact(self):
        card = self.env["partnership.candidate"].create(
            {"partnership_id": self.partnership.id, "partner_id": self.copy.partner_id.id}
        )
        self._merge(self.copy.partner_id, into=self.organisation)
        self.assertEqual((card.partner_id, card.name), (self.organisation, "Test council"))

    def test_clash_that_shows_at_the_end_of_the_transaction(self):
        """Deferred constraints are checked within the merge, which names the contacts."""
        wizard = self.registry["base.partner.merge.automatic.wizard"]
        with (
            patch.object(wizard, "_merge_memberships", lambda *_args: None),
            patch.object(wizard, "_check_merged", lambda *_args: None),
            self.assertRefused("Test council copy", "Membership", exception=UserError),
        ):
            self._merge(self.copy.partner_id, into=self.organisation)

    def test_contacts_without_partnership_merge_as_ever(self):
        first, second = (self._create_person(f"Test contact {name}") for name in "ab")
        self._merge(first, into=second)
        self.assertFalse(first.exists())

    def test_a_double_that_is_a_person_becomes_the_organisation(self):
        """The presence of an organisation stays that of one, whichever contact remains."""
        organisation = self.council.partner_id
        self._record(self.titular, organisation, status="present")
        double = self._create_person("Test council double")
        self._merge(organisation, into=double)
        self.assertTrue(double.is_company)
        self.assertEqual(self.meeting.attendance_ids.organisation_id, double)
