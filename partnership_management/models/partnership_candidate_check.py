from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..tools.groups import OFFICER


class PartnershipCandidate(models.Model):
    """What is refused, and what the user is told."""

    _inherit = "partnership.candidate"

    @api.constrains("stage_id", "target_form")
    def _check_path(self):
        for candidate in self:
            if not candidate.stage_id._is_open_to(candidate.target_form):
                raise ValidationError(
                    self.env._(
                        "%(candidate)s aims at the form “%(form)s”, and “%(stage)s” is not a stage "
                        "on that path: change what it aims at, or choose another stage.",
                        candidate=candidate.name,
                        form=candidate._format_form(),
                        stage=candidate.stage_id.name,
                    )
                )

    @api.constrains("stage_id", "refuse_reason_id")
    def _check_refusal(self):
        for candidate in self:
            if candidate.refuse_reason_id and candidate.stage_id.is_admission:
                raise ValidationError(
                    self.env._(
                        "%(candidate)s is admitted and cannot be refused any more: change or end "
                        "its membership instead.",
                        candidate=candidate.name,
                    )
                )

    @api.constrains("user_id", "partnership_id")
    def _check_user(self):
        """A card is given to somebody who can open it."""
        for candidate in self:
            user, team = candidate.user_id, candidate.partnership_id.sudo().user_ids
            if user and user not in team and not user.sudo().has_group(OFFICER):
                raise ValidationError(
                    self.env._(
                        "%(user)s is not in the team of %(partnership)s and cannot be responsible "
                        "for %(candidate)s.",
                        user=user.name,
                        partnership=candidate.partnership_id.name,
                        candidate=candidate.name,
                    )
                )

    def _check_identity(self, vals):
        changed = self._filtered_changed(vals, ["partnership_id", "partner_id"])
        if changed:
            raise UserError(
                self.env._(
                    "The card of %(candidate)s cannot become that of another actor or "
                    "partnership: archive it and make a new one.",
                    candidate=changed[0].name,
                )
            )

    def _check_admission(self):
        """Refuse to admit candidates of which something is missing."""
        missing = self.filtered(
            lambda candidate: candidate.target_form == "formal" and not candidate.interest_group_id
        )
        if missing:
            raise ValidationError(
                self.env._(
                    "Choose the interest group of %(candidates)s first: it says for whom a new "
                    "member speaks.",
                    candidates=", ".join(missing.mapped("name")),
                )
            )

    def _check_one_ongoing(self):
        """One attempt at a time. Only cards that begin or reopen are checked, so that the two
        ongoing cards of merged contacts can be worked on until one is closed."""
        going = self.filtered(lambda candidate: candidate._is_ongoing())
        going.membership_id._take_turns()  # an index cannot: merged contacts have two for a while
        others = self.search(
            [
                ("partnership_id", "in", self.partnership_id.ids),
                ("partner_id", "in", self.partner_id.ids),
                ("state", "=", "ongoing"),
            ]
        ).grouped(lambda candidate: (candidate.partnership_id, candidate.partner_id))
        for candidate in going:
            actor = (candidate.partnership_id, candidate.partner_id)
            other = (others[actor] - candidate)[:1]
            if other:
                raise ValidationError(
                    self.env._(
                        "%(candidate)s has an ongoing attempt in %(partnership)s already, in the "
                        "stage “%(stage)s” (card no. %(number)s): go on with that card.",
                        candidate=candidate.name,
                        partnership=candidate.partnership_id.name,
                        stage=other.stage_id.name,
                        number=other.id,
                    )
                )

    def _check_not_refused(self):
        refused = self.filtered(lambda candidate: candidate.state == "refused")[:1]
        if refused:
            raise UserError(
                self.env._(
                    "%(candidate)s was %(refusal)s. Reopen the card before you move it.",
                    candidate=refused.name,
                    refusal=refused._format_refusal(),
                )
            )

    def _format_form(self):
        return dict(self._fields["target_form"]._description_selection(self.env))[self.target_form]

    def _format_refusal(self):
        """:return: when and why the candidate was refused, in words"""
        return self.env._(
            "refused on %(date)s: %(reason)s",
            date=format_date(self.env, self.refuse_date),
            reason=self.refuse_reason_id.name,
        )
