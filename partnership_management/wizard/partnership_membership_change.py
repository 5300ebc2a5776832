from odoo import api, fields, models
from odoo.exceptions import UserError


class PartnershipMembershipChange(models.TransientModel):
    """Change the role or interest group of memberships, or end them, on a date for a reason."""

    _name = "partnership.membership.change"
    _description = "Change Memberships"
    _inherit = ["partnership.guarded.mixin"]

    membership_ids = fields.Many2many(
        "partnership.membership",
        required=True,
        default=lambda self: (
            self.env.context.get("active_ids")
            if self.env.context.get("active_model") == "partnership.membership"
            else False
        ),
    )
    operation = fields.Selection(
        [("change", "Change role or interest group"), ("end", "End the membership")],
        required=True,
        default="change",
    )
    role_id = fields.Many2one("partnership.role", help="Empty: the role stays as it is.")
    interest_group_id = fields.Many2one(
        "partnership.interest.group", help="Empty: the interest group stays as it is."
    )
    date = fields.Date(
        required=True, compute="_compute_date", store=True, readonly=False, precompute=True
    )
    reason = fields.Char(required=True)
    evidence = fields.Char(help="The decision, letter or minutes that the change rests on.")
    seat_count = fields.Integer(compute="_compute_seat_count")

    @api.depends("membership_ids")
    def _compute_date(self):
        for wizard in self:
            wizard.date = wizard.date or wizard._get_today()

    @api.depends("membership_ids")
    def _compute_seat_count(self):
        for wizard in self:
            wizard.seat_count = len(wizard.membership_ids.seat_ids.filtered("is_current"))

    def _get_clock_partnerships(self):
        return self.sudo().membership_ids.partnership_id

    def action_apply(self):
        self.ensure_one()
        if not self.membership_ids:
            raise UserError(self.env._("Choose the memberships to change."))
        self.membership_ids._take_turns()
        if self.operation == "end":
            self._check_open()
            return self.membership_ids.write({"date_end": self.date, "end_reason": self.reason})
        vals = self._get_changed_values()
        if not vals:
            raise UserError(self.env._("Choose a new role, a new interest group, or both."))
        return self.membership_ids.with_context(
            transition_date=self.date,
            transition_reason=self.reason,
            transition_evidence=self.evidence,
        ).write(vals)

    def _check_open(self):
        """What has ended stays as it was: leaving is written once."""
        ended = self.membership_ids.filtered("date_end")
        if ended:
            raise UserError(
                self.env._(
                    "%(membership)s has an end already (%(dates)s): take it out of the selection. "
                    "An actor that comes back gets a new membership.",
                    membership=ended[0].display_name,
                    dates=ended[0]._format_period(),
                )
            )

    def _get_changed_values(self):
        """:return: what is chosen and differs from at least one of the memberships"""
        chosen = {"role_id": self.role_id, "interest_group_id": self.interest_group_id}
        return {
            fname: record.id
            for fname, record in chosen.items()
            if record and self.membership_ids.filtered(lambda own, f=fname, r=record: own[f] != r)
        }
