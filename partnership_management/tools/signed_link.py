"""Links on paper and in mails that need no log-in, and the picture of one that a phone scans.

A signature by the secret of the database says that we made the link; nothing of it is stored.
"""

import base64
import logging

from odoo.tools import consteq, hmac

# Enough of the signature that nobody guesses it, and short enough to be typed from paper
SIGNATURE_LENGTH = 24

_logger = logging.getLogger(__name__)


def sign(record, scope, secret):
    """:param record: one record
    :param scope: str, what the link is for: that of another purpose is no good here
    :param secret: name of the field with which the link changes; what it holds stays the system's
    :return: str, the signature in hexadecimal digits
    """
    record = record.sudo()
    return hmac(record.env, scope, (record.id, record[secret]))


def is_signed(signature, given):
    """:return: whether ``given``, by whoever it is, is the signature"""
    return given.isascii() and consteq(signature, given)


def draw_code(env, url, size):
    """:param size: pixels
    :return: a data URI of the picture that a phone scans to open ``url``, or False where the server
        cannot draw
    """
    try:
        image = env["ir.actions.report"].barcode(
            "QR", url, width=size, height=size, quiet=0, barLevel="M"
        )
    except Exception:  # noqa: BLE001 each way of drawing fails in its own way without its library
        _logger.info("The page is printed without its code", exc_info=True)
        return False
    return f"data:image/png;base64,{base64.b64encode(image).decode()}"
