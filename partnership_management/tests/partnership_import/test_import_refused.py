from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .import_common import ImportCase

HEADER = ["Date", "Person", "Organisation", "Status"]
DAY = "2024-06-03"


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestImportRefused(ImportCase):
    """For a line that is refused in the end nothing is made: no contact, no meeting, no seat."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.meeting = cls._create_meeting()

    def _count(self):
        models = ("res.partner", "calendar.event", "partnership.body", "partnership.membership")
        return [self.env[model].search_count([]) for model in models]

    def test_headings_and_totals(self):
        rows = [
            HEADER,
            ["Public members:", "", "", ""],
            [DAY, "Anna Tester", "Council of Testville", "x"],
            ["Economy", "Firms we know", "", ""],
            [DAY, "Bert Tester", "Test Firm Ltd", "x"],
            ["Total", "2", "persons", "2"],
        ]
        before = self._count()
        wizard = self._match(rows)
        self.assertFalse(wizard.open_count, "nobody is asked who a total is")
        wizard.action_preview()
        wizard.action_import()
        self.assertEqual(self._states(wizard), ["refused", "taken", "refused", "taken", "refused"])
        self.assertEqual(self._count(), before)

    def test_refused_by_the_preview(self):
        """The day is to come, the word is left out, the organisation is: nobody new is made."""
        rows = [
            HEADER,
            ["2024-07-01", "Nora New", "New Firm", "x"],
            [DAY, "Otto New", "Other Firm", "perhaps"],
            [DAY, "Paul New", "Left Firm", "x"],
            [DAY, "Quin New", "Test Firm Ltd", "x"],
        ]
        wizard = self._match(rows)
        wizard.word_ids.filtered(lambda word: word.name == "perhaps").status = "skip"
        self._get_match(wizard, "organisation", "Left Firm").decision = "skip"
        wizard.action_create_all()
        wizard.action_preview()
        before = self._count()
        wizard.action_import()
        self.assertEqual(self._states(wizard), ["refused"] * 3 + ["taken"])
        self.assertEqual(self._count(), [before[0] + 1, *before[1:]])
        self.assertEqual(wizard.line_ids[3].attendance_id.person_id.name, "Quin New")

    def test_refused_by_the_database(self):
        """Also who was made already when the row was refused is undone, and nobody else."""
        Attendance = self.env.registry["partnership.attendance"]
        record = Attendance._record_batch

        def refuse_nora(model, records):
            if any(values["person_id"].name == "Nora New" for values in records):
                raise ValidationError("Nora is refused")  # pylint: disable=translation-required
            return record(model, records)

        self.patch(Attendance, "_record_batch", refuse_nora)
        rows = [
            HEADER,
            ["2024-06-04", "Nora New", "New Firm", "x"],
            [DAY, "Paul New", "New Firm", "x"],
            ["2024-06-04", "Nora New", "New Firm", "x"],
            [DAY, "Anna Tester", "Council of Testville", "x"],
        ]
        before = self._count()
        wizard = self._import(rows)
        self.assertEqual(self._states(wizard), ["refused", "taken", "refused", "taken"])
        self.assertEqual(wizard.line_ids[0].message, "Nora is refused")
        self.assertEqual(self._count(), [before[0] + 2, *before[1:]])
        self.assertFalse(self.env["res.partner"].search([("name", "=", "Nora New")]))
        paul = wizard.line_ids[1].attendance_id
        self.assertEqual(paul.organisation_id.name, "New Firm")
        self.assertEqual(paul.person_id.parent_id, paul.organisation_id)

    def test_refused_member(self):
        """Neither the contact nor the membership of a line whose mandate is refused."""
        Mandate = self.env.registry["partnership.mandate"]
        create = Mandate.create

        def refuse_nora(model, vals_list):
            persons = model.env["res.partner"].browse(values["person_id"] for values in vals_list)
            if "Nora New" in persons.mapped("name"):
                raise ValidationError("Nora is refused")  # pylint: disable=translation-required
            return create(model, vals_list)

        self.patch(Mandate, "create", refuse_nora)
        header = ["Organisation", "Body", "Titular", "Since"]
        rows = [
            header,
            ["New Firm", "Test board", "Nora New", "2024-02-01"],
            ["Other Firm", "Test board", "Paul New", "2024-02-01"],
        ]
        before = self._count()
        wizard = self._import(rows, kind="members", date="2024-03-01")
        self.assertEqual(self._states(wizard), ["refused", "taken"])
        self.assertEqual(self._count(), [before[0] + 2, *before[1:3], before[3] + 1])
        self.assertEqual(wizard.line_ids[1].membership_id.seat_ids.titular_id.name, "Paul New")

    def test_several_of_the_name_came_meanwhile(self):
        """Which of them is meant is for the user to say."""
        wizard = self._match([HEADER, [DAY, "Nora New", "Test Firm Ltd", "x"]])
        wizard.action_create_all()
        wizard.action_preview()
        for _number in range(2):
            self._create_person("Nora New").email = False
        with self.assertRefused("Nora New", "match again", exception=UserError):
            wizard.action_import()
        self.assertEqual(wizard.state, "preview")
