from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .composition_common import CompositionCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestTrait(CompositionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Value = cls.env["partnership.dimension.value"]
        cls.north = Value._find_or_create_zone("Test north", cls.partnership)
        cls.south = Value._find_or_create_zone("Test south", cls.partnership)
        cls.council = cls._create_member("Test council", zone_id=cls.north.id)

    def _get_traits(self, membership=None):
        """:return: list of (value, first day, last day), the first first"""
        actor = (membership or self.council).partner_id
        traits = self.env["partnership.trait"].search(
            [("partner_id", "=", actor.id)], order="date_start"
        )
        return [
            (trait.value_id, str(trait.date_start), trait.date_end and str(trait.date_end))
            for trait in traits
        ]

    def _create_trait(self, partner, value, user=None, **values):
        return (
            self.env["partnership.trait"]
            .with_user(user or self.env.user)
            .create(
                {
                    "partnership_id": self.partnership.id,
                    "partner_id": partner.id,
                    "dimension_id": value.dimension_id.id,
                    "value_id": value.id,
                    "date_start": "2024-01-01",
                    **values,
                }
            )
        )

    def test_zone_of_a_membership_is_dated(self):
        self.assertEqual(self._get_traits(), [(self.north, "2024-01-01", False)])
        self.council.zone_id = self.south
        self.assertEqual(
            self._get_traits(),
            [(self.north, "2024-01-01", "2024-06-14"), (self.south, "2024-06-15", False)],
        )

    def test_change_of_a_chosen_day_and_put_right(self):
        council = self.council.with_context(transition_date="2024-03-01")
        council.zone_id = self.south
        council.zone_id = self.north
        self.assertEqual(
            self._get_traits(),
            [(self.north, "2024-01-01", "2024-02-29"), (self.north, "2024-03-01", False)],
        )
        with self.assertRefused("2024"):
            council.with_context(transition_date="2024-02-01").zone_id = self.south

    def test_zone_that_becomes_known_held_from_the_start(self):
        firm = self._create_member("Test firm")
        firm.zone_id = self.south
        self.assertEqual(self._get_traits(firm), [(self.south, "2024-01-01", False)])
        firm.zone_id = False
        self.assertEqual(self._get_traits(firm), [(self.south, "2024-01-01", "2024-06-14")])

    def test_trait_is_the_zone_of_the_membership(self):
        firm = self._create_member("Test firm")
        trait = self._create_trait(firm.partner_id, self.south)
        self.assertEqual(firm.zone_id, self.south)
        trait.date_end = "2024-05-31"
        self.assertFalse(firm.zone_id)
        self._create_trait(firm.partner_id, self.north, date_start="2024-06-01")
        self.assertEqual(firm.zone_id, self.north)
        self.env["partnership.trait"].search([("partner_id", "=", firm.partner_id.id)]).unlink()
        self.assertFalse(firm.zone_id)

    def test_zone_of_another_partnership_is_refused(self):
        other = self.partnership.copy({"name": "Test other"})
        zone = self.env["partnership.dimension.value"]._find_or_create_zone("Test north", other)
        self.assertNotEqual(zone, self.north)
        with self.assertRefused("Test north", "Test partnership"):
            self.council.zone_id = zone
        with self.assertRefused("Test north", "Test other, not to Test partnership"):
            self._create_trait(self.facilitator.partner_id, zone)

    def test_two_values_on_one_day_are_refused(self):
        with self.assertRefused("Test north", "Test south", "01/01/2024"):
            self._create_trait(self.council.partner_id, self.south, date_end="2024-02-01")

    def test_history_is_not_rewritten(self):
        trait = self.env["partnership.trait"].search([("value_id", "=", self.north.id)])
        with self.assertRefused("not rewritten", exception=UserError):
            trait.value_id = self.south
        with self.assertRefused("recorded", exception=UserError):
            self.north.partnership_id = False

    def test_value_of_another_dimension_is_refused(self):
        dimension = self.env["partnership.dimension"].create({"name": "Test age"})
        with self.assertRefused("Test age"):
            self._create_trait(self.facilitator.partner_id, self.north, dimension_id=dimension.id)
        with self.assertRefused("Interest group"):
            self.north.copy({"name": "Test x", "dimension_id": self.by_group.id})

    def test_dimension_in_use_keeps_what_it_is_of(self):
        with self.assertRefused("Zone", exception=UserError):
            self.by_zone.kind = "free"
        dimension = self.env["partnership.dimension"].create({"name": "Test age"})
        dimension.subject = "person"
        self.assertEqual(dimension.subject, "person")

    def test_values_for_all_are_the_administrator_s(self):
        Value = self.env["partnership.dimension.value"]
        dimension = self.env["partnership.dimension"].create({"name": "Test age"})
        shared = Value.with_user(self.administrator).create(
            {"name": "Test young", "dimension_id": dimension.id}
        )
        for user in (self.facilitator, self.officer):
            self.assertEqual(shared.with_user(user).name, "Test young")
            with self.assertRaises(AccessError):
                shared.with_user(user).name = "Test old"
        with self.assertRaises(AccessError):
            self.north.with_user(self.stranger).name = "Test taken"
        self.north.with_user(self.facilitator).name = "Test upper"

    def test_traits_are_the_team_s(self):
        trait = self._create_trait(self.facilitator.partner_id, self.south, self.facilitator)
        self.assertEqual(trait.value_id, self.south)
        for user in (self.stranger, self.employee, self.portal_user):
            with self.assertRaises(AccessError):
                trait.with_user(user).read(["value_id"])

    def test_list_of_members_names_zones(self):
        result = (
            self.env["partnership.membership"]
            .with_user(self.facilitator)
            .load(
                ["partnership_id", "partner_id/.id", "role_id", "zone_id", "date_start"],
                [
                    [
                        self.partnership.name,
                        str(self._create_organisation(f"Test {zone}").id),
                        self.role_formal.name,
                        zone,
                        "2024-02-01",
                    ]
                    for zone in ("test NORTH", "Test new", "")
                ],
            )
        )
        self.assertFalse(result["messages"])
        members = self.env["partnership.membership"].browse(result["ids"])
        self.assertEqual(members.mapped("zone_id.name"), ["Test north", "Test new"])
        self.assertEqual(members[1].zone_id.partnership_id, self.partnership)
        self.assertEqual(self._get_traits(members[1]), [(members[1].zone_id, "2024-02-01", False)])

    def test_contact_with_a_trait_stays(self):
        person = self._create_person("Test person")
        self._create_trait(person, self.south)
        with self.assertRefused("Test person", exception=UserError):
            person.unlink()
