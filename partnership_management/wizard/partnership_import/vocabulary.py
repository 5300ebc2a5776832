"""The words that people use in lists, and what they stand for.

Plain functions: nothing here reads the database, and every guess is shown before it is used.
"""

import re

from ...models.actor.partnership_spelling import spelling_key

# Words in lists of several languages, as they are compared (lower case)
STATUS_WORDS = {
    "present": "1 x v ✓ ✔ ☑ y yes true present presente présent présente p here attended came "
    "ja j aanwezig anwesend oui o si sí sì s",
    "late": "late l delayed retard en_retard tard te_laat verspätet",
    "excused": "excused exc e apologies apology excusé excusée excusado verontschuldigd "
    "entschuldigt",
    "absent": "0 - – — n no false absent absente a ausente afwezig abwesend non nee nein ☐ ✗",
}
MODE_WORDS = {
    "remote": "remote online virtual zoom video distance distanciel en_ligne",
    "in_person": "person in-person in_person room site onsite on-site présentiel",
}
HEADER_WORDS = {
    "date": "date day meeting_date datum fecha jour data",
    "title": "title meeting subject réunion sitzung meeting_title titre",
    "body": "body committee group_of_meeting level organe comité",
    "organisation": "organisation organization organisme company member actor affiliation "
    "structure entity firm membre acteur",
    "person": "person name participant attendee representative delegate code nom personne who",
    "email": "email e-mail mail courriel",
    "status": "status presence present attendance ticked tick checked box attended présence "
    "statut présent",
    "mode": "mode how attendance_mode",
    "reason": "reason remark comment motif remarque",
    "interest_group": "interest_group group college collège groupe sector",
    "role": "role rôle function",
    "since": "since from start member_since date depuis début",
    "titular": "titular titulaire representative holder delegate",
    "alternate": "alternate substitute deputy suppléant alternates",
    "appointed_by": "appointed_by appointed mandate décision decision appointed_on_by",
}


def has_word(text, words):
    """:return: whether ``text`` is one of ``words``; one of several words is ``like_this``"""
    return spelling_key(text).replace(" ", "_") in words.split()


def guess_status(word):
    """:return: the status that a word of a list stands for; empty is absent, as in a list of
    boxes; what is not known is not recorded"""
    if not spelling_key(word):
        return "absent"
    return next(
        (key for key, words in STATUS_WORDS.items() if has_word(word, words)), "not_recorded"
    )


def guess_mode(word):
    tokens = set(re.split(r"[^\w-]+", spelling_key(word))) | {spelling_key(word).replace(" ", "_")}
    modes = [mode for mode, words in MODE_WORDS.items() if tokens & set(words.split())]
    return modes[0] if len(modes) == 1 else "unknown"


def guess_column(header, targets):
    """:return: which of ``targets`` a header speaks of, or False"""
    words = re.sub(r"[\W_]+", "_", spelling_key(header)).strip("_")
    stripped = re.sub(r"_raw$", "", words)
    for target in targets:
        known = HEADER_WORDS[target].replace("-", "_").split()
        if stripped in known or words in known:
            return target
    return False
