from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .access_common import AccessCase, FieldWalk

FALSY = (False, 0, None, "")


class SystemFieldWalk(FieldWalk):
    """Nobody but the system writes what rules and figures rest on."""

    @mute_logger("odoo.models", "odoo.addons.base.models.ir_model")
    def test_no_client_writes_a_system_field(self):
        found = self._get_fields(self._is_system_field)
        self.assertGreater(len(found), 5)
        for model, fields in found.items():
            record = self._get_record(model._name)
            self.assertTrue(record, f"no test record of {model._name}")
            for field in fields:
                before = record.sudo()[field.name]
                other = self._get_other_value(field, record)
                for login in ("facilitator", "officer", "employee", "administrator"):
                    theirs = record.with_user(getattr(self, login))
                    for value in (other, *FALSY) if login == "facilitator" else [other]:
                        vals, what = {field.name: value}, f"{login}, {field}: {value}"
                        self.assertRefusedAtOnce(what, theirs.write, vals)
                        needed = self.needed.get(model._name, {})
                        self.assertRefusedAtOnce(what, theirs.browse().create, {**needed, **vals})
                self.env.invalidate_all()
                self.assertEqual(record.sudo()[field.name], before, f"{field} has changed")

    @staticmethod
    def _is_system_field(field):
        return field.store and field.readonly

    def test_every_model_is_guarded(self):
        """Also those of Odoo that have fields of ours, and the dialogs."""
        guard = self.env.registry["partnership.guarded.mixin"]
        extended = {
            name: model
            for name, model in self.env.registry.items()
            if not model._abstract
            and any(
                self.addon in field._modules and not field.inherited
                for field in model._fields.values()
            )
        }
        self.assertGreater(len(extended), 10)
        for name, model in extended.items():
            self.assertTrue(issubclass(model, guard), name)


@tagged("post_install", "-at_install")
class TestSystemFields(SystemFieldWalk, AccessCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.meeting.partner_ids = cls.representative.partner_id

    def test_message_says_what_and_why(self):
        with self.assertRefused("Meeting State", "not written by hand", exception=AccessError):
            self.meeting.with_user(self.facilitator).partnership_state = "planned"

    def test_default_of_a_screen_is_no_value(self):
        """The screen of a partnership sends it along: what follows from other fields does so."""
        seats = self.env["partnership.seat"].with_user(self.facilitator)
        foreign = self.env["partnership.partnership"].create({"name": "Test foreign"})
        seat = seats.with_context(default_partnership_id=foreign.id).create(
            {"body_id": self.body.id, "membership_id": self.membership.id}
        )
        self.assertEqual(seat.partnership_id, self.partnership)
        self.assertEqual(seat.env.context.get("default_partnership_id"), foreign.id)

    def test_copy_is_written_anew(self):
        seat = self.seat.with_user(self.facilitator)
        seat.sudo().is_automatic = True
        copy = seat.copy({"date_end": "2024-02-01"})
        self.assertFalse(copy.is_automatic)
        self.assertEqual(copy.partnership_id, self.partnership)
        self.assertTrue(seat.sudo().copy({"date_end": "2024-02-01"}).is_automatic)

    def test_value_is_changed_however_it_is_spelled(self):
        meeting = self.meeting
        for value in FALSY:
            self.assertEqual(meeting._filtered_changed({"active": value}, ["active"]), meeting)
            self.assertEqual(
                meeting._filtered_changed({"partnership_body_id": value}, ["partnership_body_id"]),
                meeting,
            )
        for value in ("", None, False):
            self.assertFalse(meeting._filtered_changed({"location": value}, ["location"]))
        self.assertFalse(meeting._filtered_changed({"active": 1}, ["active"]))
        self.assertFalse(meeting._filtered_changed({"active": 0}, ["name"]))

    def test_facilitator_works_through_buttons(self):
        """What the system writes for a user it writes where the user may."""
        self._get_record("partnership.enlargement.round").with_user(self.facilitator).action_open()
        member = self._create_member("Test new", role=self.role_informal)
        self._create_body("Test assembly", seat_policy="members")
        member.with_user(self.facilitator).role_id = self.role_formal
        self.assertTrue(member.seat_ids.is_automatic)
        card = (
            self.env["partnership.candidate"]
            .with_user(self.facilitator)
            .create(
                {
                    "name": "Test candidate",
                    "partnership_id": self.partnership.id,
                    "interest_group_id": self.group_civil.id,
                }
            )
        )
        self.assertEqual(card.membership_id.partner_id, card.partner_id)
        self.assertEqual(card.membership_id.interest_group_id, self.group_civil)
        self.assertEqual(card.interest_group_id, self.group_civil)
