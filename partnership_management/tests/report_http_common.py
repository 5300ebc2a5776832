import re

from odoo.tools import mute_logger

BAD_DOMAINS = [
    [["nonsense", "=", 1]],
    [["partnership_id.nonsense", "=", 1]],
    [["partnership_id.user_ids.password", "ilike", "x"]],
    [["partnership_id", "nonsense", 1]],
    [["partnership_id", "=", {"x": 1}]],
    [["partnership_id", "in", "x"]],
    [["id", "in", [2**70, -1]]],
    ["&", ["partnership_id", "!=", False]],
    ["|"],
    [[]],
    "[('id', '=', ",
    7,
]
# What only our own code may put in the context, or not as it is here
BAD_CONTEXTS = [
    {"partnership_report_asked": [["partnership_id", "!=", False]]},
    {"as_of": "nonsense"},
    {"as_of": {"x": 1}},
    {"active_test": False, "lang": "x'; --"},
    {"allowed_company_ids": [2**31 - 1]},
]


class ReportHttpWalk:
    """A walk over all reports of the addon, asked over HTTP by who has no business there."""

    allow_inherited_tests_method = True  # Odoo's own runner, too, runs what stands here

    def _ask(self, report, method, *args, **kwargs):
        """:return: what the server answers, {"result": ...} or {"error": ...}; never a word of
        the partnerships in ``self.hidden``"""
        params = {"model": report._name, "method": method, "args": args, "kwargs": kwargs}
        response = self.url_open(
            f"/web/dataset/call_kw/{report._name}/{method}",
            json={"jsonrpc": "2.0", "id": 0, "method": "call", "params": params},
        )
        self.assertEqual(response.status_code, 200)
        answer = response.json()
        what = f"{self.login}: {report._name}.{method} {args} {kwargs}"
        error = answer.get("error", {}).get("data", {})
        self.assertNotRegex(repr([answer.get("result"), error.get("message")]), self.hidden, what)
        self.assertNotIn("psycopg2", error.get("name", ""), what)
        return answer

    def assertDenied(self, report, method, *args, **kwargs):
        answer = self._ask(report, method, *args, **kwargs)
        name = answer.get("error", {}).get("data", {}).get("name")
        self.assertEqual(name, "odoo.exceptions.AccessError", f"{method} {args}: {answer}")

    def _enter(self, user, own):
        """:param own: the partnerships of ``user``"""
        self.places.active = True
        self.login = user.login
        self.authenticate(user.login, user.login)
        hidden = self.places - own
        names = [rf"Test (actor|person|course) {place.id}\b" for place in hidden]
        names += [rf"{re.escape(place.name)}\b" for place in hidden]
        self.hidden = "|".join(names) or "(?!)"

    def _get_queries(self, report, row):
        """:return: list of (method, args, kwargs) that read, each of all rows or of ``row``"""
        names = [name for name, field in report._fields.items() if field.column_type]
        selection = next(
            (
                field
                for field in report._fields.values()
                if field.type == "selection" and field.store
            ),
            report._fields["partnership_id"],
        )
        bar = {"field": selection.name, "colors": {"public": "success"}}
        specification = {name: {} for name in names}
        for domain in ([], [["id", "=", row.id]], [["partnership_id", "in", self.places.ids]]):
            yield "search_read", [domain, names], {}
            yield "web_search_read", [domain, specification], {}
            yield "search_count", [domain], {}
            yield "formatted_read_group", [domain, ["partnership_id"], ["__count"]], {}
            yield "formatted_read_grouping_sets", [domain, [[], ["partnership_id"]]], {}
            yield "web_read_group", [domain, ["partnership_id"], ["__count"]], {}
            yield "read_progress_bar", [domain, "partnership_id", bar], {}
            yield "name_search", ["", domain], {}
        yield "search_panel_select_range", ["partnership_id"], {"enable_counters": True}

    def _get_writes(self, report, row):
        yield "write", [row.ids, {"partnership_id": self.places[1].id}]
        yield "web_save", [row.ids, {"partnership_id": self.places[1].id}, {}]
        yield "web_save", [[], {"partnership_id": self.places[1].id}, {}]
        yield "create", [[{"partnership_id": self.places[1].id}]]
        yield "unlink", [row.ids]
        yield "copy", [row.ids]

    def _get_row(self, report):
        return report.search([("partnership_id", "=", self.partnership.id)], limit=1)

    @mute_logger("odoo.http")
    def test_portal_gets_nothing(self):
        self._enter(self.portal_user, self.places.browse())
        for report in self._get_reports():
            row = self._get_row(report)
            for method, args, kwargs in self._get_queries(report, row):
                self.assertDenied(report, method, *args, **kwargs)
            self.assertDenied(report, "read", row.ids, ["display_name"])
            self.assertDenied(report, "web_read", row.ids, {"display_name": {}})
            for method, args in self._get_writes(report, row):
                self.assertDenied(report, method, *args)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_foreign_facilitator_gets_nothing_of_others(self):
        self._enter(self.stranger, self.places[1])
        for report in self._get_reports():
            row = self._get_row(report)
            own = report.with_user(self.stranger).search([])
            self.assertTrue(own, report._name)
            found = {}
            for method, args, kwargs in self._get_queries(report, row):
                found[method, str(args[0])] = self._ask(report, method, *args, **kwargs)["result"]
            every = found["search_read", "[]"]
            self.assertEqual({each["id"] for each in every}, set(own.ids))
            self.assertEqual(found["search_count", str([["id", "=", row.id]])], 0)
            self.assertFalse(found["search_read", str([["id", "=", row.id]])])
            self.assertDenied(report, "read", row.ids, ["display_name"])
            self.assertDenied(report, "read", (own[0] + row).ids, ["display_name"])
            self.assertDenied(report, "web_read", row.ids, {"partnership_id": {}})
            self.assertDenied(report, "export_data", row.ids, ["partnership_id/name"])

    @mute_logger("odoo.http")
    def test_nobody_writes(self):
        for user in (self.stranger, self.facilitator, self.officer):
            self._enter(user, self.places)
            for report in self._get_reports():
                seen = report.with_user(user).search([], limit=1)
                row = report.browse(seen.id)
                for method, args in self._get_writes(report, row):
                    self.assertDenied(report, method, *args)
                loaded = self._ask(report, "load", ["partnership_id/.id"], [["1"]])
                self.assertFalse(loaded["result"]["ids"])

    @mute_logger("odoo.http")
    def test_bad_questions_are_no_raw_errors(self):
        self._enter(self.stranger, self.places[1])
        for report in self._get_reports():
            for domain in BAD_DOMAINS:
                self._ask(report, "search_read", domain, ["partnership_id"])
                self._ask(report, "formatted_read_group", domain, ["partnership_id"], ["__count"])
            for context in BAD_CONTEXTS:
                self._ask(report, "search_read", [], ["partnership_id"], context=context)
                self._ask(report, "search_count", [], context=context)
