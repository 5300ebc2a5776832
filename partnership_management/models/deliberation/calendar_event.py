from odoo import api, fields, models

from ...tools.groups import TEAM


class CalendarEvent(models.Model):
    """What a meeting deals with, and what it decides."""

    _inherit = "calendar.event"

    agenda_item_ids = fields.One2many(
        "partnership.agenda.item", "event_id", "Agenda", copy=False, groups=TEAM
    )
    decision_ids = fields.One2many(
        "partnership.decision", "event_id", "Decisions", copy=False, groups=TEAM
    )
    decision_count = fields.Integer(compute="_compute_decision_count", groups=TEAM)

    @api.model
    def _get_public_fields(self):
        return super()._get_public_fields() | {"agenda_item_ids", "decision_ids"}

    @api.depends("decision_ids")
    @api.depends_context("uid")
    def _compute_decision_count(self):
        counts = dict(
            self.env["partnership.decision"]._read_group(
                [("event_id", "in", self.ids)], ["event_id"], ["__count"]
            )
        )
        for event in self:
            event.decision_count = counts.get(event._origin, 0)
