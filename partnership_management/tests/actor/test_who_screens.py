from odoo.tests import Form, tagged

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
class TestWhoScreens(PartnershipCase):
    """What the forms of members, seats and mandates propose."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.council = cls._create_member("Council of Testville")

    def test_role_of_a_new_member(self):
        """In the list of members a new one is a member; elsewhere it is merely identified."""
        Membership = self.env["partnership.membership"]
        first = self.env["partnership.role"].search([], limit=1)
        self.assertEqual(Form(Membership).role_id, first)
        action = self.partnership.action_open_members()
        form = Form(Membership.with_context(**action["context"]))
        self.assertTrue(form.role_id.is_formal)

    def test_new_member_has_no_name_yet(self):
        membership = self.env["partnership.membership"].new()
        self.assertTrue(membership.partnership_id)
        self.assertFalse(membership.display_name)

    def test_person_created_for_a_member(self):
        """Who is created on a seat belongs to the member that has it."""
        seat = self._create_seat(self.council)
        with Form(seat) as form, form.mandate_ids.new() as line:
            self.assertTrue(line.is_organisation)
            self.assertEqual(line.organisation_id, self.council.partner_id)
            self.assertEqual(line.kind, "titular")
            line.person_id = self._create_person("Anna Tester")
        with Form(seat) as form, form.mandate_ids.new() as line:
            self.assertEqual(line.kind, "alternate")
            line.person_id = self._create_person("Bert Tester")
        self.assertEqual(seat.mandate_ids.mapped("kind"), ["titular", "alternate"])

    def test_mandate_on_a_seat_not_saved_yet(self):
        Seat = self.env["partnership.seat"].with_context(default_membership_id=self.council.id)
        with Form(Seat) as form:
            form.body_id = self.body
            with form.mandate_ids.new() as line:
                self.assertEqual(line.organisation_id, self.council.partner_id)
                line.person_id = self._create_person("Anna Tester")
        self.assertEqual(form.record.titular_id.name, "Anna Tester")
