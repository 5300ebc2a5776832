from freezegun import freeze_time

from odoo.tests import tagged

from .relation_common import RelationCase


@tagged("post_install", "-at_install")
@freeze_time("2024-12-15")
class TestRelationChange(RelationCase):
    def _follow(self, member, other, *steps):
        """What a pair became, one after the other.

        :param steps: (date, kind) each
        """
        (date, kind), *others = steps
        tie = self._create_relation(member, other, date_start=date, kind=kind)
        for date, kind in others:
            tie = tie._change(self._date(date), {"kind": kind})
        return tie

    def _get_steps(self, member, other):
        return self.env["partnership.relation.change"].search(
            [("membership_id", "=", member.id), ("other_id", "=", other.id)], order="date"
        )

    def test_conversion_at_once_and_by_way_of_the_middle(self):
        self._follow(
            self.council, self.firm, ("2024-01-01", "competitor"), ("2024-01-31", "associate")
        )
        steps = self._get_steps(self.council, self.firm)
        self.assertEqual(
            steps.mapped(lambda s: (s.from_kind, s.to_kind, s.is_conversion, s.is_regression)),
            [
                (False, "competitor", False, False),
                ("competitor", "associate", True, False),
            ],
        )
        self.assertEqual(steps[1].days, 30)
        self._follow(
            self.council,
            self.club,
            ("2024-01-01", "competitor"),
            ("2024-02-01", "none"),
            ("2024-03-01", "cooperating"),
            ("2024-04-01", "associate"),
        )
        steps = self._get_steps(self.council, self.club)
        self.assertEqual(steps.mapped("conversions"), [0, 0, 0, 1])
        self.assertEqual(steps.mapped("regressions"), [0, 0, 0, 0])
        self.assertEqual(steps.mapped("days"), [0, 31, 29, 31])

    def test_who_never_competed_does_not_convert(self):
        self._follow(
            self.council, self.firm, ("2024-01-01", "cooperating"), ("2024-02-01", "associate")
        )
        self.assertFalse(any(self._get_steps(self.council, self.firm).mapped("conversions")))

    def test_falling_back_and_returning(self):
        """It converts again only if there was competition again."""
        self._follow(
            self.council,
            self.firm,
            ("2024-01-01", "competitor"),
            ("2024-02-01", "associate"),
            ("2024-03-01", "cooperating"),
            ("2024-04-01", "associate"),
            ("2024-05-01", "competitor"),
            ("2024-06-01", "associate"),
        )
        steps = self._get_steps(self.council, self.firm)
        self.assertEqual(steps.mapped("conversions"), [0, 1, 0, 0, 0, 1])
        self.assertEqual(steps.mapped("regressions"), [0, 0, 1, 0, 1, 0])

    def test_intensity_alone_is_no_step(self):
        tie = self._follow(self.council, self.firm, ("2024-01-01", "competitor"))
        tie = tie._change(self._date("2024-02-01"), {"intensity": 5})
        tie._change(self._date("2024-03-01"), {"kind": "none"})
        steps = self._get_steps(self.council, self.firm)
        self.assertEqual(steps.mapped("to_kind"), ["competitor", "none"])
        self.assertEqual(steps[1].days, 60, "the days with the other intensity too")

    def test_a_gap_does_not_hide_a_regression(self):
        tie = self._follow(self.council, self.firm, ("2024-01-01", "associate"))
        tie.date_end = "2024-02-01"
        self._create_relation(self.council, self.firm, kind="competitor", date_start="2024-04-01")
        step = self._get_steps(self.council, self.firm)[1]
        self.assertEqual((step.from_kind, step.is_regression), ("associate", True))

    def test_conversions_by_year(self):
        self._follow(
            self.council, self.firm, ("2024-01-01", "competitor"), ("2024-02-01", "associate")
        )
        self._follow(
            self.firm, self.club, ("2024-01-01", "competitor"), ("2024-03-01", "associate")
        )
        rows = (
            self.env["partnership.relation.change"]
            .with_user(self.facilitator)
            ._read_group(
                [("partnership_id", "=", self.partnership.id)], ["date:year"], ["conversions:sum"]
            )
        )
        self.assertEqual([count for _year, count in rows], [2])

    def test_step_opens_its_tie(self):
        tie = self._follow(self.council, self.firm, ("2024-01-01", "none"))
        step = self._get_steps(self.council, self.firm).with_user(self.facilitator)
        self.assertEqual(step.action_open()["res_id"], tie.id)
