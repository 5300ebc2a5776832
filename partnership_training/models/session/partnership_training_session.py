from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date


class PartnershipTrainingSession(models.Model):
    """One delivery of a course, in one or more events of the calendar.

    What a session takes over from its course when it is planned, and keeps when the course
    changes.

    What an hour and a participant cost, of the actual cost or, until it is known, the planned
    one. The hours are those attended by all participants together.
    """

    _name = "partnership.training.session"
    _description = "Training Session"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "partnership.guarded.mixin",
    ]
    _order = "date_start desc, id desc"

    _sent_fields = ("name", "place")

    name = fields.Char(
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
    )
    course_id = fields.Many2one(
        "partnership.course", required=True, index=True, ondelete="restrict", tracking=True
    )
    partnership_id = fields.Many2one(
        "partnership.partnership",
        compute="_compute_partnership_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="partnership_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("open", "Open"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        copy=False,
        index=True,
        group_expand=True,
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        tracking=True,
    )
    trainer_ids = fields.Many2many("res.partner", string="Trainers")
    place = fields.Char()
    cost = fields.Monetary(
        "Planned Cost",
        compute="_compute_from_course",
        store=True,
        readonly=False,
        precompute=True,
        help="What the whole session costs.",
    )
    description = fields.Html()

    # When
    event_ids = fields.One2many("calendar.event", "training_session_id", "Events")
    event_count = fields.Integer("Number of Events", compute="_compute_event_counts")
    closed_count = fields.Integer("Sheets Closed", compute="_compute_event_counts")
    date_start = fields.Datetime("Begin", compute="_compute_dates", store=True)
    date_stop = fields.Datetime("End", compute="_compute_dates", store=True)
    hours = fields.Float(
        compute="_compute_dates", store=True, help="Of all events that are not cancelled."
    )

    # For whom
    enrolment_ids = fields.One2many("partnership.enrolment", "session_id", "Enrolments")
    seats_max = fields.Integer(
        "Seats",
        compute="_compute_from_course",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="0: as many as come.",
    )
    seats_min = fields.Integer(
        "Minimum",
        compute="_compute_from_course",
        store=True,
        readonly=False,
        precompute=True,
        help="With fewer persons the session is not worth it.",
    )
    seats_taken = fields.Integer(compute="_compute_seats_taken", store=True)
    seats_free = fields.Integer("Free Seats", compute="_compute_seats_free")
    occupancy = fields.Selection(
        [("short", "Under the minimum"), ("enough", "Seats left"), ("full", "Full")],
        compute="_compute_occupancy",
        store=True,
    )
    requested_count = fields.Integer("Requests", compute="_compute_open_counts")
    waiting_count = fields.Integer("Waiting List", compute="_compute_open_counts")

    completion_share = fields.Float(
        "Share to Attend",
        compute="_compute_completion",
        store=True,
        readonly=False,
        precompute=True,
        help="The share of the hours that somebody has to attend to complete the course.",
    )
    is_test_required = fields.Boolean(
        "Test",
        compute="_compute_completion",
        store=True,
        readonly=False,
        precompute=True,
        help="The course is completed only with the test passed.",
    )

    participant_count = fields.Integer("Took Part", compute="_compute_costs")
    participant_hours = fields.Float("Hours Attended", compute="_compute_costs")
    cost_basis = fields.Selection(
        [("actual", "Actual cost"), ("planned", "Planned cost")], compute="_compute_costs"
    )
    cost_per_participant = fields.Monetary(
        compute="_compute_costs", help="Cost / persons who took part; none before the session."
    )
    cost_per_hour = fields.Monetary(
        compute="_compute_costs",
        help="Cost / hours attended by all participants together; none before the session.",
    )

    _seats_positive = models.Constraint(
        "CHECK (seats_max >= 0 AND seats_min >= 0)", "The number of seats cannot be negative."
    )
    _seats_order = models.Constraint(
        "CHECK (seats_max <= 0 OR seats_min <= seats_max)",
        "The minimum of a session cannot be greater than its number of seats.",
    )
    # Of two that take the last seat at once, see _take_turns
    _never_overbooked = models.Constraint(
        "CHECK (seats_max <= 0 OR seats_taken <= seats_max)",
        "More persons would be confirmed than the session has seats.",
    )
    _completion_share_range = models.Constraint(
        "CHECK (completion_share >= 0 AND completion_share <= 1)",
        "The share to attend lies between 0 % and 100 %.",
    )

    @api.depends("course_id")
    def _compute_name(self):
        for session in self:
            session.name = session.name or session.course_id.name

    @api.depends("course_id")
    def _compute_partnership_id(self):
        for session in self:
            session.partnership_id = (
                session.course_id.partnership_id
                or session.partnership_id
                or self.env["partnership.partnership"].search([], limit=1)
            )

    @api.depends("event_ids.partnership_state")
    def _compute_event_counts(self):
        for session in self:
            states = session.event_ids.mapped("partnership_state")
            session.event_count = len(states) - states.count("cancelled")
            session.closed_count = states.count("closed")

    @api.depends(
        "event_ids.active",
        "event_ids.start",
        "event_ids.stop",
        "event_ids.start_date",
        "event_ids.stop_date",
        "event_ids.allday",
        "event_ids.duration",
        "event_ids.partnership_state",
        "partnership_id.tz",
    )
    def _compute_dates(self):
        """Where all events are cancelled, their dates still say when it was to be. An event of a
        whole day ends with the last second of its day: the next one is another date."""
        for session in self:
            events = session._get_dated_events()
            held = events.filtered(lambda event: event.partnership_state != "cancelled")
            periods = [(*event._get_period(), event.allday) for event in events]
            session.date_start = min((begins for begins, _ends, _day in periods), default=False)
            session.date_stop = max(
                (ends - timedelta(seconds=is_day) for _begins, ends, is_day in periods),
                default=False,
            )
            session.hours = sum(held.mapped("duration"))

    def _get_dated_events(self):
        """:return: the events that say when the session is, the first one first"""
        planned = self.event_ids.filtered(lambda event: event.start and event.stop)
        held = planned.filtered(lambda event: event.partnership_state != "cancelled")
        return (held or planned).sorted("start")

    @api.depends("enrolment_ids.state")
    def _compute_seats_taken(self):
        counts = self._count_enrolments(self.env["partnership.enrolment"]._domain_seated())
        for session in self:
            session.seats_taken = counts.get(session._origin, 0)

    @api.depends("seats_taken", "seats_max")
    def _compute_seats_free(self):
        for session in self:
            session.seats_free = max(session.seats_max - session.seats_taken, 0)

    @api.depends("seats_taken", "seats_max", "seats_min")
    def _compute_occupancy(self):
        for session in self:
            if session.seats_taken < session.seats_min:
                session.occupancy = "short"
            elif session.seats_max and session.seats_taken >= session.seats_max:
                session.occupancy = "full"
            else:
                session.occupancy = "enough"

    @api.depends("enrolment_ids.state")
    def _compute_open_counts(self):
        requested = self._count_enrolments([("state", "=", "requested")])
        waiting = self._count_enrolments([("state", "=", "waiting")])
        for session in self:
            session.requested_count = requested.get(session._origin, 0)
            session.waiting_count = waiting.get(session._origin, 0)

    @api.constrains("course_id", "partnership_id")
    def _check_course(self):
        for session in self:
            session.course_id._check_open_to(session.partnership_id)
        self.sudo().enrolment_ids._check_session()
        self.sudo().event_ids._check_training_session()

    @api.constrains("seats_max", "seats_taken")
    def _check_seats(self):
        for session in self:
            if 0 < session.seats_max < session.seats_taken:
                raise ValidationError(
                    self.env._(
                        "“%(session)s” has %(seats)s seats, and %(taken)s persons would be "
                        "confirmed. Use the waiting list, or give the session more seats.",
                        session=session.name,
                        seats=session.seats_max,
                        taken=session.seats_taken,
                    )
                )

    def write(self, vals):
        """Whatever way the state changes, what hangs on it follows."""
        if "state" in vals:
            self._filtered_changed(vals, ["state"])._check_state_change(vals["state"])
        if {"state", "seats_max", "trainer_ids"} & vals.keys():
            self._take_turns()  # a trainer takes no seat: also not at the same moment
        states = {session: session.state for session in self}
        trainers, waited = self.trainer_ids, self._get_waiting()
        result = super().write(vals)
        if "state" in vals:
            changed = self.filtered(lambda session: session.state != states[session])
            changed._follow_state(states)
        if {"state", "seats_max"} & vals.keys():
            self._promote_waiting(waited)
        if "trainer_ids" in vals:
            self._sync_guests(gone=trainers)
        if "alarm_ids" in vals:
            self._remind_by_alarms()
        return result

    def unlink(self):
        """The events of a session go with it; those with presence recorded refuse."""
        self._check_no_enrolments()
        self.event_ids._check_not_recorded()
        self.event_ids.unlink()
        return super().unlink()

    def _check_no_enrolments(self):
        used = self.filtered("enrolment_ids")
        if used:
            raise UserError(
                self.env._(
                    "Persons are enrolled in %(sessions)s: cancel the session instead of "
                    "deleting it.",
                    sessions=", ".join(used.mapped("name")),
                )
            )

    # ------------------------------------------------------------
    # Its state
    # ------------------------------------------------------------

    def action_open(self):
        return self.write({"state": "open"})

    def action_done(self):
        return self.write({"state": "done"})

    def action_cancel(self):
        return self.write({"state": "cancelled"})

    def _get_events(self):
        """:return: the events that are not cancelled, the first one first"""
        events = self.event_ids.filtered(lambda event: event.partnership_state != "cancelled")
        return events.sorted("start")

    def _check_state_change(self, state):
        if state == "done":
            self._check_sheets_closed()
        elif state == "cancelled":
            self.event_ids._check_not_recorded()

    def _check_sheets_closed(self):
        for session in self:
            events = session.event_ids.filtered(
                lambda event: event.partnership_state != "cancelled"
            )
            if not events:
                raise UserError(
                    self.env._("“%(session)s” has no event: plan one first.", session=session.name)
                )
            pending = events.filtered(lambda event: event.partnership_state != "closed")
            if pending:
                raise UserError(
                    self.env._(
                        "“%(session)s” cannot be done: close the attendance sheet of "
                        "“%(event)s” of %(date)s first.",
                        session=session.name,
                        event=pending[0].name,
                        date=format_date(self.env, pending[0].partnership_date),
                    )
                )

    def _follow_state(self, before):
        """Bring events and enrolments in line with the new state.

        :param before: dict session -> the state it had
        """
        for session in self:
            if session.state == "done":
                session._settle()
            elif session.state == "cancelled":
                session.event_ids.action_cancel_meeting()
                session.enrolment_ids.filtered("is_pending")._release()
            elif before[session] == "cancelled":
                session.event_ids.action_plan_meeting()
            elif before[session] == "done":
                session.enrolment_ids.filtered("is_seated").write({"state": "confirmed"})

    def _settle(self):
        """Say of everybody who had a seat whether they took part: at one event at least, on the
        closed sheets. Who got no seat asks for the next session."""
        seated = self.enrolment_ids.filtered("is_seated")
        self.enrolment_ids.filtered(
            lambda record: record.state in ("requested", "waiting")
        )._release()
        done = seated.filtered("events_attended")
        done.filtered(lambda enrolment: enrolment.state != "done").state = "done"
        absent = seated - done
        absent.filtered(lambda enrolment: enrolment.state != "absent").state = "absent"

    @api.depends("course_id")
    def _compute_from_course(self):
        for session in self:
            for fname in ("seats_max", "seats_min", "cost"):
                session[fname] = session[fname] or session.course_id[fname]

    @api.depends("course_id")
    def _compute_completion(self):
        for session in self:
            session.completion_share = session.course_id.completion_share
            session.is_test_required = session.course_id.is_test_required

    @api.depends("cost", "cost_actual", "enrolment_ids.state", "enrolment_ids.hours_done")
    @api.depends_context("uid")
    def _compute_costs(self):
        groups = self.env["partnership.enrolment"]._read_group(
            [("session_id", "in", self.ids), ("state", "=", "done")],
            ["session_id"],
            ["__count", "hours_done:sum"],
        )
        attended = {session: (count, hours) for session, count, hours in groups}
        for session in self:
            count, hours = attended.get(session._origin, (0, 0.0))
            cost = session.cost_actual or session.cost
            session.participant_count, session.participant_hours = count, hours
            session.cost_basis = cost and ("actual" if session.cost_actual else "planned")
            session.cost_per_participant = cost / count if count else 0.0
            session.cost_per_hour = cost / hours if hours else 0.0
