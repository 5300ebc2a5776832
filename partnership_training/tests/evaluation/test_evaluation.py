from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..certificate.test_certificate import CertificateCase


class EvaluationCase(CertificateCase):
    """Of three persons with a seat all came to the first event; a survey of two scales from 1 to
    5 and a comment is asked right after, before and after, and later."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survey = cls.env["survey.survey"].create(
            {
                "title": "Test survey",
                "is_training_evaluation": True,
                "access_mode": "token",
                "questions_layout": "one_page",
                "question_and_page_ids": [
                    Command.create(
                        {
                            "title": f"Test scale {number}",
                            "question_type": "scale",
                            "scale_min": 1,
                            "scale_max": 5,
                        }
                    )
                    for number in (1, 2)
                ]
                + [Command.create({"title": "Test comment", "question_type": "text_box"})],
            }
        )
        cls.course.write(
            {
                "survey_reaction_id": cls.survey.id,
                "survey_learning_id": cls.survey.id,
                "survey_behaviour_id": cls.survey.id,
            }
        )
        cls.next_event.unlink()

    def _hold(self):
        self._attend(self.past_event, p1="present", p2="present", p3="present")
        self.session.action_done()

    def _answer(self, answer, marks, comment=""):
        """Hand in ``answer`` with ``marks``, one for each scale; None skips it."""
        answer = answer.sudo()
        first, second, text = answer.survey_id.question_ids
        for question, mark in zip((first, second), marks, strict=True):
            answer._save_lines(question, mark and str(mark))
        answer._save_lines(text, comment)
        answer._mark_done()

    def _asked(self, kind, enrolment=None):
        answers = (enrolment or self.enrolments).sudo().evaluation_ids
        return answers.filtered(lambda answer: answer.training_evaluation == kind)

    def _mails(self):
        return self.env["mail.mail"].search([("model", "=", "survey.user_input")])


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 10:00:00")
class TestEvaluation(EvaluationCase):
    def test_feedback_is_asked_once_and_by_mail(self):
        with self.assertRefused("nobody to ask", exception=UserError):
            self.session.action_send_feedback()
        self._hold()
        self.third.person_id.email = False
        action = self.session.with_user(self.facilitator).action_send_feedback()
        self.assertIn("on their way: 4", action["params"]["message"])
        self.assertIn("Test person 3", action["params"]["message"])
        self.assertEqual(len(self._asked("reaction")), 3)
        mail = self._mails().filtered(
            lambda each: "How was it" in each.subject and self.first.person_id in each.recipient_ids
        )
        self.assertIn(self._asked("reaction", self.first).access_token, str(mail.body_html))
        with self.assertRefused("asked already", exception=UserError):
            self.session.action_send_feedback()
        self.assertEqual(len(self._mails()), 4)

    def test_queries_do_not_grow_with_those_who_are_asked(self):
        def count_queries(number):
            session = self._create_session(seats_max=20)
            enrolments = self._create_enrolments(number, session)
            enrolments.action_confirm()
            event = self._create_event("2024-06-10 08:00:00", session)
            event._fill_sheet()
            event.attendance_ids.status = "present"
            event._close_sheet()
            session.action_done()
            self.env.flush_all()
            self.env.cr.precommit.run()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            this = session.with_user(self.facilitator).with_context(tracking_disable=False)
            this.action_send_feedback()
            self.env.flush_all()
            self.env.cr.precommit.run()
            count = self.cr.sql_log_count - before
            answers = enrolments.sudo().evaluation_ids
            self.assertEqual(len(answers), 2 * number)
            self.assertFalse(answers.message_follower_ids, "nobody follows who answers what")
            return count

        count_queries(1)  # what is looked up once a process
        self.assertEqual(count_queries(1), count_queries(6))

    def test_nobody_gets_mail_because_a_session_is_done(self):
        self._hold()
        self.assertFalse(self._mails())
        self.assertFalse(self.enrolments.sudo().evaluation_ids)

    def test_who_was_absent_is_not_asked(self):
        self._attend(self.past_event, p1="present")
        self.session.action_done()
        self.session.action_send_feedback()
        self.assertEqual(self._asked("reaction").enrolment_id, self.first)

    def test_test_before_and_after_and_what_was_learned(self):
        self._create_event("2024-06-15 12:00:00")
        self.past_event.unlink()
        self.session.action_send_test()
        self._answer(self._asked("before", self.first), (1, 3))
        self.assertEqual(self.first.evaluation_before, 25)
        self.assertFalse(self.first.evaluation_gain)
        with freeze_time("2024-06-16"):
            self._attend(self.session.event_ids, p1="present", p2="present")
            self.session.action_done()
            self.session.action_send_feedback()
        self._answer(self._asked("after", self.first), (5, None))
        self._answer(self._asked("after", self.second), (1, 1))
        self.assertEqual(self.first.evaluation_after, 100, "what was skipped does not count")
        self.assertEqual(self.first.evaluation_gain, 75)
        self.assertEqual(self.second.evaluation_after, 0, "0 is a result")
        self.assertFalse(self.second.evaluation_gain, "no test before")
        self.env.flush_all()
        self.assertEqual(
            self.env["partnership.enrolment"].search_count(
                [("session_id", "=", self.session.id), ("evaluation_after", "=", False)]
            ),
            1,
            "the third has none, which is not 0",
        )

    def test_a_test_that_is_passed_is_the_result(self):
        test = self.env["survey.survey"].create(
            {
                "title": "Test of facts",
                "is_training_evaluation": True,
                "scoring_type": "scoring_without_answers",
                "scoring_success_min": 50,
                "question_and_page_ids": [
                    Command.create(
                        {
                            "title": "Test question",
                            "question_type": "simple_choice",
                            "suggested_answer_ids": [
                                Command.create(
                                    {"value": "Right", "is_correct": True, "answer_score": 10}
                                ),
                                Command.create({"value": "Wrong"}),
                            ],
                        }
                    )
                ],
            }
        )
        self.course.survey_learning_id = test
        self._hold()
        self.session.action_send_feedback()
        right, wrong = test.question_ids.suggested_answer_ids
        self.third.result = "failed"
        for enrolment, choice in ((self.first, right), (self.second, wrong), (self.third, right)):
            answer = self._asked("after", enrolment)
            answer._save_lines(test.question_ids, str(choice.id))
            answer._mark_done()
        self.assertEqual(self.enrolments.mapped("evaluation_after"), [100, 0, 100])
        self.assertEqual((self.first.result, self.second.result), ("passed", False))
        self.assertEqual(self.third.result, "failed", "what somebody wrote stays")

    def test_reminder_goes_to_who_has_not_answered(self):
        self._hold()
        self.session.action_send_feedback()
        for kind in ("reaction", "after"):
            self._answer(self._asked(kind, self.first), (4, 4))
        before = self._mails()
        self.session.action_remind_evaluation()
        reminded = (self._mails() - before).recipient_ids
        self.assertEqual(reminded, self.second.person_id + self.third.person_id)
        self.assertEqual((self.session.evaluation_answered, self.session.evaluation_asked), (2, 6))

    def test_reminder_of_what_can_still_be_asked(self):
        """Neither the test before a session that began, nor the feedback of who was not there."""
        self._create_event("2024-06-15 12:00:00")
        self.past_event.unlink()
        self.session.action_send_test()
        with freeze_time("2024-06-15 12:30:00"):
            before = self._mails()
            with self.assertRefused("nobody to ask", exception=UserError):
                self.session.action_remind_evaluation()
        with freeze_time("2024-06-16"):
            self._attend(self.session.event_ids, p1="present", p2="present")
            self.session.action_done()
            self.session.action_send_feedback()
            row = self.session.event_ids.attendance_ids.filtered(
                lambda each: each.enrolment_id == self.first
            )
            row.status = "absent"
            before = self._mails()
            self.session.action_remind_evaluation()
        self.assertEqual((self._mails() - before).recipient_ids, self.second.person_id)

    def test_links(self):
        self._hold()
        self.assertEqual(self.first._get_evaluation_links(), {})
        self.session.action_send_feedback()
        self._answer(self._asked("reaction", self.first), (4, 4))
        links = self.first._get_evaluation_links()
        self.assertEqual(list(links), ["reaction", "after"])
        self.assertTrue(links["reaction"]["done"])
        self.assertFalse(links["after"]["done"])
        self.assertIn(self._asked("after", self.first).access_token, links["after"]["url"])

    def test_deleting_an_answer_takes_the_figure_back(self):
        self._hold()
        self.session.action_send_feedback()
        self._answer(self._asked("reaction", self.first), (4, 4))
        self.assertEqual(self.first.evaluation_reaction, 75)
        self._asked("reaction", self.first).unlink()
        self.assertFalse(self.first.evaluation_reaction)

    def test_asking_many_costs_no_query_per_person(self):
        spent = []
        for count in (2, 20):
            session = self._create_session()
            event = self._create_event("2024-06-12 08:00:00", session)
            enrolments = self._create_enrolments(count, session)
            enrolments.action_confirm()
            event._fill_sheet()
            event.attendance_ids.status = "present"
            event._close_sheet()
            session.action_done()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            enrolments._ask("reaction")
            self.env.flush_all()
            spent.append(self.cr.sql_log_count - before)
        self.assertLessEqual(spent[1], spent[0] + 4)

    # ------------------------------------------------------------
    # By itself
    # ------------------------------------------------------------

    def _run_cron(self):
        self.env.flush_all()
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 1):
            self.env["partnership.training.session"]._cron_send_evaluations()
        self.env.invalidate_all()

    def test_feedback_by_itself_after_the_session(self):
        self._hold()
        self.course.is_evaluation_sent = False
        self._run_cron()
        self.assertFalse(self._mails(), "somebody presses the button")
        self.course.is_evaluation_sent = True
        self._run_cron()
        self.assertEqual(len(self._mails()), 6)
        self._run_cron()
        self.assertEqual(len(self._mails()), 6, "once")

    def test_an_archived_survey_holds_up_nobody(self):
        other = self._create_course(
            "Test other course", survey_reaction_id=self.survey.copy({"active": False}).id
        )
        held = self._create_session(other)
        self._create_event("2024-06-12 08:00:00", held)
        enrolment = self._create_enrolment("Test p5", held)
        enrolment.action_confirm()
        self._attend(held.event_ids, pp5="present")
        held.action_done()
        self._hold()
        self._run_cron()
        self.assertFalse(enrolment.sudo().evaluation_ids)
        self.assertEqual(len(self._asked("reaction")), 3)

    def test_what_was_due_long_ago_is_not_asked(self):
        self._hold()
        with freeze_time("2024-07-15"):
            self._run_cron()
        self.assertFalse(self._mails())

    def test_what_has_changed_some_months_later(self):
        self._hold()
        self.course.behaviour_months = 5
        for day, count in (("2024-10-20", 0), ("2024-11-09", 0), ("2024-11-11", 3)):
            with self.subTest(day=day), freeze_time(day):
                self._run_cron()
                self.assertEqual(len(self._asked("behaviour")), count)
        self._answer(self._asked("behaviour", self.first), (2, 2))
        self.assertEqual(self.first.evaluation_behaviour, 25)

    def test_test_goes_out_in_the_week_before(self):
        coming = self._create_session()
        self._create_event("2024-06-25 08:00:00", coming)
        enrolment = self._create_enrolment("Test coming", coming)
        enrolment.action_confirm()
        self._run_cron()
        self.assertFalse(self._asked("before", enrolment))
        with freeze_time("2024-06-19"):
            self._run_cron()
        self.assertEqual(len(self._asked("before", enrolment)), 1)

    # ------------------------------------------------------------
    # What is refused
    # ------------------------------------------------------------

    def test_months_from_three_to_six(self):
        for months in (2, 7):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(CheckViolation, "behaviour_months"),
                self.cr.savepoint(),
            ):
                self.course.behaviour_months = months
                self.env.flush_all()

    def test_nobody_is_asked_twice_even_past_the_code(self):
        self._hold()
        values = self.first._prepare_evaluation("reaction")
        self.env["survey.user_input"].create(dict(values))
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(UniqueViolation, "one_training_evaluation"),
            self.cr.savepoint(),
        ):
            self.env["survey.user_input"].create(dict(values))

    def test_archived_survey(self):
        self._hold()
        self.survey.active = False
        with self.assertRefused("Test survey", "archived", exception=UserError):
            self.session.action_send_feedback()

    def _ask_before(self):
        coming = self._create_session()
        self._create_event("2024-06-25 08:00:00", coming)
        enrolment = self._create_enrolment("Test coming", coming)
        enrolment.action_confirm()
        return enrolment, enrolment._ask("before")

    def test_what_was_evaluated_is_not_deleted(self):
        enrolment, answer = self._ask_before()
        self._answer(answer, (4, 4))
        with self.assertRefused("Test coming", "evaluated", exception=UserError):
            enrolment.unlink()

    def test_questions_without_an_answer_go_with_the_enrolment(self):
        enrolment, answer = self._ask_before()
        enrolment.unlink()
        self.assertFalse(answer.exists())


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 10:00:00")
class TestEvaluationReport(EvaluationCase):
    def _report(self):
        self.env.flush_all()
        here = [("session_id", "=", self.session.id)]
        return self.env["partnership.training.evaluation"].search(here)

    def test_mean_needs_three_answers(self):
        self._hold()
        self.session.action_send_feedback()
        self._answer(self._asked("reaction", self.first), (5, 5))
        self._answer(self._asked("reaction", self.second), (3, 3))
        row = self._report().filtered(lambda each: each.kind == "reaction")
        self.assertEqual((row.asked, row.answered), (3, 2))
        self.assertFalse(row.score, "not enough data")
        self._answer(self._asked("reaction", self.third), (1, 1))
        self.env.invalidate_all()
        self.assertEqual((row.score, row.response_rate), (50, 1.0))
        self.assertEqual(row.trainer_ids, self.trainer)

    def test_mean_of_several_sessions_is_that_of_all_answers(self):
        """Of one session 100, 50 and 0; of another 100: 62.5, by course and by trainer."""
        self._hold()
        other = self._create_session(trainer_ids=[Command.set(self.trainer.ids)])
        self._create_event("2024-06-12 08:00:00", other)
        enrolment = self._create_enrolment("Test p4", other)
        enrolment.action_confirm()
        self._attend(other.event_ids, pp4="present")
        other.action_done()
        (self.session + other).action_send_feedback()
        for record, mark in zip(self.enrolments + enrolment, (5, 3, 1, 5), strict=True):
            self._answer(self._asked("reaction", record), (mark, mark))
        self.env.flush_all()
        Report = self.env["partnership.training.evaluation"]
        domain = [("kind", "=", "reaction"), ("course_id", "=", self.course.id)]
        for group in ("course_id", "trainer_ids", "partnership_id"):
            [(_key, score, rate)] = Report._read_group(
                domain, [group], ["score:avg", "response_rate:avg"]
            )
            self.assertEqual((score, rate), (62.5, 1.0), group)
        self._answer(self._asked("after", self.first), (1, 1))
        self.env.flush_all()
        [(both,)] = Report._read_group([("course_id", "=", self.course.id)], [], ["score:avg"])
        self.assertFalse(both, "feedback and test have no mean in common")
        by_session = dict(Report._read_group(domain, ["session_id"], ["score:avg"]))
        self.assertEqual(by_session, {self.session: 50, other: False})

    def test_comments_have_no_names(self):
        self._hold()
        self.session.action_send_feedback()
        self._answer(self._asked("reaction", self.first), (5, 5), "Test more breaks")
        self._answer(self._asked("reaction", self.second), (5, 5))
        self.env.flush_all()
        Comment = self.env["partnership.training.comment"].with_user(self.facilitator)
        comment = Comment.search([("session_id", "=", self.session.id)])
        self.assertEqual(comment.text, "Test more breaks")
        self.assertEqual(comment.question, "Test comment")
        values = str(comment.read())
        self.assertNotIn("person", values)
        self.assertNotIn(str(self.first.person_id.email), values)

    def test_answers_are_nobodys_but_who_runs_surveys(self):
        self._hold()
        self.session.action_send_feedback()
        answer = self._asked("reaction", self.first)
        for user in (self.facilitator, self.officer, self.stranger, self.portal_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                answer.with_user(user).read(["partner_id"])
        for model in ("partnership.training.evaluation", "partnership.training.comment"):
            self.assertFalse(self.env[model].with_user(self.stranger).search([]))
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.portal_user).search([])
        self.assertTrue(
            self.env["partnership.training.evaluation"].with_user(self.facilitator).search([])
        )
        with self.assertRaises(AccessError):
            self.session.with_user(self.stranger).action_send_feedback()

    def test_who_gave_which_marks_is_nobodys(self):
        """Neither read, nor searched, nor grouped by: the survey promises it."""
        self._hold()
        self.session.action_send_feedback()
        self._answer(self._asked("reaction", self.first), (5, 5))
        self.env.flush_all()
        for user in (self.facilitator, self.officer):
            Enrolment = self.env["partnership.enrolment"].with_user(user)
            for fname in ("evaluation_reaction", "evaluation_behaviour"):
                with self.subTest(user=user.login, fname=fname):
                    self.assertNotIn(fname, Enrolment.fields_get())
                    with self.assertRaises(AccessError):
                        self.first.with_user(user).read([fname])
                    with self.assertRaises(AccessError):
                        Enrolment.search([(fname, ">", 50)])
                    with self.assertRaises(AccessError):
                        Enrolment.formatted_read_group([], ["person_id"], [f"{fname}:avg"])

    def test_surveys_to_choose(self):
        other = self.env["survey.survey"].create({"title": "Test other survey"})
        Survey = self.env["survey.survey"].with_user(self.facilitator)
        found = Survey.search([])
        self.assertIn(self.survey, found)
        self.assertNotIn(other, found)
        with self.assertRaises(AccessError):
            self.survey.with_user(self.facilitator).title = "Test changed"

    def test_merged_contacts_keep_what_was_handed_in(self):
        self._hold()
        self.session.action_send_feedback()
        self._answer(self._asked("reaction", self.first), (5, 5))
        self._answer(self._asked("after", self.second), (3, 3))
        kept, gone = self.second, self.first
        kept._take_over(gone)
        self.assertEqual(kept.evaluation_reaction, 100)
        self.assertEqual(kept.evaluation_after, 50)
        self.assertEqual(len(kept.sudo().evaluation_ids), 2)

    def test_anonymised_person(self):
        self._hold()
        self.session.action_send_feedback()
        answer = self._asked("reaction", self.first)
        self._answer(answer, (5, 5))
        self.first.person_id.with_user(self.administrator)._partnership_anonymise()
        self.assertFalse(answer.email or answer.nickname)
        self.assertEqual(self.first.evaluation_reaction, 100)


@tagged("post_install", "-at_install")
class TestEvaluationPage(EvaluationCase, HttpCase):
    def test_answered_by_the_link_without_an_account(self):
        with freeze_time("2024-06-15"):
            self._hold()
            self.session.action_send_feedback()
        link = self.first._get_evaluation_links()["reaction"]["url"]
        page = self.url_open(link)
        self.assertEqual(page.status_code, 200)
        self.assertIn("Test survey", page.text)
        wrong = self.url_open(link[:-1] + ("0" if link[-1] != "0" else "1"))
        self.assertNotIn("o_survey_form_content", wrong.text.partition("<main")[0])

    def test_default_surveys_are_there(self):
        course = self._create_course("Test new course")
        self.assertEqual(
            course.survey_reaction_id, self.env.ref("partnership_training.survey_reaction")
        )
        self.assertFalse(course.survey_learning_id)
        user = new_test_user(self.env, "test_nobody", "base.group_user")
        self.assertFalse(course.survey_reaction_id.with_user(user).has_access("read"))
