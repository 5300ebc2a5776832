from unittest.mock import patch

from freezegun import freeze_time
from lxml import html

from odoo import http
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.mail.tests.common import MockEmail

from ..common import PartnershipCase


class ProxyCase(PartnershipCase, MockEmail):
    """A council whose titular cannot come, a firm with titular and alternate, a farm, a resident
    and somebody without a seat."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.body.write({"proxy_allowed": True, "proxy_max": 1})
        cls.resident = cls._create_person("Test resident")
        names = ("Test council", "Test firm", "Test farm")
        members = [cls._create_member(each) for each in (*names, cls.resident)]
        cls.seat, cls.firm_seat, cls.farm_seat, cls.single = map(cls._create_seat, members)
        cls.titular, cls.holder, cls.farmer = (
            cls._create_mandate(seat, f"Test {name}").person_id
            for seat, name in (
                (cls.seat, "titular"),
                (cls.firm_seat, "holder"),
                (cls.farm_seat, "farmer"),
            )
        )
        cls.deputy = cls._create_mandate(cls.firm_seat, "Test deputy", "alternate").person_id
        cls.own_deputy = cls._create_mandate(cls.seat, "Test own deputy", "alternate").person_id
        cls.outsider = cls._create_person("Test outsider")
        cls.meeting = cls._create_meeting(
            "2095-06-24 16:00:00",
            partner_ids=(cls.titular + cls.holder + cls.farmer + cls.resident).ids,
            user_id=cls.facilitator.id,
        )
        cls.guest = cls._guest(cls.titular)

    @classmethod
    def _guest(cls, person):
        return cls.meeting.attendee_ids.filtered(lambda guest: guest.partner_id == person)

    def _row(self, person=None):
        rows = self.meeting.attendance_ids
        return rows.filtered(lambda row: row.person_id == (person or self.titular))


@tagged("post_install", "-at_install")
@freeze_time("2095-06-10 10:00:00")
class TestProxyApology(ProxyCase):
    """Whoever apologises names who votes instead."""

    def _give(self, person=None, guest=None, seat=None):
        """:return: list of (person who got a mail, its subject)"""
        with self.mock_mail_gateway():
            (guest or self.guest)._apologise(seat or self.seat, proxy_id=person and person.id)
        return self._get_told()

    def _get_told(self):
        return [(mail.recipient_ids, mail.subject[:8]) for mail in self._new_mails]

    def test_who_may_be_chosen(self):
        """Whoever may speak on another seat; nobody who stands for the same one."""
        available = self.guest._get_available_proxies(self.seat)
        self.assertEqual(available, self.deputy + self.farmer + self.holder + self.resident)

    def test_who_has_apologised_is_not_offered(self):
        self._guest(self.farmer)._apologise(self.farm_seat)
        self._guest(self.resident).state = "declined"
        self.env["partnership.attendance"]._record(
            self.meeting, self.deputy, self.firm_seat.partner_id, status="absent"
        )
        self.assertEqual(self.guest._get_available_proxies(self.seat), self.holder)

    def test_apology_for_one_of_two_members_leaves_the_other(self):
        self._create_mandate(self.farm_seat, self.holder, "alternate")
        self._guest(self.holder)._apologise(self.firm_seat)
        self.assertIn(self.holder, self.guest._get_available_proxies(self.seat))
        self._guest(self.holder)._apologise(self.farm_seat)
        self.assertNotIn(self.holder, self.guest._get_available_proxies(self.seat))

    def test_mandate_of_the_day_counts(self):
        self.firm_seat.mandate_ids.date_end = "2095-06-23"
        self.farm_seat.date_end = "2095-06-24"
        self.assertEqual(self.guest._get_available_proxies(self.seat), self.farmer + self.resident)

    def test_giver_is_excused_and_the_holder_is_told(self):
        self.assertEqual(self._give(self.holder), [(self.holder, "Your pro")])
        row = self._row()
        self.assertEqual((row.status, row.proxy_id), ("excused", self.holder))
        self.assertIn("Test titular (Test council)", self._new_mails.body_html)
        self.assertEqual(row._get_mail_recipient(), self.holder)
        self.assertEqual(row.mail_state, "sent")
        self.assertIn("Test holder has the proxy", self._log(self.meeting)[0].text)
        self.assertEqual(self._log(self.meeting)[0].author_id, self.titular)

    def test_mail_says_nothing_of_the_reason(self):
        with self.mock_mail_gateway():
            self.guest._apologise(self.seat, reason="Test illness", proxy_id=self.holder.id)
        self.assertNotIn("illness", self._new_mails.body_html + self._new_mails.subject)

    def test_sheet_shows_who_gave_it(self):
        self._give(self.holder)
        meeting = self.meeting.with_user(self.facilitator)
        meeting._fill_sheet()
        lines = meeting.attendance_sheet_read()["rows"]
        proxies = {line["member"]: line["proxy"] for line in lines if line["proxy"]}
        expected = {"id": self.holder.id, "name": "Test holder"}
        self.assertEqual(proxies, {"Test council": expected})

    def test_proxy_is_changed_and_taken_back(self):
        self._give(self.holder)
        told = self._give(self.farmer)
        self.assertEqual(told, [(self.holder, "No proxy"), (self.farmer, "Your pro")])
        self.assertEqual(self._row().proxy_id, self.farmer)
        with self.mock_mail_gateway():
            self.guest._apologise(self.seat, proxy_id=False)
        self.assertEqual(self._get_told(), [(self.farmer, "No proxy")])
        self.assertEqual((self._row().status, self._row().proxy_id.id), ("excused", False))
        self.assertIn("Test farmer is taken back", self._log(self.meeting)[0].text)

    def test_who_comes_after_all_takes_it_back(self):
        self._give(self.holder)
        with self.mock_mail_gateway():
            self.guest._accept(self.seat)
        self.assertEqual(self._get_told(), [(self.holder, "No proxy")])
        self.assertFalse(self._row().proxy_id)
        self.assertIn("Test holder is taken back", self._log(self.meeting)[0].text)

    def test_same_choice_tells_nobody_and_nothing_sent_changes_nothing(self):
        self._give(self.holder)
        logged = self._log(self.meeting)
        self.assertEqual(self._give(self.holder), [])
        self.assertEqual(self._give(), [])
        self.assertEqual(self._row().proxy_id, self.holder)
        self.assertEqual(self._log(self.meeting), logged)

    def test_no_more_than_the_body_allows(self):
        self._give(self.holder)
        farmer = self._guest(self.farmer)
        self.assertNotIn(self.holder, farmer._get_available_proxies(self.farm_seat))
        self.assertIn(self.holder, self.guest._get_available_proxies(self.seat), "its own one")
        with self.assertRefused("as many proxies", exception=UserError):
            self._give(self.holder, farmer, self.farm_seat)
        self.body.proxy_max = 2
        self._give(self.holder, farmer, self.farm_seat)
        self.assertEqual(self._row(self.farmer).proxy_id, self.holder)

    def test_body_without_proxies(self):
        for values in ({"proxy_allowed": False}, {"proxy_allowed": True, "proxy_max": 0}):
            self.body.write(values)
            self.assertFalse(self.guest._get_available_proxies(self.seat))
            with self.assertRefused("Choose somebody", exception=UserError):
                self._give(self.holder)
        self.assertFalse(self.meeting.attendance_ids)

    def test_who_may_not_be_chosen(self):
        persons = (self.titular, self.own_deputy, self.outsider, self.firm_seat.partner_id)
        for proxy_id in (*(person.id for person in persons), 0, -1, 10**9):
            with self.assertRefused("Choose somebody", exception=UserError):
                self.guest._apologise(self.seat, proxy_id=proxy_id)
        self.assertFalse(self.meeting.attendance_ids)

    def test_holder_without_address(self):
        """The team learns it; who gives the proxy does not."""
        self.holder.email = False
        self.assertEqual(self._give(self.holder), [])
        self.assertEqual(self._row().proxy_id, self.holder)
        self.assertIn("please tell: Test holder", self._log(self.meeting)[0].text)

    def test_where_calendars_write_to_nobody(self):
        self.env["ir.config_parameter"].set_param("calendar.block_mail", "1")
        self.assertEqual(self._give(self.holder), [])
        self.assertEqual(self._row().proxy_id, self.holder)

    def test_until_the_meeting_begins_its_sheet_is_closed_or_a_vote_forbids_it(self):
        self._give(self.holder)
        with freeze_time("2095-06-24 16:00:00"), self.assertRefused("begun", exception=UserError):
            self._give(self.farmer)
        row = type(self._row())
        with patch.object(row, "_may_change_proxy", lambda row: False):
            for change in (
                lambda: self._give(self.farmer),
                lambda: self.guest._apologise(self.seat, proxy_id=False),
                lambda: self.guest._accept(self.seat),
            ):
                with self.assertRefused("no longer", exception=UserError):
                    change()
            self.guest._apologise(self.seat, reason="Test journey")
        self.assertEqual((self._row().proxy_id, self._row().reason), (self.holder, "Test journey"))
        self.assertTrue(self._row()._may_change_proxy())
        with freeze_time("2095-06-25"):
            self.meeting._close_sheet("absent")
        self.assertFalse(self._row()._may_change_proxy())

    def test_it_counts_at_the_meeting(self):
        self._give(self.holder)
        self.meeting._fill_sheet()
        self._row(self.holder).status = "present"
        voters = self.meeting._get_voters(self.meeting.attendance_ids, self.meeting.start)
        self.assertEqual(voters[self.seat], (self._row(self.holder), "proxy"))


@tagged("post_install", "-at_install")
class TestProxyPage(ProxyCase, HttpCase):
    """The same on the page of the invitation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.path = f"/partnership/meeting/{cls.guest.id}/{cls.guest._get_answer_token()}"

    def _post(self, path=None, **values):
        self.authenticate(None, None)
        values = {"csrf_token": http.Request.csrf_token(self), "seat": self.seat.id, **values}
        with self.mock_mail_gateway():
            response = self.url_open(path or self.path, data={"answer": "no", **values})
        self.env.invalidate_all()
        return response

    def _choices(self):
        """:return: (dict value -> name that the page offers, the value that is chosen)"""
        page = html.fromstring(self.url_open(self.path).content)
        options = page.xpath("//select[@name='proxy']/option")
        chosen = page.xpath("//select[@name='proxy']/option[@selected]/@value")
        return {each.get("value"): each.text for each in options}, chosen

    def test_page_names_who_may_be_chosen_and_says_nothing_else_of_them(self):
        persons = self.deputy + self.farmer + self.holder + self.resident
        choices = {"": "Nobody", **{str(person.id): person.name for person in persons}}
        self.assertEqual(self._choices(), (choices, []))
        page = self.url_open(self.path).text
        for word in (*persons.mapped("email"), "Test firm", "Test farm<", self.outsider.name):
            self.assertNotIn(word, page)

    def test_given_shown_and_taken_back(self):
        page = self._post(proxy=str(self.holder.id))
        self.assertIn("Votes for you: Test holder", page.text)
        self.assertEqual(self._new_mails.recipient_ids, self.holder)
        self.assertEqual(self._choices()[1], [str(self.holder.id)])
        self.assertNotIn("Votes for you:", self._post(proxy="").text)
        self.assertEqual((self._row().status, self._row().proxy_id.id), ("excused", False))

    def test_page_without_the_question_leaves_the_answer(self):
        self._post(proxy=str(self.holder.id))
        self._post(reason="Test journey")
        self.assertEqual((self._row().proxy_id, self._row().reason), (self.holder, "Test journey"))
        self.body.proxy_allowed = False
        self._post(answer="yes")
        self.assertEqual((self._choices()[0], self._row().status), ({}, "not_recorded"))

    def test_looking_gives_nothing(self):
        self.url_open(f"{self.path}?answer=no&seat={self.seat.id}&proxy={self.holder.id}")
        self.assertFalse(self.meeting.attendance_ids)

    def test_without_the_form_nothing_is_given(self):
        self.authenticate(None, None)
        with self.assertLogs("odoo.http", "WARNING"):
            response = self.url_open(
                self.path,
                data={"seat": self.seat.id, "answer": "no", "proxy": self.holder.id},
            )
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self.meeting.attendance_ids)

    def test_nonsense_and_foreign_persons(self):
        persons = (self.titular, self.own_deputy, self.outsider, self.facilitator.partner_id)
        texts = ("0", "00", "-1", "x", " ", "false", "²", "9" * 12, f"{self.holder.id}.0", "None")
        for text in (*(str(person.id) for person in persons), *texts):
            with self.subTest(text):
                page = self._post(proxy=text)
                self.assertIn("alert-danger", page.text)
                self.assertFalse(self.meeting.attendance_ids)
                self.assertFalse(self._new_mails)

    def test_foreign_token(self):
        foreign = self._guest(self.farmer)
        for path in (
            f"/partnership/meeting/{self.guest.id}/{foreign._get_answer_token()}",
            f"/partnership/meeting/{self.guest.id}/{'0' * 64}",
        ):
            page = self._post(path, proxy=str(self.holder.id))
            self.assertEqual(page.status_code, 404)
            self.assertNotIn("Test holder", page.text)
        self.assertFalse(self.meeting.attendance_ids)

    def test_token_of_a_meeting_that_has_begun(self):
        self._post(proxy=str(self.holder.id))
        self.meeting.write({"start": "2024-06-03 16:00:00", "stop": "2024-06-03 18:00:00"})
        self.assertEqual(self._choices(), ({}, []))
        for values in ({"proxy": ""}, {"proxy": str(self.farmer.id)}, {"answer": "yes"}):
            self.assertIn("has begun", self._post(**values).text)
        self.assertEqual(self._row().proxy_id, self.holder)
