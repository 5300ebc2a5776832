from contextlib import contextmanager

from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.addons.mail.tests.common import MockEmail


class SentCase(MockEmail):
    """Mails leave at once, are deleted once they are sent, and some of them fail."""

    @contextmanager
    def _mails_leave(self, *failing):
        """:param failing: res.partner who get nothing: their server refuses"""
        with (
            self.mock_mail_gateway(mail_unlink_sent=True),
            mute_logger("odoo.addons.mail.models.mail_mail"),
        ):
            deliver = self.send_email_mocked.side_effect

            def refuse(server, message, *args, **kwargs):
                for person in failing:
                    if person.email in message["To"]:
                        raise MailDeliveryException("Test mailbox is full")
                return deliver(server, message, *args, **kwargs)

            self.send_email_mocked.side_effect = refuse
            yield

    @contextmanager
    def _server_is_down(self):
        with (
            self.mock_mail_gateway(mail_unlink_sent=True),
            mute_logger("odoo.addons.mail.models.mail_mail"),
        ):
            self.connect_mocked.side_effect = OSError("Test server is down")
            yield

    def _run_queue(self):
        self.env["mail.mail"].sudo().process_email_queue()
        self.env.flush_all()
        self.env.invalidate_all()

    def _come_back(self, record):
        """The mail to ``record`` comes back, as Odoo's gateway for mails notes it."""
        self.env.cr.precommit.data.clear()  # in a transaction of its own
        message = record.sudo().mail_message_id
        self.env["mail.thread"]._routing_handle_bounce(
            None,
            {
                "bounced_email": record._get_mail_recipient().email_normalized,
                "bounced_partner": record._get_mail_recipient(),
                "bounced_msg_ids": [message.message_id],
                "bounced_message": message,
                "email_from": "test@example.com",
                "to": "bounce@example.com",
                "message_id": "<test>",
                "body": "Test no such user",
            },
        )
        self.env.flush_all()

    def _settle(self):
        with self.enter_registry_test_mode():
            self.env.ref("partnership_management.ir_cron_settle_mails").method_direct_trigger()
        self.env.invalidate_all()
