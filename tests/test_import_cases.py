"""Files in the shapes in which lists arrive, read as their README says.

They are looked for in $PARTNERSHIP_CASES, by default ../shared/cases/imports.
"""

import base64
import os
from pathlib import Path

import pytest
from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

CASES = Path(
    os.environ.get("PARTNERSHIP_CASES")
    or Path(__file__).resolve().parent.parent.parent / "shared" / "cases" / "imports"
)
MEMBERS = {
    "Larkmoor Mill Cooperative": "Pia Lapwing",
    "Hill Farmers of Larkmoor": "Xenia Curlew",
    "Commune of Lower Larkmoor": "Carl Redstart",
    "Windle Cross Bakery": "Jan Sparrow",
    "Fernbeck Dairy": "Zita Swallow",
    "Larkmoor Woodland Owners": "Berta Woodcock",
}


@tagged("post_install", "-at_install")
@pytest.mark.skipif(not CASES.is_dir(), reason=f"no files in {CASES}: set PARTNERSHIP_CASES")
@freeze_time("2026-12-01 12:00:00")
class TestImportCases(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        role = cls.env["partnership.role"].create({"name": "Case role", "is_formal": True})
        cls.partnership = cls.env["partnership.partnership"].create({"name": "Case"})
        cls.body = cls.env["partnership.body"].create(
            {"name": "Case board", "partnership_id": cls.partnership.id, "level": "decision"}
        )
        cls.persons, cls.organisations, cls.seats = {}, {}, {}
        Partner = cls.env["res.partner"]
        # Demo data, where it is loaded, has the same names
        Partner.search([("name", "in", [*MEMBERS, *MEMBERS.values()])]).name = "Somebody else"
        for name, person in MEMBERS.items():
            organisation = Partner.create({"name": name, "is_company": True})
            email = f"{person.replace(' ', '.').lower()}@example.com"
            cls.persons[person] = Partner.create({"name": person, "email": email})
            cls.organisations[person] = organisation
            membership = cls.env["partnership.membership"].create(
                {
                    "partnership_id": cls.partnership.id,
                    "partner_id": organisation.id,
                    "role_id": role.id,
                    "date_start": "2026-01-01",
                }
            )
            cls.seats[person] = cls.env["partnership.seat"].create(
                {
                    "body_id": cls.body.id,
                    "membership_id": membership.id,
                    "date_start": "2026-01-01",
                }
            )
            cls.env["partnership.mandate"].create(
                {
                    "seat_id": cls.seats[person].id,
                    "person_id": cls.persons[person].id,
                    "kind": "titular",
                    "date_start": "2026-01-01",
                }
            )

    def match(self, name, **values):
        wizard = self.env["partnership.import"].create(
            {
                "partnership_id": self.partnership.id,
                "body_id": self.body.id,
                "file": base64.b64encode((CASES / name).read_bytes()),
                "filename": name,
                **values,
            }
        )
        wizard.action_read()
        wizard.action_match()
        wizard.action_accept_all()
        wizard.action_create_all()
        return wizard

    def finish(self, wizard):
        wizard.action_preview()
        wizard.action_import()
        self.env.flush_all()
        return [line.state for line in wizard.line_ids]

    def check_on_seat(self, row, name, status="present"):
        self.assertEqual(
            (row.person_id, row.organisation_id, row.seat_id, row.status),
            (self.persons[name], self.organisations[name], self.seats[name], status),
        )

    def spellings(self):
        return self.env["partnership.spelling"].search(
            [("partnership_id", "=", self.partnership.id)]
        )

    def test_06_shared_mail(self):
        wizard = self.match("06-shared-mail.csv")
        [asked] = wizard.match_ids.filtered(lambda match: not match.is_settled)
        self.assertEqual((asked.name, asked.how), ("Ida Rush", "contradicts"))
        self.assertFalse(asked.partner_id)
        asked.decision = "create"
        self.assertEqual(self.finish(wizard), ["taken"] * 3)
        rows = wizard.line_ids.attendance_id
        self.assertEqual(
            rows.person_id.mapped("name"), ["Anna Reed", "Ben Sedge", "Ida Rush"], "three persons"
        )
        self.assertEqual(rows[0].organisation_id, rows[1].organisation_id)
        self.assertFalse(self.spellings())

    def test_11_totals(self):
        before = self.env["res.partner"].search_count([])
        wizard = self.match("11-totals.csv")
        self.assertFalse(wizard.open_count)
        self.assertEqual(self.finish(wizard), ["refused", "taken", "refused", "taken", "refused"])
        self.assertEqual(self.env["res.partner"].search_count([]), before)
        for row, name in zip(
            wizard.line_ids.attendance_id, ["Carl Redstart", "Pia Lapwing"], strict=True
        ):
            self.check_on_seat(row, name)

    def test_22_blank_organisation(self):
        wizard = self.match("22-blank-org.csv")
        self.assertEqual(self.finish(wizard), ["taken"] * 2)
        for row, name in zip(
            wizard.line_ids.attendance_id, ["Pia Lapwing", "Xenia Curlew"], strict=True
        ):
            self.check_on_seat(row, name)
        self.assertFalse(self.spellings())

    def test_31b_no_mail(self):
        wizard = self.match("31b-no-mail.csv")
        self.assertFalse(wizard.open_count)
        self.assertEqual(self.finish(wizard), ["taken"] * 3)
        jan, zita, berta = wizard.line_ids.attendance_id
        self.check_on_seat(jan, "Jan Sparrow")
        self.check_on_seat(zita, "Zita Swallow")
        self.check_on_seat(berta, "Berta Woodcock", "absent")
        self.assertFalse(self.spellings())

    def test_workbooks_are_read_or_refused(self):
        """Never a traceback, and nothing in the log."""
        files = sorted(CASES.glob("*.xlsx"))
        self.assertTrue(files)
        for file in files:
            kind = "members" if "members" in file.name else "attendance"
            wizard = self.env["partnership.import"].create(
                {
                    "partnership_id": self.partnership.id,
                    "kind": kind,
                    "file": base64.b64encode(file.read_bytes()),
                    "filename": file.name,
                }
            )
            with self.subTest(file=file.name), self.assertNoLogs(level="WARNING"):
                try:
                    wizard.action_read()
                except UserError as error:
                    self.assertIn("save it as XLSX or CSV", str(error))
                else:
                    self.assertTrue(wizard.line_count)
