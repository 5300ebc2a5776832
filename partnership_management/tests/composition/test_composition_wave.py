import json

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import file_open

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

    def _close_round(self, enlargement):
        """It was open in the first half of 2023."""
        enlargement.write({"date_opened": "2023-01-01", "date_closed": "2023-06-30"})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE partnership_enlargement_round SET state = 'closed' WHERE id = %s",
            [enlargement.id],
        )

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
        self._create_members(0, 1, 1, date_start="2023-03-01").round_id = enlargement
        self._create_members(1, 0, 0, date_start="2023-05-01")
        self.assertFalse(self._get_waves("round"))
        self._close_round(enlargement)
        waves = self._get_waves("round")
        counts = ("members", "entered", "new_members")
        self.assertEqual(self._sum(waves, "Test round", *counts), (6, 2, 2), "not past the round")
        self.assertEqual(waves["Test round", self.group_civil].round_id, enlargement)

    def test_new_members_are_the_same_everywhere(self):
        """In the waves, in what becomes of who came in, on the round and in what it opens: by a
        round, outside of one, of an old date, back after leaving; founders are none."""
        enlargement = self.env["partnership.enlargement.round"].create(
            {
                "name": "Test round",
                "partnership_id": self.partnership.id,
                "date_start": "2023-01-01",
                "date_end": "2023-06-30",
            }
        )
        self._create_members(2, 1, 0, date_start="2022-03-01")
        self._create_members(0, 1, 0, date_start="2022-11-01").round_id = enlargement
        entrants = self._create_members(0, 1, 2, date_start="2023-03-01")
        entrants.round_id = enlargement
        self._create_members(1, 0, 0, date_start="2023-04-01")
        later = self._create_members(0, 0, 1, date_start="2023-05-01", role=self.role_informal)
        later.with_context(
            transition_date="2023-08-01", transition_reason="Test"
        ).role_id = self.role_formal
        guest = self._create_members(1, 0, 0, date_start="2023-05-01", role=self.role_informal)
        guest.round_id = enlargement
        entrants[0].with_context(transition_date="2023-09-01").role_id = self.role_informal
        entrants[0].with_context(
            transition_date="2023-10-01", transition_reason="Test"
        ).role_id = self.role_formal
        entrants[0].round_id = enlargement
        self._close_round(enlargement)
        self.env.invalidate_all()
        Report = self.env["partnership.integration.report"].with_user(self.facilitator)
        here = [("partnership_id", "=", self.partnership.id)]
        waves = self._get_waves("round")
        by_round = dict(Report._read_group(here, ["round_id"], ["members:sum"]))
        new = self._sum(waves, "Test round", "entered", "new_members")
        self.assertEqual(new, (4, 4))
        self.assertEqual(by_round[enlargement], 4)
        self.assertEqual(enlargement.member_count, 4)
        action = enlargement.with_user(self.facilitator).action_open_members()
        self.assertEqual(
            self.env[action["res_model"]].search_count(action["domain"]), enlargement.member_count
        )
        by_year = dict(Report._read_group(here, ["date_formal:year"], ["members:sum"]))
        waves = self._get_waves()
        for year in ("2022", "2023", "2024"):
            found = [count for day, count in by_year.items() if day and str(day.year) == year]
            self.assertEqual(self._sum(waves, year, "new_members"), (sum(found),), year)
        self.assertEqual(self._sum(waves, "2022", "entered", "new_members"), (4, 1))
        self.assertEqual(self._sum(waves, "2023", "new_members"), (5,))
        with file_open("partnership_management/data/files/enlargement_dashboard.json") as file:
            (pivot,) = (
                each for each in json.load(file)["pivots"].values() if each["model"] == Report._name
            )
        ((shown,),) = Report._read_group([*here, *map(tuple, pivot["domain"])], [], ["members:sum"])
        self.assertEqual(shown, 6)

    def test_members_behind_a_wave(self):
        members = self._create_members(2, 1, 0, date_start="2022-03-01")
        members[0].date_end = "2023-03-31"
        action = self._get_waves()["2022", self.group_public].action_open_members()
        Report = self.env[action["res_model"]].with_context(**action["context"])
        self.assertEqual(Report.search(action["domain"]).membership_id, members[:2])
