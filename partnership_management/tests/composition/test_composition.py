from freezegun import freeze_time

from odoo.tests import Form, tagged

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestComposition(PartnershipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.council = cls._create_member("Test council", cls.role_contacted)
        cls.council.with_context(
            transition_date="2024-02-01", transition_reason="Test"
        ).role_id = cls.role_formal
        cls.seat = cls._create_seat(cls.council, date_start="2024-02-01")
        cls.mayor = cls._create_mandate(cls.seat, "Test mayor", date_end="2024-03-31").person_id
        cls.heir = cls._create_mandate(cls.seat, "Test heir", date_start="2024-04-01").person_id
        for name in ("Test first", "Test second"):
            cls._create_mandate(cls.seat, name, kind="alternate", date_start="2024-03-01")
        cls.seat.date_end = "2024-05-31"
        cls._create_member("Test leaver", date_end="2024-03-31")

    def _open(self, date, user=None, **values):
        """:return: (action, its rows) of the composition on ``date``"""
        wizard = self.env["partnership.composition.date"].with_user(user or self.facilitator)
        wizard = wizard.create({"date": date, "partnership_id": self.partnership.id, **values})
        action = wizard.action_open()
        Report = self.env[action["res_model"]].with_user(wizard.env.user)
        return action, Report.with_context(**action["context"]).search(action["domain"] or [])

    def _describe(self, date):
        self.env.invalidate_all()
        return {
            row.partner_id.name: (
                row.role_id,
                row.body_id,
                row.titular_id,
                row.alternate_names,
                str(row.date),
            )
            for row in self._open(date)[1]
        }

    def test_each_day_as_it_was(self):
        none, body, person = self.env["partnership.body"], self.body, self.env["res.partner"]
        for date, council, leaver in (
            ("2023-12-31", None, False),
            ("2024-01-01", (self.role_contacted, none, person, False), True),
            ("2024-02-01", (self.role_formal, body, self.mayor, False), True),
            ("2024-03-31", (self.role_formal, body, self.mayor, "Test first, Test second"), True),
            ("2024-04-01", (self.role_formal, body, self.heir, "Test first, Test second"), False),
            ("2024-06-01", (self.role_formal, none, person, False), False),
        ):
            with self.subTest(date=date):
                rows = self._describe(date)
                self.assertEqual(rows.get("Test council"), council and (*council, date))
                self.assertEqual("Test leaver" in rows, leaver)

    def test_date_is_in_the_title(self):
        action, _rows = self._open("2024-03-31")
        self.assertEqual(action["name"], "Composition on 03/31/2024")

    def test_one_partnership_or_all(self):
        other = self.partnership.copy({"name": "Other partnership", "user_ids": self.stranger.ids})
        self._create_member("Test firm", partnership_id=other.id)
        for user, partnership, names in (
            (self.officer, other, {"Test firm"}),
            (self.officer, other.browse(), {"Test council", "Test firm", "Test leaver"}),
            (self.facilitator, other.browse(), {"Test council", "Test leaver"}),
            (self.stranger, other.browse(), {"Test firm"}),
        ):
            _action, rows = self._open("2024-02-15", user, partnership_id=partnership.id)
            found = rows.filtered(lambda row: row.partnership_id in self.partnership + other)
            self.assertEqual(set(found.partner_id.mapped("name")), names)

    def test_opens_from_the_partnership(self):
        form = Form(
            self.env["partnership.composition.date"].with_context(
                active_model="partnership.partnership", active_id=self.partnership.id
            )
        )
        self.assertEqual(form.partnership_id, self.partnership)
