from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import PartnershipCase

LOGGER = "odoo.addons.base.models.base_partner_merge"


class MergeCase(PartnershipCase):
    """A contact manager, who sees nothing of partnerships, merges contacts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(
            cls.env, "test_clerk", "base.group_user,base.group_partner_manager"
        )
        cls.council = cls._create_member("Test council")
        cls.seat = cls._create_seat(cls.council)
        cls.titular = cls._create_mandate(cls.seat, "Test titular").person_id
        cls.double = cls._create_person("Test double")
        cls.meeting = cls._create_meeting()
        cls.Attendance = cls.env["partnership.attendance"]

    def _merge(self, *sources, into, user=None):
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(user or self.clerk)
        ids = [partner.id for partner in (*sources, into)]
        wizard._merge(ids, into.with_user(user or self.clerk), extra_checks=False)
        self.env.flush_all()
        self.env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self.env.invalidate_all()

    def _record(self, person, organisation=None, meeting=None, **values):
        return self.Attendance._record(meeting or self.meeting, person, organisation, **values)

    def assertConsistent(self):
        """What is stored is what would be computed, and every constraint in Python holds."""
        for model in (
            "partnership.membership",
            "partnership.membership.transition",
            "partnership.seat",
            "partnership.mandate",
            "partnership.attendance",
        ):
            records = self.env[model].search([("partnership_id", "=", self.partnership.id)])
            stored = [
                name
                for name, field in records._fields.items()
                if field.compute
                and field.store
                and field.type != "many2many"
                and (field.related or name == "mandate_id")
            ]
            before = records.read(stored, load=None)
            for name in stored:
                self.env.add_to_compute(records._fields[name], records)
            self.assertEqual(records.read(stored, load=None), before, model)
            records._validate_fields(records._fields)


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestMergePerson(MergeCase):
    def test_rows_and_mandates_follow(self):
        self._record(self.titular, self.council.partner_id, status="present")
        target = self._create_person("Test target")
        self._merge(self.titular, into=target)
        row = self.meeting.attendance_ids
        self.assertEqual((row.person_id, row.status), (target, "present"))
        self.assertEqual(row.mandate_id.person_id, target)
        self.assertEqual(self.seat.titular_id, target)
        self.assertConsistent()

    def test_the_better_row_counts(self):
        order = ["present", "late", "excused", "absent", "not_recorded"]
        for worse, better in zip(order[1:], order, strict=False):
            for first, second in ((worse, better), (better, worse)):
                with self.subTest(first=first, second=second):
                    person, double = (self._create_person(f"Test {name}") for name in "ab")
                    meeting = self._create_meeting()
                    organisation = self.council.partner_id
                    self._record(person, organisation, meeting, status=first)
                    self._record(double, organisation, meeting, status=second, reason="Test why")
                    self._merge(double, into=person)
                    row = meeting.attendance_ids
                    self.assertEqual((row.person_id, row.status), (person, better))
                    self.assertEqual(row.reason, "Test why")
                    label = dict(self.Attendance._fields["status"].selection)[worse]
                    self.assertIn(label, meeting.message_ids[0].body)
                    self.assertNotIn("Test why", meeting.message_ids[0].body)
                    self.assertConsistent()

    def test_nothing_that_the_other_row_says_is_lost(self):
        proxy = self._create_person("Test proxy")
        seated = self._record(self.titular, self.council.partner_id, status="absent")
        seated.write({"reason": "Test strike", "proxy_id": proxy.id})
        self.meeting.attendance_ids.mode = "remote"
        guest = self._record(self.double, self.council.partner_id, status="excused")
        guest.write({"reason": "Test illness", "seat_id": False})
        self.meeting._close_sheet()
        self._merge(self.titular, into=self.double)
        row = self.meeting.attendance_ids
        self.assertEqual(row.status, "excused")
        self.assertEqual((row.seat_id, row.membership_id), (self.seat, self.council))
        self.assertEqual(row.mandate_id, self.seat.mandate_ids)
        self.assertEqual((row.mode, row.proxy_id), ("remote", proxy))
        self.assertEqual(set(row.reason.split("; ")), {"Test strike", "Test illness"})
        self.assertConsistent()

    def test_guest_without_organisation(self):
        """NULL organisations clash too: the index compares them as one."""
        self._record(self.titular, status="late")
        self._record(self.double, status="present")
        self._merge(self.double, into=self.titular)
        self.assertEqual(self.meeting.attendance_ids.status, "present")

    def test_rows_for_two_organisations_both_stay(self):
        firm = self._create_member("Test firm")
        self._create_seat(firm)
        self._record(self.titular, self.council.partner_id, status="present")
        self._record(self.double, firm.partner_id, status="absent")
        self._merge(self.double, into=self.titular)
        self.assertEqual(len(self.meeting.attendance_ids), 2)
        self.assertConsistent()

    def test_seat_without_another_row_keeps_one(self):
        """Of one person on two seats one row is left; the other seat was expected all the same."""
        other = self._create_seat(self.council)
        self.Attendance.create(
            [
                {
                    "event_id": self.meeting.id,
                    "person_id": person.id,
                    "organisation_id": self.council.partner_id.id,
                    "seat_id": seat.id,
                    "status": status,
                }
                for person, seat, status in (
                    (self.titular, self.seat, "present"),
                    (self.double, other, "absent"),
                )
            ]
        )
        self.meeting._close_sheet("absent")
        before = self._figures()
        self._merge(self.double, into=self.titular)
        rows = self.meeting.attendance_ids.grouped("seat_id")
        self.assertEqual(
            (rows[self.seat].person_id, rows[self.seat].status), (self.titular, "present")
        )
        self.assertEqual((rows[other].person_id.ids, rows[other].status), ([], "absent"))
        self.assertEqual(self._figures(), before)
        self.assertConsistent()

    def _figures(self):
        self.env.flush_all()
        return self.env["partnership.participation.report"]._read_group(
            [("event_id", "=", self.meeting.id)],
            [],
            ["expected:sum", "represented:sum", "presence_rate:avg"],
        )

    def test_three_at_once(self):
        third = self._create_person("Test third")
        for person, status in (
            (self.titular, "absent"),
            (self.double, "late"),
            (third, "present"),
        ):
            self._record(person, self.council.partner_id, status=status)
        self._merge(self.double, third, into=self.titular)
        self.assertEqual(self.meeting.attendance_ids.status, "present")
        self.assertEqual(self.meeting.message_ids[0].body.count("<li>"), 2)

    def test_proxy_to_oneself(self):
        self._record(
            self.titular, self.council.partner_id, status="excused", proxy_id=self.double.id
        )
        self._merge(self.double, into=self.titular)
        row = self.meeting.attendance_ids
        self.assertFalse(row.proxy_id)
        self.assertIn("Test double", self.meeting.message_ids[0].body)
        self.assertConsistent()

    def test_proxy_follows(self):
        self._record(
            self.titular, self.council.partner_id, status="absent", proxy_id=self.double.id
        )
        target = self._create_person("Test target")
        self._merge(self.double, into=target)
        self.assertEqual(self.meeting.attendance_ids.proxy_id, target)

    def test_overlapping_mandates_are_refused(self):
        self._create_mandate(self.seat, self.double, "alternate", date_start="2024-03-01")
        self._record(self.double, self.council.partner_id, status="present")
        with self.assertRefused("Test titular", "03/01/2024", exception=UserError):
            self._merge(self.double, into=self.titular)
        with self.assertRefused("Test council", "03/01/2024", exception=UserError):
            self._merge(self.double, into=self.titular, user=self.officer)
        self.assertEqual(self.meeting.attendance_ids.person_id, self.double)

    def test_message_tells_an_outsider_no_more_than_the_contacts(self):
        self._create_mandate(self.seat, self.double, "alternate")
        with self.assertRaises(UserError) as refusal:
            self._merge(self.double, into=self.titular)
        for secret in (self.body.name, self.partnership.name, "Test council"):
            self.assertNotIn(secret, str(refusal.exception))

    def test_titular_of_two_seats_is_refused(self):
        self._create_mandate(self._create_seat(self.council), self.double)
        with self.assertRefused("01/01/2024", exception=UserError):
            self._merge(self.double, into=self.titular)

    def test_successive_mandates_are_merged(self):
        self.seat.mandate_ids.date_end = "2024-02-29"
        self._create_mandate(self.seat, self.double, date_start="2024-03-01")
        self._merge(self.double, into=self.titular)
        self.assertEqual(self.seat.mandate_ids.person_id, self.titular)
        self.assertConsistent()

    def test_unmandated_double_becomes_the_titular(self):
        self._record(self.double, self.council.partner_id, status="present", seat_id=self.seat.id)
        self.assertFalse(self.meeting.attendance_ids.mandate_id)
        self._merge(self.double, into=self.titular)
        self.assertEqual(self.meeting.attendance_ids.mandate_id, self.seat.mandate_ids)

    def test_person_is_not_merged_with_its_organisation(self):
        self._record(self.titular, self.council.partner_id, status="present")
        self.titular.parent_id = False
        stray = self._create_organisation("Test stray")
        for organisation in (self.council.partner_id, stray):
            with self.assertRefused("Test titular", organisation.name, exception=UserError):
                self._merge(self.titular, into=organisation)
            with self.assertRefused("Test titular", exception=UserError):
                self._merge(organisation, into=self.titular)
        plain = self._create_person("Test plain contact")
        self._merge(plain, into=self.council.partner_id)
        self.assertTrue(self.council.partner_id.is_company)

    def test_person_who_came_for_the_other(self):
        other = self._create_person("Test employer")
        self._record(self.titular, other, status="present")
        with self.assertRefused("Test titular", "Test employer", "06/03/2024", exception=UserError):
            self._merge(self.titular, into=other)

    def test_clash_that_nobody_has_thought_of_stops_the_merge(self):
        """The core would delete every row of the merged contact."""
        self._record(self.titular, status="late")
        self._record(self.double, status="present")
        wizard = self.registry["base.partner.merge.automatic.wizard"]
        with (
            patch.object(wizard, "_find_clashes", lambda *_args: []),
            self.assertRefused("Test double", "Attendance", exception=UserError),
        ):
            self._merge(self.double, into=self.titular)
        self.assertEqual(len(self.meeting.attendance_ids), 2)

    def test_external_ids_of_folded_rows_stay(self):
        rows = self._record(self.titular, status="late") + self._record(
            self.double, status="present"
        )
        for name, row in zip("ab", rows, strict=True):
            self.env["ir.model.data"].create(
                {"module": "__test__", "name": name, "model": row._name, "res_id": row.id}
            )
        self._merge(self.double, into=self.titular)
        for name in "ab":
            self.assertEqual(self.env.ref(f"__test__.{name}"), self.meeting.attendance_ids)

    def test_queries_do_not_grow_with_the_rows(self):
        def count(meetings):
            person, double = (self._create_person(f"Test {name}") for name in "cd")
            for index in range(meetings):
                meeting = self._create_meeting(f"2024-05-{index + 1:02} 16:00:00")
                self._record(person, meeting=meeting, status="late")
                self._record(double, meeting=meeting, status="absent")
            wizard = self.env["base.partner.merge.automatic.wizard"]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            with patch.object(self.registry["calendar.event"], "_log_sheet"):
                wizard._fold_attendance(person + double, person)
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(1)
        self.assertLessEqual(count(20), count(2) + 2)


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestMergeOrganisation(MergeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.assembly = cls._create_body("Test assembly", seat_policy="members")
        cls.copy = cls._create_member(
            "Test council copy", cls.role_contacted, date_start="2024-03-01", zone="Test north"
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
        self.assertEqual(self.council.zone, "Test north")
        self.assertConsistent()

    def test_older_membership_is_kept_whoever_it_was_of(self):
        target = self.copy.partner_id
        self._merge(self.organisation, into=target)
        self.assertFalse(self.copy.exists())
        self.assertEqual(self.council.partner_id, target)
        self.assertEqual(self.council.role_id, self.role_formal)
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
            patch.object(wizard, "_fold_memberships", lambda *_args: None),
            patch.object(wizard, "_check_merged", lambda *_args: None),
            self.assertRefused("Test council copy", "Membership", exception=UserError),
        ):
            self._merge(self.copy.partner_id, into=self.organisation)

    def test_contacts_without_partnership_merge_as_ever(self):
        first, second = (self._create_person(f"Test contact {name}") for name in "ab")
        self._merge(first, into=second)
        self.assertFalse(first.exists())


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestContact(MergeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.guest = cls._create_person("Test guest")
        cls.proxy = cls._create_person("Test proxy")
        cls.Attendance._record(cls.meeting, cls.guest, status="excused", proxy_id=cls.proxy.id)
        cls.Attendance._record(cls.meeting, cls.titular, cls.council.partner_id, status="present")

    def test_contacts_in_a_partnership_are_not_deleted(self):
        contacts = self.council.partner_id + self.titular + self.guest + self.proxy
        for contact in contacts:
            for user in (self.clerk, self.facilitator, self.administrator):
                with self.assertRefused(contact.name, "archive", exception=UserError):
                    contact.with_user(user).unlink()
        with self.assertRefused("archive", exception=UserError):
            (contacts + self.double).with_user(self.clerk).unlink()
        self.double.with_user(self.clerk).unlink()

    def test_refusal_tells_an_outsider_no_partnership(self):
        with self.assertRaises(UserError) as refusal:
            self.titular.with_user(self.clerk).unlink()
        self.assertNotIn(self.partnership.name, str(refusal.exception))
        with self.assertRefused(self.partnership.name, exception=UserError):
            self.titular.with_user(self.facilitator).unlink()

    def test_contact_of_a_user(self):
        person = self.portal_user.partner_id
        self.Attendance._record(self.meeting, person, status="present")
        self.portal_user.unlink()
        with self.assertRefused(person.name, exception=UserError):
            person.unlink()

    def test_organisation_with_its_people(self):
        """Deleting a parent does not take children along that have a history."""
        parent = self._create_organisation("Test parent")
        self.guest.parent_id = parent
        parent.unlink()
        self.assertTrue(self.guest.exists())

    @mute_logger("odoo.sql_db")
    def test_archived_contacts_keep_everything(self):
        self.meeting._close_sheet("absent")
        report = self.env["partnership.participation.report"]
        self.env.flush_all()
        domain = [("event_id", "=", self.meeting.id)]
        fnames = ["partner_id", "person_id", "outcome", "presence_rate", "role_id"]
        before = report.search(domain).read(fnames, load=None)
        self.assertTrue(before)
        (self.council.partner_id + self.titular + self.guest + self.proxy).action_archive()
        self.role_formal.active = False
        self.group_public.active = False
        self.body.active = False
        self.partnership.active = False
        self.env.flush_all()
        self.env.invalidate_all()
        for user in (self.env.user, self.facilitator, self.officer):
            self.assertEqual(report.with_user(user).search(domain).read(fnames, load=None), before)
        self.assertEqual(len(self.meeting.attendance_ids), 2)
        self.assertEqual(self.seat.titular_id, self.titular)
        self.assertEqual(self.council.partner_id.name, "Test council")
