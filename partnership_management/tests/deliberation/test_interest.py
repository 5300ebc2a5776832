from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..actor.merge_common import MergeCase
from .deliberation_common import DeliberationCase, RegisterMixin


@tagged("post_install", "-at_install")
class TestInterest(RegisterMixin, DeliberationCase):
    def setUp(self):
        super().setUp()
        self.applicant = self._create_organisation("Test applicant")

    @mute_logger("odoo.sql_db")
    def test_of_a_member_or_a_person(self):
        member, person = self.seats[3].membership_id, self.persons[3]
        for whose in ({}, {"member": member, "person": person}):
            with self.assertRefused("member_or_person", exception=IntegrityError):
                self._register(self.applicant, **whose)
        with self.assertRefused("is an organisation"):
            self._register(self.applicant, person=member.partner_id)

    def test_partnership(self):
        """It is that of the member; a person's is chosen, and it is of one place."""
        interest = self.env["partnership.interest"].create(
            {"membership_id": self.seats[0].membership_id.id, "partner_id": self.applicant.id}
        )
        self.assertEqual(interest.partnership_id, self.partnership)
        self.assertEqual(str(interest.date_start), "2024-06-03")
        self.assertEqual(interest.display_name, "Test Aford: Office, Test applicant")
        other = self.env["partnership.partnership"].create({"name": "Test other"})
        with self.assertRefused(exception=UserError):
            interest.partnership_id = other

    def test_ended_and_never_deleted(self):
        interest = self._register(self.applicant, person=self.persons[0])
        for user in (self.facilitator, self.administrator):
            with self.assertRefused("end it instead", exception=UserError):
                interest.with_user(user).unlink()
        interest.with_user(self.facilitator).date_end = "2024-05-31"
        self.assertFalse(interest.is_current)
        with self.assertRefused("cannot end"):
            interest.date_end = "2023-12-31"

    def test_stat_of_the_member(self):
        member = self.seats[0].membership_id
        self._register(self.applicant, member)
        self._register(self.applicant, member, date_end="2024-02-01")
        self.assertEqual(member.with_user(self.facilitator).interest_count, 1)
        action = member.with_user(self.facilitator).action_open_interests()
        self.assertEqual(len(self.env["partnership.interest"].search(action["domain"])), 2)

    def test_foreign_users(self):
        interest = self._register(self.applicant, person=self.persons[0])
        for user in (self.stranger, self.employee, self.portal_user):
            with self.assertRaises(AccessError):
                interest.with_user(user).read(["note"])

    def test_portal(self):
        """A person reads its own, without the note of the team."""
        user = new_test_user(self.env, "test_person", "base.group_portal")
        own = self._register(self.applicant, person=user.partner_id, note="Test secret")
        self._register(self.applicant, person=self.persons[0])
        self._register(self.applicant, self.seats[0].membership_id)
        found = self.env["partnership.interest"].with_user(user).search([])
        self.assertEqual(found, own)
        self.assertEqual(found.partner_id.sudo().name, "Test applicant")
        with self.assertRaises(AccessError):
            found.read(["note"])
        with self.assertRaises(AccessError):
            found.write({"degree": "indirect"})


@tagged("post_install", "-at_install")
class TestInterestMerge(RegisterMixin, MergeCase):
    """Contacts are merged: nothing of the register and of the declarations is lost."""

    def setUp(self):
        super().setUp()
        self.item, self.other_item = self.env["partnership.agenda.item"].create(
            [{"name": name, "event_id": self.meeting.id} for name in ("Test item", "Test other")]
        )

    def _declare(self, person, item=None, member=None, **values):
        return self.env["partnership.interest.declaration"].create(
            {
                "event_id": self.meeting.id,
                "person_id": person and person.id,
                "membership_id": member and member.id,
                "kind": "interest" if item else "none",
                "item_id": item and item.id,
                **values,
            }
        )

    def test_persons(self):
        applicant, same = (self._create_organisation(f"Test {name}") for name in ("farm", "farms"))
        interests = self._register(same, person=self.double) | self._register(
            applicant, person=self.titular
        )
        mine, other = (
            self._declare(self.titular, self.item),
            self._declare(self.double, self.other_item),
        )
        twice = self._declare(self.double, self.item)
        twice._rule("may_vote", "Test reason")
        mine_ruled = mine.ruling
        self._merge(self.double, into=self.titular)
        self.assertEqual(interests.person_id, self.titular)
        self.assertEqual((mine | other | twice).person_id, self.titular)
        self.assertEqual(mine_ruled, "recused")
        self.assertFalse(mine.withdrawn_on or other.withdrawn_on)
        self.assertTrue(twice.withdrawn_on)
        self.assertIn("made twice", self._log(self.meeting)[0].text)
        self._merge(same, into=applicant)
        self.assertEqual(interests.partner_id, applicant)
        self.assertConsistent()

    def test_members(self):
        """Of two memberships that become one, the declarations of both are of the one."""
        again = self._create_member("Test council again", date_start="2024-02-01")
        interest = self._register(self._create_organisation("Test farm"), again)
        first = self._declare(None, self.item, self.council)
        second = self._declare(None, self.item, again)
        self._merge(again.partner_id, into=self.council.partner_id)
        self.assertEqual((first | second).membership_id, self.council)
        self.assertEqual(interest.membership_id, self.council)
        self.assertEqual([bool(each.withdrawn_on) for each in first | second], [False, True])
        self.assertConsistent()

    def test_person_stays_a_person(self):
        self._declare(self.double)
        with self.assertRefused("cannot be merged", exception=UserError):
            self._merge(self.double, into=self._create_organisation("Test farm"))

    def test_anonymised(self):
        """The register keeps its rows, and no table holds the name."""
        self._register(self.council.partner_id, person=self.double, note="Test double, as heard")
        declared = self._declare(self.double, self.item, note="Brother of Test double")
        self.double.with_user(self.administrator)._partnership_anonymise()
        self.env.invalidate_all()
        interest = self.env["partnership.interest"].search([("person_id", "=", self.double.id)])
        self.assertEqual(len(interest), 1)
        for text in (interest.note, interest.display_name, declared.note, declared.display_name):
            self.assertNotIn("double", text)

    def test_contact_in_the_register_is_not_deleted(self):
        farm = self._create_organisation("Test farm")
        self._register(farm, self.council)
        with self.assertRefused("Interest", exception=UserError):
            farm.unlink()
