from odoo import fields, models
from odoo.exceptions import UserError


class PartnershipRole(models.Model):
    """A rung of the ladder of integration; the order of the ladder is the sequence."""

    _name = "partnership.role"
    _description = "Partnership Role"
    _inherit = ["partnership.guarded.mixin"]
    _order = "sequence, id"
    _portal_fields = ("name", "sequence", "active", "is_formal", "is_informal", "description")

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, help="Higher on the ladder of integration is greater.")
    active = fields.Boolean(default=True)
    color = fields.Integer()
    is_formal = fields.Boolean(
        "Formal Membership", help="Whoever has this role is a member of the partnership."
    )
    is_informal = fields.Boolean(
        "Informal Participation", help="Takes part without being a member."
    )
    description = fields.Text(translate=True)

    _name_uniq = models.Constraint("UNIQUE (name)", "A role of this name exists already.")
    _formal_or_informal = models.Constraint(
        "CHECK (is_formal IS NOT TRUE OR is_informal IS NOT TRUE)",
        "A role is either that of a member or of somebody who takes part without being one.",
    )

    def write(self, vals):
        self._filtered_changed(vals, ["is_formal"])._check_unused()
        if not vals.get("is_informal", True):
            self.filtered("is_informal")._check_unused()
        return super().write(vals)

    def _check_unused(self):
        """Who was a member or took part, and when, is read from the roles that were held: it does
        not change with a role. Marking a role of old as informal adds to what is known."""
        steps = self.env["partnership.membership.transition"].sudo()
        used = steps.search([("to_role_id", "in", self.ids)], limit=1).to_role_id
        if used:
            raise UserError(
                self.env._(
                    "Actors have or had the role “%(role)s”: make a new role and give it to them, "
                    "so that who was a member or took part stays as it was.",
                    role=used.name,
                )
            )
