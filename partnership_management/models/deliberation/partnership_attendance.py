from odoo import models

from ...tools.internal import is_internal

TEMPLATE = "partnership_management.mail_template_vote_link"
LAYOUT = "mail.mail_notification_light"


class PartnershipAttendance(models.Model):
    """Whoever is at a meeting gets the personal link to vote there; its e-mail is what is known
    here as the last one."""

    _inherit = "partnership.attendance"

    def _get_mail_recipient(self):
        return self.person_id

    def _is_mail_due(self):
        self.ensure_one()
        return self.sudo().mail_state in (False, "failed")

    def _get_vote_url(self):
        """:return: the personal link to the vote; nowhere, for who looks at the mail and is not
        its reader"""
        self.ensure_one()
        if not is_internal(self, "partnership_sending"):
            return "#"
        event, person = self.sudo().event_id, self.person_id
        place = event.partnership_id.get_base_url()
        return f"{place}/partnership/vote/{event.id}/{person.id}/{event._get_vote_token(person)}"

    def _send_vote_links(self):
        self._send_mail_template(self.env.ref(TEMPLATE), layout=LAYOUT, at_once=True)
