import gzip
import io
import zipfile

import openpyxl
from reportlab.pdfgen import canvas

from odoo.tests import BaseCase, tagged

from ...tools.redact import MAX_UNPACKED, Redactor, is_name


@tagged("post_install", "-at_install")
class TestRedact(BaseCase):
    """In what forms a person is found, and what is somebody else."""

    def setUp(self):
        super().setUp()
        self.redactor = Redactor()
        self.redactor.add(
            "P1",
            names=["Élodie O'Test"],
            words=["O'Test"],
            addresses=["elodie@test.example"],
            numbers=["+32 470 12 34 56"],
            kept=["Élodie O'Test Consulting"],
        )

    def assertCleaned(self, **texts):
        for text, cleaned in texts.values():
            with self.subTest(text):
                self.assertEqual(self.redactor.clean(text), cleaned)

    def test_forms_of_a_name(self):
        self.assertCleaned(
            plain=("Call Élodie O'Test.", "Call P1."),
            capitals=("ÉLODIE O'TEST", "P1"),
            without_accent=("elodie o'test", "P1"),
            turned=("O'Test, Élodie was here", "P1 was here"),
            spaced=("Élodie\n  O’Test", "P1"),
            page=("<p>&nbsp;Élodie&nbsp;O&#39;Test</p>", "<p>&nbsp;P1</p>"),
            tags=("<b>Élodie</b> O'Test", "<b>P1</b>"),
            file=("CV_Elodie_O'Test.pdf", "CV_P1.pdf"),
            surname=("Ms O'Test", "Ms P1"),
            cells=("x,O'Test,Élodie,y", "x,P1,,y"),
            more_cells=("O'Test,elodie@test.example", "P1,P1"),
            paragraphs=("<p>Élodie</p><p>O'Test</p>", "<p>Élodie</p><p>P1</p>"),
            entities=("&Eacute;lodie O'Test, &#201;lodie O&#x27;Test", "P1, P1"),
        )

    def test_what_is_no_name(self):
        """Nothing is found by what has no letters: it would be found everywhere."""
        for name in (", ,", "( )", "% %", "- -", ". .", "...", "", "\t \n"):
            redactor = Redactor()
            redactor.add("P1", names=[name], numbers=["--"])
            with self.subTest(name):
                self.assertFalse(is_name(name))
                self.assertFalse(redactor)
                self.assertEqual(redactor.pattern, "")
                self.assertEqual(redactor.clean("<p>Some, text. (50 %) - so ...</p>")[:6], "<p>Som")
        self.assertFalse(is_name("A B"))
        self.assertTrue(is_name("Li Xu"))

    def test_long_names(self):
        """They are looked for piece by piece; what PostgreSQL looks for stays short."""
        words = [f"Wörd{number}" for number in range(400)]
        redactor = Redactor()
        redactor.add("P1", names=[" ".join(words)])
        self.assertLess(len(redactor.pattern), 20_000)
        cleaned = redactor.clean(f"Call {' '.join(words)}, or {' '.join(words[:6])}.")
        self.assertNotIn("Wörd1 ", cleaned)
        self.assertNotIn("Wörd399", cleaned)
        self.assertTrue(cleaned.startswith("Call P1"))
        self.assertEqual(redactor.clean("Wörd0 alone"), "Wörd0 alone")

    def test_damaged_files(self):
        """They stay as they are, and stop nothing."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.txt", "Élodie O'Test " * 200)
        pdf = io.BytesIO()
        page = canvas.Canvas(pdf)
        page.drawString(72, 700, "Elodie O'Test")
        page.save()
        looked_at = 0
        for content in (packed.getvalue(), pdf.getvalue()):
            for place in range(4, len(content), 7):
                damaged = bytearray(content)
                damaged[place] ^= 0x55
                cleaned = self.redactor.clean_file(bytes(damaged))
                self.assertTrue(cleaned is None or isinstance(cleaned, bytes))
                looked_at += 1
        self.assertGreater(looked_at, 100)

    def test_more_than_a_list_has(self):
        """A file that is small only as it is packed is not unpacked to its end."""
        text = b"Elodie O'Test " + MAX_UNPACKED * b" "
        bomb = gzip.compress(text)
        self.assertEqual(self.redactor.clean_file(bomb), bomb)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(3):
                inner = gzip.compress(b"Elodie O'Test " + MAX_UNPACKED // 2 * b" ")
                archive.writestr(f"{number}.gz", inner)
        self.assertTrue(self.redactor.clean_file(packed.getvalue()))

    def test_addresses_and_numbers(self):
        self.assertCleaned(
            address=("<ELODIE@test.example>", "<P1>"),
            header=('"Élodie O\'Test" <elodie@test.example>', '"P1" <P1>'),
            longer=("x.elodie@test.example", "x.elodie@test.example"),
            home=("0470/12.34.56", "P1"),
            abroad=("0032470123456", "P1"),
            other=("0470 12 34 57", "0470 12 34 57"),
            private=("elodie.o'test@home.example", "P1@home.example"),
            within=("9947012345678", "9947012345678"),
        )

    def test_others_stay(self):
        for text in (
            "Élodie",
            "Élodie O'Testing",
            "Marie-Élodie O'Test-Smith",
            "Call Élodie O'Test Consulting",
            "o'test of the brakes",
            "Annual",
        ):
            with self.subTest(text):
                words = Redactor()
                words.add("P1", names=["Élodie O'Test"], kept=["Élodie O'Test Consulting"])
                self.assertEqual(words.clean(text), text)
        self.assertEqual(self.redactor.clean("o'test"), "o'test", "a word, not a name")

    def test_json(self):
        value = {"en_US": "Élodie O'Test", "rows": ["O'Test", 3, None, {"x": "Annual"}]}
        self.assertEqual(
            self.redactor.clean(value), {"en_US": "P1", "rows": ["P1", 3, None, {"x": "Annual"}]}
        )

    # ------------------------------------------------------------
    # Files
    # ------------------------------------------------------------

    def test_texts_in_whatever_encoding(self):
        for encoding in ("utf-8", "utf-16", "latin-1"):
            with self.subTest(encoding):
                content = "a;é\nÉlodie O'Test;1".encode(encoding)
                self.assertEqual(self.redactor.clean_file(content).decode(encoding), "a;é\nP1;1")
        packed = self.redactor.clean_file(gzip.compress(b"Elodie O'Test;1"))
        self.assertEqual(gzip.decompress(packed), b"P1;1")

    def test_workbook_stays_one(self):
        book = openpyxl.Workbook()
        book.active.append(["Élodie O'Test", "elodie@test.example", 7])
        content = io.BytesIO()
        book.save(content)
        cleaned = self.redactor.clean_file(content.getvalue())
        rows = openpyxl.load_workbook(io.BytesIO(cleaned)).active.iter_rows(values_only=True)
        self.assertEqual(list(rows), [("P1", "P1", 7)])

    def test_documents(self):
        """A name in two runs of a document is found; one with a tag within a word cannot be
        written anew."""
        text = b"<w:t>\xc3\x89lodie</w:t><w:t> O'Test</w:t>"
        self.assertEqual(self._read(self._clean(text)), b"<w:t>P1</w:t><w:t></w:t>")
        self.assertIsNone(self._clean(b"<w:t>\xc3\x89lo</w:t><w:t>die O'Te</w:t><w:t>st</w:t>"))

    def _clean(self, text):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            archive.writestr("word/document.xml", text)
        return self.redactor.clean_file(content.getvalue())

    def _read(self, content):
        return zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml")

    def test_what_cannot_be_written_anew(self):
        for text, cleaned in (("Dear Elodie O'Test", None), ("Annual report", True)):
            content = io.BytesIO()
            page = canvas.Canvas(content)
            page.drawString(100, 700, text)
            page.save()
            content = content.getvalue()
            self.assertEqual(self.redactor.clean_file(content), cleaned and content)
        old = b"\xd0\xcf\x11\xe0\x00\x01" + "Elodie O'Test".encode("utf-16-le")
        self.assertIsNone(self.redactor.clean_file(old))

    def test_what_is_not_looked_into_stays(self):
        """Something broken, or that only begins like a known file."""
        for content in (b"", b"PK\x03\x04 broken", b"\x1f\x8b broken", b"%PDF broken", b"\xff\xd8"):
            self.assertEqual(self.redactor.clean_file(content), content)
