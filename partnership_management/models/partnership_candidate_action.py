from odoo import models
from odoo.exceptions import UserError


class PartnershipCandidate(models.Model):
    """The buttons of the card."""

    _inherit = "partnership.candidate"

    def action_admit(self):
        """Bring the cards into the stage of admission; those that are in stay where they are."""
        stage = self.env["partnership.enlargement.stage"].search(
            [("is_admission", "=", True)], limit=1
        )
        if not stage:
            raise UserError(
                self.env._(
                    "No stage admits candidates: mark one as admission under Configuration, "
                    "Enlargement Stages."
                )
            )
        self.filtered(lambda candidate: candidate.state != "admitted").write({"stage_id": stage.id})

    def action_refuse(self):
        """Ask for the reason."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_candidate_refuse_action"
        )
        action["context"] = {"default_candidate_ids": self.ids}
        return action

    def action_reopen(self):
        """Go on where the refused candidate stood; the refusal stays in the history."""
        self.filtered(lambda candidate: candidate.state == "refused").write(
            {"refuse_reason_id": False, "refuse_note": False, "active": True}
        )

    def action_new_attempt(self):
        """Begin again on a new card; the old one stays as it is."""
        self.ensure_one()
        attempt = self.create(self._get_next_attempt_values())
        return attempt._get_form_action()

    def _get_next_attempt_values(self):
        """Whoever was admitted informally tries for formal membership next."""
        return {
            "partnership_id": self.partnership_id.id,
            "partner_id": self.partner_id.id,
            "contact_id": self.contact_id.id,
            "target_form": "formal" if self.state == "admitted" else self.target_form,
            "interest_group_id": self.interest_group_id.id,
            "tag_ids": self.tag_ids.ids,
            "user_id": self.user_id.id,
            "priority": self.priority,
        }

    def _get_form_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def action_open_membership(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "partnership.membership",
            "res_id": self.membership_id.id,
            "view_mode": "form",
        }

    def action_open_attempts(self):
        self.ensure_one()
        return self._get_list_action(
            [
                ("partner_id", "=", self.partner_id.id),
                ("partnership_id", "=", self.partnership_id.id),
            ],
            {
                "default_partner_id": self.partner_id.id,
                "default_partnership_id": self.partnership_id.id,
            },
        )

    def action_open_presences(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_attendance_action"
        )
        action["domain"] = list(self._get_presence_domain())
        action["context"] = {"create": False}
        return action

    def action_open_composition(self):
        """What the effect of the candidate is reckoned from."""
        self.ensure_one()
        return self.partnership_id.action_open_shares()

    def action_schedule_meeting(self):
        """The calendar, with the actor and the user as guests of what is planned there."""
        self.ensure_one()
        return (self.contact_id or self.partner_id).schedule_meeting()
