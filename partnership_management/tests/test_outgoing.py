from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from ..controllers.vote import PAGE
from .outgoing_common import OutgoingCase, OutgoingWalk

ADDON = "partnership_management"
CALENDAR = "calendar.calendar_template_%s"


@tagged("post_install", "-at_install")
@freeze_time("2024-06-03 15:30:00")
class TestOutgoing(OutgoingWalk, OutgoingCase):
    """What the team writes of members and candidates is in nothing that they get."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.council = cls._create_member("Test council")
        seat = cls._create_seat(cls.council)
        cls.mandate = cls._create_mandate(
            seat, "Test gone", date_end="2024-05-31", end_kind="planned", end_reason="x"
        )
        next_mandate = cls._create_mandate(seat, "Test next", date_start="2024-06-01")
        cls.person = next_mandate.person_id
        cls.meeting = cls._create_meeting(
            partner_ids=cls.person.ids, user_id=cls.facilitator.id, location="Test hall"
        )
        cls.guest = cls.meeting.attendee_ids
        voter = cls._create_mandate(cls._create_seat(cls._create_member("Test firm")), "Test voter")
        cls.excused = cls.env["partnership.attendance"]._record(
            cls.meeting,
            cls.person,
            cls.council.partner_id,
            status="excused",
            reason="x",
            proxy_id=voter.person_id.id,
        )
        cls.env["partnership.pitfall"].create(
            {"membership_id": cls.council.id, "kind": "absent", "date_open": "2024-05-31"}
        )
        for record in (cls.council, cls.mandate, next_mandate, cls.meeting):
            record._message_log(body="x")
        for record in (cls.council, cls.mandate, next_mandate):
            record.activity_schedule("mail.mail_activity_data_todo", summary="x")
        cls.briefing = cls.env["partnership.briefing"].create(
            {
                "name": "Test briefing",
                "partnership_id": cls.partnership.id,
                "body": "<p>Test news</p>",
                "ask_relay": True,
                "attachment_ids": [Command.create({"name": "test.txt", "raw": b"Test file" * 9})],
                "receipt_ids": [
                    Command.create({"person_id": cls.person.id, "membership_id": cls.council.id})
                ],
            }
        )
        cls.briefing.action_send()
        cls.receipt = cls.briefing.receipt_ids
        reason = cls.env["partnership.enlargement.refuse.reason"].create({"name": "x"})
        cls._open_round()
        cls.admitted, cls.refused = cls.env["partnership.candidate"].create(
            [
                {
                    "partnership_id": cls.partnership.id,
                    "partner_id": cls._create_organisation(f"Test {name}").id,
                    "interest_group_id": cls.group_civil.id,
                    "letter_note": "Test see you",
                    "description": "<p>x</p>",
                }
                for name in ("choir", "club")
            ]
        )
        cls.env["partnership.candidate.refuse"].create(
            {"candidate_ids": cls.refused.ids, "reason_id": reason.id, "note": "x"}
        ).action_apply()
        cls.admitted.action_admit()
        cls.decision = cls.env["partnership.decision"].create(
            {"name": "Test question", "body_id": cls.body.id, "balance": "ceiling"}
        )
        cls.decision._record({cls.decision: {seat: "yes"}})
        item = cls.env["partnership.agenda.item"].create(
            {"name": "Test item", "event_id": cls.meeting.id, "kind": "decision"}
        )
        cls.env["partnership.decision.override"].create(
            {"decision_id": cls.decision.id, "reason": "Test ruling"}
        ).action_override()
        cls.env["partnership.decision.correct"].create(
            {
                "decision_id": cls.decision.id,
                "reason": "Test reason",
                "conditions": "Test condition",
                "item_id": item.id,
            }
        ).action_correct()
        cls.env["partnership.interest.declaration"].create(
            {
                "event_id": cls.meeting.id,
                "person_id": cls.person.id,
                "item_id": item.id,
                "nature": "office",
                "note": "Test note",
            }
        )

    def _get_mails(self):
        return {
            f"{ADDON}.mail_template_briefing": self.receipt,
            f"{ADDON}.mail_template_briefing_reminder": self.receipt,
            f"{ADDON}.mail_template_invitation": self.guest,
            f"{ADDON}.mail_template_proxy_given": self.excused,
            f"{ADDON}.mail_template_proxy_taken_back": self.excused,
            f"{ADDON}.mail_template_vote_link": self.env["partnership.ballot"]._ensure(
                self.meeting, self.person
            ),
            f"{ADDON}.mail_template_candidate_admitted": self.admitted,
            f"{ADDON}.mail_template_candidate_refused": self.refused,
        }

    def _get_prints(self):
        return {
            f"{ADDON}.partnership_candidate_letter": self.refused,
            f"{ADDON}.calendar_event_sign_in_sheet": self.meeting,
            f"{ADDON}.partnership_decision_proof_sheet": self.decision,
            f"{ADDON}.calendar_event_interest_forms": self.meeting,
            f"{ADDON}.calendar_event_interest_list": self.meeting,
        }

    def _get_pages(self):
        briefing = "/partnership/briefing/<int:receipt_id>/<string:token>"
        invitation = "/partnership/meeting/<int:attendee_id>/<string:token>"
        check_in = "/partnership/check-in/<string:token>"
        own = f"/partnership/briefing/{self.receipt.id}/{self.receipt.sudo().access_token}"
        meeting = f"/partnership/meeting/{self.guest.id}/{self.guest._get_answer_token()}"
        sheet = f"/partnership/check-in/{self.meeting._get_check_in_token()}"
        seat, person = self.mandate.seat_id.id, self.person.id
        vote = f"/partnership/vote/{self.meeting.id}/{person}"
        vote = f"{vote}/{self.meeting._get_vote_token(self.person)}"
        file = self.briefing.attachment_ids.id
        return {
            briefing: [
                lambda: self._read_page(own),
                lambda: self._read_page(f"{own}x", 404),
            ],
            f"{briefing}/read": [lambda: self._read_page(f"{own}/read", x="1")],
            f"{briefing}/relay": [
                lambda: self._read_page(f"{own}/relay", evidence="", date="x"),
                lambda: self._read_page(f"{own}/relay", evidence="Me", date="2024-06-03"),
            ],
            f"{briefing}/file/<int:file_id>": [lambda: self._read_page(f"{own}/file/{file}")],
            PAGE: [
                lambda: self._read_page(vote),
                lambda: self._read_page(f"{vote}x", 404),
                lambda: self._read_page(vote, decision="x", seat=str(seat), choice="yes"),
            ],
            invitation: [
                lambda: self._read_page(meeting),
                lambda: self._read_page(f"{meeting}x", 404),
                lambda: self._read_page(meeting, seat=str(seat), answer="x"),
                lambda: self._read_page(meeting, seat=str(seat), answer="no", substitute="Me"),
                lambda: self._read_page(meeting, seat=str(seat), answer="yes"),
            ],
            f"{invitation}/interests": [
                lambda: self._read_page(f"{meeting}x/interests", 404, none="1"),
                lambda: self._read_page(f"{meeting}/interests", none="1"),
            ],
            check_in: [
                lambda: self._read_page(sheet),
                lambda: self._read_page(f"{sheet}x", 404),
                lambda: self._read_page(
                    sheet, person=str(person), organisation=str(self.council.partner_id.id)
                ),
            ],
        }

    def _get_others(self):
        """The handover, and what Odoo itself sends of a meeting."""
        kinds = ("invitation", "changedate", "reminder", "update", "delete_event")
        names = [CALENDAR % f"meeting_{kind}" for kind in kinds[:-1]]
        names = [name for name in names if self.env.ref(name, raise_if_not_found=False)]
        self.assertGreater(len(names), 2)
        return {
            "handover": lambda: str(self.mandate._render_handover()),
            "calendar file": lambda: self.meeting._get_ics_file()[self.meeting.id].decode(),
            **{
                name: lambda name=name: self._read_mail(
                    name,
                    self.guest if self.env.ref(name).model == self.guest._name else self.meeting,
                )
                for name in names
            },
        }

    def test_handover_knows_no_risk(self):
        """Nor what is to be done, nor what is counted."""
        self.council.activity_schedule("mail.mail_activity_data_todo", summary="At risk: absent")
        text = str(self.mandate._render_handover())
        self.assertIn("Test gone", text)
        kinds = dict(
            self.env["partnership.pitfall"]._fields["kind"]._description_selection(self.env)
        )
        for word in ("risk", "resence", *kinds.values()):
            self.assertNotIn(word, text)
