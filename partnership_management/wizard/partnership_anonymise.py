from odoo import api, fields, models


class PartnershipAnonymise(models.TransientModel):
    """Ask once before persons are made anonymous: it cannot be taken back."""

    _name = "partnership.anonymise"
    _description = "Anonymise Persons"
    _inherit = ["partnership.guarded.mixin"]

    partner_ids = fields.Many2many(
        "res.partner",
        string="Persons",
        required=True,
        context={"active_test": False},
        default=lambda self: (
            self.env.context.get("active_ids")
            if self.env.context.get("active_model") == "res.partner"
            else False
        ),
    )

    place_count = fields.Integer("Places", compute="_compute_places")
    places = fields.Text("Named in", compute="_compute_places")
    removed_files = fields.Text("Files That Are Removed", compute="_compute_places")

    @api.depends("partner_ids")
    @api.depends_context("uid")
    def _compute_places(self):
        """Counted as the system, as it will be done: names of files only where the user sees
        them."""
        for wizard in self:
            persons = wizard.with_context(active_test=False).partner_ids
            persons = persons._origin._filtered_access("write")
            counts, files = persons.sudo()._preview_anonymise()
            shown = files.with_env(self.env)._filtered_access("read").mapped("name")
            if len(shown) < len(files):
                shown.append(
                    self.env._("%(count)s that you do not see", count=len(files) - len(shown))
                )
            wizard.place_count = sum(counts.values())
            wizard.places = "\n".join(f"{name}: {counts[name]}" for name in sorted(counts))
            wizard.removed_files = "\n".join(shown)

    def action_anonymise(self):
        self.ensure_one()
        self.with_context(active_test=False).partner_ids._partnership_anonymise()
        return {"type": "ir.actions.client", "tag": "soft_reload"}
