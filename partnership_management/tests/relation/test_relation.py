from ast import literal_eval

from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import tagged

from .relation_common import RelationCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestRelation(RelationCase):
    def test_a_pair_is_the_same_pair_both_ways(self):
        tie = self._create_relation(self.firm, self.council)
        self.assertEqual((tie.membership_id, tie.other_id), (self.council, self.firm))
        self.assertEqual(tie.partnership_id, self.partnership)
        self.assertEqual(tie.display_name, "Test council and Test firm")

    def test_default_side_of_the_dialog_is_sorted_too(self):
        tie = self._create_relation(
            None,
            self.council,
            relations=self.Relation.with_context(default_membership_id=self.firm.id),
        )
        self.assertEqual((tie.membership_id, tie.other_id), (self.council, self.firm))

    def test_one_tie_at_a_time_both_ways(self):
        self._create_relation(self.council, self.firm)
        with self.assertRefused("Test council and Test firm", "Cooperating", "01/01/2024"):
            self._create_relation(self.firm, self.council, date_start="2024-03-01")

    def test_the_database_refuses_an_overlap(self):
        tie = self._create_relation(self.council, self.firm, date_end="2024-02-29")
        other = self._create_relation(self.council, self.firm, date_start="2024-03-01")
        self.assertTablesRefuse(
            "UPDATE partnership_relation SET date_start = '2024-02-29' WHERE id = %s", other
        )
        self.assertTablesRefuse(
            "UPDATE partnership_relation SET other_id = membership_id WHERE id = %s", tie
        )

    def test_not_with_itself(self):
        with self.assertRefused("Test council", "itself"):
            self._create_relation(self.council, self.council)

    def test_both_in_one_partnership(self):
        elsewhere = self.env["partnership.partnership"].create({"name": "Test elsewhere"})
        foreign = self._create_member("Test foreign", partnership_id=elsewhere.id)
        with self.assertRefused("Test foreign in Test elsewhere", "not to Test partnership"):
            self._create_relation(self.council, foreign)

    def test_dates_are_within_both_memberships(self):
        late = self._create_member("Test late", date_start="2024-05-01")
        with self.assertRefused("Test late", "05/01/2024"):
            self._create_relation(self.council, late, date_start="2024-04-30")
        with self.assertRefused("06/16/2024"):
            self._create_relation(self.council, late, date_start="2024-06-16")
        with self.assertRefused("cannot end"):
            self._create_relation(
                self.council, late, date_start="2024-05-02", date_end="2024-05-01"
            )

    def test_change_ends_the_row_and_opens_the_next(self):
        tie = self._create_relation(
            self.council, self.firm, kind="competitor", evidence="Test dispute"
        )
        action = self._change(tie, "associate", "2024-04-01", evidence="Test shop")
        new = self.Relation.browse(action["res_id"])
        self.assertEqual((tie.kind, str(tie.date_end)), ("competitor", "2024-03-31"))
        self.assertEqual((new.kind, str(new.date_start)), ("associate", "2024-04-01"))
        self.assertEqual((tie.evidence, new.evidence), ("Test dispute", "Test shop"))
        self.assertFalse(new.date_end)
        self.assertEqual(new.history_ids, new + tie)

    def test_change_inside_a_tie_that_ends(self):
        tie = self._create_relation(self.council, self.firm, date_end="2024-05-31")
        new = tie._change(self._date("2024-03-01"), {"kind": "associate"})
        self.assertEqual(str(new.date_end), "2024-05-31")
        with self.assertRefused("03/01/2024", exception=UserError):
            tie._change(self._date("2024-03-01"), {"kind": "none"})

    def test_first_day_is_corrected(self):
        tie = self._create_relation(self.council, self.firm)
        self._change(tie, "associate", "2024-01-01", intensity=4)
        self.assertEqual((tie.kind, tie.intensity), ("associate", 4))
        self.assertEqual(tie.history_ids, tie)

    def test_nothing_is_rewritten(self):
        tie = self._create_relation(self.council, self.firm)
        for values in ({"kind": "associate"}, {"intensity": 5}, {"other_id": self.club.id}):
            with self.assertRefused("Test council and Test firm", exception=UserError):
                tie.write(values)
        tie.write({"kind": "cooperating", "evidence": "Test market"})
        with self.assertRefused("nothing changed", exception=UserError):
            self._change(tie, "cooperating", "2024-04-01")
        with self.assertRefused("12/31/2023", exception=UserError):
            self._change(tie, "associate", "2023-12-31")

    def test_intensity_is_from_0_to_5(self):
        tie = self._create_relation(self.council, self.firm)
        self.assertTablesRefuse("UPDATE partnership_relation SET intensity = 6 WHERE id = %s", tie)

    def test_ties_end_with_the_membership(self):
        tie = self._create_relation(self.firm, self.council)
        past = self._create_relation(self.firm, self.club, date_end="2024-02-01")
        self.firm.with_user(self.facilitator).write({"date_end": "2024-05-31"})
        self.assertEqual(str(tie.date_end), "2024-05-31")
        self.assertEqual(str(past.date_end), "2024-02-01")

    def test_membership_does_not_leave_its_ties_behind(self):
        self._create_relation(self.firm, self.council)
        with self.assertRefused("Test council and Test firm"):
            self.firm.date_start = "2024-02-01"
        with self.assertRefused("Test council and Test firm", exception=UserError):
            self.firm.with_user(self.officer).unlink()

    def test_both_members_show_the_tie(self):
        tie = self._create_relation(self.council, self.firm, intensity=3)
        for member, other in ((self.council, self.firm), (self.firm, self.council)):
            member = member.with_user(self.facilitator)
            side = member.relation_side_ids
            self.assertEqual(side.relation_id, tie)
            self.assertEqual((side.other_id, side.intensity), (other, 3))
            self.assertEqual(side.action_open()["res_id"], tie.id)
            self.assertEqual(member.relation_count, 1)
        self.assertEqual(self.partnership.relation_count, 1)
        self._change(tie, "associate", "2024-04-01")
        self.env.invalidate_all()
        self.assertEqual(len(self.firm.relation_side_ids), 2)
        self.assertEqual(self.firm.relation_count, 1)

    def test_list_matrix_and_button_count_the_same_ties(self):
        """As their menus open them: current ones, each once, and no pair without a tie."""
        second = self._create_member("Test second firm", group=self.group_economic)
        third = self._create_member("Test third firm", group=self.group_civil)
        self._create_relation(self.council, self.firm)
        self._create_relation(self.firm, second)
        self._create_relation(self.firm, third)
        self._create_relation(self.council, second, kind="none")
        self._create_relation(self.council, third, date_end="2024-05-31")
        self.env.flush_all()
        here = Domain("partnership_id", "=", self.partnership.id)
        counts = [self.partnership.with_user(self.facilitator).relation_count]
        for xml_id in ("partnership_relation_action", "partnership_relation_side_action"):
            action = self.env["ir.actions.act_window"]._for_xml_id(
                f"partnership_management.{xml_id}"
            )
            Model = self.env[action["res_model"]].with_user(self.facilitator)
            arch = etree.fromstring(Model.get_view(view_type="search")["arch"])
            names = [
                name.removeprefix("search_default_") for name in literal_eval(action["context"])
            ]
            chosen = Domain.AND(
                literal_eval(arch.find(f".//filter[@name='{name}']").get("domain"))
                for name in names
            )
            measure = "ties:sum" if "ties" in Model._fields else "__count"
            counts.append(Model._read_group(here & chosen, [], [measure])[0][0])
        self.assertEqual(counts, [3, 3, 3])

    def test_matrix_of_groups(self):
        """Between groups a tie counts for both, inside a group once."""
        second = self._create_member("Test second firm", group=self.group_economic)
        self._create_relation(self.council, self.firm)
        self._create_relation(self.firm, second)
        matrix = self.env["partnership.relation.side"]._read_group(
            [("partnership_id", "=", self.partnership.id)],
            ["interest_group_id", "other_group_id"],
            ["ties:sum"],
        )
        self.assertEqual(
            {(row.name, column.name): ties for row, column, ties in matrix},
            {
                ("Test councils", "Test firms"): 1,
                ("Test firms", "Test councils"): 1,
                ("Test firms", "Test firms"): 1,
            },
        )

    def test_foreign_users(self):
        tie = self._create_relation(self.council, self.firm)
        step = self._open_step(tie, kind="associate")
        for user in (self.stranger, self.employee, self.portal_user):
            with self.assertRaises(AccessError):
                tie.with_user(user).read(["kind"])
            with self.assertRaises(AccessError):
                step.with_user(user).action_apply()
        with self.assertRaises(AccessError):
            self._create_relation(
                self.council, self.club, relations=self.Relation.with_user(self.stranger)
            )
        with self.assertRaises(AccessError):
            tie.with_user(self.facilitator).unlink()

    def test_counts_take_one_query(self):
        firms = self._create_members(20)
        for firm in firms:
            self._create_relation(self.council, firm)
        self.env.flush_all()

        def count(memberships):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            memberships.mapped("relation_count")
            return self.cr.sql_log_count - before

        count(firms)
        self.assertEqual(count(firms), count(firms[0]))
