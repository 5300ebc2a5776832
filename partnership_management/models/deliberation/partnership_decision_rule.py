from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.outcome import to_fraction

QUORUM = ("quorum_type", "quorum_base", "quorum_share", "quorum_seats")
PROXIES = ("proxy_allowed", "proxy_max")
OWN = ("own_quorum", "own_proxies", "own_ceiling")
EDITABLE = {"store": True, "readonly": False, "precompute": True}


class PartnershipDecisionRule(models.Model):
    """How a body decides. The first of its rules is the one that it decides by unless another is
    chosen.

    Quorum, proxies and ceiling are those of the body; a rule stores its own where it departs.
    """

    _name = "partnership.decision.rule"
    _description = "Rule of Decision"
    _inherit = ["partnership.decision.rule.mixin", "partnership.guarded.mixin"]
    _order = "body_id, sequence, id"
    _portal_fields = ("name",)
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    body_id = fields.Many2one("partnership.body", required=True, index=True, ondelete="cascade")
    partnership_id = fields.Many2one(
        related="body_id.partnership_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(related="partnership_id.company_id", store=True)
    group_ids = fields.One2many(
        "partnership.decision.rule.group", "rule_id", "Groups Named", copy=True
    )
    decision_ids = fields.One2many("partnership.decision", "rule_id", "Decisions")
    is_used = fields.Boolean("In Use", compute="_compute_is_used")
    unmet_reason = fields.Char("Cannot Be Met", compute="_compute_unmet_reason")

    # Where it departs from the body
    own_quorum = fields.Boolean("Quorum of Its Own")
    own_proxies = fields.Boolean("Proxies of Its Own")
    own_ceiling = fields.Boolean("Ceiling of Its Own")
    quorum_type = fields.Selection(compute="_compute_quorum", default=None, **EDITABLE)
    quorum_base = fields.Selection(compute="_compute_quorum", default=None, **EDITABLE)
    quorum_share = fields.Float(compute="_compute_quorum", default=None, **EDITABLE)
    quorum_seats = fields.Integer(compute="_compute_quorum", default=None, **EDITABLE)
    proxy_allowed = fields.Boolean(compute="_compute_proxies", default=None, **EDITABLE)
    proxy_max = fields.Integer(compute="_compute_proxies", default=None, **EDITABLE)
    group_ceiling = fields.Float(compute="_compute_group_ceiling", default=None, **EDITABLE)

    @api.depends("own_quorum", *(f"body_id.{fname}" for fname in QUORUM))
    def _compute_quorum(self):
        self._take_from_body("own_quorum", QUORUM)

    @api.depends("own_proxies", *(f"body_id.{fname}" for fname in PROXIES))
    def _compute_proxies(self):
        self._take_from_body("own_proxies", PROXIES)

    @api.depends("own_ceiling", "body_id.group_ceiling")
    def _compute_group_ceiling(self):
        self._take_from_body("own_ceiling", ("group_ceiling",))

    def _take_from_body(self, own_fname, fnames):
        """What is being typed, or stands there, is kept where the rule departs."""
        for rule in self:
            source = rule if rule[own_fname] and rule._origin else rule.body_id
            for fname in fnames:
                rule[fname] = source[fname]

    @api.depends("decision_ids.state")
    @api.depends_context("uid")
    def _compute_is_used(self):
        used = self.env["partnership.decision"]._read_group(
            [("rule_id", "in", self.ids), ("state", "!=", "draft")], ["rule_id"]
        )
        used = {rule for (rule,) in used}
        for rule in self:
            rule.is_used = rule._origin in used

    @api.depends(lambda self: [*self._get_number_fields(), "group_ids", "body_id.seat_ids"])
    @api.depends_context("lang", "uid")
    def _compute_unmet_reason(self):
        for rule in self:
            rule.unmet_reason = rule._find_unmet()

    def _find_unmet(self):
        """:return: why no vote of the body as it is today can meet the rule, with the arithmetic;
        False where one can"""
        self.ensure_one()
        seats = self._get_seats()
        if not seats:
            return False
        if self.quorum_type == "seats" and self.quorum_seats + self.quorum_is_strict > len(seats):
            return self.env._(
                "The quorum is %(needed)s seats, and %(body)s has %(seats)s.",
                needed=self.quorum_seats + self.quorum_is_strict,
                body=self.body_id.name,
                seats=len(seats),
            )
        keys = {self._get_group_key(seat) for seat in seats}
        lost = self.group_ids.filtered(lambda line: line._get_key() not in keys)
        if lost and self.by_group != "none":
            return self.env._(
                "“%(group)s” has to agree, and has no seat in %(body)s.",
                group=lost[0].display_name,
                body=self.body_id.name,
            )
        ceiling = to_fraction(self.group_ceiling / 100)
        if self.balance != "none" and not self.group_ids and len(keys) * ceiling < 1:
            return self.env._(
                "%(groups)s × %(ceiling)s %% = %(sum)s %%: the groups with a seat in %(body)s "
                "(%(groups)s) cannot all be under the ceiling, whoever votes.",
                groups=len(keys),
                ceiling=f"{self.group_ceiling:g}",
                sum=f"{float(len(keys) * ceiling * 100):g}",
                body=self.body_id.name,
            )
        if self.is_half_non_public and all(seat.sector == "public" for seat in seats):
            return self.env._(
                "Half of the votes have to be of others than the public sector, and all seats of "
                "%(body)s are of it.",
                body=self.body_id.name,
            )
        return False

    def _get_seats(self):
        """:return: the seats of today that vote"""
        self.ensure_one()
        seats = self.body_id.sudo().seat_ids._valid_on(self.body_id._get_today())
        return seats.filtered(lambda seat: seat.vote_weight > 0)

    def _get_group_key(self, seat):
        if self.group_by == "sector":
            return seat.sector or seat
        return seat.interest_group_id.id or seat

    def _get_weights(self):
        seats = self._get_seats()
        if self.quorum_base == "filled":
            today = self.body_id._get_today()
            seats = seats.filtered(lambda seat: seat._get_holders(today))
        return seats.mapped("vote_weight")

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._check_can_be_met()
        return rules

    def write(self, vals):
        changed = self._filtered_changed(vals, [*self._get_number_fields(), *OWN, "body_id"])
        if "group_ids" in vals:
            changed |= self
        changed._check_not_used()
        result = super().write(vals)
        changed._check_can_be_met()
        return result

    def _check_can_be_met(self):
        """Whoever makes a rule is told; the one that the system gives to a body stands with the
        sign that it cannot be met."""
        if self.env.su:
            return
        for rule in self.filtered("unmet_reason"):
            raise ValidationError(
                self.env._("“%(rule)s”: %(reason)s", rule=rule.name, reason=rule.unmet_reason)
            )

    def _check_not_used(self):
        for rule in self.filtered("is_used"):
            raise UserError(
                self.env._(
                    "Decisions of %(body)s were taken by “%(rule)s”: its numbers stay. Make "
                    "another rule, and archive this one.",
                    body=rule.body_id.name,
                    rule=rule.name,
                )
            )

    def copy_data(self, default=None):
        return [
            {**vals, "name": self.env._("%(rule)s (copy)", rule=rule.name)}
            for rule, vals in zip(self, super().copy_data(default), strict=True)
        ]
