from odoo import api, fields, models


class PartnershipCourse(models.Model):
    _inherit = "partnership.course"

    session_ids = fields.One2many("partnership.training.session", "course_id", "Sessions")
    session_count = fields.Integer("Number of Sessions", compute="_compute_session_count")

    @api.depends("session_ids")
    @api.depends_context("uid")
    def _compute_session_count(self):
        counts = dict(
            self.env["partnership.training.session"]._read_group(
                [("course_id", "in", self.ids)], ["course_id"], ["__count"]
            )
        )
        for course in self:
            course.session_count = counts.get(course._origin, 0)

    @api.constrains("partnership_id", "company_id")
    def _check_partnership(self):
        """A course that is narrowed must still fit the sessions that others made of it."""
        self.sudo().session_ids._check_course()
        return super()._check_partnership()
