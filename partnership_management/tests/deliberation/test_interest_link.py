from datetime import timedelta

from odoo import fields, http
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
class TestInterestLink(PartnershipCase, HttpCase):
    """Interests are declared on the page of the invitation, by whoever has the link."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.council, cls.firm = (cls._create_member(f"Test {name}") for name in ("council", "firm"))
        cls.seat, cls.firm_seat = cls._create_seat(cls.council), cls._create_seat(cls.firm)
        cls.titular = cls._create_mandate(cls.seat, "Test titular").person_id
        cls.other = cls._create_mandate(cls.firm_seat, "Test other").person_id
        cls.outsider = cls._create_person("Test outsider")
        cls.meeting = cls._create_meeting(
            "2095-06-24 16:30:00", partner_ids=(cls.titular + cls.other + cls.outsider).ids
        )
        cls.item, cls.later = cls.env["partnership.agenda.item"].create(
            [
                {"name": name, "event_id": cls.meeting.id, "kind": "decision"}
                for name in ("Test support", "Test later")
            ]
        )
        cls.env["partnership.agenda.item"].create(
            {"name": "Test news", "event_id": cls.meeting.id, "kind": "information"}
        )
        cls.path = cls._get_path(cls.titular)
        cls.own, cls.of_member = f"item_{cls.item.id}_0", f"item_{cls.item.id}_{cls.council.id}"

    @classmethod
    def _get_path(cls, person):
        guest = cls.meeting.attendee_ids.filtered(lambda guest: guest.partner_id == person)
        return f"/partnership/meeting/{guest.id}/{guest._get_answer_token()}"

    def _post(self, *boxes, path=None, **values):
        self.authenticate(None, None)
        values |= {"csrf_token": http.Request.csrf_token(self), **dict.fromkeys(boxes, "1")}
        return self.url_open(f"{path or self.path}/interests", data=values)

    def _valid(self):
        self.env.invalidate_all()
        return self.meeting.declaration_ids.filtered(lambda each: not each.withdrawn_on)

    def test_page(self):
        page = self.url_open(self.path).text
        for word in ("Test support", "Test later", "Test council has an interest"):
            self.assertIn(word, page)
        self.assertNotIn("Test news", page)
        self.assertNotIn("Test firm", page)

    def test_looking_changes_nothing(self):
        self.url_open(f"{self.path}?none=1&{self.own}=1")
        with mute_logger("odoo.http"):
            self.assertIn(self.url_open(f"{self.path}/interests?none=1").status_code, (404, 405))
        self.assertFalse(self._valid())

    def test_without_the_form_nothing_is_declared(self):
        self.authenticate(None, None)
        with mute_logger("odoo.http"):
            response = self.url_open(f"{self.path}/interests", data={"none": "1"})
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self._valid())

    def test_none(self):
        page = self._post(none="1").text
        self.assertIn("Thank you for your declaration", page)
        self.assertIn("You have declared no interest", page)
        declared = self._valid()
        self.assertEqual(
            (declared.person_id, declared.kind, declared.source), (self.titular, "none", "link")
        )

    def test_interests(self):
        """What is said is said whole: what is not ticked any more is withdrawn, and stays."""
        page = self._post(self.own, self.of_member).text
        self.assertIn("You have declared interests", page)
        self.assertEqual(page.count('checked="checked"'), 2)
        declared = self._valid()
        self.assertEqual(declared.item_id, self.item)
        self.assertEqual(declared.membership_id, self.council)
        self.assertEqual(declared.person_id, self.titular)
        self.assertEqual(set(declared.mapped("ruling")), {"recused"})
        self._post(self.of_member)
        self.assertEqual(self._valid().membership_id, self.council)
        self._post(none="1")
        self.assertEqual(self._valid().kind, "none")
        self._post(self.own)
        self.assertEqual(self._valid().mapped("kind"), ["interest"])
        self.assertEqual(len(self.meeting.declaration_ids), 4)

    def test_nonsense(self):
        for boxes, values in (
            ((), {}),
            ((self.own,), {"none": "1"}),
            ((f"item_{self.item.id}_{self.firm.id}",), {}),
            (("item_0_0",), {}),
            (("item_x",), {}),
            (("decision_99999999999999999999_0",), {}),
            ((self.own, "item_'\"><b>"), {}),
        ):
            with self.subTest(boxes=boxes, values=values):
                page = self._post(*boxes, **values)
                self.assertEqual(page.status_code, 200)
                self.assertIn("alert-danger", page.text)
                self.assertNotIn("<b>", page.text)
                self.assertFalse(self._valid())

    def test_foreign_token(self):
        path = self.path[: self.path.rindex("/") + 1]
        for token in ("0" * 64, self._get_path(self.other).rpartition("/")[2], "%C3%A9"):
            self.assertEqual(self._post(path=path + token, none="1").status_code, 404)
        self.assertFalse(self._valid())

    def test_who_has_no_seat(self):
        path = self._get_path(self.outsider)
        self.assertNotIn("Interests in what is decided", self.url_open(path).text)
        self.assertIn("Only who may vote", self._post(path=path, none="1").text)
        self.assertFalse(self._valid())

    def test_no_longer(self):
        """Not after the meeting, nor for one that is cancelled."""
        self.meeting.action_cancel_meeting()
        self.assertIn("was cancelled", self._post(none="1").text)
        self.meeting.action_plan_meeting()
        now = fields.Datetime.now()
        self.meeting.write({"start": now - timedelta(hours=3), "stop": now - timedelta(hours=1)})
        self.assertIn("This meeting is over", self._post(none="1").text)
        self.assertFalse(self._valid())
        self.meeting._close_sheet()
        self.assertIn("This meeting is over", self._post(none="1").text)

    def test_after_the_vote_was_opened(self):
        """Nothing is changed any more on what was put to the vote; on the rest it is."""
        self._post(self.own)
        self.meeting.with_context(partnership_sheet_ahead=True).action_open_sheet()
        decision = self.env["partnership.decision"].create(
            {"name": "Test question", "event_id": self.meeting.id, "item_id": self.item.id}
        )
        decision.action_open_vote()
        page = self._post(self.own, self.of_member).text
        self.assertIn("was opened: tell who presides", page)
        self.assertFalse(self._valid().membership_id)
        self.assertIn('disabled="disabled"', page)
        self._post(f"item_{self.later.id}_0")
        self.assertEqual(self._valid().item_id, self.item | self.later)
        self._post(none="1")
        self.assertEqual(self._valid().item_id, self.item)

    def test_ruled(self):
        """What who presides has ruled on is not taken back by the link."""
        self._post(self.own)
        self._valid()._rule("recused", "Test reason")
        self._post(none="1")
        self.assertEqual(self._valid().item_id, self.item)

    def test_decision_without_item(self):
        decision = self.env["partnership.decision"].create(
            {"name": "Test question", "event_id": self.meeting.id}
        )
        self._post(f"decision_{decision.id}_0")
        self.assertEqual(self._valid().decision_id, decision)
