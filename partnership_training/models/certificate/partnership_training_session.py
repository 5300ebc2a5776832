from odoo import fields, models
from odoo.exceptions import UserError


class PartnershipTrainingSession(models.Model):
    """Who completed a session, and has the certificate."""

    _inherit = "partnership.training.session"

    completed_count = fields.Integer("Completed", compute="_compute_completed_count")
    certificate_count = fields.Integer("Certificates", compute="_compute_completed_count")

    def _compute_completed_count(self):
        Enrolment = self.env["partnership.enrolment"]
        completed = self._count_enrolments([("is_completed", "=", True)])
        certified = self._count_enrolments(Enrolment._domain_certificate_stands())
        for session in self:
            session.completed_count = completed.get(session._origin, 0)
            session.certificate_count = certified.get(session._origin, 0)

    def write(self, vals):
        result = super().write(vals)
        if {"completion_share", "is_test_required"} & vals.keys():
            self.enrolment_ids._follow_completion()
        return result

    def _settle(self):
        result = super()._settle()
        self.enrolment_ids._follow_completion()
        return result

    def action_issue_certificates(self):
        """Issue one to each who completed the session."""
        completed = self.enrolment_ids.filtered("is_completed")
        if not completed:
            raise UserError(
                self.env._(
                    "Nobody has completed “%(session)s” yet: a certificate needs the session done, "
                    "the hours attended and, where there is one, the test passed.",
                    session=", ".join(self.mapped("name")),
                )
            )
        return completed.action_issue_certificates()

    def action_open_certificates(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_training.partnership_enrolment_action_certificate"
        )
        action["domain"] = [("session_id", "=", self.id), ("is_completed", "=", True)]
        action["context"] = {}
        return action
