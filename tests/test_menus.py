"""What stands behind the menus of both addons, for every kind of user."""

from odoo.tests import TransactionCase, new_test_user, tagged

ADDONS = ("partnership_management", "partnership_training")
GROUP = "partnership_management.partnership_management_group_%s"


@tagged("post_install", "-at_install")
class TestMenus(TransactionCase):
    def _get_actions(self):
        """:return: the window actions of both addons that open as a page of their own"""
        data = self.env["ir.model.data"].search(
            [("module", "in", ADDONS), ("model", "=", "ir.actions.act_window")]
        )
        actions = self.env["ir.actions.act_window"].browse(data.mapped("res_id"))
        return actions.filtered(lambda action: action.target != "new")

    def test_every_action_has_a_path_and_teaches(self):
        actions = self._get_actions()
        self.assertTrue(actions)
        for action in actions:
            self.assertTrue(action.path, f"{action.name} has no path")
            self.assertIn("o_view_nocontent", action.help or "", f"{action.name} has no help")

    def test_every_menu_opens_for_every_user(self):
        for kind in ("facilitator", "officer", "administrator"):
            user = new_test_user(self.env, f"test_{kind}", GROUP % kind)
            env = self.env(user=user)
            visible = self.env["ir.ui.menu"].browse(env["ir.ui.menu"]._visible_menu_ids())
            root = self.env.ref("partnership_management.partnership_menu_root")
            actions = [
                menu.action
                for menu in visible
                if menu.parent_path.startswith(f"{root.id}/")
                and menu.action
                and menu.action._name == "ir.actions.act_window"
            ]
            self.assertGreater(len(actions), 10, kind)
            for action in actions:
                self._open(env, action)

    def _open(self, env, action):
        """Load the views of an action and its first records, as the web client does."""
        Model = env[action.res_model]
        views = [(view or False, mode) for view, mode in action.views]
        loaded = Model.get_views([*views, (action.search_view_id.id, "search")])["views"]
        self.assertIn("search", loaded)
        if Model._transient:
            return
        fnames = [
            name
            for name, field in Model.fields_get(attributes=["type"]).items()
            if field["type"] != "binary"
        ]
        Model.search([], limit=3).read(fnames)
