from collections import defaultdict, namedtuple

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ...models.actor.partnership_spelling import spelling_key
from .text import CloseNames

Contact = namedtuple("Contact", "id name ref email active parent_id")


class ContactIndex:
    """The contacts of one kind, found by code, e-mail or name, or by a close name."""

    def __init__(self, contacts):
        self.contacts = {contact.id: contact for contact in contacts}
        self.by_word = defaultdict(set)
        self.by_name = defaultdict(set)
        for contact in contacts:
            self.by_name[spelling_key(contact.name)].add(contact.id)
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

    def find_email(self, email):
        """:return: ids of the contacts with that address; archived ones only where there is no
        other"""
        return {number for number in self.find(email) if self.contacts[number].email == email}

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
                         for persons, ``candidate_ids`` and ``proposal``, the values of a match
                         that has to be asked
        :return: list of values of matches
        """
        if not subjects:
            return []
        index = index or self._read_contacts(kind)
        meanings = self.env["partnership.spelling"]._get_meanings(self.partnership_id, kind)
        vals_list = []
        for key, values in subjects.items():
            candidates, proposal = (values.pop(k, None) for k in ("candidate_ids", "proposal"))
            if candidates is None:
                candidates = index.find(key) if key else set()
            candidates = [index.contacts[number] for number in sorted(candidates)]
            vals = {"kind": kind, "key": key, "spelling": key, **values}
            details = values.get("details") or {}
            name = spelling_key(details.get("name") or values["name"])
            vals["details"] = {**details, "seen": sorted(index.by_name.get(name, ()))}
            if len(candidates) == 1 and candidates[0].active:
                vals["exact_id"] = candidates[0].id
            if key in meanings:
                meaning = meanings[key]
                vals |= {"how": "remembered", "partner_id": meaning.id}
                vals |= {} if meaning else {"decision": "nobody"}
            elif vals.get("exact_id"):
                vals |= {"how": "exact", "partner_id": vals["exact_id"]}
            elif not key:
                vals |= {"how": "empty", **self._propose_nothing(kind)}
            elif proposal:
                vals |= proposal
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
            vals_list.append(vals)
        proposed = [vals for vals in vals_list if "proposed_id" in vals and "proposed" not in vals]
        contacts = self.env["res.partner"].browse(vals["proposed_id"] for vals in proposed)
        for vals, contact in zip(proposed, contacts, strict=True):
            vals["proposed"] = contact.display_name
        return vals_list

    def _propose_nothing(self, kind):
        """:return: values of the match of the empty cell. Of presences, an empty organisation is
        what a list without that column is: whom the person represents that day, if anybody."""
        if kind == "person":
            return {"proposed": self.env._("nobody")}
        if self.kind == "members":
            return {"proposed": self.env._("no organisation: the person is the member")}
        return {
            "proposed": self.env._("whom the person represents that day, or none"),
            "decision": "empty",
        }

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

    def _create_organisations(self, matches):
        return self.env["res.partner"].create(
            [{"name": match.name, "is_company": True} for match in matches]
        )
