from odoo import api, fields, models
from odoo.exceptions import UserError


class PartnershipPitfall(models.Model):
    """A pitfall that somebody could learn to avoid is a training need."""

    _name = "partnership.pitfall"
    _inherit = ["partnership.pitfall", "partnership.need.count.mixin"]

    need_ids = fields.One2many("partnership.training.need", "pitfall_id", "Training Needs")
    wanted_skill_ids = fields.Many2many(
        "partnership.skill",
        string="Skills that Help",
        compute="_compute_wanted_skill_ids",
        help="What the table of who needs which skills says against this pitfall.",
    )

    _need_field = "pitfall_id"

    @api.depends("kind", "partnership_id")
    def _compute_wanted_skill_ids(self):
        rows = self.env["partnership.skill.wanted"]._search_for("pitfall", self.partnership_id)
        for pitfall in self:
            fitting = rows[pitfall.partnership_id]._filtered_for_pitfall(pitfall)
            pitfall.wanted_skill_ids = fitting.skill_ids

    def action_raise_need(self):
        """Raise a training need: what the table of skills says, or one to be filled in."""
        for pitfall in self:
            if pitfall.state != "open":
                raise UserError(
                    self.env._(
                        "%(pitfall)s is closed: there is nothing to learn from it.",
                        pitfall=pitfall.display_name,
                    )
                )
        self.check_access("write")
        Need = self.env["partnership.training.need"]
        rows = self.env["partnership.skill.wanted"]._search_for("pitfall", self.partnership_id)
        vals_list = []
        for pitfall in self:
            fitting = rows[pitfall.partnership_id]._filtered_for_pitfall(pitfall)
            base = pitfall._get_need_values()
            vals_list += [
                {**base, **row._get_need_values(row.skill_ids, base["date_open"])}
                for row in fitting
            ] or [base]
        return Need._raise(vals_list)._open()

    def _get_need_values(self):
        self.ensure_one()
        return {
            "origin": "pitfall",
            "pitfall_id": self.id,
            "partnership_id": self.partnership_id.id,
            "membership_id": self.membership_id.id,
            "origin_text": self.reasons,
            "date_open": self.partnership_id._get_today(),
        }
