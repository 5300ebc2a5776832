from datetime import date

from odoo.tests import tagged
from odoo.tools import SQL

from .figure_common import FigureCase


@tagged("post_install", "-at_install")
class TestFigureIndex(FigureCase):
    """Information, and the index that brings the facets together."""

    def _index(self, *facets, weights=(35, 25, 20, 20)):
        """:return: (index, coverage) of these facets, as the statement computes them"""
        Figure = self.env["partnership.membership.figure"]
        return self.env.execute_query(
            SQL(
                """
                SELECT index.appropriation, index.coverage
                  FROM (VALUES (%s::float, %s::float, %s::float, %s::float, %s, %s, %s, %s))
                       AS facet(involvement, choice, commitment, communication,
                                weight_involvement, weight_choice, weight_commitment,
                                weight_communication)
            CROSS JOIN LATERAL (%s) index
                """,
                *facets,
                *weights,
                Figure._sql_index(),
            )
        )[0]

    def assertIndex(self, found, index, coverage):
        self.assertAlmostEqual(found[0], index, 1)
        self.assertAlmostEqual(float(found[1]), coverage)

    def test_index_of_four_facets(self):
        self.assertIndex(self._index(0.5, 0.6, 0.25, 0.8), 53.5, 100)

    def test_index_without_commitment(self):
        self.assertIndex(self._index(0.5, 0.6, None, 0.8), 60.6, 80)

    def test_index_of_nothing(self):
        self.assertEqual(self._index(None, None, None, None)[0], None)
        self.assertEqual(float(self._index(None, None, None, None)[1]), 0)

    def test_weights_are_a_setting(self):
        self.assertIndex(self._index(0.5, None, None, 1.0, weights=(1, 0, 0, 3)), 87.5, 100)
        self.assertEqual(self._index(None, 0.5, None, None, weights=(1, 0, 0, 3))[0], None)

    def test_index_of_a_member(self):
        """Present at 3 of 4, the run of absences 1: involvement .75; always by the titular:
        choice 1; 2 of 4 read in time, 3 of 4 passed on: communication .625."""
        self._hold_months("ppap")
        for number in range(4):
            briefing = self._send(f"2024-0{number + 2}-01", ask_relay=True)
            self._receive(
                briefing,
                self.titular,
                date_read="2024-02-05" if number < 2 else False,
                date_relayed=f"2024-0{number + 3}-01" if number else False,
            )
        self.assertFigure(
            involvement=0.75,
            choice=1.0,
            commitment=None,
            informed_rate=0.5,
            relay_rate=0.75,
            communication=0.625,
            appropriation=79.6875,
            coverage=80.0,
        )

    # ------------------------------------------------------------
    # Informed, relay
    # ------------------------------------------------------------

    def _send(self, day, **values):
        briefing = self.env["partnership.briefing"].create(
            {"name": f"Test briefing of {day}", "partnership_id": self.partnership.id, **values}
        )
        briefing.write({"state": "sent", "date_sent": day})
        return briefing

    def _receive(self, briefing, person, membership=None, **values):
        return self.env["partnership.briefing.receipt"].create(
            {
                "briefing_id": briefing.id,
                "person_id": person.id,
                "membership_id": (membership or self.council).id,
                "relay_evidence": "Told the others" if values.get("date_relayed") else False,
                **values,
            }
        )

    def test_read_in_time_by_anybody(self):
        """A briefing is due once for a member, 14 days after it was sent."""
        for day in ("2024-03-01", "2024-04-01", "2024-05-01"):
            briefing = self._send(day)
            self.assertEqual((briefing.date_due - date.fromisoformat(day)).days, 14)
            self._receive(briefing, self.titular)
            self._receive(briefing, self.persons[0], date_read=f"{day[:8]}15")
        late = self._send("2024-06-01")
        self._receive(late, self.titular, date_read="2024-06-16")
        self.assertFigure(briefings_due=4, briefings_read=3, informed_rate=0.75)

    def test_only_what_was_due_counts(self):
        for day, values in (
            ("2024-03-01", {"kind": "handover"}),
            ("2024-12-20", {}),
            ("2023-12-01", {}),
        ):
            self._receive(self._send(day, **values), self.titular)
        cancelled = self._send("2024-05-01")
        self._receive(cancelled, self.titular)
        cancelled.state = "cancelled"
        self._receive(self._send("2024-06-01"), self.titular)
        self._hold_months("ppp")
        self.assertFigure(briefings_due=1, briefings_read=0, informed_rate=None)

    def test_relay_of_what_asked_for_it(self):
        self._hold_months("ppp")
        for day in ("2024-03-01", "2024-04-01", "2024-05-01"):
            self._receive(self._send(day, ask_relay=True), self.titular, date_relayed="2024-05-20")
        self._receive(self._send("2024-06-01"), self.titular, date_relayed="2024-06-20")
        self.assertFigure(relays_asked=3, relays_done=3, relay_rate=1.0)
        self.assertFigure(day="2024-04-30", relays_asked=2, relays_done=0, relay_rate=None)

    def test_another_member_is_not_informed_by_it(self):
        firm = self._create_member("Test firm", date_start="2018-01-01")
        self._receive(self._send("2024-03-01"), self.titular, date_read="2024-03-02")
        self.assertFigure(firm, briefings_due=0, briefings_read=0)
        self.assertFigure(briefings_due=1, briefings_read=1)

    def test_communication_needs_both_parts(self):
        for day in ("2024-03-01", "2024-04-01", "2024-05-01"):
            self._receive(self._send(day), self.titular, date_read=day)
        self.assertFigure(informed_rate=1.0, relay_rate=None, communication=None, coverage=0.0)
