import base64
import binascii
import csv
import io
import re
import warnings
import zipfile
from contextlib import contextmanager
from datetime import date, datetime, time

import openpyxl

from odoo import models
from odoo.exceptions import UserError

from ...tools.untrusted import FORMULA_STARTS

DELIMITERS = ",;\t|"
MAX_ROWS = 50_000
# Of a workbook: no spreadsheet program has more lines; cells, also empty ones, that are looked at;
# bytes of its parts that are read, which are packed
MAX_SHEET_LINES = 1_048_576
MAX_CELLS = 10_000_000
MAX_UNPACKED = 128_000_000
ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
# What spreadsheet programs before 2007 saved, or one with a password; PDF
OTHER_STARTS = (b"\xd0\xcf\x11\xe0", b"%PDF")
WORKBOOK_NAMES = (".xls", ".xlsx", ".xlsm", ".xlsb", ".ods")
# Signs that no text has; the one missing among them ends files of DOS
NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f]")


class NotAListError(Exception):
    """The file is larger inside than any list."""


class PartnershipImport(models.TransientModel):
    """Reading of the file: whatever it is, rows of texts come out, with their line numbers."""

    _inherit = "partnership.import"

    def _read_rows(self):
        """:return: list of (line number, list of texts), blank lines left out"""
        self.ensure_one()
        content = self._get_content()
        if not content.strip():
            raise UserError(self.env._("The file is empty."))
        if content.startswith(ZIP_STARTS):
            rows = self._read_xlsx(content)
        elif content.startswith(OTHER_STARTS) or self._is_page(content):
            self._refuse_file()
        else:
            rows = self._take_rows(self._read_csv(content))
        if len(rows) < 2:
            raise UserError(
                self.env._("“%(file)s” has no lines below its header.", file=self.filename or "")
            )
        return rows

    def _get_content(self):
        try:
            return base64.b64decode(self.file or b"")
        except binascii.Error:
            return self._refuse_file()

    def _is_named_workbook(self):
        return (self.filename or "").lower().endswith(WORKBOOK_NAMES)

    def _is_page(self, content):
        """:return: whether it is a page of the web that some program named as a workbook"""
        return self._is_named_workbook() and content.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<"

    def _refuse_file(self, error=None):
        raise UserError(
            self.env._(
                "“%(file)s” is neither CSV nor XLSX, or not a workbook that can be read: open it "
                "in your spreadsheet program, take off its password if it has one, save it as "
                "XLSX or CSV, and choose that file.",
                file=self.filename or "",
            )
        ) from error

    def _take_rows(self, rows):
        """:param rows: iterable of (line number, list of texts), read only as far as may go in
        :return: the rows from the header on, blank ones left out
        """
        taken = []
        for number, cells in rows:
            if number >= self.header_line and any(cell.strip() for cell in cells):
                taken.append((number, cells))
            if len(taken) > MAX_ROWS:
                raise UserError(
                    self.env._(
                        "“%(file)s” has more than %(most)s lines; no more go in at once. Divide "
                        "it.",
                        file=self.filename or "",
                        most=MAX_ROWS,
                    )
                )
        return taken

    # ------------------------------------------------------------
    # CSV
    # ------------------------------------------------------------

    def _read_csv(self, content):
        text = self._decode(content)
        self.delimiter = self._guess_delimiter(text)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter, strict=True)
        number = 1
        try:
            for cells in reader:
                yield number, [self._unescape(cell) for cell in cells]
                number = reader.line_num + 1
        except csv.Error as error:
            raise UserError(
                self.env._(
                    "“%(file)s” cannot be read from line %(line)s on: %(error)s. Look for a "
                    "quotation mark that is not closed.",
                    file=self.filename or "",
                    line=number,
                    error=error,
                )
            ) from error

    def _decode(self, content):
        """UTF-8, with or without its mark, UTF-16 with its mark, or Windows-1252."""
        marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
            try:
                text = content.decode(encoding)
            except UnicodeDecodeError:
                continue
            if not NO_TEXT.search(text):
                return text
        if self._is_named_workbook():
            self._refuse_file()
        raise UserError(
            self.env._(
                "“%(file)s” is not a text file: choose a CSV file (UTF-8 or Windows-1252) or an "
                "XLSX file.",
                file=self.filename or "",
            )
        )

    def _guess_delimiter(self, text):
        """:return: the sign that gives the most rows as long as the header, and long headers"""

        def fit(delimiter):
            sample = io.StringIO(text[:20_000], newline="")
            lengths = [len(cells) for cells in csv.reader(sample, delimiter=delimiter) if cells]
            return (lengths[0] > 1 and lengths.count(lengths[0]) / len(lengths), lengths[0])

        try:
            return max(DELIMITERS, key=fit)
        except csv.Error:
            return ","

    def _unescape(self, cell):
        """Undo what :meth:`_escape` did to a cell that looks like a formula."""
        return cell[1:] if cell[:1] == "'" and cell[1:].startswith(FORMULA_STARTS) else cell

    # ------------------------------------------------------------
    # XLSX
    # ------------------------------------------------------------

    def _read_xlsx(self, content):
        values = self._open_workbook(content, data_only=True)
        name = self._choose_sheet(values)
        rows = self._take_rows(
            (line, [self._to_text(cell) for cell in cells])
            for line, cells in self._iter_cells(values, name)
        )
        formulas = self._open_workbook(content, data_only=False)
        self._check_formulas(dict(rows), self._iter_cells(formulas, name))
        return rows

    @contextmanager
    def _refusing(self):
        """The library that reads workbooks fails in any way over what it does not know, and warns
        of what is no fault: the user reads one sentence, and the log stays empty."""
        try:
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", module="openpyxl")
                yield
        except Exception as error:  # noqa: BLE001 whatever it is, the file cannot be read
            self._refuse_file(error)

    def _open_workbook(self, content, data_only):
        with self._refusing():
            parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
            read = [part for part in parts if part.filename.endswith((".xml", ".rels"))]
            if sum(part.file_size for part in read) > MAX_UNPACKED:
                raise NotAListError
            return openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=data_only)

    def _iter_cells(self, workbook, name):
        """:return: iterator of (line number, tuple of values)"""
        count = 0
        with self._refusing():
            sheet = workbook[name]
            sheet.reset_dimensions()  # what other programs write there is often wrong
            for line, cells in enumerate(sheet.iter_rows(values_only=True), 1):
                count += len(cells)
                if line > MAX_SHEET_LINES or count > MAX_CELLS:
                    raise NotAListError
                yield line, cells

    def _check_formulas(self, rows, sources):
        """A program other than a spreadsheet writes formulas without their results. An empty
        result beside others is one.

        :param rows: dict line number -> list of texts, blank lines left out
        """
        missing, computed = None, False
        for line, formulas in sources:
            cells = rows.get(line, [])
            for column, formula in enumerate(formulas):
                if not (isinstance(formula, str) and formula.startswith("=")):
                    continue
                if any(cells[column : column + 1]):
                    computed = True
                elif not missing and line >= self.header_line:
                    missing = (column + 1, line)
        if missing and not computed:
            self._refuse_formula(*missing)

    def _choose_sheet(self, workbook):
        """:return: the name of the sheet that the user named, by default the first one"""
        names = [sheet.title for sheet in workbook.worksheets]
        if not names:
            raise UserError(self.env._("The workbook has no sheet with cells."))
        self.sheet_names = ", ".join(names)
        name = (self.sheet_name or "").strip() or names[0]
        if name not in names:
            raise UserError(
                self.env._(
                    "The workbook has no sheet “%(name)s”, but %(names)s.",
                    name=name,
                    names=self.sheet_names,
                )
            )
        self.sheet_name = name
        return name

    def _refuse_formula(self, column, line):
        raise UserError(
            self.env._(
                "Cell %(cell)s holds a formula whose result was never computed: open the file in "
                "your spreadsheet program, save it, and choose it again.",
                cell=f"{openpyxl.utils.get_column_letter(column)}{line}",
            )
        )

    def _to_text(self, cell):
        if cell is None:
            return ""
        if isinstance(cell, datetime):
            return str(cell.date() if cell.time() == time() else cell)
        if isinstance(cell, date):
            return str(cell)
        if isinstance(cell, bool):
            return "TRUE" if cell else "FALSE"
        if isinstance(cell, float) and cell.is_integer():
            return str(int(cell))
        return str(cell)
