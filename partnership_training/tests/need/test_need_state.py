from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .need_common import NeedCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 10:00:00")
class TestNeedState(NeedCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.next_event.action_cancel_meeting()
        cls.mandate = cls._create_mandate(cls.seat, cls.person, date_start="2024-01-01")

    def _train(self, enrolment):
        enrolment.action_confirm()
        self._attend(self.past_event, pAnn="present")
        self.session.action_done()

    # ------------------------------------------------------------
    # Planned
    # ------------------------------------------------------------

    def test_asking_makes_a_demand_for_who_speaks_for_the_member(self):
        need = self._create_need()
        need.with_user(self.facilitator).action_ask()
        self.assertEqual(need.enrolment_ids.person_id, self.person)
        self.assertFalse(need.enrolment_ids.session_id)
        self.assertEqual(need.enrolment_ids.membership_id, self.member)
        self.assertEqual(need.state, "planned")

    def test_asking_twice_asks_once(self):
        need = self._create_need()
        other = self._create_need(person_id=self.person.id)
        (need + other).action_ask()
        (need + other).action_ask()
        self.assertEqual(len(self.course.enrolment_ids), 1)
        self.assertEqual(need.enrolment_ids, other.enrolment_ids)

    def test_need_of_a_body_is_that_of_who_sits_in_it(self):
        second = self._create_seat(self._create_member("Test club"))
        titular = self._create_mandate(second, "Test Bob", date_start="2024-01-01").person_id
        self._create_mandate(second, "Test Cid", kind="alternate", date_start="2024-01-01")
        need = self._create_need(membership_id=False, body_id=self.body.id)
        need.action_ask()
        self.assertEqual(need.enrolment_ids.person_id, self.person | titular)

    def test_individual_member_asks_for_itself(self):
        alone = self._create_member(self._create_person("Test Dan"))
        need = self._create_need(membership_id=alone.id)
        need.action_ask()
        self.assertEqual(need.enrolment_ids.person_id, alone.partner_id)

    def test_asking_without_course_or_person_is_refused(self):
        with self.assertRefused("choose the course", exception=UserError):
            self._create_need(course_id=False).action_ask()
        nobody = self._create_member("Test empty")
        with self.assertRefused("nobody speaks for", "Test empty", exception=UserError):
            self._create_need(membership_id=nobody.id).action_ask()

    def test_dialog_enrols_in_a_session(self):
        need = self._create_need()
        context = need.action_enrol()["context"]
        wizard = self.env["partnership.training.need.enrol"].with_context(**context)
        wizard = wizard.with_user(self.facilitator).create({"session_id": self.session.id})
        self.assertEqual(wizard.person_ids, self.person)
        wizard.action_enrol()
        self.assertEqual(need.enrolment_ids, self.session.enrolment_ids)
        self.assertEqual(need.enrolment_ids.state, "confirmed")
        self.assertEqual(need.state, "planned")

    def test_needs_of_several_courses_are_enrolled_one_by_one(self):
        other = self._create_need(course_id=self._create_course("Test other").id)
        with self.assertRefused("different courses", exception=UserError):
            (self._create_need() + other).action_enrol()

    def test_enrolling_elsewhere_answers_the_need(self):
        need = self._create_need(person_id=self.person.id)
        foreign = self._create_need(course_id=self._create_course("Test other").id)
        enrolment = self._create_enrolment(self.person)
        self.assertEqual(need.enrolment_ids, enrolment)
        self.assertEqual((need.state, foreign.state), ("planned", "open"))

    def test_course_that_is_chosen_later_takes_up_who_is_enrolled(self):
        enrolment = self._create_enrolment(self.person)
        need = self._create_need(course_id=False)
        self.assertEqual(need.state, "open")
        need.course_id = self.course
        self.assertEqual((need.enrolment_ids, need.state), (enrolment, "planned"))

    def test_course_that_gives_most_is_suggested(self):
        both = self._create_course("Test both", skill_ids=(self.skill_chair + self.skill_speak).ids)
        self.course.skill_ids = self.skill_chair
        foreign = self.env["partnership.partnership"].create({"name": "Test foreign"})
        self._create_course("Test far", skill_ids=self.skill_chair.ids, partnership_id=foreign.id)
        need = self._create_need(
            course_id=False, skill_ids=(self.skill_chair + self.skill_speak).ids
        )
        self.assertEqual(need.suggested_course_ids.ids, [both.id, self.course.id])
        need.with_user(self.facilitator).action_choose_course()
        self.assertEqual(need.course_id, both)
        with self.assertRefused("no course gives", exception=UserError):
            self._create_need(course_id=False).action_choose_course()

    def test_cancelling_opens_it_again(self):
        need = self._create_need()
        need.action_ask()
        need.enrolment_ids.action_cancel()
        self.assertEqual(need.state, "open")

    # ------------------------------------------------------------
    # Trained
    # ------------------------------------------------------------

    def test_completing_trains_but_does_not_close(self):
        need = self._create_need()
        enrolment = self._create_enrolment(self.person)
        self._train(enrolment)
        self.assertEqual(enrolment.state, "done")
        self.assertEqual((need.state, need.date_closed), ("trained", False))

    def test_absence_opens_it_again(self):
        need = self._create_need()
        enrolment = self._create_enrolment(self.person)
        enrolment.action_confirm()
        self._attend(self.past_event)
        self.session.action_done()
        self.assertEqual((enrolment.state, need.state), ("absent", "open"))

    def test_what_brought_no_effect_is_set_aside(self):
        need = self._create_need()
        enrolment = self._create_enrolment(self.person)
        self._train(enrolment)
        need._reopen(without_effect=True)
        self.assertEqual((need.state, need.tried_enrolment_ids), ("open", enrolment))
        need.action_ask()
        self.assertEqual(need.state, "planned")
        self.assertEqual(len(need.enrolment_ids), 2)

    # ------------------------------------------------------------
    # Closed
    # ------------------------------------------------------------

    def test_closing_by_hand_says_why(self):
        need = self._create_need()
        wizard = self.env["partnership.training.need.close"].with_user(self.facilitator)
        wizard.create({"need_ids": need.ids, "reason": "Learned at work"}).action_apply()
        self.assertEqual((need.state, need.close_kind), ("closed", "by_hand"))
        self.assertEqual(need.close_reason, "Learned at work")
        self.assertIn("Closed by hand. Learned at work", need.message_ids[0].body)
        self._create_enrolment(self.person)
        self.assertEqual(need.state, "closed")
        need.action_reopen()
        self.assertEqual((need.state, need.date_closed), ("open", False))

    def test_closing_without_reason_is_refused(self):
        with self.assertRefused("Say why", exception=UserError):
            self._create_need()._close("by_hand")

    def test_nobody_says_that_there_was_an_effect(self):
        need = self._create_need().with_user(self.officer)
        with self.assertRefused("not written by hand", exception=AccessError):
            need.write({"state": "closed", "close_kind": "effect", "date_closed": "2024-06-15"})
        need.sudo()._close("effect")
        self.assertEqual(need.state, "closed")

    def test_who_left_needs_nothing_any_more(self):
        own = self._create_need(origin="mandate", mandate_id=self.mandate.id)
        kept = self._create_need(membership_id=self._create_member("Test stays").id)
        self.mandate.date_end = "2024-06-12"
        self._run_cron("partnership.training.need", "_cron_drop_needs")
        self.assertEqual((own.state, own.close_kind), ("dropped", "no_longer"))
        self.assertEqual(kept.state, "open")
        self.assertEqual(str(own.date_closed), "2024-06-15")

    def test_queries_do_not_grow_with_the_needs_that_are_dropped(self):
        def count_queries(number):
            needs = self.env["partnership.training.need"].union(
                *(
                    self._create_need(membership_id=self._create_member(f"Test {each}").id)
                    for each in range(number)
                )
            )
            needs = needs.with_context(tracking_disable=False)
            self.env.flush_all()
            self.env.cr.precommit.run()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            needs._close("no_longer")
            self.env.flush_all()
            self.env.cr.precommit.run()
            count = self.cr.sql_log_count - before
            for need in needs:
                self.assertIn("Open → Dropped: No longer needed", need.message_ids[0].body)
            return count

        count_queries(1)  # what is looked up once a process
        self.assertEqual(count_queries(1), count_queries(10))

    def test_mandate_that_ends_today_is_still_needed(self):
        need = self._create_need(origin="mandate", mandate_id=self.mandate.id)
        self.mandate.date_end = "2024-06-15"
        self._run_cron("partnership.training.need", "_cron_drop_needs")
        self.assertEqual(need.state, "open")

    # ------------------------------------------------------------
    # Whoever sees it
    # ------------------------------------------------------------

    def test_giving_a_need_to_somebody_mails_nobody(self):
        need = self._create_need().with_context(tracking_disable=False)
        before = self.env["mail.mail"].search_count([])
        need.user_id = self.officer
        self.env.flush_all()
        self.assertEqual(self.env["mail.mail"].search_count([]), before)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_stranger_answers_nothing(self):
        need = self._create_need()
        self.env.invalidate_all()
        for refused in ("action_ask", "action_drop"):
            with self.assertRefused(exception=AccessError):
                getattr(need.with_user(self.stranger), refused)()
        self.assertEqual(need.state, "open")
