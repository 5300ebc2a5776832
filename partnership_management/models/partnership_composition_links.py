from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.groups import TEAM


class PartnershipPartnership(models.Model):
    _inherit = "partnership.partnership"

    def action_open_picture(self):
        """Open the profile beside the composition, by interest group."""
        return self._action_open_composition("picture", search_default_by_group=1)

    def action_open_shares(self):
        return self._action_open_composition("share", search_default_by_group=1)

    def action_open_waves(self):
        return self._action_open_composition("wave", search_default_years=1)

    def _action_open_composition(self, name, **context):
        action = self._action_open(
            f"partnership_management.partnership_composition_{name}_action",
            search_default_whole=1,
            **context,
        )
        if self.env.context.get("as_of"):
            action["context"]["as_of"] = str(self.env.context["as_of"])
        return action

    def action_fill_profile(self):
        """Want as much of each interest group: a profile to begin with."""
        self.ensure_one()
        self.check_access("write")
        self._take_turns()
        groups = self.env["partnership.interest.group"].search([("active", "=", True)])
        dimension = self.env["partnership.dimension"].search([("kind", "=", "group")])
        if self.profile_line_ids.dimension_id & dimension:
            raise UserError(
                self.env._(
                    "%(partnership)s has a profile by interest group already: change its shares.",
                    partnership=self.name,
                )
            )
        share = round(1 / max(len(groups), 1), 4)
        self.profile_line_ids = [
            fields.Command.create(
                {
                    "dimension_id": dimension.id,
                    "interest_group_id": group.id,
                    # what rounding leaves over is of the first
                    "share": 1 - share * (len(groups) - 1) if group == groups[0] else share,
                }
            )
            for group in groups
        ]


class PartnershipBody(models.Model):
    _inherit = "partnership.body"

    def action_open_picture(self):
        """Open the profile of the area beside the composition of the body."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_composition_picture_action"
        )
        action["domain"] = [("body_id", "=", self.id)]
        action["context"] = {"search_default_by_group": 1}
        return action


class ResPartner(models.Model):
    _inherit = "res.partner"

    partnership_trait_ids = fields.One2many(
        "partnership.trait", "partner_id", "Traits", groups=TEAM
    )
