import json
import re

from odoo import fields
from odoo.fields import Domain
from odoo.tests import HttpCase, tagged
from odoo.tools import file_open

from .composition.composition_common import CompositionCase

FILES = "partnership_management/data/files/enlargement_%s.json"
# One function of a cell: its name and its arguments, such as ODOO.LIST(1,2,"name")
CALL = re.compile(
    r"(ODOO\.LIST\.HEADER|ODOO\.LIST|PIVOT\.HEADER|PIVOT\.VALUE)\(((?:[^()\"]|\"[^\"]*\")*)"
)
RANGE = re.compile(r"(\w+)!([A-Z])(\d+)(?::([A-Z])(\d+))?")
# Wait until all that the cells and figures read has come; any error that stays is told
CELLS = """
const limit = Date.now() + 40000;
const look = () => {
    const loader = odoo.__WOWL_DEBUG__.root.env.services.spreadsheet_dashboard_loader;
    const dashboard = loader?.getActiveDashboard();
    const bad = [];
    if (dashboard?.status === "Loaded") {
        const getters = dashboard.model.getters;
        for (const sheetId of getters.getSheetIds()) {
            for (const figure of getters.getFigures(sheetId)) {
                getters.getChartRuntime(getters.getChartIdFromFigureId(figure.id));
            }
            const { bottom, right } = getters.getSheetZone(sheetId);
            for (let row = 0; row <= bottom; row++) {
                for (let col = 0; col <= right; col++) {
                    const cell = getters.getEvaluatedCell({ sheetId, row, col });
                    if (cell.type === "error") {
                        bad.push(`${col},${row} ${cell.value} ${cell.message}`);
                    }
                }
            }
        }
        const text = (col, row) => getters.getEvaluatedCell(
            { sheetId: getters.getSheetIds()[0], col, row }).formattedValue;
        if (!bad.length && %(names)s.every((name, row) => text(0, 8 + row) === name)) {
            console.log("test successful");
            return;
        }
    }
    if (Date.now() > limit) {
        console.error(`dashboard: ${dashboard?.status} ${dashboard?.error} ${bad.join("; ")}`);
        return;
    }
    setTimeout(look, 200);
};
look();
"""


@tagged("post_install", "-at_install")
class TestDashboard(CompositionCase, HttpCase):
    """What the file of the dashboard names exists, and is read without an error by who may."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dashboard = cls.env.ref("partnership_management.spreadsheet_dashboard_enlargement")
        with file_open(FILES % "dashboard") as file:
            cls.book = json.load(file)
        cls.sheets = {sheet["name"]: sheet for sheet in cls.book["sheets"]}
        cls.figures = [each["data"] for sheet in cls.book["sheets"] for each in sheet["figures"]]
        cls.charts = [each for each in cls.figures if each["type"].startswith("odoo_")]
        cls.env["partnership.enlargement.round"].create(
            {"name": "Test round", "partnership_id": cls.partnership.id}
        )

    def _get_sources(self):
        """:return: list of (model, domain, group-bys, aggregates or None of a list, definition)"""
        sources = [(each["model"], each["domain"], [], None, each) for each in self._lists()]
        for each in self.book["pivots"].values():
            groups = [by["fieldName"] for by in each["rows"] + each["columns"]]
            measures = [measure["id"] for measure in each["measures"]]
            sources.append((each["model"], each["domain"], groups, measures, each))
        for each in self.charts:
            meta, domain = each["metaData"], each["searchParams"]["domain"]
            measure = meta["measure"]
            if measure != "__count":
                measure += f":{self.env[meta['resModel']]._fields[measure].aggregator}"
            sources.append((meta["resModel"], domain, meta["groupBy"], [measure], each))
        return sources

    def _lists(self):
        return self.book["lists"].values()

    def _get_calls(self):
        """:return: list of (function, arguments) in all cells"""
        cells = [cell for sheet in self.sheets.values() for cell in sheet["cells"].values()]
        return [
            (name, [word.strip('"') for word in arguments.split(",")])
            for cell in cells
            for name, arguments in CALL.findall(cell)
        ]

    def _filter(self, domain, definition, partnership):
        """:return: the domain of a source with both filters set, as the web client adds them"""
        matching = definition["fieldMatching"]
        day = fields.Date.to_string(fields.Date.today())
        domain = Domain(domain)
        if "partnership" in matching:
            domain &= Domain(matching["partnership"]["chain"], "in", partnership.ids)
        if "period" in matching:
            domain &= Domain(matching["period"]["chain"], "<=", day)
        return domain

    def _read(self, user, source, partnership=None):
        """Read a source as the web client does. :return: records, or groups"""
        model, domain, groups, measures, definition = source
        Model = self.env[model].with_user(user)
        if partnership:
            domain = self._filter(domain, definition, partnership)
        if measures is not None:
            return Model.formatted_read_group(list(domain), groups, measures)
        order = ", ".join(
            f"{by['name']} {'ASC' if by['asc'] else 'DESC'}" for by in definition["orderBy"]
        )
        specification = {column: {} for column in definition["columns"]}
        return Model.web_search_read(list(domain), specification, order=order)["records"]

    def test_models_fields_measures_and_menus_exist(self):
        """Also by the check of Odoo, that is made in tests only."""
        self.dashboard._check_spreadsheet_data()
        self.assertGreater(len(self._get_sources()), 5)
        self.assertTrue(self.book["chartOdooMenusReferences"])
        for model, _domain, groups, measures, definition in self._get_sources():
            names = [name.partition(":")[0] for name in [*groups, *(measures or [])]]
            chains = [each["chain"] for each in definition["fieldMatching"].values()]
            for name in {*names, *chains} - {"__count"}:
                with self.subTest(model=model, name=name):
                    self.assertIn(name, self.env[model]._fields)
        for user in (self.facilitator, self.officer):
            menus = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            for xml_id in self.book["chartOdooMenusReferences"].values():
                self.assertIn(self.env.ref(xml_id).id, menus, xml_id)

    def test_filters_are_of_the_type_of_their_field(self):
        filters = {each["id"]: each for each in self.book["globalFilters"]}
        self.assertEqual(filters.keys(), {"partnership", "period"})
        for model, _domain, _groups, _measures, definition in self._get_sources():
            self.assertIn("partnership", definition["fieldMatching"], model)
            for name, match in definition["fieldMatching"].items():
                field = self.env[model]._fields[match["chain"]]
                self.assertEqual(match["type"], field.type)
                if name == "partnership":
                    target = field.comodel_name or model
                    self.assertEqual(target, filters[name]["modelName"])

    def test_cells_read_what_the_file_defines(self):
        calls = self._get_calls()
        self.assertTrue(calls)
        for name, (number, *arguments) in calls:
            if name.startswith("ODOO.LIST"):
                column = arguments[0 if name == "ODOO.LIST.HEADER" else 1]
                self.assertIn(column, self.book["lists"][number]["columns"])
                continue
            pivot = self.book["pivots"][number]
            if name == "PIVOT.VALUE":
                self.assertIn(arguments[0], [each["id"] for each in pivot["measures"]])
                del arguments[0]
            rows = [each["fieldName"] for each in pivot["rows"]]
            self.assertIn(arguments[0].lstrip("#") if arguments else None, [*rows, None])

    def test_figures_read_filled_cells(self):
        figures = [figure for figure in self.figures if figure not in self.charts]
        self.assertTrue(figures)
        for figure in figures:
            ranges = [figure.get(key) for key in ("keyValue", "baseline", "labelRange")]
            ranges += [each["dataRange"] for each in figure.get("dataSets", [])]
            for text in filter(None, ranges):
                sheet, column, first, _column, last = RANGE.fullmatch(text).groups()
                for row in range(int(first), int(last or first) + 1):
                    self.assertIn(f"{column}{row}", self.sheets[sheet]["cells"], text)

    def test_every_source_is_read_by_who_may(self):
        """Of an empty partnership and of one with members, with filters and without."""
        for counts in ((), (4, 3, 1)):
            self._create_members(*(counts or (0, 0, 0)))
            self.env.flush_all()
            for user in (self.facilitator, self.officer):
                found = 0
                for source in self._get_sources():
                    with self.subTest(user=user.login, members=counts, source=source[0]):
                        self._read(user, source)
                        found += bool(self._read(user, source, self.partnership))
                self.assertTrue(found)

    def test_shown_to_the_teams_only(self):
        visible = self.env["spreadsheet.dashboard"]
        for user in (self.facilitator, self.officer):
            self.assertIn(self.dashboard, visible.with_user(user).search([]))
        self.assertNotIn(self.dashboard, visible.with_user(self.employee).search([]))

    def test_a_facilitator_sees_the_own_partnerships(self):
        self._create_members(4, 3, 1)
        self.env.flush_all()
        self.assertTrue(self._get_sources())
        for source in self._get_sources():
            with self.subTest(source=source[0]):
                rows = self._read(self.stranger, source, self.partnership)
                if source[3] is not None and not source[2]:
                    # Without a group-by there is one row, of nothing
                    self.assertFalse(any(rows[0][measure] for measure in source[3]))
                else:
                    self.assertFalse(rows)

    def test_reasons_in_a_line(self):
        self.partnership.sudo().readiness_reasons = "<ul><li>One.</li><li>Two &amp; more.</li></ul>"
        self.assertEqual(self.partnership.readiness_summary, "One. Two & more.")
        self.partnership.sudo().readiness_reasons = False
        self.assertEqual(self.partnership.readiness_summary, "")

    def _open(self, login, *names):
        self.browser_js(
            "/odoo/partnership-enlargement",
            CELLS % {"names": json.dumps(names)},
            ready="odoo.__WOWL_DEBUG__ !== undefined",
            login=login,
            timeout=120,
        )

    def test_opens_without_an_error_cell(self):
        others = self.env["partnership.partnership"].search([("id", "!=", self.partnership.id)])
        others.active = False
        self._create_members(4, 3, 1)
        self._open("test_officer", "Test partnership")

    def test_opens_of_an_empty_partnership(self):
        self._open("test_facilitator", "Test partnership")

    def test_without_a_partnership_there_is_a_sample(self):
        sample = self.dashboard._get_sample_dashboard()
        self.assertEqual([sheet["name"] for sheet in sample["sheets"]], list(self.sheets))
        self.assertFalse(sample["lists"] or sample["pivots"] or sample["globalFilters"])
        self.assertTrue(self.dashboard.with_user(self.stranger)._dashboard_is_empty())
        self.assertFalse(self.dashboard.with_user(self.facilitator)._dashboard_is_empty())
        self._open("test_stranger", sample["sheets"][0]["cells"]["A9"])
