from datetime import timedelta

from odoo import fields
from odoo.tests import freeze_time

from ..common import PartnershipCase

START = "2024-06-03 16:00:00"  # in UTC


class RegisterMixin:
    def _register(self, partner, member=None, person=None, **values):
        """An interest in ``partner``, since the beginning of the year."""
        return self.env["partnership.interest"].create(
            {
                "partnership_id": self.partnership.id,
                "membership_id": member and member.id,
                "person_id": person and person.id,
                "partner_id": partner.id,
                "date_start": "2024-01-01",
                **values,
            }
        )


class DeliberationCase(PartnershipCase):
    """A board of three councils, two firms and two associations, which meets and may vote."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.body.quorum_type = "none"
        cls.seats = [
            cls._create_seat(cls._create_member(name, group=group))
            for group, names in (
                (cls.group_public, ("Test Aford", "Test Bford", "Test Cford")),
                (cls.group_economic, ("Test Mill", "Test Dairy")),
                (cls.group_civil, ("Test Choir", "Test Scouts")),
            )
            for name in names
        ]
        cls.persons = [
            cls._create_mandate(seat, f"Person {number}").person_id
            for number, seat in enumerate(cls.seats, 1)
        ]
        cls.rule = cls.body.rule_ids
        cls.rule.balance = "none"
        cls.meeting = cls._create_meeting(START)

    def setUp(self):
        super().setUp()
        self.clock = freeze_time(START)
        self.frozen = self.clock.start()
        self.addCleanup(self.clock.stop)
        self.frozen.tick(timedelta(minutes=30))
        self.meeting.action_open_sheet()

    def _come(self, *seats, status="present"):
        """The main representatives of ``seats``, by their places in ``self.seats``, are there."""
        for number in seats:
            row = self._rows(self.meeting)[self.persons[number]]
            row.status = status
        self.env.flush_all()

    def _decide(self, name="Test question", **values):
        """A question to the board at its meeting, as a draft."""
        return self.env["partnership.decision"].create(
            {"name": name, "event_id": self.meeting.id, **values}
        )

    def _vote(self, decision, yes=(), no=(), abstained=()):
        choices = {
            self.seats[number]: choice
            for choice, numbers in (("yes", yes), ("no", no), ("abstained", abstained))
            for number in numbers
        }
        decision._cast(choices)

    def _close(self, name="Test question", yes=(), no=(), abstained=(), **values):
        """A decision that was voted on, and is closed."""
        decision = self._decide(name, **values)
        decision.action_open_vote()
        self._vote(decision, yes, no, abstained)
        decision.action_close_vote()
        return decision

    def _get_choices(self, decision):
        """:return: list of what each of ``self.seats`` has come to"""
        by_seat = {vote.seat_id: vote.choice for vote in decision.last_vote_ids}
        return [by_seat.get(seat) for seat in self.seats]

    def _tick(self, **values):
        self.frozen.tick(timedelta(**values))
        return fields.Datetime.now()
