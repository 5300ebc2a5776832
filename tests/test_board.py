"""The calls that `./dev bench` times are those of the web client, word for word."""

import json
from functools import wraps
from unittest.mock import patch

from benchmark import PIPELINE
from board import Board

from odoo.tests import HttpCase, new_test_user, tagged

METHODS = ("get_views", "web_read_group", "read_progress_bar")


@tagged("-at_install", "post_install")
class TestBoard(HttpCase):
    maxDiff = None

    def setUp(self):
        super().setUp()
        self.officer = new_test_user(
            self.env,
            "bench_officer",
            groups="base.group_user,partnership_management.partnership_management_group_officer",
        )
        partnership = self.env["partnership.partnership"].create({"name": "Larkmoor Valley"})
        self.env["partnership.candidate"].create(
            {"name": "Beekeepers of Larkmoor", "partnership_id": partnership.id}
        )
        self.calls = {}

    def record(self):
        """Keep what the methods are called with, from here or by the browser."""
        Model = type(self.env["partnership.candidate"])
        for name in METHODS:
            self.patch_method(Model, name)

    def patch_method(self, Model, name):
        method = getattr(Model, name)

        @wraps(method)
        def keep(records, *args, **kwargs):
            call = {"args": args, "context": records.env.context, **kwargs}
            self.calls.setdefault(name, json.loads(json.dumps(call)))
            return method(records, *args, **kwargs)

        patcher = patch.object(Model, name, keep)
        patcher.start()
        self.addCleanup(patcher.stop)

    def test_board_is_opened_as_by_the_web_client(self):
        self.record()
        self.browser_js(
            "/odoo/partnership-candidates",
            "console.log('test successful')",
            ready="document.querySelector('.o_kanban_record .fw-bold') !== null",
            login="bench_officer",
        )
        asked, self.calls = self.calls, {}
        Board(self.env, self.officer, PIPELINE, [("state", "!=", "refused")]).open()
        self.assertEqual(set(asked), set(METHODS))
        for name in METHODS:
            with self.subTest(method=name):
                self.assertEqual(self.calls[name], asked[name])
