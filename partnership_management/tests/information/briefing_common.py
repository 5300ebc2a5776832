from odoo.fields import Command

from ..common import PartnershipCase


class BriefingCase(PartnershipCase):
    """A council and a firm in the board, Ann and Bert speak for them; Rosa for herself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.council = cls._create_member("Test council")
        cls.firm = cls._create_member("Test firm", group=cls.group_economic)
        cls.rosa = cls._create_person("Rosa Test")
        cls.resident = cls._create_member(cls.rosa, group=cls.group_civil)
        cls.council_seat, cls.firm_seat, cls.resident_seat = (
            cls._create_seat(member) for member in (cls.council, cls.firm, cls.resident)
        )
        cls.ann = cls._create_mandate(cls.council_seat, "Ann Test").person_id
        cls.bert = cls._create_mandate(cls.firm_seat, "Bert Test").person_id

    @classmethod
    def _create_briefing(cls, readers=(), **values):
        """:param readers: list of (person, membership or none)"""
        return cls.env["partnership.briefing"].create(
            {
                "name": "Test briefing",
                "partnership_id": cls.partnership.id,
                "body": "<p>Test news</p>",
                "receipt_ids": [
                    Command.create({"person_id": person.id, "membership_id": member and member.id})
                    for person, member in readers
                ],
                **values,
            }
        )

    @classmethod
    def _hold_meeting(cls, statuses, start="2024-06-03 16:00:00", unmarked="present"):
        """A closed meeting of the board.

        :param statuses: dict person -> status; everybody else is ``unmarked``
        """
        meeting = cls._create_meeting(start)
        meeting._fill_sheet()
        for row in meeting.attendance_ids:
            row.status = statuses.get(row.person_id, unmarked if row.person_id else "absent")
        meeting._close_sheet()
        return meeting

    def _add_recipients(self, briefing, user=None, **values):
        ids = {key: value if key == "source" else value.id for key, value in values.items()}
        wizard = self.env["partnership.briefing.recipients"].with_user(user or self.facilitator)
        return wizard.create({"briefing_id": briefing.id, **ids}).action_add()

    def _mails(self):
        return self.env["mail.mail"].sudo().search([("model", "=", "partnership.briefing.receipt")])
