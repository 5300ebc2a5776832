from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .import_common import ImportCase

HEADER = ["Date", "Person", "E-mail", "Organisation", "Present"]
DAY = "2024-06-03"
OFFICE = "office@newmill.example"


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestImportWho(ImportCase):
    """Who is meant by an e-mail, a name and an organisation that may be empty."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.meeting = cls._create_meeting()

    def _line(self, name, email="", organisation="Test Firm Ltd", status="x"):
        return [DAY, name, email, organisation, status]

    def _persons(self, wizard):
        return [line.attendance_id.person_id for line in wizard.line_ids]

    def _spellings(self):
        return self.env["partnership.spelling"].search(
            [("partnership_id", "=", self.partnership.id)]
        )

    def _finish(self, wizard):
        wizard.action_preview()
        wizard.action_import()
        self.env.flush_all()

    # ------------------------------------------------------------
    # E-mails
    # ------------------------------------------------------------

    def test_shared_mailbox_of_new_persons(self):
        rows = [HEADER, self._line("Ada Reed", OFFICE), self._line("Ben Sedge", OFFICE)]
        wizard = self._import(rows)
        self.assertEqual(self._states(wizard), ["taken", "taken"])
        persons = wizard.line_ids.attendance_id.person_id
        self.assertEqual(persons.mapped("name"), ["Ada Reed", "Ben Sedge"])
        self.assertEqual(persons.mapped("email"), [OFFICE] * 2)
        again = self._match(rows)
        self.assertFalse(again.open_count, "each is known by name and address")
        self._finish(again)
        self.assertEqual(self._states(again), ["already", "already"])
        self.assertEqual(again.line_ids.attendance_id.person_id, persons)

    def test_shared_mailbox_of_known_persons(self):
        """An address that several have does not say which of them; the name does."""
        ada, ben = self._create_person("Ada Reed"), self._create_person("Ben Sedge")
        (ada + ben).email = OFFICE
        cleo = self._create_person("Cleo Rush")
        names = ["Ben Sedge", "Reed, Ada", "Cleo Rush", "Dan Teal"]
        wizard = self._import([HEADER, *[self._line(name, OFFICE) for name in names]])
        self.assertEqual(self._persons(wizard)[:3], [ben, ada, cleo])
        dan = self._persons(wizard)[3]
        self.assertEqual((dan.name, dan.email), ("Dan Teal", OFFICE))
        self.assertFalse(self._spellings())
        wizard = self._match([HEADER, self._line("", OFFICE, "")])
        self.assertEqual(self._get_match(wizard, "person", OFFICE).how, "ambiguous")

    def test_no_address(self):
        """What stands in the column where there is none is nobody's address."""
        words = ["none", "-", "n/a", "?", "@", "n/a@", "two words", "a@b.example c@d.example"]
        persons = [self._create_person(f"Person {number}") for number in range(len(words))]
        pairs = list(zip(persons, words, strict=True))
        wizard = self._match([HEADER, *[self._line(person.name, word) for person, word in pairs]])
        self.assertFalse(wizard.open_count)
        self._finish(wizard)
        self.assertEqual(self._persons(wizard), persons)
        wizard = self._import([HEADER, self._line("Nora New", "none"), self._line("Otto", "-")])
        self.assertEqual([person.email for person in self._persons(wizard)], [False, False])
        self.assertFalse(self._spellings())

    def test_no_address_and_no_name(self):
        wizard = self._import([HEADER, self._line("", "none")])
        self.assertEqual(self._states(wizard), ["refused"])
        self.assertIn("does not say who came", wizard.line_ids.message)

    def test_name_that_does_not_contradict(self):
        names = ["Tester, Anna", "A. Tester", "ANNA  TESTER", "Anna Tester (Guest)", "Anna"]
        wizard = self._match(
            [HEADER, *[self._line(name, f"<{self.anna.email.upper()}>") for name in names]]
        )
        self.assertFalse(wizard.open_count)
        self._finish(wizard)
        self.assertEqual(set(self._persons(wizard)), {self.anna})

    def test_name_that_contradicts(self):
        """Asked, and neither taken with all proposals nor created with all that is missing."""
        cleo = self._create_person("Cleo Rush")
        rows = [
            HEADER,
            self._line("Ida Rush", self.anna.email),
            self._line("Cleo Rush", self.anna.email, "Council of Testville"),
            self._line("Anna Tester", "", "Council of Testville"),
        ]
        wizard = self._match(rows)
        wizard.action_accept_all()
        wizard.action_create_all()
        ida = self._get_match(wizard, "person", "Ida Rush")
        known = self._get_match(wizard, "person", "Cleo Rush")
        for match in ida + known:
            self.assertEqual((match.how, match.is_settled), ("contradicts", False))
            self.assertFalse(match.partner_id)
            self.assertIn("Anna Tester", match.proposed)
        with self.assertRefused("still to decide", exception=UserError):
            wizard.action_preview()
        ida.decision = "create"
        known.partner_id = cleo
        self._finish(wizard)
        new = self._persons(wizard)[0]
        self.assertEqual((new.name, new.email), ("Ida Rush", False), "the address is another's")
        self.assertEqual(self._persons(wizard)[1:], [cleo, self.anna])
        self.assertFalse(self._spellings())
        self.assertEqual(self._match(rows).open_count, 2, "it is asked again")

    def test_contradiction_taken_as_the_owner_is_not_remembered(self):
        wizard = self._match([HEADER, self._line("Ida Rush", self.anna.email)])
        self._get_match(wizard, "person", "Ida Rush").partner_id = self.anna
        self._finish(wizard)
        self.assertEqual(self._persons(wizard), [self.anna])
        self.assertFalse(self._spellings())
        wizard = self._match([HEADER, self._line("Ida Rush")])
        self.assertEqual(self._get_match(wizard, "person", "Ida Rush").how, "none")

    def test_remembered_name_and_another_address(self):
        self.env["partnership.spelling"]._remember(
            self.partnership, "person", {"the boss": self.bert}
        )
        wizard = self._match(
            [
                HEADER,
                self._line("The Boss", "private@test.example"),
                self._line("The Boss", self.anna.email),
            ]
        )
        self.assertEqual(
            {match.how for match in wizard.match_person_ids}, {"remembered", "contradicts"}
        )

    def test_close_name_with_its_address(self):
        """Proposed; what is confirmed holds for this name with this address."""
        rows = [HEADER, self._line("Anna Testr", self.anna.email)]
        wizard = self._match(rows)
        match = self._get_match(wizard, "person", "Anna Testr")
        self.assertEqual((match.how, match.proposed_id), ("close", self.anna.id))
        wizard.action_accept_all()
        self._finish(wizard)
        self.assertFalse(self._match(rows).open_count)
        self.assertEqual(self._match([HEADER, self._line("Anna Testr")]).open_count, 1)

    def test_two_new_persons_of_one_name(self):
        """Two addresses are two persons, one address and none are one."""
        rows = [
            HEADER,
            self._line("Nora New", "nora@a.example"),
            self._line("Nora New", "nora@b.example"),
            self._line("Otto New", ""),
            self._line("Otto New", "otto@a.example", "Council of Testville"),
        ]
        wizard = self._match(rows)
        self.assertEqual(len(wizard.match_person_ids), 3)
        wizard.action_create_all()
        self._finish(wizard)
        first, second, third, fourth = self._persons(wizard)
        self.assertNotEqual(first, second)
        self.assertEqual(
            (first + second + third).mapped("email"),
            ["nora@a.example", "nora@b.example", "otto@a.example"],
        )
        self.assertEqual(third, fourth)
        self.assertEqual((first + second).mapped("name"), ["Nora New"] * 2)
        again = self._match(rows)
        self.assertFalse(again.open_count)
        self._finish(again)
        self.assertEqual(self._states(again), ["already"] * 4)

    # ------------------------------------------------------------
    # Empty organisations
    # ------------------------------------------------------------

    def test_empty_organisation_of_who_has_a_mandate(self):
        """As in a list without that column: on the own seat."""
        guest = self._create_person("Greta Guest")
        rows = [HEADER, self._line("Anna Tester", "", ""), self._line("Greta Guest", "", " ")]
        rows.append(self._line("Bert Tester"))
        wizard = self._match(rows)
        self.assertFalse(wizard.open_count)
        self.assertEqual(self._get_match(wizard, "organisation", "").how, "empty")
        self._finish(wizard)
        anna, other, _bert = wizard.line_ids.attendance_id
        self.assertEqual(
            (anna.organisation_id, anna.seat_id, anna.status), (self.town, self.seats[0], "present")
        )
        self.assertEqual((other.person_id, other.organisation_id.id), (guest, False))
        self.assertFalse(self._spellings())
        wizard.unlisted = "absent"
        wizard.action_close_sheets()
        self.assertEqual(len(self.meeting.attendance_ids), 3, "nobody is absent on the own seat")

    def test_empty_organisation_that_the_user_settles(self):
        """It may mean one organisation, or none; that it means none takes nobody off a seat."""
        rows = [HEADER, self._line("Anna Tester", "", ""), self._line("Greta Guest", "", "")]
        for decision in ("nobody", "partner"):
            wizard = self._match(rows, overwrite=True)
            empty = self._get_match(wizard, "organisation", "")
            if decision == "partner":
                empty.partner_id = self.company
            else:
                empty.decision = decision
            wizard.action_create_all()
            self._finish(wizard)
            anna, other = wizard.line_ids.attendance_id
            wanted = {"nobody": (self.town, False), "partner": (self.company, self.company.id)}
            self.assertEqual((anna.organisation_id, other.organisation_id.id), wanted[decision])
        self.assertEqual(self._spellings().mapped("partner_id.id"), [], "only that it is none")

    def test_empty_organisation_of_who_has_two_mandates(self):
        self._create_mandate(self.seats[1], self.anna, "alternate")
        wizard = self._import([HEADER, self._line("Anna Tester", "", "")])
        self.assertEqual(self._states(wizard), ["refused"])
        self.assertIn("Council of Testville, Test Firm Ltd", wizard.line_ids.message)

    def test_mandate_of_another_day(self):
        self.seats[0].mandate_ids.date_end = "2024-05-31"
        wizard = self._import([HEADER, self._line("Anna Tester", "", "")])
        self.assertFalse(wizard.line_ids.attendance_id.organisation_id)
