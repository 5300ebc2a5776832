from datetime import date, datetime, timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .need_common import NeedCase

# Meetings attended of ten before and five after, by member
TRAINED = [(5, 4)] * 5
UNTRAINED = [(5, 3)] * 3 + [(6, 3)] * 3


def effect_by_hand(trained, untrained):
    """The definition in plain Python; members with fewer than three meetings are left out."""

    def mean_change(members):
        return sum(after / 5 - before / 10 for before, after in members) / len(members)

    if min(len(trained), len(untrained)) < 5:
        return False
    return mean_change(trained) - mean_change(untrained)


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 10:00:00")
class TestEffect(NeedCase):
    """Ten meetings before the training of 2023-12-11, five after."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.training = cls._create_session(seats_max=0)
        cls._create_event("2023-12-11 08:00:00", cls.training)
        before = [date(2023, month, 5) for month in range(2, 12)]
        after = [date(2024, month, 5) for month in range(1, 6)]
        cls.meetings = [
            cls._create_meeting(datetime.combine(day, datetime.min.time()) + timedelta(hours=16))
            for day in before + after
        ]
        cls.seat.unlink()
        cls.members = cls.env["partnership.membership"]

    def _play(self, trained=TRAINED, untrained=UNTRAINED):
        """Let members with these counts of presence be trained, or not, and hold the meetings."""
        expected = {}
        for is_trained, counts in ((True, trained), (False, untrained)):
            for before, after in counts:
                number = len(self.members)
                member = self._create_member(f"Test org {number}", date_start="2020-01-01")
                mandate = self._create_mandate(self._create_seat(member), f"Test p{number}")
                self.members += member
                expected[mandate.person_id] = (before, after)
                if is_trained:
                    self._create_enrolment(mandate.person_id, self.training).action_confirm()
        for number, meeting in enumerate(self.meetings):
            meeting._fill_sheet()
            for row in meeting.attendance_ids:
                before, after = expected[row.person_id]
                came = number < before if number < 10 else number - 10 < after
                row.status = "present" if came else "absent"
            meeting._close_sheet()
        event = self.training.event_ids
        event._fill_sheet()
        event.attendance_ids.write({"status": "present"})
        event._close_sheet("absent")
        self.training.action_done()
        self.env.flush_all()
        self.env.invalidate_all()

    def _effect(self, measure="presence", **context):
        Effect = self.env["partnership.training.effect"].with_context(**context)
        Effect.invalidate_model()
        return Effect.search([("session_id", "=", self.training.id), ("measure", "=", measure)])

    def _need(self, number=0, **values):
        need = self._create_need(membership_id=self.members[number].id, **values)
        need.enrolment_ids = self.training.enrolment_ids.filtered(
            lambda enrolment: enrolment.membership_id == need.membership_id
        )
        self.assertEqual(need.state, "trained")
        return need

    def _measure(self):
        self._run_cron("partnership.training.need", "_cron_measure_effect")

    # ------------------------------------------------------------
    # The figure
    # ------------------------------------------------------------

    def test_check_value(self):
        self._play()
        row = self._effect()
        self.assertEqual((row.trained, row.untrained), (5, 6))
        for fname, value in (
            ("trained_before", 0.50),
            ("trained_after", 0.80),
            ("untrained_before", 0.55),
            ("untrained_after", 0.60),
            ("effect", 0.25),
        ):
            self.assertAlmostEqual(row[fname], value, msg=fname)
        self.assertAlmostEqual(row.effect, effect_by_hand(TRAINED, UNTRAINED))

    def test_uneven_members_by_hand(self):
        trained = [(0, 5), (10, 0), (3, 3), (7, 4), (9, 5), (2, 1)]
        untrained = [(1, 0), (8, 5), (4, 4), (10, 5), (6, 0)]
        self._play(trained, untrained)
        self.assertAlmostEqual(self._effect().effect, effect_by_hand(trained, untrained))

    def test_four_of_either_are_not_enough(self):
        self._play(TRAINED[:4], UNTRAINED)
        row = self._effect()
        self.assertEqual((row.trained, row.untrained, row.effect), (4, 6, False))
        self.assertAlmostEqual(row.trained_after, 0.8)

    def test_members_behind_sum_to_it(self):
        self._play()
        rows = self.env["partnership.training.effect.member"].search(
            self._effect().action_open_members()["domain"]
        )
        self.assertEqual(len(rows), 11)
        trained = rows.filtered("is_trained")
        self.assertEqual(trained.membership_id, self.members[:5])
        self.assertEqual(set(trained.mapped("before_whole")), {10})
        self.assertEqual(set(trained.mapped("after_part")), {4})
        changes = [sum(some.mapped("change")) / len(some) for some in (trained, rows - trained)]
        self.assertAlmostEqual(changes[0] - changes[1], self._effect().effect)

    def test_as_of_looks_no_further(self):
        self._play()
        self.assertFalse(self._effect(effect_as_of="2024-02-29").effect)
        # Of three meetings after the training the trained came to three, the others too
        row = self._effect(effect_as_of="2024-03-31")
        self.assertAlmostEqual(row.effect, (1 - 0.5) - (1 - 0.55))

    def test_who_completed_the_course_elsewhere_is_no_untrained(self):
        self._play()
        other = self._create_session(seats_max=0)
        event = self._create_event("2024-03-11 08:00:00", other)
        person = self.members[5].mandate_ids.person_id
        self._create_enrolment(person, other).action_confirm()
        event._fill_sheet()
        event.attendance_ids.write({"status": "present"})
        event._close_sheet()
        other.action_done()
        self.env.flush_all()
        self.assertEqual(self._effect().untrained, 5)

    def test_session_that_is_not_done_has_none(self):
        self._play()
        self.training.action_open()
        self.env.flush_all()
        self.assertFalse(self._effect())

    def test_courses_pool_their_sessions(self):
        self._play()
        groups = self.env["partnership.training.effect"]._read_group(
            [("course_id", "=", self.course.id), ("measure", "=", "presence")],
            ["course_id"],
            ["trained:sum", "trained_before:avg", "effect:avg"],
        )
        self.assertEqual(groups[0][:2], (self.course, 5))
        self.assertAlmostEqual(groups[0][2], 0.5)
        self.assertAlmostEqual(groups[0][3], 0.25)

    def test_member_of_two_bodies_counts_once(self):
        second = self._create_body("Test group")
        meetings, self.meetings = self.meetings, []
        for place in range(4):
            member = self._create_member(f"Test two {place}", date_start="2020-01-01")
            for body in (self.body, second):
                self._create_mandate(self._create_seat(member, body), f"Test t{place} {body.name}")
            person = member.mandate_ids[0].person_id
            self._create_enrolment(person, self.training).action_confirm()
        day = [meeting.start for meeting in meetings]
        for start in day:
            for body in (self.body, second):
                meeting = self._create_meeting(start, body) if body == second else None
                meeting = meeting or meetings[day.index(start)]
                meeting._fill_sheet()
                meeting._close_sheet("absent")
        event = self.training.event_ids
        event._fill_sheet()
        event.attendance_ids.write({"status": "present"})
        event._close_sheet("absent")
        self.training.action_done()
        self.env.flush_all()
        self.env.invalidate_all()
        groups = self.env["partnership.training.effect"]._read_group(
            [("session_id", "=", self.training.id)], ["measure"], ["trained:sum", "effect:avg"]
        )
        self.assertEqual(groups, [("presence", 4, False)])

    def test_presence_and_reading_are_not_added_up(self):
        Effect = self.env["partnership.training.effect"]
        self.test_reading_is_of_briefings_read_in_time()
        groups = Effect._read_group([], ["course_id"], ["effect:avg", "trained_after:avg"])
        self.assertEqual(groups, [(self.course, False, False)])

    def test_reading_is_of_briefings_read_in_time(self):
        self._play()
        Briefing, Receipt = (
            self.env["partnership.briefing"],
            self.env["partnership.briefing.receipt"],
        )
        days = [date(2023, month, 10) for month in (5, 6, 7)]
        days += [date(2024, month, 10) for month in (2, 3, 4)]
        for number, day in enumerate(days):
            briefing = Briefing.create(
                {
                    "name": f"Test briefing {number}",
                    "partnership_id": self.partnership.id,
                    "body": "<p>Test</p>",
                    "receipt_ids": [
                        Command.create(
                            {
                                "membership_id": member.id,
                                "person_id": member.mandate_ids.person_id.id,
                            }
                        )
                        for member in self.members
                    ],
                }
            )
            briefing.write({"state": "sent", "date_sent": day})
            for place, member in enumerate(self.members):
                # The trained read one of three before and all after, the others none
                if place < 5 and (number == 0 or number > 2):
                    Receipt.search(
                        [("briefing_id", "=", briefing.id), ("membership_id", "=", member.id)]
                    ).date_read = day
        self.env.flush_all()
        row = self._effect("reading")
        self.assertEqual((row.trained, row.untrained), (5, 6))
        self.assertAlmostEqual(row.effect, 2 / 3)

    # ------------------------------------------------------------
    # What becomes of the needs
    # ------------------------------------------------------------

    def test_need_closes_on_its_effect(self):
        self._play()
        need = self._need()
        self._measure()
        self.assertEqual((need.state, need.close_kind), ("closed", "effect"))
        self.assertEqual((need.effect_session_id, need.effect_body_id), (self.training, self.body))
        for fname, value in (("figure_before", 0.5), ("figure_after", 0.8), ("effect", 0.25)):
            self.assertAlmostEqual(need[fname], value, msg=fname)
        self.assertEqual(need.effect_state, "reached")

    def test_effect_at_the_target_is_not_over_it(self):
        self._play()
        self.partnership.training_effect_target = 0.25
        need = self._need()
        before = self.env["mail.mail"].search_count([])
        self._measure()
        self.assertEqual((need.state, need.no_effect), ("open", True))
        self.assertEqual(need.tried_enrolment_ids, need.enrolment_ids)
        self.assertEqual(len(need.activity_ids), 1)
        self.assertEqual(self.env["mail.mail"].search_count([]), before)
        self._measure()
        self.assertEqual(len(need.activity_ids), 1)

    def test_own_figure_that_fell_keeps_it_open(self):
        self._play([*TRAINED, (9, 4)], UNTRAINED)
        need = self._need(5)
        self._measure()
        self.assertGreater(need.effect, 0)
        self.assertEqual((need.state, need.effect_state), ("trained", "fell"))

    def test_not_enough_data_says_so_and_stays(self):
        self._play(TRAINED[:4], UNTRAINED)
        need = self._need()
        self._measure()
        self.assertEqual((need.state, need.effect_state), ("trained", "waiting"))
        self.assertFalse(need.effect)

    def test_need_of_a_body_is_measured_there(self):
        self._play()
        need = self._create_need(membership_id=False, body_id=self.body.id)
        need.enrolment_ids = self.training.enrolment_ids
        self._measure()
        self.assertEqual((need.state, need.close_kind), ("closed", "effect"))
        self.assertAlmostEqual(need.figure_after, 0.8)

    def test_measure_follows_the_pitfall(self):
        for kind, measure in (("absent", "presence"), ("uninformed", "reading")):
            pitfall = self._create_pitfall(kind)
            need = self._create_need(origin="pitfall", pitfall_id=pitfall.id)
            self.assertEqual(need.measure, measure)
        self.assertEqual(self._create_need().measure, "presence")

    def test_closed_by_hand_is_told_apart(self):
        self._play()
        need = self._need()
        need._close("by_hand", "Test")
        self._measure()
        self.assertEqual((need.close_kind, need.effect_state), ("by_hand", False))

    def test_queries_do_not_grow_with_the_needs(self):
        self._play()
        costs = []
        for numbers in ((0, 1), (2, 3, 4)):
            for number in numbers:
                self._need(number)
            needs = self.env["partnership.training.need"].search([("state", "=", "trained")])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            needs._get_effects()
            costs.append(self.cr.sql_log_count - before)
        self.assertLessEqual(costs[1], costs[0])

    # ------------------------------------------------------------
    # Who sees it
    # ------------------------------------------------------------

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_team_alone_sees_it(self):
        self._play()
        for model in ("partnership.training.effect", "partnership.training.effect.member"):
            for user, sees in (
                (self.facilitator, True),
                (self.officer, True),
                (self.stranger, False),
            ):
                self.assertEqual(
                    bool(self.env[model].with_user(user).search([])), sees, (model, user.name)
                )
            for user in (self.employee, self.portal_user):
                with self.assertRefused(exception=AccessError):
                    self.env[model].with_user(user).search([])

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_target_is_set_by_officers(self):
        with self.assertRefused("officers", exception=AccessError):
            self.partnership.with_user(self.facilitator).training_effect_target = 0.1
        self.partnership.with_user(self.officer).training_effect_target = 0.1
        with mute_logger("odoo.sql_db"), self.assertRefused(exception=CheckViolation):
            self.partnership.training_effect_target = 2
