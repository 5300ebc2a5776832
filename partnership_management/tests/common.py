from contextlib import contextmanager
from datetime import datetime

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, new_test_user

GROUP = "partnership_management.partnership_management_group_%s"


class PartnershipCase(TransactionCase):
    """A partnership with a decision body, its configuration, and a user of each kind.

    Everything is made here: nothing of the data or demo files is used.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context=dict(cls.env.context, tracking_disable=True, no_mail_to_attendees=True)
        )
        cls.env.user.tz = "Europe/Brussels"
        Role = cls.env["partnership.role"]
        cls.role_contacted = Role.create({"name": "Test contacted", "sequence": 1})
        cls.role_informal = Role.create(
            {"name": "Test informal", "sequence": 2, "is_informal": True}
        )
        cls.role_formal = Role.create({"name": "Test formal", "sequence": 3, "is_formal": True})
        cls.role_active = Role.create({"name": "Test active", "sequence": 4, "is_formal": True})
        Group = cls.env["partnership.interest.group"]
        cls.group_public = Group.create({"name": "Test councils", "sector": "public"})
        cls.group_economic = Group.create({"name": "Test firms", "sector": "economic"})
        cls.group_civil = Group.create({"name": "Test associations", "sector": "civil"})

        cls.facilitator = new_test_user(
            cls.env,
            "test_facilitator",
            GROUP % "facilitator",
            tz="Europe/Brussels",
            email="facilitator@test.example",
        )
        cls.stranger = new_test_user(
            cls.env, "test_stranger", GROUP % "facilitator", email="stranger@test.example"
        )
        cls.officer = new_test_user(
            cls.env, "test_officer", GROUP % "officer", email="officer@test.example"
        )
        cls.administrator = new_test_user(
            cls.env, "test_administrator", GROUP % "administrator", email="admin@test.example"
        )
        cls.employee = new_test_user(cls.env, "test_employee", "base.group_user")
        cls.portal_user = new_test_user(cls.env, "test_portal", "base.group_portal")

        cls.partnership = cls.env["partnership.partnership"].create(
            {
                "name": "Test partnership",
                "tz": "Europe/Brussels",
                "user_ids": cls.facilitator.ids,
            }
        )
        cls.body = cls._create_body("Test board", level="decision")

    @contextmanager
    def assertRefused(self, *words, exception=ValidationError):
        """The block is refused and undone, with a message in which all ``words`` appear."""
        with self.assertRaises(exception) as refusal:
            yield
            self.env.flush_all()
        for word in words:
            self.assertIn(word, str(refusal.exception))

    @classmethod
    def _open_round(cls, **values):
        """An open round of the partnership, at all times unless dates are given."""
        return cls.env["partnership.enlargement.round"].create(
            {
                "name": "Test round",
                "partnership_id": cls.partnership.id,
                "state": "open",
                "date_start": "2000-01-01",
                **values,
            }
        )

    @classmethod
    def _create_body(cls, name, **values):
        return cls.env["partnership.body"].create(
            {
                "name": name,
                "partnership_id": values.pop("partnership_id", cls.partnership.id),
                **values,
            }
        )

    @classmethod
    def _create_organisation(cls, name):
        return cls.env["res.partner"].create({"name": name, "is_company": True})

    @classmethod
    def _create_person(cls, name, parent=None):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "email": f"{name.replace(' ', '.').lower()}@test.example",
                "parent_id": parent.id if parent else False,
            }
        )

    @classmethod
    def _create_member(cls, partner, role=None, group=None, date_start="2024-01-01", **values):
        """A membership of ``partner``: a contact, or the name of an organisation to create."""
        if isinstance(partner, str):
            partner = cls._create_organisation(partner)
        return cls.env["partnership.membership"].create(
            {
                "partnership_id": cls.partnership.id,
                "partner_id": partner.id,
                "role_id": (role or cls.role_formal).id,
                "interest_group_id": (group or cls.group_public).id,
                "date_start": date_start,
                **values,
            }
        )

    @classmethod
    def _create_seat(cls, membership, body=None, **values):
        return cls.env["partnership.seat"].create(
            {
                "body_id": (body or cls.body).id,
                "membership_id": membership.id,
                "date_start": membership.date_start,
                **values,
            }
        )

    @classmethod
    def _create_mandate(cls, seat, person, kind="titular", **values):
        """A mandate on ``seat`` of ``person``: a contact, or the name of a person to create."""
        if isinstance(person, str):
            person = cls._create_person(person, parent=seat.partner_id)
        return cls.env["partnership.mandate"].create(
            {
                "seat_id": seat.id,
                "person_id": person.id,
                "kind": kind,
                "date_start": seat.date_start,
                **values,
            }
        )

    @classmethod
    def _create_meeting(cls, start="2024-06-03 16:00:00", body=None, **values):
        """A meeting of two hours; ``start`` is in UTC."""
        start = fields.Datetime.to_datetime(start)
        return cls.env["calendar.event"].create(
            {
                "name": f"Test meeting of {start:%Y-%m-%d}",
                "partnership_body_id": (body or cls.body).id,
                "start": start,
                "stop": datetime(start.year, start.month, start.day, 23, 59)
                if start.hour >= 22
                else start.replace(hour=start.hour + 2),
                "partner_ids": [],
                **values,
            }
        )

    def _invite(self, meetings):
        """Send the invitation from its dialog, as it comes up."""
        action = meetings.action_invite()
        Wizard = meetings.env[action["res_model"]].with_context(**action["context"])
        return Wizard.create({}).action_send()

    def _comment(self, record, text, **values):
        """Write ``text`` below the record, as its user."""
        return record.message_post(body=text, **values)

    def _growth_of_activities(self, few, many):
        """By how many queries many activities cost more than few where no code of ours is asked.

        None by Odoo itself; another app may search something for each of them.
        """

        def count(number):
            contacts = self.env["res.partner"].create([{"name": "Test contact"}] * number)
            values = {
                "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
                "user_id": self.env.uid,
            }
            self.env.flush_all()
            before = self.cr.sql_log_count
            self.env["mail.activity"].create([{**values, "res_id": each} for each in contacts.ids])
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(few)
        return count(many) - count(few)

    def _log(self, meeting):
        """:return: what was logged of the meeting, the last one first"""
        return self.env["partnership.meeting.log"].search([("event_id", "=", meeting.id)])

    def _rows(self, meeting):
        """:return: dict person (or member, where nobody holds the seat) -> attendance row"""
        return {
            row.person_id or row.membership_id.partner_id: row for row in meeting.attendance_ids
        }
