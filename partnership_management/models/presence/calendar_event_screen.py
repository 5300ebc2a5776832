import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS
from odoo.tools import format_date, format_datetime, format_time, is_html_empty

from ...tools.attendance import PRESENT, PUNCTUAL
from ...tools.signed_link import SIGNATURE_LENGTH, is_signed, sign

OPENS_BEFORE = timedelta(minutes=60)
OVERRUN = timedelta(hours=3)  # so much longer than planned a meeting may last
TOKEN = re.compile(rf"([1-9][0-9]{{0,8}})-([0-9a-f]{{{SIGNATURE_LENGTH}}})")


class CalendarEvent(models.Model):
    """What the attendance sheet on the screen asks for and sends.

    Each method works with the rights of the user as they are, and returns the sheet as it is
    afterwards: two tablets at one meeting see each other's taps. Where rows changed other than
    those that were named, ``changed`` lists them, so that the tap can be undone.

    The check-in code of a meeting: printed on the sign-in sheet, good for this meeting and
    while it takes place.

    The code is signed, not stored: it cannot be read from the calendar, which is open to many. Its
    number is part of what is signed, so that the next number makes another code.

    Who may check in at a meeting, and what a check-in writes: what a tap on the sheet writes.

    A phone has no rights of its own. Whoever calls these methods has verified the code, and that
    check-in is open, and calls them with the rights of the system.
    """

    _inherit = "calendar.event"

    partnership_check_in_number = fields.Integer(
        "Check-in Code Number",
        copy=False,
        readonly=True,
        groups=NO_ACCESS,
    )

    def attendance_sheet_open(self):
        """Bring the sheet in line with who is expected, and return it. One that was taken back is
        not opened again by its address."""
        self.ensure_one()
        if not self._is_far_ahead():
            self._fill_sheet()
        return self.attendance_sheet_read()

    @api.readonly
    def attendance_sheet_read(self):
        self.ensure_one()
        self._check_sheet_access()
        rows = self._get_sheet_rows()
        return {
            "meeting": self._get_sheet_meeting(),
            "quorum": self._get_quorum()[self.id],
            "groups": self._get_sheet_groups(rows),
            "rows": rows._get_sheet_lines(self.partnership_date),
        }

    def attendance_sheet_mark(self, changes):
        """Write on many rows at once.

        :param changes: list of [row ids, values]; values of status, mode, reason, proxy_id,
                        check_in and check_out
        """
        self._check_sheet_writable()
        for row_ids, values in changes:
            self._get_sheet_rows(row_ids)._write_from_sheet(values)
        return self._get_changed_sheet()

    def attendance_sheet_mark_rest(self, status):
        """Mark whoever is unmarked by now, also on another tablet's account."""
        self._check_sheet_writable()
        rest = self._get_sheet_rows()._get_rest(status)
        rest._write_from_sheet({"status": status})
        return self._get_changed_sheet(rest)

    def attendance_sheet_came_instead(self, row_id, person, status="present"):
        """Somebody came for a seat instead of the person of a row, whose row stays.

        :param person: id of a contact, or the name of a person to create
        """
        self._check_sheet_writable()
        row = self._get_sheet_rows([row_id])
        if not row.seat_id:
            raise UserError(
                self.env._(
                    "%(row)s is a guest: add whoever came as another guest.", row=row.display_name
                )
            )
        person = self._get_sheet_contact(person, parent=row.organisation_id)
        substitute = self._record_substitute(row, person, {"status": status})
        return self._get_changed_sheet(row + substitute)

    def _record_substitute(self, row, person, values):
        """Write ``values`` for a person who came for the seat of a row.

        Whoever was not marked by then is excused, and absent where nobody holds the seat; a
        person who is there stays so, and both are there.

        :return: the row of the substitute
        """
        self._take_turns()
        substitute = self._get_substitute(row, person)
        if row.status == "not_recorded":
            row._write_from_sheet({"status": "excused" if row.person_id else "absent"})
        if substitute:
            substitute.seat_id = row.seat_id
            substitute._write_from_sheet(values)
            return substitute
        return row.create(
            {
                "event_id": self.id,
                "seat_id": row.seat_id.id,
                "membership_id": row.membership_id.id,
                "organisation_id": row.organisation_id.id,
                "person_id": person.id,
                **values,
            }
        )

    def _get_substitute(self, row, person):
        """:return: the row that ``person`` has for the same member already, if any"""
        substitute = self._get_sheet_rows().filtered(
            lambda other: other.person_id == person and other.organisation_id == row.organisation_id
        )
        if substitute == row:
            raise UserError(
                self.env._("%(name)s holds this seat: mark the row itself.", name=person.name)
            )
        if substitute.seat_id - row.seat_id:
            raise UserError(
                self.env._(
                    "%(row)s is on the sheet already, for %(seat)s: a person takes one seat of a "
                    "member. Record a proxy instead.",
                    row=substitute.display_name,
                    seat=substitute.seat_id.display_name,
                )
            )
        return substitute

    def attendance_sheet_add(self, person, organisation=False, status="present"):
        """Add somebody who is not on the sheet; who is on it already is marked there.

        :param person: id of a contact, or the name of a person to create
        :param organisation: id of an organisation, the name of one to create, or none
        """
        self._check_sheet_writable()
        if organisation:
            organisation = self._get_sheet_contact(organisation, is_company=True)
        person = self._get_sheet_contact(person, parent=organisation)
        organisation = organisation or self._guess_organisation(person)
        row = self.env["partnership.attendance"]._record(self, person, organisation, status=status)
        return self._get_changed_sheet(row)

    def _guess_organisation(self, person):
        """For whom somebody is expected, or may come by mandate, where nothing was said."""
        row = self._get_sheet_rows().filtered(lambda row: row.person_id == person)
        if row:
            return row[0].organisation_id
        seats = self._get_seats_by_body()[self.partnership_body_id]
        held = seats._valid_on(self.partnership_date).filtered(
            lambda seat: person in seat._get_holders(self.partnership_date)
        )
        return held[:1].partner_id.filtered("is_company")

    def attendance_sheet_remove(self, row_ids, changes=()):
        """Take back rows that a tap added, and restore what it changed.

        On a closed sheet a row is never deleted: it says "not recorded" from then on.
        """
        self._check_sheet_writable()
        rows = self._get_sheet_rows(row_ids)
        rows._write_from_sheet({"status": "not_recorded"})
        if self.partnership_state != "closed":
            rows.unlink()
        return self.attendance_sheet_mark(changes)

    # ------------------------------------------------------------
    # Parts
    # ------------------------------------------------------------

    def _get_changed_sheet(self, changed=None):
        """Tell the other screens, and return the sheet to the one that changed ``changed``."""
        self._notify_sheet()
        sheet = self.attendance_sheet_read()
        return sheet if changed is None else {**sheet, "changed": changed.ids}

    def _check_sheet_writable(self):
        self.ensure_one()
        self._check_sheet_access()
        self._check_not_archived()
        if self.partnership_state == "cancelled":
            raise UserError(
                self.env._(
                    "“%(event)s” was cancelled: plan it again before you record presence.",
                    event=self.name,
                )
            )

    def _get_sheet_rows(self, row_ids=None):
        """:return: the rows of this sheet, all or those of ``row_ids``, in a steady order"""
        rows = self.env["partnership.attendance"].search([("event_id", "=", self.id)], order="id")
        if row_ids is None:
            return rows
        named = rows.browse(row_ids) & rows
        if len(named) < len(set(row_ids)):
            raise UserError(
                self.env._("A row was removed from this sheet meanwhile. Look at it again.")
            )
        return named

    def _get_sheet_contact(self, contact, is_company=False, parent=None):
        """:param contact: id, or a name for which a contact is created, unless somebody of that
        name is on the sheet for the same organisation"""
        Partner = self.env["res.partner"]
        if isinstance(contact, str):
            name = contact.strip()
            if not name:
                raise UserError(self.env._("Say who it is."))
            rows = self._get_sheet_rows()
            own = rows.filtered(lambda row: row.organisation_id == (parent or Partner))
            known = rows.organisation_id if is_company else own.person_id
            if found := known.filtered(lambda partner: partner.name == name)[:1]:
                return found
            self._take_turns()
            values = {"name": name, "is_company": is_company}
            return Partner.create({**values, "parent_id": parent.id if parent else False})
        partner = Partner.browse(contact)
        if partner.is_company != is_company:
            raise UserError(
                self.env._("%(name)s is a person: choose an organisation.", name=partner.name)
                if is_company
                else self.env._("%(name)s is an organisation: choose a person.", name=partner.name)
            )
        return partner

    def _get_sheet_meeting(self):
        body = self.partnership_body_id
        zone = self.partnership_id.tz
        begins, ends = self._get_period()
        to_text = fields.Datetime.to_string
        states = dict(self._fields["partnership_state"]._description_selection(self.env))
        return {
            "id": self.id,
            "name": self.name,
            "body": body.name or "",
            "partnership": self.partnership_id.name,
            "date": format_date(self.env, self.partnership_date),
            "time": ""
            if self.allday
            else format_time(self.env, self.start, tz=zone, time_format="short"),
            "state": self.partnership_state,
            "state_label": states[self.partnership_state],
            "has_begun": self._has_begun(),
            "now": to_text(fields.Datetime.now()),
            "begins": to_text(begins),
            "punctual_until": to_text(begins + PUNCTUAL),
            "ends": to_text(ends),
            "overrun_until": to_text(ends + OVERRUN),
            "zone": zone,
            "has_body": bool(body),
            "has_minutes": not is_html_empty(self.partnership_minutes),
            "proxy_allowed": body.proxy_allowed,
            "proxy_max": body.proxy_max,
        }

    def _get_sheet_groups(self, rows):
        """:return: the interest groups of the rows as they were on the day, in order"""
        groups = self.env["partnership.membership.transition"]._get_groups_on(
            rows.membership_id, self.partnership_date
        )
        records = self.env["partnership.interest.group"].union(*groups.values())
        return [
            {"id": group.id, "name": group.name, "color": group.color}
            for group in records.sorted(lambda group: (group.sequence, group.name, group.id))
        ]

    def _get_check_in_token(self):
        self.ensure_one()
        signature = sign(self, "partnership-check-in", "partnership_check_in_number")
        return f"{self.id}-{signature[:SIGNATURE_LENGTH]}"

    def _get_check_in_url(self):
        self.ensure_one()
        place = self.partnership_id.get_base_url()
        return f"{place}/partnership/check-in/{self._get_check_in_token()}"

    @api.model
    def _find_by_check_in_token(self, token):
        """:return: the meeting of a code that is good, with the rights of the system; or none"""
        match = TOKEN.fullmatch(token)
        event = self.sudo().browse(match and int(match[1])).exists()
        if not event.active or not event.partnership_id:
            return event.browse()
        return event if is_signed(event._get_check_in_token(), token) else event.browse()

    def action_renew_check_in(self):
        """Make another code: those that are printed or photographed no longer work."""
        self._check_sheet_access()
        self._check_is_meeting()
        for event in self:
            event.sudo().partnership_check_in_number += 1
        text = self.env._("New check-in code: the codes printed so far no longer work.")
        self.env["partnership.meeting.log"]._log("code", dict.fromkeys(self, text))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("New check-in code. Print the sign-in sheet again."),
            },
        }

    def _get_check_in_period(self):
        """:return: (from, to) in UTC: from an hour before the start to the end of the meeting; on
        the days of an all-day one, in the time zone of the partnership"""
        begins, ends = self._get_period()
        return begins if self.allday else begins - OPENS_BEFORE, ends

    def _get_check_in_opening(self):
        begins, _ends = self._get_check_in_period()
        zone = self.partnership_id.tz
        return format_datetime(self.env, begins, tz=zone, dt_format="short")

    def _get_check_in_refusal(self):
        """:return: why nobody can check in now: closed, cancelled, early, over; or False"""
        self.ensure_one()
        if self.partnership_state in ("closed", "cancelled"):
            return self.partnership_state
        begins, ends = self._get_check_in_period()
        now = fields.Datetime.now()
        return "early" if now < begins else now > ends and "over"

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
