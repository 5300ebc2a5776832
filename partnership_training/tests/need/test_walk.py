from datetime import datetime

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .need_common import NeedCase

# Presence at ten meetings before the training and five after, of who is trained and who is not:
# -- the first stay away from the last five, and come to four of five later
TRAINED = ["pppppaaaaa" + "ppppa"] * 5
UNTRAINED = ["aaaaappppp" + "pppaa"] * 3 + ["aaaapppppp" + "pppaa"] * 3
BEFORE = [f"2023-{month:02}-05 16:00:00" for month in range(2, 12)]
AFTER = [f"2024-{month:02}-05 16:00:00" for month in range(1, 6)]


class WalkCase(NeedCase):
    """Eleven members of a board; five of them have stopped coming."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seat.unlink()
        cls.next_event.unlink()
        cls.past_event.unlink()
        cls.partnership.user_id = cls.facilitator
        cls.course = cls._create_course(
            "Test chairing course",
            hours=3,
            seats_min=3,
            seats_max=8,
            skill_ids=[Command.set(cls.skill_chair.ids)],
        )
        cls._create_wanted(origin="pitfall", pitfall_kind="absent", course_id=cls.course.id)
        cls.members = cls.env["partnership.membership"]
        cls.came = {}
        for number, outcomes in enumerate([*TRAINED, *UNTRAINED]):
            member = cls._create_member(f"Test org {number}", date_start="2020-01-01")
            mandate = cls._create_mandate(cls._create_seat(member), f"Test delegate {number}")
            cls.came[mandate.person_id] = outcomes
            cls.members += member
        cls.trained = cls.members[:5]

    @classmethod
    def _hold_meetings(cls, starts, first=0):
        for number, start in enumerate(starts, start=first):
            meeting = cls._create_meeting(datetime.fromisoformat(start))
            meeting._fill_sheet()
            for row in meeting.attendance_ids:
                came = cls.came[row.person_id][number] == "p"
                row.status = "present" if came else "absent"
            meeting._close_sheet()

    @classmethod
    def _find_pitfalls(cls):
        """As every night: the figures, and what they say."""
        cls.env.flush_all()
        cls.env["partnership.membership.figure"]._refresh(cls.members)
        cls.env["partnership.pitfall"]._find_pitfalls(cls.members)
        cls.env.flush_all()
        cls.env.invalidate_all()
        return cls.members.pitfall_ids.filtered(lambda pitfall: pitfall.kind == "absent")


@tagged("post_install", "-at_install")
class TestWalk(WalkCase):
    """From the pitfall that shows to the effect that is measured, as a facilitator does it."""

    def test_from_the_pitfall_to_the_effect(self):
        with freeze_time("2023-11-20 09:00:00"):
            needs = self._raise_needs()
            session = self._plan(needs)
            self._confirm(session, needs)
        with freeze_time("2023-12-11 20:00:00"):
            self._hold_session(session)
            self.assertEqual(set(needs.mapped("state")), {"trained"}, "not closed by attendance")
            self._certify(session)
            self._evaluate(session)
        with freeze_time("2024-01-06 09:00:00"):
            self._measure_effect()
            self.assertEqual(set(needs.mapped("effect_state")), {"waiting"}, "one meeting is none")
        with freeze_time("2024-06-15 09:00:00"):
            self._hold_meetings(AFTER, first=10)
            self._measure_effect()
        self.assertEqual(set(needs.mapped("state")), {"closed"})
        self.assertEqual(set(needs.mapped("close_kind")), {"effect"})
        for need in needs:
            self.assertAlmostEqual(need.figure_before, 0.5)
            self.assertAlmostEqual(need.figure_after, 0.8)
            self.assertAlmostEqual(need.effect, 0.25)

    def _raise_needs(self):
        self._hold_meetings(BEFORE)
        pitfalls = self._find_pitfalls()
        self.assertEqual(pitfalls.membership_id, self.trained)
        pitfalls.with_user(self.facilitator).action_raise_need()
        needs = pitfalls.need_ids
        self.assertEqual(needs.membership_id, self.trained)
        self.assertEqual(needs.course_id, self.course)
        self.assertEqual(needs.skill_ids, self.skill_chair)
        self.assertEqual(set(needs.mapped("state")), {"open"})
        return needs

    def _plan(self, needs):
        action = needs.with_user(self.facilitator).action_plan_session()
        wizard = self.env["partnership.training.plan.session"].with_user(self.facilitator)
        wizard = wizard.with_context(**action["context"]).create({"year": "2023"})
        self.assertEqual(wizard.demand_count, 5)
        self.assertTrue(self.course.is_demand_enough)
        wizard.action_plan()
        session = self.course.session_ids
        self.assertEqual((session.state, session.year, session.seats_max), ("draft", "2023", 8))
        self.assertEqual(session.enrolment_ids.need_ids, needs)
        self.assertEqual(set(needs.mapped("state")), {"planned"})
        return session

    def _confirm(self, session, needs):
        self._create_event("2023-12-11 17:00:00", session)
        own = session.with_user(self.facilitator)
        own.trainer_ids = self.trainer
        own.action_open()
        own.enrolment_ids.action_confirm_and_tell()
        self.assertEqual(session.seats_taken, 5)
        persons = session.enrolment_ids.person_id
        self.assertEqual(session.event_ids.partner_ids, persons + self.trainer)
        mails = self.env["mail.mail"].search([("recipient_ids", "in", persons.ids)])
        self.assertEqual(mails.recipient_ids & persons, persons)

    def _hold_session(self, session):
        event = session.event_ids.with_user(self.facilitator)
        event._fill_sheet()
        event.attendance_ids.status = "present"
        event._close_sheet()
        session.with_user(self.facilitator).action_done()
        self.assertEqual(session.enrolment_ids.mapped("hours_attended"), [3.0] * 5)
        held = self.env["partnership.skill.holding"].search(
            [("skill_id", "=", self.skill_chair.id)]
        )
        self.assertEqual(held.person_id, session.enrolment_ids.person_id)

    def _certify(self, session):
        session.with_user(self.facilitator).action_issue_certificates()
        self.assertEqual(len(set(session.enrolment_ids.mapped("certificate_number"))), 5)
        self.assertEqual(set(session.enrolment_ids.mapped("certificate_state")), {"valid"})

    def _evaluate(self, session):
        session.with_user(self.facilitator).action_send_feedback()
        for enrolment in session.enrolment_ids[:3]:
            [answer] = enrolment.sudo().evaluation_ids
            for question in answer.survey_id.question_ids:
                is_mark = question.question_type == "scale"
                answer._save_lines(question, "4" if is_mark else "Test more practice")
            answer._mark_done()
        self.env.flush_all()
        row = self.env["partnership.training.evaluation"].search([("session_id", "=", session.id)])
        self.assertEqual((row.asked, row.answered, row.score), (5, 3, 75))

    def _measure_effect(self):
        self._run_cron("partnership.training.need", "_cron_measure_effect")


@tagged("post_install", "-at_install")
class TestWalkTour(WalkCase, HttpCase):
    """The same in the browser; between the training and its effect months go by."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.session = None  # that of the browser has this name

    def test_in_the_browser(self):
        self.officer.tz = "Europe/Brussels"
        with freeze_time("2023-11-20 09:00:00"):
            self._hold_meetings(BEFORE)
            pitfalls = self._find_pitfalls()
        path = f"/odoo/partnership-pitfalls?view_type=list&partnership_id={self.partnership.id}"
        others = self.env["partnership.pitfall"].search([("id", "not in", pitfalls.ids)])
        others.unlink()
        self.start_tour(path, "partnership_training_walk", login="test_officer")
        needs = pitfalls.need_ids
        self.assertEqual(set(needs.mapped("state")), {"trained"})
        self.assertEqual(len(needs.enrolment_ids.filtered("certificate_number")), 5)
        with freeze_time("2024-06-15 09:00:00"):
            self._hold_meetings(AFTER, first=10)
            self._run_cron("partnership.training.need", "_cron_measure_effect")
        self.start_tour(
            f"/odoo/partnership-training-needs/{needs[0].id}",
            "partnership_training_walk_effect",
            login="test_officer",
        )
