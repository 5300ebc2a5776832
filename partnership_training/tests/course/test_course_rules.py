import base64

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import TrainingCase


@tagged("post_install", "-at_install")
class TestCourseRules(TrainingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.basics = cls._create_course("Test basics")
        cls.course.prerequisite_ids = cls.basics

    def _complete(self, course, person):
        """``person`` completes ``course`` in a session of its own."""
        session = self._create_session(course)
        event = self._create_event("2024-06-01 08:00:00", session)
        enrolment = self._create_enrolment(person, session)
        enrolment.action_confirm()
        event._fill_sheet()
        event.attendance_ids.status = "present"
        event._close_sheet()
        session.action_done()
        return enrolment

    def _create_file(self, **values):
        return self.env["ir.attachment"].create(
            {"name": "test.txt", "datas": base64.b64encode(b"Test"), **values}
        )

    # ------------------------------------------------------------
    # Prerequisites
    # ------------------------------------------------------------

    def test_prerequisites_do_not_run_in_a_circle(self):
        with self.assertRefused("its own prerequisite"):
            self.basics.prerequisite_ids = self.course
        with self.assertRefused("its own prerequisite"):
            self.basics.prerequisite_ids = self.basics

    def test_prerequisite_is_open_to_all_who_can_follow_the_course(self):
        shared = self._create_course("Test shared", partnership_id=False)
        with self.assertRefused("Test shared", "Test basics"):
            shared.prerequisite_ids = self.basics
        self.basics.partnership_id = False
        shared.prerequisite_ids = self.basics
        company = self.env["res.company"].create({"name": "Test far company"})
        far = self._create_course("Test far", partnership_id=False, company_id=company.id)
        with self.assertRefused("Test far", "Test basics"):
            far.prerequisite_ids = self.basics

    def test_who_has_not_completed_is_told_and_not_kept_out(self):
        enrolment = self._create_enrolment("Test Ann")
        self.assertEqual(enrolment.missing_prerequisite_ids, self.basics)
        enrolment.action_confirm()
        self.assertEqual(enrolment.state, "confirmed")
        asked = self._create_enrolment(enrolment.person_id, False, course_id=self.basics.id)
        self.assertFalse(asked.missing_prerequisite_ids)

    def test_who_has_completed_misses_nothing(self):
        person = self._create_person("Test Ann")
        done = self._complete(self.basics, person)
        self.assertTrue(done.is_completed)
        enrolment = self._create_enrolment(person)
        self.assertFalse(enrolment.missing_prerequisite_ids)

    def test_test_not_passed_is_not_completed(self):
        person = self._create_person("Test Ann")
        self._complete(self.basics, person).result = "failed"
        self.assertEqual(self._create_enrolment(person).missing_prerequisite_ids, self.basics)

    def test_dialog_names_who_is_not_prepared(self):
        ready, other = (self._create_person(name) for name in ("Test Ann", "Test Ben"))
        self._complete(self.basics, ready)
        form = Form(
            self.env["partnership.training.enrol"].with_context(default_session_id=self.session.id)
        )
        form.person_ids.add(ready)
        self.assertFalse(form.unprepared_ids)
        form.person_ids.add(other)
        self.assertEqual(form.unprepared_ids[:], other)

    def test_no_query_per_enrolment(self):
        one = self._create_enrolments(1)
        many = self._create_enrolments(20, self._create_session())
        counts = []
        for enrolments in (one, many):
            self.env.flush_all()
            self.env.invalidate_all()
            enrolments.mapped("course_id.prerequisite_ids.name")
            before = self.cr.sql_log_count
            enrolments.mapped("missing_prerequisite_ids")
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    # ------------------------------------------------------------
    # Material
    # ------------------------------------------------------------

    def test_uploaded_file_becomes_the_course_s(self):
        file = self._create_file(res_model="partnership.course", res_id=0)
        self.course.material_ids = file
        self.assertEqual((file.res_model, file.res_id), ("partnership.course", self.course.id))
        loose = self._create_file()
        course = self._create_course("Test new", material_ids=[Command.link(loose.id)])
        self.assertEqual(loose.res_id, course.id)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_file_of_something_else_is_not_handed_out(self):
        secret = self._create_file(res_model="partnership.course", res_id=self.basics.id)
        with self.assertRefused("test.txt", "Test course"):
            self.course.material_ids = secret
        foreign = self._create_file()
        with self.assertRefused(exception=AccessError):
            self.course.with_user(self.facilitator).material_ids = foreign
        self.assertFalse(foreign.res_id)

    def test_copy_has_files_of_its_own(self):
        self.course.material_ids = self._create_file()
        copy = self.course.copy()
        self.assertEqual(copy.material_ids.mapped("name"), ["test.txt"])
        self.assertFalse(copy.material_ids & self.course.material_ids)
        copy.unlink()
        self.assertTrue(self.course.material_ids.exists())

    # ------------------------------------------------------------
    # The rest
    # ------------------------------------------------------------

    def test_course_still_to_be_given_is_not_archived(self):
        with self.assertRefused("Test course", self.session.name, exception=UserError):
            self.course.action_archive()
        self.session.action_cancel()
        self.course.action_archive()
        self.assertFalse(self.course.active)

    def test_new_session_begins_with_what_the_course_says(self):
        self.course.write({"seats_max": 12, "seats_min": 6, "cost": 300})
        session = self._create_session()
        self.assertEqual((session.seats_max, session.seats_min, session.cost), (12, 6, 300))
        self.course.seats_max = 20
        self.assertEqual(session.seats_max, 12)

    @mute_logger("odoo.sql_db")
    def test_numbers_are_refused(self):
        for values, word in (
            ({"seats_max": 5, "seats_min": 6}, "seats_order"),
            ({"seats_min": -1}, "seats_order"),
            ({"completion_share": 1.2}, "completion_share_range"),
            ({"validity_months": -1}, "validity_positive"),
        ):
            with self.assertRefused(word, exception=IntegrityError):
                self.course.write(values)
