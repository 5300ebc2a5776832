from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .need_common import NeedCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 10:00:00")
class TestNeedMerge(NeedCase):
    """Merging, deleting and anonymising contacts loses no need and no skill."""

    def _merge(self, source, into):
        with mute_logger("odoo.addons.base.models.base_partner_merge"):
            self.env["base.partner.merge.automatic.wizard"]._merge((source + into).ids, into)
        self.env.flush_all()
        self.env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self.env.invalidate_all()

    def test_needs_and_skills_of_two_persons_become_those_of_one(self):
        other = self._create_person("Test Ann twice")
        need = self._create_need(person_id=other.id, skill_ids=self.skill_speak.ids)
        self._hold(self.skill_chair, other)
        self._merge(other, self.person)
        self.assertEqual(need.person_id, self.person)
        self.assertEqual(self.person.partnership_skill_ids, self.skill_chair)

    def test_same_need_of_two_persons_is_one(self):
        other = self._create_person("Test Ann twice")
        pitfall = self._create_pitfall()
        values = {"origin": "pitfall", "pitfall_id": pitfall.id}
        kept = self._create_need(person_id=self.person.id, **values)
        folded = self._create_need(
            person_id=other.id, skill_ids=self.skill_speak.ids, origin_text="Is shy", **values
        )
        folded.action_ask()
        self._comment(folded, "Spoke to her")
        self._merge(other, self.person)
        self.assertFalse(folded.exists())
        self.assertEqual((kept.state, kept.skill_ids), ("planned", self.skill_speak))
        self.assertEqual(kept.enrolment_ids.person_id, self.person)
        said = " ".join(kept.message_ids.mapped("body"))
        self.assertIn("Is shy", said)
        self.assertIn("Spoke to her", said)

    def test_needs_of_two_memberships_become_those_of_one(self):
        other = self._create_member("Test firm twice", group=self.group_civil)
        values = {"origin": "role", "role_id": self.role_active.id, "course_id": False}
        kept = self._create_need(**values)
        folded = self._create_need(membership_id=other.id, **values)
        pitfalls = self._create_pitfall(), self._create_pitfall(membership=other)
        needs = [
            self._create_need(
                membership_id=pitfall.membership_id.id, origin="pitfall", pitfall_id=pitfall.id
            )
            for pitfall in pitfalls
        ]
        own = self._create_need(membership_id=other.id)
        self._merge(other.partner_id, self.member.partner_id)
        self.assertFalse(folded.exists())
        left = self.member.need_ids
        self.assertEqual(left, (kept | needs[0] | own).exists())
        self.assertEqual(set(left.interest_group_id), set(self.member.interest_group_id))

    def test_who_learns_as_a_person_is_no_organisation(self):
        alone = self._create_person("Test alone")
        self._hold(self.skill_chair, alone)
        organisation = self._create_organisation("Test alone ltd")
        with self.assertRefused("Test alone", exception=UserError):
            self._merge(alone, organisation)

    def test_mistakes_are_deleted_with_what_they_raised(self):
        self._create_wanted()
        self._create_wanted(self.skill_speak, origin="role", role_id=self.role_formal.id)
        member = self._create_member("Test new", date_start="2024-06-10")
        seat = self._create_seat(member)
        mandate = self._create_mandate(seat, "Test Bob")
        self.assertEqual(len(member.need_ids), 2)
        mandate.with_user(self.facilitator).unlink()
        self.assertEqual(member.need_ids.mapped("origin"), ["role"])
        seat.unlink()
        member.unlink()
        self.assertFalse(self.env["partnership.training.need"].search([]).exists())

    def test_answered_need_survives_its_mandate(self):
        self._create_wanted(course_id=self.course.id)
        mandate = self._create_mandate(self.seat, self.person, date_start="2024-06-15")
        need = mandate.need_ids
        need.action_ask()
        mandate.unlink()
        self.assertEqual((need.state, need.origin), ("planned", "mandate"))

    def test_person_is_gone_from_the_needs(self):
        ann = self._create_person("Ann Testperson")
        need = self._create_need(person_id=ann.id, origin_text="I would like to chair")
        other = self._create_need(origin_text="Ask Ann Testperson how she does it")
        self._comment(other, "Ann Testperson will help", subject="Ann Testperson")
        self._hold(self.skill_chair, ann)
        wizard = self.env["partnership.anonymise"].with_user(self.administrator)
        wizard.with_context(active_model="res.partner", active_ids=ann.ids).create(
            {}
        ).action_anonymise()
        self.env.invalidate_all()
        self.assertFalse(need.origin_text)
        words = [other.origin_text, *other.message_ids.mapped("body")]
        self.assertNotIn("Testperson", " ".join(words))
        self.assertEqual(len(ann.partnership_skill_ids), 1)

    def test_privacy_lookup_finds_the_rows(self):
        """It looks at stored links to contacts that the database does not delete along."""
        for model in ("partnership.training.need", "partnership.skill.holding"):
            field = self.env[model]._fields["person_id"]
            self.assertTrue(field.store)
            self.assertNotEqual(field.ondelete, "cascade")

    # ------------------------------------------------------------
    # Smart buttons
    # ------------------------------------------------------------

    def test_counts_are_of_what_is_under_way(self):
        mandate = self._create_mandate(self.seat, self.person, date_start="2024-01-01")
        need = self._create_need(
            person_id=self.person.id, body_id=self.body.id, origin="mandate", mandate_id=mandate.id
        )
        self._create_need()._close("by_hand", "Test")
        partner = self.member.partner_id
        records = (self.member, self.body, mandate, self.course)
        for record in records:
            self.assertEqual(record.with_user(self.facilitator).need_count, 1, record)
            found = self.env[need._name].search(record.action_open_needs()["domain"])
            self.assertIn(need, found)
        for contact in (self.person, partner):
            self.assertEqual(contact.with_user(self.facilitator).partnership_need_count, 1)
            domain = contact.action_open_training_needs()["domain"]
            self.assertIn(need, self.env[need._name].search(domain))

    def test_counts_cost_the_same_for_many(self):
        members = self.member.concat(
            *(self._create_member(f"Test firm {number}") for number in range(20))
        )
        for member in members:
            self._create_need(membership_id=member.id)
        for records, fname in (
            (members, "need_count"),
            (members.partner_id, "partnership_need_count"),
            (members.partner_id, "partnership_skill_ids"),
        ):
            costs = []
            for some in (records[:1], records):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                some.browse(some.ids).mapped(fname)
                costs.append(self.cr.sql_log_count - before)
            self.assertLessEqual(costs[1], costs[0], fname)
