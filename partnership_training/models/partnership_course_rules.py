from odoo import fields, models


class PartnershipCourse(models.Model):
    """What a course gives, to whom, and what has to be done for it."""

    _inherit = "partnership.course"

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
        "CHECK (validity_months >= 0)", "A certificate cannot be valid for less than no time."
    )
