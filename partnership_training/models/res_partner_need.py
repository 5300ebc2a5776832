from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.partnership_management.models.res_partner import TEAM

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

    def _get_texts(self):
        """The words of a need, and what was said of it, may name anybody of the partnership."""
        needs = self.env["partnership.training.need"]
        needs = needs.search([("partnership_id", "in", self._get_places().ids)])
        messages = SQL("(model = %s AND res_id IN %s)", needs._name, needs._ids or (0,))
        return [
            *super()._get_texts(),
            (
                needs._table,
                ("origin_text", "close_reason"),
                SQL("id IN %s", needs._ids or (0,)),
            ),
            ("mail_message", ("body", "subject"), messages),
            (
                "mail_tracking_value",
                ("old_value_char", "new_value_char", "old_value_text", "new_value_text"),
                SQL("mail_message_id IN (SELECT id FROM mail_message WHERE %s)", messages),
            ),
        ]

    def _get_places(self):
        """:return: the partnerships in which the persons have something to learn or to say"""
        found = [
            self.env[model].search([(fname, "in", self.ids)]).partnership_id
            for model, fname in (
                ("partnership.training.need", "person_id"),
                ("partnership.enrolment", "person_id"),
                ("partnership.mandate", "person_id"),
                ("partnership.membership", "partner_id"),
            )
        ]
        return self.env["partnership.partnership"].union(*found)

    def _remove_personal_records(self):
        """The words in which a person asked are the person's own."""
        needs = self.env["partnership.training.need"].search([("person_id", "in", self.ids)])
        needs.filtered("origin_text").origin_text = False
        return super()._remove_personal_records()
