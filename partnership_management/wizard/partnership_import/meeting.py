from collections import Counter

from odoo import fields, models
from odoo.exceptions import UserError

from ...models.actor.partnership_spelling import spelling_key
from .text import CloseNames, parse_date


class PartnershipImport(models.TransientModel):
    """Which meetings the lines are of."""

    _inherit = "partnership.import"

    def _match_meetings(self, mentions, bodies):
        """Match meetings by their date, and by title and body where the list has them.

        The only meeting of a day is taken if the list has only one of that day, too. Otherwise
        the title has to be the same, or the user says which one it is.

        :param mentions: list of (date, title, text of the body), None where there is no date
        :param bodies: dict key of a body -> id, of those that were found
        :return: (list of values of matches, list of their keys, as ``mentions``)
        """
        keys = [mention and self._get_meeting_key(*mention) for mention in mentions]
        subjects = dict(zip(keys, mentions, strict=True))
        subjects.pop(None, None)
        counts = Counter(keys)
        events = self.env["calendar.event"].search(
            [
                ("partnership_id", "=", self.partnership_id.id),
                ("partnership_date", "in", [mention[0] for mention in subjects.values()]),
            ]
        )
        events_by_date = events.grouped("partnership_date")
        wanted = {
            key: (date, bodies.get(spelling_key(body)) or self.body_id.id)
            for key, (date, _title, body) in subjects.items()
        }
        rivals = Counter(wanted.values())
        vals_list = []
        for key, (date, title, body) in subjects.items():
            found = events_by_date.get(date, events.browse())
            body_id = wanted[key][1]
            if body_id:
                found = found.filtered(lambda event, at=body_id: event.partnership_body_id.id == at)
            vals_list.append(
                {
                    "kind": "meeting",
                    "key": key,
                    "name": " · ".join(filter(None, [fields.Date.to_string(date), title, body])),
                    "count": counts[key],
                    "details": {
                        "date": fields.Date.to_string(date),
                        "title": title,
                        "body": spelling_key(body),
                        "seen": found.ids,
                    },
                    **self._choose_meeting(found, title, rivals[wanted[key]] == 1),
                }
            )
        return vals_list, keys

    def _get_meeting_key(self, date, title, body):
        return "|".join([fields.Date.to_string(date), spelling_key(title), spelling_key(body)])

    def _choose_meeting(self, events, title, is_alone):
        """:return: values of a match, for a meeting that is one of ``events`` or new"""
        named = events.filtered(lambda event: spelling_key(event.name) == spelling_key(title))
        if title and len(named) == 1:
            return {"how": "exact", "event_id": named.id}
        if len(events) == 1 and is_alone:
            return {"how": "exact", "event_id": events.id}
        if not events:
            return {"how": "none"}
        close = CloseNames([(event.id, event.name) for event in events]).find(title or "")
        if close:
            event = events.browse(close[0])
            return {"how": "close", "proposed_id": event.id, "proposed": event.display_name}
        return {
            "how": "ambiguous",
            "proposed": self.env._("%(count)s that day: choose one", count=len(events)),
        }

    def _read_dates(self, texts):
        """:return: list of date, or None for a text that is none"""
        order = self._settle_date_order([text for text in texts if text])
        dates = {text: parse_date(text, order) for text in set(texts)}
        return [dates[text] for text in texts]

    def _describe_bad_date(self, text):
        if not text:
            return self.env._("The date is missing.")
        return self.env._(
            "“%(text)s” is not a date: write it like 2025-12-31 or 31/12/2025.", text=text
        )

    def _get_meeting_body(self, match):
        """:return: the body of a meeting that is to be created"""
        body = self._get_matches().get(("body", (match.details or {}).get("body")))
        return body.body_id if body and body.decision == "use" else self.body_id

    def _check_bodies(self):
        """A meeting that is created needs a body, or nobody would be expected at it."""
        for match in self.match_ids:
            if match.kind != "meeting" or match.decision != "create":
                continue
            body = self._get_matches().get(("body", match.details["body"]))
            if not self.body_id and (not body or body.decision not in ("use", "create")):
                raise UserError(
                    self.env._(
                        "%(meeting)s is to be created: go back to the columns and choose the body "
                        "of the meetings.",
                        meeting=match.display_name,
                    )
                )

    def _create_meetings(self, matches):
        """All-day events: the list does not tell the hour. Nobody gets mail."""
        Event = self.env["calendar.event"].with_context(
            no_mail_to_attendees=True, skip_contact_description=True, dont_notify=True
        )
        return Event.create(
            [
                {
                    "name": match.details["title"]
                    or self.env._("Meeting of %(date)s", date=match.details["date"]),
                    "partnership_id": self.partnership_id.id,
                    "partnership_body_id": self._get_meeting_body(match).id,
                    "allday": True,
                    "start": f"{match.details['date']} 08:00:00",
                    "stop": f"{match.details['date']} 18:00:00",
                    "partner_ids": [],
                }
                for match in matches
            ]
        )

    def _create_bodies(self, matches):
        return self.env["partnership.body"].create(
            [{"name": match.name, "partnership_id": self.partnership_id.id} for match in matches]
        )
