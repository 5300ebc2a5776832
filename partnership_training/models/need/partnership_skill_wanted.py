from datetime import timedelta

from odoo import api, models
from odoo.fields import Command, Domain


class PartnershipSkillWanted(models.Model):
    """Which rows hold for a mandate, a role that was reached, or a pitfall."""

    _inherit = "partnership.skill.wanted"

    @api.model
    def _search_for(self, origin, partnerships):
        """:return: dict partnership -> the rows of ``origin`` that hold there"""
        rows = self.search(
            Domain("origin", "=", origin)
            & (
                Domain("partnership_id", "in", partnerships.ids)
                | Domain("partnership_id", "=", False)
                & Domain("company_id", "in", partnerships.company_id.ids)
            )
        )
        return {
            partnership: rows.filtered(
                lambda row, partnership=partnership: (
                    row.partnership_id == partnership
                    or (not row.partnership_id and row.company_id == partnership.company_id)
                )
            )
            for partnership in partnerships
        }

    def _filtered_for_mandate(self, mandate):
        return self.filtered(
            lambda row: (
                (not row.body_id or row.body_id == mandate.body_id)
                and (not row.office or row.office == mandate.office)
            )
        )

    def _filtered_for_step(self, step):
        """:return: the rows of the rungs that a member has climbed with a change of role"""
        before = step.from_role_id.sequence if step.from_role_id else -1
        return self.filtered(lambda row: before < row.role_id.sequence <= step.to_role_id.sequence)

    def _filtered_for_pitfall(self, pitfall):
        return self.filtered(lambda row: row.pitfall_kind == pitfall.kind)

    def _get_need_values(self, skills, date):
        """:return: what a need that follows from the row asks for, and until when"""
        self.ensure_one()
        return {
            "wanted_id": self.id,
            "skill_ids": [Command.set(skills.ids)],
            "course_id": self.course_id.id,
            "deadline": self.deadline_days and date + timedelta(days=self.deadline_days),
        }
