from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.partnership_management.models.pitfall.partnership_pitfall import KINDS


class PartnershipSkillWanted(models.Model):
    """Who needs which skills: whoever reaches a role, starts a mandate, or runs into a pitfall.

    It holds for one partnership, or, without one, for all partnerships of its company.
    """

    _name = "partnership.skill.wanted"
    _description = "Who Needs Which Skills"
    _inherit = ["partnership.guarded.mixin"]
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    partnership_id = fields.Many2one(
        "partnership.partnership",
        compute="_compute_partnership_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        ondelete="restrict",
        help="Empty: it holds for all partnerships of the company.",
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

    # Who
    origin = fields.Selection(
        [("role", "Role"), ("mandate", "Mandate"), ("pitfall", "Pitfall")],
        "Needed With a",
        required=True,
        default="mandate",
    )
    role_id = fields.Many2one(
        "partnership.role",
        index="btree_not_null",
        ondelete="restrict",
        help="Members who have this role, or a higher one on the ladder of integration.",
    )
    body_id = fields.Many2one(
        "partnership.body",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('partnership_id', '=?', partnership_id)]",
        help="Empty: a mandate in any body.",
    )
    office = fields.Selection(
        lambda self: self.env["partnership.mandate"]._fields["office"].selection,
        help="Empty: a mandate with any office, or with none.",
    )
    pitfall_kind = fields.Selection(KINDS, "Pitfall")

    # What
    skill_ids = fields.Many2many("partnership.skill", string="Skills", required=True)
    course_id = fields.Many2one(
        "partnership.course",
        index="btree_not_null",
        ondelete="set null",
        help="The course that gives these skills, if it is known already.",
    )
    deadline_days = fields.Integer(
        "Days to Learn",
        default=90,
        help="Until when a need that follows has to be answered, counted from the day on which it "
        "opens. 0: no deadline.",
    )

    _days_positive = models.Constraint(
        "CHECK (deadline_days >= 0)", "The days to learn cannot be negative."
    )
    _role_said = models.Constraint(
        "CHECK (origin != 'role' OR role_id IS NOT NULL)",
        "Say which role needs these skills.",
    )
    _pitfall_said = models.Constraint(
        "CHECK (origin != 'pitfall' OR pitfall_kind IS NOT NULL)",
        "Say against which pitfall these skills help.",
    )

    @api.depends("origin", "role_id.name", "body_id.name", "office", "pitfall_kind")
    def _compute_display_name(self):
        """:return: who it is, in words"""
        offices = dict(self._fields["office"]._description_selection(self.env))
        kinds = dict(self._fields["pitfall_kind"]._description_selection(self.env))
        for wanted in self:
            if wanted.origin == "role":
                names = [wanted.role_id.name]
            elif wanted.origin == "pitfall":
                names = [kinds.get(wanted.pitfall_kind)]
            else:
                names = [
                    offices.get(wanted.office) or self.env._("Representative"),
                    wanted.body_id.name,
                ]
            wanted.display_name = ", ".join(filter(None, names))

    @api.depends("body_id")
    def _compute_partnership_id(self):
        for wanted in self:
            wanted.partnership_id = wanted.body_id.partnership_id or wanted.partnership_id

    @api.depends("partnership_id")
    def _compute_company_id(self):
        for wanted in self:
            wanted.company_id = (
                wanted.partnership_id.company_id or wanted.company_id or self.env.company
            )

    @api.constrains("partnership_id", "company_id", "course_id")
    def _check_partnership(self):
        """What it names must be within reach of every partnership for which it holds."""
        for wanted in self:
            partnership = wanted.partnership_id
            if partnership and partnership.company_id != wanted.company_id:
                raise ValidationError(
                    self.env._(
                        "%(partnership)s belongs to %(company)s.",
                        partnership=partnership.name,
                        company=partnership.company_id.name,
                    )
                )
            wanted._check_course()

    def _check_course(self):
        course, partnership = self.course_id, self.partnership_id
        if partnership and course:
            course._check_open_to(partnership)
        elif course and (course.partnership_id or course.company_id != self.company_id):
            raise ValidationError(
                self.env._(
                    "%(course)s is a course of %(owner)s only: choose the partnership, or a "
                    "course of all partnerships.",
                    course=course.display_name,
                    owner=course.partnership_id.name or course.company_id.name,
                )
            )
