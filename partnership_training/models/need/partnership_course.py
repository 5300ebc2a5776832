from odoo import api, fields, models
from odoo.fields import Domain


class PartnershipCourse(models.Model):
    """Sessions are proposed where enough persons ask for a course."""

    _name = "partnership.course"
    _inherit = ["partnership.course", "partnership.need.count.mixin"]

    is_demand_enough = fields.Boolean(
        "Enough Demand",
        compute="_compute_is_demand_enough",
        search="_search_is_demand_enough",
        help="In one partnership at least as many ask for the course as a session needs.",
    )
    planned_count = fields.Integer("Sessions to Come", compute="_compute_planned_count")

    _need_field = "course_id"

    def _compute_is_demand_enough(self):
        enough = self._find_with_demand(Domain("course_id", "in", self.ids))
        for course in self:
            course.is_demand_enough = course._origin in enough

    def _search_is_demand_enough(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("id", "in", self._find_with_demand(Domain.TRUE).ids)]

    @api.model
    def _find_with_demand(self, domain):
        """:return: the courses for which a session would find its minimum"""
        Enrolment = self.env["partnership.enrolment"]
        asked = Enrolment._read_group(
            Domain(Enrolment._domain_demand()) & domain,
            ["course_id", "partnership_id"],
            ["__count"],
        )
        return self.browse().union(
            *(course for course, _place, count in asked if count >= course.seats_min)
        )

    @api.depends("session_ids.state")
    @api.depends_context("uid")
    def _compute_planned_count(self):
        counts = dict(
            self.env["partnership.training.session"]._read_group(
                [("course_id", "in", self.ids), ("state", "in", ("draft", "open"))],
                ["course_id"],
                ["__count"],
            )
        )
        for course in self:
            course.planned_count = counts.get(course._origin, 0)

    def action_plan_session(self):
        """Open the dialog that drafts sessions for those who ask."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_training.partnership_training_plan_session_action"
        )
        action["context"] = {"default_course_ids": self.ids}
        return action
