"""Names of ours beside those of all the apps that are installed: no two that look the same."""

from collections import defaultdict

from lxml import etree

from odoo.tests import TransactionCase, tagged

ADDONS = {"partnership_management", "partnership_training"}
SCREENS = (("res.partner", "form"), ("res.partner", "search"))


@tagged("post_install", "-at_install")
class TestNames(TransactionCase):
    def assertApart(self, names, ours):
        """:param names: pairs of a name as people read it, and what has it

        :param ours: what of it is from our addons
        """
        self.assertTrue(ours)
        found = defaultdict(set)
        for name, bearer in names:
            found[name.strip().lower()].add(bearer)
        doubles = [
            f"{name}: {', '.join(sorted(bearers))}"
            for name, bearers in found.items()
            if len(bearers) > 1 and bearers & ours
        ]
        self.assertFalse(doubles, "\n".join(doubles))

    def _get_external_ids(self, records):
        """:return: {id: external id}, where one of ours stands before one of another module"""
        data = self.env["ir.model.data"].search(
            [("model", "=", records._name), ("res_id", "in", records.ids)]
        )
        data = data.sorted(lambda row: row.module in ADDONS)
        return {row.res_id: row.complete_name for row in data}

    def assertRecordsApart(self, records, fname):
        """The records themselves are apart in what a field says."""
        names = self._get_external_ids(records)
        self.assertApart(
            [(record[fname], names.get(record.id, str(record))) for record in records],
            {name for name in names.values() if name.partition(".")[0] in ADDONS},
        )

    def _is_ours(self, field):
        while field.inherited:
            field = field.related_field
        return bool(field._modules) and ADDONS.issuperset(field._modules)

    def test_fields(self):
        fields = [
            field
            for name in self.env.registry
            if not self.env[name]._abstract
            for field in self.env[name]._fields.values()
        ]
        names = [(f"{field.string} on {field.model_name}", str(field)) for field in fields]
        self.assertApart(names, {str(field) for field in fields if self._is_ours(field)})

    def test_models(self):
        """By these, people choose what an activity, a filter or a template is for."""
        models = self.env["ir.model"].search([("transient", "=", False), ("abstract", "=", False)])
        self.assertRecordsApart(models, "name")

    def test_apps(self):
        self.assertRecordsApart(self.env["ir.ui.menu"].search([("parent_id", "=", False)]), "name")

    def test_rights(self):
        """By these, an administrator gives a user access."""
        self.assertRecordsApart(self.env["res.groups.privilege"].search([]), "name")

    def test_screens(self):
        """Tabs, counters and filters of Odoo's own screens, with what every app adds to them."""
        data = self.env["ir.model.data"].search(
            [("model", "=", "ir.ui.view"), ("module", "in", [*ADDONS])]
        )
        views = self.env["ir.ui.view"].browse(data.mapped("res_id")).filtered("inherit_id")
        for model, kind in SCREENS:
            extended = views.filtered_domain([("model", "=", model), ("type", "=", kind)])
            ours = {name for view in extended for name in self._get_names(view.arch)}
            self.assertTrue(ours, model)
            names = self._get_names(self.env[model].get_view(view_type=kind)["arch"])
            self.assertTrue([name for name in names if name in ours], model)
            self.assertFalse([name for name in ours if names.count(name) > 1], model)

    def _get_names(self, arch):
        path = "//page | //filter | //div[@name='button_box']//field"
        found = etree.fromstring(arch).xpath(path)
        return [(each.tag, each.get("string")) for each in found if each.get("string")]
