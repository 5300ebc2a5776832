from odoo.tests import HttpCase, tagged

from .import_common import ImportCase


@tagged("post_install", "-at_install")
class TestImportTour(ImportCase, HttpCase):
    def test_tour(self):
        """Columns, a proposal accepted, another contact chosen, a person created, the sheet
        closed with who is not in the list."""
        meeting = self._create_meeting()
        wizard = self._start(
            [
                ["Date", "Who was there", "Organisation", "Present"],
                ["03/06/2024", "Anna Tester", "Testville Council", "x"],
                ["13/06/2024", "Nora New", "Some other company", "x"],
                ["03/06/2024", "Nora New", "Some other company", "dialled in"],
                ["31/02/2024", "Nora New", "Some other company", "x"],
            ]
        )
        self._create_meeting("2024-06-13 16:00:00")
        wizard.action_read()
        wizard.column_ids[1].target_attendance = "person"
        self.start_tour(
            f"/odoo/partnership-import-attendance/{wizard.id}",
            "partnership_import_tour",
            login="test_facilitator",
        )
        self.assertEqual(wizard.state, "done")
        self.assertEqual(meeting.partnership_state, "closed")
        rows = {row.person_id.name: row for row in meeting.attendance_ids}
        self.assertEqual(rows["Anna Tester"].organisation_id, self.town)
        self.assertEqual(
            (rows["Nora New"].organisation_id, rows["Nora New"].reason),
            (self.company, "dialled in"),
        )
        self.assertEqual(
            self.env["partnership.spelling"]._get_meanings(self.partnership, "organisation"),
            {"testville council": self.town, "some other company": self.company},
        )
