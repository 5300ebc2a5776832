from odoo.tests import freeze_time, tagged

from .composition_common import CompositionCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-30")
class TestCompositionVote(CompositionCase):
    """Whom the votes cast stand for, beside who is a member and who came."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.members = cls._create_members(2, 2, 2, date_start="2023-01-01")
        cls.seats = [cls._create_seat(member) for member in cls.members]

    def _decide(self, choices, date="2024-06-03", hands=None, **values):
        """:param choices: what each of the seats has come to, None where nothing is known"""
        decision = self.env["partnership.decision"].create(
            {"name": "Test question", "body_id": self.body.id, "date": date, **values}
        )
        named = {seat: choice for seat, choice in zip(self.seats, choices, strict=True) if choice}
        decision._record({decision: named}, {decision: hands or {}})
        return decision

    def test_votes_cast(self):
        """Those with a choice: 4, 1, 1 of 6 against a third each is 66.7."""
        self._decide(["yes", "no", "yes", "absent", "recused", "not_voted"])
        self._decide(["abstained", "yes", "excused", "vacant", "yes", "invalid"])
        share = self._get_shares()["Test councils"]
        self.assertEqual((share.votes, share.votes_total), (4, 6))
        self.assertAlmostEqual(share.vote_share, 4 / 6)
        summary = self._get_summary()
        self.assertEqual(summary.votes, 6)
        self.assertAlmostEqual(summary.representativeness_paper, 100, 1)
        self.assertAlmostEqual(summary.representativeness_vote, 66.7, 1)
        self.assertAlmostEqual(summary.erosion, 33.3, 1)
        self.assertAlmostEqual(self._get_summary(body=self.body).erosion, 33.3, 1)
        self.assertAlmostEqual(self.partnership.representativeness_vote, 66.7, 1)
        self.assertAlmostEqual(self.partnership.erosion, 33.3, 1)

    def test_too_few_say_nothing(self):
        self._decide(["yes", "no", None, None, None, None])
        summary = self._get_summary()
        self.assertEqual(summary.votes, 2)
        self.assertIs(summary.representativeness_vote, False)
        self.assertIs(summary.erosion, False)

    def test_of_twelve_months(self):
        self._decide(["yes"] * 6, date="2023-06-30")
        self._decide(["yes"] * 6, date="2023-07-01")
        self.env["partnership.decision"].create(
            {"name": "Test draft", "body_id": self.body.id, "date": "2024-06-01"}
        )
        self.assertEqual(self._get_summary().votes, 6)
        self.assertEqual(self._get_summary(as_of="2024-06-29").votes, 12)

    def test_hands_and_secret_votes(self):
        """Hands that were counted are of their group; a secret vote counts once."""
        hands = {self.group_civil.id: {"yes": 3, "no": 1, "abstained": 1, "not_voted": 2}}
        self._decide([None] * 6, hands=hands)
        self._decide(
            ["voted", "voted", None, None, None, None],
            hands={self.group_public.id: {"yes": 2}},
            visibility="secret",
        )
        shares = self._get_shares()
        votes = {name: share.votes for name, share in shares.items()}
        self.assertEqual(votes, {"Test councils": 2, "Test firms": 0, "Test associations": 5})

    def test_behind_a_share(self):
        decision = self._decide(["yes", "no", "yes", None, None, None])
        share = self._get_shares()["Test councils"]
        found = self.env["partnership.vote"].search(share.action_open_votes()["domain"])
        self.assertEqual(found, decision.vote_ids.filtered(lambda vote: vote.sector == "public"))
        picture = self._report("picture", None, None).search(
            [*self._where(None, None), ("series", "=", "vote"), ("name", "=", "Test councils")]
        )
        self.assertEqual(picture.cases, 2)
        self.assertEqual(picture.action_open_rows()["domain"], share.action_open_votes()["domain"])

    def test_waves(self):
        self._decide(["yes", "no", "yes", None, None, None])
        self._decide(["yes", "no", None, None, None, None], date="2023-05-05")
        waves = self.env["partnership.composition.wave"].search(
            [("partnership_id", "=", self.partnership.id), ("kind", "=", "year")]
        )
        votes = {(wave.name, wave.interest_group_id): wave.votes for wave in waves}
        self.assertEqual(votes["2024", self.group_public], 2)
        self.assertEqual(votes["2024", self.group_economic], 1)
        self.assertEqual(votes["2024", self.group_civil], 0)
        year = waves.filtered(lambda wave: wave.name == "2024")
        self.assertAlmostEqual(year[0].representativeness_vote, 66.7, 1)

    def test_foreign_user(self):
        self._decide(["yes"] * 6)
        self.assertFalse(self._get_summary(user=self.stranger))
