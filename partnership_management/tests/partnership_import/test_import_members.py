from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .import_common import ImportCase

HEADER = [
    "Organisation",
    "Interest group",
    "Role",
    "Since",
    "Body",
    "Titular",
    "Alternate",
    "Appointed by",
]
NEW = [
    "New Firm",
    "Test firms",
    "Test active",
    "2024-02-01",
    "Test board",
    "Nora New",
    "Otto New; Paul New",
    "General meeting",
]


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestImportMembers(ImportCase):
    def _import(self, content, **values):
        return super()._import(content, kind="members", date="2024-03-01", **values)

    def _count(self):
        return [
            self.env[model].search_count([])
            for model in (
                "res.partner",
                "partnership.membership",
                "partnership.membership.transition",
                "partnership.seat",
                "partnership.mandate",
            )
        ]

    def test_line_becomes_member_seat_and_mandates(self):
        wizard = self._import([HEADER, NEW])
        self.assertEqual(wizard.line_ids.mapped("state"), ["taken"])
        membership = wizard.line_ids.membership_id
        self.assertTrue(membership.partner_id.is_company)
        self.assertEqual(
            (membership.role_id, membership.interest_group_id, membership.date_start),
            (self.role_active, self.group_economic, date(2024, 2, 1)),
        )
        seat = membership.seat_ids
        self.assertEqual((seat.body_id, seat.date_start), (self.body, date(2024, 2, 1)))
        self.assertEqual(seat.titular_id.name, "Nora New")
        self.assertEqual(seat.alternate_ids.mapped("name"), ["Otto New", "Paul New"])
        self.assertEqual(set(seat.mandate_ids.mapped("appointed_by")), {"General meeting"})
        self.assertEqual(seat.titular_id.parent_id, membership.partner_id)

    def test_same_file_twice_changes_nothing(self):
        rows = [HEADER, NEW, ["", "", "", "", "", "Rita Resident", "", ""], ["Plain Firm"]]
        first = self._import(rows, body_id=False)
        self.assertEqual(self._states(first), ["taken"] * 3)
        before = self._count()
        second = self._import(rows, body_id=False)
        self.assertEqual(self._states(second), ["already"] * 3)
        self.assertEqual(self._count(), before)
        self.assertEqual(second.line_ids.membership_id, first.line_ids.membership_id)

    def test_what_the_list_does_not_say(self):
        wizard = self._import([HEADER[:1], ["Plain Firm"]], role_id=self.role_informal.id)
        membership = wizard.line_ids.membership_id
        self.assertEqual(
            (membership.role_id, str(membership.date_start)), (self.role_informal, "2024-03-01")
        )
        self.assertEqual(membership.seat_ids.body_id, self.body)
        self.assertFalse(membership.mandate_ids)

    def test_an_individual_speaks_for_itself(self):
        wizard = self._import([HEADER, ["", *NEW[1:5], "Rita Resident", "", ""]])
        membership = wizard.line_ids.membership_id
        self.assertFalse(membership.partner_id.is_company)
        self.assertEqual(membership.seat_ids.titular_id.name, "Rita Resident")
        self.assertFalse(membership.mandate_ids)

    def test_several_lines_of_one_member(self):
        """Another body, another alternate; nothing is made twice."""
        other = self._create_body("Test group")
        rows = [
            HEADER,
            NEW,
            [*NEW[:4], "Test group", "Nora New", "", ""],
            [*NEW[:6], "Quin New", NEW[7]],
            NEW,
        ]
        wizard = self._import(rows)
        self.assertEqual(self._states(wizard), ["taken", "taken", "taken", "already"])
        [membership] = wizard.line_ids.membership_id
        self.assertEqual(membership.seat_ids.body_id, self.body + other)
        self.env.invalidate_all()
        self.assertEqual(len(membership.mandate_ids), 5)

    def test_lines_that_contradict(self):
        rows = [
            HEADER,
            NEW,
            [*NEW[:2], "Test formal", *NEW[3:]],
            [*NEW[:5], "Quin New", "", ""],
            ["Council of Testville", "Test firms", "", "", "", "", "", ""],
            ["Test Firm Ltd", "", "", "2023-01-01", "", "", "", ""],
            ["Test Firm Ltd", "", "", "", "Test board", "Anna Tester", "", ""],
        ]
        wizard = self._import(rows)
        self.assertEqual(self._states(wizard), ["taken"] + ["refused"] * 5)
        for line, word in zip(
            wizard.line_ids[1:],
            ["Line 2", "Line 2", "Test councils", "2024-01-01", "Bert Tester"],
            strict=True,
        ):
            self.assertIn(word, line.message)
        self.assertEqual(self.council.interest_group_id, self.group_public)

    def test_seat_that_the_body_keeps_by_itself(self):
        assembly = self._create_body("Test assembly", seat_policy="members")
        wizard = self._import([HEADER, [*NEW[:4], "Test assembly", *NEW[5:]]])
        self.assertEqual(wizard.line_ids.state, "taken")
        seat = wizard.line_ids.membership_id.seat_ids
        self.assertEqual((seat.body_id, seat.is_automatic), (assembly, True))
        self.assertEqual(seat.titular_id.name, "Nora New")

    def test_what_the_models_refuse_is_named(self):
        """A membership that will end is not open, and no second one may begin before."""
        self.council.date_end = "2024-12-31"
        rows = [HEADER, NEW, ["Council of Testville", "", "", "", "Test board", "Anna Tester"]]
        wizard = self._import(rows)
        self.assertEqual(self._states(wizard), ["taken", "refused"])
        self.assertIn("is there already", wizard.line_ids[1].message)

    def test_words_that_nothing_is_called(self):
        """Roles and interest groups are the administrator's: a facilitator cannot create them."""
        wizard = self._start(
            [HEADER, ["New Firm", "Test firmes", "Emperor", "", "", "", "", ""]], kind="members"
        )
        wizard.action_read()
        wizard.action_match()
        wizard.action_create_all()
        group = self._get_match(wizard, "group", "Test firmes")
        role = self._get_match(wizard, "role", "Emperor")
        self.assertEqual((group.how, group.proposed_id), ("close", self.group_economic.id))
        self.assertEqual((role.how, role.can_create), ("none", False))
        role.decision = "create"
        self.assertFalse(role.is_settled)
        group.action_accept()
        role.decision = "nobody"
        wizard.action_preview()
        wizard.action_import()
        self.assertEqual(wizard.line_ids.membership_id.role_id, wizard.role_id)

    def test_queries_do_not_grow_with_the_names_that_are_close(self):
        words = ("Abbey", "Bakery", "Cinema", "Dairy", "Embassy", "Farmhouse", "Garage")
        for word in words:
            self._create_member(f"{word} of Testville")

        def count_queries(some):
            wizard = self._start(
                [HEADER, *([f"{word} of Testvile", *[""] * 7] for word in some)], kind="members"
            )
            wizard.action_read()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            wizard._match_members()
            count = self.cr.sql_log_count - before
            wizard.action_match()
            proposed = [
                self._get_match(wizard, "organisation", f"{word} of Testvile") for word in some
            ]
            self.assertEqual(
                [(match.how, match.proposed) for match in proposed],
                [("close", f"{word} of Testville") for word in some],
            )
            return count

        count_queries(words[:1])  # what is looked up once a process
        self.assertEqual(count_queries(words[:1]), count_queries(words))

    def test_nobody_and_bad_dates(self):
        rows = [HEADER, ["", *NEW[1:5], "", "", ""], [*NEW[:3], "soon", *NEW[4:]]]
        wizard = self._import(rows)
        self.assertEqual(self._states(wizard), ["refused"] * 2)
        self.assertIn("soon", wizard.line_ids[1].message)
        with self.assertRefused("Organisation", exception=UserError):
            self._import([["Role"], ["Test formal"]])

    def test_titular_without_a_body(self):
        wizard = self._import([HEADER, [*NEW[:4], "", "Nora New", "", ""]], body_id=False)
        self.assertEqual(self._states(wizard), ["refused"])
        self.assertIn("body", wizard.line_ids.message)

    def test_members_that_left(self):
        """A member that left comes back with a new membership."""
        self.council.date_end = "2024-04-30"
        wizard = self._import(
            [HEADER, ["Council of Testville", "", "", "2024-05-15", "", "", "", ""]]
        )
        self.assertEqual(self._states(wizard), ["taken"])
        self.assertNotEqual(wizard.line_ids.membership_id, self.council)
        wizard = self._import(
            [HEADER, ["Test Firm Ltd", "", "", "", "Test board", "Bert Tester", "", ""]]
        )
        self.assertEqual(self._states(wizard), ["already"])
