from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.partnership_management.tools.groups import OFFICER


class PartnershipCourse(models.Model):
    """A course of the catalogue. It is delivered in sessions.

    It belongs to one partnership, or, without one, to all partnerships of its company.
    """

    _name = "partnership.course"
    _description = "Course"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "partnership.guarded.mixin",
    ]
    _order = "name, id"

    _sent_fields = ("name", "content")

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(help="The short name by which people call the course.")
    active = fields.Boolean(default=True)
    color = fields.Integer()
    partnership_id = fields.Many2one(
        "partnership.partnership",
        index=True,
        ondelete="restrict",
        tracking=True,
        default=lambda self: self._default_partnership_id(),
        help="Empty: the course is for all partnerships of the company.",
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
    )
    need = fields.Selection(
        [("internal", "Internal functioning"), ("external", "External influence")],
        "Need Served",
        required=True,
        default="internal",
        tracking=True,
        help="Internal functioning: it helps the bodies of the partnership to work. External "
        "influence: it helps the partnership to reach further.",
    )
    hours = fields.Float(help="How long the whole course takes.")
    content = fields.Html(translate=True)

    # Its delivery
    session_ids = fields.One2many("partnership.training.session", "course_id", "Sessions")
    enrolment_ids = fields.One2many("partnership.enrolment", "course_id", "Enrolments")
    session_count = fields.Integer("Number of Sessions", compute="_compute_counts")
    demand_count = fields.Integer(
        "Waiting for a Session",
        compute="_compute_counts",
        help="Persons who asked for the course and are not in a session.",
    )

    # The message with names comes from _check_code
    _code_uniq = models.Constraint(
        "EXCLUDE USING btree (company_id WITH =, code WITH =) "
        "WHERE (code IS NOT NULL) DEFERRABLE INITIALLY DEFERRED",
        "Another course of the company has this code already.",
    )
    _hours_positive = models.Constraint(
        "CHECK (hours >= 0)", "The hours of a course cannot be negative."
    )

    @api.model
    def _default_partnership_id(self):
        """Only officers share a course; others write one for their own partnership."""
        if self.env.user.has_group(OFFICER):
            return False
        return self.env["partnership.partnership"].search([], limit=1)

    @api.depends("partnership_id")
    def _compute_company_id(self):
        for course in self:
            course.company_id = (
                course.partnership_id.company_id or course.company_id or self.env.company
            )

    @api.depends("name", "code")
    def _compute_display_name(self):
        for course in self:
            course.display_name = f"[{course.code}] {course.name}" if course.code else course.name

    @api.depends("session_ids", "enrolment_ids.session_id", "enrolment_ids.state")
    def _compute_counts(self):
        here = [("course_id", "in", self.ids)]
        sessions = dict(
            self.env["partnership.training.session"]._read_group(here, ["course_id"], ["__count"])
        )
        Enrolment = self.env["partnership.enrolment"]
        demand = dict(
            Enrolment._read_group(here + Enrolment._domain_demand(), ["course_id"], ["__count"])
        )
        for course in self:
            course.session_count = sessions.get(course._origin, 0)
            course.demand_count = demand.get(course._origin, 0)

    @api.constrains("partnership_id", "company_id")
    def _check_partnership(self):
        for course in self:
            partnership = course.partnership_id
            if partnership and partnership.company_id != course.company_id:
                raise ValidationError(
                    self.env._(
                        "%(course)s: %(partnership)s belongs to %(company)s.",
                        course=course.display_name,
                        partnership=partnership.name,
                        company=partnership.company_id.name,
                    )
                )
        # A course that is narrowed must still fit what others made of it
        self.sudo().session_ids._check_course()
        self.sudo().enrolment_ids._check_course()

    @api.constrains("code", "company_id")
    def _check_code(self):
        """Also against courses of teams that the user does not see."""
        twice = (
            self.sudo()
            .with_context(active_test=False)
            ._read_group(
                [("code", "in", self.mapped("code")), ("code", "!=", False)],
                ["company_id", "code"],
                ["__count"],
                having=[("__count", ">", 1)],
                limit=1,
            )
        )
        if twice:
            raise ValidationError(
                self.env._(
                    "The code %(code)s is taken in %(company)s: choose another one.",
                    code=twice[0][1],
                    company=twice[0][0].name,
                )
            )

    def _is_open_to(self, partnership):
        """:return: whether ``partnership`` may deliver the course"""
        self.ensure_one()
        if self.partnership_id:
            return self.partnership_id == partnership
        return self.company_id == partnership.company_id

    def _check_open_to(self, partnership):
        if not self._is_open_to(partnership):
            raise ValidationError(
                self.env._(
                    "%(course)s is a course of %(owner)s: %(partnership)s cannot use it.",
                    course=self.display_name,
                    owner=self.partnership_id.name or self.company_id.name,
                    partnership=partnership.name,
                )
            )

    def action_open_sessions(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_training.partnership_training_session_action"
        )
        action["domain"] = [("course_id", "=", self.id)]
        action["context"] = {"default_course_id": self.id}
        return action

    def action_open_demand(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_training.partnership_enrolment_action"
        )
        action["domain"] = [("course_id", "=", self.id)]
        action["context"] = {"default_course_id": self.id, "search_default_demand": 1}
        return action
