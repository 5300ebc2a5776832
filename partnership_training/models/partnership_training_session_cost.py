from odoo import api, fields, models


class PartnershipTrainingSession(models.Model):
    """What an hour and a participant cost, of the actual cost or, until it is known, the planned
    one. The hours are those attended by all participants together."""

    _inherit = "partnership.training.session"

    participant_count = fields.Integer("Took Part", compute="_compute_costs")
    participant_hours = fields.Float("Hours Attended", compute="_compute_costs")
    cost_basis = fields.Selection(
        [("actual", "Actual cost"), ("planned", "Planned cost")], compute="_compute_costs"
    )
    cost_per_participant = fields.Monetary(
        compute="_compute_costs", help="Cost / persons who took part; none before the session."
    )
    cost_per_hour = fields.Monetary(
        compute="_compute_costs",
        help="Cost / hours attended by all participants together; none before the session.",
    )

    @api.depends("cost", "cost_actual", "enrolment_ids.state", "enrolment_ids.hours_done")
    def _compute_costs(self):
        groups = self.env["partnership.enrolment"]._read_group(
            [("session_id", "in", self.ids), ("state", "=", "done")],
            ["session_id"],
            ["__count", "hours_done:sum"],
        )
        attended = {session: (count, hours) for session, count, hours in groups}
        for session in self:
            count, hours = attended.get(session._origin, (0, 0.0))
            cost = session.cost_actual or session.cost
            session.participant_count, session.participant_hours = count, hours
            session.cost_basis = cost and ("actual" if session.cost_actual else "planned")
            session.cost_per_participant = cost / count if count else 0.0
            session.cost_per_hour = cost / hours if hours else 0.0
