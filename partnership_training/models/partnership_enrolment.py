from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

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
    """A person in a session of a course; without a session, the person asks for the course."""

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
