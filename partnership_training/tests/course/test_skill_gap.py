from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..need.need_common import NeedCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 10:00:00")
class TestSkillGap(NeedCase):
    """Skills wanted against skills held."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mandate = cls._create_mandate(cls.seat, cls.person, date_start="2024-01-01")

    def _rows(self, user=None):
        """:return: set of (subject, skill, wanted, held, gap)"""
        self.env.flush_all()
        self.env.invalidate_all()
        rows = self.env["partnership.skill.gap"].with_user(user or self.env.user)
        rows = rows.search([("partnership_id", "=", self.partnership.id)])
        self.assertEqual(len(set(rows.ids)), len(rows))
        return {
            (
                (row.person_id or row.membership_id.partner_id or row.body_id).name,
                row.skill_id.name,
                row.wanted,
                row.held,
                row.gap,
            )
            for row in rows
        }

    def test_mandate_asks_and_the_person_answers(self):
        self._create_wanted(self.skill_chair, self.skill_speak, body_id=self.body.id)
        self._hold(self.skill_chair)
        self.assertEqual(
            self._rows(),
            {("Test Ann", "Test chairing", 1, 1, 0), ("Test Ann", "Test speaking", 1, 0, 1)},
        )

    def test_body_and_office_that_are_other_ones_ask_nothing(self):
        self._create_wanted(body_id=self._create_body("Test other").id)
        self._create_wanted(office="chair")
        self._create_wanted(active=False)
        self.assertFalse(self._rows())
        self.mandate.office = "chair"
        self.assertEqual(self._rows(), {("Test Ann", "Test chairing", 1, 0, 1)})

    def test_role_asks_from_its_rung_on(self):
        self._create_wanted(origin="role", role_id=self.role_informal.id)
        self._create_wanted(self.skill_speak, origin="role", role_id=self.role_active.id)
        self.assertEqual(self._rows(), {("Test firm", "Test chairing", 1, 0, 1)})
        self._hold(self.skill_chair)
        self.assertEqual(self._rows(), {("Test firm", "Test chairing", 1, 1, 0)})

    def test_pitfall_asks_while_it_is_open(self):
        self._create_wanted(origin="pitfall", pitfall_kind="absent")
        pitfall = self._create_pitfall()
        self.assertEqual(self._rows(), {("Test firm", "Test chairing", 1, 0, 1)})
        pitfall.write({"state": "closed", "close_kind": "left", "date_closed": "2024-06-15"})
        self.assertFalse(self._rows())

    def test_need_is_wanted_once(self):
        self._create_wanted(body_id=self.body.id)
        need = self._create_need(person_id=self.person.id, skill_ids=self.skill_chair.ids)
        other = self._create_need(skill_ids=self.skill_speak.ids)
        self.assertEqual(
            self._rows(),
            {("Test Ann", "Test chairing", 1, 0, 1), ("Test firm", "Test speaking", 1, 0, 1)},
        )
        rows = self.env["partnership.skill.gap"].search([("gap", "=", 1)])
        self.assertEqual(rows.need_id, need + other)
        (need + other)._close("no_longer")
        self.assertEqual(self._rows(), {("Test Ann", "Test chairing", 1, 0, 1)})

    def test_what_nobody_asked_for_is_held_all_the_same(self):
        self._hold(self.skill_speak)
        stray = self._create_person("Test stray")
        self._hold(self.skill_speak, stray)
        self._hold(self.skill_chair, date_end="2024-06-14")
        self.assertEqual(
            self._rows(),
            {("Test Ann", "Test speaking", 0, 1, 0), ("Test stray", "Test speaking", 0, 1, 0)},
        )

    def test_day_is_that_of_the_partnership(self):
        self._create_wanted()
        self._hold(self.skill_chair, date_end="2024-06-15")
        with freeze_time("2024-06-15 21:30:00"):
            self.assertEqual(self._rows(), {("Test Ann", "Test chairing", 1, 1, 0)})
        with freeze_time("2024-06-15 23:30:00"):
            self.assertEqual(self._rows(), {("Test Ann", "Test chairing", 1, 0, 1)})

    def test_matrix_by_member_and_skill(self):
        self._create_wanted(self.skill_chair, self.skill_speak)
        self._hold(self.skill_chair)
        groups = self.env["partnership.skill.gap"]._read_group(
            [("partnership_id", "=", self.partnership.id)],
            ["membership_id", "interest_group_id"],
            ["wanted:sum", "held:sum", "gap:sum"],
        )
        self.assertEqual(groups, [(self.member, self.group_public, 2, 1, 1)])

    def test_needs_are_raised_from_the_matrix(self):
        self._create_wanted(self.skill_chair, self.skill_speak)
        rows = self.env["partnership.skill.gap"].with_user(self.facilitator).search([])
        rows.action_raise_needs()
        need = self.member.need_ids
        self.assertEqual((need.person_id, need.body_id), (self.person, self.body))
        self.assertEqual(need.skill_ids, self.skill_chair | self.skill_speak)
        rows.invalidate_recordset()
        self.assertEqual(rows.need_id, need)
        rows.action_raise_needs()
        self.assertEqual(self.member.need_ids, need)

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_team_alone_sees_it(self):
        self._create_wanted()
        self.assertTrue(self._rows(self.facilitator))
        self.assertTrue(self._rows(self.officer))
        self.assertFalse(self._rows(self.stranger))
        for user in (self.employee, self.portal_user):
            with self.assertRefused(exception=AccessError):
                self._rows(user)
