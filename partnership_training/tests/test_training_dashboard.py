import json

from odoo.tests import HttpCase, tagged
from odoo.tools import file_open

from odoo.addons.partnership_management.tests.test_dashboard import CELLS

from .common import TrainingCase

FILE = "partnership_training/data/files/training_dashboard.json"


@tagged("post_install", "-at_install")
class TestTrainingDashboard(TrainingCase, HttpCase):
    """What the file of the dashboard names exists, and is read without an error by who may."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dashboard = cls.env.ref("partnership_training.spreadsheet_dashboard_training")
        with file_open(FILE) as file:
            cls.book = json.load(file)
        figures = [each["data"] for sheet in cls.book["sheets"] for each in sheet["figures"]]
        cls.charts = [each for each in figures if each["type"].startswith("odoo_")]

    def setUp(self):
        super().setUp()
        self.session = None  # of the browser, not the one of the course

    def _get_sources(self):
        """:return: list of (model, domain, group-bys, aggregates)"""
        sources = [
            (
                each["model"],
                each["domain"],
                [by["fieldName"] for by in each["rows"]],
                [measure["id"] for measure in each["measures"]],
            )
            for each in self.book["pivots"].values()
        ]
        for each in self.charts:
            meta = each["metaData"]
            measure = meta["measure"]
            if measure != "__count":
                measure += f":{self.env[meta['resModel']]._fields[measure].aggregator}"
            domain = each["searchParams"]["domain"]
            sources.append((meta["resModel"], domain, meta["groupBy"], [measure]))
        return sources

    def _get_matched(self):
        """:return: list of (model, how a filter matches it)"""
        pairs = [(each["model"], each) for each in self.book["pivots"].values()]
        pairs += [(each["model"], each) for each in self.book["lists"].values()]
        return pairs + [(each["metaData"]["resModel"], each) for each in self.charts]

    def test_models_fields_and_menus_exist(self):
        self.dashboard._check_spreadsheet_data()
        self.assertTrue(self._get_matched())
        self.assertTrue(self.book["chartOdooMenusReferences"])
        for model, definition in self._get_matched():
            for match in definition["fieldMatching"].values():
                field = self.env[model]._fields[match["chain"]]
                self.assertEqual(match["type"], field.type, f"{model}.{match['chain']}")
        for user in (self.facilitator, self.officer):
            menus = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            for xml_id in self.book["chartOdooMenusReferences"].values():
                self.assertIn(self.env.ref(xml_id).id, menus, xml_id)

    def test_every_source_is_read_by_who_may(self):
        for user in (self.facilitator, self.officer):
            found = 0
            for model, domain, groups, measures in self._get_sources():
                with self.subTest(user=user.login, model=model):
                    Model = self.env[model].with_user(user)
                    found += bool(Model.formatted_read_group(domain, groups, measures))
            self.assertTrue(found)

    def test_shown_to_the_teams_only(self):
        visible = self.env["spreadsheet.dashboard"]
        self.assertIn(self.dashboard, visible.with_user(self.facilitator).search([]))
        self.assertNotIn(self.dashboard, visible.with_user(self.employee).search([]))

    def test_opens_without_an_error_cell(self):
        """Of a partnership with a session, and of a team that has nothing yet."""
        self.env.flush_all()
        for login in ("test_facilitator", "test_stranger"):
            self.browser_js(
                "/odoo/partnership-training",
                CELLS % {"names": "[]"},
                ready="odoo.__WOWL_DEBUG__ !== undefined",
                login=login,
                timeout=120,
            )
