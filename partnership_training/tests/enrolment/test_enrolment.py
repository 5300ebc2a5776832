from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import TrainingCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestEnrolment(TrainingCase):
    def test_organisation_comes_from_the_mandate(self):
        council, firm = self._create_member("Test council"), self._create_member("Test firm")
        seat = self._create_seat(council)
        speaker = self._create_person("Test speaker", parent=firm.partner_id)
        self._create_mandate(seat, speaker)
        worker = self._create_person("Test worker", parent=firm.partner_id)
        resident = self._create_member(self._create_person("Test resident"))
        enrolments = [
            self._create_enrolment(person)
            for person in (speaker, worker, resident.partner_id, self._create_person("Test guest"))
        ]
        self.assertEqual(
            [enrolment.membership_id for enrolment in enrolments],
            [council, firm, resident, council.browse()],
        )
        self.assertEqual(
            [enrolment.organisation_id.name for enrolment in enrolments],
            ["Test council", "Test firm", False, False],
        )

    def test_one_person_once_in_a_session(self):
        first = self._create_enrolment("Test person")
        with self.assertRefused("Test person", "Requested"):
            self._create_enrolment(first.person_id)
        first.action_cancel()
        with self.assertRefused("Test person", "Cancelled"):
            self._create_enrolment(first.person_id)
        asking = self._create_enrolment(first.person_id, False, course_id=self.course.id)
        with self.assertRefused("Test person"):
            self._create_enrolment(first.person_id, False, course_id=self.course.id)
        with self.assertRefused("Test person"):
            asking.session_id = self.session

    def test_without_a_session_one_can_only_ask(self):
        asking = self._create_enrolment("Test person", False, course_id=self.course.id)
        with self.assertRefused("choose a session", exception=UserError):
            asking.action_confirm()
        with self.assertRefused("Test course", "Test x"):
            self._create_enrolment("Test other person").course_id = self._create_course("Test x")

    def test_organisation_follows_no_course(self):
        with self.assertRefused("Test firm"):
            self._create_enrolment(self._create_organisation("Test firm"))

    def test_done_and_absent_are_read_from_the_sheets(self):
        enrolment = self._create_enrolment("Test person")
        enrolment.action_confirm()
        for state in ("done", "absent"):
            with self.assertRefused("Test person", "sheets"):
                enrolment.state = state

    def test_closed_session_takes_nobody(self):
        enrolment = self._create_enrolment("Test person")
        session = self._create_session()
        session.action_cancel()
        with self.assertRefused("Test course", "cancelled", exception=UserError):
            enrolment.session_id = session
        with self.assertRefused("Test course", "cancelled", exception=UserError):
            self._create_enrolment("Test other person", session)
        with self.assertRefused("Test course", "cancelled", exception=UserError):
            session.action_enrol()

    def test_wizard_enrols_who_sits_in_a_body(self):
        seat = self._create_seat(self._create_member("Test council"))
        titular = self._create_mandate(seat, "Test titular").person_id
        alternate = self._create_mandate(seat, "Test alternate", "alternate").person_id
        old = self._create_seat(self._create_member("Test old member"), date_end="2024-02-01")
        self._create_mandate(old, "Test old titular", date_end="2024-02-01")
        wizard = self._create_wizard(source="body", body_id=self.body.id)
        self.assertEqual(wizard.person_ids, titular + alternate)
        wizard.with_alternates = False
        self.assertEqual(wizard.person_ids, titular)
        wizard.action_enrol()
        self.assertEqual(self.session.enrolment_ids.person_id, titular)
        self.assertEqual(self.session.enrolment_ids.state, "confirmed")

    def test_wizard_enrols_representatives_of_members(self):
        council = self._create_member("Test council")
        titular = self._create_mandate(self._create_seat(council), "Test titular").person_id
        resident = self._create_member(self._create_person("Test resident"))
        wizard = self._create_wizard(
            source="members", membership_ids=[Command.set((council + resident).ids)]
        )
        self.assertEqual(wizard.person_ids, titular + resident.partner_id)

    def test_wizard_takes_who_asked_and_doubles_nobody(self):
        asking = self._create_enrolment("Test asking", False, course_id=self.course.id)
        gone = self._create_enrolment("Test gone")
        gone.action_cancel()
        here = self._create_enrolment("Test here")
        new = self._create_person("Test new")
        wizard = self._create_wizard(source="demand")
        self.assertEqual(wizard.person_ids, asking.person_id)
        wizard.person_ids = asking.person_id + gone.person_id + here.person_id + new
        action = wizard.action_enrol()
        enrolments = self.session.enrolment_ids
        self.assertEqual(len(enrolments), 4)
        self.assertEqual(asking.session_id, self.session)
        confirmed = enrolments.filtered(lambda enrolment: enrolment.state == "confirmed")
        self.assertEqual(confirmed, asking + gone, "who asked first")
        self.assertIn("Test new", action["params"]["message"])

    def test_wizard_notes_requests_only(self):
        wizard = self._create_wizard(confirm=False)
        with self.assertRefused("at least one", exception=UserError):
            wizard.action_enrol()
        wizard.person_ids = self._create_person("Test person")
        wizard.action_enrol()
        self.assertEqual(self.session.enrolment_ids.state, "requested")

    def test_contact_shows_hours_and_is_kept(self):
        council = self._create_member("Test council")
        person = self._create_person("Test 1", parent=council.partner_id)
        session = self._create_session()
        event = self._create_event("2024-06-10 08:00:00", session)
        self._create_enrolment(person, session).action_confirm()
        self._attend(event, p1="late")
        for contact in (person, council.partner_id):
            self.assertEqual(contact.partnership_training_hours, 0, "nobody is done yet")
        session.action_done()
        self.env.invalidate_all()
        for contact in (person, council.partner_id):
            self.assertEqual(
                (contact.partnership_enrolment_count, contact.partnership_training_hours), (1, 3)
            )
            action = contact.action_open_enrolments()
            self.assertEqual(
                self.env["partnership.enrolment"].search(action["domain"]).person_id, person
            )
        other = self._create_enrolment("Test enrolled").person_id
        with self.assertRefused("Test enrolled", "Test partnership", exception=UserError):
            other.unlink()
        with self.assertRefused("Test enrolled", "a partnership", exception=UserError):
            other.with_user(self.stranger).unlink()

    def test_confirming_many_costs_no_query_per_record(self):
        session = self._create_session()
        self._create_event("2024-07-01 08:00:00", session)
        few, many = (
            self.env["partnership.enrolment"].create(
                [
                    {
                        "session_id": session.id,
                        "person_id": self._create_person(f"Test {count} {number}").id,
                    }
                    for number in range(count)
                ]
            )
            for count in (5, 50)
        )
        spent = []
        for enrolments in (few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            enrolments.action_confirm()
            self.env.flush_all()
            spent.append(self.cr.sql_log_count - before)
        self.assertLess(spent[1], spent[0] + 100, "45 more persons: their guests, in batches")

    def _create_wizard(self, **values):
        return self.env["partnership.training.enrol"].create(
            {"session_id": self.session.id, **values}
        )
