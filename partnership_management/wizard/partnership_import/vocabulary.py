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
VOTE_WORDS = {
    "yes": "yes y for pro favour favor in_favour in_favor approve approved aye ja j dafür für "
    "zustimmung oui o pour approuvé sí si s a_favor sì favorevole voor",
    "no": "no n against contra oppose opposed reject rejected nay nein gegen dagegen non contre "
    "en_contra contrario nee tegen",
    "abstained": "abstained abstain abstains abstaining abstention abstentions enthalten "
    "enthaltung enthält_sich abstenu abstenue s'abstient abstención abstencion abstenido "
    "se_abstiene astenuto astenuta astensione onthouden onthouding",
    "recused": "recused recuse recusal interest conflict_of_interest befangen interessenkonflikt "
    "récusé récusée conflit_d'intérêts recusado recusada conflicto_de_intereses",
    "not_voted": "not_voted did_not_vote no_vote not_voting present nicht_abgestimmt anwesend "
    "n'a_pas_voté présent présente no_votó no_ha_votado presente niet_gestemd aanwezig",
    "absent": "absent away abwesend absente ausente assente afwezig",
    "excused": STATUS_WORDS["excused"],
    "invalid": "invalid void spoilt spoiled ungültig nul nulle nulo nula ongeldig nullo",
    "vacant": "vacant vakant unbesetzt vacante onbezet",
}
OUTCOME_WORDS = {
    "adopted": "adopted approved passed carried accepted yes angenommen beschlossen ja adopté "
    "adoptée approuvé approuvée accepté acceptée oui adoptado adoptada aprobado aprobada sí "
    "approvato approvata aangenomen goedgekeurd",
    "refused": "refused rejected failed lost defeated not_adopted not_passed no abgelehnt nein "
    "rejeté rejetée refusé refusée non rechazado rechazada denegado denegada respinto respinta "
    "verworpen afgewezen",
    "no_quorum": "no_quorum without_quorum quorum_not_met quorum_not_reached beschlussunfähig "
    "nicht_beschlussfähig sans_quorum quorum_non_atteint sin_quorum sin_quórum geen_quorum",
    "unbalanced": "balance_not_met unbalanced",
    "repeat": "repeat repeated to_be_repeated zu_wiederholen à_répéter a_repetir",
    "deferred": "deferred postponed adjourned vertagt ajourné ajournée reporté reportée aplazado "
    "aplazada rinviato uitgesteld",
    "not_put": "not_put not_put_to_the_vote",
}
HEADER_WORDS = {
    "date": "date day meeting_date decision_date datum fecha jour data",
    "title": "title meeting subject réunion sitzung meeting_title titre",
    "body": "body committee group_of_meeting level organe comité",
    "organisation": "organisation organization organisme company member actor affiliation "
    "structure entity firm membre acteur voter wähler stimmberechtigte votant votante",
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
    "question": "title decision question motion subject ballot resolution proposal decision_title "
    "beschluss antrag gegenstand titel décision délibération objet titre decisión acuerdo asunto "
    "título besluit onderwerp",
    "reference": "reference ref number nr id decision_id decision_number ballot_number referenz "
    "nummer référence numéro n° referencia número",
    "vote": "vote choice voted vote_cast stimme votum voto votó stem",
    "yes": "yes for in_favour in_favor favour favor ayes votes_for yes_votes ja dafür ja_stimmen "
    "oui pour sí si a_favor voor",
    "no": "no against noes nays votes_against no_votes nein dagegen nein_stimmen non contre contra "
    "en_contra nee tegen",
    "abstained": "abstained abstain abstention abstentions enthaltung enthaltungen abstenciones "
    "abstención onthouding onthoudingen",
    "not_voted": "not_voted did_not_vote no_vote nicht_abgestimmt non_votants no_votaron",
    "invalid": "invalid void spoilt ungültig nuls nul nulos ongeldig",
    "absent": "absent away abwesend absents ausentes afwezig",
    "outcome": "outcome result decision_result ergebnis résultat resultado uitslag",
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


def guess_vote(word):
    """:return: the choice, or the state of a seat, that a word stands for; False where it is not
    known, also of the empty cell: that is asked"""
    return next((key for key, words in VOTE_WORDS.items() if has_word(word, words)), False)


def guess_outcome(word):
    """:return: the outcome that a word stands for; False where it is not known"""
    return next((key for key, words in OUTCOME_WORDS.items() if has_word(word, words)), False)


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
