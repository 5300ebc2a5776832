from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.partnership_management.tests.report_common import ReportCase, ReportWalk
from odoo.addons.partnership_management.tests.report_http_common import ReportHttpWalk

from .common import TrainingCase


class TrainingReportCase(ReportCase, TrainingCase):
    addon = "partnership_training"

    @classmethod
    def _fill(cls, place):
        """As well, two sessions of a course, asked for by a need, and what they were worth."""
        result = super()._fill(place)
        here = {"partnership_id": place.id}
        skill = cls.env["partnership.skill"].create({"name": f"Test skill {place.id}"})
        survey = cls.env["survey.survey"].create({"title": f"Test survey {place.id}"})
        seats = place.membership_ids.seat_ids.filtered("mandate_ids")
        persons = seats.mandate_ids.filtered(lambda each: not each.date_end).person_id
        course = cls.env["partnership.course"].create(
            {**here, "name": f"Test course {place.id}", "skill_ids": [Command.set(skill.ids)]}
        )
        cls.env["partnership.skill.wanted"].create(
            {
                **here,
                "origin": "role",
                "role_id": cls.role_formal.id,
                "skill_ids": [Command.set(skill.ids)],
            }
        )
        cls.env["partnership.skill.wanted"].create(
            {
                "origin": "mandate",
                "company_id": place.company_id.id,
                "skill_ids": [Command.set(skill.ids)],
            }
        )
        cls.env["partnership.skill.holding"].create(
            [
                {**here, "person_id": each.id, "skill_id": skill.id, "date_start": "2024-01-01"}
                for each in persons[:2]
            ]
        )
        cls.env["partnership.training.budget"].create({**here, "year": "2024", "amount": 500})
        need = cls.env["partnership.training.need"].create(
            {**here, "membership_id": seats[0].membership_id.id, "course_id": course.id}
        )
        for month in ("2024-03", "2024-10"):
            session = cls._create_session(course, cost=90, seats_max=0)
            event = cls._create_event(f"{month}-20 08:00:00", session)
            enrolments = cls.env["partnership.enrolment"]
            for person in persons[:2]:
                enrolments += cls._create_enrolment(person, session)
            enrolments.action_confirm()
            if month == "2024-03":
                need.enrolment_ids = enrolments[:1]
                event._fill_sheet()
                event.attendance_ids.status = "present"
                event._close_sheet("absent")
                session.action_done()
                cls._evaluate(survey, enrolments)
        return result

    @classmethod
    def _evaluate(cls, survey, enrolments):
        question = cls.env["survey.question"].create(
            {"survey_id": survey.id, "title": "Test comment", "question_type": "text_box"}
        )
        for enrolment in enrolments:
            answer = cls.env["survey.user_input"].create({"survey_id": survey.id})
            answer.sudo().write(
                {"enrolment_id": enrolment.id, "training_evaluation": "reaction", "state": "done"}
            )
            answer._save_lines(question, "Test words")


@tagged("post_install", "-at_install")
@freeze_time("2024-12-31 10:00:00")
class TestTrainingReportSight(ReportWalk, TrainingReportCase):
    pass


@tagged("post_install", "-at_install")
@freeze_time("2024-12-31 10:00:00")
class TestTrainingReportHttp(ReportHttpWalk, HttpCase, TrainingReportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.session = None  # that of the browser, not the one of a course
