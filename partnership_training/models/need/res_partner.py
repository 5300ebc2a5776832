from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.partnership_management.tools.groups import TEAM

from .partnership_training_need import OPEN_STATES


class ResPartner(models.Model):
    """What a person or a member has to learn, and what a person is able to do."""

    _inherit = "res.partner"

    partnership_need_count = fields.Integer(
        "Training Needs", compute="_compute_partnership_need_count", groups=TEAM
    )
    partnership_skill_ids = fields.Many2many(
        "partnership.skill",
        string="Skills from Training",
        compute="_compute_partnership_skill_ids",
        groups=TEAM,
    )

    @api.depends_context("uid")
    def _compute_partnership_need_count(self):
        Need, counts = self.env["partnership.training.need"], {}
        for partner in self._origin:
            counts[partner] = Need.browse()
        for need in Need.search(self._domain_needs() & Domain("state", "in", OPEN_STATES)):
            for partner in need.person_id | need.partner_id:
                if partner in counts:
                    counts[partner] |= need
        for partner in self:
            partner.partnership_need_count = len(counts.get(partner._origin, ()))

    def _compute_partnership_skill_ids(self):
        held = self.env["partnership.skill.holding"]._get_held([self._origin])
        for partner in self:
            partner.partnership_skill_ids = self.env["partnership.skill"].union(
                *(
                    skills
                    for (_place, person_id), skills in held.items()
                    if person_id == partner._origin.id
                )
            )

    def _domain_needs(self):
        return Domain("person_id", "in", self.ids) | Domain("partner_id", "in", self.ids)

    def action_open_training_needs(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_training.partnership_training_need_action"
        )
        action["domain"] = list(self._domain_needs())
        action["context"] = {"search_default_under_way": 1}
        if not self.is_company:
            action["context"]["default_person_id"] = self.id
        return action

    # ------------------------------------------------------------
    # Personal data
    # ------------------------------------------------------------

    def _remove_personal_records(self):
        """The words in which a person asked are the person's own."""
        needs = self.env["partnership.training.need"].search([("person_id", "in", self.ids)])
        needs.filtered("origin_text").origin_text = False
        return super()._remove_personal_records()

    def _get_training_memberships(self):
        """:return: dict person -> in each partnership the membership that it speaks for today, or
        is itself"""
        Mandate, Membership = self.env["partnership.mandate"], self.env["partnership.membership"]
        mandates = Mandate.search(
            Domain("person_id", "in", self.ids) & Mandate._domain_valid_today(),
            order="kind desc, id",
        )
        own = Membership.search(
            Domain("partner_id", "in", self.ids) & Membership._domain_valid_today()
        )
        found = {}
        for person, membership in [
            *((mandate.person_id, mandate.membership_id) for mandate in mandates),
            *((membership.partner_id, membership) for membership in own),
        ]:
            found.setdefault((person, membership.partnership_id), membership)
        memberships = {}
        for (person, _partnership), membership in found.items():
            memberships.setdefault(person, []).append(membership)
        return memberships
