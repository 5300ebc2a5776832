from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class PartnershipDimensionValue(models.Model):
    """One value of a dimension: a zone of an area, an age group.

    Without a partnership it is there for all of them.
    """

    _name = "partnership.dimension.value"
    _description = "Value of a Dimension"
    _inherit = ["partnership.guarded.mixin"]
    _order = "dimension_id, sequence, name, id"

    name = fields.Char(required=True)
    dimension_id = fields.Many2one(
        "partnership.dimension",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("kind", "in", ("zone", "free"))],
        default=lambda self: self._get_zone_dimension(),
    )
    partnership_id = fields.Many2one(
        "partnership.partnership", index="btree_not_null", ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    active = fields.Boolean(default=True)

    _name_uniq = models.UniqueIndex(
        "(dimension_id, COALESCE(partnership_id, 0), lower(name))",
        "This dimension has a value of that name already.",
    )

    @api.model
    def _get_zone_dimension(self):
        return self.env["partnership.dimension"].search([("kind", "=", "zone")], limit=1)

    @api.constrains("dimension_id")
    def _check_dimension(self):
        for value in self:
            if value.dimension_id.kind in ("group", "sector"):
                raise ValidationError(
                    self.env._(
                        "“%(dimension)s” has no values of its own: they are the interest groups "
                        "and their sectors.",
                        dimension=value.dimension_id.name,
                    )
                )

    def write(self, vals):
        moved = self._filtered_changed(vals, ["dimension_id", "partnership_id"])
        Trait = self.env["partnership.trait"].sudo()
        if moved and Trait.search_count([("value_id", "in", moved.ids)], limit=1):
            raise UserError(
                self.env._(
                    "“%(value)s” is recorded of actors already: archive it and make a new value.",
                    value=moved[0].name,
                )
            )
        return super().write(vals)

    @api.model
    def _find_or_create_zone(self, name, partnership):
        """:return: the zone of that name, of ``partnership`` or of all; made where there is none"""
        dimension = self._get_zone_dimension()
        places = self.search(
            [
                ("dimension_id", "=", dimension.id),
                ("partnership_id", "in", [partnership.id, False]),
                ("name", "=ilike", name.strip()),
            ],
            order="partnership_id, id",
            limit=1,
        )
        return places or self.create(
            {
                "name": name.strip(),
                "dimension_id": dimension.id,
                "partnership_id": partnership.id,
            }
        )
