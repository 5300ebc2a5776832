from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from ..common import TrainingCase


@tagged("post_install", "-at_install")
class TestPlan(TrainingCase):
    """Sessions drafted from demand, and the plan of a year against its budget."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wished = cls._create_course("Test wished", seats_min=2, seats_max=3, cost=100)

    @classmethod
    def _ask(cls, count, course=None, **values):
        enrolments = cls.env["partnership.enrolment"]
        course = course or cls.wished
        for number in range(count):
            enrolments += cls._create_enrolment(
                f"Test asks {number}", False, course_id=course.id, **values
            )
        return enrolments

    def _plan(self, courses, **values):
        wizard = self.env["partnership.training.plan.session"].create(
            {"course_ids": courses.ids, "year": "2024", **values}
        )
        return self.env["partnership.training.session"].search(wizard.action_plan()["domain"])

    # ------------------------------------------------------------
    # From demand
    # ------------------------------------------------------------

    def test_enough_demand(self):
        self._ask(1)
        Course = self.env["partnership.course"]
        enough = [("is_demand_enough", "=", True)]
        self.assertFalse(self.wished.is_demand_enough)
        self.assertNotIn(self.wished, Course.search(enough))
        self._create_enrolment("Test one more", False, course_id=self.wished.id)
        self.wished.invalidate_recordset()
        self.assertTrue(self.wished.is_demand_enough)
        self.assertIn(self.wished, Course.search(enough))
        self.assertNotIn(self.wished, Course.search([("is_demand_enough", "=", False)]))
        self.assertNotIn(self.course, Course.search(enough))

    def test_demand_is_counted_in_each_partnership(self):
        """A session is of one partnership: one who asks here and one there make none."""
        shared = self._create_course("Test shared", partnership_id=False, seats_min=2)
        neighbour = self.env["partnership.partnership"].create({"name": "Test neighbour"})
        self._ask(1, shared, partnership_id=self.partnership.id)
        self._ask(1, shared, partnership_id=neighbour.id)
        self.assertFalse(shared.is_demand_enough)
        sessions = self._plan(shared)
        self.assertEqual(sessions.partnership_id, self.partnership | neighbour)

    def test_who_asked_first_is_in_the_draft(self):
        asked = self._ask(4)
        session = self._plan(self.wished)
        self.assertEqual((session.state, session.year, session.cost), ("draft", "2024", 100))
        self.assertEqual(session.enrolment_ids, asked[:3])
        self.assertEqual(set(asked.mapped("state")), {"requested"})
        self.assertFalse(asked[3].session_id)
        self.assertEqual(self.wished.demand_count, 1)

    def test_many_courses_at_once(self):
        self._ask(2)
        self._ask(1, self.course)
        sessions = self._plan(self.wished | self.course)
        self.assertEqual(sessions.course_id, self.wished | self.course)

    def test_course_nobody_asks_for(self):
        self.assertEqual(self._plan(self.wished).partnership_id, self.partnership)
        shared = self._create_course("Test shared", partnership_id=False)
        with self.assertRefused("Test shared", "partnership", exception=UserError):
            self._plan(shared)
        self.assertTrue(self._plan(shared, partnership_id=self.partnership.id))

    def test_year_is_a_year(self):
        for year in ("24", "soon", "20x4"):
            with self.assertRefused(year, exception=UserError):
                self._plan(self.wished, year=year)

    @freeze_time("2024-12-31 23:30:00")
    def test_dialog_proposes_the_year_it_is_for_the_user(self):
        self.env.user.tz = "Europe/Brussels"
        form = Form(self.env["partnership.training.plan.session"])
        self.assertEqual(form.year, "2025")

    def test_from_needs(self):
        member = self._create_member("Test firm")
        need = self.env["partnership.training.need"].create(
            {
                "membership_id": member.id,
                "person_id": self._create_person("Test Ann", parent=member.partner_id).id,
                "course_id": self.wished.id,
            }
        )
        action = need.action_plan_session()
        wizard = self.env["partnership.training.plan.session"].with_context(**action["context"])
        wizard = wizard.create({"year": "2024"})
        self.assertEqual(wizard.demand_count, 1)
        session = self.env["partnership.training.session"].search(wizard.action_plan()["domain"])
        self.assertEqual(session.enrolment_ids.need_ids, need)
        self.assertEqual(need.state, "planned")

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_a_foreign_team_plans_nothing(self):
        self._ask(2)
        wizard = self.env["partnership.training.plan.session"].with_user(self.stranger)
        with self.assertRefused(exception=AccessError):
            wizard.create({"course_ids": self.wished.ids, "year": "2024"}).action_plan()
        wizard = self.env["partnership.training.plan.session"].with_user(self.facilitator)
        wizard.create({"course_ids": self.wished.ids, "year": "2024"}).action_plan()
        self.assertEqual(self.wished.session_count, 1)

    # ------------------------------------------------------------
    # Year
    # ------------------------------------------------------------

    def test_year_follows_the_first_event_once_there_is_one(self):
        session = self._create_session(year_planned="2026")
        self.assertEqual(session.year, "2026")
        self.partnership.tz = "Europe/Brussels"
        event = self._create_event("2024-12-31 23:30:00", session)
        self.assertEqual(session.year, "2025")
        event.unlink()
        self.assertEqual(session.year, "2026")

    @mute_logger("odoo.sql_db")
    def test_year_of_a_session_has_four_digits(self):
        with self.assertRefused("year_format", exception=IntegrityError):
            self._create_session(year_planned="26")
        with self.assertRefused("cost_positive", exception=IntegrityError):
            self.session.cost_actual = -1


@tagged("post_install", "-at_install")
class TestBudget(TrainingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.budget = cls.env["partnership.training.budget"].create(
            {"partnership_id": cls.partnership.id, "year": "2030", "amount": 1000}
        )

    def _session(self, state="open", **values):
        session = self._create_session(year_planned="2030", **values)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE partnership_training_session SET state = %s WHERE id = %s",
            (state, session.id),
        )
        session.invalidate_recordset()
        return session

    def _sums(self, *fnames, year="2030"):
        self.env.flush_all()
        return self.env["partnership.training.plan"]._read_group(
            [("partnership_id", "=", self.partnership.id), ("year", "=", year)],
            [],
            [f"{fname}:sum" for fname in fnames],
        )[0]

    def test_planned_done_left(self):
        self._session("draft", cost=100)
        self._session("open", cost=200)
        self._session("done", cost=300, cost_actual=350)
        self._session("done", cost=50)
        self._session("cancelled", cost=400)
        self._session("cancelled", cost=400, cost_actual=20)
        self.assertEqual(
            self._sums("budget", "cost_planned", "cost_done", "cost_expected", "left"),
            (1000, 650, 400, 720, 280),
        )
        self.assertEqual(self._sums("sessions_planned", "sessions_done"), (4, 2))
        budget = self.budget
        budget.invalidate_recordset()
        self.assertEqual(
            (budget.cost_planned, budget.cost_done, budget.cost_expected, budget.left),
            (650, 400, 720, 280),
        )
        self.assertEqual((budget.sessions_planned, budget.sessions_done), (4, 2))
        sessions = self.env["partnership.training.session"].search(
            budget.action_open_sessions()["domain"]
        )
        self.assertEqual(len(sessions), 6)

    def test_sessions_of_other_years_and_partnerships_do_not_count(self):
        neighbour = self.env["partnership.partnership"].create({"name": "Test neighbour"})
        shared = self._create_course("Test shared", partnership_id=False)
        self._create_session(shared, partnership_id=neighbour.id, year_planned="2030", cost=5)
        self._create_session(year_planned="2031", cost=7)
        self.assertEqual(self._sums("budget", "cost_planned"), (1000, 0))

    def test_hours_and_persons(self):
        """The session of the class takes six hours, a draft those of its course."""
        self.course.hours = 5
        self._create_session(state="draft", year_planned="2024")
        session = self._create_session()
        event = self._create_event("2024-06-01 08:00:00", session)
        self._create_enrolments(3, session).action_confirm()
        self._attend(event, p1="present", p2="present")
        session.action_done()
        fnames = ("hours_planned", "hours_done", "seats_planned", "persons_done")
        self.assertEqual(self._sums(*fnames, year="2024"), (14, 3, 3, 2))

    def test_rows_open_what_they_are_of(self):
        session = self._session(cost=10)
        self.env.flush_all()
        rows = self.env["partnership.training.plan"].search([("year", "=", "2030")])
        opened = {row.action_open()["res_model"]: row.action_open()["res_id"] for row in rows}
        self.assertEqual(
            opened,
            {
                "partnership.training.session": session.id,
                "partnership.training.budget": self.budget.id,
            },
        )
        self.assertEqual(len(set(rows.ids)), len(rows))

    @mute_logger("odoo.sql_db")
    def test_one_budget_per_year(self):
        self.budget.copy({"year": "2031"})
        other = self.budget.copy({"year": "2032"})
        for values, word in (
            ({"year": "2031"}, "one_per_year"),
            ({"year": "30"}, "year_format"),
            ({"amount": -1}, "amount_positive"),
        ):
            with self.assertRefused(word, exception=IntegrityError):
                other.write(values)

    def test_no_query_per_budget(self):
        counts = []
        more = self.env["partnership.training.budget"].create(
            [
                {"partnership_id": self.partnership.id, "year": str(year), "amount": 1}
                for year in range(2040, 2060)
            ]
        )
        for budgets in (self.budget, more):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            budgets.mapped("left")
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_who_sees_the_plan(self):
        self._session(cost=10)
        self.env.flush_all()
        Plan = self.env["partnership.training.plan"]
        domain = [("year", "=", "2030")]
        for user in (self.facilitator, self.officer):
            self.assertEqual(Plan.with_user(user).search_count(domain), 2)
        self.assertFalse(Plan.with_user(self.stranger).search_count(domain))
        for user in (self.employee, self.portal_user):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
                Plan.with_user(user).search_count(domain)
