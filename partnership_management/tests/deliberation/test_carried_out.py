from odoo.tests import freeze_time, tagged

from .deliberation_common import DeliberationCase


@tagged("post_install", "-at_install")
class TestCarriedOut(DeliberationCase):
    """What becomes of what is decided, as of 30 June 2025."""

    def setUp(self):
        super().setUp()
        clock = freeze_time("2025-06-30 12:00:00")
        clock.start()
        self.addCleanup(clock.stop)

    def _adopt(self, date="2025-01-15", **values):
        decision = self.env["partnership.decision"].create(
            {"name": "Test question", "body_id": self.body.id, "date": date, **values}
        )
        decision._record({decision: {self.seats[0]: "yes"}})
        return decision

    def _execute(self, date):
        return {"is_executed": True, "date_executed": date}

    def test_carried_out(self):
        """Seven of ten that were due are .70."""
        for number in range(10):
            decision = self._adopt(date_execution_due="2025-06-30")
            if number < 7:
                decision.write(self._execute("2025-06-30"))
        self.assertEqual(self.partnership.carried_out_rate, 0.7)

    def test_what_is_asked(self):
        """Adopted, asked for, and due within 12 months."""
        self.assertIs(self.partnership.carried_out_rate, False)
        self._adopt()
        self._adopt(date_execution_due="2024-06-30")
        self._adopt(date_execution_due="2025-07-01")
        self._adopt(date_execution_due="2025-03-01", is_execution_asked=False)
        refused = self._adopt(date_execution_due="2025-03-01")
        refused.sudo().outcome = "refused"
        self.assertIs(self.partnership.carried_out_rate, False)
        self._adopt(date_execution_due="2024-07-01")
        self.assertEqual(self.partnership.carried_out_rate, 0)
        late = self._adopt(date_execution_due="2025-03-01")
        late.write(self._execute("2025-06-01"))
        self.env.invalidate_all()
        self.assertEqual(self.partnership.carried_out_rate, 0.5)
        as_of = self.partnership.with_context(as_of="2025-05-31")
        self.assertEqual(as_of.carried_out_rate, 0)

    def test_durability(self):
        """Three of four stood for six months; what is younger says nothing."""
        self.assertIs(self.partnership.durability_rate, False)
        first, second, third, _fourth = (self._adopt("2024-12-01") for _number in range(4))
        soon, later, younger = (
            self._adopt(date) for date in ("2025-05-31", "2025-06-01", "2025-06-15")
        )
        first.sudo().superseded_by_id = soon
        second.sudo().superseded_by_id = later
        third.sudo().superseded_by_id = younger
        self.env.invalidate_all()
        self.assertEqual(self.partnership.durability_rate, 0.75)

    def test_criterion(self):
        """The figures are there for the stages of development."""
        figures = self.partnership._get_criterion_figures()
        for fname in ("representativeness_vote", "carried_out_rate", "durability_rate"):
            self.assertIn(fname, figures)
            self.assertIsNone(self.partnership._get_criterion_value(fname))
        self._adopt(date_execution_due="2025-06-01")
        self.env.invalidate_all()
        self.assertEqual(self.partnership._get_criterion_value("carried_out_rate"), 0)
        action = self.partnership.action_open_decisions()
        self.assertEqual(action["res_model"], "partnership.decision")
