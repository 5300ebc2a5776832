from odoo import api, fields, models


class PartnershipTrainingSession(models.Model):
    """The place of a session in the plan of a year: drafted from demand, with a cost."""

    _inherit = "partnership.training.session"

    year = fields.Char(
        compute="_compute_year",
        store=True,
        index=True,
        help="Of the first event, in the time zone of the partnership; as long as there is no "
        "event, the year for which the session is planned.",
    )
    year_planned = fields.Char("Planned for", size=4, tracking=True)
    prerequisite_ids = fields.Many2many(related="course_id.prerequisite_ids")
    cost_actual = fields.Monetary(
        "Actual Cost",
        copy=False,
        tracking=True,
        help="What it has cost, once that is known. Until then the planned cost counts.",
    )

    _year_format = models.Constraint(
        "CHECK (year_planned ~ '^[12][0-9]{3}$')",
        "The year of a session has four digits, such as 2026.",
    )
    _cost_positive = models.Constraint(
        "CHECK (cost >= 0 AND cost_actual >= 0)", "The cost of a session cannot be negative."
    )

    @api.depends(
        "year_planned",
        "event_ids.active",
        "event_ids.partnership_date",
        "event_ids.partnership_state",
    )
    def _compute_year(self):
        for session in self:
            date = session._get_dated_events()[:1].partnership_date
            session.year = str(date.year) if date else session.year_planned

    def _attach_demand(self, demand):
        """Take up those who ask, as far as there are seats; they still have to be confirmed."""
        served = demand[: self._get_room()]
        if served:
            served.write({"session_id": self.id})

    def _get_room(self):
        """:return: how many more can be taken up; None where there is no limit"""
        self.ensure_one()
        pending = self.enrolment_ids.filtered("is_pending")
        return max(self.seats_max - len(pending), 0) if self.seats_max else None

    def _action_open_drafts(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_training.partnership_training_session_action"
        )
        action["context"] = {}
        action["domain"] = [("id", "in", self.ids)]
        if len(self) == 1:
            action.update(res_id=self.id, views=[(False, "form")])
        return action
