from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PartnershipBody(models.Model):
    """A level of the partnership: its assembly, its decision body, a group, the team."""

    _name = "partnership.body"
    _description = "Body"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "partnership.guarded.mixin",
    ]
    _order = "partnership_id, sequence, name, id"
    _portal_fields = (
        "name",
        "sequence",
        "active",
        "partnership_id",
        "level",
        "parent_id",
        "child_ids",
        "description",
        "notice_days",
        "quorum_type",
        "quorum_base",
        "quorum_share",
        "quorum_seats",
        "proxy_allowed",
        "proxy_max",
        "seat_policy",
        "seat_ids",
        "current_seat_ids",
    )
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    partnership_id = fields.Many2one(
        "partnership.partnership", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="partnership_id.company_id", store=True)
    level = fields.Selection(
        [
            ("assembly", "Assembly"),
            ("decision", "Decision body"),
            ("thematic", "Thematic group"),
            ("technical", "Technical team"),
        ],
        required=True,
        default="thematic",
        tracking=True,
    )
    parent_id = fields.Many2one(
        "partnership.body",
        "Part of",
        index=True,
        ondelete="restrict",
        domain="[('partnership_id', '=', partnership_id), ('id', '!=', id)]",
    )
    child_ids = fields.One2many("partnership.body", "parent_id", "Bodies Below")
    description = fields.Html()

    # Rules of its meetings
    notice_days = fields.Integer(
        "Notice (days)", default=7, help="Invitations are due this many days before a meeting."
    )
    quorum_type = fields.Selection(
        [
            ("none", "No quorum"),
            ("weight", "Share of the vote weight"),
            ("seats", "Number of seats"),
        ],
        "Quorum",
        required=True,
        default="weight",
    )
    quorum_base = fields.Selection(
        [("all", "All seats"), ("filled", "Filled seats")],
        required=True,
        default="all",
        help="Filled seats: those with a titular or alternate that day.",
    )
    quorum_share = fields.Float("Quorum (%)", default=50.0)
    quorum_seats = fields.Integer("Seats Needed", default=1)
    proxy_allowed = fields.Boolean("Proxies Count", default=True)
    proxy_max = fields.Integer("Proxies per Person", default=1)

    # Who sits in it
    seat_policy = fields.Selection(
        [("manual", "Given one by one"), ("members", "One for every member")],
        "Seats",
        required=True,
        default="manual",
        help="One for every member: opened and ended by itself with the formal membership.",
    )
    seat_ids = fields.One2many("partnership.seat", "body_id", "All Seats")
    seat_count = fields.Integer("Current Seats", compute="_compute_counts")
    group_ceiling = fields.Float(
        "Ceiling of One Group (%)",
        compute="_compute_group_ceiling",
        store=True,
        readonly=False,
        help="The largest share of seats or votes that one interest group or sector may hold.",
    )
    # Also the seats given ahead: only those that ended are left out
    current_seat_ids = fields.One2many(
        "partnership.seat",
        "body_id",
        "Open Seats",
        domain=[("has_ended", "=", False)],
    )

    _quorum_range = models.Constraint(
        "CHECK (quorum_share >= 0 AND quorum_share <= 100 AND quorum_seats >= 0)",
        "A quorum is a share between 0 and 100 %, or a number of seats.",
    )
    _ceiling_range = models.Constraint(
        "CHECK (group_ceiling > 0 AND group_ceiling <= 100)",
        "The ceiling of one group is a share between 0 and 100 %.",
    )

    @api.depends("partnership_id")
    def _compute_group_ceiling(self):
        for body in self:
            body.group_ceiling = body.partnership_id.group_ceiling or 49.0

    @api.depends("seat_ids.date_start", "seat_ids.date_end")
    @api.depends_context("uid")
    def _compute_counts(self):
        Seat = self.env["partnership.seat"]
        here = fields.Domain("body_id", "in", self.ids)
        current = here & Seat._domain_valid_today()
        seats = dict(Seat._read_group(current, ["body_id"], ["__count"]))
        for body in self:
            body.seat_count = seats.get(body, 0)

    @api.constrains("parent_id")
    def _check_parent(self):
        for body in self:
            if body._has_cycle():
                raise ValidationError(
                    self.env._(
                        "%(body)s cannot be part of itself, nor of a body below it.",
                        body=body.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        bodies = super().create(vals_list)
        bodies._sync_member_seats()
        return bodies

    def write(self, vals):
        result = super().write(vals)
        if "seat_policy" in vals:
            self._sync_member_seats()
        return result

    def _sync_member_seats(self):
        """Give every current member its seat in the bodies that keep one for each."""
        kept = self.filtered(lambda body: body.seat_policy == "members")
        self.env["partnership.membership"].search(
            [("partnership_id", "in", kept.partnership_id.ids), ("date_end", "=", False)]
        )._sync_member_seats(kept)

    def action_open_seats(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_seat_action"
        )
        action["domain"] = [("body_id", "=", self.id)]
        action["context"] = {"default_body_id": self.id, "search_default_current": 1}
        return action

    def action_renew_mandates(self):
        """Open the dialog that ends the mandates of these bodies and names the successors."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_mandate_renew_action"
        )
        action["context"] = {"default_body_ids": self.ids}
        return action
