from odoo.tests import tagged

from ..common import TrainingCase


@tagged("post_install", "-at_install")
class TestCourse(TrainingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.neighbour = cls.env["partnership.partnership"].create({"name": "Test neighbour"})
        cls.company_far = cls.env["res.company"].create({"name": "Test far company"})
        cls.far = cls.env["partnership.partnership"].create(
            {"name": "Test far partnership", "company_id": cls.company_far.id}
        )

    def test_company_follows_the_partnership(self):
        self.assertEqual(self.course.company_id, self.partnership.company_id)
        shared = self._create_course("Test shared course", partnership_id=False)
        self.assertEqual(shared.company_id, self.env.company)
        far = self._create_course("Test far course", partnership_id=self.far.id)
        self.assertEqual(far.company_id, self.company_far)
        with self.assertRefused("Test far company"):
            far.company_id = self.env.company

    def test_course_of_one_partnership_is_not_for_another(self):
        with self.assertRefused("Test course", "Test partnership", "Test neighbour"):
            self._create_session(partnership_id=self.neighbour.id)
        with self.assertRefused("Test course", "Test neighbour"):
            self._create_enrolment(
                "Test person", False, course_id=self.course.id, partnership_id=self.neighbour.id
            )

    def test_shared_course_is_for_its_company(self):
        shared = self._create_course("Test shared course", partnership_id=False)
        session = self._create_session(shared, partnership_id=self.neighbour.id)
        self.assertEqual(session.partnership_id, self.neighbour)
        with self.assertRefused("Test shared course", "Test far partnership"):
            self._create_session(shared, partnership_id=self.far.id)
        with self.assertRefused("Test shared course", "Test neighbour"):
            shared.partnership_id = self.partnership

    def test_code_is_unique_in_a_company(self):
        self.course.code = "TEST"
        self._create_course("Test far course", partnership_id=self.far.id, code="TEST")
        self.assertEqual(self.course.display_name, "[TEST] Test course")
        with self.assertRefused("TEST", self.env.company.name):
            self._create_course("Test other course", code="TEST")

    def test_counts(self):
        self._create_enrolment("Test person", False, course_id=self.course.id)
        self._create_enrolment("Test other person")
        self.assertEqual((self.course.session_count, self.course.demand_count), (1, 1))
        action = self.course.action_open_demand()
        self.assertEqual(self.env["partnership.enrolment"].search_count(action["domain"]), 2)
