from odoo import api, fields, models

from odoo.addons.partnership_management.tools.optional_float import OptionalFloat


class PartnershipEnrolment(models.Model):
    """What came of an enrolment: how much of the session was attended, and whether that is enough
    to complete the course."""

    _inherit = "partnership.enrolment"

    attended_share = OptionalFloat(
        compute="_compute_attended_share",
        store=True,
        aggregator="avg",
        help="Hours attended, of those that the session took.",
    )
    is_completed = fields.Boolean(
        "Completed",
        compute="_compute_is_completed",
        store=True,
        help="Took part, attended the share of the hours that the course asks for, and passed the "
        "test if there is one.",
    )

    @api.depends("hours_attended", "session_id.hours")
    def _compute_attended_share(self):
        for enrolment in self:
            hours = enrolment.session_id.hours
            enrolment.attended_share = min(enrolment.hours_attended / hours, 1) if hours else False

    @api.depends(
        "state",
        "attended_share",
        "result",
        "session_id.completion_share",
        "session_id.is_test_required",
    )
    def _compute_is_completed(self):
        """A share of exactly what is asked for is enough, however floats round."""
        for enrolment in self:
            session = enrolment.session_id
            enrolment.is_completed = (
                enrolment.state == "done"
                and enrolment.result != "failed"
                and (enrolment.attended_share or 0) >= session.completion_share - 1e-6
                and (enrolment.result == "passed" or not session.is_test_required)
            )
