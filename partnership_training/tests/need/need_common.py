from unittest.mock import patch

from odoo.fields import Command

from ..common import TrainingCase


class NeedCase(TrainingCase):
    """Two skills, a course for one of them, an organisation with a seat in the board, and a
    pitfall of it; the time of the tests is 2024-06-15."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Skill = cls.env["partnership.skill"]
        cls.skill_chair = Skill.create({"name": "Test chairing"})
        cls.skill_speak = Skill.create({"name": "Test speaking"})
        cls.member = cls._create_member("Test firm")
        cls.seat = cls._create_seat(cls.member)
        cls.person = cls._create_person("Test Ann", parent=cls.member.partner_id)

    @classmethod
    def _create_wanted(cls, *skills, **values):
        return cls.env["partnership.skill.wanted"].create(
            {
                "partnership_id": cls.partnership.id,
                "skill_ids": [Command.set([skill.id for skill in skills or [cls.skill_chair]])],
                **values,
            }
        )

    @classmethod
    def _create_need(cls, **values):
        return cls.env["partnership.training.need"].create(
            {"membership_id": cls.member.id, "course_id": cls.course.id, **values}
        )

    @classmethod
    def _hold(cls, skill, person=None, **values):
        return cls.env["partnership.skill.holding"].create(
            {
                "partnership_id": cls.partnership.id,
                "person_id": (person or cls.person).id,
                "skill_id": skill.id,
                "date_start": "2024-01-01",
                **values,
            }
        )

    @classmethod
    def _create_pitfall(cls, kind="absent", membership=None):
        return cls.env["partnership.pitfall"].create(
            {
                "membership_id": (membership or cls.member).id,
                "kind": kind,
                "date_open": "2024-06-01",
                "reasons": "Missed the last three meetings.",
            }
        )

    def _run_cron(self, model, method):
        self.env.flush_all()
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 1):
            getattr(self.env[model], method)()
        self.env.invalidate_all()
