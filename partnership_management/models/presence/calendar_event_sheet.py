from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date, format_time

from ...tools.groups import TEAM
from ...tools.question import make_question
from ...tools.signed_link import draw_code


def _label(record, fname):
    return dict(record._fields[fname]._description_selection(record.env))[record[fname]]


SHEET_CHANNEL = "partnership_sheet"

AHEAD = timedelta(days=1)


class CalendarEvent(models.Model):
    """The attendance sheet of a meeting: filled from who is expected, closed, corrected.

    Screens that show the sheet of a meeting learn at once that it has changed, and show the
    code to check in with.

    They are told that, not what: each then reads the sheet with the rights of its own user.

    The sign-in sheet on paper, from the same list of who is expected.
    """

    _inherit = "calendar.event"

    attendance_ids = fields.One2many(
        "partnership.attendance",
        "event_id",
        copy=False,
        groups=TEAM,
    )

    @api.model
    def _get_public_fields(self):
        return super()._get_public_fields() | {"attendance_ids"}

    def _check_sheet_access(self):
        """The sheet belongs to the team of the partnership, whoever organises the event; its
        members read of the partnership what is theirs, which is not enough."""
        self.env["partnership.attendance"].check_access("write")
        self.partnership_id.check_access("read")

    def action_open_sheet(self):
        """Add a row for every expected seat that has none, and show the sheet.

        Opening again adds new seats and removes the unmarked rows of ended ones, until the sheet
        is closed. For a meeting that is not near it asks first: guests may still change.
        """
        self.ensure_one()
        self._check_is_meeting()
        self._check_sheet_access()
        if self._is_far_ahead() and not self.env.context.get("partnership_sheet_ahead"):
            raise make_question(
                self.env._(
                    "“%(event)s” is on %(date)s. Open its sheet already? The meeting is then no "
                    "longer planned but open; “Take the Sheet Back” undoes it while nothing is "
                    "recorded.",
                    event=self.name,
                    date=format_date(self.env, self.partnership_date),
                ),
                self.env.ref("partnership_management.calendar_event_action_open_ahead").id,
                self.env._("Open It Now"),
                {"active_id": self.id, "active_ids": self.ids, "active_model": self._name},
            )
        self._fill_sheet()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "partnership_management.partnership_attendance_sheet_action"
        )
        action["context"] = {"active_id": self.id, "active_model": "calendar.event"}
        return action

    def _is_far_ahead(self):
        """:return: whether a planned meeting begins in more than a day"""
        begins, _ends = self._get_period()
        return self.partnership_state == "planned" and begins > fields.Datetime.now() + AHEAD

    def action_take_back_sheet(self):
        """Make the meeting a planned one again, as if the sheet had not been opened: what guests
        have answered stays."""
        self._check_is_meeting()
        self._check_sheet_access()
        opened = self.filtered(lambda event: event.partnership_state == "open")
        opened._take_turns()
        rows = self.env["partnership.attendance"].search([("event_id", "in", opened.ids)])
        said = rows._filtered_recorded()
        marked = said.filtered(
            lambda row: (
                row.status not in ("not_recorded", "excused") or row.check_in or row.check_out
            )
        )
        if marked:
            raise UserError(
                self.env._(
                    "Presence is recorded at “%(event)s” (%(rows)s): the sheet stays open. Set "
                    "them to “Not recorded” first.",
                    event=marked[0].event_id.name,
                    rows=", ".join(marked[:5].mapped("display_name")),
                )
            )
        (rows - said).unlink()
        opened._set_partnership_state("planned")

    def _check_is_meeting(self):
        for event in self:
            if not event.partnership_id:
                raise UserError(
                    self.env._("“%(event)s” is not a meeting of a partnership.", event=event.name)
                )
        self._check_not_archived()

    def _check_not_archived(self):
        """What is recorded at an archived meeting would be seen by nobody, and counted all the
        same."""
        for event in self:
            if not event.active:
                raise UserError(
                    self.env._(
                        "“%(event)s” of %(date)s is archived: unarchive it before you change its "
                        "sheet.",
                        event=event.display_name,
                        date=format_date(self.env, event.partnership_date),
                    )
                )

    def _fill_sheet(self):
        """Bring the rows of sheets that are not closed in line with who is expected."""
        self._check_is_meeting()
        self._check_sheet_access()
        events = self.filtered(lambda event: event.partnership_state in ("planned", "open"))
        events._take_turns()
        Attendance = self.env["partnership.attendance"]
        rows_by_event = defaultdict(Attendance.browse)
        rows_by_event |= Attendance.search([("event_id", "in", events.ids)]).grouped("event_id")
        expected = events._get_expected()
        missing, ended = [], Attendance
        for event in events:
            rows = rows_by_event[event]
            gone = event._filter_ended_rows(rows, expected[event.id])
            recorded = gone._filtered_recorded()
            gone -= recorded
            recorded._leave_seats(expected[event.id])
            missing += event._match_sheet(rows - gone, expected[event.id])
            ended |= gone
        ended.unlink()
        Attendance.sudo().create(missing)
        events._take_answers()
        events._set_partnership_state("open")

    @api.model
    def _get_place_fields(self):
        """The fields of an attendance row that say through what somebody is expected. An addon
        that has its own kind of meeting adds its field, and sets it in ``_get_expected``."""
        return ["seat_id"]

    def _match_sheet(self, rows, expected):
        """Find the row of everybody expected; a guest who is expected by now gets the place.

        :param rows: the rows of the sheet
        :param expected: values of attendance rows, see ``_get_expected``
        :return: the values of the rows that are missing
        """
        self.ensure_one()
        taken = {(fname, row[fname].id) for fname in self._get_place_fields() for row in rows}
        by_person = {(row.person_id.id, row.organisation_id.id): row for row in rows}
        missing = []
        for values in expected:
            places = {name: values[name] for name in self._get_place_fields() if values.get(name)}
            if taken & places.items():
                continue
            row = by_person.get((values["person_id"], values["organisation_id"]))
            if not row:
                missing.append({**values, "event_id": self.id})
            elif not row._get_places():
                row.sudo().write(places)
        return missing

    def _filter_ended_rows(self, rows, expected):
        """:return: the rows of those who were expected once and are no more, also where somebody
        else holds the seat by now; guests never were"""
        places = {
            (fname, values.get(fname)): values["person_id"]
            for values in expected
            for fname in self._get_place_fields()
        }

        def has_ended(row):
            persons = [places[place] for place in row._get_places().items() if place in places]
            if not persons:
                return bool(row._get_places())
            holders = row.seat_id and row.seat_id._get_holders(self.partnership_date)
            return bool(row.seat_id) and row.person_id.id not in (*persons, *holders.ids)

        return rows.filtered(has_ended)

    def action_close_sheet(self):
        """Close the sheets; where something is unclear, such as unmarked rows, ask first."""
        self._check_can_close()
        pending = self._filtered_pending()
        pending._fill_sheet()
        if not pending._has_to_ask():
            return pending._close_sheet()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_sheet_close_action"
        )
        action["context"] = {"default_event_ids": pending.ids}
        return action

    def _has_to_ask(self):
        """:return: whether there is something to say or to ask before these sheets are closed"""
        return bool(
            self.env["partnership.attendance"].search_count(
                [("event_id", "in", self.ids), ("status", "=", "not_recorded")]
            )
        )

    def _filtered_pending(self):
        """A sheet is closed once: what was left unrecorded then is not asked again."""
        return self.filtered(lambda event: event.partnership_state != "closed")

    def _close_sheet(self, unmarked="not_recorded"):
        """Close the sheets: from now on they count.

        :param unmarked: the status that rows without one take, ``absent`` or ``not_recorded``
        """
        self._check_can_close()
        pending = self._filtered_pending()
        pending._fill_sheet()
        if unmarked != "not_recorded":
            self.env["partnership.attendance"].search(
                [
                    ("event_id", "in", pending.ids),
                    ("status", "=", "not_recorded"),
                    ("reason", "=", False),
                ]
            ).status = unmarked
        pending._set_partnership_state("closed")

    def _check_can_close(self):
        self._check_not_archived()
        for event in self:
            if not event._has_begun():
                raise UserError(
                    self.env._(
                        "“%(event)s” begins on %(date)s: its sheet can be closed once it has "
                        "begun.",
                        event=event.name,
                        date=format_date(self.env, event.partnership_date),
                    )
                )
            if event.partnership_state == "cancelled":
                raise UserError(self.env._("“%(event)s” was cancelled.", event=event.name))

    def action_cancel_meeting(self):
        """The meeting is not held: it stays in the calendar and counts in no rate."""
        self._check_is_meeting()
        self._check_sheet_access()
        self._drop_apologies()
        self._check_not_recorded()
        self.env["partnership.attendance"].search([("event_id", "in", self.ids)]).unlink()
        self._set_partnership_state("cancelled")

    def _drop_apologies(self):
        """Nobody needs to be excused from a meeting that is cancelled before it begins: say who
        was, without the confidential reason."""
        rows = self.env["partnership.attendance"].search(
            [("event_id", "in", self.ids), ("status", "=", "excused"), ("check_in", "=", False)]
        )
        ahead = rows.filtered(lambda row: not row.event_id._has_begun())
        self.env["partnership.meeting.log"]._log(
            "apology",
            {
                event: self.env._(
                    "Cancelled. Apologies had come from: %(names)s.",
                    names=", ".join(dropped.mapped("display_name")),
                )
                for event, dropped in ahead.grouped("event_id").items()
            },
        )
        ahead._write_from_sheet({"status": "not_recorded"})

    def action_plan_meeting(self):
        """Take back a cancellation."""
        self._check_sheet_access()
        self._check_not_archived()
        cancelled = self.filtered(lambda event: event.partnership_state == "cancelled")
        cancelled._set_partnership_state("planned")

    def _set_partnership_state(self, state):
        """Whoever keeps the sheet may not be among the guests of a private event: the state of
        the meeting is theirs all the same."""
        self.sudo().write({"partnership_state": state})

    def _may_follow_sheet(self):
        self.ensure_one()
        try:
            self._check_sheet_access()
        except AccessError:
            return False
        return bool(self.partnership_id)

    def attendance_sheet_code(self):
        """:return: the check-in code, to be shown to the room; see ``_get_sign_in_code``"""
        self.ensure_one()
        self._check_sheet_access()
        return self._get_sign_in_code()

    def _notify_sheet(self):
        """Presence has changed. What follows from it in a later room hooks in here."""
        self._tell_screens()

    def _tell_screens(self):
        """Let them look again, once the transaction is through."""
        for event in self:
            self.env["bus.bus"]._sendone(
                (event, SHEET_CHANNEL), SHEET_CHANNEL, {"meeting_id": event.id}
            )

    def action_print_sign_in_sheet(self):
        self._check_sheet_access()
        return self.env.ref("partnership_management.calendar_event_sign_in_sheet").report_action(
            self
        )

    def _get_sign_in_lines(self):
        """:return: dict event id -> list of dict member, person, mandate, in order of the member"""
        self._check_sheet_access()
        expected = self._get_expected()
        Seat, Partner = self.env["partnership.seat"], self.env["res.partner"]
        lines_by_event = {}
        for event in self:
            lines = []
            for values in expected[event.id]:
                seat = Seat.browse(values.get("seat_id"))
                person = Partner.browse(values["person_id"])
                actor = Partner.browse(values["organisation_id"]) or seat.partner_id or person
                lines.append(
                    {
                        "member": actor.name or "",
                        "person": person.name or "",
                        "mandate": event._get_sign_in_mandate(seat, person),
                    }
                )
            lines_by_event[event.id] = sorted(lines, key=lambda line: line["member"].casefold())
        return lines_by_event

    def _get_sign_in_mandate(self, seat, person):
        """:return: office or kind of the mandate of ``person``, in words"""
        self.ensure_one()
        if not seat:
            return ""
        if not person:
            return self.env._("Vacant")
        if person == seat.partner_id:
            return self.env._("Member")
        mandate = seat.mandate_ids.filtered(lambda mandate: mandate.person_id == person)
        mandate = mandate._valid_on(self.partnership_date)[:1]
        words = [
            mandate.kind and _label(mandate, "kind"),
            mandate.office and _label(mandate, "office"),
        ]
        return ", ".join(word for word in words if word)

    def _get_sign_in_date(self):
        self.ensure_one()
        date = format_date(self.env, self.partnership_date, date_format="full")
        if self.allday:
            return date
        zone = self.partnership_id.tz
        return f"{date}, {format_time(self.env, self.start, tz=zone, time_format='short')}"

    def _get_sign_in_code(self):
        """The code that a phone scans to check in at this meeting.

        :return: dict with ``url``, and ``image``, see ``draw_code``
        """
        self.ensure_one()
        url = self._get_check_in_url()
        return {"url": url, "image": draw_code(self.env, url, 600)}

    def _get_sign_in_sheet_name(self):
        """:return: the name of the file, without the extension"""
        self.ensure_one()
        return self.env._(
            "Sign-in sheet %(body)s %(date)s",
            body=self.partnership_body_id.name or self.name,
            date=self.partnership_date,
        )

    def _reset_answers(self):
        """Take back the answers, apart from apologies: these are recorded, and the team decides."""
        if not self:
            return
        self.env["partnership.attendance"].sudo().search(
            Domain("event_id", "in", self.ids)
            & Domain("answer", "!=", False)
            & Domain("status", "=", "not_recorded")
        ).answer = False
        self.sudo().attendee_ids.filtered(
            lambda attendee: (
                attendee.state != "needsAction"
                and attendee.partner_id != attendee.event_id.user_id.partner_id
            )
        ).state = "needsAction"

    def _take_answers(self):
        """Write on rows without an answer what the guests have answered so far.

        Where there is no guest any more, the row keeps what it says.
        """
        rows = self.env["partnership.attendance"].search(
            Domain("event_id", "in", self.ids)
            & Domain("person_id", "!=", False)
            & Domain("answer", "=", False)
        )
        answers = {
            (attendee.event_id, attendee.partner_id): attendee._get_answer()
            for attendee in self.env["calendar.attendee"].search([("event_id", "in", self.ids)])
        }
        for row in rows:
            answer = answers.get((row.event_id, row.person_id))
            if answer and row.answer != answer:
                row.answer = answer
