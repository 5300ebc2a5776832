"""What the addon noted of presence in the history of meetings goes to their log."""

import html
import re

from odoo import SUPERUSER_ID, api
from odoo.fields import Command, Domain
from odoo.tools.translate import code_translations

BATCH = 1000
# What the notes said. A note begins so; of an apology all of it is known.
SENTENCES = {
    "apology": (
        "Cancelled. Apologies had come from: %(names)s.",
        "%(row)s takes the apology back and comes.",
        "%(row)s sends apologies.",
    ),
    "check_in": ("%(row)s has checked in by phone: %(before)s → %(after)s",),
    "code": ("New check-in code: the codes printed so far no longer work.",),
    "correction": ("The closed sheet was corrected.",),
    "merge": (
        "Contacts were merged: two rows of one person became one.",
        "Contacts were merged: the proxy was given to the same person.",
    ),
    "move": ("Presence was recorded for %(before)s; the meeting has moved to %(after)s.",),
    "synchronisation": (
        "The remote calendar removed or moved this meeting. Presence is recorded, so "
        "it stays as it is, apart from its series and from the remote calendar.",
    ),
}


def migrate(cr, version):
    move_notes(api.Environment(cr, SUPERUSER_ID, {}))


def move_notes(env):
    """A note of ours was posted by the addon, not written by somebody: it is an internal note of
    a meeting that tracks nothing, mails nobody, and says one of our sentences in a language of
    the database. Whatever else there is stays where it is."""
    Message = env["mail.message"]
    patterns = get_patterns(env)
    domain = (
        Domain("model", "=", "calendar.event")
        & Domain("message_type", "=", "notification")
        & Domain("subtype_id", "=", env.ref("mail.mt_note").id)
        & Domain("tracking_value_ids", "=", False)
    )
    last = 0
    while messages := Message.search(domain & Domain("id", ">", last), limit=BATCH, order="id"):
        last = messages[-1].id
        move_batch(env, messages, patterns)
        env.flush_all()
        env.invalidate_all()


def move_batch(env, messages, patterns):
    events = env["calendar.event"].with_context(active_test=False)
    events = events.search(
        [("id", "in", messages.mapped("res_id")), ("partnership_id", "!=", False)]
    )
    kinds = {
        message: kind
        for message in messages
        if message.res_id in events._ids and (kind := get_kind(message.body, patterns))
    }
    logs = env["partnership.meeting.log"].create(
        [
            {
                "event_id": message.res_id,
                "kind": kind,
                "date": message.date,
                "author_id": message.author_id.id,
                "text": message.body,
                "attachment_ids": [Command.set(message.attachment_ids.ids)],
            }
            for message, kind in kinds.items()
        ]
    )
    for log in logs.filtered("attachment_ids"):
        log.attachment_ids.write({"res_model": log._name, "res_id": log.id})
    env["mail.message"].browse(message.id for message in kinds).unlink()


def get_patterns(env):
    """:return: list of (kind, compiled expression), in every language of the database"""
    langs = [code for code, _name in env["res.lang"].get_installed()]
    known = [
        code_translations.get_python_translations("partnership_management", lang) for lang in langs
    ]
    return [
        (kind, re.compile(get_expression(translations.get(sentence) or sentence), re.DOTALL))
        for kind, sentences in SENTENCES.items()
        for sentence in sentences
        for translations in ({}, *known)
    ]


def get_expression(sentence):
    return ".+".join(re.escape(part) for part in re.split(r"%\(\w+\)s", sentence))


def get_kind(body, patterns):
    text = html.unescape(re.sub(r"<[^>]*>", " ", body or ""))
    text = " ".join(text.split())
    return next((kind for kind, pattern in patterns if pattern.match(text)), None)
