import inspect
import re

from odoo.tests import tagged

from .common import PartnershipCase

# What gives one user another answer than the next: what it finds, and what it may do
READS = re.compile(
    r"_read_group|\.search\(|search_count|search_fetch|_search\(|has_access|_filtered_access"
)


class ReaderWalk:
    """A walk over all fields of an addon that are computed anew whenever they are read."""

    allow_inherited_tests_method = True  # Odoo's own runner, too, runs what stands here

    addon = "partnership_management"

    def test_what_is_read_under_rules_is_kept_for_each_reader(self):
        """A value that is computed for one user may not be shown to the next one in the same
        request, a mail or a job that speaks for several."""
        fields = {
            field
            for name in self.env.registry
            for field in self.env[name]._fields.values()
            if self.addon in field._modules and field.compute and not field.store
            if isinstance(field.compute, str) and not field.compute_sudo and not field.related
        }
        found = {field for field in fields if READS.search(self._get_source(field))}
        self.assertGreater(len(found), 10)
        contexts = self.env.registry.field_depends_context
        self.assertEqual(sorted(str(each) for each in found if "uid" not in contexts[each]), [])

    def _get_source(self, field):
        """:return: str, what our own addons say of how it is computed"""
        own = [
            vars(cls)[field.compute]
            for cls in type(self.env[field.model_name]).__mro__
            if field.compute in vars(cls) and ".partnership_" in cls.__module__
        ]
        return "".join(map(inspect.getsource, own))


@tagged("post_install", "-at_install")
class TestReader(PartnershipCase, ReaderWalk):
    pass
