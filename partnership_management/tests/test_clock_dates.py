from datetime import timedelta

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import Form, tagged

from .clock_common import MOMENTS, ZONES, ClockCase, june
from .enlargement.candidate_common import CandidateCase
from .pitfall.pitfall_common import ABSENT, PitfallCase

FIRST, SECOND, THIRD = MOMENTS


@tagged("post_install", "-at_install")
@freeze_time("2024-06-10 10:00:00")
class TestClockDates(ClockCase):
    """What is dated of today has the day of its partnership."""

    def test_what_is_made_today(self):
        before = self._create_members()
        seats = self._create_seats(before)
        for moment in MOMENTS:
            with self._at(moment):
                for name in ZONES:
                    day = june(MOMENTS[moment][name])
                    place = self.places[name]
                    actor = self._create_organisation(f"Test new {name} {moment}")
                    member = self.env["partnership.membership"].create(
                        {"partnership_id": place.id, "partner_id": actor.id}
                    )
                    seat = self.env["partnership.seat"].create(
                        {"body_id": self.boards[name].id, "membership_id": member.id}
                    )
                    mandate = self.env["partnership.mandate"].create(
                        {
                            "seat_id": seats[name].id,
                            "person_id": self._create_person(f"Test {name} {moment}").id,
                            "kind": "alternate",
                        }
                    )
                    relation = self.env["partnership.relation"].create(
                        {"membership_id": member.id, "other_id": before[name].id}
                    )
                    round_ = self.env["partnership.enlargement.round"].create(
                        {"name": "Test round", "partnership_id": place.id}
                    )
                    for record in (member, seat, mandate, relation, round_):
                        self.assertEqual(record.date_start, day, record)
                    self.assertEqual(member.transition_ids.date, day)
                    before[name].role_id = (
                        self.role_formal + self.role_active - before[name].role_id
                    )
                    self.assertEqual(before[name].transition_ids[0].date, day)

    def test_form(self):
        with self._at(SECOND):
            for name in ZONES:
                Membership = self.env["partnership.membership"].with_context(
                    default_partnership_id=self.places[name].id
                )
                form = Form(Membership)
                self.assertEqual(form.date_start, june(MOMENTS[SECOND][name]))

    def test_a_date_that_is_given_stays(self):
        member = self._create_members(date_start="2024-03-01")["west"]
        self.assertEqual(str(member.date_start), "2024-03-01")
        member.date_start = "2024-02-01"
        self.env.flush_all()
        self.assertEqual(str(member.date_start), "2024-02-01")

    def test_tie_of_tomorrow(self):
        """It is what is seen: today, where the members are."""
        Relation = self.env["partnership.relation"]
        members, others = self._create_members(), self._create_members()
        tie = {
            name: {
                "membership_id": members[name].id,
                "other_id": others[name].id,
                "date_start": june(16),
            }
            for name in ZONES
        }
        with self._at(SECOND):
            for name in ("west", "middle"):
                with self.assertRefused("06/16/2024"):
                    Relation.create(tie[name])
            self.assertTrue(Relation.create(tie["east"]))

    def test_dialogs(self):
        members = self._create_members()
        seats = self._create_seats(members)
        relations = {}
        for name, other in self._create_members().items():
            vals = {"membership_id": members[name].id, "other_id": other.id}
            relations[name] = self.env["partnership.relation"].create(vals)
        for moment in MOMENTS:
            with self._at(moment):
                dialogs = {
                    "partnership.membership.change": lambda name: {
                        "membership_ids": members[name].ids,
                        "reason": "Test reason",
                    },
                    "partnership.mandate.renew": lambda name: {"body_ids": self.boards[name].ids},
                    "partnership.relation.step": lambda name: {
                        "relation_id": relations[name].id,
                        "kind": "none",
                    },
                    "partnership.stage.move": lambda name: {
                        "partnership_ids": self.places[name].ids,
                        "stage_id": self.env["partnership.stage"].search([], limit=1).id,
                    },
                    "partnership.composition.date": lambda name: {
                        "partnership_id": self.places[name].id
                    },
                    "partnership.import": lambda name: {"partnership_id": self.places[name].id},
                }
                for model, get_vals in dialogs.items():
                    found = {name: self.env[model].create(get_vals(name)).date for name in ZONES}
                    self.assertDays(moment, found)
                asked = self.env["partnership.membership.change"].with_context(
                    active_model="partnership.membership", active_ids=members["east"].ids
                )
                self.assertEqual(Form(asked).date, june(MOMENTS[moment]["east"]))
        self.assertTrue(seats)

    def test_dialog_for_several(self):
        """A day that has come for all of them."""
        members = self._create_members()
        both = members["west"] + members["east"]
        with self._at(SECOND):
            dialog = self.env["partnership.membership.change"].create(
                {"membership_ids": both.ids, "reason": "Test reason"}
            )
            self.assertEqual(dialog.date, june(15))

    def test_round_admits_until_its_last_day_is_over(self):
        rounds = {
            name: self._open_round(partnership_id=place.id, date_end="2024-06-15")
            for name, place in self.places.items()
        }
        for moment, days in MOMENTS.items():
            with self._at(moment):
                found = self.env["partnership.partnership"].union(*self.places.values())
                self.assertEqual(
                    found._get_open_rounds(),
                    {self.places[name].id: rounds[name] for name, day in days.items() if day <= 15},
                )

    def test_handover_is_asked_for_when_the_last_day_is_over(self):
        mandates = {}
        for name, seat in self._create_seats(self._create_members()).items():
            mandates[name] = self._create_mandate(seat, f"Test {name}", date_end="2024-06-15")
        for moment, days in MOMENTS.items():
            with self._at(moment):
                self._run_job("partnership.mandate", "_cron_ask_handover")
                self.assertEqual(
                    {name: mandate.handover_asked for name, mandate in mandates.items()},
                    {name: day > 15 for name, day in days.items()},
                )

    def test_handovers_of_the_last_twelve_months(self):
        for name, seat in self._create_seats(self._create_members(date_start="2020-01-01")).items():
            self._create_mandate(seat, f"Test {name}", date_end="2024-06-15")
            self._create_mandate(seat, f"Test next {name}", date_start="2024-06-16")
        for moment, days in MOMENTS.items():
            with self._at(moment):
                self.assertEqual(
                    {name: bool(place.handover_text) for name, place in self.places.items()},
                    {name: day > 15 for name, day in days.items()},
                )

    def test_reminder_until_its_last_day(self):
        briefings = {}
        for name, place in self.places.items():
            place.write({"briefing_remind_days": 1, "briefing_reading_days": 14})
            briefings[name] = self.env["partnership.briefing"].create(
                {
                    "name": f"Test briefing {name}",
                    "partnership_id": place.id,
                    "body": "<p>Test</p>",
                    "receipt_ids": [
                        Command.create({"person_id": self._create_person(f"Test {name}").id})
                    ],
                }
            )
        with freeze_time("2024-06-01 10:30:00"):
            for briefing in briefings.values():
                briefing.action_send()
        receipts = {name: briefing.receipt_ids for name, briefing in briefings.items()}
        self.assertEqual({str(each.date_due) for each in briefings.values()}, {"2024-06-15"})
        with self._at(THIRD):
            self._run_job("partnership.briefing", "_cron_remind_briefings")
            mailed = {name: receipt.date_mailed for name, receipt in receipts.items()}
        self.assertEqual(
            mailed, {"west": june(15), "middle": june(1), "east": june(1)}, "over elsewhere"
        )


@tagged("post_install", "-at_install")
@freeze_time("2024-06-10 10:00:00")
class TestClockPitfall(ClockCase, PitfallCase):
    def test_days_of_a_pitfall(self):
        members = self._create_members()
        everybody = self.env["partnership.membership"].union(*members.values())
        for member in everybody:
            self._set_figures(member, "2024-06-10", **ABSENT)
        with self._at(SECOND):
            self._find(everybody)
            risks = {
                name: self.Pitfall.search(
                    [("membership_id", "=", member.id), ("kind", "=", "absent")]
                )
                for name, member in members.items()
            }
            self.assertDays(SECOND, {name: risk.date_open for name, risk in risks.items()})
        every_risk = self.Pitfall.union(*risks.values())
        with self._at(THIRD):
            every_risk._dismiss("Test reason")
            self.assertDays(THIRD, {name: risk.date_closed for name, risk in risks.items()})
            every_risk.action_reopen()
            self.assertDays(THIRD, {name: risk.date_open for name, risk in risks.items()})
            every_risk._set_mechanism(self.env["mail.activity.plan"])
            self.assertDays(THIRD, {name: risk.mechanism_date for name, risk in risks.items()})

    def test_who_is_a_member_that_day(self):
        members = self._create_members(date_end="2024-06-15")
        everybody = self.env["partnership.membership"].union(*members.values())
        for member in everybody:
            self._set_figures(member, "2024-06-10", **ABSENT)
        with self._at(THIRD):
            self._find(everybody)
            found = self.Pitfall.search([("membership_id", "in", everybody.ids)])
            self.assertEqual(found.membership_id, members["west"])


@tagged("post_install", "-at_install")
@freeze_time("2024-06-10 10:00:00")
class TestClockCandidate(ClockCase, CandidateCase):
    def _create_cards(self, **values):
        return {
            name: self._create_candidate(
                f"Test actor {name} {len(values)}", partnership_id=place.id, **values
            )
            for name, place in self.places.items()
        }

    def test_review_and_refusal(self):
        for moment in MOMENTS:
            with self._at(moment):
                cards = self._create_cards(stage=self.stage_informal)
                self.assertDays(
                    moment,
                    {name: card.review_date - timedelta(days=90) for name, card in cards.items()},
                )
                everybody = self.Candidate.union(*cards.values())
                everybody.refuse_reason_id = self.reason
                self.assertDays(moment, {name: card.refuse_date for name, card in cards.items()})
                dialogs = {
                    name: self.env["partnership.candidate.refuse"].create(
                        {"candidate_ids": card.ids, "reason_id": self.reason.id}
                    )
                    for name, card in cards.items()
                }
                self.assertDays(moment, {name: each.date for name, each in dialogs.items()})

    def test_who_has_left_gets_a_new_membership(self):
        cards = self._create_cards()
        everybody = self.Candidate.union(*cards.values())
        for card in everybody:
            card.membership_id.date_end = "2024-06-15"
        with self._at(SECOND):
            everybody.stage_id = self.stage_informal
            self.assertEqual(
                {
                    name: len(card.partner_id.partnership_membership_ids)
                    for name, card in cards.items()
                },
                {"west": 1, "middle": 1, "east": 2},
            )
            again = cards["east"].membership_id
            self.assertEqual(again.date_start, june(16))

    def test_effect_is_of_the_members_of_the_day(self):
        for name, place in self.places.items():
            for number in range(4):
                self._create_member(
                    f"Test firm {name} {number}",
                    partnership_id=place.id,
                    date_end="2024-06-15" if number else False,
                )
        cards = self._create_cards()
        for moment, days in MOMENTS.items():
            with self._at(moment):
                self.assertEqual(
                    {name: card.members_without for name, card in cards.items()},
                    {name: 4 if day <= 15 else 1 for name, day in days.items()},
                )
