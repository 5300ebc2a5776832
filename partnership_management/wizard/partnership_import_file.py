import base64
import csv
import io
import zipfile
from datetime import date, datetime, time

import openpyxl

from odoo import models
from odoo.exceptions import UserError

from ..tools.untrusted import FORMULA_STARTS

DELIMITERS = ",;\t|"
MAX_ROWS = 50_000


class PartnershipImport(models.TransientModel):
    """Reading of the file: whatever it is, rows of texts come out, with their line numbers."""

    _inherit = "partnership.import"

    def _read_rows(self):
        """:return: list of (line number, list of texts), blank lines left out"""
        self.ensure_one()
        content = base64.b64decode(self.file or b"")
        if not content.strip():
            raise UserError(self.env._("The file is empty."))
        if content.startswith(b"PK\x03\x04"):
            rows = self._read_xlsx(content)
        elif content.startswith((b"\xd0\xcf\x11\xe0", b"%PDF")):
            raise UserError(
                self.env._(
                    "“%(file)s” is neither CSV nor XLSX: save it as one of these in your "
                    "spreadsheet program, and choose that file.",
                    file=self.filename or "",
                )
            )
        else:
            rows = self._read_csv(content)
        rows = [(number, cells) for number, cells in rows if any(cell.strip() for cell in cells)]
        rows = [row for row in rows if row[0] >= self.header_line]
        if len(rows) < 2:
            raise UserError(
                self.env._("“%(file)s” has no lines below its header.", file=self.filename or "")
            )
        if len(rows) > MAX_ROWS:
            raise UserError(
                self.env._(
                    "“%(file)s” has %(count)s lines; at most %(most)s go in at once. Divide it.",
                    file=self.filename or "",
                    count=len(rows),
                    most=MAX_ROWS,
                )
            )
        return rows

    # ------------------------------------------------------------
    # CSV
    # ------------------------------------------------------------

    def _read_csv(self, content):
        text = self._decode(content)
        self.delimiter = self._guess_delimiter(text)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter, strict=True)
        rows, number = [], 1
        try:
            for cells in reader:
                rows.append((number, [self._unescape(cell) for cell in cells]))
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
        return rows

    def _decode(self, content):
        """UTF-8, with or without its mark, UTF-16 with its mark, or Windows-1252."""
        marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
            try:
                text = content.decode(encoding)
            except UnicodeDecodeError:
                continue
            if "\x00" not in text:
                return text
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
        try:
            values, formulas = (
                openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=data_only)
                for data_only in (True, False)
            )
        except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
            raise UserError(
                self.env._(
                    "“%(file)s” is not a workbook that can be read: save it again as XLSX or CSV.",
                    file=self.filename or "",
                )
            ) from error
        name = self._choose_sheet(values)
        sources = list(self._iter_cells(formulas[name]))
        rows = list(self._iter_cells(values[name]))
        self._check_formulas(rows, sources)
        return [
            (line, [self._to_text(cell) for cell in cells]) for line, cells in enumerate(rows, 1)
        ]

    def _check_formulas(self, rows, sources):
        """A program other than a spreadsheet writes formulas without their results. An empty
        result beside others is one."""
        missing, computed = None, False
        for line, (cells, formulas) in enumerate(zip(rows, sources, strict=True), 1):
            for column, (cell, formula) in enumerate(zip(cells, formulas, strict=True), 1):
                if not (isinstance(formula, str) and formula.startswith("=")):
                    continue
                if cell is not None:
                    computed = True
                elif not missing:
                    missing = (column, line)
        if missing and not computed:
            self._refuse_formula(*missing)

    def _iter_cells(self, sheet):
        sheet.reset_dimensions()  # what other programs write there is often wrong
        return sheet.iter_rows(values_only=True)

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
