from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.partnership_management.tools.attendance import PRESENT
from odoo.addons.partnership_management.tools.optional_float import OptionalFloat

# Who is in the room, or was
WITH_MATERIAL = ("confirmed", "done")

SEATED = ("confirmed", "done", "absent")
SETTLED = ("done", "absent")
STATES = [
    ("requested", "Requested"),
    ("waiting", "Waiting list"),
    ("confirmed", "Confirmed"),
    ("done", "Done"),
    ("absent", "Absent"),
    ("cancelled", "Cancelled"),
]


class PartnershipEnrolment(models.Model):
    """A person in a session of a course; without a session, the person asks for the course.

    What came of an enrolment: how much of the session was attended, and whether that is enough
    to complete the course.

    Who has not followed what a course builds on is told; nobody is kept out for it.

    What the person who is enrolled sees of it on the own page.
    """

    _name = "partnership.enrolment"
    _description = "Enrolment"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "partnership.mailed.mixin",
    ]
    _order = "id desc"

    # Who, for whom
    person_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("is_company", "=", False)],
        tracking=True,
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
    membership_id = fields.Many2one(
        "partnership.membership",
        "Member",
        compute="_compute_membership_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('partnership_id', '=', partnership_id)]",
        help="The member that the person belongs to or speaks for.",
    )
    organisation_id = fields.Many2one(
        "res.partner",
        "For",
        compute="_compute_organisation_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    # What
    session_id = fields.Many2one(
        "partnership.training.session",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        domain="[('partnership_id', '=?', partnership_id), ('course_id', '=?', course_id)]",
        help="Empty: the person asks for the course; a session is still to be found.",
    )
    course_id = fields.Many2one(
        "partnership.course",
        compute="_compute_course_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
    )
    date_start = fields.Datetime(related="session_id.date_start", store=True, precompute=True)
    state = fields.Selection(
        STATES,
        required=True,
        default="requested",
        copy=False,
        index=True,
        group_expand=True,
        tracking=True,
    )
    is_seated = fields.Boolean(compute="_compute_is_seated")
    is_pending = fields.Boolean(compute="_compute_is_seated")
    date_waiting = fields.Datetime("Waiting Since", copy=False, readonly=True)
    note = fields.Text()

    # What came of it
    result = fields.Selection([("passed", "Passed"), ("failed", "Not passed")], tracking=True)

    events_attended = fields.Integer(
        compute="_compute_attended",
        store=True,
        precompute=True,
        help="Events with a closed sheet at which the person was present or late.",
    )
    hours_attended = fields.Float(
        compute="_compute_attended",
        store=True,
        precompute=True,
        aggregator=None,
        help="How long those events took together; less where somebody stayed for a part only.",
    )
    hours_done = fields.Float(
        "Hours of Training",
        compute="_compute_hours_done",
        store=True,
        precompute=True,
        help="The hours attended, once the session is done and the person took part: what sums of "
        "hours are made of.",
    )
    attended_share = OptionalFloat(
        compute="_compute_attended_share",
        store=True,
        precompute=True,
        aggregator="avg",
        help="Hours attended, of those that the session took.",
    )
    is_completed = fields.Boolean(
        "Completed",
        compute="_compute_is_completed",
        store=True,
        precompute=True,
        help="Took part, attended the share of the hours that the session asks for, and passed "
        "the test if there is one.",
    )

    missing_prerequisite_ids = fields.Many2many(
        "partnership.course",
        string="Missing Prerequisites",
        compute="_compute_missing_prerequisite_ids",
        help="Courses that should come before, and that the person has not completed.",
    )

    # The message with names comes from _check_unique
    _one_per_session = models.Constraint(
        "EXCLUDE USING btree (session_id WITH =, person_id WITH =) "
        "WHERE (session_id IS NOT NULL) DEFERRABLE INITIALLY DEFERRED",
        "This person is enrolled in this session already.",
    )
    _one_demand = models.Constraint(
        "EXCLUDE USING btree (partnership_id WITH =, course_id WITH =, person_id WITH =) "
        "WHERE (session_id IS NULL AND state = 'requested') DEFERRABLE INITIALLY DEFERRED",
        "This person has asked for this course already.",
    )
    _demand_state = models.Constraint(
        "CHECK (session_id IS NOT NULL OR state IN ('requested', 'cancelled'))",
        "Choose a session first: without one, somebody can only ask for a course.",
    )
    _queue_index = models.Index("(session_id, date_waiting, id) WHERE state = 'waiting'")

    @api.depends("person_id.name", "session_id.name", "course_id.name")
    def _compute_display_name(self):
        for enrolment in self:
            enrolment.display_name = self.env._(
                "%(person)s, %(training)s",
                person=enrolment.person_id.name or "",
                training=enrolment.session_id.name or enrolment.course_id.name or "",
            )

    @api.depends("session_id.partnership_id", "course_id.partnership_id")
    def _compute_partnership_id(self):
        for enrolment in self:
            enrolment.partnership_id = (
                enrolment.session_id.partnership_id
                or enrolment.course_id.partnership_id
                or enrolment.partnership_id
                or self.env["partnership.partnership"].search([], limit=1)
            )

    @api.depends("session_id.course_id")
    def _compute_course_id(self):
        for enrolment in self:
            enrolment.course_id = enrolment.session_id.course_id or enrolment.course_id

    @api.depends("person_id", "partnership_id")
    def _compute_membership_id(self):
        found = self._find_memberships()
        for enrolment in self:
            enrolment.membership_id = found.get((enrolment.partnership_id, enrolment.person_id))

    @api.depends("membership_id")
    def _compute_organisation_id(self):
        for enrolment in self:
            actor = enrolment.membership_id.partner_id
            enrolment.organisation_id = actor if actor.is_company else False

    @api.depends("state")
    def _compute_is_seated(self):
        for enrolment in self:
            enrolment.is_seated = enrolment.state in SEATED
            enrolment.is_pending = enrolment.state in ("requested", "waiting", "confirmed")

    @api.constrains("person_id")
    def _check_person(self):
        for enrolment in self:
            if enrolment.person_id.is_company:
                raise ValidationError(
                    self.env._(
                        "%(name)s is an organisation: a course is followed by persons.",
                        name=enrolment.person_id.name,
                    )
                )

    @api.constrains("course_id", "partnership_id")
    def _check_course(self):
        for enrolment in self:
            enrolment.course_id._check_open_to(enrolment.partnership_id)

    @api.constrains("session_id", "course_id")
    def _check_session(self):
        for enrolment in self:
            session = enrolment.session_id
            if session and session.course_id != enrolment.course_id:
                raise ValidationError(
                    self.env._(
                        "“%(session)s” is a session of %(course)s, not of %(other)s.",
                        session=session.name,
                        course=session.course_id.display_name,
                        other=enrolment.course_id.display_name,
                    )
                )

    @api.constrains("state", "session_id")
    def _check_state(self):
        """Done and absent come from the sheets of a session that is done."""
        for enrolment in self:
            if enrolment.state in SETTLED and enrolment.session_id.state != "done":
                raise ValidationError(
                    self.env._(
                        "%(enrolment)s: whether somebody took part is read from the attendance "
                        "sheets when the session is marked as done, and only then.",
                        enrolment=enrolment.display_name,
                    )
                )
        self.filtered("is_pending").session_id._check_gives_seats()

    @api.constrains("session_id", "person_id", "course_id", "partnership_id", "state")
    def _check_unique(self):
        for fnames, domain in (
            (["session_id", "person_id"], [("session_id", "in", self.session_id.ids)]),
            (
                ["partnership_id", "course_id", "person_id"],
                [*self._domain_demand(), ("course_id", "in", self.course_id.ids)],
            ),
        ):
            twice = self._read_group(
                Domain(domain) & Domain("person_id", "in", self.person_id.ids),
                fnames,
                ["id:recordset"],
                having=[("__count", ">", 1)],
                limit=1,
            )
            if twice:
                raise ValidationError(self._describe_twice(twice[0][-1]))

    def _describe_twice(self, enrolments):
        states = dict(self._fields["state"]._description_selection(self.env))
        other = (enrolments - self)[:1] or enrolments[:1]
        return self.env._(
            "%(enrolment)s is there already (%(state)s): open that enrolment instead.",
            enrolment=other.display_name,
            state=states[other.state],
        )

    def _get_evaluation_links(self):
        """:return: dict kind -> dict of ``url``, ``title`` and ``done``; evaluations fill it"""
        return {}

    @api.depends(
        "person_id",
        "session_id.event_ids.duration",
        "session_id.event_ids.partnership_state",
        "session_id.event_ids.attendance_ids.status",
        "session_id.event_ids.attendance_ids.person_id",
        "session_id.event_ids.attendance_ids.training_hours",
    )
    def _compute_attended(self):
        """Somebody who came for several organisations was there once, as long as for any."""
        rows = self.env["partnership.attendance"].search(
            [
                ("event_id.training_session_id", "in", self.session_id.ids),
                ("event_id.partnership_state", "=", "closed"),
                ("person_id", "in", self.person_id.ids),
                ("status", "in", PRESENT),
            ]
        )
        hours = defaultdict(dict)
        for row in rows:
            by_event = hours[row.event_id.training_session_id, row.person_id]
            by_event[row.event_id] = max(by_event.get(row.event_id, 0), row._get_training_hours())
        for enrolment in self:
            attended = hours[enrolment.session_id._origin, enrolment.person_id._origin]
            enrolment.events_attended = len(attended)
            enrolment.hours_attended = sum(attended.values())

    @api.depends("state", "hours_attended")
    def _compute_hours_done(self):
        for enrolment in self:
            enrolment.hours_done = enrolment.hours_attended if enrolment.state == "done" else 0

    @api.depends("hours_attended", "session_id.hours")
    def _compute_attended_share(self):
        for enrolment in self:
            hours = enrolment.session_id.hours
            enrolment.attended_share = enrolment.hours_attended / hours if hours else False

    @api.depends(
        "state",
        "attended_share",
        "result",
        "session_id.completion_share",
        "session_id.is_test_required",
    )
    def _compute_is_completed(self):
        for enrolment in self:
            enrolment.is_completed = not enrolment._get_shortfall()

    def _get_shortfall(self):
        """:return: what the course is not completed for: ``state``, ``share`` or ``test``; empty
        if it is completed"""
        self.ensure_one()
        session = self.session_id
        if self.state != "done":
            return "state"
        # A share of exactly what is asked for is enough, however floats round
        if (self.attended_share or 0) < session.completion_share - 1e-6:
            return "share"
        if self.result == "failed" or (session.is_test_required and self.result != "passed"):
            return "test"
        return ""

    def _get_incomplete_reason(self):
        """:return: a sentence that says why the course is not completed; empty if it is"""
        shortfall = self._get_shortfall()
        if shortfall == "state":
            states = dict(self._fields["state"]._description_selection(self.env))
            return self.env._(
                "%(enrolment)s: %(state)s. A course is completed once its session is done and "
                "the person took part.",
                enrolment=self.display_name,
                state=states[self.state],
            )
        if shortfall == "share":
            return self.env._(
                "%(enrolment)s: attended %(share)s %% of the hours; %(wanted)s %% are asked for.",
                enrolment=self.display_name,
                share=round(100 * (self.attended_share or 0)),
                wanted=round(100 * self.session_id.completion_share),
            )
        if shortfall == "test":
            return self.env._("%(enrolment)s: the test is not passed.", enrolment=self.display_name)
        return ""

    @api.depends("person_id", "course_id.prerequisite_ids")
    def _compute_missing_prerequisite_ids(self):
        completed = self.person_id._get_completed_courses(self.course_id.prerequisite_ids)
        for enrolment in self:
            enrolment.missing_prerequisite_ids = (
                enrolment.course_id.prerequisite_ids - completed[enrolment.person_id._origin]
            )

    def _get_place_in_queue(self):
        """:return: how many people get a seat before this one, plus one; 0 if it does not wait"""
        self.ensure_one()
        if self.state != "waiting":
            return 0
        queue = self.session_id.enrolment_ids.filtered(lambda record: record.state == "waiting")
        queue = queue.sorted(lambda record: (record.date_waiting, record.id))
        return queue.ids.index(self.id) + 1

    def _get_material(self):
        """:return: the files of the course, for who has a seat or took part"""
        self.ensure_one()
        files = self.course_id.material_ids
        return files if self.state in WITH_MATERIAL else files.browse()
