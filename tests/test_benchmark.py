"""What `./dev bench` compares gives the same on both sides; how fast is another matter."""

from benchmark import DAY, SHARES, VALUES, Benchmark
from training import Training

from odoo.tests import TransactionCase


class TestBenchmark(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bench = Benchmark(cls.env, partnerships=2, people=4, learners=3, rounds=1)

    def test_a_line_for_each_measure(self):
        goals = [(name, goal) for name, ratio, goal in self.bench.measure() if ratio > 0]
        self.assertEqual(
            goals,
            [
                ("figures refreshed / bare SQL", 2),
                ("figures refreshed / of a tenth of the rows", 11),
                ("contacts with figures / without", 1.5),
                ("contacts with figures and roles / as in Odoo", 0),
                ("queries for 80 contacts / for 8", 1),
                ("participation pivot / bare SQL", 1.3),
                ("composition of 100 members / bare SQL", 1.5),
                ("4 marked present / registrations set done", 1),
                ("4 seats voted and closed / marked present and closed", 1.5),
                ("session of 12 meetings with 3 participants / 12 plain events", 1.3),
                ("board of 500 candidates / of 500 leads", 0.8),
                ("figures of a night / with a tenth of the rows", 11),
            ],
        )

    def test_what_is_filled_in(self):
        self.bench.seed(1, 1)
        self.bench.seed(2, 2)
        Attendance = self.env["partnership.attendance"]
        rows = Attendance.search([("partnership_id.name", "like", "Bench")])
        self.assertGreaterEqual(len(rows), 2 * 50 * 50)
        self.assertEqual(len(rows.event_id), 2 * 50)
        self.assertEqual(len(rows.membership_id), 2 * 50)
        used = {row.id: row.mandate_id for row in rows}
        self.env.add_to_compute(Attendance._fields["mandate_id"], rows)
        self.assertEqual({row.id: row.mandate_id for row in rows}, used)
        lines = self.env["partnership.participation.report"]._read_group(
            [("partnership_id", "in", rows.partnership_id.ids)], ["outcome"], ["__count"]
        )
        self.assertEqual(len(lines), 8, "each outcome is there")

    def test_figures_are_those_of_the_bare_sql(self):
        self.bench.seed(1, 1)
        self.bench.refresh()
        by_hand = {row.pop("membership_id"): row for row in self.bench.figures_by_hand()}
        figures = self.env["partnership.membership.figure"].search(
            [("date", "=", DAY), ("membership_id", "in", list(by_hand))]
        )
        self.assertEqual(len(figures), 49, "one of fifty has left")
        for figure in figures:
            for name, value in by_hand[figure.membership_id.id].items():
                with self.subTest(figure=figure.partner_id.name, name=name):
                    self.assertAlmostEqual(figure[name], value or 0)

    def test_night_is_of_all_members_and_of_no_candidate(self):
        self.bench.seed(1, 2)
        self.bench.measure_night(1, 2)
        self.bench.night("2024-03-02")
        Figure = self.env["partnership.membership.figure"]
        bench = [("partnership_id.name", "like", "Bench")]
        figures = Figure.search([*bench, ("date", "=", "2024-03-02")])
        self.assertEqual(len(figures), 2 * 49, "one of fifty has left")
        self.assertTrue(figures.filtered("represented"))
        past = [*bench, ("date", "<", DAY), ("membership_id.date_end", "=", False)]
        self.assertEqual(Figure.search_count(past), 2 * 49 * 24)
        candidates = self.env["partnership.membership"].search([*bench, ("is_formal", "=", False)])
        self.assertEqual(len(candidates), 2 * 200)
        self.bench._execute("night_undone.sql")
        self.assertFalse(candidates.exists())

    def test_pivot_is_that_of_the_bare_sql(self):
        self.bench.seed(1, 1)
        found = {
            (
                *(row.get(name) and row[name][0] for name in ("interest_group_id", "date:month")),
                row.get("outcome") or None,
            ): row["__count"]
            for rows in self.bench.pivot()
            for row in rows
        }
        by_hand = {
            (group, month and month.isoformat(), outcome): count
            for group, month, outcome, count in self.bench.pivot_by_hand()
        }
        self.assertEqual(found, by_hand)

    def test_composition_is_that_of_the_bare_sql(self):
        self.bench.seed(1, 2)

        def value(row):
            return tuple(
                row[name][0] if isinstance(row[name], tuple) else row[name] or None
                for name in VALUES
            )

        by_hand = {value(row): row for row in self.bench.composition_by_hand()}
        found = {value(row): row for row in self.bench.composition()}
        self.assertEqual(set(found), set(by_hand))
        for key, row in by_hand.items():
            for name in SHARES:
                with self.subTest(value=key, name=name):
                    expected = float(row[name.partition(":")[0]] or 0)
                    self.assertAlmostEqual(found[key][name] or 0, expected)
        of_zones = [row["members:sum"] for row in found.values() if row["value_id"]]
        self.assertEqual(
            sum(of_zones), 2 * 2 * 49, "in the body and in the whole, one of fifty left"
        )

    def test_everybody_is_marked(self):
        mark, _done = self.bench.prepare_marking()
        self.assertEqual({row["status"] for row in mark()["rows"]}, {"present"})

    def test_a_session_has_the_guests_of_the_events(self):
        training = Training(self.env, self.bench.officer, meetings=3, people=4)
        ours, theirs = training.create_session(), training.create_events()
        self.assertEqual(ours.training_session_id.enrolment_ids.mapped("state"), ["confirmed"] * 4)
        for session_event, event in zip(ours.sorted("start"), theirs, strict=True):
            self.assertEqual(session_event.start, event.start)
            self.assertEqual(session_event.partner_ids, event.partner_ids)
            self.assertEqual(session_event.attendee_ids.partner_id, event.partner_ids)

    def test_a_board_of_all_candidates(self):
        self.bench.seed(1, 2)
        open_board, _theirs = self.bench.prepare_boards()
        columns, bars = open_board()
        counts = {column["stage_id"][0]: column["__count"] for column in columns}
        self.assertEqual(sum(counts.values()), 2 * 250)
        self.assertLessEqual(max(counts.values()) - min(counts.values()), 1)
        self.assertEqual({len(column["__records"]) for column in columns}, {50})
        self.assertEqual({str(stage) for stage in counts}, set(bars))
        self.assertLess(100, sum(sum(states.values()) for states in bars.values()))
        cards = [card for column in columns for card in column["__records"]]
        self.assertLess(10, max(card["presence_count"] for card in cards), "members have come")
        self.assertTrue(any(card["tag_ids"] for card in cards))

    def test_a_list_without_the_figures(self):
        self.bench.seed(1, 1)
        with_them, without, plain = self.bench.lists.values()
        figures = {"partnership_presence_rate", "partnership_appropriation"}
        self.assertEqual(set(with_them) & figures, figures)
        self.assertEqual(set(without) & figures, set())
        self.assertIn("partnership_role_ids", without)
        self.assertNotIn("partnership_role_ids", plain)
        self.assertIn("complete_name", plain)
        self.assertEqual(len(self.bench.read_list("without figures", 8)["records"]), 8)
