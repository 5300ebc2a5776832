from odoo import models
from odoo.fields import Domain

from ...tools.internal import is_internal
from ...tools.signed_link import is_signed, sign


class CalendarAttendee(models.Model):
    """The answer of a guest goes to the rows of the sheet, and has a personal link."""

    _inherit = "calendar.attendee"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state", "needsAction") != "needsAction":
            self._push_answer(vals["state"])
        return result

    def _push_answer(self, state):
        """Bring an answer to the rows that are there already, while the sheet is not closed.

        Anybody answers for themselves, so the rows are written with the rights of the system. The
        page of the invitation writes an answer for each organisation, and says so.
        """
        meetings = self.event_id.filtered(
            lambda event: event.partnership_state in ("planned", "open") and event.partnership_id
        )
        if not meetings or is_internal(self, "partnership_answer_kept"):
            return
        answered = {(attendee.event_id.id, attendee.partner_id.id) for attendee in self}
        rows = (
            self.env["partnership.attendance"]
            .sudo()
            .search(
                Domain("event_id", "in", meetings.ids)
                & Domain("person_id", "in", self.partner_id.ids)
            )
        )
        rows.filtered(lambda row: (row.event_id.id, row.person_id.id) in answered).answer = state

    def _get_answer_token(self):
        """The token that the calendar itself gives a guest is readable by every employee: the
        link carries a signature instead, which is stored nowhere."""
        self.ensure_one()
        return sign(self, "partnership-invitation", "access_token")

    def _is_token(self, token):
        return is_signed(self._get_answer_token(), token)

    def _get_answer_url(self):
        """:return: the personal link to the page of the invitation; nowhere, for who looks at the
        mail and is not its reader"""
        if not is_internal(self, "partnership_sending"):
            return "#"
        place = self.event_id.partnership_id.get_base_url()
        return f"{place}/partnership/meeting/{self.id}/{self._get_answer_token()}"
