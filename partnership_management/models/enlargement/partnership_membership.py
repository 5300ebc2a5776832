from odoo import api, fields, models
from odoo.exceptions import UserError


class PartnershipMembership(models.Model):
    """The round by which an actor became a member, and the door outside of one (L44).

    Whoever becomes a member comes in by the open round, or by an officer who gives a reason: that
    of the context (``outside_reason``, ``transition_reason``) or of the new membership. Until a
    partnership has had its first round, members are registered freely."""

    _inherit = "partnership.membership"

    _formal_idx = models.Index("(partnership_id, interest_group_id) WHERE is_formal IS TRUE")

    candidate_count = fields.Integer("Candidatures", compute="_compute_candidate_count")

    round_id = fields.Many2one(
        "partnership.enlargement.round",
        "Came in by",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        domain="[('partnership_id', '=', partnership_id)]",
        help="The enlargement round by which the actor became a member.",
    )
    outside_reason = fields.Char(
        "Reason outside a Round",
        copy=False,
        help="Why the actor became a member although no round was open.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_supporter(self):
        """Whom a member supported stays on record."""
        candidate = (
            self.env["partnership.candidate"]
            .sudo()
            .with_context(active_test=False)
            .search([("supporter_ids", "in", self.ids)], limit=1)
        )
        if candidate:
            raise UserError(
                self.env._(
                    "%(supporter)s supports the application of %(candidate)s: end the membership "
                    "instead of deleting it.",
                    supporter=(candidate.supporter_ids & self)[:1].display_name,
                    candidate=candidate.name,
                )
            )

    @api.depends_context("uid")
    def _compute_candidate_count(self):
        counts = self.env["partnership.candidate"]._count_by("membership_id", self)
        for membership in self:
            membership.candidate_count = counts.get(membership, 0)

    def action_open_candidates(self):
        self.ensure_one()
        return self.env["partnership.candidate"]._get_list_action(
            [("membership_id", "=", self.id)],
            {
                "default_partner_id": self.partner_id.id,
                "default_partnership_id": self.partnership_id.id,
            },
        )

    @api.model_create_multi
    def create(self, vals_list):
        memberships = super().create(vals_list)
        memberships._filtered_admitted()._admit_by_round(is_new=True)
        return memberships

    def write(self, vals):
        role = self.env["partnership.role"].browse(vals.get("role_id"))
        coming = self.filtered(lambda member: role.is_formal and not member.is_formal)
        left = self.filtered("date_end")._filtered_gone() if "date_end" in vals else self.browse()
        result = super().write(vals)
        coming._admit_by_round(bool(vals.get("round_id")))
        (left - left._filtered_gone() - coming)._admit_again()
        if vals.keys() & {"date_start", "date_end", "round_id"}:
            self.sudo().partnership_id._postpone_readiness()
        return result

    def _filtered_gone(self):
        """:return: those that have left, where they are"""
        return self.filtered(
            lambda member: member.date_end and member.date_end < member.partnership_id._get_today()
        )

    def _filtered_admitted(self):
        """:return: the new members that come in by being written down, where a partnership admits
        by rounds; those that have left meanwhile are its history, and an officer says of others
        by which round they came"""
        members = (self - self._filtered_gone()).filtered("is_formal")
        if self.env["partnership.partnership"]._may_admit_outside():
            members = members.filtered(lambda member: not member.round_id)
        return members._filtered_by_rounds()

    def _filtered_by_rounds(self):
        """:return: those of partnerships that have had a round"""
        members = self
        if not members:
            return members
        Round = self.env["partnership.enlargement.round"]
        domain = [
            ("partnership_id", "in", members.partnership_id.ids),
            ("date_opened", "!=", False),
        ]
        used = {partnership for (partnership,) in Round._read_group(domain, ["partnership_id"])}
        return members.filtered(lambda member: member.partnership_id in used)

    def _admit_again(self):
        """Let members in whose end is taken back: it is a correction of what an officer may say,
        and else a way around the door. How they came in before stays as it was."""
        members = self.filtered("is_formal")._filtered_by_rounds()
        rounds = members.partnership_id._get_open_rounds()
        reason = self.env.context.get("outside_reason") or self.env._("Its end was taken back.")
        for partnership, own in members.grouped("partnership_id").items():
            if partnership.id not in rounds:
                names = own.partner_id.mapped("name")
                partnership._check_may_admit_outside(names, reason, None)
                partnership._log_outside(names, reason)

    def _admit_by_round(self, is_dated_back=False, is_new=False):
        """Let new members in, by the open round or, for a reason, outside of one.

        :param is_dated_back: an officer has said by which round, open or not, they came in
        :param is_new: whether the memberships are just being made
        """
        if is_dated_back and self.env["partnership.partnership"]._may_admit_outside():
            return
        rounds = self.partnership_id._get_open_rounds()
        for partnership, members in self.grouped("partnership_id").items():
            by_round = rounds.get(partnership.id)
            members.write(
                {"round_id": by_round.id, "outside_reason": False}
                if by_round
                else {"round_id": False}
            )
        outside = self.filtered(lambda member: member.partnership_id.id not in rounds)
        if outside:
            outside._admit_outside_round(is_new)

    def _admit_outside_round(self, is_new):
        context = self.env.context
        reason = context.get("outside_reason") or context.get("transition_reason")
        for given, members in self.grouped(lambda member: reason or member.outside_reason).items():
            names = members.partner_id.mapped("name")
            ask = None if is_new else members._get_outside_action
            members.partnership_id._check_may_admit_outside(names, given, ask)
            members.outside_reason = given
            text = self.env._("Became a member outside a round: %(reason)s", reason=given)
            members._message_log_batch(bodies=dict.fromkeys(members.ids, text))
            for partnership, own in members.grouped("partnership_id").items():
                partnership._log_outside(own.partner_id.mapped("name"), given)

    def _get_outside_action(self):
        """:return: the dialog that changes the role for a reason"""
        action = self.action_change()
        action["context"] = {**action["context"], "default_role_id": self.role_id[:1].id}
        return action

    def unlink(self):
        partnerships = self.sudo().partnership_id
        result = super().unlink()
        partnerships._postpone_readiness()
        return result
