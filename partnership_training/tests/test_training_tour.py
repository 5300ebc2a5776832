from odoo.tests import HttpCase, tagged

from odoo.addons.partnership_management.tests.common import PartnershipCase


@tagged("post_install", "-at_install")
class TestTrainingTour(PartnershipCase, HttpCase):
    def test_from_the_course_to_the_sheet(self):
        self.officer.tz = "UTC"
        learners = [self._create_person(f"Test learner {number}") for number in (1, 2)]
        self.env["partnership.partnership"].search(
            [("id", "!=", self.partnership.id)]
        ).action_archive()
        self.start_tour("/odoo/training-courses", "partnership_training", login="test_officer")
        course = self.env["partnership.course"].search([("code", "=", "TOUR")])
        session = course.session_ids
        self.assertEqual(
            [session._count_enrolments([("person_id", "=", person.id)]) for person in learners],
            [{session: 1}] * 2,
        )
        self.assertEqual((session.seats_taken, session.waiting_count), (1, 1))
        first, second = session.event_ids.sorted("start")
        self.assertEqual(first.attendance_ids.person_id, learners[0])
        self.assertEqual(first.attendance_ids.status, "present")
        self.assertFalse(second.attendance_ids)
