from odoo import fields, models


class PartnershipCandidate(models.Model):
    """The round by which a candidate comes in, and the door outside of one (L44).

    The context may hold ``outside_reason``: why an officer admits although no round is open.
    """

    _inherit = "partnership.candidate"

    round_id = fields.Many2one(
        "partnership.enlargement.round",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        domain="[('partnership_id', '=', partnership_id), ('state', 'in', ('draft', 'open'))]",
        help="The enlargement round that was open when the card was made, or when it was decided.",
    )
    date_admitted = fields.Date("Admitted on", readonly=True, copy=False)
    outside_reason = fields.Char(
        "Reason outside a Round",
        readonly=True,
        copy=False,
        help="Why the actor was admitted although no round was open.",
    )
    outside_user_id = fields.Many2one(
        "res.users", "Admitted outside a Round by", readonly=True, copy=False
    )

    def _join_rounds(self):
        """Put the cards into the round that is open, if there is one; those in an open or planned
        round stay in it."""
        without = self.filtered(lambda card: card.round_id.state not in ("draft", "open"))
        rounds = without.partnership_id._get_open_rounds()
        for partnership, cards in without.grouped("partnership_id").items():
            if partnership.id in rounds:
                cards.round_id = rounds[partnership.id]

    def _pass_door(self, is_new=False):
        """Let the cards in that come in, by the open round or, for a reason, outside of one.

        :param is_new: whether the cards are just being made
        """
        coming = self.filtered(lambda card: not card._is_inside())
        rounds = coming.partnership_id._get_open_rounds()
        if not is_new:  # nobody is asked why the door opens, and then refused for the file
            coming._check_file(coming._describe_closed_door(rounds))
        for partnership, cards in coming.grouped("partnership_id").items():
            by_round = partnership.id in rounds
            if by_round:
                cards.round_id = rounds[partnership.id]
                cards.sudo().outside_reason = False
            cards.sudo().date_admitted = partnership._get_today()
        outside = coming.filtered(lambda card: card.partnership_id.id not in rounds)
        if outside:
            ask = None if is_new else outside._get_outside_action
            reason = self.env.context.get("outside_reason")
            outside.partnership_id._check_door(outside.mapped("name"), reason, ask)
            outside._let_in_outside(reason)

    def _describe_closed_door(self, rounds):
        """:param rounds: dict partnership id -> the round that is open
        :return: what the cards meet at the door, in words; empty where it is open to them"""
        outside = self.filtered(lambda card: card.partnership_id.id not in rounds)
        if not outside or self.env.context.get("outside_reason"):
            return ""
        what = outside.partnership_id._describe_door(outside.mapped("name"))
        if outside.partnership_id._may_open_door():
            return self.env._("%(what)s You will be asked for a reason as well.", what=what)
        return self.env._("%(what)s Open a round as well, or ask an officer.", what=what)

    def _is_inside(self):
        """Whether the actor has come in already, so that the stage changes nothing for it."""
        self.ensure_one()
        membership = self.membership_id
        given = self.stage_id._get_role(self.target_form)
        return (
            membership.is_formal or self.date_admitted
        ) and membership.role_id.sequence >= given.sequence

    def _let_in_outside(self, reason):
        """Note on the cards who opened the door and why. Of a new member the membership does so
        too, and tells the partnership; here it is done for those who come in informally."""
        self.sudo().write({"outside_reason": reason, "outside_user_id": self.env.uid})
        text = self.env._("Admitted outside a round: %(reason)s", reason=reason)
        self._message_log_batch(bodies=dict.fromkeys(self.ids, text))
        informal = self.filtered(
            lambda card: not card.stage_id._get_role(card.target_form).is_formal
        )
        members = informal.membership_id
        members._message_log_batch(bodies=dict.fromkeys(members.ids, text))
        informal._log_in_partnerships(reason)

    def _log_in_partnerships(self, reason):
        for partnership, cards in self.grouped("partnership_id").items():
            partnership._log_outside(cards.mapped("name"), reason)

    def _get_outside_action(self):
        """:return: the action that asks for the reason"""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_candidate_outside_action"
        )
        action["context"] = {
            "default_candidate_ids": self.ids,
            "default_stage_id": self.stage_id[:1].id,
        }
        return action
