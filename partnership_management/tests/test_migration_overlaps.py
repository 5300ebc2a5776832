import runpy
from datetime import date

from psycopg2.errors import ExclusionViolation

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger
from odoo.tools.misc import file_path
from odoo.tools.sql import add_constraint, drop_constraint

from .common import PartnershipCase

CONSTRAINTS = {
    "partnership_membership": "one_at_a_time",
    "partnership_mandate": "one_titular_at_a_time",
    "partnership_trait": "one_at_a_time",
}


@tagged("post_install", "-at_install")
class TestMigrationOverlaps(PartnershipCase):
    """Two that hold on the same days, as two clicks could make them until 19.0.1.1.0."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.script = runpy.run_path(
            file_path("partnership_management/migrations/19.0.1.2.0/post-overlaps.py")
        )
        for table, name in CONSTRAINTS.items():
            drop_constraint(cls.cr, table, f"{table}_{name}")
        cls.member = cls._create_member("Test council", date_end="2024-06-30")
        cls.seat = cls._create_seat(cls.member, date_end="2024-06-30")
        cls.mandate = cls._create_mandate(cls.seat, "Test Ann", date_end="2024-06-30")
        dimension = cls.env["partnership.dimension"].create({"name": "Test age"})
        place = {"partnership_id": cls.partnership.id}
        value = cls.env["partnership.dimension.value"].create(
            {"name": "Test young", "dimension_id": dimension.id, **place}
        )
        cls.trait = cls.env["partnership.trait"].create(
            {
                "partner_id": cls.member.partner_id.id,
                "dimension_id": dimension.id,
                "value_id": value.id,
                "date_start": "2024-01-01",
                "date_end": "2024-06-30",
                **place,
            }
        )
        cls.env.flush_all()

    def _double(self, record, **values):
        """Another row that says the same, but for ``values``, past all checks."""
        table = record._table
        names = [name for name in self._get_columns(table) if name != "id"]
        columns = {name: SQL.identifier(name) for name in names}
        shown = {**columns, **{name: SQL("%s", value) for name, value in values.items()}}
        self.cr.execute(
            SQL(
                """INSERT INTO %(table)s (%(columns)s)
                   SELECT %(shown)s FROM %(table)s WHERE id = %(id)s""",
                table=SQL.identifier(table),
                columns=SQL(", ").join(columns.values()),
                shown=SQL(", ").join(shown.values()),
                id=record.id,
            )
        )

    def _get_columns(self, table):
        self.cr.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table]
        )
        return [name for (name,) in self.cr.fetchall()]

    def _tell(self):
        return self.script["tell_overlaps"](self.env)

    def test_without_overlaps_nothing_is_said(self):
        self._double(self.member, date_start=date(2024, 7, 1), date_end=None)
        self._double(self.mandate, kind="alternate")
        self.assertFalse(self._tell())

    def test_overlaps_are_named_and_kept(self):
        self._double(self.member)
        self._double(self.mandate, date_start=date(2024, 6, 30), date_end=None)
        self._double(self.trait)
        before = self.partnership.message_ids
        found = self._tell()
        self.assertEqual(list(found), [self.partnership])
        self.assertEqual(len(found[self.partnership]), 3)
        [note] = self.partnership.message_ids - before
        for words in ("Test council", "Test Ann", "Test young", "01/01/2024 to 06/30/2024"):
            self.assertIn(words, note.body)
        partner = [("partner_id", "=", self.member.partner_id.id)]
        self.assertEqual(self.env["partnership.membership"].search_count(partner), 2)
        self.assertEqual(self.env["partnership.trait"].search_count(partner), 2)

    def test_the_database_refuses_them(self):
        """What the constraints say, where no check of Odoo is in the way."""
        for record in (self.member, self.mandate, self.trait):
            name = f"{record._table}_{CONSTRAINTS[record._table]}"
            definition = record._table_objects[name].get_definition(self.registry)
            with self.subTest(name):
                add_constraint(self.cr, record._table, name, definition)
                drop_constraint(self.cr, record._table, name)
                self._double(record)
                with (
                    mute_logger("odoo.sql_db"),
                    self.assertRaises(ExclusionViolation),
                    self.cr.savepoint(),
                ):
                    add_constraint(self.cr, record._table, name, definition)
