from collections import defaultdict, namedtuple

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize

from ..models.partnership_spelling import spelling_key
from .partnership_import_text import CloseNames

Contact = namedtuple("Contact", "id name ref email active parent_id")


class ContactIndex:
    """The contacts of one kind, found by code, e-mail or name, or by a close name."""

    def __init__(self, contacts):
        self.contacts = {contact.id: contact for contact in contacts}
        self.by_word = defaultdict(set)
        for contact in contacts:
            for word in {contact.ref, contact.email, contact.name}:
                if word:
                    self.by_word[spelling_key(word)].add(contact.id)
        self.close = None

    def find(self, key):
        """:return: ids of the contacts with that code, e-mail or name; archived ones only where
        there is no other. A code or an e-mail goes before a name."""
        found = [self.contacts[number] for number in self.by_word.get(key, ())]
        found = [contact for contact in found if contact.active] or found
        coded = [
            contact for contact in found if key in map(spelling_key, (contact.ref, contact.email))
        ]
        return {contact.id for contact in coded or found}

    def find_close(self, text):
        """:return: ids of contacts with a name close to ``text``, the closest first"""
        if self.close is None:
            self.close = CloseNames(
                [(contact.id, contact.name) for contact in self.contacts.values()]
            )
        return self.close.find(text)


class PartnershipImport(models.TransientModel):
    """Which contacts the organisations and persons of the list are."""

    _inherit = "partnership.import"

    def _read_contacts(self, kind):
        """:return: :class:`ContactIndex` of what the user may see, read in one query"""
        Partner = self.env["res.partner"].with_context(active_test=False)
        fnames = ["name", "ref", "email_normalized", "active", "parent_id"]
        Partner.flush_model(fnames)
        query = Partner._search(
            Domain("is_company", "=", kind == "organisation")
            & Domain("name", "!=", False)
            & Domain("type", "not in", ["invoice", "delivery"])
        )
        columns = [SQL.identifier(query.table, fname) for fname in ["id", *fnames]]
        return ContactIndex(
            [Contact(*row) for row in self.env.execute_query(query.select(*columns))]
        )

    def _match_contacts(self, kind, subjects, index=None):
        """Match organisations or persons: by a remembered spelling, else exactly; else a close
        spelling is proposed.

        :param subjects: dict key -> dict of values of the match; with ``name``, ``count`` and,
                         for persons that share a name, ``candidate_ids``
        :return: list of values of matches
        """
        if not subjects:
            return []
        index = index or self._read_contacts(kind)
        meanings = self.env["partnership.spelling"]._get_meanings(self.partnership_id, kind)
        Partner = self.env["res.partner"]
        vals_list = []
        for key, values in subjects.items():
            candidates = values.pop("candidate_ids", None)
            if candidates is None:
                candidates = index.find(key) if key else set()
            candidates = [index.contacts[number] for number in sorted(candidates)]
            vals = {"kind": kind, "key": key, "spelling": key, **values}
            if len(candidates) == 1 and candidates[0].active:
                vals["exact_id"] = candidates[0].id
            if key in meanings:
                meaning = meanings[key]
                vals |= {"how": "remembered", "partner_id": meaning.id}
                vals |= {} if meaning else {"decision": "nobody"}
            elif vals.get("exact_id"):
                vals |= {"how": "exact", "partner_id": vals["exact_id"]}
            elif not key:
                nothing = self.env._("no organisation"), self.env._("nobody")
                vals |= {"how": "empty", "proposed": nothing[kind == "person"]}
            elif len(candidates) > 1:
                vals |= {
                    "how": "ambiguous",
                    "proposed": self.env._(
                        "%(count)s contacts have this name: choose one", count=len(candidates)
                    ),
                }
            else:
                close = [contact.id for contact in candidates] or index.find_close(values["name"])
                vals |= {"how": "close" if close else "none"}
                if close:
                    vals["proposed_id"] = close[0]
                    vals["proposed"] = Partner.browse(close[0]).display_name
            vals_list.append(vals)
        return vals_list

    def _match_organisations(self, texts):
        """:return: list of values of matches, one for each text; the empty one included"""
        counts = self._count([text for text in texts if text is not None])
        return self._match_contacts(
            "organisation",
            {
                key: {"name": text, "spelling": text, "count": count}
                for key, (text, count) in counts.items()
            },
        )

    def _split_namesakes(self, index, mentions, organisations):
        """Several persons of one name: the organisation beside the name tells who is meant.

        :param mentions: list of (key of the person, key of the organisation)
        :param organisations: dict key of an organisation -> id, of those that were found
        :return: dict mention -> ids of the persons that it may be, of names that several have
        """
        meanings = self.env["partnership.spelling"]._get_meanings(self.partnership_id, "person")
        namesakes = {}
        for mention in set(mentions):
            found = index.find(mention[0]) if mention[0] and mention[0] not in meanings else set()
            if len(found) > 1:
                namesakes[mention] = found
        persons = {number for found in namesakes.values() for number in found}
        employers = defaultdict(set)
        for person, organisation in self.env["partnership.mandate"]._read_group(
            [("person_id", "in", list(persons)), ("partnership_id", "=", self.partnership_id.id)],
            ["person_id", "organisation_id"],
        ):
            employers[person.id].add(organisation.id)
        for number in persons:
            employers[number].add(index.contacts[number].parent_id)
        for mention, found in namesakes.items():
            organisation = organisations.get(mention[1])
            there = {number for number in found if organisation in employers[number]}
            if organisation and len(there) == 1:
                namesakes[mention] = there
        return namesakes

    def _match_persons(self, mentions, organisations):
        """Match the persons that lines mention.

        :param mentions: list of (text that tells who it is, name, key of the organisation), None
                         where a line mentions nobody at all
        :param organisations: dict key of an organisation -> id, of those that were found
        :return: (list of values of matches, list of their keys, as ``mentions``)
        """
        index = self._read_contacts("person")
        pairs = [mention and (spelling_key(mention[0]), mention[2]) for mention in mentions]
        namesakes = self._split_namesakes(index, [pair for pair in pairs if pair], organisations)
        subjects, keys = {}, []
        for mention, pair in zip(mentions, pairs, strict=True):
            if mention is None:
                keys.append(None)
                continue
            word, name, organisation = mention
            key = pair[0]
            values = {"spelling": word, "name": name or word, "details": {"organisations": []}}
            if pair in namesakes:
                key = spelling_key(f"{key} | {organisation}")
                if organisation:
                    values["name"] = f"{name or word} ({organisation})"
                values["spelling"] = f"{word} | {organisation}"
                values["candidate_ids"] = namesakes[pair]
            if name != word:
                values["details"]["email"] = word
            subject = subjects.setdefault(key, {**values, "count": 0})
            subject["count"] += 1
            if organisation and organisation not in subject["details"]["organisations"]:
                subject["details"]["organisations"].append(organisation)
            keys.append(key)
        return self._match_contacts("person", subjects, index), keys

    def _create_organisations(self, matches):
        return self.env["res.partner"].create(
            [{"name": match.name, "is_company": True} for match in matches]
        )

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
                    "name": match.name,
                    "email": email_normalize(details.get("email") or match.name) or False,
                    "parent_id": organisations.get(beside[0]) if len(beside) == 1 else False,
                }
            )
        return self.env["res.partner"].create(vals_list)
