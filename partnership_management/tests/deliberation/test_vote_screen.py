from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .deliberation_common import DeliberationCase


@tagged("post_install", "-at_install")
class TestVoteScreen(DeliberationCase):
    """What the screen of the vote asks for and sends, as the facilitator."""

    def setUp(self):
        super().setUp()
        self._come(*range(6))  # nobody is there for the scouts
        self.decision = self._decide()
        self.screen = self.meeting.with_user(self.facilitator)

    def _open(self, *decisions):
        return self.screen.vote_screen_open([each.id for each in decisions or [self.decision]])

    def _tap(self, number, choice, before="not_voted", decision=None):
        decision = decision or self.decision
        return self.screen.vote_screen_tap(
            [[self.seats[number].id, decision.id, before, choice]], [decision.id]
        )

    def _lines(self, data, decision=None):
        """:return: list of the votes of each of ``self.seats`` in a decision, as the screen has
        them"""
        decision = decision or self.decision
        lines = {
            (row["id"], vote["decision_id"]): vote for row in data["rows"] for vote in row["votes"]
        }
        return [lines[seat.id, decision.id] for seat in self.seats]

    def _live(self, data, decision=None):
        decision = decision or self.decision
        [line] = [each for each in data["decisions"] if each["id"] == decision.id]
        return line["live"]

    # -- What it shows ----------------------------------------------------------------------

    def test_a_draft_shows_who_may_vote(self):
        data = self.screen.vote_screen_read()
        self.assertEqual(data["chosen"], self.decision.ids)
        lines = self._lines(data)
        self.assertEqual([line["choice"] for line in lines], ["not_voted"] * 6 + ["absent"])
        self.assertEqual(
            [line["person"] for line in lines[:6]], [f"Person {n}" for n in range(1, 7)]
        )
        self.assertFalse(any(line["can_vote"] for line in lines), "it is not open")
        self.assertEqual(
            {group["name"] for group in data["groups"]},
            {"Test councils", "Test firms", "Test associations"},
        )
        self.assertFalse(self.decision.vote_ids, "looking makes nothing")

    def test_open_vote_is_tapped(self):
        data = self._open()
        self.assertEqual([line["can_vote"] for line in self._lines(data)], [True] * 6 + [False])
        data = self._tap(0, "yes")
        self.assertEqual(self._lines(data)[0]["choice"], "yes")
        self.assertEqual(self._live(data)["voted"], 1)
        data = self._tap(0, "no", before="yes")
        self.assertEqual(self._get_choices(self.decision)[0], "no")
        self._tap(0, "not_voted", before="no")
        self.assertEqual(self._get_choices(self.decision)[0], "not_voted")
        self.assertEqual(len(self.decision.vote_ids), 9, "each that was given is kept")

    def test_live_says_what_is_missing(self):
        self.decision.rule_id.balance = "none"
        self.decision.write(
            {"balance": "ceiling", "group_ceiling": 49.0, "quorum_type": "seats", "quorum_seats": 5}
        )
        data = self._open()
        self.assertEqual(self._live(data)["result"], "refused")
        kinds = [line["kind"] for line in self._live(data)["lines"]]
        self.assertEqual(kinds[:2], ["quorum", "nobody"])
        data = self.screen.vote_screen_tap(
            [
                [self.seats[number].id, self.decision.id, "not_voted", choice]
                for number, choice in ((0, "yes"), (1, "no"), (3, "no"), (5, "no"))
            ],
            self.decision.ids,
        )
        live = self._live(data)
        self.assertEqual((live["result"], live["voted"], live["able"]), ("unbalanced", 4, 6))
        texts = {line["kind"]: line["text"] for line in live["lines"]}
        self.assertEqual(texts["quorum"], "Quorum: 6 of 7, 5 needed")
        self.assertEqual(texts["threshold"], "In favour: 1 of 4, 3 needed: 2 missing")
        councils = [line for line in live["lines"] if line["kind"] == "ceiling"][0]
        self.assertEqual(councils["text"], "Test councils: 2 of 4, 50 %; at most 49 %")
        self.assertFalse(councils["is_met"])
        self.assertEqual((councils["share"], councils["limit"]), (0.5, 0.49))

    def test_without_quorum_the_rest_shows_as_well(self):
        self.decision.write({"quorum_type": "seats", "quorum_seats": 5, "quorum_counted": "cast"})
        self._open()
        live = self._live(self._tap(0, "yes"))
        self.assertEqual(live["result"], "no_quorum")
        self.assertEqual([line["kind"] for line in live["lines"]], ["quorum", "threshold"])
        self.assertEqual([line["is_met"] for line in live["lines"]], [False, True])

    def test_weight_and_deputy(self):
        deputy = self._create_mandate(self.seats[6], "Test deputy", "alternate").person_id
        self.meeting.attendance_sheet_came_instead(
            self._rows(self.meeting)[self.persons[6]].id, deputy.id
        )
        line = self._lines(self._open())[6]
        self.assertEqual(
            (line["person"], line["way"], line["can_vote"]), ("Test deputy", "alternate", True)
        )

    # -- Several at once --------------------------------------------------------------------

    def test_several_decisions_are_one_vote(self):
        other = self._decide("Test other question")
        data = self._open(self.decision, other)
        self.assertEqual(set(data["chosen"]), {self.decision.id, other.id})
        self.screen.vote_screen_tap(
            [[self.seats[0].id, each.id, "not_voted", "no"] for each in (self.decision, other)],
            [self.decision.id, other.id],
        )
        data = self.screen.vote_screen_rest([self.decision.id, other.id], "yes")
        self.assertEqual(data["changed"], sorted(seat.id for seat in self.seats[1:6]))
        for each in (self.decision, other):
            self.assertEqual(self._get_choices(each), ["no", *["yes"] * 5, "absent"])
        self.screen.vote_screen_close([self.decision.id, other.id])
        self.assertEqual((self.decision + other).mapped("number"), [1, 2])

    def test_as_the_last_vote(self):
        self._open()
        self._tap(0, "no")
        self._tap(1, "abstained")
        self.screen.vote_screen_close(self.decision.ids)
        other = self._decide("Test other question")
        self._come(6)
        data = self._open(other)
        self.assertEqual(data["last"], "Test question")
        self._tap(1, "yes", decision=other)
        data = self.screen.vote_screen_repeat(other.ids)
        self.assertEqual(data["changed"], self.seats[0].ids)
        self.assertEqual(self._get_choices(other), ["no", "yes", *["not_voted"] * 5])

    def test_a_secret_vote_is_no_copy(self):
        self._open()
        self._tap(0, "no")
        self.screen.vote_screen_close(self.decision.ids)
        secret = self._decide("Test secret", visibility="secret")
        self._open(secret)
        with self.assertRefused("each seat votes anew", exception=UserError):
            self.screen.vote_screen_repeat(secret.ids)
        self.assertFalse(secret.count_ids)

    def test_there_is_no_last_vote_yet(self):
        self._open()
        with self.assertRefused("No vote by name was closed", exception=UserError):
            self.screen.vote_screen_repeat(self.decision.ids)

    # -- Two clerks -------------------------------------------------------------------------

    def test_what_is_sent_again_counts_once(self):
        self._open()
        for _time in range(2):
            self._tap(0, "yes")
        self.assertEqual(len(self.decision.vote_ids), 7)

    def test_taps_that_were_sent_and_go_with_a_later_one(self):
        """The answer to the first was lost: it is there, and is sent again with the next."""
        self._open()
        self._tap(0, "yes")
        seat = self.seats[0].id
        taps = [
            [seat, self.decision.id, "not_voted", "yes"],
            [seat, self.decision.id, "yes", "no"],
        ]
        for _time in range(2):
            self.screen.vote_screen_tap(taps, self.decision.ids)
            self.assertEqual(self._get_choices(self.decision)[0], "no")

    def test_what_another_clerk_took_is_not_written_over(self):
        self._open()
        self.meeting.with_user(self.officer).vote_screen_tap(
            [[self.seats[0].id, self.decision.id, "not_voted", "no"]], self.decision.ids
        )
        with self.assertRefused(
            f"Test Aford in “Test question” is now: No, entered by {self.officer.name}",
            exception=UserError,
        ):
            self._tap(0, "yes")
        self.assertEqual(self._get_choices(self.decision)[0], "no")
        self._tap(0, "yes", before="no")
        self.assertEqual(self._get_choices(self.decision)[0], "yes")

    def test_outcome_that_changed_meanwhile_is_not_closed_unseen(self):
        self._open()
        self._tap(0, "yes")
        shown = [[self.decision.id, "refused"]]
        with self.assertRefused("came in meanwhile", exception=UserError):
            self.screen.vote_screen_close(self.decision.ids, shown)
        self.assertEqual(self.decision.state, "open")
        self.screen.vote_screen_close(self.decision.ids, [[self.decision.id, "adopted"]])
        self.assertEqual(self.decision.outcome, "adopted")

    def test_who_comes_while_it_is_open_may_vote(self):
        self._open()
        row = self._rows(self.meeting)[self.persons[6]]
        self.screen.attendance_sheet_mark([[row.ids, {"status": "present"}]])
        self.assertEqual(self._get_choices(self.decision)[6], "not_voted")
        data = self._tap(6, "no")
        self.assertEqual(self._lines(data)[6]["choice"], "no")

    def test_who_left_is_greyed_and_keeps_the_vote(self):
        self._open()
        self._tap(0, "yes")
        rows = self._rows(self.meeting)
        for number in (0, 1):
            rows[self.persons[number]].check_out = self._tick(minutes=1)
        lines = self._lines(self.screen.vote_screen_read(self.decision.ids))
        self.assertEqual((lines[0]["choice"], lines[0]["has_left"]), ("yes", False))
        self.assertTrue(lines[1]["has_left"])
        self.assertFalse(lines[1]["can_vote"])
        with self.assertRefused("Nobody is there to vote", exception=UserError):
            self._tap(1, "yes")

    # -- Hidden and secret ------------------------------------------------------------------

    def test_hidden_shows_how_many_and_the_own_taps(self):
        self.decision.is_hidden = True
        self._open()
        data = self._tap(0, "no")
        self.assertEqual(self._lines(data)[0]["choice"], "no", "who enters it reads it")
        live = self._live(data)
        self.assertTrue(live["is_hidden"])
        self.assertEqual((live["voted"], live["able"], live["lines"]), (1, 6, []))
        self.assertFalse(live["result"])
        self.assertEqual(data["decisions"][0]["hands"], [], "hands would show it")
        hands = [[str(self.group_public.id), 1, 0, 0]]
        with self.assertRefused("counts no group", exception=UserError):
            self.screen.vote_screen_hands(self.decision.id, hands)
        other = self.meeting.with_user(self.officer).vote_screen_read(self.decision.ids)
        line = self._lines(other)[0]
        self.assertEqual((line["choice"], line["can_vote"]), ("voted", False))
        with self.assertRefused("is now: Has voted", exception=UserError):
            self.meeting.with_user(self.officer).vote_screen_tap(
                [[self.seats[0].id, self.decision.id, "not_voted", "yes"]], self.decision.ids
            )
        self.screen.vote_screen_close(self.decision.ids)
        other = self.meeting.with_user(self.officer).vote_screen_read(self.decision.ids)
        self.assertEqual(self._lines(other)[0]["choice"], "no")
        self.assertTrue(self._live(other)["lines"])

    def test_secret_stays(self):
        self.decision.visibility = "secret"
        data = self._open()
        self.assertEqual([each["hands"] for each in data["decisions"]], [[]])
        data = self._tap(0, "no")
        line = self._lines(data)[0]
        self.assertEqual((line["choice"], line["can_vote"]), ("voted", False))
        self.assertEqual(self._live(data)["voted"], 1)
        self.assertFalse(self._live(data)["lines"])
        for before in ("not_voted", "voted"):
            with self.assertRefused(exception=UserError):
                self._tap(0, "yes", before=before)
        self.assertEqual(sum(self.decision.count_ids.mapped("no")), 1)
        self.screen.vote_screen_close(self.decision.ids)
        data = self.screen.vote_screen_read(self.decision.ids)
        self.assertEqual(self._lines(data)[0]["choice"], "voted")
        self.assertEqual(self._live(data)["result"], "refused")

    # -- Hands ------------------------------------------------------------------------------

    def test_hands_are_counted_by_group(self):
        data = self._open()
        hands = data["decisions"][0]["hands"]
        self.assertEqual(
            {line["name"]: line["voters"] for line in hands},
            {"Test councils": 3, "Test firms": 2, "Test associations": 1},
        )
        keys = {line["name"]: line["key"] for line in hands}
        data = self.screen.vote_screen_hands(
            self.decision.id, [[keys["Test councils"], 2, 1, 0], [keys["Test firms"], 2, 0, 0]]
        )
        live = self._live(data)
        self.assertEqual((live["hands"], live["result"]), (5, "adopted"))
        with self.assertRefused("3 hands, and 2 seats", exception=UserError):
            self._tap(0, "no")

    def test_hands_that_are_none(self):
        self._open()
        for hands, words in (
            ([], "Count the hands"),
            ("x", "Count the hands"),
            ([["999999", 1, 0, 0]], "counts no group"),
            ([[str(self.group_public.id), 1]], "counts no group"),
            ([[[], 1, 0, 0]], "counts no group"),
            ([[str(self.group_public.id), 4, 0, 0]], "Count again"),
            ([[str(self.group_public.id), -1, 0, 0]], "whole numbers"),
            ([[str(self.group_public.id), "x", 0, 0]], "whole numbers"),
        ):
            with self.subTest(hands), self.assertRefused(words, exception=UserError):
                self.screen.vote_screen_hands(self.decision.id, hands)

    # -- What becomes of it -----------------------------------------------------------------

    def test_interrupt_and_go_on(self):
        self._open()
        self._tap(0, "yes")
        data = self.screen.vote_screen_settle(self.decision.ids, "interrupt")
        self.assertFalse(self._lines(data)[0]["can_vote"])
        with self.assertRefused("is not open", exception=UserError):
            self._tap(1, "yes")
        data = self._open()
        self.assertEqual(self._lines(data)[0]["choice"], "yes")

    def test_not_put_and_withdrawn(self):
        other = self._decide("Test other question")
        self.screen.vote_screen_settle(self.decision.ids, "not_put")
        self.screen.vote_screen_settle(other.ids, "withdraw")
        self.assertEqual((self.decision.outcome, other.state), ("not_put", "withdrawn"))

    def test_deferred_to_a_later_meeting(self):
        later = self._create_meeting("2024-07-01 16:00:00")
        other = self._create_meeting("2024-07-01 16:00:00", body=self._create_body("Test other"))
        data = self.screen.vote_screen_read()
        self.assertEqual([each["id"] for each in data["later"]], later.ids)
        with self.assertRefused("later meeting of the same body", exception=UserError):
            self.screen.vote_screen_defer(self.decision.ids, other.id)
        self.screen.vote_screen_defer(self.decision.ids, later.id)
        self.assertEqual(self.decision.outcome, "deferred")
        self.assertEqual(later.decision_ids.name, "Test question")

    # -- Who may, and with what -------------------------------------------------------------

    def _get_calls(self, decision):
        seat = self.seats[0].id
        return (
            ("action_open_votes", []),
            ("vote_screen_read", [decision.ids]),
            ("vote_screen_open", [decision.ids]),
            ("vote_screen_tap", [[[seat, decision.id, "not_voted", "yes"]], decision.ids]),
            ("vote_screen_rest", [decision.ids, "yes"]),
            ("vote_screen_repeat", [decision.ids]),
            ("vote_screen_hands", [decision.id, [[str(self.group_public.id), 1, 0, 0]]]),
            ("vote_screen_settle", [decision.ids, "interrupt"]),
            ("vote_screen_defer", [decision.ids]),
            ("vote_screen_close", [decision.ids]),
        )

    def test_others_are_refused(self):
        self._open()
        for user in (self.stranger, self.employee, self.portal_user):
            for method, arguments in self._get_calls(self.decision):
                with (
                    self.subTest(user=user.login, method=method),
                    self.assertRefused(exception=AccessError),
                ):
                    getattr(self.meeting.with_user(user), method)(*arguments)
        self.assertEqual(self.decision.state, "open")
        self.assertEqual(set(self._get_choices(self.decision)), {"not_voted", "absent"})

    def test_decisions_that_are_none_of_this_meeting(self):
        elsewhere = self._create_meeting("2024-06-10 16:00:00")
        foreign = self._decide("Test elsewhere", event_id=elsewhere.id)
        missing = self.env["partnership.decision"].browse(foreign.id + 1000)
        for method, arguments in self._get_calls(foreign)[2:] + self._get_calls(missing)[2:]:
            with (
                self.subTest(method, ids=arguments[0]),
                self.assertRefused("Choose decisions of", exception=UserError),
            ):
                getattr(self.screen, method)(*arguments)
        for nothing in (False, None, [], "", "x", [False], ["1"], {}, [[1]], 0):
            for method, *arguments in (
                ("vote_screen_open",),
                ("vote_screen_rest", "yes"),
                ("vote_screen_settle", "interrupt"),
                ("vote_screen_defer",),
                ("vote_screen_close",),
            ):
                with (
                    self.subTest(method, ids=nothing),
                    self.assertRefused("Choose decisions of", exception=UserError),
                ):
                    getattr(self.screen, method)(nothing, *arguments)
            self.assertEqual(self.screen.vote_screen_read(nothing)["chosen"], self.decision.ids)
        self.assertEqual(foreign.state, "draft")

    def test_taps_that_are_none(self):
        self._open()
        seat, decision = self.seats[0].id, self.decision.id
        stranger = self._create_seat(
            self._create_member("Test elsewhere"), body=self._create_body("Test other body")
        )
        for taps, words in (
            (False, "A tap names a seat"),
            ({}, "A tap names a seat"),
            ([[seat, decision, "not_voted"]], "A tap names a seat"),
            ([[seat, decision, "not_voted", "maybe"]], "A tap names a seat"),
            ([[seat, decision, "not_voted", False]], "A tap names a seat"),
            ([["x", decision, "not_voted", "yes"]], "A tap names a seat"),
            ([[seat, None, "not_voted", "yes"]], "A tap names a seat"),
            ([], "Choose decisions of"),
            ([[stranger.id, decision, "not_voted", "yes"]], "has no vote in"),
            ([[0, decision, "not_voted", "yes"]], "has no vote in"),
            ([[self.seats[6].id, decision, "not_voted", "yes"]], "Nobody is there"),
        ):
            with self.subTest(taps), self.assertRefused(words, exception=UserError):
                self.screen.vote_screen_tap(taps, [decision])
        for choice in ("not_voted", "recused", "", False, []):
            with self.subTest(choice), self.assertRefused("none of these", exception=UserError):
                self.screen.vote_screen_rest([decision], choice)
        for step in ("close", "", False, []):
            with self.subTest(step), self.assertRefused("what becomes", exception=UserError):
                self.screen.vote_screen_settle([decision], step)
        self.assertEqual(set(self._get_choices(self.decision)), {"not_voted", "absent"})

    def test_one_refused_tap_takes_none(self):
        self._open()
        taps = [[self.seats[number].id, self.decision.id, "not_voted", "yes"] for number in (0, 6)]
        with self.assertRefused("Nobody is there", exception=UserError):
            self.screen.vote_screen_tap(taps, self.decision.ids)
        self.assertEqual(self._get_choices(self.decision)[0], "not_voted")

    def test_buttons_lead_to_the_screen(self):
        for action in (
            self.screen.action_open_votes(),
            self.decision.with_user(self.facilitator).action_take_vote(),
        ):
            self.assertEqual(action["tag"], "partnership_vote_screen")
            self.assertEqual(action["context"]["active_id"], self.meeting.id)
        self.assertEqual(action["context"]["chosen"], self.decision.id)
        recorded = self._decide("Test recorded", event_id=False, body_id=self.body.id)
        with self.assertRefused("is of no meeting", exception=UserError):
            recorded.action_take_vote()

    def test_queries_do_not_grow_with_seats(self):
        def count(number):
            body = self._create_body(f"Test body of {number}")
            for index in range(number):
                member = self._create_member(f"Test member {number} {index}")
                self._create_mandate(
                    self._create_seat(member, body=body), f"Test person {number} {index}"
                )
            meeting = self._create_meeting("2024-06-03 16:00:00", body=body)
            meeting = meeting.with_user(self.facilitator)
            meeting.action_open_sheet()
            meeting.attendance_sheet_mark_rest("present")
            decision = self._decide(event_id=meeting.id)
            meeting.vote_screen_open(decision.ids)
            counts = []
            for call in (
                lambda: meeting.vote_screen_read(decision.ids),
                lambda: meeting.vote_screen_rest(decision.ids, "yes"),
            ):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                call()
                self.env.flush_all()
                counts.append(self.env.cr.sql_log_count - before)
            return counts

        count(2)
        few, many = count(4), count(40)
        self.assertEqual(few, many)
