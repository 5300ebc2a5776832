from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .import_common import ImportCase

HEADER = ["Date", "Person", "Organisation", "Present"]
ANNA = ["2024-06-03", "Anna Tester", "Council of Testville", "x"]
BERT = ["2024-06-03", "Bert Tester", "Test Firm Ltd", ""]


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestImportAttendance(ImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.meeting = cls._create_meeting()

    def _row(self, person, event=None):
        return (event or self.meeting).attendance_ids.filtered(lambda row: row.person_id == person)

    def test_lines_become_rows(self):
        wizard = self._import([HEADER, ANNA, BERT])
        self.assertEqual(self._states(wizard), ["taken", "taken"])
        anna, bert = wizard.line_ids.attendance_id
        self.assertEqual((anna.status, anna.seat_id), ("present", self.seats[0]))
        self.assertEqual((bert.status, bert.organisation_id), ("absent", self.company))
        self.assertEqual(anna.user_id, self.facilitator)
        self.assertFalse(wizard.refused_file)

    def test_same_file_twice_changes_nothing(self):
        rows = [HEADER, ANNA, BERT, ["2024-06-10", "New Person", "New Firm", "dialled in"]]
        first = self._import(rows)
        taken = first.line_ids.attendance_id
        self.assertEqual(first.taken_count, 3)
        before = taken.read(["status", "reason", "write_date", "user_id"])
        counts = [self.env[model].search_count([]) for model in ("res.partner", "calendar.event")]
        second = self._match(rows)
        self.assertFalse(second.open_count)
        second.action_preview()
        second.action_import()
        self.assertEqual(self._states(second), ["already"] * 3)
        self.assertEqual(second.line_ids.attendance_id, taken)
        second.unlisted = "absent"
        second.action_close_sheets()
        third = self._import(rows, overwrite=True)
        self.assertEqual(self._states(third), ["already"] * 3)
        self.assertEqual(taken.read(["status", "reason", "write_date", "user_id"]), before)
        self.assertEqual(
            [self.env[model].search_count([]) for model in ("res.partner", "calendar.event")],
            counts,
        )

    def test_words(self):
        words = ["1", "X", "Yes", "present", "0", "No", "", "late", "excused", "dialled in"]
        wizard = self._match(
            [["Date", "Person", "Present", "Mode"]]
            + [["2024-06-03", f"Person {word}", word, "Zoom"] for word in words]
        )
        statuses = wizard.word_ids.filtered(lambda word: word.column == "status")
        self.assertEqual(
            {word.name: word.status for word in statuses},
            dict.fromkeys(["1", "X", "Yes", "present"], "present")
            | dict.fromkeys(["0", "No", ""], "absent")
            | {"late": "late", "excused": "excused", "dialled in": "not_recorded"},
        )
        wizard.action_create_all()
        statuses.filtered(lambda word: word.name == "No").status = "skip"
        statuses.filtered(lambda word: word.name == "Yes").status = "late"
        statuses.filtered(lambda word: word.name == "").status = "not_recorded"
        wizard.action_preview()
        wizard.action_import()
        lines = {line.cells[2]: line for line in wizard.line_ids}
        self.assertIn("No", lines["No"].message)
        self.assertEqual(lines["No"].state, "refused")
        self.assertEqual(lines["Yes"].attendance_id.status, "late")
        row = lines["dialled in"].attendance_id
        self.assertEqual((row.status, row.reason), ("not_recorded", "dialled in"))
        self.assertEqual(lines[""].attendance_id.reason, "empty in the list")
        self.assertEqual(row.mode, "remote")

    def test_close_spelling_is_never_taken_by_itself(self):
        rows = [HEADER, [ANNA[0], "Ana Tester", "Testville, council of", "x"]]
        wizard = self._match(rows)
        organisation = self._get_match(wizard, "organisation", "Testville, council of")
        person = self._get_match(wizard, "person", "Ana Tester")
        self.assertEqual((organisation.how, person.how), ("close", "close"))
        self.assertEqual(organisation.proposed_id, self.town.id)
        self.assertFalse(organisation.is_settled or organisation.partner_id)
        with self.assertRefused("still to decide", exception=UserError):
            wizard.action_preview()
        organisation.action_accept()
        person.partner_id = self.bert
        wizard.action_preview()
        wizard.action_import()
        self.assertEqual(wizard.line_ids.attendance_id.person_id, self.bert)
        again = self._match(rows)
        self.assertFalse(again.open_count)
        self.assertEqual(
            again.match_ids.filtered(lambda match: match.how == "remembered").partner_id,
            self.town + self.bert,
        )

    def test_person_by_code_or_email(self):
        rows = [
            [*HEADER, "E-mail"],
            ["2024-06-03", "bt", "Test Firm Ltd", "x", ""],
            ["2024-06-03", "", "Council of Testville", "x", "Anna.Tester@test.example"],
            ["2024-06-03", "anna.tester@test.example", "Test Firm Ltd", "x", ""],
        ]
        wizard = self._import(rows)
        self.assertEqual(
            [line.attendance_id.person_id for line in wizard.line_ids],
            [self.bert, self.anna, self.anna],
        )

    def test_two_persons_of_one_name(self):
        """The organisation beside it tells who is meant; where it does not, the user does."""
        other = self._create_mandate(self.seats[1], "Anna Tester", "alternate").person_id
        third = [ANNA[0], "Anna Tester", "", "x"]
        wizard = self._match([HEADER, ANNA, [*ANNA[:2], "Test Firm Ltd", "x"], third])
        unclear = self._get_match(wizard, "person", "Anna Tester")
        self.assertEqual(unclear.how, "ambiguous")
        self._get_match(wizard, "organisation", "").action_accept()
        self.assertEqual(wizard.open_count, 1)
        unclear.partner_id = self.anna
        wizard.action_preview()
        wizard.action_import()
        self.assertEqual(
            [line.attendance_id.person_id for line in wizard.line_ids],
            [self.anna, other, self.anna],
        )

    def test_archived_contact_is_only_proposed(self):
        hidden = self._create_person("Hidden Tester")
        hidden.active = False
        wizard = self._match([HEADER, [ANNA[0], "Hidden Tester", *ANNA[2:]]])
        match = self._get_match(wizard, "person", "Hidden Tester")
        self.assertEqual((match.how, match.proposed_id), ("close", hidden.id))

    def test_one_person_in_two_organisations(self):
        wizard = self._import([HEADER, ANNA, [*ANNA[:2], "Test Firm Ltd", "0"]])
        self.assertEqual(self._states(wizard), ["taken", "taken"])
        self.assertEqual(wizard.line_ids.attendance_id.mapped("status"), ["present", "absent"])

    def test_lines_that_repeat_or_contradict(self):
        wizard = self._import([HEADER, ANNA, [*ANNA[:3], "1"], [*ANNA[:3], "late"], BERT])
        self.assertEqual(self._states(wizard), ["taken", "already", "refused", "taken"])
        self.assertEqual(wizard.line_ids[1].attendance_id, wizard.line_ids[0].attendance_id)
        self.assertIn("line 2", wizard.line_ids[1].message)
        self.assertIn("Line 2", wizard.line_ids[2].message)

    def test_what_is_recorded_stays_unless_corrected(self):
        self.env["partnership.attendance"]._record(
            self.meeting, self.anna, self.town, status="excused"
        )
        wizard = self._import([HEADER, ANNA])
        self.assertEqual(self._states(wizard), ["refused"])
        self.assertIn("Excused", wizard.line_ids.message)
        self.assertEqual(self._row(self.anna).status, "excused")
        wizard = self._import([HEADER, ANNA], overwrite=True)
        self.assertEqual(self._states(wizard), ["taken"])
        self.assertEqual(self._row(self.anna).status, "present")

    def test_refused_lines_come_back_as_a_file(self):
        rows = [["Note", *HEADER], ["=A1+1", "31/02/2024", *ANNA[1:]], ["", *BERT]]
        wizard = self._import(rows)
        self.assertEqual(self._states(wizard), ["refused", "taken"])
        header, line = self._decode(wizard.refused_file)
        self.assertEqual(header, [*rows[0], "Why refused"])
        self.assertEqual(line[:-1], ["'=A1+1", *rows[1][1:]])
        self.assertIn("31/02/2024", line[-1])
        report = self._decode(wizard.report_file)
        self.assertEqual([line[-2] for line in report], ["Result", "Refused", "Taken"])
        line[1] = "2024-06-03"
        again = self._import([header, line])
        self.assertEqual(self._states(again), ["taken"])
        self.assertEqual(again.line_ids.cells[0], "=A1+1")

    def test_missing_is_created_on_request(self):
        wizard = self._match([HEADER, ["2024-05-02", "New Person", "New Firm", "x"]])
        self.assertEqual(wizard.open_count, 3)
        wizard.action_create_all()
        wizard.action_preview()
        self.assertFalse(self.env["res.partner"].search([("name", "=", "New Firm")]))
        self.assertEqual(wizard.take_count, 1)
        wizard.action_import()
        row = wizard.line_ids.attendance_id
        self.assertEqual(row.organisation_id.name, "New Firm")
        self.assertEqual(row.person_id.parent_id, row.organisation_id)
        self.assertEqual((row.body_id, str(row.date)), (self.body, "2024-05-02"))
        self.assertFalse(row.event_id.attendee_ids)
        self.assertFalse(
            self.env["partnership.spelling"].search([("partnership_id", "=", self.partnership.id)]),
            "who was created under that name is found by it",
        )

    def test_meeting_that_is_created_needs_a_body(self):
        wizard = self._match([HEADER, ["2024-05-02", *ANNA[1:]]], body_id=False)
        wizard.action_create_all()
        with self.assertRefused("2024-05-02", "body", exception=UserError):
            wizard.action_preview()

    def test_decisions_outlive_a_look_back(self):
        """Whoever goes back for the body of the meetings need not decide all again."""
        rows = [HEADER, ["2024-05-02", "Test Frim Ltd", "Bert Tester", "x"]]
        rows.append(["2024-05-02", "New club", "Carl New", "x"])
        wizard = self._match(rows, body_id=False)
        wizard.action_accept_all()
        wizard.action_create_all()
        before = {(match.name, match.decision) for match in wizard.match_ids}
        wizard.action_back()
        wizard.body_id = self.body
        wizard.action_match()
        self.assertFalse(wizard.open_count)
        self.assertEqual({(match.name, match.decision) for match in wizard.match_ids}, before)

    def test_meeting_found_anew_after_a_look_back(self):
        """Another body is another meeting."""
        other = self._create_meeting("2024-06-03 08:00:00", body=self._create_body("Other"))
        wizard = self._match([HEADER, ANNA])
        wizard.action_back()
        wizard.body_id = other.partnership_body_id
        wizard.action_match()
        self.assertEqual(wizard.match_meeting_ids.event_id, other)

    @freeze_time("2024-06-01")
    def test_meeting_to_come(self):
        """Nobody was at a meeting that is still to come, whether it is there or is created."""
        day = "2024-06-05"
        rows = [HEADER, ANNA, [day, *ANNA[1:]], [day, *ANNA[1:3], "excused"]]
        wizard = self._import([*rows, ["2024-05-30", *ANNA[1:]]])
        self.assertEqual(self._states(wizard), ["refused", "refused", "taken", "taken"])
        self.assertIn("to come", wizard.line_ids[0].message)

    def test_several_meetings_on_one_day(self):
        other = self._create_meeting("2024-06-03 08:00:00", name="Early one")
        wizard = self._match([HEADER, ANNA])
        [match] = wizard.match_meeting_ids
        self.assertEqual((match.how, match.is_settled), ("ambiguous", False))
        match.event_id = other
        wizard.action_preview()
        wizard.action_import()
        self.assertEqual(wizard.line_ids.attendance_id.event_id, other)
        titled = [["Date", "Title", *HEADER[1:]], [ANNA[0], "EARLY  one", *ANNA[1:]]]
        wizard = self._match(titled)
        self.assertEqual(wizard.match_meeting_ids.event_id, other)

    def test_two_titles_and_one_meeting(self):
        """Two meetings of the list never end in one by themselves."""
        rows = [["Date", "Title", *HEADER[1:]]]
        rows += [[ANNA[0], title, *ANNA[1:]] for title in ("Alpha", "Omega")]
        wizard = self._match(rows)
        self.assertEqual(wizard.match_meeting_ids.mapped("is_settled"), [False, False])

    def test_cancelled_meeting(self):
        self.meeting.action_cancel_meeting()
        preview = self._match([HEADER, ANNA])
        preview.action_preview()
        self.assertEqual(self._states(preview), ["refused"], "said before anything is written")
        wizard = self._import([HEADER, ANNA])
        self.assertEqual(self._states(wizard), ["refused"])
        self.assertIn("cancelled", wizard.line_ids.message)

    def test_left_out(self):
        wizard = self._match([HEADER, ANNA, BERT])
        self._get_match(wizard, "person", "Anna Tester").decision = "skip"
        wizard.action_preview()
        wizard.action_import()
        self.assertEqual(self._states(wizard), ["refused", "taken"])
        self.assertIn("Anna Tester", wizard.line_ids[0].message)

    def test_contact_deleted_meanwhile(self):
        other = self._create_person("Dora Tester")
        wizard = self._match([HEADER, ["2024-06-03", "Dora Tester", *ANNA[2:]], ANNA])
        other.unlink()
        self.env.invalidate_all()
        wizard.action_preview()
        wizard.action_import()
        self.assertEqual(self._states(wizard), ["refused", "taken"])
        self.assertIn("deleted meanwhile", wizard.line_ids[0].message)

    def test_seat_that_nobody_holds(self):
        self.seats[0].mandate_ids.unlink()
        wizard = self._match(
            [HEADER, [ANNA[0], "vacant", ANNA[2], "0"], [ANNA[0], "vacant", "", "0"]]
        )
        self._get_match(wizard, "person", "vacant").decision = "nobody"
        wizard.action_accept_all()
        wizard.action_preview()
        wizard.action_import()
        self.assertEqual(self._states(wizard), ["taken", "refused"])
        row = wizard.line_ids.attendance_id
        self.assertEqual((row.seat_id, row.person_id.id), (self.seats[0], False))

    def test_no_column_for_the_organisation(self):
        rows = [["Date", "Person"], ANNA[:2], ["2024-06-03", "New Person"]]
        wizard = self._import(rows)
        self.assertEqual(
            [line.attendance_id.organisation_id for line in wizard.line_ids],
            [self.town, self.env["res.partner"]],
        )
        self.assertEqual(wizard.line_ids.attendance_id.mapped("status"), ["present"] * 2)
        self._create_mandate(self.seats[1], self.anna, "alternate")
        later = self._create_meeting("2024-06-10 16:00:00")
        wizard = self._import([["Date", "Person"], ["2024-06-10", "Anna Tester"]])
        self.assertEqual(self._states(wizard), ["refused"])
        self.assertIn("Test Firm Ltd", wizard.line_ids.message)
        self.assertFalse(later.attendance_ids)

    def test_sheets_are_closed_with_who_is_not_listed(self):
        wizard = self._import([HEADER, ANNA])
        self.assertEqual(wizard.open_event_ids, self.meeting)
        with self.assertRefused("Say what became", exception=UserError):
            wizard.action_close_sheets()
        wizard.unlisted = "absent"
        wizard.action_close_sheets()
        self.assertEqual(self.meeting.partnership_state, "closed")
        self.assertEqual(self._row(self.bert).status, "absent")
        self.assertEqual(self._row(self.anna).status, "present")

    def test_not_listed_may_be_not_recorded(self):
        wizard = self._import([HEADER, ANNA], unlisted="not_recorded")
        wizard.action_close_sheets()
        self.assertEqual(self._row(self.bert).status, "not_recorded")

    def test_into_a_closed_sheet(self):
        """It is a correction, and logged as one."""
        self.meeting._close_sheet("absent")
        before = self._log(self.meeting)
        wizard = self._import([HEADER, ANNA], overwrite=True)
        self.assertEqual(self._states(wizard), ["taken"])
        message = self._log(self.meeting) - before
        self.assertIn("Absent → Present", message.text)
        self.assertEqual(message.author_id, self.facilitator.partner_id)

    def test_a_row_that_is_refused_takes_no_other_along(self):
        """What the database refuses is found among the others and named."""
        Attendance = type(self.env["partnership.attendance"])
        record = Attendance._record_batch

        def refuse_carl(model, records):
            if any(values["person_id"].name == "Carl Tester" for values in records):
                raise ValidationError("Carl is refused")  # pylint: disable=translation-required
            return record(model, records)

        self.patch(Attendance, "_record_batch", refuse_carl)
        carl = ["2024-06-03", "Carl Tester", "Test Firm Ltd", "x"]
        wizard = self._import([HEADER, ANNA, carl, BERT, carl])
        self.assertEqual(self._states(wizard), ["taken", "refused", "taken", "refused"])
        self.assertEqual(wizard.line_ids[1].message, "Carl is refused")
        self.assertEqual(len(self.meeting.attendance_ids), 2)

    def test_kind_of_the_contact(self):
        wizard = self._match([HEADER, ["2024-06-03", "Carl Tester", *ANNA[2:]]])
        with self.assertRefused("Test Firm Ltd"):
            self._get_match(wizard, "person", "Carl Tester").partner_id = self.company

    def test_only_the_team_imports(self):
        for user in (self.stranger, self.employee):
            with self.assertRaises(AccessError), self.cr.savepoint():
                self._start([HEADER, ANNA], user=user).action_read()
        wizard = self._match([HEADER, ANNA])
        with self.assertRaises(AccessError):
            wizard.with_user(self.stranger).action_preview()
        wizard.action_preview()
        self.partnership.user_ids = self.officer
        with self.assertRaises(AccessError):
            wizard.action_import()
        self.assertFalse(self.meeting.attendance_ids)
