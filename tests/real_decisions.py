"""Sets of real decisions: where they are and how they are loaded.

A set is a folder with rules.csv, decisions.csv, voters.csv, votes.csv or counts.csv and, computed
or published elsewhere, reference.json. Its README says what the tables hold.
"""

import csv
import json
import os
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DECISIONS = Path(os.environ.get("PARTNERSHIP_DECISIONS") or ROOT.parent / "shared" / "decisions")
SETS = sorted(file.parent for file in DECISIONS.glob("*/reference.json"))
CHOICES = {"abstain": "abstained"}  # the others are named as we name them
COUNTS = {"yes": "yes", "no": "no", "abstain": "abstained", "not_voted": "not_voted"}
# What the reference calls refused
REFUSED = {"unbalanced": "refused", "repeat": "refused"}
QUIET = {"tracking_disable": True, "mail_create_nosubscribe": True, "mail_notrack": True}


def parse_threshold(text, strict=False):
    """:return: values of a rule, or of a group that it names: ``2/3`` is at least, ``1/2+`` more"""
    share = Fraction(text.rstrip("+"))
    return {
        "threshold_type": "more" if strict or text.endswith("+") else "least",
        "threshold_numerator": share.numerator,
        "threshold_denominator": share.denominator,
    }


class RealDecisions:
    """The tables of one folder, as lists of dict."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.name = self.folder.name
        self.reference = json.loads((self.folder / "reference.json").read_text("utf-8"))
        for table in ("rules", "decisions", "voters", "votes", "counts"):
            setattr(self, table, self.read(table))

    def read(self, table):
        path = self.folder / f"{table}.csv"
        if not path.exists():
            return []
        with open(path, newline="", encoding="utf-8-sig") as file:
            return list(csv.DictReader(file))


class LoadedDecisions:
    """A set in the database, recorded through the models as a user of the product."""

    def __init__(self, env, data):
        self.env = env(context={**env.context, **QUIET})
        self.data = data
        self.since = min(row["date"] for row in data.decisions)
        self.start = date.fromisoformat(self.since) - timedelta(days=1)

    def load(self):
        self.create_members()
        self.create_bodies()
        self.create_decisions()
        self.record()
        return self

    def create(self, model, vals_list):
        return self.env[f"partnership.{model}"].create(vals_list)

    def create_members(self):
        self.partnership = (
            self.env["partnership.partnership"]
            .sudo()
            .create({"name": self.data.name, "tz": "UTC", "user_ids": self.env.user.ids})
        )
        role = self.env["partnership.role"].sudo().create({"name": "Voter", "is_formal": True})
        named = {row["group"] for row in (*self.data.voters, *self.data.counts) if row["group"]}
        for rule in self.data.rules:
            named |= {text.split("=")[0] for text in rule["group_rules"].split(";") if text}
        groups = (
            self.env["partnership.interest.group"]
            .sudo()
            .create([{"name": name, "sector": "economic"} for name in sorted(named)])
        )
        self.groups = dict(zip(sorted(named), groups, strict=True))
        partners = self.env["res.partner"].create(
            [{"name": row["name"], "is_company": True} for row in self.data.voters]
        )
        memberships = self.create(
            "membership",
            [
                {
                    "partnership_id": self.partnership.id,
                    "partner_id": partner.id,
                    "role_id": role.id,
                    "interest_group_id": row["group"] and self.groups[row["group"]].id,
                    "date_start": self.start,
                }
                for row, partner in zip(self.data.voters, partners, strict=True)
            ],
        )
        self.memberships = {
            row["id"]: membership
            for row, membership in zip(self.data.voters, memberships, strict=True)
        }

    def create_bodies(self):
        """A body for each name, with the seats of all who ever voted there, and the rules."""
        place = {row["id"]: row["body"] for row in self.data.decisions}
        voters = {name: {} for name in place.values()}
        for vote in self.data.votes:
            voters[place[vote["decision_id"]]][vote["voter_id"]] = True
        bodies = self.create(
            "body",
            [
                {"name": name, "partnership_id": self.partnership.id, "quorum_type": "none"}
                for name in voters
            ],
        )
        self.bodies = dict(zip(voters, bodies, strict=True))
        places = [(name, voter) for name, ids in voters.items() for voter in ids]
        seats = self.create(
            "seat",
            [
                {
                    "body_id": self.bodies[name].id,
                    "membership_id": self.memberships[voter].id,
                    "date_start": self.start,
                }
                for name, voter in places
            ],
        )
        self.seats = dict(zip(places, seats, strict=True))
        wanted = sorted({(row["body"], row["rule_id"]) for row in self.data.decisions})
        numbers = {row["id"]: self.get_rule_values(row) for row in self.data.rules}
        rules = self.create(
            "decision.rule",
            [{"body_id": self.bodies[body].id, **numbers[rule]} for body, rule in wanted],
        )
        self.rules = dict(zip(wanted, rules, strict=True))

    def get_rule_values(self, row):
        groups = dict(text.split("=") for text in row["group_rules"].split(";") if text)
        each = bool(groups) or row["yes_in_each_group"] == "1"
        together = "each_and_all" if row["threshold"] else "each"
        values = {
            "name": row["id"],
            "base": row["base"] or "yes_no",
            "by_group": together if each else "none",
            "own_quorum": True,
            "quorum_type": "none",
            "quorum_counted": row["quorum_counts"] or "cast",
            "group_ids": [
                (0, 0, self.get_group_values(name, text)) for name, text in groups.items()
            ],
        }
        if row["one_no_fails"] == "1":
            return {**values, "threshold_type": "no_objection"}
        if row["threshold"]:
            return {**values, **parse_threshold(row["threshold"], row["strict"] == "1")}
        return values

    def get_group_values(self, name, text):
        return {
            "interest_group_id": self.groups[name].id,
            "has_threshold": True,
            **parse_threshold(text),
        }

    def create_decisions(self):
        decisions = self.create(
            "decision",
            [
                {
                    "name": row["title"],
                    "body_id": self.bodies[row["body"]].id,
                    "rule_id": self.rules[row["body"], row["rule_id"]].id,
                    "date": row["date"],
                    **self.get_quorum_values(row),
                }
                for row in self.data.decisions
            ],
        )
        self.decisions = {
            row["id"]: decision
            for row, decision in zip(self.data.decisions, decisions, strict=True)
        }

    def get_quorum_values(self, row):
        if not row["quorum_needed"]:
            return {}
        return {"quorum_type": "seats", "quorum_seats": int(row["quorum_needed"])}

    def record(self):
        place = {row["id"]: row["body"] for row in self.data.decisions}
        choices, hands = {}, {}
        for row in self.data.votes:
            decision = self.decisions[row["decision_id"]]
            seat = self.seats[place[row["decision_id"]], row["voter_id"]]
            choice = CHOICES.get(row["vote"], row["vote"])
            choices.setdefault(decision, {})[seat] = choice
        for row in self.data.counts:
            decision = self.decisions[row["decision_id"]]
            group = row["group"] and self.groups[row["group"]].id
            hands.setdefault(decision, {})[group or False] = {
                name: int(row[column] or 0) for column, name in COUNTS.items()
            }
        decisions = self.env["partnership.decision"].concat(*self.decisions.values())
        decisions._record(choices, hands)

    def get_outcome(self, decision_id):
        """:return: adopted, refused or no_quorum"""
        outcome = self.decisions[decision_id].outcome
        return REFUSED.get(outcome, outcome)

    def get_requirements(self, decision_id):
        """:return: dict name of a group -> whether what is asked of it was met"""
        names = {group.id: name for name, group in self.groups.items()}
        outcome = self.decisions[decision_id]._find_outcome()
        return {names[step.group]: step.is_met for step in outcome.steps if step.kind == "each"}
