from freezegun import freeze_time

from odoo.tests import tagged

from ..actor.merge_common import MergeCase
from .relation_common import RelationCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestRelationMerge(RelationCase, MergeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.copy = cls._create_member("Test council copy")

    def _merge_copy(self):
        self._merge(self.copy.partner_id, into=self.council.partner_id)
        self.assertFalse(self.copy.exists())
        self.assertConsistent()

    def _get_history(self, member):
        """:return: list of (kind, first day, last day) of the council and ``member``"""
        ties = (self.council._get_relations() & member._get_relations()).sorted("date_start")
        return [(tie.kind, str(tie.date_start), tie.date_end and str(tie.date_end)) for tie in ties]

    def test_ties_go_to_the_membership_that_is_kept(self):
        tie = self._create_relation(self.copy, self.firm, kind="associate")
        self.assertEqual(tie.membership_id, self.firm, "registered before the copy")
        self._merge_copy()
        self.assertEqual((tie.membership_id, tie.other_id), (self.council, self.firm))
        self.assertEqual(tie.partner_id, self.council.partner_id)

    def test_what_was_seen_last_holds(self):
        self._create_relation(self.council, self.firm, kind="competitor")
        self._create_relation(self.copy, self.firm, kind="associate", date_start="2024-03-01")
        self._merge_copy()
        self.assertEqual(
            self._get_history(self.firm),
            [("competitor", "2024-01-01", "2024-02-29"), ("associate", "2024-03-01", False)],
        )

    def test_what_was_before_goes_on_afterwards(self):
        self._create_relation(self.council, self.firm, kind="associate", evidence="Test shop")
        self._create_relation(
            self.copy, self.firm, kind="none", date_start="2024-03-01", date_end="2024-03-31"
        )
        self._merge_copy()
        self.assertEqual(
            self._get_history(self.firm),
            [
                ("associate", "2024-01-01", "2024-02-29"),
                ("none", "2024-03-01", "2024-03-31"),
                ("associate", "2024-04-01", False),
            ],
        )
        ties = self.council._get_relations().filtered(lambda tie: tie.kind == "associate")
        self.assertEqual(ties.mapped("evidence"), ["Test shop"] * 2)

    def test_what_gives_way_is_named(self):
        self._create_relation(self.council, self.firm, kind="associate")
        self._create_relation(self.copy, self.firm, kind="competitor", evidence="Test dispute")
        self._create_relation(self.council, self.copy, evidence="Test joint fair")
        self._merge_copy()
        self.assertEqual(self._get_history(self.firm), [("associate", "2024-01-01", False)])
        body = self.council.message_ids.filtered(lambda message: "gave way" in message.body).body
        for words in ("Competitors", "Test dispute", "Test joint fair"):
            self.assertIn(words, body)

    def test_contact_of_one_membership_alone(self):
        tie = self._create_relation(self.council, self.firm)
        double = self._create_organisation("Test double firm")
        self._merge(self.firm.partner_id, into=double)
        self.assertEqual(tie.other_partner_id, double)
        self.assertConsistent()

    def test_anonymised_person_is_not_named(self):
        person = self._create_person("Ann O'Test")
        resident = self._create_member(person)
        tie = self._create_relation(resident, self.firm, evidence="Ann O'Test sells its bread")
        self.env.cr.flush()
        tie.with_context(tracking_disable=False).evidence = "Shop of Ann O'Test"
        other = self._create_relation(self.council, self.firm, evidence="Letter of Ann O'Test")
        self.env.cr.flush()
        person.with_user(self.administrator)._partnership_anonymise()
        self.env.invalidate_all()
        self.assertEqual(self.firm._get_relations(), tie + other, "counts stay")
        texts = [
            *(tie + other).mapped("evidence"),
            tie.display_name,
            *tie.message_ids.tracking_value_ids.mapped("old_value_text"),
            *tie.message_ids.tracking_value_ids.mapped("new_value_text"),
        ]
        self.assertEqual(len(texts), 5)
        for text in texts:
            self.assertNotIn("O'Test", text)
            self.assertIn("Anonymous person", text)
