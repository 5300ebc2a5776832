from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .place_common import PlaceCase


@tagged("post_install", "-at_install")
class TestPlace(PlaceCase):
    """No record leaves its partnership, nor names what is of another one: in all models."""

    def _get_places(self):
        """:return: list of (record of home, field, record of the other partnership)"""
        return [
            (record, field, self.other[field.comodel_name])
            for record in self.own.values()
            for field in record._fields.values()
            if record._name != "partnership.partnership"
            and field.store
            and field.type == "many2one"
            and field.comodel_name in self.other
        ]

    def _try(self, record, values):
        """:return: the refusal, or None if ``values`` were written; they are undone"""
        with self.cr.savepoint() as savepoint:
            try:
                record.write(values)
                self.env.flush_all()
                mixed = self._find_mixed(record.sudo())
                place = record.sudo().partnership_id
            except (UserError, IntegrityError) as refusal:
                return refusal, None
            finally:
                self.env.clear()
                savepoint.rollback()
        return mixed, place

    def _find_mixed(self, record):
        """:return: the fields of ``record`` that name something of another partnership"""
        return [
            field.name
            for field in record._fields.values()
            if field.type == "many2one"
            and field.store
            and field.name != "partnership_id"
            and field.comodel_name in self.other
            and record[field.name].partnership_id
            not in (record.partnership_id, self.foreign.browse())
        ]

    def test_there_is_one_of_each(self):
        self.assertGreater(len(self.own), 10)
        for model in self.env.registry.values():
            field = model._fields.get("partnership_id")
            if field and field.store and model._auto and not model._transient:
                self.assertTrue(self.own.get(model._name), model._name)
                self.assertEqual(self.own[model._name].partnership_id, self.home, model._name)
                self.assertEqual(self.other[model._name].partnership_id, self.foreign, model._name)

    @mute_logger("odoo.sql_db")
    def test_nothing_is_moved_by_who_works_with_both(self):
        self.assertGreater(len(self._get_places()), 60)
        for user in (self.facilitator, self.officer, self.administrator):
            for record, field, foreign in self._get_places():
                with self.subTest(user=user.login, field=str(field)):
                    outcome, place = self._try(record.with_user(user), {field.name: foreign.id})
                    if isinstance(outcome, Exception):
                        continue
                    self.assertEqual(place, self.home)
                    self.assertFalse(outcome)

    @mute_logger("odoo.sql_db")
    def test_nothing_is_mixed_by_the_system(self):
        """A field that says where a record is takes it there whole, or not at all."""
        self.assertGreater(len(self._get_places()), 60)
        for record, field, foreign in self._get_places():
            with self.subTest(field=str(field)):
                outcome, _place = self._try(record, {field.name: foreign.id})
                self.assertTrue(isinstance(outcome, Exception) or not outcome, outcome)

    def test_message_names_both(self):
        spelling = self.own["partnership.spelling"].with_user(self.facilitator)
        with self.assertRefused(
            "Tst home", "Test partnership", "Test other valley", exception=UserError
        ):
            spelling.partnership_id = self.foreign
        row = self.own["partnership.candidate"]
        with self.assertRefused(
            "Round", "Test other round", "Test other valley", "Test partnership"
        ):
            row.round_id = self.other["partnership.enlargement.round"]

    def test_what_the_user_does_not_read_is_not_named(self):
        self.foreign.user_ids = self.stranger
        body = self.own["partnership.body"].with_user(self.facilitator)
        with self.assertRaises(UserError) as refusal:
            body.parent_id = self.other["partnership.body"].id
        self.assertNotIn("Test other", str(refusal.exception))
