from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class PartnershipSkillHolding(models.Model):
    """A skill that a person has, from one day until it expires."""

    _name = "partnership.skill.holding"
    _description = "Skill Held"
    _inherit = ["partnership.dated.mixin", "partnership.guarded.mixin"]
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

    @api.ondelete(at_uninstall=False)
    def _unlink_except_trained(self):
        """What a course has given goes only when the course turns out not to be completed."""
        trained = self.filtered("enrolment_id") if not self.env.su else self.browse()
        if trained:
            raise UserError(
                self.env._(
                    "%(holding)s comes from a course that was completed: it stays until it "
                    "expires.",
                    holding=trained[0].display_name,
                )
            )

    @api.model
    def _grant(self, enrolments):
        """Give the skills of the course to who has completed it, from the last day of the session
        until they expire, and take them back from who has not. It follows from the sheets,
        whoever writes those: it runs as the system.

        :param enrolments: those whose completion may have changed
        """
        if not enrolments:
            return
        enrolments = enrolments.sudo()
        granted = self.sudo().search([("enrolment_id", "in", enrolments.ids)])
        completed = enrolments.filtered("is_completed")
        granted.filtered(lambda holding: holding.enrolment_id not in completed).unlink()
        known = {(holding.enrolment_id, holding.skill_id) for holding in granted.exists()}
        self.sudo().create(
            [
                self._get_granted_values(enrolment, skill)
                for enrolment in completed
                for skill in enrolment.course_id.skill_ids
                if (enrolment, skill) not in known
            ]
        )

    @api.model
    def _get_granted_values(self, enrolment, skill):
        events, months = enrolment.session_id._get_events(), enrolment.course_id.validity_months
        date = events[-1].partnership_date
        return {
            "person_id": enrolment.person_id.id,
            "skill_id": skill.id,
            "partnership_id": enrolment.partnership_id.id,
            "origin": "training",
            "enrolment_id": enrolment.id,
            "date_start": date,
            "date_end": months and date + relativedelta(months=months),
        }

    @api.model
    def _get_held(self, persons):
        """:param persons: list of res.partner
        :return: dict (partnership id, person id) -> the skills that the person has there today
        """
        ids = {person.id for some in persons for person in some}
        held = {}
        found = self.search([("person_id", "in", ids)])
        for holding in found._valid_today():
            key = (holding.partnership_id.id, holding.person_id.id)
            held[key] = held.get(key, holding.skill_id) | holding.skill_id
        return held
