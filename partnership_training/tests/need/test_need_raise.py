from datetime import date

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .need_common import NeedCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 10:00:00")
class TestNeedRaise(NeedCase):
    def _needs(self):
        return self.env["partnership.training.need"].search(
            [("partnership_id", "=", self.partnership.id)], order="id"
        )

    # ------------------------------------------------------------
    # New mandates
    # ------------------------------------------------------------

    def test_new_mandate_raises_what_it_asks_for(self):
        wanted = self._create_wanted(course_id=self.course.id, deadline_days=30)
        mandate = self._create_mandate(self.seat, self.person, date_start="2024-06-15")
        need = self._needs()
        self.assertEqual(
            (need.origin, need.mandate_id, need.wanted_id), ("mandate", mandate, wanted)
        )
        self.assertEqual((need.person_id, need.membership_id), (self.person, self.member))
        self.assertEqual((need.body_id, need.interest_group_id), (self.body, self.group_public))
        self.assertEqual((need.skill_ids, need.course_id), (self.skill_chair, self.course))
        self.assertEqual(need.state, "open")
        self.assertEqual(need.deadline, date(2024, 7, 15))
        self.assertEqual(mandate.need_ids, need)

    def test_skill_that_is_held_raises_nothing(self):
        self._create_wanted(self.skill_chair, self.skill_speak)
        self._hold(self.skill_chair)
        self._create_mandate(self.seat, self.person, date_start="2024-06-15")
        self.assertEqual(self._needs().skill_ids, self.skill_speak)

    def test_skill_that_has_expired_is_missing(self):
        self._create_wanted()
        self._hold(self.skill_chair, date_end="2024-06-14")
        self._create_mandate(self.seat, self.person, date_start="2024-06-15")
        self.assertEqual(self._needs().skill_ids, self.skill_chair)

    def test_skill_that_is_held_in_another_partnership_does_not_count(self):
        foreign = self.env["partnership.partnership"].create({"name": "Test foreign"})
        self._create_wanted()
        self._hold(self.skill_chair, partnership_id=foreign.id)
        self._create_mandate(self.seat, self.person, date_start="2024-06-15")
        self.assertTrue(self._needs())

    def test_only_rows_that_fit_raise(self):
        other = self._create_body("Test assembly")
        far = self.env["partnership.partnership"].create({"name": "Test foreign"})
        self._create_wanted(body_id=other.id)
        self._create_wanted(office="chair")
        self._create_wanted(partnership_id=far.id)
        self._create_wanted(active=False)
        self._create_wanted(origin="pitfall", pitfall_kind="absent")
        self._create_mandate(self.seat, self.person, date_start="2024-06-15")
        self.assertFalse(self._needs())

    def test_row_of_all_partnerships_raises(self):
        self._create_wanted(partnership_id=False)
        self._create_mandate(self.seat, self.person, date_start="2024-06-15")
        self.assertEqual(len(self._needs()), 1)

    def test_row_of_another_company_raises_nothing(self):
        company = self.env["res.company"].create({"name": "Test far company"})
        self._create_wanted(partnership_id=False, company_id=company.id)
        self._create_mandate(self.seat, self.person, date_start="2024-06-15")
        self.assertFalse(self._needs())

    def test_mandate_of_long_ago_is_history(self):
        self._create_wanted()
        self._create_mandate(self.seat, self.person, date_start="2024-05-14")
        self.assertFalse(self._needs())
        self._run_cron("partnership.mandate", "_cron_raise_needs")
        self.assertFalse(self._needs())

    def test_mandate_to_come_raises_on_its_day(self):
        self._create_wanted()
        self._create_mandate(self.seat, self.person, date_start="2024-06-20")
        self._run_cron("partnership.mandate", "_cron_raise_needs")
        self.assertFalse(self._needs())
        with freeze_time("2024-06-19 23:30:00"):  # already the 20th in the partnership
            self._run_cron("partnership.mandate", "_cron_raise_needs")
            self.assertEqual(self._needs().date_open, date(2024, 6, 20))
            self._run_cron("partnership.mandate", "_cron_raise_needs")
        self.assertEqual(len(self._needs()), 1)

    def test_what_was_closed_is_not_raised_again(self):
        self._create_wanted()
        self._create_mandate(self.seat, self.person, date_start="2024-06-15")
        self._needs().action_drop()
        self._run_cron("partnership.mandate", "_cron_raise_needs")
        self.assertEqual(self._needs().state, "dropped")

    def test_office_that_is_given_later_raises_its_skills_only(self):
        self._create_wanted(office="chair")
        self._create_wanted(self.skill_speak)
        mandate = self._create_mandate(self.seat, self.person, date_start="2024-01-01")
        self.assertFalse(self._needs())
        mandate.office = "chair"
        self.assertEqual(self._needs().skill_ids, self.skill_chair)

    def test_needs_follow_who_speaks_whoever_writes_it_down(self):
        self._create_wanted()
        Mandate = self.env["partnership.mandate"].with_user(self.facilitator)
        Mandate.create(
            {"seat_id": self.seat.id, "person_id": self.person.id, "date_start": "2024-06-15"}
        )
        need = self._needs().with_user(self.facilitator)
        self.assertEqual(need.person_id, self.person)
        self.assertEqual(need.user_id, self.partnership.user_id)

    def test_queries_do_not_grow_with_the_mandates(self):
        self._create_wanted()

        def count(number, offset):
            seats = [
                self._create_seat(self._create_member(f"Test firm {offset + each}"))
                for each in range(number)
            ]
            persons = [self._create_person(f"Test p {offset + each}") for each in range(number)]
            self.env.flush_all()
            before = self.cr.sql_log_count
            self.env["partnership.mandate"].create(
                [
                    {"seat_id": seat.id, "person_id": person.id, "date_start": "2024-06-15"}
                    for seat, person in zip(seats, persons, strict=True)
                ]
            )
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(1, 0)
        one, twenty = count(1, 10), count(20, 20)
        self.assertEqual(len(self._needs()), 22)
        self.assertLessEqual(twenty, one + 10)

    # ------------------------------------------------------------
    # Roles
    # ------------------------------------------------------------

    def test_role_that_is_reached_raises(self):
        self._create_wanted(origin="role", role_id=self.role_active.id)
        self.member.role_id = self.role_active
        need = self._needs()
        self.assertEqual((need.origin, need.role_id), ("role", self.role_active))
        self.assertEqual((need.membership_id, need.person_id.id), (self.member, False))

    def test_rung_that_is_jumped_over_is_reached(self):
        informal = self._create_member("Test club", self.role_contacted)
        self._open_round()
        self._create_wanted(origin="role", role_id=self.role_formal.id)
        informal.role_id = self.role_active
        self.assertEqual(self._needs().membership_id, informal)

    def test_step_down_raises_nothing(self):
        self.member.role_id = self.role_active
        self._create_wanted(origin="role", role_id=self.role_formal.id)
        self.member.role_id = self.role_formal
        self.assertFalse(self._needs())

    def test_member_of_long_ago_is_history(self):
        self._create_wanted(origin="role", role_id=self.role_formal.id)
        self._create_member("Test old", date_start="2023-01-01")
        self.assertFalse(self._needs())

    def test_member_has_the_skills_of_whoever_speaks_for_it(self):
        self._create_mandate(self.seat, self.person, kind="alternate", date_start="2024-01-01")
        self._hold(self.skill_chair)
        self._create_wanted(origin="role", role_id=self.role_active.id)
        self.member.role_id = self.role_active
        self.assertFalse(self._needs())

    # ------------------------------------------------------------
    # Pitfalls
    # ------------------------------------------------------------

    def test_button_on_a_pitfall_raises_what_the_table_says(self):
        self._create_wanted(origin="pitfall", pitfall_kind="absent", course_id=self.course.id)
        self._create_wanted(self.skill_speak, origin="pitfall", pitfall_kind="turnover")
        pitfall = self._create_pitfall()
        self.assertEqual(pitfall.wanted_skill_ids, self.skill_chair)
        action = pitfall.with_user(self.facilitator).action_raise_need()
        need = self._needs()
        self.assertEqual((need.pitfall_id, need.membership_id), (pitfall, self.member))
        self.assertEqual((need.skill_ids, need.course_id), (self.skill_chair, self.course))
        self.assertEqual(need.origin_text, pitfall.reasons)
        self.assertEqual(action["res_id"], need.id)
        self.assertEqual(pitfall.need_count, 1)

    def test_pitfall_without_row_raises_a_need_to_fill_in(self):
        self._create_pitfall().action_raise_need()
        need = self._needs()
        self.assertEqual((need.origin, need.skill_ids.ids), ("pitfall", []))

    def test_button_pressed_twice_opens_the_same_need(self):
        pitfall = self._create_pitfall()
        first = pitfall.action_raise_need()
        self.assertEqual(pitfall.action_raise_need()["res_id"], first["res_id"])
        need = self._needs()
        need._close("by_hand", "Talked to them")
        pitfall.action_raise_need()
        self.assertEqual(self._needs().mapped("state"), ["closed", "open"])
        with self.assertRefused("raised again", exception=UserError):
            need.action_reopen()

    def test_closed_pitfall_is_refused(self):
        pitfall = self._create_pitfall()
        pitfall._close("left", date(2024, 6, 10))
        with self.assertRefused("is closed", exception=UserError):
            pitfall.action_raise_need()

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_stranger_raises_nothing_on_a_foreign_pitfall(self):
        pitfall = self._create_pitfall()
        with self.assertRefused(exception=AccessError):
            pitfall.with_user(self.stranger).action_raise_need()

    # ------------------------------------------------------------
    # Requests
    # ------------------------------------------------------------

    def test_request_is_not_doubled_and_another_one_is_not_swallowed(self):
        Need = self.env["partnership.training.need"]
        request = {
            "membership_id": self.member.id,
            "origin": "request",
            "skill_ids": self.skill_chair.ids,
        }
        first = Need._raise([request])
        again = Need._raise([request, {**request, "skill_ids": self.skill_speak.ids}])
        self.assertEqual(again[0], first)
        self.assertNotEqual(again[1], first)
        self.assertEqual(len(self._needs()), 2)

    def test_two_equal_ones_in_one_go_are_one(self):
        request = {"membership_id": self.member.id, "origin": "request"}
        first, second = self.env["partnership.training.need"]._raise([request, dict(request)])
        self.assertEqual(first, second)

    def test_subject_is_said_and_is_of_the_partnership(self):
        with self.assertRefused(exception=Exception), mute_logger("odoo.sql_db"):
            self.env["partnership.training.need"].create({"partnership_id": self.partnership.id})
        foreign = self.env["partnership.partnership"].create({"name": "Test foreign"})
        body = self._create_body("Test far body", partnership_id=foreign.id)
        with self.assertRefused("Test far body", "Test partnership"):
            self._create_need(body_id=body.id)
        with self.assertRefused("is an organisation"):
            self._create_need(person_id=self.member.partner_id.id)

    def test_day_of_today_is_that_of_the_partnership(self):
        self._create_wanted()
        with freeze_time("2024-06-15 23:30:00"):
            self._create_mandate(self.seat, self.person, date_start="2024-06-16")
        self.assertEqual(self._needs().date_open, fields.Date.to_date("2024-06-16"))
