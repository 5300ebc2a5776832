from odoo.tests import tagged
from odoo.tools import file_open

from ..common import PartnershipCase

TEMPLATES = ("partnership.attendance", "partnership.membership")


@tagged("post_install", "-at_install")
class TestImportLoad(PartnershipCase):
    """Clean tables go in by Odoo's own import, with external ids; the same file again changes
    nothing."""

    def _load(self, model, fields, *rows):
        result = (
            self.env[model].with_user(self.facilitator).load(fields, [list(row) for row in rows])
        )
        self.assertFalse(result["messages"], model)
        self.env.flush_all()
        return self.env[model].browse(result["ids"])

    def _load_all(self):
        self._load(
            "res.partner",
            ["id", "name", "is_company"],
            ("test_load.council", "Load council", "1"),
            ("test_load.person", "Load person", "0"),
        )
        membership = self._load(
            "partnership.membership",
            ["id", "partnership_id", "partner_id/id", "role_id", "interest_group_id", "date_start"],
            (
                "test_load.membership",
                "Test partnership",
                "test_load.council",
                "Test formal",
                "Test councils",
                "2024-01-01",
            ),
        )
        seat = self._load(
            "partnership.seat",
            ["id", "body_id", "membership_id/id", "vote_weight", "date_start"],
            ("test_load.seat", "Test board", "test_load.membership", "2.5", "2024-01-01"),
        )
        mandate = self._load(
            "partnership.mandate",
            ["id", "seat_id/id", "person_id/id", "kind", "date_start", "appointed_by"],
            (
                "test_load.mandate",
                "test_load.seat",
                "test_load.person",
                "Titular",
                "2024-01-01",
                "Council decision",
            ),
        )
        meeting = self._load(
            "calendar.event",
            ["id", "name", "partnership_body_id", "start", "stop"],
            (
                "test_load.meeting",
                "Load meeting",
                "Test board",
                "2024-06-03 16:00:00",
                "2024-06-03 18:00:00",
            ),
        )
        row = self._load(
            "partnership.attendance",
            ["id", "event_id/id", "person_id/id", "seat_id/id", "status", "mode"],
            (
                "test_load.row",
                "test_load.meeting",
                "test_load.person",
                "test_load.seat",
                "Present",
                "Remote",
            ),
        )
        return membership, seat, mandate, meeting, row

    def test_external_ids(self):
        membership, seat, mandate, meeting, row = self._load_all()
        self.assertEqual(membership.role_id, self.role_formal)
        self.assertEqual(membership.transition_ids.to_role_id, self.role_formal)
        self.assertEqual((seat.membership_id, seat.vote_weight), (membership, 2.5))
        self.assertEqual((mandate.seat_id, mandate.kind), (seat, "titular"))
        self.assertEqual(meeting.partnership_id, self.partnership)
        self.assertEqual(str(meeting.partnership_date), "2024-06-03")
        self.assertEqual((row.status, row.mode, row.mandate_id), ("present", "remote", mandate))
        self.assertEqual(row.organisation_id, membership.partner_id)

    def test_twice(self):
        models = (
            "res.partner",
            "partnership.membership",
            "partnership.membership.transition",
            "partnership.seat",
            "partnership.mandate",
            "calendar.event",
            "partnership.attendance",
        )
        first = self._load_all()
        before = [self.env[model].search_count([]) for model in models]
        self.assertEqual(self._load_all(), first)
        self.assertEqual([self.env[model].search_count([]) for model in models], before)

    def test_refused_with_the_line(self):
        self._load_all()
        result = self.env["partnership.membership"].load(
            ["id", "partnership_id", "partner_id/id", "role_id", "date_start"],
            [
                [
                    "test_load.again",
                    "Test partnership",
                    "test_load.council",
                    "Test formal",
                    "2024-02-01",
                ]
            ],
        )
        self.assertFalse(result["ids"])
        self.assertIn("Load council", result["messages"][0]["message"])

    def test_templates(self):
        for model in TEMPLATES:
            [template] = self.env[model].get_import_templates()
            with file_open(template["template"].removeprefix("/"), "rb") as file:
                content = file.read()
            base_import = self.env["base_import.import"].create(
                {
                    "res_model": model,
                    "file": content,
                    "file_name": "template.xlsx",
                    "file_type": "application/vnd.openxmlformats-officedocument."
                    "spreadsheetml.sheet",
                }
            )
            preview = base_import.parse_preview({"has_headers": True, "quoting": '"'})
            self.assertNotIn("error", preview, model)
            self.assertEqual(
                len(preview["matches"]), len(preview["headers"]), "every column is recognised"
            )
