from odoo.fields import Command

from .need.need_common import NeedCase


class PlaceCase(NeedCase):
    """One record of each model in two partnerships, of which the facilitator is of both teams."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.home = cls.partnership
        cls.foreign = cls.env["partnership.partnership"].create(
            {
                "name": "Test other valley",
                "tz": "Europe/Brussels",
                "user_ids": [Command.set(cls.facilitator.ids)],
            }
        )
        cls.own = cls._make_one_of_each("home")
        cls.partnership = cls.foreign
        cls.other = cls._make_one_of_each("other")
        cls.partnership = cls.home
        cls.env.flush_all()

    @classmethod
    def _make_one_of_each(cls, word):
        """:return: dict model -> a record of ``cls.partnership``"""
        made, place = {}, {"partnership_id": cls.partnership.id}
        body = cls._create_body(f"Test {word} body")
        member = cls._create_member(f"Test {word} council")
        seat = cls._create_seat(member, body)
        mandate = cls._create_mandate(seat, f"Test {word} person")
        meeting = cls._create_meeting(body=body)
        row = cls.env["partnership.attendance"]._record(
            meeting, mandate.person_id, member.partner_id, status="present"
        )
        planned = cls._create_meeting("2124-06-03 16:00:00", body=body)
        dimension = cls.env["partnership.dimension"].create({"name": f"Test {word} dimension"})
        course = cls._create_course(f"Test {word} course")
        session = cls._create_session(course)
        enrolment = cls._create_enrolment(mandate.person_id, session)
        values = {
            "partnership.dimension.value": {"name": word, "dimension_id": dimension.id, **place},
            "partnership.trait": {"partner_id": member.partner_id.id, **place},
            "partnership.profile.line": {"share": 1, **place},
            "partnership.briefing": {
                "name": f"Test {word} minutes",
                "event_id": meeting.id,
                **place,
            },
            "partnership.briefing.receipt": {"person_id": mandate.person_id.id},
            "partnership.meeting": {"event_id": planned.id},
            "partnership.meeting.log": {
                "event_id": planned.id,
                "kind": "apology",
                "date": "2024-06-01 12:00:00",
            },
            "partnership.enlargement.round": {"name": f"Test {word} round", **place},
            "partnership.candidate": {"partner_id": member.partner_id.id, **place},
            "partnership.pitfall": {"kind": "absent", "date_open": "2024-06-01"},
            "partnership.relation": {
                "other_id": cls._create_member(f"Test {word} firm").id,
                "date_start": "2024-01-01",
            },
            "partnership.spelling": {"name": f"Tst {word}", **place},
            "partnership.stage.check": {
                "criterion_id": cls.env["partnership.stage.criterion"]
                .create(
                    {
                        "name": f"Test {word} criterion",
                        "stage_id": cls.env["partnership.stage"].create({"name": word}).id,
                    }
                )
                .id,
                "evidence": "Test minutes",
                **place,
            },
            "partnership.skill.wanted": {"skill_ids": cls.skill_chair.ids, **place},
            "partnership.skill.holding": {
                "person_id": mandate.person_id.id,
                "skill_id": cls.skill_chair.id,
                **place,
            },
            "partnership.training.need": {"body_id": body.id, **place},
            "partnership.training.budget": {"year": "2031", "amount": 100, **place},
        }
        for record in (body, member, seat, mandate, planned, row, course, session, enrolment):
            made[record._name] = record
        for model, vals in values.items():
            needed = {
                "dimension_id": dimension.id,
                "value_id": made.get("partnership.dimension.value", dimension).id,
                "membership_id": member.id,
                "briefing_id": made.get("partnership.briefing", dimension).id,
            }
            required = {
                fname: value
                for fname, value in needed.items()
                if fname in cls.env[model]._fields and model != "partnership.candidate"
            }
            made[model] = cls.env[model].create({**required, **vals})
        cls.env["partnership.membership.figure"]._refresh(member, "2024-06-30")
        for model in ("partnership.membership.figure", "partnership.stage.history"):
            made[model] = cls.env[model].search([("partnership_id", "=", cls.partnership.id)])[:1]
        made["partnership.membership.transition"] = member.transition_ids[:1]
        made["partnership.partnership"] = cls.partnership
        return made
