from odoo import models

FOLLOWED = ("calendar.event", "partnership.briefing.receipt")


class MailNotification(models.Model):
    """What became of a mail has consequences: they are drawn in a transaction of their own, since
    one that fails while mails leave would send them again."""

    _inherit = "mail.notification"

    def write(self, vals):
        result = super().write(vals)
        data = self.env.cr.precommit.data
        if (
            "notification_status" in vals
            and not data.get("partnership_mails")
            and any(message.model in FOLLOWED for message in self.sudo().mail_message_id)
        ):
            data["partnership_mails"] = True
            self.env.ref("partnership_management.ir_cron_settle_mails").sudo()._trigger()
        return result
