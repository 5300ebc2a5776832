from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ...tools.internal import INTERNAL
from .briefing_common import BriefingCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 10:00:00")
class TestMinutes(BriefingCase):
    def _open(self, meeting, user=None):
        action = meeting.with_user(user or self.facilitator).action_open_briefing()
        return self.env["partnership.briefing"].browse(action["res_id"])

    def test_minutes_go_to_everybody_the_absentees_first(self):
        meeting = self._hold_meeting({self.bert: "absent"})
        meeting.partnership_minutes = "<p>We decided</p>"
        briefing = self._open(meeting)
        self.assertEqual((briefing.kind, briefing.state), ("minutes", "draft"))
        self.assertIn("We decided", briefing.body)
        self.assertIn("06/03/2024", briefing.name)
        self.assertEqual(
            [(receipt.person_id, receipt.was_absent) for receipt in briefing.receipt_ids.sorted()],
            [(self.bert, True), (self.rosa, False), (self.ann, False)],
        )
        self.assertFalse(self._mails(), "it is offered, not sent")

    def test_without_minutes_the_absentees_catch_up(self):
        meeting = self._hold_meeting({self.bert: "absent"})
        self.assertEqual(self._open(meeting).receipt_ids.person_id, self.bert)

    def test_who_follows_reads(self):
        """The mandate ended with the day of the meeting: whoever speaks today is informed."""
        self.firm_seat.mandate_ids.write({"date_end": "2024-06-03", "end_kind": "planned"})
        meeting = self._hold_meeting({self.bert: "absent"})
        eve = self._create_mandate(self.firm_seat, "Eve Test", date_start="2024-06-04").person_id
        self.assertEqual(self._open(meeting).receipt_ids.person_id, eve)

    def test_opened_again(self):
        meeting = self._hold_meeting({self.bert: "absent"})
        briefing = self._open(meeting)
        self.assertEqual(self._open(meeting), briefing)
        briefing.body = "<p>Test</p>"
        briefing.action_send()
        self.assertEqual(meeting.partnership_briefing_text, "0/1")
        briefing.action_cancel()
        self.assertNotEqual(self._open(meeting), briefing)

    def test_several(self):
        meeting = self._hold_meeting({self.bert: "absent"})
        briefings = self._create_briefing(event_id=meeting.id)
        briefings += self._create_briefing(event_id=meeting.id)
        action = meeting.action_open_briefing()
        self.assertEqual(briefings.search(action["domain"]), briefings.sorted())

    def test_sheet_is_not_closed_yet(self):
        meeting = self._create_meeting()
        with self.assertRefused("Close the sheet", exception=UserError):
            meeting.action_open_briefing()

    def test_stranger(self):
        meeting = self._hold_meeting({self.bert: "absent"})
        with self.assertRaises(AccessError):
            self._open(meeting, self.stranger)
        meeting.partnership_minutes = "<p>Test confidential</p>"
        theirs = meeting.with_user(self.stranger)
        self.assertFalse(theirs.partnership_minutes)
        with self.assertRaises(AccessError):
            theirs.partnership_minutes = "<p>Test spoiled</p>"
        self.assertNotIn("partnership_minutes", meeting.with_user(self.employee).fields_get())
        self.assertNotIn("partnership_minutes_text", theirs.fields_get())

    def test_correction_before_sending(self):
        """Who was absent is looked up again when the briefing goes out."""
        meeting = self._hold_meeting({self.bert: "absent"})
        meeting.partnership_minutes = "<p>We decided</p>"
        briefing = self._open(meeting)
        self._rows(meeting)[self.bert].status = "present"
        briefing.action_send()
        self.assertFalse(any(briefing.receipt_ids.mapped("was_absent")))

    def test_minutes_of_a_series_are_of_one_meeting(self):
        meeting = self._create_meeting(
            "2024-06-03 16:00:00",
            recurrency=True,
            rrule_type="weekly",
            mon=True,
            count=3,
        )
        first, second, third = meeting.recurrence_id.calendar_event_ids.sorted("start")
        second.write(
            {
                "partnership_minutes": "<p>Second</p>",
                "location": "Test hall",
                "recurrence_update": "all_events",
            }
        )
        self.assertEqual(third.location, "Test hall")
        self.assertIn("Second", second.partnership_minutes)
        self.assertFalse(first.partnership_minutes)
        self.assertFalse(third.partnership_minutes)
        self.assertFalse(second.copy().partnership_minutes)

    def test_deleted_meeting_leaves_its_briefing(self):
        meeting = self._create_meeting("2024-06-20 16:00:00")
        briefing = self._create_briefing(event_id=meeting.id)
        meeting.unlink()
        self.assertFalse(briefing.event_id)
        self.assertEqual(briefing.body_id, self.body)

    def test_meeting_with_minutes_is_kept(self):
        """Of a body without seats nobody is expected: the minutes are all that is known."""
        body = self._create_body("Test forum")
        meeting = self._create_meeting(
            partnership_body_id=body.id, recurrency=True, rrule_type="weekly", mon=True, count=3
        )
        last = meeting.recurrence_id.calendar_event_ids.sorted("start")[-1]
        last.partnership_minutes = "<p>We decided</p>"
        foreign = self.env["partnership.partnership"].create({"name": "Test foreign"})
        for change in (
            last.unlink,
            last.action_archive,
            lambda: last.write({"partnership_id": foreign.id, "partnership_body_id": False}),
            lambda: meeting.write({"recurrence_update": "all_events", "tue": True}),
        ):
            with self.assertRefused("Test meeting", "has minutes", exception=UserError):
                change()
        last.with_context(partnership_sync=INTERNAL).unlink()
        self.assertTrue(last.exists())
        last.partnership_minutes = False
        last.unlink()

    def test_meeting_of_which_somebody_was_informed_is_kept(self):
        meeting = self._create_meeting()
        self._create_briefing(event_id=meeting.id, readers=[(self.ann, self.council)]).action_send()
        with self.assertRefused("a briefing on it was sent", exception=UserError):
            meeting.unlink()

    def test_meeting_form(self):
        meeting = self._hold_meeting({})
        with Form(meeting.with_user(self.facilitator)) as form:
            form.partnership_minutes = "<p>Test</p>"
        self.assertIn("Test", meeting.partnership_minutes)
