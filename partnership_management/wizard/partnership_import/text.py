"""What the import knows of texts: dates and close names.

Plain functions: nothing here reads the database.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from difflib import SequenceMatcher

from ...models.actor.partnership_spelling import spelling_key

DATE_FORMATS = ("%d %B %Y", "%B %d, %Y", "%d %b %Y", "%b %d, %Y", "%B %d %Y", "%d. %B %Y")
LEGAL_FORMS = {
    "the",
    "of",
    "inc",
    "ltd",
    "llc",
    "lp",
    "sa",
    "nv",
    "asbl",
    "vzw",
    "gmbh",
    "ag",
    "bv",
}
SLASHED = re.compile(r"^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})$")
TIME = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?$")
EXCEL_DAY_0 = date(1899, 12, 30)


def parse_date(text, order):
    """:param order: dmy or mdy, for dates such as 3/4/2024
    :return: date, or None where ``text`` is none between 1950 and 2150
    """
    text = TIME.sub("", " ".join(text.split()))
    found = _parse_digits(text, order)
    if found is None:
        for form in DATE_FORMATS:
            try:
                found = datetime.strptime(text, form).date()
                break
            except ValueError:
                continue
    return found if found and 1950 <= found.year <= 2150 else None


def _parse_digits(text, order):
    slashed = SLASHED.match(text)
    try:
        if slashed:
            first, sign, second, year = slashed.groups()
            if order == "mdy" and sign != ".":
                first, second = second, first
            return date(_parse_year(year), int(second), int(first))
        if re.match(r"^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}$", text):
            return date(*map(int, re.split(r"[-/.]", text)))
        if re.match(r"^\d{5}(\.\d+)?$", text):  # the number of a day, as spreadsheets count
            return EXCEL_DAY_0 + timedelta(days=int(float(text)))
    except ValueError:
        return None
    return None


def _parse_year(text):
    """:return: the year; of two digits the one that POSIX says: 69 is 1969, 68 is 2068"""
    return int(text) if len(text) == 4 else datetime.strptime(text, "%y").year


def guess_date_order(texts):
    """In which order day and month stand in dates such as 3/4/2024.

    :return: dmy, mdy, or False where the dates do not tell
    """
    asked = False
    for text in texts:
        slashed = SLASHED.match(TIME.sub("", text.strip()))
        if slashed and slashed[2] != ".":
            asked = True
            if int(slashed[1]) > 12:
                return "dmy"
            if int(slashed[3]) > 12:
                return "mdy"
    return False if asked else "dmy"


def plain(text):
    """:return: the text as names are compared for closeness: without accents and signs"""
    letters = unicodedata.normalize("NFKD", spelling_key(text))
    letters = "".join(sign for sign in letters if not unicodedata.combining(sign))
    return " ".join(re.findall(r"\w+", letters))


def is_same_name(left, right):
    """:return: whether all words of one name are in the other, in any order; a letter alone stands
    for a word that begins with it: Curlew, X. is Xenia Curlew"""
    short, long = sorted((plain(left).split(), plain(right).split()), key=len)
    rest = list(long)
    for word in sorted(short, key=len, reverse=True):
        same = [other for other in rest if other == word or other[0] == word or other == word[0]]
        if not same:
            return False
        rest.remove(word if word in same else same[0])
    return any(len(word) > 1 and word in long for word in short)


def is_close_name(left, right):
    return bool(CloseNames([(1, left)]).find(right))


class CloseNames:
    """Finds the names that are close to a text, by the letter groups that they share."""

    def __init__(self, names):
        """:param names: list of (id, name)"""
        self.names = {}
        self.postings = defaultdict(set)
        for number, name in names:
            self.names[number] = text = plain(name)
            for group in self.groups(text):
                self.postings[group].add(number)

    @staticmethod
    def groups(text):
        padded = f"  {text} "
        return {padded[i : i + 3] for i in range(len(padded) - 2)}

    def find(self, text, limit=3, cutoff=0.75):
        """:return: list of ids, the closest first; none under ``cutoff`` (1: equal)"""
        text = plain(text)
        shared = Counter()
        for group in self.groups(text):
            shared.update(self.postings.get(group, ()))
        best = [
            (self.score(text, self.names[number]), number) for number, _n in shared.most_common(30)
        ]
        best = sorted(
            (item for item in best if item[0] >= cutoff), key=lambda item: (-item[0], item[1])
        )
        return [number for _score, number in best[:limit]]

    @staticmethod
    def score(left, right):
        words = [set(text.split()) - LEGAL_FORMS for text in (left, right)]
        texts = [" ".join(sorted(group)) for group in words]
        ratio = max(
            SequenceMatcher(None, left, right).ratio(), SequenceMatcher(None, *texts).ratio()
        )
        if all(words) and (words[0] <= words[1] or words[1] <= words[0]):
            return max(ratio, 0.85)
        return ratio if all(words) else 0.0
