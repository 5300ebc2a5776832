from odoo import api, fields, models

from ..models.information.partnership_briefing_send import TEMPLATE


class PartnershipBriefingMailing(models.TransientModel):
    """Before briefings go out: to whom, and with which words."""

    _name = "partnership.briefing.mailing"
    _description = "Send the Briefing"
    _inherit = ["partnership.mailing.mixin"]

    briefing_ids = fields.Many2many("partnership.briefing", string="Briefings", required=True)

    @api.model
    def _get_subject_fields(self):
        return ["briefing_ids"]

    def _get_records(self):
        self.ensure_one()
        briefings = self.briefing_ids._origin
        briefings.check_access("write")
        return briefings.receipt_ids

    def _get_preview_template(self, record):
        return self.env.ref(TEMPLATE % "")

    def _get_line(self, record):
        line = super()._get_line(record)
        if len(self.briefing_ids) > 1:
            line["name"] = f"{line['name']}, {record.briefing_id.name}"
        return line

    def _describe_unmailed(self, record):
        if record.date_read:
            return self.env._("Told in person")
        return self.env._("Sent") if record.date_sent else self.env._("Not sent yet")

    def action_send(self):
        self.ensure_one()
        receipts = self._check_chosen()
        unreachable = self._get_records().filtered(
            lambda receipt: receipt._is_mail_due() and not self._is_reachable(receipt)
        )
        action = receipts.briefing_id._send_to(receipts | unreachable)
        action["params"]["next"] = {"type": "ir.actions.act_window_close"}
        return action
