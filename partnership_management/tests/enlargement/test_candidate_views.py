from freezegun import freeze_time
from lxml import etree

from odoo import fields
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .candidate_common import CandidateCase


@tagged("post_install", "-at_install")
class TestCandidateViews(CandidateCase):
    def test_filters_and_groups(self):
        """Every filter of the search view finds something or nothing, without an error."""
        self._create_candidates(3)
        view = self.env.ref("partnership_management.partnership_candidate_view_search")
        nodes = list(etree.fromstring(view.arch).iter("filter"))
        self.assertGreater(len(nodes), 5)
        for node in nodes:
            domain = safe_eval(node.get("domain") or "[]", {"uid": self.env.uid})
            self.Candidate.search(domain)
            group_by = safe_eval(node.get("context") or "{}").get("group_by")
            if group_by:
                groups = self.Candidate.formatted_read_group(domain, [group_by], ["__count"])
                self.assertTrue(groups, node.get("name"))

    @freeze_time("2024-06-15 12:00:00")
    def test_board_shows_empty_stages(self):
        candidate = self._create_candidate("Test beekeepers")
        candidate.activity_schedule(
            "mail.mail_activity_data_call", fields.Date.context_today(candidate)
        )
        groups = self.Candidate.with_context(read_group_expand=True).web_read_group(
            [("partnership_id", "=", self.partnership.id)], ["stage_id"], ["__count"]
        )["groups"]
        shown = {group["stage_id"][0] for group in groups}
        self.assertLessEqual(set((self.stage_contacted + self.stage_admitted).ids), shown)
        progress = self.Candidate.read_progress_bar(
            [("partnership_id", "=", self.partnership.id)],
            "stage_id",
            {"field": "activity_state", "colors": {"today": "warning"}},
        )
        self.assertTrue(progress)

    def test_form(self):
        council = self._create_organisation("Test council")
        council.email = "council@test.example"
        with Form(self.Candidate.with_user(self.facilitator)) as form:
            form.partner_id = council
            form.partnership_id = self.partnership
            form.interest_group_id = self.group_public
        candidate = form.record
        self.assertEqual(candidate.email, "council@test.example")
        self.assertEqual(council.name, "Test council")
        with Form(candidate) as form:
            form.phone = "+32 2 555 01 23"
            form.interest_group_id = self.group_economic
            form.stage_id = self.stage_informal
        self.assertEqual(council.phone, "+32 2 555 01 23")
        self.assertEqual(candidate.membership_id.role_id, self.role_informal)
        self.assertEqual(candidate.membership_id.interest_group_id, self.group_economic)

    def test_quick_creation_in_a_column(self):
        view = "partnership_management.partnership_candidate_view_form_quick_create"
        Candidate = self.Candidate.with_context(default_stage_id=self.stage_informal.id)
        form = Form(Candidate, view=view)
        form.partner_id = self._create_organisation("Test beekeepers")
        form.partnership_id = self.partnership
        candidate = form.save()
        self.assertEqual(candidate.stage_id, self.stage_informal)
        self.assertEqual(candidate.membership_id.role_id, self.role_informal)

    def test_import(self):
        """A clean table goes in by Odoo's own import, and a second time by external id."""
        self._create_member("Test council", self.role_active)
        fnames = ["id", "name", "partnership_id", "interest_group_id", "stage_id", "target_form"]
        rows = [
            [
                "test.one",
                "Test beekeepers",
                "Test partnership",
                "Test firms",
                "Test admitted",
                "formal",
            ],
            ["test.two", "Test choir", "Test partnership", "", "Test informal", "informal"],
            ["test.three", "Test council", "Test partnership", "", "Test contacted", "formal"],
        ]
        result = self.Candidate.load(fnames, rows)
        self.assertFalse(result["messages"])
        candidates = self.Candidate.browse(result["ids"])
        self.assertEqual(
            candidates.membership_id.mapped("role_id"),
            self.role_formal + self.role_informal + self.role_active,
        )
        self.assertEqual(
            [card.interest_group_id for card in candidates],
            [self.group_economic, self.env["partnership.interest.group"], self.group_public],
        )
        again = self.Candidate.load(fnames, rows)
        self.assertEqual(again["ids"], result["ids"])
        self.assertEqual(len(candidates.membership_id.transition_ids), 4)

    def test_links(self):
        candidate = self._create_candidate("Test beekeepers")
        self._refuse(self._create_candidate("Test choir"))
        self.assertEqual(self.partnership.candidate_count, 1)
        action = self.partnership.action_open_candidates()
        self.assertIn(candidate, self.Candidate.search(action["domain"]))
        self.assertEqual(candidate.action_open_membership()["res_id"], candidate.membership_id.id)
        self.assertIn("calendar", candidate.action_schedule_meeting()["res_model"])
