from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.attendance import PRESENT


class CalendarEvent(models.Model):
    """Who may check in at a meeting, and what a check-in writes: what a tap on the sheet writes.

    A phone has no rights of its own. Whoever calls these methods has verified the code, and that
    check-in is open, and calls them with the rights of the system.
    """

    _inherit = "calendar.event"

    def _get_check_in_choices(self):
        """Whoever is expected, and whoever may speak on their seats instead of them.

        :return: dict (person, organisation or none) -> the person instead of whom somebody
                 comes, or none
        """
        self.ensure_one()
        Partner = self.env["res.partner"]
        choices, others = {}, {}
        for values in self._get_expected()[self.id]:
            person = Partner.browse(values["person_id"])
            organisation = Partner.browse(values["organisation_id"])
            if person:
                choices[person, organisation] = Partner
            seat = self.env["partnership.seat"].browse(values.get("seat_id"))
            for other in seat and seat._get_holders(self.partnership_date) - person:
                others.setdefault((other, organisation), person)
        for row in self.attendance_ids:
            if row.person_id and row._get_places():
                choices.setdefault((row.person_id, row.organisation_id), Partner)
        return {**others, **choices}

    def _get_check_in_persons(self):
        """:return: list of dict person and places (dict of organisation, instead, since), by name;
        ``since`` is when that person was there, in words, if so"""
        rows = {(row.person_id, row.organisation_id): row for row in self.attendance_ids}
        choices = self._get_check_in_choices()
        self.env["res.partner"].union(*[each for key in choices for each in key]).fetch(["name"])
        places = {}
        for (person, organisation), instead in choices.items():
            row = rows.get((person, organisation))
            places.setdefault(person, []).append(
                {
                    "organisation": organisation,
                    "instead": instead,
                    "since": row and row.status in PRESENT and self._format_check_in(row),
                }
            )
        return [
            {"person": person, "places": places[person]}
            for person in sorted(
                places, key=lambda person: ((person.name or "").casefold(), person.id)
            )
        ]

    def _format_check_in(self, row):
        if not row.check_in:
            return self.env._("You are on the list of those present already.")
        return self.env._(
            "You are on the list already, since %(time)s.", time=row._format_check_in_time()
        )

    def _check_in(self, person_id, organisation_ids):
        """Record a person who says to be there, for one or more organisations.

        :param organisation_ids: list of ids, 0 for somebody who comes for itself
        :return: list of dict ``organisation`` and ``since``: what was recorded before, in words,
                 or False where it is now
        :raise UserError: somebody or something that is not expected here; nothing is written then
        """
        self.ensure_one()
        choices = {
            (person, organisation): instead
            for (person, organisation), instead in self._get_check_in_choices().items()
            if person.id == person_id and (organisation.id or 0) in organisation_ids
        }
        if not choices or len(choices) < len(set(organisation_ids)):
            raise UserError(self.env._("You are not on the list of this meeting."))
        places = [
            {"organisation": organisation, "since": self._check_in_for(person, organisation, other)}
            for (person, organisation), other in choices.items()
        ]
        self._notify_sheet()
        return places

    def _check_in_for(self, person, organisation, instead):
        """Whoever is there already is counted once: nothing is changed then."""
        row = self._get_check_in_row(person, organisation)
        if row.status in PRESENT:
            return self._format_check_in(row)
        if not row or self.partnership_state == "planned":
            self._fill_sheet()
            row = self._get_check_in_row(person, organisation)
        values = {"status": "present", "mode": "in_person", "check_in": fields.Datetime.now()}
        if row:
            row._check_in_over(values)
        else:
            self._record_substitute(self._get_check_in_row(instead, organisation), person, values)
        return False

    def _get_check_in_row(self, person, organisation):
        return self.env["partnership.attendance"].search(
            [
                ("event_id", "=", self.id),
                ("person_id", "=", person.id),
                ("organisation_id", "=", organisation.id),
            ]
        )


class PartnershipAttendance(models.Model):
    _inherit = "partnership.attendance"

    def _check_in_over(self, values):
        """Write a check-in; what the row said until then is noted in the log of the meeting."""
        self.ensure_one()
        before = self._describe()
        said = self.status != "not_recorded" or self.proxy_id
        self._write_from_sheet(values)
        if said:
            text = self.env._(
                "%(row)s has checked in by phone: %(before)s → %(after)s",
                row=self.display_name,
                before=before,
                after=self._describe(),
            )
            self.env["partnership.meeting.log"]._log("check_in", {self.event_id: text})
