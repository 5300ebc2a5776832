from collections import defaultdict

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

PARTNERSHIP_FIELDS = {
    "partnership_id",
    "partnership_body_id",
    "partnership_tool",
    "partnership_need",
    "partnership_state",
    "partnership_date",
}


class CalendarEvent(models.Model):
    """An event of a partnership; with a body, a meeting at which that body's seats are expected.

    The fields here are as open as Odoo makes the calendar. What is confidential stands elsewhere.
    """

    _inherit = "calendar.event"

    partnership_id = fields.Many2one(
        "partnership.partnership",
        compute="_compute_partnership_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    partnership_body_id = fields.Many2one(
        "partnership.body",
        "Body",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('partnership_id', '=?', partnership_id)]",
    )
    partnership_tool = fields.Selection(
        [
            ("coordination", "Coordination"),
            ("information", "Information"),
            ("training", "Training"),
        ],
        "Tool",
        default="coordination",
    )
    partnership_need = fields.Selection(
        [("internal", "Internal functioning"), ("external", "External influence")],
        "Need",
        default="internal",
    )
    partnership_state = fields.Selection(
        [
            ("planned", "Planned"),
            ("open", "Sheet open"),
            ("closed", "Sheet closed"),
            ("cancelled", "Cancelled"),
        ],
        "Meeting State",
        default="planned",
        copy=False,
        readonly=True,
        index=True,
    )
    partnership_date = fields.Date(
        "Meeting Date",
        compute="_compute_partnership_date",
        store=True,
        precompute=True,
        index="btree_not_null",
        help="The date in the time zone of the partnership.",
    )
    partnership_is_over = fields.Boolean(
        "Held", compute="_compute_partnership_is_over", search="_search_partnership_is_over"
    )
    attendance_ids = fields.One2many("partnership.attendance", "event_id", "Attendance")

    @api.depends("partnership_body_id")
    def _compute_partnership_id(self):
        for event in self:
            if event.partnership_body_id:
                event.partnership_id = event.partnership_body_id.partnership_id

    @api.depends("start", "allday", "partnership_id.tz")
    def _compute_partnership_date(self):
        """An all-day event has its date in ``start`` as it is; another one has an instant there."""
        for event in self:
            if not event.partnership_id or not event.start:
                event.partnership_date = False
            elif event.allday:
                event.partnership_date = event.start.date()
            else:
                zone = pytz.timezone(event.partnership_id.tz)
                event.partnership_date = pytz.utc.localize(event.start).astimezone(zone).date()

    @api.depends("stop", "allday")
    def _compute_partnership_is_over(self):
        for event in self:
            event.partnership_is_over = event._is_event_over()

    def _search_partnership_is_over(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("stop", "<", fields.Datetime.now())]

    @api.constrains("partnership_id", "partnership_body_id")
    def _check_partnership_body(self):
        for event in self:
            body = event.partnership_body_id
            if body and body.partnership_id != event.partnership_id:
                raise ValidationError(
                    self.env._(
                        "%(body)s is a body of %(partnership)s, not of %(other)s.",
                        body=body.name,
                        partnership=body.partnership_id.name,
                        other=event.partnership_id.name or self.env._("no partnership"),
                    )
                )

    @api.model
    def _get_public_fields(self):
        return super()._get_public_fields() | PARTNERSHIP_FIELDS

    # ------------------------------------------------------------
    # Who is expected
    # ------------------------------------------------------------

    def _get_expected(self):
        """Who is expected at each meeting: the seats of its body that are valid on its date.

        The one place where this is read; nothing of it is stored. Other addons add their own
        kinds of meeting by extending it.

        :return: dict event id -> list of values of attendance rows; ``person_id`` is False for
                 a seat that nobody holds
        """
        expected = {event.id: [] for event in self}
        seats_by_body = self._get_seats_by_body()
        for event in self:
            date = event.partnership_date
            taken = set()
            for seat in seats_by_body[event.partnership_body_id]._valid_on(date):
                organisation = seat.partner_id if seat.partner_id.is_company else False
                person = next(
                    (
                        holder
                        for holder in seat._get_holders(date)
                        if (holder, organisation) not in taken
                    ),
                    self.env["res.partner"],
                )
                taken.add((person, organisation))
                expected[event.id].append(
                    {
                        "seat_id": seat.id,
                        "membership_id": seat.membership_id.id,
                        "organisation_id": organisation and organisation.id,
                        "person_id": person.id,
                    }
                )
        return expected

    def _get_seats_by_body(self):
        """:return: dict body -> its seats that may be valid on a date of ``self``, in order"""
        dates = [event.partnership_date for event in self if event.partnership_body_id]
        seats_by_body = defaultdict(self.env["partnership.seat"].browse)
        if dates:
            seats = self.env["partnership.seat"].search(
                Domain("body_id", "in", self.partnership_body_id.ids)
                & Domain("date_start", "<=", max(dates))
                & (Domain("date_end", "=", False) | Domain("date_end", ">=", min(dates)))
            )
            seats_by_body |= seats.grouped("body_id")
        return seats_by_body

    def _find_place(self, person, organisation):
        """The membership and the seat that a person takes who comes for an organisation.

        A seat on which the person has a mandate that day goes before the others.

        :return: dict with ``membership_id`` and ``seat_id``
        """
        self.ensure_one()
        actor = organisation or person
        date = self.partnership_date
        membership = self.env["partnership.membership"].search(
            Domain("partnership_id", "=", self.partnership_id.id)
            & Domain("partner_id", "=", actor.id)
            & self.env["partnership.membership"]._domain_valid_on(date),
            limit=1,
        )
        seats = self._get_seats_by_body()[self.partnership_body_id].filtered(
            lambda seat: seat.membership_id == membership
        )
        seats = seats._valid_on(date).sorted(
            lambda seat: (person not in seat._get_holders(date), seat.id)
        )
        return {"membership_id": membership.id, "seat_id": seats[:1].id}

    # ------------------------------------------------------------
    # The sheet
    # ------------------------------------------------------------

    def _check_sheet_access(self):
        """The sheet belongs to the team of the partnership, whoever organises the event."""
        self.partnership_id.check_access("read")

    def action_open_sheet(self):
        """Add a row for every expected seat that has none, and show the sheet.

        Opening again adds new seats and removes the unmarked rows of ended ones, until the sheet
        is closed.
        """
        self.ensure_one()
        self._fill_sheet()
        return {
            "type": "ir.actions.client",
            "tag": "partnership_attendance_sheet",
            "name": self.env._("Attendance"),
            "context": {"active_id": self.id, "active_model": "calendar.event"},
        }

    def _fill_sheet(self):
        """Bring the rows of sheets that are not closed in line with who is expected."""
        for event in self:
            if not event.partnership_id:
                raise UserError(
                    self.env._("“%(event)s” is not a meeting of a partnership.", event=event.name)
                )
        self._check_sheet_access()
        events = self.filtered(lambda event: event.partnership_state in ("planned", "open"))
        events.lock_for_update(allow_referencing=True)
        Attendance = self.env["partnership.attendance"]
        rows_by_event = defaultdict(Attendance.browse)
        rows_by_event |= Attendance.search([("event_id", "in", events.ids)]).grouped("event_id")
        expected = events._get_expected()
        missing, ended = [], Attendance
        for event in events:
            rows = rows_by_event[event]
            by_seat = rows.grouped("seat_id")
            by_person = {(row.person_id.id, row.organisation_id.id): row for row in rows}
            for values in expected[event.id]:
                seat = self.env["partnership.seat"].browse(values["seat_id"])
                if seat and seat in by_seat:
                    continue
                row = by_person.get((values["person_id"], values["organisation_id"]), Attendance)
                if not row:
                    missing.append({**values, "event_id": event.id})
                elif seat and not row.seat_id:
                    row.seat_id = seat
            seats = {values["seat_id"] for values in expected[event.id]}
            ended |= rows.filtered(lambda row, seats=seats: row.seat_id and row.seat_id.id not in seats)
        (ended - ended._filtered_recorded()).unlink()
        Attendance.create(missing)
        events._set_partnership_state("open")

    def action_close_sheet(self):
        """Close the sheets; where rows are unmarked, ask first what they stand for."""
        self._check_can_close()
        unmarked = self.env["partnership.attendance"].search_count(
            [("event_id", "in", self.ids), ("status", "=", "not_recorded")]
        )
        if not unmarked:
            return self._close_sheet()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_sheet_close_action"
        )
        action["context"] = {"default_event_ids": self.ids}
        return action

    def _close_sheet(self, unmarked="not_recorded"):
        """Close the sheets: from now on they count.

        :param unmarked: the status that rows without one take, ``absent`` or ``not_recorded``
        """
        self._check_can_close()
        self._fill_sheet()
        if unmarked != "not_recorded":
            self.env["partnership.attendance"].search(
                [
                    ("event_id", "in", self.ids),
                    ("status", "=", "not_recorded"),
                    ("reason", "=", False),
                ]
            ).status = unmarked
        self._set_partnership_state("closed")

    def _check_can_close(self):
        for event in self:
            if event.start > fields.Datetime.now():
                raise UserError(
                    self.env._(
                        "“%(event)s” begins on %(date)s: its sheet can be closed once it has begun.",
                        event=event.name,
                        date=format_date(self.env, event.partnership_date),
                    )
                )
            if event.partnership_state == "cancelled":
                raise UserError(self.env._("“%(event)s” was cancelled.", event=event.name))

    def action_cancel_meeting(self):
        """The meeting is not held: it stays in the calendar and counts in no rate."""
        self._check_sheet_access()
        self._check_not_recorded()
        self.env["partnership.attendance"].search([("event_id", "in", self.ids)]).unlink()
        self._set_partnership_state("cancelled")

    def action_plan_meeting(self):
        """Take back a cancellation."""
        self._check_sheet_access()
        cancelled = self.filtered(lambda event: event.partnership_state == "cancelled")
        cancelled._set_partnership_state("planned")

    def _set_partnership_state(self, state):
        """Whoever keeps the sheet may not be among the guests of a private event: the state of
        the meeting is theirs all the same."""
        self.sudo().write({"partnership_state": state})

    def _log_sheet(self, body):
        """Write what happened to the sheet in the history of the meeting, as an internal note."""
        self.ensure_one()
        self.sudo().message_post(
            body=body,
            author_id=self.env.user.partner_id.id,
            subtype_xmlid="mail.mt_note",
        )

    def _check_not_recorded(self):
        """Refuse to go on with meetings that have recorded presence."""
        recorded = self._filtered_recorded()
        if recorded:
            raise UserError(
                self.env._(
                    "Presence is recorded at %(count)s of these meetings, first at “%(event)s” on "
                    "%(date)s: it would be lost.",
                    count=len(recorded),
                    event=recorded[0].display_name,
                    date=format_date(self.env, recorded[0].partnership_date),
                )
            )

    def _filtered_recorded(self):
        """:return: the events with at least one recorded row, whoever may see it"""
        Attendance = self.env["partnership.attendance"].sudo()
        domain = Attendance._domain_recorded() & Domain("event_id", "in", self.ids)
        rows = Attendance._read_group(domain, ["event_id"])
        recorded = {event.id for (event,) in rows}
        return self.filtered(lambda event: event.id in recorded)
