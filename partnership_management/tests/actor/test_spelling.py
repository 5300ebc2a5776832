from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
class TestSpelling(PartnershipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Spelling = cls.env["partnership.spelling"]
        cls.council = cls._create_organisation("Test council")
        cls.firm = cls._create_organisation("Test firm")
        cls.person = cls._create_person("Test person")

    def _remember(self, meanings, kind="organisation"):
        return self.Spelling._remember(self.partnership, kind, meanings)

    def test_case_and_spaces_do_not_matter(self):
        self._remember({"  The\u00a0 Town\tHall ": self.council, "ＦＩＲＭ": self.firm})
        self._remember({"the town hall": self.council})
        meanings = self.Spelling._get_meanings(self.partnership, "organisation")
        self.assertEqual(meanings, {"the town hall": self.council, "firm": self.firm})

    def test_the_empty_cell_means_no_organisation(self):
        self._remember({"": self.env["res.partner"], "n/a": self.env["res.partner"]})
        self._remember({"   ": self.env["res.partner"]})
        meanings = self.Spelling._get_meanings(self.partnership, "organisation")
        self.assertEqual(meanings, dict.fromkeys(["", "n/a"], self.env["res.partner"]))
        self.assertEqual(
            self.Spelling.search([("key", "=", "n/a")]).display_name, "“n/a” means no organisation"
        )

    def test_a_later_meaning_replaces_the_earlier_one(self):
        self._remember({"Hall": self.council})
        self._remember({"HALL": self.firm})
        self.assertEqual(
            self.Spelling._get_meanings(self.partnership, "organisation"), {"hall": self.firm}
        )

    def test_once_for_a_partnership_and_kind(self):
        values = {"partnership_id": self.partnership.id, "name": "Hall"}
        self.Spelling.create({**values, "partner_id": self.council.id})
        self.Spelling.create({**values, "kind": "person", "partner_id": self.person.id})
        with mute_logger("odoo.sql_db"), self.assertRaises(Exception) as refusal:
            self.Spelling.create({**values, "name": " hall", "partner_id": self.firm.id})
        self.assertIn("spelling", str(refusal.exception))

    def test_kind_of_the_contact(self):
        with self.assertRefused("Test person", exception=ValidationError):
            self._remember({"Hall": self.person})
        with self.assertRefused("Test firm", exception=ValidationError):
            self._remember({"Hall": self.firm}, kind="person")

    def test_team_of_the_partnership(self):
        self._remember({"Hall": self.council})
        for user, found in ((self.facilitator, 1), (self.officer, 1), (self.stranger, 0)):
            self.assertEqual(len(self.Spelling.with_user(user).search([])), found, user.login)
        with self.assertRaises(AccessError):
            self.Spelling.with_user(self.stranger)._remember(
                self.partnership, "organisation", {"Other": self.firm}
            )
        with self.assertRaises(AccessError):
            self.Spelling.with_user(self.employee).search([])

    def test_a_deleted_contact_takes_its_spellings_along(self):
        self._remember({"Hall": self.council})
        self.council.unlink()
        self.assertFalse(self.Spelling._get_meanings(self.partnership, "organisation"))
