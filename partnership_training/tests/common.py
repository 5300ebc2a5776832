from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from odoo.addons.partnership_management.tests.common import PartnershipCase


class TrainingCase(PartnershipCase):
    """A course of the test partnership and a session of two seats with two events of three
    hours; the time of the tests is 2024-06-15, between them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.course = cls._create_course("Test course")
        cls.trainer = cls._create_person("Test trainer")
        cls.session = cls._create_session(
            seats_max=2, trainer_ids=[Command.set(cls.trainer.ids)], place="Test hall"
        )
        cls.past_event = cls._create_event("2024-06-10 08:00:00")
        cls.next_event = cls._create_event("2024-06-20 08:00:00")

    @classmethod
    def _create_course(cls, name, **values):
        return cls.env["partnership.course"].create(
            {"name": name, "partnership_id": cls.partnership.id, **values}
        )

    @classmethod
    def _create_session(cls, course=None, **values):
        return cls.env["partnership.training.session"].create(
            {"course_id": (course or cls.course).id, "state": "open", **values}
        )

    @classmethod
    def _create_event(cls, start, session=None, hours=3, **values):
        start = fields.Datetime.to_datetime(start)
        return cls.env["calendar.event"].create(
            {
                "training_session_id": (session or cls.session).id,
                "start": start,
                "stop": start + timedelta(hours=hours),
                **values,
            }
        )

    @classmethod
    def _create_enrolment(cls, person, session=None, **values):
        """An enrolment of ``person``: a contact, or the name of a person to create."""
        if isinstance(person, str):
            person = cls._create_person(person)
        return cls.env["partnership.enrolment"].create(
            {
                "person_id": person.id,
                "session_id": cls.session.id if session is None else session and session.id,
                **values,
            }
        )

    @classmethod
    def _create_enrolments(cls, count, session=None):
        enrolments = cls.env["partnership.enrolment"]
        for number in range(1, count + 1):
            enrolments += cls._create_enrolment(f"Test person {number}", session)
        return enrolments

    def _attend(self, event, **statuses):
        """Close the sheet of ``event``; ``statuses`` by the last word of the person's name."""
        event._fill_sheet()
        for row in event.attendance_ids:
            word = row.person_id.name.split()[-1]
            row.status = statuses.get(f"p{word}", "absent")
        event._close_sheet()
