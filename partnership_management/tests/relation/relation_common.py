import psycopg2

from odoo import fields
from odoo.tools import mute_logger

from ..common import PartnershipCase


class RelationCase(PartnershipCase):
    """A council, a firm and a club, and what they are to each other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Relation = cls.env["partnership.relation"]
        cls.council = cls._create_member("Test council")
        cls.firm = cls._create_member("Test firm", group=cls.group_economic)
        cls.club = cls._create_member("Test club", group=cls.group_civil)

    @classmethod
    def _create_relation(cls, member, other, relations=None, **values):
        vals = {"other_id": other.id, "date_start": "2024-01-01", **values}
        if member:
            vals["membership_id"] = member.id
        return (relations if relations is not None else cls.Relation).create(vals)

    @classmethod
    def _create_members(cls, count):
        members = cls.env["partnership.membership"]
        for number in range(count):
            members += cls._create_member(f"Test member {number:03}", group=cls.group_economic)
        return members

    def _open_step(self, relation, **values):
        return (
            self.env["partnership.relation.step"]
            .with_user(self.facilitator)
            .create({"relation_id": relation.id, **values})
        )

    def _change(self, relation, kind, date, **values):
        """:return: the action that opens the tie that the dialog has made"""
        return self._open_step(relation, kind=kind, date=date, **values).action_apply()

    def _date(self, text):
        return fields.Date.to_date(text)

    def assertTablesRefuse(self, query, record):
        """The database itself refuses what another session may write past Python."""
        with (
            self.assertRaises(psycopg2.IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env.flush_all()
            self.env.cr.execute(query, [record.id])
            self.env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
