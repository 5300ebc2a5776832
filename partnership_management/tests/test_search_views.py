from lxml import etree

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .common import PartnershipCase


@tagged("post_install", "-at_install")
class TestSearchViews(PartnershipCase):
    """Every filter and every group-by that is offered works, for who only sees own partnerships."""

    def _get_actions(self):
        actions = self.env["ir.model.data"].search(
            [("module", "=", "partnership_management"), ("model", "=", "ir.actions.act_window")]
        )
        return self.env["ir.actions.act_window"].browse(actions.mapped("res_id"))

    def _get_searched_models(self):
        """:return: names of the models of our actions, and of contacts"""
        names = set(self._get_actions().mapped("res_model")) | {"res.partner"}
        return sorted(name for name in names if not self.env[name]._transient)

    def _get_filters(self, model):
        arch = self.env[model].with_user(self.facilitator).get_view(view_type="search")["arch"]
        return etree.fromstring(arch).iter("filter")

    def _add_granularity(self, model, groupby):
        """A date is grouped by month unless something else is said, as the client does it."""
        field = model._fields[groupby.split(":")[0]]
        has_default = field.type in ("date", "datetime") and ":" not in groupby
        return f"{groupby}:month" if has_default else groupby

    def test_filters_and_groups(self):
        names = {"uid": self.facilitator.id, "context_today": None, "time": None}
        self.assertGreater(len(self._get_searched_models()), 10)
        for model in self._get_searched_models():
            Model = self.env[model].with_user(self.facilitator)
            for node in self._get_filters(model):
                with self.subTest(model=model, filter=node.get("name")):
                    if "domain" in node.attrib and "context_today" not in node.get("domain"):
                        Model.search_count(safe_eval(node.get("domain"), dict(names)))
                    context = safe_eval(node.get("context") or "{}", dict(names))
                    if context.get("group_by") and context["group_by"] != "properties":
                        Model.formatted_read_group(
                            [], [self._add_granularity(Model, context["group_by"])], ["__count"]
                        )

    def test_actions_have_a_path_and_teach(self):
        self.assertGreater(len(self._get_actions()), 10)
        for action in self._get_actions():
            if self.env[action.res_model]._transient:
                continue
            with self.subTest(action=action.name):
                self.assertTrue(action.path)
                self.assertIn("o_view_nocontent_smiling_face", action.help or "")

    def test_default_filters_exist(self):
        actions = self._get_actions().filtered("context")
        self.assertGreater(len(actions), 10)
        for action in actions:
            if self.env[action.res_model]._transient:
                continue
            context = safe_eval(action.context, {"active_id": 0, "uid": self.env.uid})
            arch = etree.fromstring(
                self.env[action.res_model].get_view(action.search_view_id.id, view_type="search")[
                    "arch"
                ]
            )
            offered = {node.get("name") for node in arch.iter("filter", "field")}
            for key in context:
                with self.subTest(action=action.name, key=key):
                    if key.startswith("search_default_"):
                        self.assertIn(key.removeprefix("search_default_"), offered)
