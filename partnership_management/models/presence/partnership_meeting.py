from odoo import api, fields, models
from odoo.fields import Domain

from .calendar_event_quorum import QUORUM_FIELDS, QUORUMS


def _say(figures):
    return "reached" if figures["reached"] else "missed"


class PartnershipMeeting(models.Model):
    """What is stored of a meeting and is its team's: the calendar event is everybody's.

    One row for each meeting whose sheet was closed, written by the system.
    """

    _name = "partnership.meeting"
    _description = "Meeting"
    _inherit = ["partnership.guarded.mixin"]
    _rec_name = "event_id"
    _order = "id desc"

    event_id = fields.Many2one(
        "calendar.event", "Meeting", required=True, readonly=True, index=True, ondelete="cascade"
    )
    partnership_id = fields.Many2one(
        related="event_id.partnership_id", store=True, index=True, precompute=True
    )
    quorum = fields.Selection(
        QUORUMS,
        compute="_compute_quorum",
        store=True,
        help="As the sheet says since it is closed. Empty: the body asked for none.",
    )

    _event_uniq = models.Constraint("UNIQUE (event_id)", "This meeting has its row already.")

    @api.depends(*(f"event_id.{fname}" for fname in QUORUM_FIELDS))
    def _compute_quorum(self):
        """Closing a sheet and each correction of it tell; another rule of the body does not, since
        it is not of the past."""
        closed = self.event_id.filtered(lambda event: event.partnership_state == "closed")
        quorum = closed._get_quorum() if closed else {}
        for meeting in self:
            figures = quorum.get(meeting.event_id.id)
            meeting.quorum = figures and figures["type"] != "none" and _say(figures)

    @api.model
    def _ensure(self, events):
        """Make the rows that these events lack, as the system.

        :param events: calendar.event
        """
        Meeting = self.sudo()
        known = Meeting.search(Domain("event_id", "in", events.ids)).event_id
        Meeting.create(
            [{"event_id": event.id} for event in events.filtered("partnership_id") - known]
        )
