from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .need.need_common import NeedCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 10:00:00")
class TestTrainingReport(NeedCase):
    """Hours by group and need, what they cost, and how far the needs are covered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.next_event.action_cancel_meeting()
        cls._create_mandate(cls.seat, cls.person, date_start="2024-01-01")
        cls.need = cls._create_need(person_id=cls.person.id, origin="request")
        cls.enrolment = cls._create_enrolment(cls.person)
        cls.other = cls._create_enrolment("Test Bob")
        (cls.enrolment + cls.other).action_confirm()

    def _hold(self, **statuses):
        self._attend(self.past_event, **statuses)
        self.session.action_done()
        self.env.flush_all()
        self.env.invalidate_all()

    def _rows(self, user=None):
        rows = self.env["partnership.training.report"].with_user(user or self.env.user)
        return rows.search([("session_id", "=", self.session.id)], order="id")

    def test_row_says_who_why_and_how_long(self):
        self._hold(pAnn="present")
        row, absent = self._rows()
        self.assertEqual(
            (row.enrolment_id, row.partner_id), (self.enrolment, self.member.partner_id)
        )
        self.assertEqual((row.interest_group_id, row.sector), (self.group_public, "public"))
        self.assertEqual((row.need_id, row.origin), (self.need, "request"))
        self.assertEqual((row.hours, row.hours_planned, row.completed), (3.0, 3.0, 1))
        self.assertEqual((absent.hours, absent.took_part, absent.membership_id.id), (0, 0, False))
        self.assertEqual(absent.hours_planned, 3.0)

    def test_hours_are_those_of_who_took_part(self):
        """Everywhere alike: hours at a session that goes on count for nobody yet."""
        self._hold(pAnn="present", pBob="late")
        running = self._create_session()
        event = self._create_event("2024-06-11 08:00:00", running, hours=4)
        self._create_event("2024-06-21 08:00:00", running)
        self._create_enrolment(self.person, running).action_confirm()
        self._attend(event, pAnn="present")
        self.env.flush_all()
        self.env.invalidate_all()
        Enrolment = self.env["partnership.enrolment"].with_user(self.facilitator)
        here = [("partnership_id", "=", self.partnership.id)]
        of_person = [*here, ("person_id", "=", self.person.id)]
        Report = self.env["partnership.training.report"].with_user(self.facilitator)

        def total(model, domain, fname):
            return model._read_group(domain, [], [f"{fname}:sum"])[0][0]

        self.assertEqual(total(Report, here, "hours"), 6)
        self.assertEqual(total(Enrolment, here, "hours_done"), 6)
        self.assertEqual(sum((self.session + running).mapped("participant_hours")), 6)
        person = self.person.with_user(self.facilitator)
        self.assertEqual(total(Report, of_person, "hours"), 3)
        self.assertEqual(person.partnership_training_hours, 3)
        action = person.action_open_enrolments()
        opened = Enrolment.search(action["domain"])
        self.assertEqual(sum(opened.mapped("hours_done")), 3)
        self.assertEqual(sum(opened.mapped("hours_attended")), 7, "as each enrolment shows it")
        organisation = self.member.partner_id.with_user(self.facilitator)
        self.assertEqual(
            organisation.partnership_training_hours,
            total(Report, [*here, ("partner_id", "=", organisation.id)], "hours"),
        )
        self.assertIsNone(Enrolment._fields["hours_attended"].aggregator, "no other sum of them")

    def test_group_is_that_of_the_day(self):
        self._hold(pAnn="present")
        self.member.interest_group_id = self.group_civil
        self.env.flush_all()
        groups = self.env["partnership.training.report"]._read_group(
            [("state", "=", "done"), ("session_id", "=", self.session.id)],
            ["interest_group_id", "sector", "need"],
            ["hours:sum"],
        )
        self.assertEqual(groups, [(self.group_public, "public", "internal", 3.0)])

    def test_cost_is_shared_by_those_who_came(self):
        self.session.cost = 300
        self._hold(pAnn="present", pBob="late")
        self.assertEqual(self._rows().mapped("cost"), [150, 150])
        self.assertEqual(self._rows().mapped("cost_per_hour"), [50, 50])
        self.session.cost_actual = 360
        self.env.flush_all()
        groups = self.env["partnership.training.report"]._read_group(
            [("session_id", "=", self.session.id)], ["course_id"], ["cost:sum", "cost_per_hour:avg"]
        )
        self.assertEqual(groups, [(self.course, 360, 60)])

    def test_cost_of_an_hour_and_a_participant(self):
        self.session.cost = 300
        self.assertEqual((self.session.cost_per_hour, self.session.cost_basis), (0, "planned"))
        self._hold(pAnn="present", pBob="present")
        self.assertEqual(self.session.cost_per_participant, 150)
        self.assertEqual(self.session.cost_per_hour, 50)
        self.session.cost_actual = 360
        self.assertEqual((self.session.cost_per_hour, self.session.cost_basis), (60, "actual"))

    def test_cancelled_and_demand_are_no_rows(self):
        self.other.action_cancel()
        self._create_enrolment("Test Cid", False, course_id=self.course.id)
        self.env.flush_all()
        self.assertEqual(self._rows().enrolment_id, self.enrolment)

    def test_coverage_needs_three_and_leaves_out_the_dropped(self):
        def coverage():
            groups = self.env["partnership.training.need"]._read_group(
                [("partnership_id", "=", self.partnership.id)], [], ["coverage:avg"]
            )
            return groups[0][0]

        self.assertEqual(self.need.state, "planned")
        second = self._create_need(course_id=False)
        self.assertFalse(coverage())
        third = self._create_need(course_id=False, body_id=self.body.id)
        self.assertAlmostEqual(coverage(), 1 / 3)
        self._create_need(course_id=False)._close("no_longer")
        self.assertAlmostEqual(coverage(), 1 / 3)
        (second + third)._close("by_hand", "Test")
        self.assertAlmostEqual(coverage(), 1)

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_team_alone_sees_it(self):
        self._hold(pAnn="present")
        for user, count in ((self.facilitator, 2), (self.officer, 2), (self.stranger, 0)):
            self.assertEqual(len(self._rows(user)), count, user.name)
        for user in (self.employee, self.portal_user):
            with self.assertRefused(exception=AccessError):
                self._rows(user)
