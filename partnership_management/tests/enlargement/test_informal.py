from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..actor.merge_common import MergeCase
from .candidate_common import CandidateCase

ACTIVITY = "partnership_management.mail_activity_type_informal"
REVIEW = "partnership_management.mail_activity_type_review"


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestInformal(CandidateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.guest = cls._create_guest("Test choir")

    @classmethod
    def _create_guest(cls, name, date_start="2024-01-01"):
        return cls._create_member(name, cls.role_informal, cls.group_civil, date_start)

    def _attend(self, membership, *days, status="present", close=True):
        for day in days:
            meeting = self._create_meeting(f"{day} 10:00:00")
            self.env["partnership.attendance"].create(
                {
                    "event_id": meeting.id,
                    "person_id": self._create_person(f"Test singer {day}").id,
                    "membership_id": membership.id,
                    "organisation_id": membership.partner_id.id,
                    "status": status,
                }
            )
            if close:
                meeting._close_sheet()

    def _contribute(self, membership, day="2024-05-01"):
        briefing = self.env["partnership.briefing"].create(
            {
                "name": "Test results",
                "partnership_id": self.partnership.id,
                "ask_relay": True,
                "state": "sent",
                "date_sent": "2023-12-01",
            }
        )
        self.env["partnership.briefing.receipt"].create(
            {
                "briefing_id": briefing.id,
                "person_id": membership.partner_id.id,
                "membership_id": membership.id,
                "date_relayed": day,
                "relay_evidence": "Test evidence",
            }
        )

    def _deserve(self, membership):
        self._attend(membership, "2024-03-04", "2024-04-08", "2024-05-06")
        self._contribute(membership)
        self._run_cron()

    def _run_cron(self):
        self.env.flush_all()
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 1):
            self.env["partnership.membership"]._cron_suggest_informal()
        self.env.invalidate_all()

    def _suggested(self, membership):
        membership._refresh_informal_suggestion()
        return membership.informal_suggestion

    # ------------------------------------------------------------
    # What is suggested
    # ------------------------------------------------------------

    def test_presences_and_a_contribution(self):
        self._attend(self.guest, "2024-03-04", "2024-04-08")
        self._contribute(self.guest)
        self.assertFalse(self._suggested(self.guest), "two presences")
        self._attend(self.guest, "2024-05-06", status="excused")
        self._attend(self.guest, "2024-05-13", close=False)
        self._attend(self.guest, "2023-12-04")
        self.assertFalse(self._suggested(self.guest), "excused, not closed, too long ago")
        self._attend(self.guest, "2024-05-20", status="late")
        self.assertEqual(self.guest.informal_suggestion, "propose", "when the sheet closes")
        self.assertEqual(self.guest.informal_presence_count, 3)
        self.assertEqual(self.guest.informal_contribution_count, 1)
        self.assertEqual(str(self.guest.informal_since), "2023-12-15")

    def test_presences_alone_are_not_enough(self):
        self._attend(self.guest, "2024-03-04", "2024-04-08", "2024-05-06", "2024-05-13")
        self._contribute(self.guest, "2023-12-15")
        self.assertFalse(self._suggested(self.guest), "it was more than six months ago")
        self._contribute(self.guest, "2023-12-16")
        self.assertEqual(self._suggested(self.guest), "propose")

    def test_two_persons_at_a_meeting_are_one_presence(self):
        self._attend(self.guest, "2024-03-04", "2024-04-08")
        meeting = self.env["partnership.attendance"].search([], limit=1).event_id
        self.env["partnership.attendance"].create(
            {
                "event_id": meeting.id,
                "person_id": self._create_person("Test second singer").id,
                "membership_id": self.guest.id,
                "organisation_id": self.guest.partner_id.id,
                "status": "present",
            }
        )
        self.assertEqual(self.guest.informal_presence_count, 2)

    def test_thresholds(self):
        """They are settings, which officers set and which hold at once."""
        self._attend(self.guest, "2024-04-08", "2024-05-06")
        own = self.partnership.with_user(self.facilitator)
        with self.assertRefused("officers", exception=AccessError):
            own.informal_presences = 1
        self.partnership.with_user(self.officer).write(
            {"informal_presences": 2, "informal_contributions": 0}
        )
        self.assertEqual(self.guest.informal_suggestion, "propose")
        self.partnership.informal_months = 1
        self.assertEqual(self._suggested(self.guest), "revisit")

    def test_review_date_of_the_card(self):
        card = self._create_candidate(self.guest.partner_id, self.stage_informal)
        card.review_date = "2024-06-15"
        self.assertFalse(card.informal_suggestion, "it is today")
        card.review_date = "2024-06-14"
        self.assertEqual(card.informal_suggestion, "revisit")
        self.assertEqual(self.guest.informal_suggestion, "revisit")
        self._deserve(self.guest)
        self.assertEqual(card.informal_suggestion, "propose", "it is past with both")

    def test_without_a_card_it_is_due_after_the_months(self):
        self.assertFalse(self._suggested(self.guest))
        self.assertEqual(str(self.guest.informal_review_date), "2024-07-01")
        with freeze_time("2024-07-02"):
            self.assertEqual(self._suggested(self.guest), "revisit")

    def test_today_is_where_the_partnership_is(self):
        self.partnership.tz = "Pacific/Auckland"
        with freeze_time("2024-07-01 13:00:00"):
            self.assertEqual(self._suggested(self.guest), "revisit")

    def test_informal_again_counts_from_there(self):
        self.guest.with_context(transition_date="2024-02-01").role_id = self.role_contacted
        self.guest.with_context(transition_date="2024-06-01").role_id = self.role_informal
        self.assertEqual(str(self.guest.informal_review_date), "2024-12-01")

    def test_nothing_is_suggested_of_others(self):
        member = self._create_member("Test council")
        left = self._create_guest("Test band")
        self._attend(left, "2024-03-04", "2024-04-08", "2024-05-06")
        self._contribute(left)
        left.date_end = "2024-06-01"
        self._run_cron()
        self.assertFalse(member.informal_suggestion or left.informal_suggestion)
        self._deserve(self.guest)
        self.guest.role_id = self.role_contacted
        self.assertFalse(self.guest.informal_suggestion)

    def test_refused_and_archived_cards_say_nothing(self):
        card = self._create_candidate(self.guest.partner_id, self.stage_informal)
        self._deserve(self.guest)
        self.assertEqual(card.informal_suggestion, "propose")
        card.active = False
        self.assertFalse(card.informal_suggestion)
        card.active = True
        self._refuse(card)
        self.assertFalse(card.informal_suggestion)
        self.assertEqual(self.guest.informal_suggestion, "propose")

    # ------------------------------------------------------------
    # Who is told
    # ------------------------------------------------------------

    def test_one_activity_on_the_card(self):
        card = self._create_candidate(
            self.guest.partner_id, self.stage_informal, user_id=self.facilitator.id
        )
        self._deserve(self.guest)
        self._run_cron()
        told = card.activity_search([ACTIVITY])
        self.assertEqual(told.user_id, self.facilitator)
        self.assertIn("Propose", told.summary)
        self.assertFalse(self.guest.activity_ids)
        told.action_feedback(feedback="Test talk")
        self._run_cron()
        self.assertFalse(card.activity_search([ACTIVITY]), "what is done does not come back")

    def test_taken_back_when_no_longer_true(self):
        card = self._create_candidate(self.guest.partner_id, self.stage_informal)
        self._deserve(self.guest)
        with freeze_time("2024-10-01"):
            card.review_date = "2025-01-01"
            self._run_cron()
        self.assertFalse(card.activity_search([ACTIVITY]))
        self.assertTrue(card.activity_search([REVIEW]), "other activities stay")
        self._run_cron()
        self.assertTrue(card.activity_search([ACTIVITY]), "true again")
        self._refuse(card)
        self.assertFalse(card.activity_ids)

    def test_without_a_card_on_the_membership(self):
        self.partnership.user_id = self.facilitator
        self._deserve(self.guest)
        told = self.guest.activity_search([ACTIVITY])
        self.assertEqual(told.user_id, self.facilitator)
        self.guest.role_id = self.role_formal
        self._run_cron()
        self.assertFalse(self.guest.activity_ids)

    def test_planned_review_is_enough(self):
        card = self._create_candidate(self.guest.partner_id, self.stage_informal)
        card.review_date = "2024-06-01"
        self._run_cron()
        self.assertEqual(card.informal_suggestion, "revisit")
        self.assertEqual(card.activity_ids, card.activity_search([REVIEW]))
        other = self._create_candidate(self._create_guest("Test band").partner_id)
        other.stage_id = self.stage_informal
        other.activity_ids.action_feedback(feedback="Test done early")
        with freeze_time("2025-01-01"):
            self._run_cron()
            self.assertEqual(other.activity_ids, other.activity_search([ACTIVITY]))

    def test_nobody_gets_mail(self):
        self._create_candidate(self.guest.partner_id, self.stage_informal)
        mails = self.env["mail.mail"].search_count([])
        self._deserve(self.guest)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_cost_does_not_grow_by_query(self):
        def count(number):
            for each in range(number):
                self._create_guest(f"Test guest {number} {each}", "2023-01-01")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._run_cron()
            return self.cr.sql_log_count - before

        count(1)
        many, few = count(20), count(2)
        self.assertLessEqual(many, few + 3 + self._growth_of_activities(2, 20))

    # ------------------------------------------------------------
    # The step to membership
    # ------------------------------------------------------------

    def test_ongoing_card_turns(self):
        card = self._create_candidate(
            self.guest.partner_id, self.stage_informal, target_form="informal"
        )
        self._deserve(self.guest)
        action = card.with_user(self.facilitator).action_propose_formal()
        self.assertEqual(action["res_id"], card.id)
        self.assertEqual(card.target_form, "formal")
        self.assertEqual(card.stage_id, self.stage_application)
        self.assertEqual(self.guest.role_id, self.role_informal, "the role is given at admission")
        self.assertFalse(card.informal_suggestion or self.guest.informal_suggestion)
        self.assertFalse(card.activity_ids)

    def test_new_card_after_informal_admission(self):
        first = self._create_candidate(
            self.guest.partner_id, self.stage_admitted, target_form="informal"
        )
        self._deserve(self.guest)
        self.assertEqual(first.informal_suggestion, "propose")
        card = self.Candidate.browse(first.action_propose_formal()["res_id"])
        self.assertNotEqual(card, first)
        self.assertEqual(card.membership_id, self.guest)
        self.assertEqual(card.stage_id, self.stage_application)
        self.assertFalse(first.informal_suggestion)
        self.assertFalse((first + card).activity_search([ACTIVITY]))

    def test_in_bulk_and_without_a_card(self):
        guests = self.guest + self._create_guest("Test band")
        card = self._create_candidate(self.guest.partner_id, self.stage_informal)
        action = guests.with_user(self.facilitator).action_propose_formal()
        cards = self.Candidate.search(action["domain"])
        self.assertEqual(cards.membership_id, guests)
        self.assertEqual(cards.stage_id, self.stage_application)
        self.assertIn(card, cards)
        again = self.Candidate.search(guests.action_propose_formal()["domain"])
        self.assertEqual(again, cards)
        self.assertEqual(cards.stage_id, self.stage_application)

    def test_members_and_strangers_are_refused(self):
        member = self._create_member("Test council")
        with self.assertRefused("Test council", "member already", exception=UserError):
            (self.guest + member).action_propose_formal()
        with self.assertRaises(AccessError):
            self.guest.with_user(self.stranger).action_propose_formal()

    def test_without_stages_of_the_formal_path(self):
        stages = self.env["partnership.enlargement.stage"].search([("is_admission", "=", False)])
        formal = stages.filtered(lambda stage: stage.path == "formal")
        formal.active = False
        stage = self.guest.action_propose_formal()
        self.assertFalse(self.Candidate.browse(stage["res_id"]).stage_id.role_id.is_informal)
        (stages - formal).active = False
        with self.assertRefused("Enlargement Stages", exception=UserError):
            self._create_guest("Test band").action_propose_formal()

    def test_representatives_do_not_see_it(self):
        with self.assertRaises(AccessError):
            self.guest.with_user(self.portal_user).informal_suggestion  # noqa: B018


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestInformalMerge(MergeCase, CandidateCase):
    def test_card_of_the_merged_says_what_the_kept_is(self):
        guest = self._create_member("Test choir", self.role_informal, self.group_civil)
        double = self._create_member(
            "Test choir too", self.role_informal, self.group_civil, date_start="2024-02-01"
        )
        card = self._create_candidate(double.partner_id, self.stage_informal)
        card.review_date = "2024-06-01"
        self.assertEqual(card.informal_suggestion, "revisit")
        self.assertFalse(guest.informal_suggestion)
        self._merge(double.partner_id, into=guest.partner_id)
        self.assertEqual(card.membership_id, guest)
        self.assertEqual(guest.informal_suggestion, "revisit")
        self.assertEqual(card.informal_suggestion, "revisit")
