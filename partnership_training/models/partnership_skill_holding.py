from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PartnershipSkillHolding(models.Model):
    """A skill that a person has, from one day until it expires."""

    _name = "partnership.skill.holding"
    _description = "Skill Held"
    _inherit = ["partnership.dated.mixin", "partnership.owned.mixin"]
    _order = "person_id, skill_id, date_start desc, id desc"

    person_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("is_company", "=", False)],
    )
    skill_id = fields.Many2one("partnership.skill", required=True, index=True, ondelete="restrict")
    partnership_id = fields.Many2one(
        "partnership.partnership",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["partnership.partnership"].search([], limit=1),
    )
    company_id = fields.Many2one(related="partnership_id.company_id", store=True, precompute=True)
    origin = fields.Selection(
        [("training", "Training"), ("declared", "Declared")],
        required=True,
        default="declared",
        readonly=True,
        help="Training: a course that gives the skill was completed. Declared: somebody says so.",
    )
    enrolment_id = fields.Many2one(
        "partnership.enrolment", index="btree_not_null", ondelete="cascade", readonly=True
    )

    _origin_said = models.Constraint(
        "CHECK ((origin = 'training') = (enrolment_id IS NOT NULL))",
        "A skill comes from training when it has its enrolment, and only then.",
    )

    @api.depends("person_id.name", "skill_id.name")
    def _compute_display_name(self):
        for holding in self:
            holding.display_name = self.env._(
                "%(person)s: %(skill)s",
                person=holding.person_id.name or "",
                skill=holding.skill_id.name or "",
            )

    @api.constrains("person_id")
    def _check_person(self):
        for holding in self:
            if holding.person_id.is_company:
                raise ValidationError(
                    self.env._(
                        "%(name)s is an organisation: a skill is held by a person.",
                        name=holding.person_id.name,
                    )
                )

    @api.model
    def _get_held(self, persons):
        """:param persons: list of res.partner
        :return: dict (partnership id, person id) -> the skills that the person has there today
        """
        ids = {person.id for some in persons for person in some}
        held = {}
        found = self.search([("person_id", "in", ids)])
        for partnership, own in found.grouped("partnership_id").items():
            for holding in own._valid_on(partnership._get_today()):
                key = (partnership.id, holding.person_id.id)
                held[key] = held.get(key, holding.skill_id) | holding.skill_id
        return held
