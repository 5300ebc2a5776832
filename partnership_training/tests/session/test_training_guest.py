from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from ..common import TrainingCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestTrainingGuest(TrainingCase):
    """The guests of all events to come are written together."""

    def _enrol(self, session, *names):
        persons = self.env["res.partner"].union(*(self._create_person(name) for name in names))
        wizard = self.env["partnership.training.enrol"].create(
            {"session_id": session.id, "person_ids": [Command.set(persons.ids)]}
        )
        wizard.action_enrol()
        return persons

    def assertInvited(self, event, persons):
        self.assertEqual(event.partner_ids, persons)
        self.assertEqual(event.attendee_ids.partner_id, persons)
        self.assertEqual(len(event.attendee_ids), len(persons), "nobody twice")

    def test_events_that_have_other_guests(self):
        session = self._create_session()
        events = [self._create_event(f"2024-07-0{day} 08:00:00", session) for day in (1, 2, 3)]
        helper = self._create_person("Test helper")
        events[0].partner_ids = [Command.link(helper.id)]
        first, second = people = self._enrol(session, "Test first", "Test second")
        self.assertInvited(events[0], helper + people)
        self.assertInvited(events[1], people)
        events[1].partner_ids = [Command.unlink(first.id)]
        third = self._enrol(session, "Test third")
        self.assertInvited(events[1], people + third)
        self.assertInvited(events[2], people + third)
        session.enrolment_ids.filtered(lambda line: line.person_id == first).action_cancel()
        self.assertInvited(events[0], helper + second + third)
        self.assertInvited(events[1], second + third)
        self.assertInvited(events[2], second + third)

    def test_another_event_costs_no_query(self):
        spent = []
        for count in (1, 20):
            session = self._create_session()
            for day in range(1, count + 1):
                self._create_event(f"2024-07-{day:02} 08:00:00", session)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._enrol(session, f"Test learner {count}")
            self.env.flush_all()
            spent.append(self.cr.sql_log_count - before)
            self.assertEqual(len(session.event_ids.attendee_ids), count)
        self.assertLessEqual(spent[1], spent[0])

    def test_who_asked_before_goes_first(self):
        """The dialog gives a seat to who asked, before those who are new; the others wait."""
        asked = self._create_enrolment("Test asked", session=False, course_id=self.course.id)
        here = self._create_enrolment("Test here")
        new = self._create_person("Test new")
        wizard = self.env["partnership.training.enrol"].create(
            {
                "session_id": self.session.id,
                "person_ids": [Command.set((new + asked.person_id + here.person_id).ids)],
            }
        )
        action = wizard.action_enrol()
        self.assertEqual((asked + here).mapped("state"), ["confirmed", "confirmed"])
        self.assertEqual(asked.session_id, self.session)
        [last] = self.session.enrolment_ids.filtered(lambda line: line.person_id == new)
        self.assertEqual(last.state, "waiting")
        self.assertTrue(last.date_waiting)
        self.assertFalse((asked + here).filtered("date_waiting"))
        self.assertIn("Test new", action["params"]["message"])

    def test_who_is_new_waits_behind_the_queue(self):
        first, second, third = self._create_enrolments(3)
        (first + second + third).action_confirm()
        new = self._create_enrolment("Test new", state="waiting")
        self.assertEqual((third + new).mapped("state"), ["waiting", "waiting"])
        first.action_cancel()
        self.assertEqual((third + new).mapped("state"), ["confirmed", "waiting"])
        both = self.env["partnership.enrolment"].create(
            [
                {
                    "session_id": session.id,
                    "person_id": self._create_person(f"Test {number}").id,
                    "state": "waiting",
                }
                for number, session in enumerate(
                    (self.session, self._create_session(), self._create_session(seats_max=1))
                )
            ]
        )
        self.assertEqual(both.mapped("state"), ["waiting", "confirmed", "confirmed"])

    def test_mail_templates_can_be_saved(self):
        """Odoo tries a template on the last record: who asks for a course has no session."""
        self._create_enrolment("Test asked", session=False, course_id=self.course.id)
        self.env["survey.user_input"].create(
            {"survey_id": self.env["survey.survey"].create({"title": "Test"}).id}
        )
        ours = self.env["ir.model.data"].search(
            [("module", "=", "partnership_training"), ("model", "=", "mail.template")]
        )
        templates = self.env["mail.template"].browse(ours.mapped("res_id"))
        self.assertGreater(len(templates), 5)
        templates._check_can_be_rendered()
