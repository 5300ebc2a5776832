from odoo import fields, models
from odoo.exceptions import UserError

from ...models.actor.partnership_spelling import spelling_key
from .match import FIELDS

# What others may depend on goes first
KINDS = ("role", "group", "body", "organisation", "person", "meeting")


class PartnershipImport(models.TransientModel):
    """Taking of the lines: once, whoever else takes the same list, and nothing for a line that is
    refused in the end."""

    _inherit = "partnership.import"

    notice = fields.Char(readonly=True, help="What others recorded since the preview.")

    def _take_lines(self):
        """Create what is missing, and write the rows. Where a line is refused only then, all of it
        is undone, and the others are taken again without it.

        :return: list of :class:`Verdict`, one for each line
        """
        plan = self._plan()
        while True:
            self._give_up(plan)
            with self.env.cr.savepoint() as savepoint:
                self._create_missing(self._get_named(plan))
                result = self._apply(self._plan())
                if not self._is_refused_late(plan, result):
                    return result
                savepoint.rollback()
            plan = result

    def _give_up(self, plan):
        """Lines that are refused are not read again."""
        for line, verdict in zip(self.line_ids, plan, strict=True):
            if verdict.state == "refused" and line.fault != verdict.message:
                line.fault = verdict.message

    def _get_named(self, plan):
        """:return: the matches of all that the lines name which are taken"""
        matches = self._get_matches()
        named = self.env["partnership.import.match"]
        pairs = {
            pair
            for line, verdict in zip(self.line_ids, plan, strict=True)
            if verdict.state == "take"
            for pair in line._get_pairs()
        }
        return named.union(*(matches[pair] for pair in pairs if pair in matches))

    def _is_refused_late(self, plan, result):
        return any(
            before.state != "refused" and after.state == "refused"
            for before, after in zip(plan, result, strict=True)
        )

    def _create_missing(self, named):
        """Create what the user asked for.

        :param named: the matches that are needed
        """
        for kind in KINDS:
            matches = named.filtered(
                lambda match, kind=kind: match.kind == kind and match.decision == "create"
            )
            if matches:
                records = getattr(self, f"_create_{kind}s")(matches)
                for match, record in zip(matches, records, strict=True):
                    match._settle(record)

    # ------------------------------------------------------------
    # What others made since the preview
    # ------------------------------------------------------------

    def _find_meanwhile(self):
        """What is to be created may have been by another list since it was not found."""
        for kind in KINDS:
            matches = self.match_ids.filtered(
                lambda match, kind=kind: match.kind == kind and match.decision == "create"
            )
            if not matches:
                continue
            if kind in ("organisation", "person"):
                found = self._find_new_contacts(kind, matches)
            elif kind == "meeting":
                found = self._find_new_meetings(matches)
            else:
                found = self._find_new_names(kind, matches)
            taken = found[0].browse()
            for match, records in zip(matches, found, strict=True):
                records -= taken
                if len(records) > 1:
                    raise UserError(
                        self.env._(
                            "Since you decided to create %(match)s, %(count)s of that name were "
                            "created: go back to the columns and match again.",
                            match=match.display_name,
                            count=len(records),
                        )
                    )
                if records:
                    taken += records
                    match._settle(records)

    def _find_new_contacts(self, kind, matches):
        index = self._read_contacts(kind)
        organisations = {
            match.key: match.partner_id.id
            for match in self.match_ids
            if match.kind == "organisation" and match.partner_id
        }
        found = []
        for match in matches:
            details = match.details or {}
            email = details.get("email")
            contacts = [
                index.contacts[number]
                for number in index.by_name.get(spelling_key(details.get("name") or match.name), ())
                if number not in details.get("seen", [])
            ]
            contacts = [
                contact
                for contact in contacts
                if contact.active and (not email or contact.email in (email, None))
            ]
            beside = {organisations.get(key) for key in details.get("organisations") or []}
            there = [contact for contact in contacts if contact.parent_id in beside - {None}]
            found.append(
                self.env["res.partner"].browse(contact.id for contact in there or contacts)
            )
        return found

    def _find_new_meetings(self, matches):
        events = self.env["calendar.event"].search(
            [
                ("partnership_id", "=", self.partnership_id.id),
                ("partnership_date", "in", [match.details["date"] for match in matches]),
            ]
        )
        return [
            events.filtered(
                lambda event, match=match: (
                    event.id not in match.details["seen"]
                    and fields.Date.to_string(event.partnership_date) == match.details["date"]
                    and event.partnership_body_id == self._get_meeting_body(match)
                    and spelling_key(match.details["title"]) in ("", spelling_key(event.name))
                )
            )
            for match in matches
        ]

    def _find_new_names(self, kind, matches):
        Model = self.env[matches._fields[FIELDS[kind]].comodel_name]
        domain = [("partnership_id", "=", self.partnership_id.id)] if kind == "body" else []
        by_key = Model.search(domain).grouped(lambda record: spelling_key(record.name))
        return [by_key.get(match.key, Model) for match in matches]

    def _describe_meanwhile(self, expected):
        """:param expected: the lines that were to be taken
        :return: what to say of those that others recorded since, or False
        """
        lines = expected.filtered(lambda line: line.state == "already" and not line.message)
        return bool(lines) and self.env._(
            "%(count)s of the lines had been taken already, by another import since the preview. "
            "They are there once: nothing was doubled.",
            count=len(lines),
        )
