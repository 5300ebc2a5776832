import itertools
from collections import defaultdict
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools.internal import INTERNAL, is_internal

# What moves an event to another moment. Its duration alone does not.
TIME_FIELDS = {"start", "stop", "start_date", "stop_date", "allday"}

# What an event has once it is of a partnership, and no other one
KIND_DEFAULTS = {"partnership_tool": "coordination", "partnership_need": "internal"}


class CalendarEvent(models.Model):
    """An event of a partnership; with a body, a meeting at which that body's seats are expected.

    The fields here are as open as Odoo makes the calendar. What is confidential stands elsewhere.

    Meetings are counted whoever organises them. Once a grouping asks for anything that is not
    public, the number of rows included, the calendar leaves out events of users whose calendar is
    private or who have no settings, such as the system user. A count by what is public of a
    meeting leaves nothing out.

    What a meeting is for: its tool and its need.

    Every event of a partnership has them, and no other event of the database. Figures rest on
    those of a closed meeting.
    """

    _name = "calendar.event"
    _inherit = ["calendar.event", "partnership.guarded.mixin"]
    _portal_fields = (
        "partnership_id",
        "partnership_body_id",
        "partnership_tool",
        "partnership_need",
        "partnership_state",
        "partnership_date",
        "partnership_is_over",
    )

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
        compute="_compute_partnership_tool",
        store=True,
        readonly=False,
        precompute=True,
    )
    partnership_need = fields.Selection(
        [("internal", "Internal functioning"), ("external", "External influence")],
        "Need",
        compute="_compute_partnership_tool",
        store=True,
        readonly=False,
        precompute=True,
    )
    partnership_state = fields.Selection(
        [
            ("planned", "Planned"),
            ("open", "Sheet open"),
            ("closed", "Sheet closed"),
            ("cancelled", "Cancelled"),
        ],
        "Meeting State",
        compute="_compute_partnership_state",
        store=True,
        precompute=True,
        copy=False,
        index=True,
    )
    partnership_date = fields.Date(
        "Meeting Date",
        compute="_compute_partnership_date",
        store=True,
        index="btree_not_null",
        help="The date in the time zone of the partnership.",
    )
    partnership_is_over = fields.Boolean(
        "Over", compute="_compute_partnership_is_over", search="_search_partnership_is_over"
    )

    @api.depends("partnership_body_id")
    def _compute_partnership_id(self):
        for event in self:
            if event.partnership_body_id:
                event.partnership_id = event.partnership_body_id.partnership_id

    @api.depends("partnership_id")
    def _compute_partnership_tool(self):
        """Events of no partnership say nothing of all this."""
        for event in self:
            for fname, value in KIND_DEFAULTS.items():
                event[fname] = bool(event.partnership_id) and (event[fname] or value)

    @api.depends("partnership_id")
    def _compute_partnership_state(self):
        for event in self:
            event.partnership_state = bool(event.partnership_id) and (
                event.partnership_state or "planned"
            )

    @api.depends("start", "start_date", "allday", "partnership_id.tz")
    def _compute_partnership_date(self):
        """An all-day event has a date, which is the same everywhere; another one an instant.

        It is not computed before the event is created: the calendar moves a new all-day event to
        its date only after that.
        """
        for event in self:
            if not event.partnership_id or not event.start:
                event.partnership_date = False
            elif event.allday:
                event.partnership_date = event.start_date or event.start.date()
            else:
                zone = pytz.timezone(event.partnership_id.tz)
                event.partnership_date = pytz.utc.localize(event.start).astimezone(zone).date()

    @api.depends("stop", "stop_date", "allday", "partnership_id.tz")
    def _compute_partnership_is_over(self):
        """An all-day event is over with its day in the partnership, another one at its end."""
        now = fields.Datetime.now()
        for today, events in self._grouped_by_today().items():
            for event in events:
                if event.allday:
                    event.partnership_is_over = bool(event.stop_date and event.stop_date < today)
                else:
                    event.partnership_is_over = bool(event.stop and event.stop < now)

    def _search_partnership_is_over(self, operator, value):
        if operator != "in":
            return NotImplemented
        timed = Domain("allday", "=", False) & Domain("stop", "<", fields.Datetime.now())
        elsewhere = Domain("partnership_id", "=", False) & Domain(
            "stop_date", "<", self.browse()._get_today()
        )
        here = Domain("partnership_id", "!=", False) & self._domain_on_its_day(
            lambda today: Domain("stop_date", "<", today)
        )
        return timed | (Domain("allday", "=", True) & (elsewhere | here))

    def _get_period(self):
        """When a meeting begins and ends. An all-day one does so with its days in the time zone of
        the partnership; the hours that the calendar keeps of it mean nothing.

        :return: (datetime, datetime) in UTC
        """
        self.ensure_one()
        if not self.allday:
            return self.start, self.stop
        # many who move a meeting read no partnership
        zone = pytz.timezone(self.sudo().partnership_id.tz)
        first = self.start_date or self.partnership_date
        last = self.stop_date or first
        return tuple(
            zone.localize(datetime.combine(day, time.min)).astimezone(pytz.utc).replace(tzinfo=None)
            for day in (first, last + timedelta(days=1))
        )

    def _has_begun(self):
        begins, _ends = self._get_period()
        return begins <= fields.Datetime.now()

    @api.onchange("partnership_body_id")
    def _onchange_partnership_body_id(self):
        """A meeting is called after its body until somebody finds a better name."""
        if self.partnership_body_id and not self.name:
            self.name = self.partnership_body_id.name

    @api.model_create_multi
    def create(self, vals_list):
        """Meetings are created apart from other events: without mail and without a description
        of contacts. The order is kept."""
        meetings = [self._is_meeting(vals) for vals in vals_list]
        if not any(meetings):
            events = super().create(vals_list)
            events._settle_kind()
            return events
        Event = super(CalendarEvent, self.with_context(**self._get_quiet_context()))
        values, following = self._add_guests(
            [vals for vals, is_meeting in zip(vals_list, meetings, strict=True) if is_meeting]
        )
        quiet = Event.create(values)
        self.browse(
            event.id for event, follows in zip(quiet, following, strict=True) if follows
        )._follow_seats()
        others = super().create(
            [vals for vals, is_meeting in zip(vals_list, meetings, strict=True) if not is_meeting]
        )
        quiet, others = iter(quiet.with_env(self.env)), iter(others.with_env(self.env))
        events = self.browse().concat(
            *(next(quiet if is_meeting else others) for is_meeting in meetings)
        )
        events._settle_kind()
        return events

    def write(self, vals):
        """Guests follow, and those invited for another day are told."""
        ahead = self._get_days_ahead(vals)
        if KIND_DEFAULTS.keys() & vals.keys():
            self._check_kind(vals)
        meetings = self
        if not vals.get("partnership_body_id") and not vals.get("partnership_id"):
            meetings = self.filtered("partnership_id")
        if self - meetings:
            super(CalendarEvent, self - meetings).write(dict(vals))
        if meetings:
            places = meetings._get_days_and_bodies()
            quiet = meetings.with_context(**self._get_quiet_context())
            super(CalendarEvent, quiet).write(dict(vals))
            meetings._follow_change(vals, places)
        if KIND_DEFAULTS.keys() & vals.keys():
            self._settle_kind()
        if ahead:
            self._tell_of_another_day(ahead)
        return True

    @api.model
    def _get_public_fields(self):
        """On a private event the calendar hides from others whatever is not listed here. What a
        meeting has of its partnership is as open as the partnership's own rules make it."""
        own = self._get_meeting_fields()
        counted = {"__count"} if is_internal(self, "partnership_count") else set()
        return super()._get_public_fields() | own | counted

    @api.model
    def _get_meeting_fields(self):
        return {fname for fname in self._fields if fname.startswith("partnership_")}

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

        :return: dict with ``membership_id`` and ``seat_id``
        """
        self.ensure_one()
        [place] = self._find_places([(self, person, organisation)])
        return place

    @api.model
    def _find_places(self, wanted):
        """The membership and the seat that each person takes who comes for an organisation.

        A seat on which the person has a mandate that day goes before the others.

        :param wanted: list of (meeting, person, organisation or none); without a person, the
                       place of the organisation itself
        :return: list of dict with ``membership_id`` and ``seat_id``, in the order of ``wanted``
        """
        events = self.browse({event.id for event, _person, _organisation in wanted})
        memberships_by_actor = (
            self.env["partnership.membership"]
            .search(
                Domain("partnership_id", "in", events.partnership_id.ids)
                & Domain("partner_id", "in", [(org or person).id for _event, person, org in wanted])
            )
            .grouped(lambda membership: (membership.partnership_id, membership.partner_id))
        )
        seats_by_place = defaultdict(self.env["partnership.seat"].browse)
        for seats in events._get_seats_by_body().values():
            seats_by_place |= seats.grouped(lambda seat: (seat.body_id, seat.membership_id))
        none = self.env["partnership.membership"]
        places = []
        for event, person, organisation in wanted:
            date = event.partnership_date
            actor = (event.partnership_id, organisation or person)
            membership = memberships_by_actor.get(actor, none)._valid_on(date)[:1]
            seats = seats_by_place[event.partnership_body_id, membership]._valid_on(date)
            seat = min(
                seats,
                key=lambda seat, person=person, date=date: (
                    person not in seat._get_holders(date),
                    seat.id,
                ),
                default=seats,
            )
            places.append({"membership_id": membership.id, "seat_id": seat.id})
        return places

    def _settle_kind(self):
        """Whatever was sent along: empty without a partnership, and never empty with one."""
        fnames = (*KIND_DEFAULTS, "partnership_state")
        meetings = self.sudo().filtered("partnership_id")
        wrong = (self.sudo() - meetings).filtered(lambda event: any(event[name] for name in fnames))
        if wrong:
            wrong.write(dict.fromkeys(fnames, False))
        for fname, value in KIND_DEFAULTS.items():
            lacking = meetings.filtered(lambda event, fname=fname: not event[fname])
            if lacking:
                lacking.write({fname: value})

    def _check_kind(self, vals):
        """The system corrects what a closed meeting was for; nobody else rewrites the past."""
        changed = self._filtered_changed(vals, KIND_DEFAULTS).filtered(
            lambda event: event.partnership_state == "closed"
        )
        if changed and not self.env.su:
            raise UserError(
                self.env._(
                    "The sheet of “%(event)s” of %(date)s is closed, and figures rest on its tool "
                    "and need: they stay. Of a series, use “This and following”, from the first "
                    "one not held.",
                    event=changed[0].display_name,
                    date=format_date(self.env, changed[0].partnership_date),
                )
            )

    @api.model
    def _read_group(self, domain, groupby=(), aggregates=(), having=(), **kwargs):
        asked = itertools.chain(groupby, aggregates, (clause[0] for clause in having))
        return super(CalendarEvent, self._count_meetings(groupby, asked))._read_group(
            domain, groupby, aggregates, having=having, **kwargs
        )

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), **kwargs):
        groupby = list(itertools.chain(*grouping_sets))
        this = self._count_meetings(groupby, itertools.chain(groupby, aggregates))
        return super(CalendarEvent, this)._read_grouping_sets(
            domain, grouping_sets, aggregates, **kwargs
        )

    @api.model
    def _count_meetings(self, groupby, asked):
        """:return: the model, such that the count is public where all that is asked is, and it
        is asked by something of a meeting"""
        by_meeting = {spec.split(":")[0] for spec in groupby} & self._get_meeting_fields()
        fnames = {spec.split(":")[0] for spec in asked if isinstance(spec, str)}
        if not by_meeting or fnames - self._get_public_fields() - {"__count"}:
            return self
        return self.with_context(partnership_count=INTERNAL)
