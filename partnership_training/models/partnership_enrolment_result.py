from collections import defaultdict

from odoo import api, fields, models

from odoo.addons.partnership_management.tools.attendance import PRESENT
from odoo.addons.partnership_management.tools.optional_float import OptionalFloat


class PartnershipEnrolment(models.Model):
    """What came of an enrolment: how much of the session was attended, and whether that is enough
    to complete the course."""

    _inherit = "partnership.enrolment"

    events_attended = fields.Integer(
        compute="_compute_attended",
        store=True,
        precompute=True,
        help="Events with a closed sheet at which the person was present or late.",
    )
    hours_attended = fields.Float(
        compute="_compute_attended",
        store=True,
        precompute=True,
        aggregator=None,
        help="How long those events took together; less where somebody stayed for a part only.",
    )
    hours_done = fields.Float(
        "Hours of Training",
        compute="_compute_hours_done",
        store=True,
        precompute=True,
        help="The hours attended, once the session is done and the person took part: what sums of "
        "hours are made of.",
    )
    attended_share = OptionalFloat(
        compute="_compute_attended_share",
        store=True,
        precompute=True,
        aggregator="avg",
        help="Hours attended, of those that the session took.",
    )
    is_completed = fields.Boolean(
        "Completed",
        compute="_compute_is_completed",
        store=True,
        precompute=True,
        help="Took part, attended the share of the hours that the session asks for, and passed "
        "the test if there is one.",
    )

    @api.depends(
        "person_id",
        "session_id.event_ids.duration",
        "session_id.event_ids.partnership_state",
        "session_id.event_ids.attendance_ids.status",
        "session_id.event_ids.attendance_ids.person_id",
        "session_id.event_ids.attendance_ids.training_hours",
    )
    def _compute_attended(self):
        """Somebody who came for several organisations was there once, as long as for any."""
        rows = self.env["partnership.attendance"].search(
            [
                ("event_id.training_session_id", "in", self.session_id.ids),
                ("event_id.partnership_state", "=", "closed"),
                ("person_id", "in", self.person_id.ids),
                ("status", "in", PRESENT),
            ]
        )
        hours = defaultdict(dict)
        for row in rows:
            by_event = hours[row.event_id.training_session_id, row.person_id]
            by_event[row.event_id] = max(by_event.get(row.event_id, 0), row._get_training_hours())
        for enrolment in self:
            attended = hours[enrolment.session_id._origin, enrolment.person_id._origin]
            enrolment.events_attended = len(attended)
            enrolment.hours_attended = sum(attended.values())

    @api.depends("state", "hours_attended")
    def _compute_hours_done(self):
        for enrolment in self:
            enrolment.hours_done = enrolment.hours_attended if enrolment.state == "done" else 0

    @api.depends("hours_attended", "session_id.hours")
    def _compute_attended_share(self):
        for enrolment in self:
            hours = enrolment.session_id.hours
            enrolment.attended_share = enrolment.hours_attended / hours if hours else False

    @api.depends(
        "state",
        "attended_share",
        "result",
        "session_id.completion_share",
        "session_id.is_test_required",
    )
    def _compute_is_completed(self):
        for enrolment in self:
            enrolment.is_completed = not enrolment._get_shortfall()

    def _get_shortfall(self):
        """:return: what the course is not completed for: ``state``, ``share`` or ``test``; empty
        if it is completed"""
        self.ensure_one()
        session = self.session_id
        if self.state != "done":
            return "state"
        # A share of exactly what is asked for is enough, however floats round
        if (self.attended_share or 0) < session.completion_share - 1e-6:
            return "share"
        if self.result == "failed" or (session.is_test_required and self.result != "passed"):
            return "test"
        return ""

    def _get_incomplete_reason(self):
        """:return: a sentence that says why the course is not completed; empty if it is"""
        shortfall = self._get_shortfall()
        if shortfall == "state":
            states = dict(self._fields["state"]._description_selection(self.env))
            return self.env._(
                "%(enrolment)s: %(state)s. A course is completed once its session is done and "
                "the person took part.",
                enrolment=self.display_name,
                state=states[self.state],
            )
        if shortfall == "share":
            return self.env._(
                "%(enrolment)s: attended %(share)s %% of the hours; %(wanted)s %% are asked for.",
                enrolment=self.display_name,
                share=round(100 * (self.attended_share or 0)),
                wanted=round(100 * self.session_id.completion_share),
            )
        if shortfall == "test":
            return self.env._("%(enrolment)s: the test is not passed.", enrolment=self.display_name)
        return ""
