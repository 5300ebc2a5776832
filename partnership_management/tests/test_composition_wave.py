from freezegun import freeze_time

from odoo.tests import tagged

from .composition_common import CompositionCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestCompositionWave(CompositionCase):
    def _get_waves(self, kind="year", as_of=None):
        """:return: dict (wave, group) -> its row"""
        self.env.flush_all()
        self.env.invalidate_all()
        Wave = self.env["partnership.composition.wave"].with_user(self.facilitator)
        rows = Wave.with_context(as_of=as_of).search(
            [("partnership_id", "=", self.partnership.id), ("kind", "=", kind)]
        )
        return {(row.name, row.interest_group_id): row for row in rows}

    def _sum(self, waves, name, *fnames):
        rows = [row for (wave, _group), row in waves.items() if wave == name]
        return tuple(sum(row[fname] for row in rows) for fname in fnames)

    def test_members_year_by_year(self):
        self._create_members(2, 1, 1, date_start="2022-03-01")
        leaver = self._create_members(0, 1, 0, date_start="2022-05-01")
        leaver.date_end = "2023-05-31"
        later = self._create_members(0, 0, 1, date_start="2022-01-01", role=self.role_informal)
        later.with_context(
            transition_date="2023-02-01", transition_reason="Test"
        ).role_id = self.role_formal
        later.with_context(transition_date="2023-03-01").role_id = self.role_active
        waves = self._get_waves()
        counts = ("members", "entered", "gone")
        self.assertEqual(self._sum(waves, "2022", *counts), (5, 5, 0))
        self.assertEqual(self._sum(waves, "2023", *counts), (5, 1, 1))
        self.assertEqual(self._sum(waves, "2024", *counts), (5, 0, 0))
        civil = waves["2023", self.group_civil]
        self.assertEqual((civil.members, civil.entered), (2, 1))
        self.assertEqual(str(waves["2024", self.group_civil].date_end), "2024-06-15")

    def test_representativeness_at_the_end(self):
        self._create_members(1, 1, 1, date_start="2022-03-01")
        self._create_members(2, 0, 0, date_start="2023-03-01")
        waves = self._get_waves()
        self.assertAlmostEqual(waves["2022", self.group_civil].representativeness, 100, places=1)
        end = waves["2023", self.group_civil].representativeness
        self.assertAlmostEqual(end, 100 * (1 - (3 / 5 - 1 / 3)), places=1)
        self.assertAlmostEqual(
            end, self._get_summary(as_of="2023-12-31").representativeness_paper, places=6
        )

    def test_who_leaves_on_the_last_day_was_there_until_then(self):
        members = self._create_members(1, 0, 0, date_start="2022-03-01")
        members.date_end = "2022-12-31"
        waves = self._get_waves()
        self.assertEqual(self._sum(waves, "2022", "members", "gone"), (1, 0))
        self.assertEqual(self._sum(waves, "2023", "members", "gone"), (0, 1))

    def test_change_of_role_and_group_on_one_day(self):
        member = self._create_members(1, 0, 0, date_start="2023-03-01", role=self.role_informal)
        change = member.with_context(transition_date="2023-05-01", transition_reason="Test")
        change.role_id = self.role_formal
        change.role_id = self.role_informal
        change.role_id = self.role_active
        member.with_context(transition_date="2023-06-01").interest_group_id = self.group_civil
        waves = self._get_waves()
        self.assertEqual(self._sum(waves, "2023", "members", "entered", "gone"), (1, 1, 0))
        self.assertEqual(waves["2023", self.group_public].entered, 1)
        self.assertEqual(waves["2023", self.group_civil].members, 1)

    def test_new_organisations(self):
        """New is who came for the first time, member or not."""
        firm = self._create_member("Test firm", self.role_informal, date_start="2023-01-01")
        alone = self._create_member(
            self._create_person("Test alone"), self.role_informal, date_start="2023-01-01"
        )
        for start in ("2023-06-03 16:00:00", "2024-03-03 16:00:00"):
            meeting = self._create_meeting(start)
            for person, organisation in (
                (self._create_person("Test speaker"), firm.partner_id),
                (alone.partner_id, None),
            ):
                self.env["partnership.attendance"]._record(
                    meeting, person, organisation, status="present"
                )
            meeting._close_sheet("absent")
        waves = self._get_waves()
        fnames = ("first_came", "first_organisations", "members")
        self.assertEqual(self._sum(waves, "2023", *fnames), (2, 1, 0))
        self.assertEqual(self._sum(waves, "2024", *fnames), (0, 0, 0))

    def test_by_round(self):
        self._create_members(1, 1, 1, date_start="2022-03-01")
        enlargement = self.env["partnership.enlargement.round"].create(
            {
                "name": "Test round",
                "partnership_id": self.partnership.id,
                "date_start": "2023-01-01",
                "date_end": "2023-06-30",
            }
        )
        self._create_members(0, 1, 1, date_start="2023-03-01")
        self._create_members(1, 0, 0, date_start="2023-09-01")
        self.assertFalse(self._get_waves("round"))
        enlargement.write({"date_opened": "2023-01-01", "date_closed": "2023-06-30"})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE partnership_enlargement_round SET state = 'closed' WHERE id = %s",
            [enlargement.id],
        )
        waves = self._get_waves("round")
        self.assertEqual(self._sum(waves, "Test round", "members", "entered"), (5, 2))
        self.assertEqual(waves["Test round", self.group_civil].round_id, enlargement)

    def test_members_behind_a_wave(self):
        members = self._create_members(2, 1, 0, date_start="2022-03-01")
        members[0].date_end = "2023-03-31"
        action = self._get_waves()["2022", self.group_public].action_open_members()
        Report = self.env[action["res_model"]].with_context(**action["context"])
        self.assertEqual(Report.search(action["domain"]).membership_id, members[:2])
