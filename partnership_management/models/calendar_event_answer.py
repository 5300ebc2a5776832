from odoo import models
from odoo.fields import Domain

from ..tools.internal import is_internal


class CalendarEvent(models.Model):
    """The answers to the invitation go to the sheet: guests come and go with the calendar, and
    what they answered is needed later beside their presence."""

    _inherit = "calendar.event"

    def _reset_answers(self):
        """Take back the answers, apart from apologies: these are recorded, and the team decides."""
        if not self:
            return
        self.env["partnership.attendance"].sudo().search(
            Domain("event_id", "in", self.ids)
            & Domain("answer", "!=", False)
            & Domain("status", "=", "not_recorded")
        ).answer = False
        self.sudo().attendee_ids.filtered(
            lambda attendee: (
                attendee.state != "needsAction"
                and attendee.partner_id != attendee.event_id.user_id.partner_id
            )
        ).state = "needsAction"

    def _take_answers(self):
        """Write on rows without an answer what the guests have answered so far.

        Where there is no guest any more, the row keeps what it says.
        """
        rows = self.env["partnership.attendance"].search(
            Domain("event_id", "in", self.ids)
            & Domain("person_id", "!=", False)
            & Domain("answer", "=", False)
        )
        answers = {
            (attendee.event_id, attendee.partner_id): attendee._get_answer()
            for attendee in self.env["calendar.attendee"].search([("event_id", "in", self.ids)])
        }
        for row in rows:
            answer = answers.get((row.event_id, row.person_id))
            if answer and row.answer != answer:
                row.answer = answer


class CalendarAttendee(models.Model):
    _inherit = "calendar.attendee"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state", "needsAction") != "needsAction":
            self._push_answer(vals["state"])
        return result

    def _get_answer(self):
        """:return: the answer of the guest; "none" says that an invitation was sent, False that
        there was none, or that it did not arrive"""
        self.ensure_one()
        if self.state == "needsAction":
            invited = self.partnership_invited_for and not self._has_mail_failed()
            return "none" if invited else False
        return self.state

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
