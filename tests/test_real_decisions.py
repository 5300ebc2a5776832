"""The outcome of real decisions, by the rule of their body, against what was published.

Sets are looked for in $PARTNERSHIP_DECISIONS, by default ../shared/decisions; see
real_decisions.py.
"""

import pytest
from real_decisions import DECISIONS, SETS, LoadedDecisions, RealDecisions

from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestRealDecisions(TransactionCase):
    """One test for each set that is there."""

    maxDiff = None

    @pytest.fixture(autouse=True)
    def _take_pytest(self, pytestconfig):
        self.capture = pytestconfig.pluginmanager.getplugin("capturemanager")

    def say(self, text):
        with self.capture.global_and_fixture_disabled():
            print(f"\n{text}", end="", flush=True)

    def test_sets_are_there(self):
        if not SETS:
            self.skipTest(f"no set of real decisions in {DECISIONS}: set PARTNERSHIP_DECISIONS")
        for folder in SETS:
            self.assertTrue(RealDecisions(folder).reference["decisions"], folder)

    def compare(self, folder):
        data = RealDecisions(folder)
        user = new_test_user(
            self.env,
            "real_decisions",
            "partnership_management.partnership_management_group_officer",
            context={"no_reset_password": True},
        )
        loaded = LoadedDecisions(self.env(user=user, su=False), data).load()
        expected, found, groups, met = {}, {}, {}, {}
        faults = []
        for decision_id, published in data.reference["decisions"].items():
            outcome = loaded.get_outcome(decision_id)
            if outcome != published["outcome"] and decision_id in data.reference["faults"]:
                faults.append(
                    f"{decision_id}: published {published['outcome']}, by the rule {outcome} "
                    f"({data.reference['faults'][decision_id]})"
                )
                continue
            expected[decision_id], found[decision_id] = published["outcome"], outcome
            if published.get("groups"):
                groups[decision_id] = published["groups"]
                requirements = loaded.get_requirements(decision_id)
                met[decision_id] = {name: requirements.get(name) for name in published["groups"]}
        self.assertEqual(found, expected)
        self.assertEqual(met, groups)
        self.say(
            f"real decisions, set {data.name}: {len(data.votes)} votes, {len(data.counts)} counts; "
            f"compared: {len(found)} outcomes, {sum(map(len, groups.values()))} requirements of a "
            f"group; {len(faults)} differ by a fault of the source"
        )
        for fault in faults:
            self.say(f"  {fault}")


def add_test(folder):
    def test(self):
        self.compare(folder)

    setattr(TestRealDecisions, f"test_set_{folder.name}", test)


for each in SETS:
    add_test(each)
