from odoo import api, fields, models
from odoo.fields import Domain


class PartnershipTrainingSession(models.Model):
    """What happens to a session that too few want, when enrolment ends."""

    _inherit = "partnership.training.session"

    under_minimum = fields.Selection(
        [("ask", "Ask the responsible"), ("cancel", "Cancel, and tell everybody")],
        "Under the Minimum",
        required=True,
        default="ask",
        help="What happens when enrolment ends and there are fewer persons than the minimum.",
    )
    minimum_checked = fields.Date(
        copy=False, readonly=True, help="The last day to enrol that was looked at."
    )

    @api.model
    def _cron_check_minimum(self):
        """The day after the last day to enrol: cancel what too few want, or ask what to do."""
        sessions = self.search(self._domain_deadline_passed()).filtered(
            lambda session: session.minimum_checked != session.enrol_deadline
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(sessions))
        for session in sessions:
            session.try_lock_for_update()._check_minimum()
            if not cron._commit_progress(1):
                return

    @api.model
    def _domain_deadline_passed(self):
        return (
            Domain("state", "=", "open")
            & self._domain_on_its_day(lambda today: Domain("enrol_deadline", "<", today))
            & (Domain("date_start", "=", False) | Domain("date_start", ">", fields.Datetime.now()))
        )

    def _check_minimum(self):
        for session in self:
            session.minimum_checked = session.enrol_deadline
            if session.seats_taken >= session.seats_min:
                continue
            if session.under_minimum == "cancel":
                session.action_cancel_and_tell()
            else:
                session._ask_about_minimum()

    def _ask_about_minimum(self):
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._(
                "%(taken)s of at least %(minimum)s persons: hold or cancel?",
                taken=self.seats_taken,
                minimum=self.seats_min,
            ),
            user_id=(self.user_id or self.partnership_id.user_id or self.env.user).id,
        )
