from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 12:00:00")
class TestRound(PartnershipCase):
    """A round opens, closes and stays as it was."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.round = cls.env["partnership.enlargement.round"].create(
            {
                "name": "Test round",
                "partnership_id": cls.partnership.id,
                "date_start": "2024-06-01",
                "date_end": "2024-06-30",
            }
        )

    def test_open_and_close(self):
        own = self.round.with_user(self.facilitator)
        own.action_open()
        self.assertEqual(str(own.date_opened), "2024-06-15")
        with freeze_time("2024-06-28 23:00:00"):
            own.action_close()
        self.assertEqual(own.state, "closed")
        self.assertEqual(str(own.date_closed), "2024-06-29", "the day in Brussels")

    def test_one_open_at_a_time(self):
        self.round.action_open()
        other = self.round.copy({"name": "Test second"})
        self.assertEqual(other.state, "draft")
        with self.assertRefused("Test partnership", "Test round"):
            other.action_open()
        with self.assertRefused("Test partnership", "Test round"):
            self._open_round(name="Test third")
        self.round.action_close()
        other.action_open()
        elsewhere = self.partnership.copy({"name": "Test other"})
        self._open_round(partnership_id=elsewhere.id)

    def test_closed_is_closed(self):
        self.round.action_open()
        self.round.action_close()
        own = self.round.with_user(self.facilitator)
        for vals in (
            {"state": "open"},
            {"state": "draft"},
            {"date_end": "2024-12-31"},
            {"motive": "opportunity", "opportunity": "Test call"},
        ):
            with self.assertRefused("Test round", exception=UserError):
                own.write(vals)
        own.name = "Test round of June"

    def test_opportunity_has_an_event_and_a_window(self):
        with self.assertRefused("Test round"):
            self.round.motive = "opportunity"
        self.round.write({"motive": "opportunity", "opportunity": "Test call"})
        with self.assertRefused("Test round", "06/30/2024", "06/01/2024"):
            self.round.write(
                {"opportunity_date_start": "2024-06-30", "opportunity_date_end": "2024-06-01"}
            )

    def test_dates_the_wrong_way_round(self):
        with self.assertRefused("Test round"):
            self.round.date_end = "2024-05-01"

    def test_written_down_later(self):
        """A round of the past has the days that it says."""
        past = self._open_round(state="closed", date_start="2023-01-01", date_end="2023-03-31")
        self.assertEqual(
            (str(past.date_opened), str(past.date_closed)), ("2023-01-01", "2023-03-31")
        )

    def test_used_round_is_kept(self):
        self.round.copy().with_user(self.officer).unlink()
        self.round.action_open()
        with self.assertRefused("Test round", exception=UserError):
            self.round.with_user(self.officer).unlink()

    def test_foreign_facilitator(self):
        foreign = self.round.with_user(self.stranger)
        for action in (foreign.action_open, foreign.action_close, lambda: foreign.name):
            with self.assertRaises(AccessError):
                action()
        with self.assertRaises(AccessError):
            self.env["partnership.enlargement.round"].with_user(self.stranger).create(
                {"name": "Test foreign", "partnership_id": self.partnership.id}
            )
