from collections import defaultdict, namedtuple

from odoo import models
from odoo.tools import email_normalize

from ...models.actor.partnership_spelling import spelling_key
from .text import is_close_name, is_same_name

# A person as a line names it: text of the name, address or "", key of the organisation or None
Mention = namedtuple("Mention", "name email organisation")
# Who that may be: key and spelling of the match, ids of contacts; where it has to be asked what is
# proposed, as values of the match; whether the e-mail is the person's own
Reading = namedtuple("Reading", "key spelling candidates proposal is_own", defaults=(None, True))


class PartnershipImport(models.TransientModel):
    """Which persons the lines mean.

    An e-mail says it where it is an address and the name does not contradict it: several persons
    may share one. What contradicts is asked.
    """

    _inherit = "partnership.import"

    def _match_persons(self, mentions, organisations):
        """Match the persons that lines mention.

        :param mentions: list of (name, text of the e-mail or None, key of the organisation), None
                         where a line mentions nobody at all
        :param organisations: dict key of an organisation -> id, of those that were found
        :return: (list of values of matches, list of their keys, as ``mentions``)
        """
        index = self._read_contacts("person")
        mentions = [mention and self._clean_mention(*mention) for mention in mentions]
        readings = self._read_mentions(index, {mention for mention in mentions if mention})
        readings = self._split_namesakes(index, readings, organisations)
        subjects, keys = {}, []
        for mention in mentions:
            reading = readings.get(mention)
            keys.append(reading and reading.key)
            if reading:
                subject = subjects.setdefault(reading.key, self._get_subject(mention, reading))
                subject["count"] += 1
                if reading.is_own and mention.email:
                    subject["details"].setdefault("email", mention.email)
                beside = subject["details"]["organisations"]
                if mention.organisation and mention.organisation not in beside:
                    beside.append(mention.organisation)
        self._tell_apart(subjects.values())
        return self._match_contacts("person", subjects, index), keys

    def _clean_mention(self, name, email, organisation):
        """An e-mail is one address: "none", "-" and the like say nothing."""
        return Mention(name or "", email_normalize(email or "") or "", organisation)

    def _get_subject(self, mention, reading):
        name = mention.name or mention.email
        written = email_normalize(name)  # in the column of the name
        return {
            "spelling": reading.spelling,
            "name": name,
            "candidate_ids": reading.candidates,
            "proposal": reading.proposal,
            "details": {
                "name": name,
                "organisations": [],
                **({"email": written} if written else {}),
            },
            "count": 0,
        }

    def _tell_apart(self, subjects):
        """Where several matches have one name, each shows what it is told apart by."""
        by_name = defaultdict(list)
        for subject in subjects:
            by_name[spelling_key(subject["name"])].append(subject)
        for namesakes in by_name.values():
            for subject in namesakes:
                mark = subject["spelling"].removeprefix(subject["name"]).strip(" |<>")
                if mark and len(namesakes) > 1:
                    subject["name"] = f"{subject['name']} ({mark})"

    # ------------------------------------------------------------
    # Who it may be
    # ------------------------------------------------------------

    def _read_mentions(self, index, mentions):
        """:return: dict mention -> :class:`Reading`"""
        meanings = self.env["partnership.spelling"]._get_meanings(self.partnership_id, "person")
        readings = {mention: self._read_mention(index, meanings, mention) for mention in mentions}
        addresses = defaultdict(set)
        for mention, reading in readings.items():
            if not reading:
                addresses[spelling_key(mention.name)].add(mention.email)
        for mention, reading in readings.items():
            if not reading:
                key = spelling_key(mention.name)
                readings[mention] = self._read_by_name(
                    index, meanings, mention, len(addresses[key] - {""}) > 1
                )
        return readings

    def _read_mention(self, index, meanings, mention):
        """:return: the reading of what the e-mail has a say in, or None"""
        name, email, _organisation = mention
        if not email:
            return None
        if not name:
            return Reading(email, email, self._find_meant(index, meanings, email))
        key, both = spelling_key(name), f"{name} <{email}>"
        owners = index.find_email(email) or set(meanings.get(email, self.env["res.partner"]).ids)
        named = self._find_meant(index, meanings, key)
        if owners >= named and named:
            return Reading(key, name, named)
        if owners & named:
            return Reading(spelling_key(both), both, owners & named)
        contacts = [index.contacts[number] for number in owners if number in index.contacts]
        is_known = named or key in meanings
        same = {contact.id for contact in contacts if is_same_name(name, contact.name)}
        if len(same) == 1 and not is_known:
            return Reading(spelling_key(both), both, same)
        if len(contacts) != 1:
            return None
        [owner] = contacts
        is_close = not is_known and is_close_name(name, owner.name)
        proposal = self._propose(owner) if is_close else self._describe_contradiction(owner)
        return Reading(spelling_key(both), both, set(), proposal, is_own=False)

    def _read_by_name(self, index, meanings, mention, has_rivals):
        """An e-mail that nobody has, or several others, tells persons apart that have one name in
        the list."""
        name, email, _organisation = mention
        found = self._find_meant(index, meanings, spelling_key(name))
        if not (email and has_rivals):
            return Reading(spelling_key(name), name, found)
        both = f"{name} <{email}>"
        known = [index.contacts[number] for number in found if number in index.contacts]
        proposal = self._propose(known[0]) if len(known) == 1 else None
        return Reading(spelling_key(both), both, set() if proposal else found, proposal)

    def _find_meant(self, index, meanings, key):
        """:return: ids of the contacts that have that name, code or e-mail, or whom it means"""
        return set(meanings[key].ids) if key in meanings else index.find(key) if key else set()

    def _propose(self, contact):
        return {"how": "close", "proposed_id": contact.id, "proposed": contact.name}

    def _describe_contradiction(self, owner):
        """Nothing is proposed that could be accepted with all others."""
        return {
            "how": "contradicts",
            "proposed": self.env._("the e-mail is of %(owner)s: choose", owner=owner.name),
        }

    def _split_namesakes(self, index, readings, organisations):
        """Several persons of one name: the organisation beside the name tells who is meant.

        :param readings: dict mention -> reading
        :param organisations: dict key of an organisation -> id, of those that were found
        :return: the readings, those of namesakes told apart
        """
        several = {
            mention: reading for mention, reading in readings.items() if len(reading.candidates) > 1
        }
        persons = {number for reading in several.values() for number in reading.candidates}
        employers = self._find_employers(index, persons)
        split = {}
        for mention, reading in several.items():
            organisation = organisations.get(mention.organisation)
            there = {number for number in reading.candidates if organisation in employers[number]}
            split[mention] = reading._replace(
                key=spelling_key(f"{reading.key} | {mention.organisation}"),
                spelling=f"{reading.spelling} | {mention.organisation or ''}",
                candidates=there if organisation and len(there) == 1 else reading.candidates,
            )
        return readings | split

    def _find_employers(self, index, persons):
        """:return: dict id of a person -> ids of the organisations it has ever spoken for here, and
        of the one it is a contact of"""
        employers = defaultdict(set)
        for person, organisation in self.env["partnership.mandate"]._read_group(
            [("person_id", "in", list(persons)), ("partnership_id", "=", self.partnership_id.id)],
            ["person_id", "organisation_id"],
        ):
            employers[person.id].add(organisation.id)
        for number in persons:
            employers[number].add(index.contacts[number].parent_id)
        return employers

    # ------------------------------------------------------------
    # Persons that are created
    # ------------------------------------------------------------

    def _create_persons(self, matches):
        """A person that the list has in one organisation only becomes a contact of it."""
        organisations = {
            match.key: match.partner_id.id
            for match in self.match_ids
            if match.kind == "organisation" and match.decision == "use"
        }
        vals_list = []
        for match in matches:
            details = match.details or {}
            beside = details.get("organisations") or []
            vals_list.append(
                {
                    "name": details.get("name") or match.name,
                    "email": details.get("email"),
                    "parent_id": organisations.get(beside[0]) if len(beside) == 1 else False,
                }
            )
        return self.env["res.partner"].create(vals_list)
