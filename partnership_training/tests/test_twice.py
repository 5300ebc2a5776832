from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .twice_common import TwiceCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 10:00:00")
class TestTwiceManagement(TwiceCase):
    """Who is in a partnership, what is said to them, and what is done about it."""

    @classmethod
    def _prepare(cls):
        cls.home.user_id = cls.facilitator
        own = cls.own
        cls.board = own["partnership.body"]
        cls.council = own["partnership.membership"]
        cls.delegate = own["partnership.mandate"].person_id
        # A meeting that was held, and one that is to come
        cls.held = cls._create_meeting("2024-06-05 16:00:00", body=cls.board)
        cls.held._fill_sheet()
        cls.held.attendance_ids.status = "absent"
        cls.held._close_sheet("absent")
        cls.due = cls._create_meeting("2024-06-14 16:00:00", body=cls.board)
        cls.marked = cls._create_meeting("2024-06-13 16:00:00", body=cls.board)
        cls.marked._fill_sheet()
        cls.close = cls._wizard("partnership.sheet.close", cls.marked.action_close_sheet())
        cls.planned = cls._create_meeting("2124-06-10 16:00:00", body=cls.board)
        cls.planned.partner_ids = [Command.clear()]
        cls.excused, looked_at = (
            cls._create_meeting(f"2124-06-{day} 16:00:00", body=cls.board) for day in (12, 13)
        )
        for meeting in (cls.excused, looked_at):
            meeting.partner_ids = [Command.set(cls.delegate.ids)]
        cls.empty_seat = cls._create_seat(cls.council, date_start="2024-01-01")
        # Who went, who follows, and who is to be renewed
        seat = cls._create_seat(cls._create_member("Test handed"))
        cls.gone = cls._create_mandate(seat, "Test gone", date_end="2024-05-31")
        cls._create_mandate(seat, "Test next", date_start="2024-06-01")
        seat = cls._create_seat(cls._create_member("Test renewed"))
        cls.old = cls._create_mandate(seat, "Test old")
        cls.renewal = cls._wizard(
            "partnership.mandate.renew", cls.old.action_renew(), date="2024-06-14", hand_over=True
        )
        cls.renewal.line_ids.successor_id = cls._create_person("Test new", seat.partner_id)
        # Briefings
        cls.invitation = cls._wizard("partnership.invitation", looked_at.action_invite())
        cls.briefing, cls.sent, cls.empty, mailed = cls.env["partnership.briefing"].create(
            [
                {
                    "name": f"Test {word}",
                    "partnership_id": cls.home.id,
                    "body": "<p>Test</p>",
                    "reading_days": 30,
                    "receipt_ids": [Command.create({"person_id": cls.delegate.id})],
                }
                for word in ("briefing", "sent", "empty", "mailed")
            ]
        )
        cls.empty.receipt_ids.unlink()
        cls.sent.action_send()
        cls.sent.receipt_ids.sudo().date_mailed = "2024-06-10"
        cls.mailing = cls._wizard("partnership.briefing.mailing", mailed.action_open_send())
        cls.recipients = cls._wizard(
            "partnership.briefing.recipients", cls.empty.action_add_recipients()
        )
        cls.recipients.body_id = cls.board
        # Mechanisms against risks
        cls.plans = cls.env["mail.activity.plan"].create(
            [
                {
                    "name": f"Test mechanism {number}",
                    "res_model": "partnership.pitfall",
                    "answers_absent": True,
                    "template_ids": [
                        Command.create(
                            {
                                "summary": f"Test {step}",
                                "activity_type_id": cls.env.ref("mail.mail_activity_data_todo").id,
                                "responsible_type": "partnership",
                            }
                        )
                        for step in ("call", "visit")
                    ],
                }
                for number in (1, 2)
            ]
        )
        cls.risks = [
            cls._create_pitfall(membership=cls._create_member(f"Test at risk {number}"))
            for number in range(4)
        ]
        # Enlargement
        cls.home.sudo().readiness_signal = "ready"
        cls.guest = cls._create_member("Test guest", cls.role_informal)
        firm = cls._create_organisation("Test refused firm")
        cls.refused = cls.env["partnership.candidate"].create(
            {
                "partner_id": firm.id,
                "partnership_id": cls.home.id,
                "refuse_reason_id": cls.env["partnership.enlargement.refuse.reason"]
                .create({"name": "Test reason"})
                .id,
            }
        )
        cls.newcomers = cls.env["res.partner"].create(
            [{"name": f"Test newcomer {number}", "is_company": True} for number in range(4)]
        )
        # Ties
        cls.tie = own["partnership.relation"]
        cls.step = cls._wizard(
            "partnership.relation.step",
            cls.tie.action_change(),
            kind="associate",
            intensity=3,
            date="2024-06-10",
        )
        cls.change = cls._wizard(
            "partnership.membership.change",
            cls.council.action_change(),
            interest_group_id=cls.group_civil.id,
            reason="Test",
        )

    # ------------------------------------------------------------
    # What is said
    # ------------------------------------------------------------

    def test_briefing_on_a_meeting(self):
        self._press(self.held, "action_open_briefing", times=4, opens=True)

    def test_handover(self):
        self._press(self.gone, "action_hand_over", times=4, opens=True)

    def test_briefing_is_sent(self):
        self._press(self.briefing, "action_send", says="Nobody is left")

    def test_briefing_is_sent_from_its_dialog(self):
        self._press(self.mailing, "action_send", says="nobody to write to")

    def test_briefing_is_reminded(self):
        self._press(self.sent, "action_remind", says="Nobody is left")

    def test_recipients_are_added(self):
        self._press(self.recipients, "action_add")

    # ------------------------------------------------------------
    # Meetings
    # ------------------------------------------------------------

    def test_sheet_is_opened(self):
        self._press(self.due, "action_open_sheet")

    def test_sheet_is_closed(self):
        self._press(self.close, "action_close")

    def test_check_in(self):
        def job(env):
            meeting = env["calendar.event"].sudo().browse(self.planned.id)
            meeting._check_in(self.delegate.id, [self.council.partner_id.id])

        self._check_twice(job)

    def test_apology(self):
        guest = self.excused.attendee_ids
        seat = self.own["partnership.seat"]

        def job(env):
            mine = env["calendar.attendee"].sudo().browse(guest.id)
            mine._apologise(seat.with_env(mine.env), reason="Test")

        self._check_twice(job)

    def test_guests_are_taken_from_the_seats(self):
        self._press(self.planned, "action_update_guests")

    def test_invitation_is_sent_from_its_dialog(self):
        self._press(self.invitation, "action_send", says="nobody to write to")

    def test_guest_is_added_by_name(self):
        def job(env):
            meeting = env["calendar.event"].browse(self.held.id)
            meeting.attendance_sheet_add("Test passer-by", "Test passing firm")

        self._check_twice(job)

    def test_somebody_comes_instead_by_name(self):
        row = self.held.attendance_ids[0]

        def job(env):
            meeting = env["calendar.event"].browse(self.held.id)
            meeting.attendance_sheet_came_instead(row.id, "Test stand-in")

        self._check_twice(job)

    # ------------------------------------------------------------
    # Who is in
    # ------------------------------------------------------------

    def _get_membership(self, **values):
        return {
            "partner_id": self.newcomers[0].id,
            "partnership_id": self.home.id,
            "role_id": self.role_formal.id,
            **values,
        }

    def test_membership(self):
        values = self._get_membership()
        self._create("partnership.membership", values, times=4, says="is there already")

    def test_membership_that_has_ended(self):
        values = self._get_membership(
            partner_id=self.newcomers[1].id, date_start="2023-01-01", date_end="2023-06-30"
        )
        self._create("partnership.membership", values, times=4, says="is there already")

    def test_mandate(self):
        values = {
            "seat_id": self.empty_seat.id,
            "person_id": self.person.id,
            "kind": "titular",
            "date_start": "2024-02-01",
            "date_end": "2024-03-01",
        }
        self._create("partnership.mandate", values, says="clashes")

    def test_value_of_a_dimension(self):
        values = {
            "partnership_id": self.home.id,
            "partner_id": self.newcomers[2].id,
            "dimension_id": self.own["partnership.dimension.value"].dimension_id.id,
            "value_id": self.own["partnership.dimension.value"].id,
            "date_start": "2024-02-01",
            "date_end": "2024-03-01",
        }
        self._create("partnership.trait", values, says="would both hold")

    def test_tie(self):
        values = {
            "membership_id": self.council.id,
            "other_id": self.guest.id,
            "date_start": "2024-02-01",
        }
        self._create("partnership.relation", values, says="have a tie already")

    def test_tie_becomes_another(self):
        self._press(self.step, "action_apply", says="cannot change on")

    def test_role_is_changed(self):
        self._press(self.change, "action_apply", says="Choose a new role")

    def test_mandates_are_renewed(self):
        self._press(self.renewal, "action_apply", says="by a renewal already")

    # ------------------------------------------------------------
    # Enlargement
    # ------------------------------------------------------------

    def test_card_with_a_new_contact(self):
        values = {"name": "Test quick firm", "partnership_id": self.home.id}
        self._create("partnership.candidate", values, times=6, says="ongoing attempt")

    def test_card_of_a_contact(self):
        values = {"partner_id": self.newcomers[3].id, "partnership_id": self.home.id}
        self._create("partnership.candidate", values, says="ongoing attempt")

    def test_new_attempt(self):
        self._press(self.refused, "action_new_attempt", says="ongoing attempt")

    def test_guest_is_proposed_as_a_member(self):
        self._press(self.guest, "action_propose_formal", opens=True)

    def test_readiness(self):
        self._press(self.home, "action_refresh_readiness")

    def test_area_profile(self):
        self._press(self.foreign, "action_fill_profile", says="interest group already")

    # ------------------------------------------------------------
    # Mechanisms
    # ------------------------------------------------------------

    def test_suggested_mechanism(self):
        self._press(self.risks[0], "action_plan_suggested", times=4, says="today already")

    def test_mechanism_of_the_library(self):
        risk = self.risks[1]

        def job(env):
            plan = env["mail.activity.plan"].browse(self.plans[0].id)
            return plan.with_context(partnership_pitfall_id=risk.id).action_answer_pitfall()

        self._check_twice(job, says="today already")

    def test_mechanism_by_the_dialog(self):
        risk = self.risks[2]

        def job(env):
            wizard = env["mail.activity.schedule"].with_context(
                active_model=risk._name, active_ids=risk.ids
            )
            return wizard.create({"plan_id": self.plans[1].id}).action_schedule_plan()

        self._check_twice(job, says="today already", uncounted="mail_activity_schedule")
