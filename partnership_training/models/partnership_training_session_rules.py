from odoo import api, fields, models


class PartnershipTrainingSession(models.Model):
    """What a session takes over from its course when it is planned, and keeps when the course
    changes."""

    _inherit = "partnership.training.session"

    completion_share = fields.Float(
        "Share to Attend",
        compute="_compute_completion",
        store=True,
        readonly=False,
        precompute=True,
        help="The share of the hours that somebody has to attend to complete the course.",
    )
    is_test_required = fields.Boolean(
        "Test",
        compute="_compute_completion",
        store=True,
        readonly=False,
        precompute=True,
        help="The course is completed only with the test passed.",
    )

    _completion_share_range = models.Constraint(
        "CHECK (completion_share >= 0 AND completion_share <= 1)",
        "The share to attend lies between 0 % and 100 %.",
    )

    @api.depends("course_id")
    def _compute_from_course(self):
        for session in self:
            for fname in ("seats_max", "seats_min", "cost"):
                session[fname] = session[fname] or session.course_id[fname]

    @api.depends("course_id")
    def _compute_completion(self):
        for session in self:
            session.completion_share = session.course_id.completion_share
            session.is_test_required = session.course_id.is_test_required
