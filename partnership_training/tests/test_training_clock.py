import runpy
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools.misc import file_path

from odoo.addons.partnership_management.tests.clock_common import (
    MOMENTS,
    ZONES,
    ClockCase,
    ClockWalk,
    june,
)

from .need.need_common import NeedCase

FIRST, SECOND, THIRD = MOMENTS


class TrainingClockCase(ClockCase, NeedCase):
    """A course and a session in each zone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.courses = {
            name: cls._create_course(f"Test course {name}", partnership_id=place.id)
            for name, place in cls.places.items()
        }
        cls.sessions = {
            name: cls._create_session(
                course, partnership_id=cls.places[name].id, state="open", **cls._session_values()
            )
            for name, course in cls.courses.items()
        }

    @classmethod
    def _session_values(cls):
        return {"enrol_deadline": june(15), "seats_max": 9}

    def _certify(self, name, until):
        """:return: an enrolment with a certificate, which is valid until that day"""
        person = self._create_person(f"Test person {name} {until}")
        enrolment = self._create_enrolment(person, self.sessions[name])
        enrolment.sudo().write(
            {
                "certificate_number": f"T-{name}-{until}",
                "certificate_date": "2024-01-01",
                "certificate_valid_until": until,
            }
        )
        return enrolment


@tagged("post_install", "-at_install")
@freeze_time("2024-06-10 10:00:00")
class TestTrainingClockWalk(ClockWalk, TrainingClockCase):
    def test_search_finds_what_is_computed(self):
        for name, place in self.places.items():
            for until in ("2024-06-14", "2024-06-15", "2024-08-14", "2024-08-15", "2024-08-16"):
                self._certify(name, until)
            for day in (14, 15):
                self._hold(self.skill_chair, partnership_id=place.id, date_end=june(day))
                self._create_need(
                    partnership_id=place.id,
                    membership_id=False,
                    body_id=self.boards[name].id,
                    course_id=self.courses[name].id,
                    deadline=june(day),
                )
        changing = self._walk()
        self.assertEqual(
            {name for name in changing if not name.endswith("partnership_is_over")},
            {
                "partnership.enrolment.certificate_state",
                "partnership.skill.holding.is_current",
                "partnership.skill.holding.has_ended",
                "partnership.training.need.is_past_deadline",
                "partnership.training.session.is_enrolment_open",
            },
        )

    def test_certificate_by_the_day(self):
        enrolments = {name: self._certify(name, "2024-06-15") for name in ZONES}
        for moment, days in MOMENTS.items():
            with self._at(moment):
                self.assertEqual(
                    {name: each.certificate_state for name, each in enrolments.items()},
                    {name: "expired" if day > 15 else "expiring" for name, day in days.items()},
                )


@tagged("post_install", "-at_install")
@freeze_time("2024-06-10 10:00:00")
class TestTrainingClock(TrainingClockCase):
    def test_deadline_is_over_with_its_day(self):
        for moment, days in MOMENTS.items():
            with self._at(moment):
                self.assertEqual(
                    {name: each.is_enrolment_open for name, each in self.sessions.items()},
                    {name: day <= 15 for name, day in days.items()},
                )
                self.assertEqual(
                    {name: each._is_past_deadline() for name, each in self.sessions.items()},
                    {name: day > 15 for name, day in days.items()},
                )

    def test_minimum_is_looked_at_when_the_deadline_is_over(self):
        for moment, days in MOMENTS.items():
            with self._at(moment):
                self._run_job("partnership.training.session", "_cron_check_minimum")
                self.assertEqual(
                    {name: bool(each.minimum_checked) for name, each in self.sessions.items()},
                    {name: day > 15 for name, day in days.items()},
                )

    def test_renewal_is_asked_for_two_months_before(self):
        enrolments = {name: self._certify(name, "2024-08-15") for name in ZONES}
        for moment, days in MOMENTS.items():
            with self._at(moment):
                self._run_job("partnership.enrolment", "_cron_renew_certificates")
                self.assertEqual(
                    {name: bool(each.renewal_ids) for name, each in enrolments.items()},
                    {name: day > 15 for name, day in days.items()},
                )

    def test_needs_come_and_go_with_the_mandate(self):
        """It begins on the fifteenth, and is over with it."""
        members = self._create_members()
        seats = self._create_seats(members)
        mandates = {}
        for name, place in self.places.items():
            self._create_wanted(partnership_id=place.id)
            mandates[name] = self._create_mandate(
                seats[name], f"Test new {name}", date_start=june(15), date_end=june(15)
            )
        self.assertFalse(self._get_needs(mandates))
        with self._at(FIRST):
            self._run_job("partnership.mandate", "_cron_raise_needs")
            needs = self._get_needs(mandates)
            self.assertEqual(
                {need.partnership_id: need.date_open for need in needs},
                {self.places["middle"]: june(15), self.places["east"]: june(15)},
            )
        with self._at(SECOND):
            self._run_job("partnership.mandate", "_cron_raise_needs")
            self._run_job("partnership.training.need", "_cron_drop_needs")
            self.assertEqual(
                {need.partnership_id.name: need.state for need in self._get_needs(mandates)},
                {"Test west": "open", "Test middle": "open", "Test east": "dropped"},
            )
            dropped = self._get_needs(mandates).filtered(lambda need: need.state == "dropped")
            self.assertEqual(dropped.date_closed, june(16))

    def _get_needs(self, mandates):
        ids = [mandate.id for mandate in mandates.values()]
        return self.env["partnership.training.need"].search([("mandate_id", "in", ids)])

    def test_what_is_made_today(self):
        members = self._create_members()
        for moment in MOMENTS:
            with self._at(moment):
                found = {
                    name: self._create_need(
                        membership_id=members[name].id, course_id=self.courses[name].id
                    ).date_open
                    for name in ZONES
                }
                self.assertDays(moment, found)
                found = {
                    name: self.env["partnership.skill.holding"]
                    .create(
                        {
                            "partnership_id": place.id,
                            "person_id": self.person.id,
                            "skill_id": self.skill_chair.id,
                        }
                    )
                    .date_start
                    for name, place in self.places.items()
                }
                self.assertDays(moment, found)

    def test_year_of_budget_and_plan(self):
        """In the last hours of the year."""
        years = {"west": "2024", "middle": "2024", "east": "2025"}
        with self._at("2024-12-31 12:30:00"):
            for name, year in years.items():
                budget = self.env["partnership.training.budget"].create(
                    {"partnership_id": self.places[name].id, "amount": 1}
                )
                self.assertEqual(budget.year, year)
                plan = self.env["partnership.training.plan.session"].create(
                    {
                        "partnership_id": self.places[name].id,
                        "course_ids": [Command.set(self.courses[name].ids)],
                    }
                )
                self.assertEqual(plan.year, year)

    def test_who_speaks_for_whom_that_day(self):
        seats = self._create_seats(self._create_members())
        persons = {name: self._create_person(f"Test speaker {name}") for name in ZONES}
        for name, person in persons.items():
            self._create_mandate(seats[name], person, date_end="2024-06-15")
        members = {name: seat.membership_id for name, seat in seats.items()}
        user = new_test_user(self.env, "test_clock_speaker", "base.group_portal")
        user.partner_id = persons["east"]
        for moment, days in MOMENTS.items():
            with self._at(moment):
                enrol = {
                    name: self._create_enrolment(
                        persons[name], False, course_id=self.courses[name].id
                    )
                    for name in ZONES
                }
                found = {name: each.membership_id for name, each in enrol.items()}
                none = self.env["partnership.membership"]
                expected = {
                    name: members[name] if day <= 15 else none for name, day in days.items()
                }
                self.assertEqual(found, expected)
                for each in enrol.values():
                    each.unlink()
                everybody = self.env["res.partner"].union(*persons.values())
                spoken = {
                    person: own[0] for person, own in everybody._get_training_memberships().items()
                }
                self.assertEqual(
                    {name: spoken.get(persons[name], none) for name in ZONES}, expected
                )
                self.assertEqual(user._get_training_memberships(), expected["east"].sudo())

    def test_holders_of_the_day_are_enrolled(self):
        seats = self._create_seats(self._create_members())
        for name, seat in seats.items():
            self._create_mandate(seat, f"Test holder {name}", date_end="2024-06-15")
        for moment, days in MOMENTS.items():
            with self._at(moment):
                found = {
                    name: self.env["partnership.training.enrol"].create(
                        {
                            "session_id": self.sessions[name].id,
                            "source": "body",
                            "body_id": self.boards[name].id,
                        }
                    )
                    for name in ZONES
                }
                self.assertEqual(
                    {name: bool(wizard.person_ids) for name, wizard in found.items()},
                    {name: day <= 15 for name, day in days.items()},
                )

    def test_skills_missing_today(self):
        seats = self._create_seats(self._create_members())
        for name, place in self.places.items():
            self._create_wanted(partnership_id=place.id)
            self._create_mandate(seats[name], f"Test holder {name}", date_end="2024-06-15")
        for moment, days in MOMENTS.items():
            with self._at(moment):
                found = self.env["partnership.skill.gap"].search(
                    [("person_id.name", "like", "Test holder")]
                )
                self.assertEqual(
                    set(found.partnership_id),
                    {self.places[name] for name, day in days.items() if day <= 15},
                )

    def test_all_day_event_is_to_come_until_it_is_over(self):
        for name, after in (("west", "2024-06-16 10:01:00"), ("east", "2024-06-15 12:01:00")):
            event = self.env["calendar.event"].create(
                {
                    "training_session_id": self.sessions[name].id,
                    "allday": True,
                    "start_date": june(15),
                    "stop_date": june(15),
                }
            )
            before = fields.Datetime.to_datetime(after) - timedelta(minutes=2)
            for moment, is_to_come in ((before, True), (after, False)):
                with self._at(moment):
                    self.assertIs(event.is_training_to_come, is_to_come, (name, moment))


@tagged("post_install", "-at_install")
@freeze_time("2024-06-10 10:00:00")
class TestSessionDays(TrainingClockCase):
    """A session of whole days, the fifteenth and the sixteenth: it has the days of its partnership,
    not the hours that the calendar keeps."""

    PERIODS = {
        "west": ("2024-06-15 10:00:00", "2024-06-17 09:59:59"),
        "middle": ("2024-06-14 22:00:00", "2024-06-16 21:59:59"),
        "east": ("2024-06-14 12:00:00", "2024-06-16 11:59:59"),
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for session in cls.sessions.values():
            session.enrol_deadline = False
            for day in (16, 15):
                cls.env["calendar.event"].create(
                    {
                        "training_session_id": session.id,
                        "allday": True,
                        "start_date": june(day),
                        "stop_date": june(day),
                    }
                )

    def _get_periods(self):
        return {
            name: (str(session.date_start), str(session.date_stop))
            for name, session in self.sessions.items()
        }

    def test_begins_and_ends_with_its_days(self):
        self.assertEqual(self._get_periods(), self.PERIODS)

    def test_follows_what_changes(self):
        session = self.sessions["west"]
        session.event_ids[0].write({"start_date": june(18), "stop_date": june(18)})
        session.event_ids[1].write(
            {"allday": False, "start": "2024-06-15 19:00:00", "stop": "2024-06-15 20:00:00"}
        )
        self.assertEqual(str(session.date_start), "2024-06-15 19:00:00")
        self.assertEqual(str(session.date_stop), "2024-06-19 09:59:59")
        self.places["west"].tz = "Pacific/Auckland"
        self.assertEqual(str(session.date_stop), "2024-06-18 11:59:59")

    def test_enrolment_is_open_until_its_day(self):
        for name, (begins, _ends) in self.PERIODS.items():
            session = self.sessions[name]
            moment = fields.Datetime.to_datetime(begins)
            for minutes, is_open in ((-1, True), (1, False)):
                with self._at(moment + timedelta(minutes=minutes)):
                    self.assertIs(session.is_enrolment_open, is_open, name)
                    found = session.search([("is_enrolment_open", "=", True)])
                    self.assertIs(session in found, is_open, name)

    def test_over_with_its_last_day(self):
        """What it is evaluated from is of the last day as well."""
        for name, (_begins, ends) in self.PERIODS.items():
            session = self.sessions[name]
            moment = fields.Datetime.to_datetime(ends)
            for minutes, is_over in ((-1, False), (1, True)):
                with self._at(moment + timedelta(minutes=minutes)):
                    over = session.search([("date_stop", "<", "now")])
                    self.assertIs(session in over, is_over, name)
            self.assertEqual(session._get_day(session.date_stop), june(16))

    def test_migration_gives_them_their_days(self):
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE partnership_training_session
                  SET date_start = '2024-06-15 08:00:00', date_stop = '2024-06-16 18:00:00'
                WHERE id IN %s""",
            [tuple(session.id for session in self.sessions.values())],
        )
        self.env.invalidate_all()
        script = runpy.run_path(
            file_path("partnership_training/migrations/19.0.1.3.0/post-session_dates.py")
        )
        script["follow_days"](self.env)
        self.env.invalidate_all()
        self.assertEqual(self._get_periods(), self.PERIODS)
