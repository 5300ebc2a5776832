from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MockEmail

from ...tools.untrusted import PRIVATE_HEADERS
from .deliberation_common import DeliberationCase


@tagged("post_install", "-at_install")
class TestVotePage(DeliberationCase, MockEmail, HttpCase):
    """The vote on the own phone, as whoever has the personal link sees it."""

    def setUp(self):
        super().setUp()
        self._come(0, 1, 3)
        self.decision = self._decide()
        self.decision.action_open_vote()
        self.path = self._get_path(self.persons[0])
        self.env.flush_all()

    def _get_path(self, person, meeting=None):
        meeting = meeting or self.meeting
        return f"/partnership/vote/{meeting.id}/{person.id}/{meeting._get_vote_token(person)}"

    def _post(self, path=None, choice="yes", **values):
        self.authenticate(None, None)
        values = {
            "csrf_token": http.Request.csrf_token(self),
            "decision": self.decision.id,
            "seat": self.seats[0].id,
            "choice": choice,
            **values,
        }
        page = self.url_open(path or self.path, data=values)
        self.env.invalidate_all()
        return page

    def _get_vote(self, number=0, decision=None):
        votes = (decision or self.decision).last_vote_ids
        return votes.filtered(lambda vote: vote.seat_id == self.seats[number])

    # -- The page ---------------------------------------------------------------------------

    def test_page(self):
        page = self.url_open(self.path)
        self.assertEqual(page.status_code, 200)
        for word in ("Test question", "Test Aford", "Person 1", "You have not voted yet"):
            self.assertIn(word, page.text)
        for word in ("Test Bford", "Test Mill"):
            self.assertNotIn(word, page.text, "the seats of others")
        for name, value in PRIVATE_HEADERS.items():
            self.assertEqual(page.headers[name], value)

    def test_looking_changes_nothing(self):
        for query in (
            "",
            "?done=1",
            f"?decision={self.decision.id}&seat={self.seats[0].id}&choice=no",
        ):
            self.url_open(self.path + query)
        self.assertEqual(self._get_choices(self.decision)[0], "not_voted")

    def test_vote(self):
        page = self._post(choice="no")
        self.assertIn("Your vote was taken", page.text)
        self.assertIn("Your vote: <b>No</b>", page.text)
        vote = self._get_vote()
        self.assertEqual((vote.choice, vote.channel, vote.way), ("no", "phone", "titular"))
        self.assertEqual(vote.person_id, self.persons[0])
        self.assertEqual(vote.user_id, self.env.ref("base.public_user"))

    def test_vote_is_sent_twice_and_changed(self):
        for _time in range(2):
            self._post(choice="no")
        self.assertEqual(len(self.decision.vote_ids), 7)
        self._post(choice="abstained")
        self.assertEqual(self._get_vote().choice, "abstained")
        self.assertEqual(len(self.decision.vote_ids), 8)

    def test_without_the_form_nothing_is_voted(self):
        self.authenticate(None, None)
        values = {"decision": self.decision.id, "seat": self.seats[0].id, "choice": "yes"}
        with mute_logger("odoo.http"):
            response = self.url_open(self.path, data=values)
        self.assertEqual(response.status_code, 400)
        self.assertEqual(self._get_choices(self.decision)[0], "not_voted")

    def test_two_seats_by_proxy(self):
        row = self._rows(self.meeting)[self.persons[4]]
        row.write({"status": "excused", "proxy_id": self.persons[0].id})
        self.decision._add_arrivals()
        self.env.flush_all()
        page = self.url_open(self.path)
        self.assertIn("Test Dairy", page.text)
        self._post(seat=self.seats[4].id, choice="no")
        self._post(choice="yes")
        self.assertEqual(self._get_vote(4).way, "proxy")
        self.assertEqual(self._get_choices(self.decision)[4], "no")
        self.assertEqual(self._get_choices(self.decision)[0], "yes")

    def test_who_is_not_there_waits(self):
        path = self._get_path(self.persons[6])
        self.assertIn("No vote is open for you now", self.url_open(path).text)
        page = self._post(path, seat=self.seats[6].id)
        self.assertIn("You have no vote on this question now", page.text)
        self._come(6)
        self._post(path, seat=self.seats[6].id)
        self.assertEqual(self._get_choices(self.decision)[6], "yes", "who comes is added")

    def test_secret_vote_is_given_once(self):
        secret = self._decide("Test secret", visibility="secret")
        secret.action_open_vote()
        self.env.flush_all()
        self.assertIn("it cannot be changed", self.url_open(self.path).text)
        self._post(decision=secret.id, choice="no")
        page = self._post(decision=secret.id, choice="yes")
        self.assertIn("You have voted", page.text)
        self.assertEqual(self._get_vote(decision=secret).choice, "voted")
        self.assertEqual(sum(secret.count_ids.mapped("no")), 1)
        self.assertEqual(sum(secret.count_ids.mapped("yes")), 0)

    def test_hidden_from_the_team_until_closed(self):
        hidden = self._decide("Test hidden", is_hidden=True)
        hidden.action_open_vote()
        self.env.flush_all()
        self._post(decision=hidden.id, choice="no")
        screen = self.meeting.with_user(self.facilitator)
        [row] = [
            row
            for row in screen.vote_screen_read(hidden.ids)["rows"]
            if row["id"] == self.seats[0].id
        ]
        self.assertEqual(row["votes"][0]["choice"], "voted")
        self.assertIn("Your vote: <b>No</b>", self.url_open(self.path).text)

    # -- What is refused --------------------------------------------------------------------

    def test_the_seat_of_another(self):
        for seat in (self.seats[1], self.seats[6]):
            page = self._post(seat=seat.id, choice="no")
            self.assertIn("You have no vote on this question now", page.text)
        self.assertEqual(set(self._get_choices(self.decision)), {"not_voted", "absent"})

    def test_nonsense(self):
        for values in (
            {"choice": "perhaps"},
            {"choice": ""},
            {"choice": "not_voted"},
            {"choice": "recused"},
            {"seat": ""},
            {"seat": "x"},
            {"seat": "99999999999999999999"},
            {"seat": "0"},
            {"decision": "0"},
            {"decision": "-1"},
            {"decision": "x"},
        ):
            with self.subTest(values):
                page = self._post(**values)
                self.assertEqual(page.status_code, 200)
                self.assertIn("alert-danger", page.text)
                self.assertEqual(self._get_choices(self.decision)[0], "not_voted")

    def test_decision_of_another_meeting(self):
        other = self._create_meeting("2024-06-03 16:15:00")
        other.action_open_sheet()
        self._rows(other)[self.persons[0]].status = "present"
        elsewhere = self._decide("Test elsewhere", event_id=other.id)
        elsewhere.action_open_vote()
        self.env.flush_all()
        self.assertNotIn("Test elsewhere", self.url_open(self.path).text)
        self.assertIn("alert-danger", self._post(decision=elsewhere.id).text)
        self.assertEqual(self._get_vote(decision=elsewhere).choice, "not_voted")

    def test_links_that_are_not_good(self):
        event, person, other = self.meeting, self.persons[0], self.persons[1]
        token = event._get_vote_token(person)
        elsewhere = self._create_meeting("2024-06-10 16:00:00")
        for path in (
            f"{event.id}/{other.id}/{token}",
            f"{elsewhere.id}/{person.id}/{token}",
            f"{event.id}/{person.id}/{event._get_check_in_token()}",
            f"{event.id}/{person.id}/{token[:-1]}",
            f"{event.id}/{person.id}/%C3%A9t%C3%A9",
            f"{event.id}/999999999/{token}",
            f"999999999/{person.id}/{token}",
        ):
            with self.subTest(path):
                path = f"/partnership/vote/{path}"
                page = self.url_open(path)
                self.assertEqual(page.status_code, 404)
                self.assertNotIn("Test question", page.text)
                self.assertEqual(self._post(path).status_code, 404)
        page = self.url_open(f"/partnership/vote/99999999999999999999/{person.id}/{token}")
        self.assertEqual(page.status_code, 404)
        self.assertEqual(self._get_choices(self.decision)[0], "not_voted")

    def test_after_a_new_code_old_links_are_gone(self):
        self.meeting.with_user(self.facilitator).action_renew_check_in()
        self.env.flush_all()
        self.assertEqual(self.url_open(self.path).status_code, 404)
        self.assertEqual(self.url_open(self._get_path(self.persons[0])).status_code, 200)

    def test_after_the_sheet_is_closed(self):
        self.meeting._close_sheet("absent")
        self.env.flush_all()
        page = self.url_open(self.path)
        self.assertEqual(page.status_code, 410)
        self.assertNotIn("Test question", page.text)
        self.assertEqual(self._post().status_code, 410)
        self.assertEqual(self._get_choices(self.decision)[0], "not_voted")

    def test_after_the_vote_is_closed(self):
        self.decision.action_close_vote()
        self.env.flush_all()
        self.assertIn("No vote is open for you now", self.url_open(self.path).text)
        self.assertIn("alert-danger", self._post().text)
        self.assertEqual(self._get_choices(self.decision)[0], "not_voted")

    def test_archived_meeting_or_person(self):
        self.persons[0].active = False
        self.env.flush_all()
        self.assertEqual(self.url_open(self.path).status_code, 404)

    def test_methods_behind_the_page_are_not_public(self):
        for name in ("_vote_by_phone", "_get_ballots", "_find_by_vote_link", "_get_vote_token"):
            with self.subTest(name), self.assertRaises(AccessError):
                get_public_method(self.meeting, name)

    # -- The links --------------------------------------------------------------------------

    def _send(self):
        with self.mock_mail_gateway():
            message = self.meeting.with_user(self.facilitator).vote_screen_send_links()
            self.env.cr.flush()
        return message

    def test_links_are_sent_once_to_each(self):
        for number, person in enumerate(self.persons[:6]):
            person.email = f"person{number}@test.example"
        self.persons[6].email = False
        self._rows(self.meeting)[self.persons[5]].status = "excused"
        message = self._send()
        self.assertIn("Links on their way: 5", message)
        self.assertIn("Without e-mail address: Person 7", message)
        mails = self._new_mails
        self.assertEqual(mails.recipient_ids, self.env["res.partner"].concat(*self.persons[:5]))
        for mail in mails:
            path = self._get_path(mail.recipient_ids)
            self.assertIn(path, mail.body_html)
            self.assertNotIn("partnership/vote", mail.mail_message_id.body or "")
        self._send()
        self.assertFalse(self._new_mails, "not again")
        self.meeting.with_user(self.facilitator).action_renew_check_in()
        self.assertIn("Links on their way: 5", self._send())

    def test_link_is_not_in_a_mail_that_the_team_looks_at(self):
        row = self._rows(self.meeting)[self.persons[0]].with_user(self.facilitator)
        self.assertEqual(row._get_vote_url(), "#")
        self.assertEqual(row.with_context(partnership_sending="x")._get_vote_url(), "#")

    def test_who_sends_links(self):
        for user in (self.stranger, self.employee, self.portal_user):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.meeting.with_user(user).vote_screen_send_links()
        self.meeting._close_sheet("absent")
        with self.assertRefused("Open the attendance sheet first", exception=UserError):
            self.meeting.with_user(self.facilitator).vote_screen_send_links()
