from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .twice_common import TwiceCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 10:00:00")
class TestTwiceTraining(TwiceCase):
    """Who has to learn what, who asks for it, and who is told."""

    @classmethod
    def _prepare(cls):
        cls.home.user_id = cls.facilitator
        cls.me = cls.portal_user.partner_id
        cls.me.parent_id = cls.member.partner_id
        cls._create_mandate(cls.seat, cls.person)
        cls.risk = cls._create_pitfall()
        cls.need = cls._create_need(course_id=cls._create_course("Test asked course").id)
        cls.enrolled = cls._create_need(course_id=cls._create_course("Test given course").id)
        cls.courses = [
            cls._create_course(f"Test course {number}", seats_max=2, seats_min=1)
            for number in range(3)
        ]
        for number in range(3):
            cls._create_enrolment(f"Test asks {number}", False, course_id=cls.courses[0].id)
        cls.plan = cls._open(
            "partnership.training.plan.session", {"course_ids": cls.courses[1].ids, "year": "2024"}
        )
        cls.plan_demand = cls._open(
            "partnership.training.plan.session", {"course_ids": cls.courses[0].ids, "year": "2024"}
        )
        cls.seats = cls._create_session(cls.courses[2], seats_max=9)
        cls._create_event("2124-06-20 08:00:00", cls.seats)
        cls.repeat = cls._open(
            "partnership.training.repeat", {"session_id": cls.seats.id, "count": 2}
        )
        cls.enrol = cls._open(
            "partnership.training.enrol",
            {"session_id": cls.seats.id, "person_ids": [Command.set(cls.person.ids)]},
        )
        cls.given = cls._create_session(cls.enrolled.course_id)
        cls._create_event("2124-06-21 08:00:00", cls.given)
        cls.enrol_need = cls._open(
            "partnership.training.need.enrol",
            {"need_ids": cls.enrolled.ids, "session_id": cls.given.id},
        )
        cls.told = cls._create_session(cls.courses[2], trainer_ids=cls.trainer.ids)
        cls._create_event("2124-06-22 08:00:00", cls.told)
        cls._create_enrolment("Test told", cls.told)
        looked_at = cls._create_session(cls.courses[2])
        cls._create_event("2124-06-22 12:00:00", looked_at)
        looked_at = cls._create_enrolment("Test looked at", looked_at, state="confirmed")
        cls.tell = cls._wizard("partnership.training.tell", looked_at.action_open_tell())
        cls.off = cls._create_session(cls.courses[2], trainer_ids=cls.trainer.ids)
        cls._create_event("2124-06-23 08:00:00", cls.off)
        cls._create_enrolment("Test left", cls.off)
        cls.moved = cls._create_session(cls.courses[2], trainer_ids=cls.trainer.ids)
        cls._create_event("2124-06-24 08:00:00", cls.moved)
        cls._create_enrolment("Test moved", cls.moved)
        cls.move = cls._open(
            "partnership.training.move", {"session_id": cls.moved.id, "date_to": "2124-06-25"}
        )
        survey = cls.env["survey.survey"].create(
            {
                "title": "Test survey",
                "is_training_evaluation": True,
                "access_mode": "token",
                "question_and_page_ids": [
                    Command.create({"title": "Test comment", "question_type": "text_box"})
                ],
            }
        )
        cls.courses[2].survey_learning_id = survey
        cls.tested, cls.reminded = (cls._create_session(cls.courses[2]) for _each in range(2))
        for session in (cls.tested, cls.reminded):
            cls._create_event("2124-06-26 08:00:00", session)
            cls._create_enrolment(f"Test tested {session.id}", session, state="confirmed")
        cls.reminded.action_send_test()
        cls.invitation = cls._wizard("partnership.invitation", cls.tested.action_open_invite())
        cls._create_wanted(origin="role", role_id=cls.role_formal.id)

    # ------------------------------------------------------------
    # Needs
    # ------------------------------------------------------------

    def test_need_of_a_risk(self):
        self._press(self.risk, "action_raise_need", opens=True)

    def test_need_of_a_gap(self):
        def job(env):
            rows = env["partnership.skill.gap"].search([("membership_id", "=", self.member.id)])
            return rows.action_raise_needs()

        self._check_twice(job, opens=True)

    def test_wish_of_the_portal(self):
        def job(env):
            env.user._request_training(
                env["partnership.partnership"].sudo().browse(self.home.id),
                "Test wish",
                env["partnership.course"].sudo(),
            )

        self._check_twice(job, times=4, user=self.portal_user)

    # ------------------------------------------------------------
    # Demand and seats
    # ------------------------------------------------------------

    def test_course_of_the_portal(self):
        def job(env):
            return env.user._ask_for_course(
                env["partnership.course"].sudo().browse(self.courses[2].id),
                env["partnership.partnership"].sudo().browse(self.home.id),
            ).id

        self._check_twice(job, times=4, user=self.portal_user)

    def test_course_is_asked_for(self):
        self._press(self.need, "action_ask")

    def test_demand_of_the_team(self):
        values = {
            "course_id": self.courses[1].id,
            "partnership_id": self.home.id,
            "person_id": self.trainer.id,
        }
        self._create("partnership.enrolment", values, says="is there already")

    def test_persons_are_enrolled(self):
        self._press(self.enrol, "action_enrol")

    def test_need_is_enrolled(self):
        self._press(self.enrol_need, "action_enrol")

    def test_course_with_a_code(self):
        values = {"name": "Test coded", "code": "TWICE", "partnership_id": self.home.id}
        self._create("partnership.course", values, says="is taken")

    # ------------------------------------------------------------
    # Sessions
    # ------------------------------------------------------------

    def test_session_is_planned(self):
        self._press(self.plan, "action_plan", times=4, opens=True)

    def test_session_is_planned_for_who_asks(self):
        self._press(self.plan_demand, "action_plan", opens=True)

    def test_session_is_repeated(self):
        self._press(self.repeat, "action_repeat", times=4, says="is repeated on")

    # ------------------------------------------------------------
    # Mails
    # ------------------------------------------------------------

    def test_participants_are_told(self):
        self._press(self.told.enrolment_ids, "action_confirm_and_tell", says="nothing new to tell")

    def test_participants_are_told_from_the_dialog(self):
        self._press(self.tell, "action_send", says="nobody to write to")

    def test_session_is_invited_to(self):
        self._press(self.invitation, "action_send", says="nobody to write to")

    def test_session_is_cancelled(self):
        self._press(self.off, "action_cancel_and_tell", says="is cancelled already")

    def test_session_is_moved(self):
        self._press(self.move, "action_move", says="on that day already")

    def test_test_is_sent(self):
        self._press(self.tested, "action_send_test", says="nobody to ask")

    def test_test_is_reminded(self):
        self._press(self.reminded, "action_remind_evaluation", says="nobody to ask")
