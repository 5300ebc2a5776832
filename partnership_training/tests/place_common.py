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
    def _make_decision(cls, word, seat, person, meeting):
        """:return: list of a record of each model of decisions"""
        rule = seat.body_id.rule_ids
        named = cls.env["partnership.decision.rule.group"].create(
            {"rule_id": rule.id, "interest_group_id": cls.group_public.id}
        )
        item = cls.env["partnership.agenda.item"].create(
            {"name": f"Test {word} item", "event_id": meeting.id}
        )
        decision = cls.env["partnership.decision"].create(
            {"name": f"Test {word} decision", "body_id": seat.body_id.id, "date": "2024-06-03"}
        )
        decision._record({decision: {seat: "yes"}}, {decision: {cls.group_civil.id: {"no": 1}}})
        correction = cls.env["partnership.decision.correction"].create(
            {
                "decision_id": decision.id,
                "date": "2024-06-04",
                "reason": f"Test {word} reason",
                "what": "Title",
            }
        )
        interest = cls.env["partnership.interest"].create(
            {
                "partnership_id": cls.partnership.id,
                "person_id": person.id,
                "partner_id": seat.partner_id.id,
            }
        )
        declaration = cls.env["partnership.interest.declaration"].create(
            {
                "event_id": meeting.id,
                "person_id": person.id,
                "item_id": item.id,
                "nature": "office",
            }
        )
        ballot = cls.env["partnership.ballot"]._ensure(meeting, person)
        return [
            rule,
            named,
            item,
            decision,
            decision.vote_ids,
            decision.count_ids,
            correction,
            interest,
            declaration,
            ballot,
        ]

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
        decision = cls._make_decision(word, seat, mandate.person_id, planned)
        for record in (body, member, seat, mandate, planned, row, course, session, enrolment):
            made[record._name] = record
        made |= {record._name: record for record in decision}
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
