from odoo import fields, models
from odoo.exceptions import UserError


class PartnershipDimension(models.Model):
    """What the composition of a partnership is looked at by: interest group, sector, zone, and
    whatever else an area keeps, such as age group or gender.

    Interest group and sector are known of every membership. Of the others the values are in
    ``partnership.dimension.value``, and who has which, and since when, in ``partnership.trait``.
    """

    _name = "partnership.dimension"
    _description = "Dimension of Composition"
    _inherit = ["partnership.guarded.mixin"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=50)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [
            ("group", "Interest group"),
            ("sector", "Sector"),
            ("zone", "Zone"),
            ("free", "Other"),
        ],
        required=True,
        default="free",
        readonly=True,
    )
    subject = fields.Selection(
        [("member", "The member"), ("person", "The person who speaks for it")],
        "Of Whom",
        required=True,
        default="member",
        help="Of a person: for an organisation its titular counts, at a meeting whoever came. "
        "Who is a member as a person counts in both cases.",
    )
    value_ids = fields.One2many("partnership.dimension.value", "dimension_id", "Values")

    _name_uniq = models.Constraint("UNIQUE (name)", "A dimension of this name exists already.")
    _kind_uniq = models.UniqueIndex(
        "(kind) WHERE kind != 'free'",
        "There is one dimension of interest groups, one of sectors and one of zones.",
    )
    _subject_of_kind = models.Constraint(
        "CHECK (kind = 'free' OR subject = 'member')",
        "Interest group, sector and zone are those of the member.",
    )

    def write(self, vals):
        """What was recorded of members does not become something that was said of persons."""
        changed = self._filtered_changed(vals, ["kind", "subject"])
        if changed._is_used():
            raise UserError(
                self.env._(
                    "Values of “%(dimension)s” are recorded already: archive it and make a new "
                    "dimension.",
                    dimension=changed[0].name,
                )
            )
        return super().write(vals)

    def _is_used(self):
        Trait = self.env["partnership.trait"].sudo()
        return bool(Trait.search_count([("dimension_id", "in", self.ids)], limit=1))
