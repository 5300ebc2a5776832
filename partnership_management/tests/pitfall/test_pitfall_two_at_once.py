import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..concurrent_common import ConcurrentCase


@tagged("post_install", "-at_install")
class TestPitfallTwoAtOnce(ConcurrentCase):
    """Two searches at the same time, on data that is committed and removed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with cls.registry.cursor() as cr:
            env = cls._env(cr)
            role = env["partnership.role"].create({"name": "Test race role", "is_formal": True})
            contact = env["res.partner"].create({"name": "Test race council", "is_company": True})
            partnership = env["partnership.partnership"].create({"name": "Test race"})
            member = env["partnership.membership"].create(
                {
                    "partnership_id": partnership.id,
                    "partner_id": contact.id,
                    "role_id": role.id,
                    "date_start": "2024-01-01",
                }
            )
            made = (member, partnership, contact, role)
            cls.made = [(records._name, records.ids) for records in made]
            cls.member_id = member.id
        with cls.registry.cursor() as cr:  # after its own figures were written
            member = member.with_env(cls._env(cr))
            member.figure_id.write({"expected": 3, "absent_in_a_row": True})
        cls.addClassCleanup(cls._remove)

    @classmethod
    def _env(cls, cr):
        return api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})

    @classmethod
    def _remove(cls):
        with cls.registry.cursor() as cr:
            for model, ids in cls.made:
                cls._env(cr)[model].browse(ids).unlink()

    def _find(self, cr):
        env = self._env(cr)
        member = env["partnership.membership"].browse(self.member_id)
        env["partnership.pitfall"]._find_pitfalls(member)
        env.flush_all()
        return member.pitfall_ids

    def test_one_pitfall_and_one_alert(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            second.execute("SELECT count(*) FROM partnership_pitfall")  # its view of the data
            self.assertEqual(len(self._find(first)), 1)
            self.assertFalse(self._find(second), "left to the other")
            first.commit()  # pylint: disable=invalid-commit
            with (
                self.assertRaises(psycopg2.errors.SerializationFailure),
                mute_logger("odoo.sql_db"),
            ):
                self._find(second)  # Odoo runs it again, with a new view of the data
            second.rollback()
            pitfalls = self._find(second)
            self.assertEqual(len(pitfalls), 1)
            self.assertEqual(len(pitfalls.membership_id.activity_ids), 1)
