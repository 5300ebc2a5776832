from odoo import api, fields, models

from ..models.enrolment.partnership_enrolment_seat import TEMPLATE, TOLD


class PartnershipTrainingTell(models.TransientModel):
    """Before people are told what became of their enrolment: who, and with which words."""

    _name = "partnership.training.tell"
    _description = "Tell the Participants"
    _inherit = ["partnership.mailing.mixin"]

    enrolment_ids = fields.Many2many("partnership.enrolment", string="Enrolments", required=True)

    @api.model
    def _get_subject_fields(self):
        return ["enrolment_ids"]

    def _get_records(self):
        self.ensure_one()
        enrolments = self.enrolment_ids._origin
        enrolments.check_access("write")
        return enrolments.filtered(
            lambda enrolment: enrolment.session_id and enrolment.state in TOLD
        )

    def _get_preview_template(self, record):
        return self.env.ref(TEMPLATE % record.state).sudo()

    def _get_line(self, record):
        labels = dict(record._fields["state"]._description_selection(self.env))
        line = super()._get_line(record)
        return {**line, "name": f"{record.person_id.name}, {labels[record.state]}"}

    def _describe_unmailed(self, record):
        if record._is_mail_due():
            return self.env._("Not told yet")
        return self.env._("Told")

    def action_send(self):
        self.ensure_one()
        enrolments = self._check_chosen()
        unreachable = self._get_records().filtered(
            lambda enrolment: enrolment._is_mail_due() and not self._is_reachable(enrolment)
        )
        action = enrolments._tell_state(enrolments | unreachable)
        action["params"]["next"] = {"type": "ir.actions.act_window_close"}
        return action
