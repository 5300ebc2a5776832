from freezegun import freeze_time

from odoo.tests import new_test_user, tagged

from .need_common import NeedCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 10:00:00")
class TestNeedSurvey(NeedCase):
    """The answer to a survey says what somebody has to learn."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mandate = cls._create_mandate(cls.seat, cls.person, date_start="2024-01-01")
        cls.survey = cls.env["survey.survey"].create({"title": "Test survey of skills"})
        cls.question = cls.env["survey.question"].create(
            {
                "survey_id": cls.survey.id,
                "title": "Test: what would you like to learn?",
                "question_type": "multiple_choice",
                "suggested_answer_ids": [
                    (0, 0, {"value": "Chairing", "partnership_skill_ids": cls.skill_chair.ids}),
                    (0, 0, {"value": "Speaking", "partnership_skill_ids": cls.skill_speak.ids}),
                    (0, 0, {"value": "Nothing"}),
                ],
            }
        )

    def _answer(self, *numbers, partner=None, **values):
        answer = self.survey._create_answer(partner=partner or self.person, **values)
        answer._save_lines(
            self.question, [str(self.question.suggested_answer_ids[each].id) for each in numbers]
        )
        answer._mark_done()
        return answer

    def _needs(self):
        return self.env["partnership.training.need"].search([("origin", "=", "survey")])

    def test_answer_of_a_representative_raises_a_need(self):
        answer = self._answer(0, 1)
        need = self._needs()
        self.assertEqual((need.person_id, need.membership_id), (self.person, self.member))
        self.assertEqual(need.skill_ids, self.skill_chair | self.skill_speak)
        self.assertEqual(need.survey_input_id, answer)
        self.assertIn("what would you like to learn?: Speaking", need.origin_text)

    def test_member_that_is_a_person_answers_for_itself(self):
        alone = self._create_member(self._create_person("Test Dan"))
        self._answer(0, partner=alone.partner_id)
        self.assertEqual(self._needs().membership_id, alone)

    def test_nothing_strangers_and_tests_raise_nothing(self):
        self._answer(2)
        self._answer(0, partner=self._create_person("Test outsider"))
        self._answer(0, test_entry=True)
        self.survey._create_answer(email="nobody@test.example")._mark_done()
        self.assertFalse(self._needs())

    def test_answer_that_is_marked_twice_raises_one_need(self):
        self._answer(0)._mark_done()
        self.assertEqual(len(self._needs()), 1)

    def test_answer_by_link_without_account(self):
        public = self.env.ref("base.public_user")
        answer = self.survey._create_answer(partner=self.person)
        answer._save_lines(self.question, [str(self.question.suggested_answer_ids[0].id)])
        answer.with_user(public).sudo()._mark_done()
        self.assertEqual(self._needs().skill_ids, self.skill_chair)

    def test_who_writes_surveys_chooses_skills(self):
        user = new_test_user(
            self.env, "test_survey_user", "base.group_user,survey.group_survey_user"
        )
        answer = self.question.suggested_answer_ids[2].with_user(user)
        answer.partnership_skill_ids = self.skill_chair
        copied = self.survey.with_user(user).copy()
        self.assertEqual(
            copied.question_ids.suggested_answer_ids.partnership_skill_ids,
            self.skill_chair | self.skill_speak,
        )
