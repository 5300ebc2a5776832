from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain


class PartnershipEnrolment(models.Model):
    """Who has not followed what a course builds on is told; nobody is kept out for it."""

    _inherit = "partnership.enrolment"

    missing_prerequisite_ids = fields.Many2many(
        "partnership.course",
        string="Missing Prerequisites",
        compute="_compute_missing_prerequisite_ids",
        help="Courses that should come before, and that the person has not completed.",
    )

    @api.depends("person_id", "course_id.prerequisite_ids")
    def _compute_missing_prerequisite_ids(self):
        completed = self.person_id._get_completed_courses(self.course_id.prerequisite_ids)
        for enrolment in self:
            enrolment.missing_prerequisite_ids = (
                enrolment.course_id.prerequisite_ids - completed[enrolment.person_id._origin]
            )


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_completed_courses(self, courses):
        """:return: defaultdict person -> those of ``courses`` that the person has completed"""
        completed = defaultdict(courses.browse)
        if courses:
            for person, done in self.env["partnership.enrolment"]._read_group(
                Domain("person_id", "in", self.ids)
                & Domain("course_id", "in", courses.ids)
                & Domain("is_completed", "=", True),
                ["person_id"],
                ["course_id:recordset"],
            ):
                completed[person] = done
        return completed
