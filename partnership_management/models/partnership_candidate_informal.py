from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .partnership_membership_informal import SUGGESTIONS
from .partnership_membership_informal_alert import SUGGESTED


class PartnershipCandidate(models.Model):
    """What is suggested for the informal participant on the card, and the step to membership."""

    _inherit = "partnership.candidate"

    informal_suggestion = fields.Selection(
        SUGGESTIONS,
        "Suggestion",
        compute="_compute_informal_suggestion",
        store=True,
        index="btree_not_null",
        help="Propose formal: it came often enough and contributed. Revisit: it did not, and its "
        "review date is past.",
    )
    informal_since = fields.Date(related="membership_id.informal_since")
    informal_presence_count = fields.Integer(related="membership_id.informal_presence_count")
    informal_contribution_count = fields.Integer(
        related="membership_id.informal_contribution_count"
    )

    @api.depends("membership_id.informal_suggestion", "active", "state", "target_form")
    def _compute_informal_suggestion(self):
        for candidate in self:
            live = candidate._is_ongoing() or candidate._is_informally_in()
            suggestion = candidate.membership_id.informal_suggestion
            candidate.informal_suggestion = suggestion if live else False

    def _is_informally_in(self):
        return self.active and self.state == "admitted" and self.target_form == "informal"

    def _drop_suggestions(self):
        """Nobody looks at a card that was refused or put away."""
        gone = self.filtered(lambda card: not card.active or card.state == "refused")
        gone.with_context(mail_activity_quick_update=True).activity_unlink([SUGGESTED])

    def action_propose_formal(self):
        return self.membership_id.action_propose_formal()

    def _turn_formal(self):
        """The ongoing attempt aims at membership from now on, past the informal stage."""
        going = self.filtered(
            lambda card: card.target_form != "formal" or card.stage_id.role_id.is_informal
        )
        if going:
            stage = going.stage_id._get_first_formal()
            going.write({"target_form": "formal", "stage_id": stage.id})


class PartnershipMembership(models.Model):
    _inherit = "partnership.membership"

    def action_propose_formal(self):
        """Bring who takes part informally on the way to membership: on the card that is ongoing,
        else on a new one.

        :return: action that shows the cards
        """
        cards = self._propose_formal()
        if len(cards) == 1:
            return cards._get_form_action()
        return cards._get_list_action([("id", "in", cards.ids)], {})

    def _propose_formal(self):
        formal = self.filtered("is_formal")
        if formal:
            raise UserError(
                self.env._(
                    "%(memberships)s: a member already.",
                    memberships=", ".join(formal.mapped("display_name")),
                )
            )
        ongoing = self.candidate_ids.filtered(lambda card: card._is_ongoing())
        ongoing._turn_formal()
        rest = self - ongoing.membership_id
        stage = self.env["partnership.enlargement.stage"]._get_first_formal()
        created = self.env["partnership.candidate"].create(
            [{**each._get_formal_attempt_values(), "stage_id": stage.id} for each in rest]
        )
        self._tell_informal()
        return ongoing + created

    def _get_formal_attempt_values(self):
        """:return: values of a card that leads to membership; who was admitted informally goes on
        from that card"""
        cards = self.candidate_ids.filtered(lambda card: card._is_informally_in())
        if cards:
            return cards.sorted("id")[-1]._get_next_attempt_values()
        return {
            "partnership_id": self.partnership_id.id,
            "partner_id": self.partner_id.id,
            "interest_group_id": self.interest_group_id.id,
            "target_form": "formal",
        }


class PartnershipEnlargementStage(models.Model):
    _inherit = "partnership.enlargement.stage"

    @api.model
    def _get_first_formal(self):
        """:return: where the formal path begins: its first stage of its own, else the last before
        admission that makes nobody an informal participant"""
        stages = self.search(Domain("is_admission", "=", False) & Domain("path", "!=", "informal"))
        own = stages.filtered(lambda stage: stage.path == "formal")
        stage = own[:1] or stages.filtered(lambda stage: not stage.role_id.is_informal)[-1:]
        if not stage:
            raise UserError(
                self.env._(
                    "No stage leads from informal participation to membership: add one of the "
                    "formal path under Configuration, Enlargement Stages."
                )
            )
        return stage
