"""Attendance as somebody typed it, through the import wizard, as a facilitator drives it.

attendance_raw_key.csv says which row each line of attendance_raw.csv is of.
"""

import base64
import time
from collections import defaultdict

import pytest
from real_data import DATA, SETS, LoadedSet, RealSet

from odoo.tests import TransactionCase, new_test_user, tagged

RAW_SETS = [folder for folder in SETS if (folder / "attendance_raw.csv").is_file()]
FACILITATOR = "partnership_management.partnership_management_group_facilitator"


@tagged("post_install", "-at_install")
@pytest.mark.skipif(not RAW_SETS, reason=f"no attendance_raw.csv in {DATA}: set PARTNERSHIP_DATA")
class TestImportRaw(TransactionCase):
    def load(self, folder):
        """Organisations, people and meetings of the set are there; its attendance is not."""
        self.data = RealSet(folder)
        self.key = {row["raw_id"]: row for row in self.data.read("attendance_raw_key")}
        user = new_test_user(self.env, "raw_data", FACILITATOR, context={"no_reset_password": True})
        officer = new_test_user(
            self.env,
            "raw_officer",
            "partnership_management.partnership_management_group_officer",
            context={"no_reset_password": True},
        )
        loaded = LoadedSet(self.env(user=officer, su=False), self.data)
        loaded.create_members()
        loaded.create_meetings()
        loaded.partnership.user_ids = user
        self.loaded = loaded
        self.env.flush_all()
        self.env = self.env(user=user, su=False)

    def start_import(self):
        content = (self.data.folder / "attendance_raw.csv").read_bytes()
        wizard = self.env["partnership.import"].create(
            {
                "partnership_id": self.loaded.partnership.id,
                "file": base64.b64encode(content),
                "filename": "attendance_raw.csv",
            }
        )
        wizard.action_read()
        wizard.action_match()
        return wizard

    def confirm_spellings(self, wizard):
        """As the user does in the list: this one, or it means no organisation."""
        meanings = {
            row["organisation_raw"]: row["organisation_id"]
            for row in self.data.read("organisation_aliases")
        }
        by_key = {" ".join(name.split()).casefold(): found for name, found in meanings.items()}
        for match in wizard.match_organisation_ids:
            organisation = by_key[match.key]
            if organisation:
                match.partner_id = self.loaded.organisations[organisation]
            else:
                match.decision = "nobody"

    def compare(self, wizard):
        """Each line has the row that the key gives it, and no other line has."""
        rows_by_key = defaultdict(set)
        keys_by_row = defaultdict(set)
        for line in wizard.line_ids:
            raw_id = line.cells[0]
            key = self.key[raw_id]
            row = line.attendance_id
            self.assertEqual(
                (row.person_id, row.organisation_id),
                (
                    self.loaded.people[key["person_id"]],
                    self.loaded.organisations.get(key["organisation_id"], self.env["res.partner"]),
                ),
                raw_id,
            )
            rows_by_key[key["attendance_id"]].add(row)
            keys_by_row[row].add(key["attendance_id"])
        self.assertEqual(len(wizard.line_ids), len(self.key))
        self.assertFalse([key for key, rows in rows_by_key.items() if len(rows) != 1])
        self.assertFalse([row for row, keys in keys_by_row.items() if len(keys) != 1])

    def check_set(self, folder):
        self.load(folder)
        started, queries = time.process_time(), self.env.cr.sql_log_count
        first = self.start_import()
        self.assertFalse(first.match_meeting_ids.filtered(lambda match: not match.is_settled))
        self.assertFalse(first.match_person_ids.filtered(lambda match: not match.is_settled))
        self.confirm_spellings(first)
        first.action_preview()
        first.action_import()
        self.env.flush_all()
        self.assertLess(time.process_time() - started, 30, "seconds of work")
        self.assertLess(self.env.cr.sql_log_count - queries, 600 + len(first.line_ids) / 10)
        self.compare(first)
        self.assertFalse(first.refused_count)
        self.check_statuses(first)
        rows = first.line_ids.attendance_id
        self.assertEqual(first.taken_count, len(rows))
        self.assertEqual(first.already_count, len(first.line_ids) - len(rows))

        meanings = self.env["partnership.spelling"]._get_meanings(
            self.loaded.partnership, "organisation"
        )
        for alias in self.data.read("organisation_aliases"):
            key = " ".join(alias["organisation_raw"].split()).casefold()
            organisation = self.loaded.organisations.get(alias["organisation_id"])
            if not organisation or organisation.name.casefold() != key:
                self.assertEqual(meanings[key], organisation or self.env["res.partner"])

        before = rows.read(["status", "mode", "reason", "write_date"])
        second = self.start_import()
        self.assertFalse(second.open_count, "every spelling is remembered")
        second.action_preview()
        second.action_import()
        self.assertEqual(second.already_count, len(second.line_ids))
        self.assertEqual(second.line_ids.attendance_id, rows)
        self.assertEqual(rows.read(["status", "mode", "reason", "write_date"]), before)
        self.compare(second)

    def check_statuses(self, wizard):
        """Boxes that are ticked and those that are not; a list without boxes is of those there."""
        names = wizard.column_ids.mapped("name")
        for line in wizard.line_ids:
            if "ticked" in names:
                box = line.cells[names.index("ticked")]
                expected = {"1": "present", "0": "absent"}[box]
                self.assertEqual(line.attendance_id.status, expected, line.number)
            elif not wizard.word_ids.filtered(lambda word: word.column == "status"):
                self.assertEqual(line.attendance_id.status, "present", line.number)


def add_test(folder):
    def test(self):
        self.check_set(folder)

    setattr(TestImportRaw, f"test_raw_{folder.name}", test)


for found in RAW_SETS:
    add_test(found)
