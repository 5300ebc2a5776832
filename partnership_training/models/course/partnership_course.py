from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from odoo.addons.partnership_management.tools.groups import OFFICER


class PartnershipCourse(models.Model):
    """A course of the catalogue. It is delivered in sessions.

    It belongs to one partnership, or, without one, to all partnerships of its company.

    What a course gives, to whom, and what has to be done for it.
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

    # The message with names comes from _check_code
    _code_uniq = models.Constraint(
        "EXCLUDE USING btree (company_id WITH =, code WITH =) "
        "WHERE (code IS NOT NULL) DEFERRABLE INITIALLY DEFERRED",
        "Another course of the company has this code already.",
    )
    _hours_positive = models.Constraint(
        "CHECK (hours >= 0)", "The hours of a course cannot be negative."
    )

    tension_type = fields.Selection(
        [
            ("interests", "Different interests"),
            ("time", "Quick results against standing back"),
            ("project", "One project against the area strategy"),
        ],
        "Tension",
        tracking=True,
        help="The tension that the course helps to resolve.",
    )
    skill_ids = fields.Many2many("partnership.skill")
    prerequisite_ids = fields.Many2many(
        "partnership.course",
        "partnership_course_prerequisite_rel",
        "course_id",
        "prerequisite_id",
        help="Courses that should have been completed before.",
    )
    material_ids = fields.Many2many(
        "ir.attachment",
        "partnership_course_material_rel",
        "course_id",
        "attachment_id",
        copy=False,
        help="What everybody who has a seat can download.",
    )

    # What a new session begins with
    currency_id = fields.Many2one(related="company_id.currency_id")
    seats_max = fields.Integer("Seats", help="0: as many as come.")
    seats_min = fields.Integer("Minimum")
    cost = fields.Monetary(help="What one session is expected to cost.")

    # When it is completed
    completion_share = fields.Float(
        "Share to Attend",
        default=0.8,
        help="The share of the hours that somebody has to attend to complete the course.",
    )
    is_test_required = fields.Boolean(
        "Test", help="The course is completed only with the test passed."
    )
    validity_months = fields.Integer(
        "Validity of the Certificate", help="In months; 0: it does not expire."
    )

    _seats_order = models.Constraint(
        "CHECK (seats_min >= 0 AND (seats_max = 0 OR seats_max >= seats_min))",
        "The minimum of a course cannot be negative, nor greater than its seats.",
    )
    _completion_share_range = models.Constraint(
        "CHECK (completion_share >= 0 AND completion_share <= 1)",
        "The share to attend lies between 0 % and 100 %.",
    )
    _validity_positive = models.Constraint(
        "CHECK (validity_months BETWEEN 0 AND 1200)",
        "A certificate is valid for 0 to 1,200 months; 0: for ever.",
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

    @api.constrains("prerequisite_ids", "partnership_id", "company_id")
    def _check_prerequisites(self):
        """What is asked for before can be followed wherever the course is given."""
        if self._has_cycle("prerequisite_ids"):
            raise ValidationError(
                self.env._("A course cannot be its own prerequisite, not by way of others either.")
            )
        for course in self:
            for other in course.prerequisite_ids:
                if other.company_id != course.company_id or (
                    other.partnership_id and other.partnership_id != course.partnership_id
                ):
                    raise ValidationError(
                        self.env._(
                            "%(course)s: its prerequisite %(prerequisite)s is not open to all "
                            "who can follow it.",
                            course=course.display_name,
                            prerequisite=other.display_name,
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        self._take_turns_naming(vals_list)
        courses = super().create(vals_list)
        courses._settle_material()
        return courses

    def write(self, vals):
        self._take_turns_naming([vals])
        result = super().write(vals)
        if "material_ids" in vals:
            self._settle_material()
        if not vals.get("active", True):
            self._check_no_session_to_come()
        return result

    @api.model
    def _take_turns_naming(self, vals_list):
        """Two courses of a company that are given one code at once: the second is refused in
        words, see ``_check_code``."""
        if any(vals.get("code") for vals in vals_list):
            self.env.user.company_ids._take_turns()

    def copy(self, default=None):
        """A copy has files of its own: those of the other may be removed one day."""
        copies = super().copy(default)
        for course, new in zip(self, copies, strict=True):
            files = [file.copy({"res_id": new.id}) for file in course.material_ids]
            new.material_ids = [Command.link(file.id) for file in files]
        return copies

    def _settle_material(self):
        """What was just uploaded becomes the course's own, as participants get it from there;
        nothing that belongs elsewhere is handed out."""
        for course in self.filtered("material_ids"):
            files = course.sudo().material_ids
            files.filtered(lambda file: not file.res_id and file.create_uid == self.env.user).write(
                {"res_model": self._name, "res_id": course.id}
            )
            for file in files:
                if (file.res_model, file.res_id) != (self._name, course.id):
                    raise ValidationError(
                        self.env._(
                            "“%(file)s” belongs to something else: upload it to %(course)s.",
                            file=file.name,
                            course=course.display_name,
                        )
                    )

    def _check_no_session_to_come(self):
        """A course leaves the catalogue when its last session is over."""
        busy = self.session_ids.filtered(lambda session: session.state in ("draft", "open"))
        if busy:
            raise UserError(
                self.env._(
                    "%(course)s is still to be given (%(session)s): cancel that session or wait "
                    "until it is done.",
                    course=busy[0].course_id.display_name,
                    session=busy[0].name,
                )
            )
