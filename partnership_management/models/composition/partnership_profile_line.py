from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..actor.partnership_interest_group import SECTORS

TOLERANCE = 0.001
# kind of the dimension -> the field that names the value
VALUE_FIELDS = {
    "group": "interest_group_id",
    "sector": "sector",
    "zone": "value_id",
    "free": "value_id",
}


class PartnershipProfileLine(models.Model):
    """The area profile: the share that one group of a dimension should have, a fraction of 1.

    The shares of a dimension sum to 1; a dimension without lines has no profile. Every change is
    written in the history of the partnership.
    """

    _name = "partnership.profile.line"
    _description = "Line of an Area Profile"
    _inherit = ["partnership.guarded.mixin"]
    _order = "partnership_id, dimension_id, sequence, id"

    partnership_id = fields.Many2one(
        "partnership.partnership", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    dimension_id = fields.Many2one(
        "partnership.dimension",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["partnership.dimension"].search([], limit=1),
    )
    kind = fields.Selection(related="dimension_id.kind")
    interest_group_id = fields.Many2one("partnership.interest.group", ondelete="restrict")
    sector = fields.Selection(SECTORS)
    value_id = fields.Many2one(
        "partnership.dimension.value",
        ondelete="restrict",
        domain="[('dimension_id', '=', dimension_id),"
        " ('partnership_id', 'in', [False, partnership_id])]",
    )
    share = fields.Float("Wanted Share", required=True, digits=(16, 4))

    _value_uniq = models.UniqueIndex(
        "(partnership_id, dimension_id, COALESCE(interest_group_id, 0), COALESCE(sector, ''),"
        " COALESCE(value_id, 0))",
        "This group is in the area profile already.",
    )
    _share_range = models.Constraint(
        "CHECK (share >= 0 AND share <= 1)", "A wanted share is between 0 and 100 %."
    )

    @api.depends("dimension_id.name", "interest_group_id.name", "sector", "value_id.name")
    def _compute_display_name(self):
        sectors = dict(self._fields["sector"]._description_selection(self.env))
        for line in self:
            line.display_name = (
                line.interest_group_id.name or line.value_id.name or sectors.get(line.sector)
            )

    @api.constrains("dimension_id", "interest_group_id", "sector", "value_id")
    def _check_value(self):
        for line in self:
            fname = VALUE_FIELDS[line.kind]
            filled = {name for name in VALUE_FIELDS.values() if line[name]}
            value = line.value_id
            if filled != {fname} or (value and value.dimension_id != line.dimension_id):
                raise ValidationError(
                    self.env._(
                        "A line of the area profile by “%(dimension)s” names one of its values, "
                        "and nothing else.",
                        dimension=line.dimension_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.partnership_id._profile_changed()
        return lines

    def write(self, vals):
        partnerships = self.partnership_id
        result = super().write(vals)
        if vals.keys() - {"sequence"}:
            (partnerships | self.partnership_id)._profile_changed()
        return result

    def unlink(self):
        partnerships = self.partnership_id
        result = super().unlink()
        partnerships._profile_changed()
        return result
