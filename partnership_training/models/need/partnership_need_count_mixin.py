from odoo import api, fields, models

from odoo.addons.partnership_management.tools.groups import TEAM

from .partnership_training_need import OPEN_STATES


class PartnershipNeedCountMixin(models.AbstractModel):
    """A record that needs are of or come from: how many are under way, and what opens them."""

    _name = "partnership.need.count.mixin"
    _description = "Record with Training Needs"
    _need_field = None

    need_count = fields.Integer(
        "Training Needs under Way", compute="_compute_need_count", groups=TEAM
    )

    @api.depends_context("uid")
    def _compute_need_count(self):
        counts = dict(
            self.env["partnership.training.need"]._read_group(
                [(self._need_field, "in", self.ids), ("state", "in", OPEN_STATES)],
                [self._need_field],
                ["__count"],
            )
        )
        for record in self:
            record.need_count = counts.get(record._origin, 0)

    def action_open_needs(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_training.partnership_training_need_action"
        )
        action["domain"] = [(self._need_field, "=", self.id)]
        action["context"] = {
            f"default_{self._need_field}": self.id,
            "search_default_under_way": 1,
        }
        return action
