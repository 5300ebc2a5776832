from odoo import api, fields, models
from odoo.tools import float_repr

from ..tools.attendance import ANSWERS


class PartnershipQuorumForecast(models.TransientModel):
    """How probable the quorum of a planned meeting is, and whom to call."""

    _name = "partnership.quorum.forecast"
    _description = "Quorum Forecast"
    _inherit = ["partnership.guarded.mixin"]

    event_id = fields.Many2one("calendar.event", "Meeting", required=True, readonly=True)
    body_id = fields.Many2one(related="event_id.partnership_body_id")
    quorum_type = fields.Selection(related="body_id.quorum_type")
    group_ceiling = fields.Float(related="body_id.group_ceiling")
    needed = fields.Float(readonly=True)
    base = fields.Float(readonly=True)
    base_rate = fields.Float(readonly=True)
    meeting_count = fields.Integer(readonly=True)
    quorum_chance = fields.Float("Quorum Reached", readonly=True)
    balance_chance = fields.Float("Quorum without a Group over the Ceiling", readonly=True)
    summary = fields.Char(compute="_compute_summary")
    explanation = fields.Char(compute="_compute_explanation")
    line_ids = fields.One2many("partnership.quorum.forecast.line", "forecast_id", readonly=True)

    @api.depends("quorum_chance", "needed", "base", "quorum_type")
    def _compute_summary(self):
        for forecast in self:
            values = {
                "body": forecast.body_id.name,
                "chance": forecast._get_words(forecast.quorum_chance),
                "needed": forecast._format(forecast.needed),
                "base": forecast._format(forecast.base),
            }
            if not forecast.line_ids:
                summary = self.env._("%(body)s has no seats on that day: nobody is expected.")
            elif forecast.quorum_type == "none":
                summary = self.env._("%(body)s asks for no quorum.")
            elif not forecast.base:
                summary = self.env._("No seat of %(body)s counts for the quorum on that day.")
            elif forecast.quorum_type == "weight":
                summary = self.env._(
                    "The quorum, %(needed)s of %(base)s votes, is %(chance)s with the answers so "
                    "far."
                )
            else:
                summary = self.env._(
                    "The quorum, %(needed)s of %(base)s seats, is %(chance)s with the answers so "
                    "far."
                )
            forecast.summary = summary % values

    @api.depends("base_rate", "meeting_count")
    def _compute_explanation(self):
        for forecast in self:
            if forecast.meeting_count:
                forecast.explanation = self.env._(
                    "At the last %(count)s meetings somebody with a mandate came for %(rate)s %% "
                    "of the seats. Each seat is measured by that, and by how often it came after "
                    "the same answer.",
                    count=forecast.meeting_count,
                    rate=round(forecast.base_rate * 100),
                )
            else:
                forecast.explanation = self.env._(
                    "There is no closed meeting of this body to learn from: each seat is taken to "
                    "come every other time."
                )

    @api.model
    def _get_words(self, chance):
        if chance >= 0.9:
            return self.env._("very likely")
        if chance >= 0.7:
            return self.env._("likely")
        if chance >= 0.3:
            return self.env._("open")
        return self.env._("unlikely")

    @api.model
    def _format(self, number):
        return float_repr(number, 2).rstrip("0").rstrip(".")

    @api.model
    def _forecast(self, event):
        """:return: the forecast of a meeting, whom to call first at the top"""
        found = event._get_forecast()
        lines = sorted(
            found["seats"], key=lambda line: (line["gain"] is None, -(line["gain"] or 0))
        )
        return self.create(
            {
                "event_id": event.id,
                "needed": found["needed"],
                "base": found["base"],
                "base_rate": found["base_rate"],
                "meeting_count": found["meetings"],
                "quorum_chance": found["quorum"],
                "balance_chance": found["balance"],
                "line_ids": [
                    fields.Command.create(
                        {
                            "seat_id": line["seat"].id,
                            "person_id": line["holders"][:1].id,
                            "answer": line["answer"],
                            "chance": line["chance"],
                            "gain": line["gain"] or 0.0,
                            "is_to_call": line["gain"] is not None,
                        }
                    )
                    for line in lines
                ],
            }
        )


class PartnershipQuorumForecastLine(models.TransientModel):
    _name = "partnership.quorum.forecast.line"
    _description = "Seat in a Quorum Forecast"
    _inherit = ["partnership.guarded.mixin"]
    _order = "id"

    forecast_id = fields.Many2one(
        "partnership.quorum.forecast", required=True, index=True, ondelete="cascade"
    )
    seat_id = fields.Many2one("partnership.seat", required=True, readonly=True)
    partner_id = fields.Many2one(related="seat_id.partner_id", string="Member")
    interest_group_id = fields.Many2one(related="seat_id.interest_group_id")
    vote_weight = fields.Float(related="seat_id.vote_weight")
    person_id = fields.Many2one("res.partner", "Held by", readonly=True)
    phone = fields.Char(related="person_id.phone")
    email = fields.Char(related="person_id.email")
    answer = fields.Selection(ANSWERS, readonly=True)
    chance = fields.Float("Comes", readonly=True)
    gain = fields.Float(
        readonly=True,
        help="What a call adds to the chance of the quorum if this seat surely comes afterwards.",
    )
    is_to_call = fields.Boolean(readonly=True)
