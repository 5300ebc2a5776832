from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .place_common import PlaceCase

NOT_NUMBERS = (float("nan"), float("inf"), -float("inf"), 1e308, "nan", "-Infinity", "x")


@tagged("post_install", "-at_install")
class TestNumbers(PlaceCase):
    """No figure is lost because somebody, or a program, sent something that is not a number."""

    def _get_fields(self):
        """:return: list of the numbers of all models of ours, and of ours on models of Odoo"""
        return [
            field
            for model in self.env.registry.values()
            if not model._abstract and model._auto
            for field in model._fields.values()
            if field.store
            and field.type in ("float", "monetary", "integer")
            and any(module.startswith("partnership_") for module in field._modules)
        ]

    def test_every_number_of_every_model(self):
        self.assertGreater(len(self._get_fields()), 100)
        for field in self._get_fields():
            records = self.env[field.model_name]
            records = self.own.get(field.model_name, records).with_user(self.administrator).sudo()
            for value in NOT_NUMBERS:
                with self.subTest(field=str(field), value=value):
                    label = field._description_string(self.env)
                    with self.assertRefused(exception=UserError):
                        records.write({field.name: value})
                    with self.assertRefused(f"{label}: “{value}”"):
                        records._add_missing_default_values({field.name: value})
                    given = records.with_context(**{f"default_{field.name}": value})
                    with self.assertRefused(f"{label}: “{value}”"):
                        given._add_missing_default_values({})

    def test_what_is_made_and_what_it_is_made_with(self):
        Seat = self.env["partnership.seat"].with_user(self.facilitator)
        values = {"body_id": self.body.id, "membership_id": self.member.id}
        for value in NOT_NUMBERS:
            with self.assertRefused("Vote Weight"):
                Seat.create({**values, "vote_weight": value})
            with self.assertRefused("Vote Weight"):
                Seat.with_context(default_vote_weight=value).create(values)
            with self.assertRefused("Vote Weight"):
                self.body.write({"seat_ids": [Command.create({**values, "vote_weight": value})]})

    def test_a_list_that_is_imported(self):
        result = self.env["partnership.seat"].load(
            [".id", "vote_weight"], [[str(self.seat.id), "nan"]]
        )
        self.assertIn("Vote Weight", str(result["messages"]))
        self.assertFalse(result["ids"])

    def test_numbers_that_are(self):
        for value in (0, 1.5, "2.5", 1e6):
            self.seat.vote_weight = value
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self.seat.vote_weight = 1e6 + 1
            self.env.flush_all()
