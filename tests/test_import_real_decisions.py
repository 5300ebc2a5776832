"""Real votes as one list, through the import wizard, as a facilitator drives it.

Sets are looked for in $PARTNERSHIP_DECISIONS, by default ../shared/decisions; see
real_decisions.py. A set of votes whose quorum was always met is one of one rule for each body,
which a list needs.
"""

import base64
import csv
import io
import time
from collections import Counter

import pytest
from real_decisions import DECISIONS, REFUSED, SETS, LoadedDecisions, RealDecisions

from odoo.tests import TransactionCase, new_test_user, tagged

FOLDERS = [folder for folder in SETS if folder.name == "cabforum"]
GROUP = "partnership_management.partnership_management_group_%s"
HEADER = ["Date", "Body", "Number", "Title", "Voter", "Vote", "Outcome"]


@tagged("post_install", "-at_install")
@pytest.mark.skipif(not FOLDERS, reason=f"no set in {DECISIONS}: set PARTNERSHIP_DECISIONS")
class TestImportRealDecisions(TransactionCase):
    maxDiff = None

    def load(self, data):
        """Voters, bodies, seats and rules of the set are there; its decisions are not."""
        officer, user = (
            new_test_user(
                self.env, f"real_{name}", GROUP % name, context={"no_reset_password": True}
            )
            for name in ("officer", "facilitator")
        )
        loaded = LoadedDecisions(self.env(user=officer, su=False), data)
        loaded.create_members()
        loaded.create_bodies()
        for body in loaded.bodies.values():
            (body.rule_ids - body.rule_ids.browse().concat(*loaded.rules.values())).active = False
        for voter in self.get_namesakes(data):
            loaded.memberships[voter].partner_id.ref = f"voter {voter}"
        loaded.partnership.user_ids = user
        self.env.invalidate_all()
        self.env = self.env(user=user, su=False)
        return loaded

    def get_namesakes(self, data):
        """:return: ids of voters whose name others have as well: a list has their codes"""
        counts = Counter(row["name"].casefold() for row in data.voters)
        return [row["id"] for row in data.voters if counts[row["name"].casefold()] > 1]

    def write_list(self, data):
        """:return: the tables of the set joined, as the text of a CSV file"""
        decisions = {row["id"]: row for row in data.decisions}
        voters = {row["id"]: row["name"] for row in data.voters}
        voters |= {voter: f"voter {voter}" for voter in self.get_namesakes(data)}
        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer)
        writer.writerow(HEADER)
        for vote in data.votes:
            row = decisions[vote["decision_id"]]
            outcome = data.reference["decisions"][row["id"]]["outcome"]
            writer.writerow(
                [row["date"], row["body"], row["id"], row["title"]]
                + [voters[vote["voter_id"]], vote["vote"], outcome]
            )
        return buffer.getvalue()

    def run_import(self, partnership, content):
        wizard = self.env["partnership.import"].create(
            {
                "kind": "decisions",
                "partnership_id": partnership.id,
                "file": base64.b64encode(content.encode()),
                "filename": "votes.csv",
            }
        )
        wizard.action_read()
        wizard.action_match()
        self.assertFalse(wizard.open_count, "every name is that of a member")
        wizard.action_preview()
        wizard.action_import()
        self.env.flush_all()
        return wizard

    def test_same_outcomes(self):
        data = RealDecisions(FOLDERS[0])
        partnership = self.load(data).partnership
        content = self.write_list(data)
        started, queries = time.process_time(), self.env.cr.sql_log_count
        wizard = self.run_import(partnership, content)
        self.assertLess(time.process_time() - started, 30, "seconds of work")
        self.assertLess(self.env.cr.sql_log_count - queries, 300 + 8 * len(data.decisions))
        self.assertEqual(wizard.taken_count, len(data.votes))
        decisions = self.env["partnership.decision"].search(
            [("partnership_id", "=", partnership.id)]
        )
        by_name = {
            f"{row['title']} ({row['id']})": data.reference["decisions"][row["id"]]["outcome"]
            for row in data.decisions
        }
        self.assertEqual(len(by_name), len(data.decisions))
        self.assertEqual(
            {each.name: REFUSED.get(each.outcome, each.outcome) for each in decisions}, by_name
        )
        self.assertFalse(any(wizard.line_ids.mapped("message")), "none differs from the list")
        again = self.run_import(partnership, content)
        self.assertEqual(again.already_count, len(data.votes))
        self.assertEqual(
            self.env["partnership.vote"].search_count([("partnership_id", "=", partnership.id)]),
            len(data.votes),
        )
