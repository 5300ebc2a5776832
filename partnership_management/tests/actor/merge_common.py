from odoo.tests import new_test_user

from ..common import PartnershipCase


class MergeCase(PartnershipCase):
    """A contact manager, who sees nothing of partnerships, merges contacts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(
            cls.env, "test_clerk", "base.group_user,base.group_partner_manager"
        )
        cls.council = cls._create_member("Test council")
        cls.seat = cls._create_seat(cls.council)
        cls.titular = cls._create_mandate(cls.seat, "Test titular").person_id
        cls.double = cls._create_person("Test double")
        cls.meeting = cls._create_meeting()
        cls.Attendance = cls.env["partnership.attendance"]

    def _merge(self, *sources, into, user=None):
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(user or self.clerk)
        ids = [partner.id for partner in (*sources, into)]
        wizard._merge(ids, into.with_user(user or self.clerk), extra_checks=False)
        self.env.flush_all()
        self.env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self.env.invalidate_all()

    def _record(self, person, organisation=None, meeting=None, **values):
        return self.Attendance._record(meeting or self.meeting, person, organisation, **values)

    def assertConsistent(self):
        """What is stored is what would be computed, and every constraint in Python holds."""
        for model in (
            "partnership.membership",
            "partnership.membership.transition",
            "partnership.relation",
            "partnership.seat",
            "partnership.mandate",
            "partnership.attendance",
            "partnership.interest",
            "partnership.interest.declaration",
        ):
            records = self.env[model].search([("partnership_id", "=", self.partnership.id)])
            stored = [
                name
                for name, field in records._fields.items()
                if field.compute
                and field.store
                and field.type != "many2many"
                and (field.related or name == "mandate_id")
            ]
            before = records.read(stored, load=None)
            for name in stored:
                self.env.add_to_compute(records._fields[name], records)
            self.assertEqual(records.read(stored, load=None), before, model)
            records._validate_fields(records._fields)
