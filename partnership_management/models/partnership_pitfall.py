from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = [
    ("absent", "Absent"),
    ("irregular", "Irregular"),
    ("uninformed", "Ill-informed"),
    ("unrepresentative", "Unrepresentative"),
    ("turnover", "Turnover"),
]


class PartnershipPitfall(models.Model):
    """A risk of one kind for one membership: found, answered by a mechanism, gone, come back.

    There is one record for each kind, which reopens: its history tells how often. Its figure is
    the one that the kind is judged by; what it was before is that of the day on which the
    mechanism was planned, or, as long as there is none, of the day on which it opened.
    """

    _name = "partnership.pitfall"
    _description = "Pitfall"
    _inherit = ["mail.thread", "mail.activity.mixin", "partnership.guarded.mixin"]
    _order = "severity desc, membership_id, date_open, id"

    membership_id = fields.Many2one(
        "partnership.membership", "Member", required=True, readonly=True, ondelete="cascade"
    )
    partnership_id = fields.Many2one(
        related="membership_id.partnership_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(related="partnership_id.company_id", store=True, precompute=True)
    partner_id = fields.Many2one(
        related="membership_id.partner_id", string="Actor", store=True, index=True, precompute=True
    )
    interest_group_id = fields.Many2one(
        related="membership_id.interest_group_id", store=True, precompute=True
    )
    user_id = fields.Many2one(related="partnership_id.user_id", string="Responsible")
    kind = fields.Selection(KINDS, required=True, readonly=True, group_expand=True)
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed")], required=True, readonly=True, default="open"
    )
    severity = fields.Float(related="membership_id.pitfall_severity", store=True, aggregator="max")
    reasons = fields.Text(readonly=True)

    # When it was there
    date_open = fields.Date("Open since", required=True, readonly=True)
    date_closed = fields.Date("Closed on", readonly=True)
    close_kind = fields.Selection(
        [
            ("effect", "No longer at risk"),
            ("worse", "Became absent altogether"),
            ("left", "No longer a member"),
            ("dismissed", "Dismissed by hand"),
        ],
        "Closed because",
        readonly=True,
    )
    close_reason = fields.Char("Reason for Dismissal", readonly=True)
    is_silenced = fields.Boolean(
        readonly=True,
        help="Dismissed by hand, and still there: it reopens only once it was gone in between.",
    )
    reopen_count = fields.Integer("Times Reopened", readonly=True)

    _kind_uniq = models.UniqueIndex(
        "(membership_id, kind)", "A member has each pitfall once: it closes and reopens."
    )
    _order_index = models.Index("(severity DESC, membership_id, date_open, id)")

    @api.depends("kind", "membership_id")
    @api.depends_context("partnership_pitfall_short", "lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for pitfall in self:
            kind = kinds.get(pitfall.kind, "")
            if not self.env.context.get("partnership_pitfall_short"):
                kind = self.env._(
                    "%(kind)s: %(member)s",
                    kind=kind,
                    member=pitfall.sudo().partner_id.display_name or "",
                )
            pitfall.display_name = kind

    def action_dismiss(self):
        """Ask for the reason."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_pitfall_dismiss_action"
        )
        action["context"] = {"default_pitfall_ids": self.ids}
        return action

    def action_reopen(self):
        """Take back a dismissal. If there is nothing to it any more, the next search closes it."""
        for pitfall in self:
            if pitfall.close_kind != "dismissed":
                raise UserError(
                    self.env._(
                        "%(pitfall)s was not dismissed by hand: it reopens by itself when it "
                        "comes back.",
                        pitfall=pitfall.display_name,
                    )
                )
        self.check_access("write")
        pitfalls = self.sudo()
        for today, own in pitfalls._grouped_by_today().items():
            own._open_again(today)
        pitfalls._refresh_figures(pitfalls.membership_id)
        pitfalls.filtered(lambda pitfall: not pitfall.mechanism_date)._keep_figure_before()
        pitfalls._log_each(lambda _pitfall: self.env._("Reopened by hand."))

    def action_open_membership(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "partnership.membership",
            "res_id": self.membership_id.id,
            "view_mode": "form",
        }

    def _dismiss(self, reason):
        """Close by hand what is open; it stays closed until it has been gone once."""
        self.check_access("write")
        pitfalls = self.sudo().filtered(lambda pitfall: pitfall.state == "open")
        for today, own in pitfalls._grouped_by_today().items():
            own._close("dismissed", today)
        pitfalls.write({"close_reason": reason, "is_silenced": True})
        pitfalls._log_each(
            lambda _pitfall: self.env._("Dismissed by hand: %(reason)s", reason=reason)
        )

    def _close(self, kind, date):
        self.write({"state": "closed", "close_kind": kind, "date_closed": date})

    def _open_again(self, date):
        self.write(
            {
                "state": "open",
                "date_open": date,
                "date_closed": False,
                "close_kind": False,
                "close_reason": False,
                "is_silenced": False,
            }
        )
        for pitfall in self:
            pitfall.reopen_count += 1

    def _log_each(self, get_body):
        """Write one line into the history of each, in one go."""
        if self:
            self._message_log_batch({pitfall.id: get_body(pitfall) for pitfall in self})
