from odoo import api, fields, models
from odoo.exceptions import UserError

from .partnership_vote import CHOICES


class PartnershipInterestDeclaration(models.Model):
    """What declarations, and the register, say of a decision: who is recused from it, who should
    be, and who has not declared anything as yet."""

    _inherit = "partnership.interest.declaration"

    # ------------------------------------------------------------
    # Recusals
    # ------------------------------------------------------------

    def _filtered_about(self, decision):
        return self.filtered(
            lambda declaration: (
                not declaration.withdrawn_on
                and declaration.kind == "interest"
                and declaration._get_subject() in (decision, decision.item_id)
            )
        )

    @api.model
    def _find_proposed(self, decision):
        """Who should be recused, and has not been asked yet: who has an interest, by the register,
        in a contact that the item names, and that contact itself.

        :return: dict (membership or none, person or none) -> the interest in the register, or
            none where it is the contact itself
        """
        contacts = decision.sudo().item_id.partner_ids
        seats = decision._get_seats()
        if not contacts or not seats:
            return {}
        Membership, Partner = self.env["partnership.membership"], self.env["res.partner"]
        Interest = self.env["partnership.interest"]
        own = seats.membership_id.filtered(lambda member: member.partner_id in contacts)
        proposed = {(member, Partner): Interest for member in own}
        holders = Partner.union(*(seat._get_holders(decision.date) for seat in seats))
        proposed |= {
            (Membership, person): Interest for person in contacts & holders - own.partner_id
        }
        concerned = Interest._find_concerned(contacts, decision.partnership_id, decision.date)
        for interest in concerned:
            if interest.membership_id in seats.membership_id or interest.person_id in holders:
                proposed.setdefault((interest.membership_id, interest.person_id), interest)
        known = decision.event_id.sudo().declaration_ids._filtered_about(decision)
        members = known.membership_id
        persons = known.filtered(lambda declaration: not declaration.membership_id).person_id
        return {
            (member, person): interest
            for (member, person), interest in proposed.items()
            if member and member not in members or person and person not in persons
        }

    # ------------------------------------------------------------
    # Before a vote
    # ------------------------------------------------------------

    @api.model
    def _get_undeclared(self, decision):
        """:return: res.partner, who may vote and has said nothing of its interests as yet"""
        if not decision.event_id:
            return self.env["res.partner"]
        recused, _barred = decision._get_recusals()
        voters = decision._find_voters(fields.Datetime.now())
        persons = [person for seat, (person, _way) in voters.items() if seat not in recused]
        return self.env["res.partner"].union(*persons) - decision.event_id._get_declared()

    @api.model
    def _check_declared(self, decision):
        undeclared = self._get_undeclared(decision)
        if undeclared:
            raise UserError(
                self.env._(
                    "The rule of “%(decision)s” asks everybody to declare interests first. Not "
                    "declared: %(names)s. Enter what they say under “Interests”.",
                    decision=decision.name,
                    names=", ".join(undeclared.mapped("name")),
                )
            )

    @api.model
    def _describe(self, decision):
        """:return: what is to be known of interests in a vote, as a text, or False"""
        lines = []
        if decision.state in ("draft", "open", "interrupted") and not decision.item_id.is_routine:
            names = ", ".join(self._get_undeclared(decision).mapped("name"))
            lines += [self.env._("Not declared: %(names)s.", names=names)] if names else []
            proposed = len(decision._get_proposed_recusals())
            lines += (
                [self.env._("Proposed recusals: %(count)s.", count=proposed)] if proposed else []
            )
        names = ", ".join(self._find_given(decision).seat_id.partner_id.mapped("name"))
        if names:
            lines.append(
                self.env._(
                    "Declared an interest after they had voted; the vote stays: %(names)s.",
                    names=names,
                )
            )
        return "\n".join(lines) or False

    @api.model
    def _find_given(self, decision):
        """:return: the votes that were given on seats that would be recused by now"""
        recused, barred = decision._get_recusals()
        return decision.sudo().last_vote_ids.filtered(
            lambda vote: (
                vote.choice in (*dict(CHOICES), "voted")
                and (vote.seat_id in recused or vote.person_id in barred)
            )
        )
