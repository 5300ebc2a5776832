from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain


class PartnershipSeat(models.Model):
    """A place in a body, held by a membership. Who is expected at a meeting is expected through
    a seat."""

    _name = "partnership.seat"
    _description = "Seat"
    _inherit = ["partnership.dated.mixin", "partnership.guarded.mixin"]
    _order = "body_id, membership_id, date_start desc, id desc"
    _portal_fields = (
        "body_id",
        "partnership_id",
        "membership_id",
        "partner_id",
        "interest_group_id",
        "sector",
        "role_id",
        "vote_weight",
        "mandate_ids",
        "titular_id",
        "alternate_ids",
        "is_vacant",
    )

    body_id = fields.Many2one(
        "partnership.body",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('partnership_id', '=?', partnership_id)]",
    )
    partnership_id = fields.Many2one(
        related="body_id.partnership_id", store=True, index=True, precompute=True
    )
    membership_id = fields.Many2one(
        "partnership.membership",
        "Member",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('partnership_id', '=?', partnership_id), ('is_current', '=', True)]",
    )
    partner_id = fields.Many2one(
        related="membership_id.partner_id", store=True, index=True, precompute=True
    )
    interest_group_id = fields.Many2one(related="membership_id.interest_group_id", store=True)
    sector = fields.Selection(related="membership_id.sector", store=True)
    role_id = fields.Many2one(related="membership_id.role_id", store=True)
    vote_weight = fields.Float(default=1.0, help="From 0 to 1,000,000.")
    is_automatic = fields.Boolean("Kept by Itself", readonly=True)
    mandate_ids = fields.One2many("partnership.mandate", "seat_id", "Mandates")
    titular_id = fields.Many2one(
        "res.partner", compute="_compute_holders", help="Holder of the seat today."
    )
    alternate_ids = fields.Many2many("res.partner", string="Alternates", compute="_compute_holders")
    is_vacant = fields.Boolean("Vacant", compute="_compute_holders", search="_search_is_vacant")

    _weight_positive = models.Constraint(
        "CHECK (vote_weight BETWEEN 0 AND 1000000)",
        "The vote weight of a seat is a number from 0 to 1,000,000.",
    )

    @api.depends("membership_id.partner_id.name", "body_id.name")
    def _compute_display_name(self):
        """Whoever may see a seat sees whose it is, also in the portal."""
        for seat in self.sudo():
            seat.display_name = self.env._(
                "%(member)s in %(body)s",
                member=seat.partner_id.display_name or "",
                body=seat.body_id.name or "",
            )

    @api.depends("mandate_ids.date_start", "mandate_ids.date_end", "mandate_ids.person_id")
    def _compute_holders(self):
        for today, seats in self._grouped_by_today().items():
            for seat in seats:
                titular, alternates = seat._get_holders_by_kind(today)
                seat.titular_id = titular
                seat.alternate_ids = alternates
                seat.is_vacant = not titular and not alternates

    def _search_is_vacant(self, operator, value):
        if operator != "in":
            return NotImplemented
        held = self.env["partnership.mandate"]._domain_valid_today()
        organisation = Domain("partner_id", "any!", Domain("is_company", "=", True))
        return organisation & ~Domain("mandate_ids", "any", held)

    @api.constrains("date_start", "date_end", "membership_id")
    def _check_dates(self):
        self._check_within("membership_id")
        self.mandate_ids._check_within("seat_id")

    def write(self, vals):
        """A seat that ends takes its open mandates with it."""
        if vals.get("date_end"):
            self._end_mandates(fields.Date.to_date(vals["date_end"]))
        return super().write(vals)

    def _get_holders_by_kind(self, date):
        """An individual member speaks for itself, as titular, and needs no mandate. Whether it is
        one is known to whoever may see the seat, also where its contact is not theirs to read.

        :return: (titular or nobody, alternates) on ``date``, as res.partner
        """
        self.ensure_one()
        mandates = self.mandate_ids._valid_on(date)
        titular = mandates.filtered(lambda mandate: mandate.kind == "titular").person_id
        if not titular and not self.sudo().partner_id.is_company:
            titular = self.partner_id
        return titular, mandates.person_id - titular

    def _get_holders(self, date):
        """:return: res.partner, who may speak on the seat on ``date``, the titular first"""
        titular, alternates = self._get_holders_by_kind(date)
        return titular + alternates

    def _end(self, date):
        """End the seats on ``date``; those that would only begin later are withdrawn."""
        later = self.filtered(lambda seat: seat.date_start > date)
        later.mandate_ids.unlink()
        later.unlink()
        (self - later).write({"date_end": date})

    def _end_with_role(self):
        """End the seats on the day before the last change of role of their member."""
        steps = {
            membership: membership.transition_ids.sorted(lambda step: (step.date, step.id))[-1]
            for membership in self.membership_id
        }
        for date, seats in self.grouped(lambda seat: steps[seat.membership_id].date).items():
            seats._end(date - timedelta(days=1))

    def _end_mandates(self, date):
        outlasting = self.mandate_ids.filtered(
            lambda mandate: not mandate.date_end or mandate.date_end > date
        )
        later = outlasting.filtered(lambda mandate: mandate.date_start > date)
        later.unlink()
        (outlasting - later).write(
            {"date_end": date, "end_kind": "planned", "end_reason": self.env._("The seat ended")}
        )
