import base64
import io
import re
import time
import warnings
import zipfile
from datetime import date, datetime

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...wizard.partnership_import import file
from .import_common import ImportCase

HEADER = ["Date", "Person", "Organisation", "Present"]
LINE = ["2024-06-03", "Anna Tester", "Council of Testville", "x"]


@tagged("post_install", "-at_install")
class TestImportFile(ImportCase):
    """Whatever somebody saved as a list is read, or refused with a reason."""

    def _read(self, content, **values):
        wizard = self._start(content, **values)
        wizard.action_read()
        return wizard

    def _refuse(self, content, *words, **values):
        with self.assertRefused(*words, exception=UserError):
            self._read(content, **values)

    def test_delimiters_and_encodings(self):
        line = [*LINE[:1], "Zoë Tëster", *LINE[2:]]
        for delimiter in ",;\t|":
            text = self._csv(HEADER, line, delimiter=delimiter)
            for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
                wizard = self._read(text.encode(encoding))
                with self.subTest(delimiter=delimiter, encoding=encoding):
                    self.assertEqual(wizard.column_ids.mapped("name"), HEADER)
                    self.assertEqual(wizard.line_ids.cells, line)

    def test_columns_are_proposed_by_their_headers(self):
        wizard = self._read([["raw_id", "DATE ", "e-mail", "Organisation_raw", "Ticked", ""], LINE])
        self.assertEqual(
            wizard.column_ids.mapped("target_attendance"),
            [False, "date", "email", "organisation", "status"],
        )
        wizard = self._read(
            [["raw_id", "Date", "Name", "Organisation_raw", "Ticked"], ["1", *LINE]]
        )
        self.assertEqual(
            wizard.column_ids.mapped("target_attendance"),
            [False, "date", "person", "organisation", "status"],
        )

    def test_same_header_twice(self):
        wizard = self._read([["Date", "Person", "Person", " "], ["2024-06-03", "A", "B", "C"]])
        self.assertEqual(
            wizard.column_ids.mapped("name"), ["Date", "Person", "Person (2)", "Column 4"]
        )
        self.assertEqual(
            wizard.column_ids.mapped("target_attendance"), ["date", "person", False, False]
        )
        wizard.column_ids[2].target_attendance = "person"
        with self.assertRefused("2", "Person", exception=UserError):
            wizard.action_match()

    def test_missing_columns(self):
        wizard = self._read([["When", "Organisation"], ["2024-06-03", "Council"]])
        with self.assertRefused("Date of the meeting", "Person", exception=UserError):
            wizard.action_match()

    def test_nothing_to_read(self):
        self._refuse("", "Choose the file")
        self._refuse("  \n ", "empty")
        self._refuse([HEADER], "no lines")
        self._refuse("Date,Person\n,\n ,\n", "no lines")
        self._refuse(self._xlsx(HEADER), "no lines")
        with self.assertRefused("Choose the file", exception=UserError):
            self.env["partnership.import"].create({}).action_read()

    def test_other_kinds_of_files(self):
        self._refuse(b"%PDF-1.7 ...", "neither CSV nor XLSX", "list.csv")
        self._refuse(b"\xd0\xcf\x11\xe0" + b"\x00" * 50, "neither CSV nor XLSX")
        self._refuse(b"PK\x03\x04 broken", "not a workbook")
        self._refuse(b"\x89PNG\x00\x00", "not a text file")
        self._refuse(b"Date,Person\n\x81\x8d\x8f,A", "not a text file")

    def test_workbook_that_cannot_be_read(self):
        """Whatever is wrong with it, one sentence says what to do, and nothing is logged."""
        good = self._xlsx(HEADER, LINE)
        legacy = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
        part = "xl/worksheets/sheet1.xml"
        files = {
            "truncated": good[: len(good) // 2],
            "without its end": good[:-30],
            "damaged inside": good[:400] + b"\xff" * 200 + good[600:],
            "legacy or encrypted": legacy,
            "encrypted parts": self._repack(good, encrypt=True),
            "another archive": self._repack(good, only="none"),
            "an archive without content": b"PK\x05\x06" + b"\x00" * 18,
            "empty fill": self._repack(
                good,
                "xl/styles.xml",
                lambda text: re.sub(rb"<patternFill[^>]*/>", b"", text),
            ),
            "broken sheet": self._repack(good, part, lambda text: text[:-40]),
            "no sheet": self._repack(good, part, lambda text: b""),
            "unknown string": self._repack(
                good,
                part,
                lambda text: text.replace(
                    b"</sheetData>", b'<row><c t="s"><v>99</v></c></row></sheetData>'
                ),
            ),
            "line without end": self._repack(
                good, part, lambda text: text.replace(b'r="2"', b'r="99999999999"')
            ),
            "bytes": bytes(range(1, 256)),
            "page": b"<html><table><tr><td>Date</td></tr></table></html>",
            "three bytes": b"\x00\x01\x02",
        }
        for name, content in files.items():
            for filename in ("list.xlsx", "list.xls"):
                with self.subTest(file=name, filename=filename), self.assertNoLogs(level="WARNING"):
                    self._refuse(content, "save it as XLSX or CSV", filename, filename=filename)

    @staticmethod
    def _repack(content, change="", how=None, only=None, encrypt=False):
        """:return: the workbook with one of its parts changed, or with none but ``only``"""
        buffer = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(content)) as old,
            zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
        ):
            for part in old.namelist():
                if only is None:
                    data = old.read(part)
                    new.writestr(part, how(data) if part == change else data)
            if only:
                new.writestr(only, "nothing")
        packed = buffer.getvalue()
        if encrypt:  # the bit that says so, in the directory and before each part
            packed = re.sub(rb"(PK\x01\x02....).", b"\\1\x01", packed, flags=re.S)
            packed = re.sub(rb"(PK\x03\x04..).", b"\\1\x01", packed, flags=re.S)
        return packed

    def test_workbook_that_grows(self):
        """What is small as a file and huge inside is refused before it is unpacked."""
        space = b" " * 10_000_000
        bomb = self._repack(
            self._xlsx(HEADER, LINE),
            "xl/worksheets/sheet1.xml",
            lambda text: text.replace(b"</worksheet>", space * 13 + b"</worksheet>"),
        )
        self.assertLess(len(bomb), 1_000_000)
        started = time.process_time()
        self._refuse(bomb, "save it as XLSX or CSV")
        self.assertLess(time.process_time() - started, 2)
        wide = self._xlsx(*([None] * 18_000 + ["x"] for _line in range(30)))
        self.patch(file, "MAX_CELLS", 100_000)
        self._refuse(wide, "save it as XLSX or CSV")

    def test_workbook_with_warnings(self):
        """The library warns of what it leaves out: nothing of it is needed."""
        content = self._repack(
            self._xlsx(HEADER, LINE),
            "xl/styles.xml",
            lambda text: re.sub(rb"<cellStyles.*</cellStyles>", b"", text),
        )
        with self.assertNoLogs(level="WARNING"), warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            wizard = self._read(content)
        self.assertFalse(caught)
        self.assertEqual(wizard.line_ids.cells, LINE)

    def test_more_lines_than_go_in(self):
        """They are counted while they are read: no line behind the limit is read, nor is the
        workbook opened a second time."""
        self.patch(file, "MAX_ROWS", 5)
        rows = [HEADER, *[LINE] * 50]
        opened, read = [], []
        Import = self.env.registry["partnership.import"]
        open_workbook, to_text = Import._open_workbook, Import._to_text

        def count_opened(wizard, *args, **kwargs):
            opened.append(kwargs)
            return open_workbook(wizard, *args, **kwargs)

        def count_read(wizard, cell):
            read.append(cell)
            return to_text(wizard, cell)

        self.patch(Import, "_open_workbook", count_opened)
        self.patch(Import, "_to_text", count_read)
        for content in (rows, self._xlsx(*rows)):
            self._refuse(content, "more than 5 lines", "Divide")
        self.assertEqual(len(opened), 1)
        self.assertEqual(len(read), 6 * len(HEADER))
        self.assertEqual(len(self._read(self._xlsx(*rows[:5])).line_ids), 4)

    def test_quotation_mark_that_is_not_closed(self):
        self._refuse('Date,Person\n2024-06-03,A\n2024-06-04,"B\n2024-06-05,C\n', "line 3")

    def test_huge_cell(self):
        wizard = self._import([HEADER, [*LINE[:2], "x" * 200_000, ""], [*LINE[:2], "y" * 2_000]])
        self.assertEqual(self._states(wizard), ["refused", "taken"])
        self.assertIn("200000 characters", wizard.line_ids[0].message)
        self.assertEqual(len(self._decode(wizard.refused_file)[1][2]), 200_000)

    def test_ragged_lines(self):
        """A line that is too long is refused, and not cut; a short one has empty cells."""
        short = ["2024-06-04", LINE[1]]  # of her own seat, and so of another row than the last
        wizard = self._import([HEADER, [*LINE, "surplus"], short, [*LINE, "", ""]])
        self.assertEqual(self._states(wizard), ["refused", "taken", "taken"])
        self.assertIn("5 cells", wizard.line_ids[0].message)
        self.assertIn("surplus", self._decode(wizard.refused_file)[1])

    def test_line_breaks_and_blank_lines(self):
        wizard = self._read('Date,Person\r\n\r\n2024-06-03,"Anna\nTester"\r\n,\r\n2024-06-04,B')
        self.assertEqual(wizard.line_ids.mapped("number"), [3, 6])

    def test_header_further_down(self):
        wizard = self._read([["Attendance of June"], HEADER, LINE], header_line=2)
        self.assertEqual(wizard.column_ids.mapped("name"), HEADER)
        self.assertEqual(wizard.line_ids.number, 3)

    def test_workbook(self):
        rows = (
            ["Date", "Person", "Organisation", "Present", "Mode"],
            [date(2024, 6, 3), "Anna Tester", "Council of Testville", True, None],
            [datetime(2024, 6, 3, 18, 0), "Bert Tester", "Test Firm Ltd", 1, "online"],
            [45446, 12, "Test Firm Ltd", 0.0, "remote"],
            [None, None, None, None, None],
            ["3.6.2024", 1.5, "x", "#N/A", " "],
        )
        wizard = self._read(self._xlsx(*rows))
        self.assertEqual(wizard.line_ids.mapped("number"), [2, 3, 4, 6])
        self.assertEqual(
            [line.cells for line in wizard.line_ids],
            [
                ["2024-06-03", "Anna Tester", "Council of Testville", "TRUE"],
                ["2024-06-03 18:00:00", "Bert Tester", "Test Firm Ltd", "1", "online"],
                ["45446", "12", "Test Firm Ltd", "0", "remote"],
                ["3.6.2024", "1.5", "x", "#N/A", " "],
            ],
        )
        wizard.action_match()
        self.assertEqual([line.keys["meeting"] for line in wizard.line_ids], ["2024-06-03||"] * 4)

    def test_sheets_of_a_workbook(self):
        content = self._xlsx(HEADER, LINE, sheets=("First", "Other"))
        wizard = self._read(content)
        self.assertEqual((wizard.sheet_name, wizard.sheet_names), ("First", "First, Other"))
        self._refuse(content, "Third", "First, Other", sheet_name="Third")
        self._refuse(content, "no lines", sheet_name="Other")

    def test_formula_without_result(self):
        self._refuse(self._xlsx(HEADER, [*LINE[:3], "=1+1"]), "D2", "formula")

    def test_nothing_becomes_a_formula(self):
        """Neither in a cell nor in a header, nor behind what a spreadsheet skips."""
        starts = ("=", "+", "-", "@", "\t", "\r", "\n")
        header = [*HEADER, "Note", "=1+1", "@SUM(A1)"]
        lines = [["31/02/2024", *LINE[1:], f"{start}2+3", "x", "y"] for start in starts]
        wizard = self._import([header, *lines])
        for content in (wizard.refused_file, wizard.report_file):
            for row in self._decode(content):
                for cell in row:
                    self.assertFalse(cell.startswith(starts), repr(cell))
        self.assertEqual(self._decode(wizard.refused_file)[0][5:7], ["'=1+1", "'@SUM(A1)"])
        again = self._read(base64.b64decode(wizard.refused_file))
        self.assertEqual(again.column_ids.mapped("name")[:7], header)
        self.assertEqual([line.cells[4] for line in again.line_ids], [line[4] for line in lines])

    def test_dates(self):
        texts = {
            "2024-06-03": True,
            "2024/6/3": True,
            "3.6.2024": True,
            "03/06/2024 18:30": True,
            "3 June 2024": True,
            "June 3, 2024": True,
            "13/06/2024": True,
            "06/13/2024": False,
            "31/02/2024": False,
            "yesterday": False,
            "": False,
            "3/6/24": True,
            "0024-06-03": False,
        }
        wizard = self._match([HEADER] + [[text, *LINE[1:]] for text in texts])
        for line, (text, good) in zip(wizard.line_ids, texts.items(), strict=True):
            with self.subTest(text=text):
                self.assertEqual("fault" not in line.keys, good)
                if good and "13" not in text:
                    self.assertEqual(line.keys["meeting"], "2024-06-03||")

    def test_dates_that_do_not_tell_their_order(self):
        rows = [HEADER, ["03/06/2024", *LINE[1:]]]
        wizard = self._start(rows)
        wizard.action_read()
        with self.assertRefused("03/06/2024", exception=UserError):
            wizard.action_match()
        for order, day in (("dmy", "2024-06-03"), ("mdy", "2024-03-06")):
            wizard = self._match(rows, date_order=order)
            self.assertEqual(wizard.line_ids.keys["meeting"], f"{day}||")
        wizard = self._match([*rows, ["06/30/2024", *LINE[1:]]])
        self.assertEqual(wizard.line_ids[0].keys["meeting"], "2024-03-06||")

    def test_steps_keep_their_order(self):
        wizard = self._start([HEADER, LINE])
        for action in (wizard.action_match, wizard.action_preview, wizard.action_import):
            with self.assertRefused("reload", exception=UserError):
                action()
        wizard.action_read()
        wizard.action_back()
        self.assertEqual(wizard.state, "file")
        wizard.action_read()
        self.assertEqual(len(wizard.column_ids), 4)
        self.assertEqual(len(wizard.line_ids), 1)
