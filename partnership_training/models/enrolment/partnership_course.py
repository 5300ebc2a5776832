from odoo import api, fields, models


class PartnershipCourse(models.Model):
    _inherit = "partnership.course"

    enrolment_ids = fields.One2many("partnership.enrolment", "course_id", "Enrolments")
    demand_count = fields.Integer(
        "Waiting for a Session",
        compute="_compute_demand_count",
        help="Persons who asked for the course and are not in a session.",
    )

    @api.depends("enrolment_ids.session_id", "enrolment_ids.state")
    @api.depends_context("uid")
    def _compute_demand_count(self):
        Enrolment = self.env["partnership.enrolment"]
        counts = dict(
            Enrolment._read_group(
                [("course_id", "in", self.ids), *Enrolment._domain_demand()],
                ["course_id"],
                ["__count"],
            )
        )
        for course in self:
            course.demand_count = counts.get(course._origin, 0)

    @api.constrains("partnership_id", "company_id")
    def _check_partnership(self):
        """A course that is narrowed must still fit those who follow it."""
        self.sudo().enrolment_ids._check_course()
        return super()._check_partnership()
