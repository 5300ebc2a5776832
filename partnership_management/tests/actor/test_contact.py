from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestContact(PartnershipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.council = cls._create_member("Test council").partner_id
        cls.firm = cls._create_member("Test firm", cls.role_informal, cls.group_economic).partner_id
        cls.left = cls._create_member("Test leaver", date_end="2024-06-14").partner_id
        cls.outsider = cls._create_organisation("Test outsider")
        cls.contacts = cls.council + cls.firm + cls.left + cls.outsider
        cls.other_partnership = cls.env["partnership.partnership"].create(
            {"name": "Other partnership", "user_ids": cls.stranger.ids}
        )
        cls._create_member(
            cls.council,
            cls.role_active,
            cls.group_civil,
            partnership_id=cls.other_partnership.id,
        )

    def _search(self, *condition, user=None):
        Partner = self.env["res.partner"].with_user(user or self.officer)
        return Partner.search([("id", "in", self.contacts.ids), condition], order="id")

    def _group(self, user, groupby):
        """:return: dict group -> contacts in it, as ``user`` sees them"""
        Partner = self.env["res.partner"].with_user(user)
        return {
            group: contacts
            for group, contacts in Partner._read_group(
                [("id", "in", self.contacts.ids)], [groupby], ["id:recordset"]
            )
        }

    def test_fields_show_what_holds_today(self):
        council = self.council.with_user(self.officer)
        self.assertEqual(council.partnership_ids, self.partnership + self.other_partnership)
        self.assertEqual(council.partnership_role_ids, self.role_formal + self.role_active)
        self.assertEqual(council.partnership_group_ids, self.group_public + self.group_civil)
        left = self.left.with_user(self.officer)
        self.assertTrue(left.partnership_membership_ids)
        self.assertFalse(left.partnership_ids)
        with freeze_time("2024-06-14"):
            self.env.invalidate_all()
            self.assertEqual(left.partnership_ids, self.partnership)

    def test_fields_show_what_the_user_may_see(self):
        self.assertEqual(self.council.with_user(self.facilitator).partnership_ids, self.partnership)
        self.assertEqual(
            self.council.with_user(self.stranger).partnership_ids, self.other_partnership
        )
        for fname in ("partnership_ids", "partnership_membership_ids", "partnership_mandate_ids"):
            with self.assertRaises(AccessError):
                self.council.with_user(self.employee).read([fname])

    def test_search(self):
        both = self.council + self.firm
        for condition, expected in (
            (("partnership_ids", "in", self.partnership.ids), both),
            (("partnership_ids", "=", self.partnership.id), both),
            (("partnership_ids", "ilike", "Test partner"), both),
            (("partnership_ids", "!=", False), both),
            (("partnership_ids", "=", False), self.left + self.outsider),
            (("partnership_ids", "not in", self.partnership.ids), self.left + self.outsider),
            (("partnership_ids", "not in", self.other_partnership.ids), self.contacts[1:]),
            (
                ("partnership_ids", "in", [False, self.other_partnership.id]),
                self.council + self.left + self.outsider,
            ),
            (("partnership_role_ids", "in", self.role_informal.ids), self.firm),
            (("partnership_role_ids.is_formal", "=", True), self.council),
            (("partnership_group_ids", "not in", self.group_public.ids), self.contacts[1:]),
            (("partnership_group_ids.sector", "=", "economic"), self.firm),
        ):
            with self.subTest(condition=condition):
                self.assertEqual(self._search(*condition), expected)

    def test_search_finds_what_the_user_may_see(self):
        here = ("partnership_ids", "in", self.partnership.ids)
        self.assertEqual(self._search(*here, user=self.facilitator), self.council + self.firm)
        self.assertFalse(self._search(*here, user=self.stranger))
        self.assertEqual(
            self._search("partnership_ids", "!=", False, user=self.stranger), self.council
        )
        with self.assertRaises(AccessError):
            self._search("partnership_ids", "!=", False, user=self.employee)

    def test_membership_without_a_group(self):
        self.council.partnership_membership_ids.interest_group_id = False
        self.assertEqual(
            self._search("partnership_group_ids", "=", False), self.contacts - self.firm
        )
        self.assertEqual(self._search("partnership_group_ids", "!=", False), self.firm)
        groups = self._group(self.officer, "partnership_group_ids")
        none = self.env["partnership.interest.group"]
        self.assertEqual(set(groups[none].ids), set((self.contacts - self.firm).ids))

    def test_group_by(self):
        none = self.env["partnership.role"]
        self.assertEqual(
            self._group(self.officer, "partnership_role_ids"),
            {
                self.role_informal: self.firm,
                self.role_formal: self.council,
                self.role_active: self.council,
                none: self.left + self.outsider,
            },
        )
        self.assertEqual(
            self._group(self.facilitator, "partnership_ids"),
            {
                self.partnership: self.council + self.firm,
                self.env["partnership.partnership"]: self.left + self.outsider,
            },
        )
        self.assertEqual(
            self._group(self.stranger, "partnership_ids"),
            {
                self.other_partnership: self.council,
                self.env["partnership.partnership"]: self.contacts[1:],
            },
        )
        with self.assertRaises(AccessError):
            self._group(self.employee, "partnership_ids")

    def test_group_by_opens_to_its_records(self):
        """What the list and the kanban of contacts ask for when they are grouped."""
        Partner = self.env["res.partner"].with_user(self.facilitator)
        domain = [("id", "in", self.contacts.ids)]
        for groupby in ("partnership_ids", "partnership_role_ids", "partnership_group_ids"):
            result = Partner.web_read_group(
                domain, [groupby], ["__count"], auto_unfold=True, unfold_read_specification={}
            )
            self.assertTrue(result["groups"], groupby)
            for group in result["groups"]:
                with self.subTest(groupby=groupby, group=group[groupby]):
                    found = Partner.search_count([*domain, *group["__extra_domain"]])
                    self.assertEqual(found, group["__count"])

    def test_fields_are_offered_to_the_team_alone(self):
        names = ("partnership_ids", "partnership_role_ids", "partnership_group_ids")
        Partner = self.env["res.partner"]
        offered = Partner.with_user(self.facilitator).fields_get(names)
        self.assertTrue(all(offered[name]["groupable"] for name in names))
        self.assertFalse(Partner.with_user(self.employee).fields_get(names))
        for view_type in ("form", "list", "kanban", "search"):
            arch = Partner.with_user(self.employee).get_view(view_type=view_type)["arch"]
            self.assertNotIn("partnership_", arch)

    def test_counts_and_buttons(self):
        seat = self._create_seat(
            self.council.partnership_membership_ids.filtered(
                lambda membership: membership.partnership_id == self.partnership
            )
        )
        mayor = self._create_mandate(seat, "Test mayor").person_id
        meeting = self._create_meeting()
        meeting.action_open_sheet()
        meeting.attendance_ids.status = "present"
        self.assertFalse(mayor.partnership_attendance_count, "the sheet is not closed yet")
        meeting._close_sheet()
        self.env.invalidate_all()
        mayor, council = (mayor + self.council).with_user(self.facilitator)
        self.assertEqual(mayor.partnership_mandate_count, 1)
        self.assertEqual(mayor.partnership_attendance_count, 1)
        self.assertEqual(council.partnership_membership_count, 1, "not those of other teams")
        self.assertEqual(council.partnership_attendance_count, 1)
        for action, count in (
            (mayor.action_open_partnership_mandates(), 1),
            (mayor.action_open_partnership_attendance(), 1),
            (council.action_open_partnership_attendance(), 1),
            (council.action_open_partnership_memberships(), 1),
        ):
            Model = self.env[action["res_model"]].with_user(self.facilitator)
            self.assertEqual(Model.search_count(action["domain"]), count)
        meeting.attendance_ids.status = "absent"
        self.env.invalidate_all()
        self.assertFalse(mayor.partnership_attendance_count, "an absence is no presence")

    def test_no_query_per_contact(self):
        """Nor for each of the partnerships that they are in."""
        places = self.partnership + self.env["partnership.partnership"].create(
            [
                {"name": f"Test place {number}", "user_ids": self.facilitator.ids}
                for number in range(9)
            ]
        )
        partners = (
            self.env["res.partner"]
            .concat(
                *[
                    self._create_member(
                        f"Test member {number}", partnership_id=places[number % 10].id
                    ).partner_id
                    for number in range(80)
                ]
            )
            .with_user(self.facilitator)
        )
        names = [
            "partnership_ids",
            "partnership_role_ids",
            "partnership_group_ids",
            "partnership_membership_count",
            "partnership_mandate_count",
            "partnership_attendance_count",
            "partnership_presence_rate",
            "partnership_appropriation",
        ]
        specification = {name: {} for name in names}
        partners[:1].web_read(specification)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(16):
            partners.web_read(specification)

    def test_lists_cost_no_query_per_row(self):
        """Lists of 80 members, seats and mandates."""
        members = self.env["partnership.membership"].concat(
            *[self._create_member(f"Test member {number}") for number in range(80)]
        )
        for number, member in enumerate(members):
            self._create_mandate(self._create_seat(member), f"Test holder {number}")
        for model, names, count in (
            ("partnership.membership", ["seat_count", "mandate_count", "is_current"], 8),
            ("partnership.seat", ["titular_id", "alternate_ids", "is_vacant"], 7),
            ("partnership.mandate", ["display_name", "is_current"], 8),
            ("partnership.composition.report", ["titular_id", "alternate_names"], 4),
        ):
            Model = self.env[model].with_user(self.facilitator)
            domain = [("partnership_id", "=", self.partnership.id)]
            Model.search_read(domain, names, limit=1)
            self.env.flush_all()
            self.env.invalidate_all()
            with self.subTest(model=model), self.assertQueryCount(count):
                Model.search_read(domain, names, limit=80)

    def test_contact_with_a_history_is_not_deleted(self):
        with self.assertRefused("Test leaver", "Test partnership", exception=UserError):
            self.left.unlink()
        self.outsider.unlink()
