from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .composition_common import CompositionCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestProfile(CompositionCase):
    def test_shares_are_the_whole(self):
        with self.assertRefused("Interest group", "90.0 %"):
            self._set_profile({self.group_public: 0.5, self.group_civil: 0.4})
        with self.assertRefused("66.7 %"):
            self.partnership.profile_line_ids[0].unlink()
        with self.assertRefused("Interest group"):
            self.partnership.profile_line_ids[0].share = 0.5

    def test_rounded_shares_are_good_enough(self):
        self._set_profile(dict(zip(self.groups, (0.333, 0.333, 0.333), strict=True)))
        self.assertEqual(len(self.partnership.profile_line_ids), 3)

    def test_shares_move_together(self):
        """In the form one goes up and another down, line by line."""
        first, second, _third = self.partnership.profile_line_ids
        self.partnership.with_user(self.facilitator).profile_line_ids = [
            Command.update(first.id, {"share": 0.4333}),
            Command.update(second.id, {"share": 0.2333}),
        ]
        self.assertAlmostEqual(first.share, 0.4333)

    def test_each_dimension_has_its_own(self):
        self._set_profile({"public": 0.5, "civil": 0.5}, self.by_sector)
        self.assertEqual(len(self.partnership.profile_line_ids), 5)
        self._set_profile({})
        self.assertEqual(self.partnership.profile_line_ids.dimension_id, self.by_sector)

    def test_line_names_one_value_of_its_dimension(self):
        zone = self.env["partnership.dimension.value"]._find_or_create_zone(
            "Test north", self.partnership.copy({"name": "Test other"})
        )
        for values in (
            {"dimension_id": self.by_sector.id, "interest_group_id": self.group_civil.id},
            {"dimension_id": self.by_group.id},
            {"dimension_id": self.by_zone.id, "value_id": zone.id},
        ):
            message = "Test other" if values["dimension_id"] == self.by_zone.id else "area profile"
            with self.assertRefused(message):
                self.partnership.profile_line_ids = [Command.create({**values, "share": 1})]

    def test_change_is_in_the_history(self):
        self._set_profile({self.group_public: 0.25, self.group_civil: 0.75})
        body = self.partnership.message_ids[0].body
        self.assertIn("Test associations 75.0 %", body)
        count = len(self.partnership.message_ids)
        self.partnership.profile_line_ids = [
            Command.update(self.partnership.profile_line_ids[0].id, {"share": 0.25})
        ]
        self.assertEqual(len(self.partnership.message_ids), count)

    def test_team_writes_its_own(self):
        line = self.partnership.profile_line_ids[0]
        for user in (self.stranger, self.employee, self.portal_user):
            with self.assertRaises(AccessError):
                line.with_user(user).share = 0.5

    def test_line_is_not_given_to_a_foreign_partnership(self):
        foreign = self.partnership.copy({"name": "Test foreign", "user_ids": self.stranger.ids})
        self._set_profile({self.group_public: 1})
        line = self.partnership.profile_line_ids.with_user(self.facilitator)
        with self.assertRefused(exception=AccessError):
            line.partnership_id = foreign

    def test_equal_shares_to_begin_with(self):
        self._set_profile({})
        self.partnership.with_user(self.facilitator).action_fill_profile()
        lines = self.partnership.profile_line_ids
        self.assertEqual(lines.interest_group_id, self.env["partnership.interest.group"].search([]))
        self.assertAlmostEqual(sum(lines.mapped("share")), 1)

    def test_date_chooser(self):
        self._create_members(2, 1, 1)
        Wizard = self.env["partnership.composition.date"].with_user(self.facilitator)
        form = Form(Wizard.with_context(default_partnership_id=self.partnership.id))
        form.date = "2024-05-01"
        form.dimension_id = self.by_sector
        wizard = form.save()
        for action in (wizard.action_open_shares(), wizard.action_open_picture()):
            Report = self.env[action["res_model"]].with_context(**action["context"])
            rows = Report.search(action["domain"])
            self.assertEqual(rows.dimension_id, self.by_sector)
            self.assertEqual(set(rows.mapped(lambda row: str(row.date))), {"2024-05-01"})
            self.assertFalse(rows.body_id)
        form.body_id = self.body
        action = form.save().action_open()
        self.assertIn(("body_id", "=", self.body.id), action["domain"])

    def test_pictures_open_from_partnership_and_body(self):
        members = self._create_members(2, 1, 1)
        for member in members:
            self._create_seat(member)
        for place in (self.partnership, self.body):
            action = place.with_user(self.facilitator).action_open_picture()
            self.env.flush_all()
            rows = self.env[action["res_model"]].search(action["domain"])
            self.assertIn(self.by_group, rows.dimension_id)
        for name in ("shares", "waves"):
            action = getattr(self.partnership, f"action_open_{name}")()
            self.assertTrue(self.env[action["res_model"]].search(action["domain"]))
