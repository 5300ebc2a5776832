from odoo import models
from odoo.fields import Command


class SurveyUserInput(models.Model):
    """An answer says what somebody has to learn."""

    _inherit = "survey.user_input"

    def _mark_done(self):
        result = super()._mark_done()
        self._raise_training_needs()
        return result

    def _raise_training_needs(self):
        """Raise a need in each partnership in which the person who answered speaks for a member
        or is one. It follows from the answer: it runs as the system."""
        inputs = self.sudo().filtered(lambda each: each.partner_id and not each.test_entry)
        inputs = inputs.filtered("user_input_line_ids.suggested_answer_id.partnership_skill_ids")
        memberships = inputs.partner_id._get_training_memberships()
        self.env["partnership.training.need"].sudo()._raise(
            [
                each._get_need_values(membership)
                for each in inputs
                for membership in memberships.get(each.partner_id, ())
            ]
        )

    def _get_need_values(self, membership):
        self.ensure_one()
        answers = self.user_input_line_ids.suggested_answer_id.filtered("partnership_skill_ids")
        return {
            "origin": "survey",
            "survey_input_id": self.id,
            "partnership_id": membership.partnership_id.id,
            "membership_id": membership.id,
            "person_id": self.partner_id.id,
            "skill_ids": [Command.set(answers.partnership_skill_ids.ids)],
            "origin_text": "\n".join(
                [
                    self.survey_id.title,
                    *(f"{answer.question_id.title}: {answer.value}" for answer in answers),
                ]
            ),
            "date_open": membership.partnership_id._get_today(),
        }
