import itertools
import random
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from ...tools.network_layout import ROOM, lay_out
from .relation_common import RelationCase


@tagged("post_install", "-at_install")
class TestRelationNetwork(RelationCase, HttpCase):
    def _get_network(self, date="2024-06-15", user=None, **values):
        self.env.flush_all()
        self.env.invalidate_all()
        return (
            self.Relation.with_user(user or self.facilitator)
            .with_context(active_test=True)
            .get_network(self.partnership.id, date, **values)
        )

    def _tie(self, members, count):
        """Ties of every kind between ``members``, the same at each run."""
        pairs = list(itertools.combinations(members, 2))
        kinds = ("competitor", "none", "cooperating", "associate")
        for number, (member, other) in enumerate(random.Random(3).sample(pairs, count)):
            self._create_relation(
                member, other, kind=kinds[number % 4], intensity=number % 6, evidence="Test"
            )

    # ------------------------------------------------------------
    # What the picture is made of
    # ------------------------------------------------------------

    def test_members_and_ties_of_the_day(self):
        tie = self._create_relation(self.council, self.firm, kind="competitor", intensity=4)
        tie._change(fields.Date.to_date("2024-04-01"), {"kind": "associate"})
        before, after = self._get_network("2024-03-31"), self._get_network("2024-04-01")
        self.assertEqual([each["kind"] for each in before["ties"]], ["competitor"])
        self.assertEqual([each["kind"] for each in after["ties"]], ["associate"])
        self.assertEqual(after["ties"][0]["members"], [self.council.id, self.firm.id])
        self.assertEqual(after["ties"][0]["intensity"], 4)
        self.assertEqual(
            {member["name"] for member in after["members"]},
            {"Test council", "Test firm", "Test club"},
        )
        self.assertFalse(self._get_network("2023-12-31")["members"])

    def test_group_and_role_are_those_of_the_day(self):
        self.firm.with_context(transition_date="2024-05-01").write(
            {"interest_group_id": self.group_civil.id, "role_id": self.role_contacted.id}
        )
        before = {each["id"]: each for each in self._get_network("2024-04-30")["members"]}
        self.assertEqual(before[self.firm.id]["group_id"], self.group_economic.id)
        after = self._get_network("2024-05-01")["members"]
        self.assertNotIn(self.firm.id, [each["id"] for each in after], "no member, no tie")
        self._create_relation(self.firm, self.club)
        after = {each["id"]: each for each in self._get_network("2024-05-01")["members"]}
        self.assertEqual(after[self.firm.id]["group_id"], self.group_civil.id)
        self.assertEqual(after[self.firm.id]["role"], "Test contacted")

    def test_foreign_users(self):
        for user in (self.stranger, self.employee, self.portal_user):
            with self.assertRaises(AccessError):
                self._get_network(user=user)
        mine = self.Relation.with_user(self.stranger).get_network()
        self.assertEqual((mine["members"], mine["partnerships"]), ([], []))

    def test_queries_do_not_grow_with_the_members(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.Relation.get_network(self.partnership.id, "2024-06-15")
            return self.cr.sql_log_count - before

        self._tie(self.council + self.firm + self.club, 3)
        count()
        few = count()
        self._tie(self._create_members(20), 40)
        self.assertLessEqual(count(), few)

    # ------------------------------------------------------------
    # Where the members stand
    # ------------------------------------------------------------

    def _lay_out_many(self, count, aspect=1.6):
        choose = random.Random(5)
        groups = {member: member % 8 for member in range(count)}
        pairs = choose.sample(list(itertools.combinations(range(count), 2)), count * 17 // 10)
        kinds = ("competitor", "none", "cooperating", "associate")
        ties = [(one, two, choose.choice(kinds), choose.randint(0, 5)) for one, two in pairs]
        return lay_out(groups, ties, aspect)

    def test_no_name_stands_on_another(self):
        for aspect in (0.5, 1.6):
            places, (width, height) = self._lay_out_many(100, aspect)
            self.assertEqual(len(places), 100)
            self.assertLess(abs(width / height / aspect - 1), 0.5)
            for (x, y), (other_x, other_y) in itertools.combinations(places.values(), 2):
                self.assertTrue(abs(x - other_x) >= ROOM[0] - 1 or abs(y - other_y) >= ROOM[1] - 1)
            for x, y in places.values():
                self.assertTrue(0 <= x <= width and 0 <= y <= height)

    def test_the_same_ties_give_the_same_picture(self):
        self.assertEqual(self._lay_out_many(30), self._lay_out_many(30))

    def test_who_holds_together_stands_together(self):
        groups = dict.fromkeys(range(12), False)
        ring = [(one, (one + 1) % 6, "associate", 5) for one in range(6)]
        other = [(6 + one, 6 + (one + 1) % 6, "associate", 5) for one in range(6)]
        places, _size = lay_out(groups, [*ring, *other])

        def distance(one, two):
            (x, y), (other_x, other_y) = places[one], places[two]
            return ((x - other_x) ** 2 + (y - other_y) ** 2) ** 0.5

        inside = [distance(one, two) for one, two in itertools.combinations(range(6), 2)]
        across = [distance(one, two) for one in range(6) for two in range(6, 12)]
        self.assertLess(sum(inside) / len(inside), sum(across) / len(across))

    def test_few_and_none(self):
        self.assertEqual(lay_out({}, [])[0], {})
        places, _size = lay_out({1: False}, [])
        self.assertEqual(len(places), 1)
        places, _size = lay_out({1: False, 2: 7}, [(1, 2, "none", 0)])
        self.assertNotEqual(places[1], places[2])

    # ------------------------------------------------------------
    # In the browser
    # ------------------------------------------------------------

    def test_tour(self):
        """A hundred members: kinds, choice by mouse and by keyboard, opening, another day."""
        members = self._create_members(97) + self.firm + self.club
        self._tie(members, 160)
        self._create_relation(self.council, self.firm, kind="competitor", evidence="Test dispute")
        self.start_tour(
            "/odoo/partnership-network", "partnership_network_tour", login="test_facilitator"
        )

    def test_tour_of_one_partnership(self):
        """From the form of a partnership the picture is of this one."""
        second = self.partnership.copy({"name": "Test another", "user_ids": self.facilitator.ids})
        members = self.env["partnership.membership"]
        for name in ("Test abbey", "Test mill"):
            members += self._create_member(name, partnership_id=second.id)
        self._create_relation(
            *members, date_start=fields.Date.today() - timedelta(days=9), kind="associate"
        )
        self.start_tour(
            f"/odoo/partnerships/{second.id}",
            "partnership_network_button_tour",
            login="test_facilitator",
        )
