"""What comes from a page or a file that others made, and what goes back to them."""

import re

from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import HTTPException

# Characters of a text that somebody sends from a page: a reason, a name, a wish
MAX_TEXT = 1000
# With these a spreadsheet begins a formula, or skips what stands before one
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
# Pages of people: addresses that hold a secret, and what only their reader should see
PRIVATE_PATH = re.compile(r"(/[\w@-]+)?/(partnership/|my/trainings|my/courses)")  # with language
PRIVATE_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


def cut_text(text):
    """:return: as much of what a page sent as is kept"""
    return (text or "").strip()[:MAX_TEXT]


def keep_texts(path, params):
    """A file in place of a text is nothing sent; the character that no text may hold is dropped.

    :return: dict of what a private page takes of ``params``: its texts, and what its address says
    """
    if not PRIVATE_PATH.match(path):
        return params
    return {
        name: value.replace("\0", "") if isinstance(value, str) else value
        for name, value in params.items()
        if not isinstance(value, FileStorage)
    }


def keep_private(path, response):
    """The address of a private page is neither kept, nor indexed, nor told to other sites, be it
    shown, refused, moved or broken.

    :return: the response, with its headers
    """
    if not PRIVATE_PATH.match(path):
        return response
    if isinstance(response, HTTPException):
        response = response.get_response()
    response.headers.update(PRIVATE_HEADERS)
    return response
