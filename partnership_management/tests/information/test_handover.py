from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .briefing_common import BriefingCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 10:00:00")
class TestHandover(BriefingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mandate = cls.council_seat.mandate_ids
        cls.eve = cls._create_person("Eve Test", parent=cls.council.partner_id)

    def _end(self, mandate, successor=None, date="2024-06-10", **values):
        mandate.write({"date_end": date, "end_kind": "planned", **values})
        if successor:
            self._create_mandate(mandate.seat_id, successor, date_start="2024-06-14")

    def _hand_over(self, mandate=None):
        action = (mandate or self.mandate).with_user(self.facilitator).action_hand_over()
        return self.env["partnership.briefing"].browse(action["res_id"])

    def test_states(self):
        mandate = self.mandate
        self.assertEqual(mandate.handover_state, "none", "it goes on")
        self._end(mandate)
        self.assertEqual(mandate.handover_state, "vacant")
        self._create_mandate(self.council_seat, self.eve, date_start="2024-06-14")
        self.assertEqual(mandate.handover_state, "due")
        handover = self._hand_over()
        self.assertEqual(mandate.handover_state, "due", "a draft hands nothing over")
        handover.action_send()
        self.assertEqual(mandate.handover_state, "sent")
        handover.receipt_ids._confirm_read()
        self.assertEqual(mandate.handover_state, "acknowledged")
        handover.action_cancel()
        self.assertEqual(mandate.handover_state, "due")

    def test_not_needed(self):
        """Of an alternate, of who goes on, and where the seat ends with the mandate."""
        alternate = self._create_mandate(self.firm_seat, "Test alternate", kind="alternate")
        self._end(alternate)
        self._end(self.mandate, self.ann)
        self.firm.date_end = "2024-06-12"
        for mandate in (alternate, self.mandate, self.firm_seat.mandate_ids - alternate):
            with self.subTest(mandate.display_name):
                self.assertTrue(mandate.date_end)
                self.assertEqual(mandate.handover_state, "none")
                with self.assertRefused("nothing to hand over", exception=UserError):
                    mandate.action_hand_over()

    def test_mandate_that_was_handed_over_is_kept(self):
        self._end(self.mandate, self.eve)
        handover = self._hand_over()
        handover.action_send()
        with self.assertRefused("was handed over", exception=UserError):
            self.mandate.unlink()

    def test_mandate_without_end(self):
        with self.assertRefused("no end yet", exception=UserError):
            self.mandate.action_hand_over()

    def test_what_it_says(self):
        """Nothing of what the team plans, thinks or counts."""
        self._hold_meeting({self.ann: "present"})
        self._hold_meeting({self.ann: "absent"}, start="2024-05-06 16:00:00")
        self._create_meeting("2024-07-01 16:00:00", name="Test summer meeting")
        self._create_meeting("2024-07-02 16:00:00", name="Test cancelled").action_cancel_meeting()
        for name, read in (("Test read", True), ("Test unread", False)):
            briefing = self._create_briefing(readers=[(self.ann, self.council)], name=name)
            briefing.action_send()
            if read:
                briefing.receipt_ids._confirm_read()
        self.council.activity_schedule(
            "mail.mail_activity_data_todo", summary="Test visit", note="Test confidential"
        )
        self._end(self.mandate, self.eve)
        handover = self._hand_over()
        self.assertEqual((handover.kind, handover.state), ("handover", "draft"))
        self.assertEqual(handover.receipt_ids.person_id, self.eve)
        self.assertEqual(handover.receipt_ids.membership_id, self.council)
        self.assertEqual(handover.body_id, self.body)
        text = str(handover.body)
        for word in ("Ann Test", "Test summer", "Test unread"):
            self.assertIn(word, text)
        for word in ("Test cancelled", "Test read", "Test visit", "Test confidential", "resence"):
            self.assertNotIn(word, text)

    def test_no_heading_without_anything_below(self):
        self._end(self.mandate, self.eve)
        self.assertNotIn("<h3", str(self._hand_over().body))

    def test_cards_on_a_phone(self):
        self._end(self.mandate, self.eve)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_mandate_action_handover"
        )
        self.assertEqual([kind for _id, kind in action["views"]][:2], ["list", "kanban"])
        Mandate = self.env["partnership.mandate"].with_user(self.facilitator)
        card = Mandate.get_view(*action["views"][1])["arch"]
        self.assertIn("handover_state", card)
        self.assertIn("date_end", card)

    def test_next_meetings_are_those_of_the_successor(self):
        """None at which the predecessor still speaks."""
        self._create_meeting("2024-06-20 16:00:00", name="Test farewell")
        self._create_meeting("2024-06-21 16:00:00", name="Test welcome")
        self.mandate.write({"date_end": "2024-06-20", "end_kind": "planned"})
        self._create_mandate(self.council_seat, self.eve, date_start="2024-06-21")
        text = str(self._hand_over().body)
        self.assertIn("Test welcome", text)
        self.assertNotIn("Test farewell", text)

    def test_next_meetings_are_not_over(self):
        self._hold_meeting({self.ann: "present"}, start="2024-06-15 08:00:00").name = "Test morning"
        self._end(self.mandate, self.eve)
        self.assertNotIn("Test morning", str(self._hand_over().body))

    def test_opened_again(self):
        self._end(self.mandate, self.eve)
        handover = self._hand_over()
        self.assertEqual(self._hand_over(), handover)

    def test_without_successor(self):
        """The facilitator names whoever takes over."""
        self._end(self.mandate)
        self.assertFalse(self._hand_over().receipt_ids)

    def test_several_at_once(self):
        self._end(self.mandate, self.eve)
        self._end(self.firm_seat.mandate_ids, self._create_person("Test next"))
        mandates = self.mandate + self.firm_seat.mandate_ids.filtered("date_end")
        action = mandates.action_hand_over()
        handovers = self.env["partnership.briefing"].search(action["domain"])
        self.assertEqual(handovers.mandate_ids, mandates)
        self.assertEqual(len(handovers), 2)

    def test_seats_in_several_bodies(self):
        """One handover for all that one person leaves to the next one on the same day."""
        group = self._create_body("Test group")
        seat = self._create_seat(self.council, group)
        second = self._create_mandate(seat, self.ann)
        third = self._create_mandate(
            self._create_seat(self.council, self._create_body("Test other")), self.ann
        )
        for mandate in (self.mandate, second):
            self._end(mandate, self.eve)
        self._end(third, "Test somebody else")
        handover = self._hand_over()
        self.assertEqual(handover.mandate_ids, self.mandate + second)
        self.assertIn("Test group", handover.body)
        self.assertNotIn("Test other", handover.body)
        handover.action_send()
        handover.receipt_ids._confirm_read()
        states = (self.mandate + second + third).mapped("handover_state")
        self.assertEqual(states, ["acknowledged", "acknowledged", "due"])

    def test_renewal_prepares_them(self):
        """For who changes; nobody gets mail, and it can be left out."""
        for seat, hand_over in ((self.council_seat, True), (self.firm_seat, False)):
            wizard = self.env["partnership.mandate.renew"].create(
                {"mandate_ids": seat.mandate_ids.ids, "hand_over": hand_over}
            )
            wizard.line_ids.successor_id = self.eve
            wizard.action_apply()
        handover = self.env["partnership.briefing"].search([("kind", "=", "handover")])
        handover &= self.mandate.handover_ids
        self.assertEqual(handover.receipt_ids.person_id, self.eve)
        self.assertFalse(self.firm_seat.mandate_ids.handover_ids)
        self.assertFalse(self._mails())

    def test_renewal_of_the_same(self):
        wizard = self.env["partnership.mandate.renew"].create(
            {"mandate_ids": self.mandate.ids, "date": "2024-06-15"}
        )
        wizard.action_keep_persons()
        wizard.action_apply()
        self.assertFalse(self.mandate.handover_ids)

    def test_stranger(self):
        self._end(self.mandate, self.eve)
        with self.assertRaises(AccessError):
            self.mandate.with_user(self.stranger).action_hand_over()

    def test_portal_sees_nothing_of_it(self):
        self._create_mandate(self.council_seat, self.portal_user.partner_id, kind="alternate")
        fnames = self.mandate.with_user(self.portal_user).fields_get()
        self.assertFalse([fname for fname in fnames if fname.startswith("handover")])

    # -- The rate and the to-do -----------------------------------------------

    def test_rate(self):
        """Of ended mandates of titulars with a successor, three at least."""
        done = self.env["partnership.mandate"]
        for number in range(3):
            seat = self._create_seat(self._create_member(f"Test member {number}"))
            mandate = self._create_mandate(seat, f"Test old {number}")
            self._end(mandate, self._create_person(f"Test new {number}"))
            done += mandate
            if number < 2:
                handover = self._hand_over(mandate)
                handover.action_send()
                handover.receipt_ids._confirm_read()
            if number == 1:
                self.body.invalidate_recordset()
                self.assertEqual(self.body.handover_text, "2/2, not enough data")
        self._end(self.mandate)
        self.env.invalidate_all()
        self.assertEqual(self.body.handover_text, "2/3, 67%")
        self.assertEqual(self.partnership.handover_text, "2/3, 67%")
        Mandate = self.env["partnership.mandate"].with_user(self.facilitator)
        [(_body, rate)] = Mandate._read_group(
            [("body_id", "=", self.body.id)], ["body_id"], ["handover_rate:avg"]
        )
        self.assertAlmostEqual(rate, 2 / 3)
        [(rate,)] = Mandate._read_group([("id", "in", done[:2].ids)], [], ["handover_rate:avg"])
        self.assertIs(rate, False)

    def test_mandate_represents_on_its_last_day(self):
        self._end(self.mandate, date="2024-06-03")
        meeting = self._hold_meeting({self.ann: "present"})
        row = self.env["partnership.participation.report"].search(
            [("event_id", "=", meeting.id), ("seat_id", "=", self.council_seat.id)]
        )
        self.assertEqual(row.outcome, "titular")

    def _run_nightly(self, *days):
        cron = self.env.ref("partnership_management.ir_cron_ask_handover")
        for day in days or ("15",):
            with freeze_time(f"2024-06-{day} 10:00:00"), self.enter_registry_test_mode():
                cron.method_direct_trigger()

    def _todos(self, record):
        kind = self.env.ref("partnership_management.mail_activity_type_handover")
        return record.activity_ids.filtered(lambda todo: todo.activity_type_id == kind)

    def test_end_prepares_the_handover(self):
        """Once, in the night after the last day, without mail; who is responsible sends it."""
        self.partnership.user_id = self.stranger
        self._end(self.mandate, self.eve, date="2024-06-13")
        self._run_nightly("13")
        self.assertFalse(self.mandate.handover_ids, "its last day is not over")
        self._run_nightly("14", "15")
        draft = self.mandate.handover_ids
        self.assertEqual((len(draft), draft.state), (1, "draft"))
        self.assertEqual(draft.receipt_ids.person_id, self.eve)
        self.assertEqual(self._todos(draft).user_id, self.facilitator)
        self.assertIn("send", self._todos(draft).summary)
        self.assertFalse(self._todos(self.mandate))
        models = ("partnership.mandate", "partnership.briefing", "partnership.briefing.receipt")
        self.assertFalse(self.env["mail.mail"].search([("model", "in", models)]))
        self.assertEqual(self._hand_over(), draft)
        draft.with_user(self.facilitator).action_send()
        self.assertFalse(self._todos(draft), "it is done")
        self._run_nightly("16")
        self.assertEqual(self.mandate.handover_ids, draft)

    def test_deleted_draft_does_not_come_back(self):
        self._end(self.mandate, self.eve)
        self._run_nightly()
        self.mandate.handover_ids.unlink()
        self._run_nightly("16")
        self.assertFalse(self.mandate.handover_ids)

    def test_successor_comes_later(self):
        """The to-do moves from the mandate to the draft."""
        self._end(self.mandate)
        self._run_nightly()
        self.assertTrue(self._todos(self.mandate))
        self.assertFalse(self.mandate.handover_ids)
        self._create_mandate(self.council_seat, self.eve, date_start="2024-06-14")
        self.assertFalse(self.mandate.handover_ids, "nothing happens before the night")
        self._run_nightly("16", "17")
        self.assertFalse(self._todos(self.mandate))
        self.assertEqual(len(self._todos(self.mandate.handover_ids)), 1)

    def test_one_draft_and_todo_for_several_seats(self):
        seat = self._create_seat(self.council, self._create_body("Test group"))
        second = self._create_mandate(seat, self.ann)
        for mandate in (self.mandate, second):
            self._end(mandate, self.eve)
        self._run_nightly()
        self.assertEqual(len(self.mandate.handover_ids), 1)
        self.assertEqual(self.mandate.handover_ids, second.handover_ids)
        self.assertEqual(len(self._todos(second.handover_ids)), 1)

    def test_draft_of_somebody_is_used(self):
        self._end(self.mandate, self.eve)
        draft = self._hand_over()
        self._run_nightly()
        self.assertEqual(self.mandate.handover_ids, draft)
        self.assertEqual(len(self._todos(draft)), 1)

    def _count_queries_of_asking(self, number, has_successor):
        mandates = self.env["partnership.mandate"]
        for each in range(number):
            seat = self._create_seat(self._create_member(f"Test actor {each}"))
            mandates += self._create_mandate(seat, f"Test titular {each}")
            self._end(mandates[-1], has_successor and f"Test successor {each}")
        mandates = mandates.with_context(tracking_disable=False)
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        mandates._ask_handover()
        self.env.flush_all()
        self.env.cr.precommit.run()
        count = self.cr.sql_log_count - before
        self.assertEqual(mandates.mapped("handover_asked"), [True] * number)
        told = mandates.handover_ids if has_successor else mandates
        self.assertEqual(len(told.activity_ids), number)
        return count

    def test_queries_do_not_grow_with_those_who_went(self):
        for has_successor in (False, True):
            with self.subTest(has_successor=has_successor):
                self._count_queries_of_asking(1, has_successor)  # what is looked up once a process
                few, many = (
                    self._count_queries_of_asking(number, has_successor) for number in (1, 6)
                )
                # Each handover looks up the briefings and the meetings that it tells of
                growth = self._growth_of_activities(1, 6) + 5 * 2 * has_successor
                self.assertEqual(many - few, growth)

    def test_responsible_is_asked_once(self):
        self.partnership.user_id = self.stranger
        cron = self.env.ref("partnership_management.ir_cron_ask_handover").method_direct_trigger
        self._end(self.mandate, date="2024-06-13")
        old = self._create_mandate(self._create_seat(self._create_member("Test old")), "Test past")
        self._end(old, date="2024-01-31")
        for day in ("13", "14", "15"):
            with freeze_time(f"2024-06-{day} 10:00:00"), self.enter_registry_test_mode():
                cron()
                self.assertEqual(len(self.mandate.activity_ids), day > "13", day)
        self.assertEqual(self.mandate.activity_ids.user_id, self.facilitator)
        self.assertFalse(old.activity_ids, "long ago")
        self.assertFalse(self.env["mail.mail"].search([("model", "=", "partnership.mandate")]))
        self._create_mandate(self.council_seat, self.eve, date_start="2024-06-14")
        self._hand_over().action_send()
        self.assertFalse(self.mandate.activity_ids, "it is done")
        with freeze_time("2024-06-16 10:00:00"), self.enter_registry_test_mode():
            cron()
        self.assertFalse(self.mandate.activity_ids)
