from odoo.exceptions import AccessError
from odoo.tests import tagged

from .figure_common import FigureCase


@tagged("post_install", "-at_install")
class TestFigureScreens(FigureCase):
    """What figures come to for lists, contacts, bodies and partnerships, and the rows behind."""

    def setUp(self):
        super().setUp()
        self.firm = self._create_member("Test firm", date_start="2018-01-01")
        self.firm_seat = self._create_seat(self.firm)
        for month in (8, 9, 10, 11):
            self._hold(f"2024-{month:02}-10", (self.seat, self.titular))
        self.env.cr.flush()

    def _env(self, user):
        return self.env(user=user, su=False)

    def test_filters(self):
        Membership = self._env(self.facilitator)["partnership.membership"]
        found = Membership.search([("figure_on_paper", "=", True)])
        self.assertEqual(found, self.firm)
        newcomer = self._create_member("Test newcomer", date_start="2024-12-01")
        domain = ["|", ("figure_id", "=", False), ("figure_expected", "<", 3)]
        self.assertEqual(Membership.search(domain), newcomer)
        domain = [("figure_appropriation", "<", 50), ("figure_coverage", ">", 0)]
        self.assertEqual(Membership.search(domain), self.firm)

    def test_missing_rate_is_not_nothing(self):
        """One meeting is not enough to speak of a rate: it is empty, which is not 0 %."""
        newcomer = self._create_member("Test newcomer", date_start="2024-12-01")
        seat = self._create_seat(newcomer, body=self._create_body("Test group"))
        self._hold("2024-12-10", body=seat.body_id)
        self.env["partnership.membership.figure"]._refresh()
        self.facilitator.group_ids += self.env.ref("base.group_allow_export")
        both = (newcomer + self.firm).with_env(self._env(self.facilitator))
        for records, fname in (
            (both, "figure_presence_rate"),
            (both.figure_id, "presence_rate"),
            (both.partner_id, "partnership_presence_rate"),
        ):
            with self.subTest(fname, model=records._name):
                self.assertEqual(records.export_data([fname])["datas"], [[""], [0.0]])
                self.assertIs(records[0].read([fname])[0][fname], False)
                if records._name == "res.partner":
                    continue
                mine = [("id", "in", records.ids)]
                self.assertEqual(records.search([*mine, (fname, "<", 0.5)]), records[1])
                self.assertEqual(records.search([*mine, (fname, "=", 0)]), records[1])
                self.assertEqual(records.search([*mine, (fname, "=", False)]), records[0])
                self.assertEqual(records.filtered_domain([(fname, "<", 0.5)]), records[1])
        self.assertIs(seat.body_id.figure_presence_rate, False)

    def test_order_and_groups(self):
        Membership = self._env(self.facilitator)["partnership.membership"]
        self.assertEqual(
            Membership.search([], order="figure_presence_rate desc"), self.council + self.firm
        )
        groups = Membership._read_group([], ["figure_on_paper"], ["__count"])
        self.assertEqual(groups, [(False, 1), (True, 1)])

    def test_rate_of_a_group_is_of_all_its_meetings(self):
        """Present at 4 of 4 and 0 of 1 is 80 %, not the mean of 100 % and nothing."""
        other = self._create_member("Test other", date_start="2018-01-01")
        seat = self._create_seat(other, body=self._create_body("Test group"))
        self._hold("2024-12-10", body=seat.body_id)
        self.env["partnership.membership.figure"]._refresh()
        Figure = self._env(self.facilitator)["partnership.membership.figure"]
        domain = [("membership_id", "in", (self.council + other).ids), ("month", "=", "2025-01-01")]
        aggregates = ["presence_rate:avg", "expected:sum", "validity_rate:avg"]
        self.assertEqual(Figure._read_group(domain, [], aggregates), [(0.8, 5, 1.0)])
        [[commitment]] = Figure._read_group(domain, [], ["commitment_rate:avg"])
        self.assertEqual(commitment, 0.8, "nobody sent apologies")
        domain[0] = ("membership_id", "=", other.id)
        self.assertEqual(Figure._read_group(domain, [], aggregates), [(False, 1, False)])

    def test_rows_behind_the_figures(self):
        membership = self.council.with_env(self._env(self.facilitator))
        for method, count in (
            ("action_open_presence", 4),
            ("action_open_titulars", 1),
            ("action_open_counted_receipts", 0),
            ("action_open_figures", 6),
        ):
            action = getattr(membership, method)()
            found = self._env(self.facilitator)[action["res_model"]].search(action["domain"])
            self.assertEqual(len(found), count, method)

    def test_briefings_behind_the_figures(self):
        Briefing = self.env["partnership.briefing"]
        for day, kind in (("2024-10-01", "minutes"), ("2024-10-02", "handover")):
            briefing = Briefing.create(
                {"name": "Test", "kind": kind, "partnership_id": self.partnership.id}
            )
            briefing.write({"state": "sent", "date_sent": day})
            briefing.receipt_ids.create(
                {
                    "briefing_id": briefing.id,
                    "person_id": self.titular.id,
                    "membership_id": self.council.id,
                }
            )
        action = self.council.action_open_counted_receipts()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found.briefing_id.mapped("kind"), ["minutes"])

    def test_body_and_partnership(self):
        for place in (self.body, self.partnership):
            place = place.with_env(self._env(self.facilitator))
            self.assertEqual((place.figure_represented, place.figure_expected), (4, 8))
            self.assertEqual(place.figure_presence_rate, 0.5)
            self.assertEqual(place.figure_on_paper_count, 1)
            self.assertEqual(place.figure_member_count, 2)
            action = place.action_open_figures()
            found = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(found.membership_id, self.council + self.firm)

    def test_rows_behind_the_presence_of_a_body(self):
        """Those that it is counted from, and no older ones."""
        self._hold("2023-12-10", (self.seat, self.titular))
        self._hold("2024-12-10", (self.seat, self.titular, "not_recorded"), unmarked="absent")
        for place in (self.body, self.partnership):
            place = place.with_env(self._env(self.facilitator))
            action = place.action_open_presence()
            rows = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(len(rows), place.figure_expected)
            self.assertEqual(len(rows.filtered("represented")), place.figure_represented)

    def test_briefings_of_a_member_without_figures(self):
        newcomer = self._create_member("Test newcomer").with_env(self._env(self.facilitator))
        self.assertFalse(newcomer.figure_id)
        action = newcomer.action_open_receipts()
        self.assertIn(("membership_id", "=", newcomer.id), action["domain"])

    def test_median_of_the_members(self):
        third = self._create_member("Test third", date_start="2018-01-01")
        self._create_mandate(self._create_seat(third), self.persons[0])
        for day in ("2024-11-20", "2024-12-10", "2025-01-10"):
            self._hold(day, (self.seat, self.titular), (third.seat_ids, self.persons[0]))
        self.env["partnership.membership.figure"]._refresh()
        values = sorted((self.council + self.firm + third).mapped("figure_appropriation"))
        self.assertEqual(self.body.figure_member_count, 3)
        self.assertAlmostEqual(self.body.figure_appropriation, values[1])

    def test_an_empty_body(self):
        body = self._create_body("Test empty")
        self.assertEqual((body.figure_expected, body.figure_member_count), (0, 0))
        self.assertFalse(self.partnership.browse().mapped("figure_expected"))

    def test_contact(self):
        partner = self.council.partner_id.with_env(self._env(self.facilitator))
        self.assertEqual((partner.partnership_represented, partner.partnership_expected), (4, 4))
        self.assertEqual(partner.partnership_presence_rate, 1)
        self.assertEqual(partner.partnership_appropriation, 100)
        stranger = partner.with_env(self._env(self.stranger))
        self.assertEqual((stranger.partnership_expected, stranger.partnership_coverage), (0, 0))
        with self.assertRaises(AccessError):
            partner.with_env(self._env(self.employee)).read(["partnership_appropriation"])

    def test_contact_that_left(self):
        self.council.date_end = "2024-12-31"
        self.assertEqual(self.council.partner_id.partnership_expected, 0)

    def test_contacts_cost_no_query_each(self):
        partners = self.council.partner_id
        for number in range(9):
            partners += self._create_member(f"Test member {number}").partner_id
        self.env["partnership.membership.figure"]._refresh()
        counts = []
        for some in (partners[:1], partners[:3], partners):
            self.env.invalidate_all()
            some = some.with_env(self._env(self.facilitator))
            before = self.env.cr.sql_log_count
            some.read(["name", "partnership_presence_rate", "partnership_appropriation"])
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_representatives_read_no_figures_of_bodies(self):
        self._create_mandate(self.seat, self.portal_user.partner_id, "alternate")
        env = self._env(self.portal_user)
        for place in (self.body, self.partnership):
            self.assertTrue(place.with_env(env).read(["name"]))
            with self.assertRaises(AccessError):
                place.with_env(env).read(["figure_presence_rate"])

    def test_name_of_a_figure(self):
        self.assertEqual(self.council.figure_id.display_name, "Test council, January 2025")
