from odoo import models
from odoo.exceptions import AccessError

SHEET_CHANNEL = "partnership_sheet"


class CalendarEvent(models.Model):
    """Screens that show the sheet of a meeting learn at once that it has changed, and show the
    code to check in with.

    They are told that, not what: each then reads the sheet with the rights of its own user.
    """

    _inherit = "calendar.event"

    def _may_follow_sheet(self):
        self.ensure_one()
        try:
            self._check_sheet_access()
        except AccessError:
            return False
        return bool(self.partnership_id)

    def attendance_sheet_code(self):
        """:return: the check-in code, to be shown to the room; see ``_get_sign_in_code``"""
        self.ensure_one()
        self._check_sheet_access()
        return self._get_sign_in_code()

    def _notify_sheet(self):
        """Tell the screens, once the transaction is through."""
        for event in self:
            self.env["bus.bus"]._sendone(
                (event, SHEET_CHANNEL), SHEET_CHANNEL, {"meeting_id": event.id}
            )
