"""Taking a person out of texts and files: in what forms its name is written, and what stands there
instead."""

import base64
import binascii
import gzip
import io
import json
import logging
import re
import zipfile
import zlib
from html.entities import codepoint2name

from odoo.tools import mute_logger, remove_accents
from odoo.tools.pdf import PdfReader

_logger = logging.getLogger(__name__)

# Between the words of a name: also tags in a page or a document, but not from one paragraph or
# cell to the next, nor across pages of nothing
TAG = r"<(?!/?(?:p|div|li|td|th|tr|h\d|br|si|c|row|w:p|w:tc|text:p)[\s/>])[^<>]*>"
SPACE = rf"(?:[\s,.\xa0]|&nbsp;|&#160;|{TAG}){{1,40}}"
# The same in the name of a file
JOIN = r"[-_.]+"
# What stays of it: tags, and the comma between two cells of a list
STAYS = re.compile(r"<[^<>]*>|,(?=\S)")
ESCAPED = {
    "'": ("’", "&#39;", "&#x27;", "&apos;"),
    "’": ("'", "&#39;", "&#x27;", "&apos;"),
    '"': ("&quot;", "&#34;"),
    "&": ("&amp;",),
    "-": ("_", " "),
}
DIGIT_GAP = r"[\s./()\xa0-]*"
# Bytes of a packed file that are unpacked, with all that is packed in it: lists have no more
MAX_UNPACKED = 32_000_000
# Words of a name that are looked for in each order; a longer one is looked for piece by piece
MAX_WORDS = 6
# What is said of a damaged zip
DAMAGED = (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError, EOFError, OSError)
NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f]")


def is_name(text, least=2):
    """:return: whether ``text`` has as many words as a name that is looked for, and letters enough
    not to be found by chance"""
    words = _split(text or "")
    return len(words) >= least and sum(map(len, words)) > 3


class Redactor:
    """Puts a label in the place of the names of persons. What it is given it gives back as it is,
    unless it names one of them."""

    def __init__(self):
        self._rules = []  # (compiled, label)
        self._parts = []
        self._unpackable = MAX_UNPACKED

    def add(self, label, names=(), words=(), addresses=(), numbers=(), kept=()):
        """
        :param names: of several words, found in each order and however they are spaced
        :param words: single ones, found only as they are written here, or in capitals
        :param numbers: of phones, found with and without the code of the country
        :param kept: longer names of others that begin or end with one of these
        """
        names = sorted((name for name in names if _split(name)), key=len, reverse=True)
        numbers = [each for each in numbers if re.search(r"\d", each)]
        loose = [
            *(_address(each) for each in addresses if each),
            *(_number(each) for each in numbers),
            *(_name(words) for name in names for words in _orders(name)),
        ]
        if loose:
            kept = "|".join(_phrase(_split(name), SPACE) for name in kept) or "(?!)"
            self._rules.append((re.compile(f"(?P<kept>{kept})|{'|'.join(loose)}", re.I), label))
        if words:
            exact = "|".join(_letters(form) for word in words for form in {word, word.upper()})
            self._rules.append((re.compile(rf"(?<![^\W_])(?:{exact})(?![^\W_])"), label))
        self._parts += [
            *(_coarse(each) for each in addresses if each),
            *(_number_end(each) for each in numbers),
            *(_coarse(max(piece, key=len)) for name in names for piece in _pieces(name)),
            *(_letters(word) for word in words),
        ]

    def __bool__(self):
        return bool(self._rules)

    @property
    def pattern(self):
        """:return: what PostgreSQL looks for: it finds all that is meant, and a little more"""
        return "|".join(dict.fromkeys(self._parts))

    def clean(self, value):
        """:param value: a text, or what a JSON column holds"""
        if isinstance(value, str):
            for rule, label in self._rules:
                value = rule.sub(lambda match, label=label: _replace(match, label), value)
        elif isinstance(value, dict):
            value = {key: self.clean(each) for key, each in value.items()}
        elif isinstance(value, list):
            value = [self.clean(each) for each in value]
        return value

    # ------------------------------------------------------------
    # Files
    # ------------------------------------------------------------

    def clean_file(self, content):
        """:return: the file without the names: as it is where it has none, None where it has and
        cannot be written anew. What is no text at all (a picture, a scan), is damaged or larger
        than any list is not looked into."""
        self._unpackable = MAX_UNPACKED
        return self._clean_content(content)

    def _clean_content(self, content):
        if content.startswith(b"PK\x03\x04"):
            return self._clean_zip(content)
        if content.startswith(b"\x1f\x8b"):
            return self._clean_gzip(content)
        if content.startswith(b"%PDF"):
            text = _read_pdf(content)
            return content if self.clean(text) == text else None
        for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8",):
            try:
                text = content.decode(encoding)
            except UnicodeDecodeError:
                break
            cleaned = self.clean(text)
            return content if cleaned == text else cleaned.encode(encoding)
        return self._clean_old(content)

    def clean_base64(self, content):
        """:param content: of a field that keeps its files in its own column: by the rule of Odoo
        in base64, by that of its import as they are"""
        try:
            inner = base64.b64decode(content, validate=True)
        except binascii.Error:
            return self.clean_file(content)
        cleaned = self.clean_file(inner)
        return content if cleaned == inner else cleaned and base64.b64encode(cleaned)

    def _clean_old(self, content):
        """A text of an old program, or a file of one: each byte is a letter, or each second."""
        text = content.decode("latin-1")
        if not NO_TEXT.search(text):
            cleaned = self.clean(text)
            return content if cleaned == text else cleaned.encode("latin-1", "replace")
        text = text.replace("\0", "")
        return content if self.clean(text) == text else None

    def _clean_gzip(self, content):
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
                inner = file.read(self._unpackable + 1)
        except (OSError, EOFError, zlib.error):
            return content  # only its beginning is that of such a file
        self._unpackable -= len(inner)
        if self._unpackable < 0:
            return content
        cleaned = self._clean_content(inner)
        return content if cleaned == inner else cleaned and gzip.compress(cleaned)

    def _clean_zip(self, content):
        """Workbooks and documents are such files."""
        try:
            source = zipfile.ZipFile(io.BytesIO(content))
        except zipfile.BadZipFile:
            return content
        parts = source.infolist()
        if any(part.flag_bits & 1 for part in parts):
            return content  # nobody reads it without its password
        self._unpackable -= sum(part.file_size for part in parts)
        if self._unpackable < 0:
            return content
        try:
            inners = [source.read(part) for part in parts]
        except DAMAGED as error:
            _logger.info("A packed file cannot be read: %s", error)
            return content
        target, changed = io.BytesIO(), False
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for part, inner in zip(parts, inners, strict=True):
                cleaned = self._clean_content(inner)
                if cleaned is None or self._is_split(part, cleaned):
                    return None
                name = self.clean(part.filename)
                changed = changed or cleaned != inner or name != part.filename
                part.filename = name
                archive.writestr(part, cleaned)
        return target.getvalue() if changed else content

    def _is_split(self, part, content):
        """A document may have a tag within a word."""
        if not part.filename.endswith(".xml"):
            return False
        text = re.sub(r"<[^<>]*>", "", content.decode("utf-8", "replace"))
        return self.clean(text) != text


def _replace(match, label):
    if match.groupdict().get("kept"):
        return match[0]
    return label + "".join(STAYS.findall(match[0]))


def _letters(text):
    """:return: a pattern for the letters of ``text`` with or without accents, as they are in a
    page and in JSON too"""
    return "".join(_letter(letter) for letter in text)


def _letter(letter):
    if letter.isascii() and letter.isalnum():
        return letter
    forms = {letter, *ESCAPED.get(letter, ())}
    if not letter.isascii():
        plain = remove_accents(letter)
        forms |= {letter.lower(), letter.upper(), plain}
        for each in (letter.lower(), letter.upper()):
            forms |= {json.dumps(each)[1:-1], *(f"&#{ord(sign)};" for sign in each)}
            forms |= {
                f"&{codepoint2name[ord(sign)]};" for sign in each if ord(sign) in codepoint2name
            }
    else:
        forms.add(json.dumps(letter)[1:-1])  # a quotation mark
    return f"(?:{'|'.join(re.escape(form) for form in sorted(forms))})"


def _phrase(words, between):
    return between.join(_letters(word) for word in words)


def _orders(name):
    """:return: the words of ``name`` from each of them on: "Ann van Test", "van Test Ann" ...; the
    pieces of a long name, as they are"""
    pieces = _pieces(name)
    if len(pieces) > 1:
        return pieces
    [words] = pieces
    return [words[first:] + words[:first] for first in range(len(words))]


def _split(name):
    """:return: the words of ``name``: what has no letter and no digit is none, and would be found
    everywhere"""
    return [word for word in re.split(r"[\s,]+", name) if re.search(r"[^\W_]", word)]


def _pieces(name):
    """:return: list of lists of words that follow each other in ``name``"""
    words = _split(name)
    count = max(1, -(-len(words) // MAX_WORDS))
    size = -(-len(words) // count)
    return [words[first : first + size] for first in range(0, len(words), size)]


def _name(words):
    """Not within a word, nor within a name that goes on after a hyphen."""
    spaced = rf"(?<![^\W_])(?<![^\W_]-){_phrase(words, SPACE)}(?!@|-?[^\W_])"
    joined = rf"(?<![^\W_]){_phrase(words, JOIN)}(?![^\W_])"
    return f"{spaced}|{joined}"


def _coarse(address):
    return _letters(address)


def _address(address):
    return rf"(?<![\w.+-]){_letters(address)}(?![\w-]|\.\w)"


def _number(number):
    """The last eight digits tell it; before them stand the codes of country and place."""
    return rf"(?<!\d)(?:\+?(?:\d{DIGIT_GAP}){{0,7}})?{_number_end(number)}(?!\d)"


def _number_end(number):
    return DIGIT_GAP.join(re.sub(r"\D", "", number)[-8:])


def _read_pdf(content):
    """:return: the words of the file; none of one that cannot be read"""
    try:
        with mute_logger("pypdf"):  # what is odd in the files of others is no error of ours
            pages = PdfReader(io.BytesIO(content)).pages
            return "\n".join(page.extract_text() for page in pages)
    except Exception as error:  # noqa: BLE001 of a damaged file the library raises anything
        _logger.info("A PDF file cannot be read: %s", error)
        return ""
