from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.internal import INTERNAL, is_internal


class PartnershipMembership(models.Model):
    """The zone of an actor, which is a trait of it: a change ends one row and opens the next."""

    _inherit = "partnership.membership"

    zone_id = fields.Many2one(
        "partnership.dimension.value",
        domain="[('dimension_id.kind', '=', 'zone'),"
        " ('partnership_id', 'in', [False, partnership_id])]",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="The part of the area that the actor comes from.",
    )

    @api.constrains("zone_id")
    def _check_zone(self):
        for membership in self.filtered("zone_id"):
            zone = membership.zone_id
            if zone.dimension_id.kind != "zone":
                raise ValidationError(
                    self.env._(
                        "“%(zone)s” is not a zone of %(partnership)s.",
                        zone=zone.name,
                        partnership=membership.partnership_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        memberships = super().create(vals_list)
        memberships.filtered("zone_id")._write_zone_traits()
        return memberships

    def write(self, vals):
        """A change of zone is dated as one of role: ``transition_date`` in the context."""
        changed = self.browse()
        if not is_internal(self, "zone_from_trait"):
            changed = self._filtered_changed(vals, ["zone_id"])
        result = super().write(vals)
        changed._write_zone_traits()
        return result

    @api.model
    def load(self, fields, data):
        """A list of members names zones: those of the partnership of the line, made where they
        are new."""
        if {"zone_id", "partnership_id"} <= set(fields):
            at, place_at = fields.index("zone_id"), fields.index("partnership_id")
            pairs = {(row[place_at], row[at]) for row in data if row[at] and row[place_at]}
            zones = {pair: self._find_zone_to_load(*pair) for pair in pairs}
            fields = ["zone_id/.id" if name == "zone_id" else name for name in fields]
            data = [list(row) for row in data]
            for row in data:
                row[at] = zones.get((row[place_at], row[at]), row[at])
        return super().load(fields, data)

    @api.model
    def _find_zone_to_load(self, partnership_name, zone_name):
        """:return: id of the zone as text; nothing where the partnership is not known, which the
        import says of the line"""
        found = self.env["partnership.partnership"].name_search(partnership_name, operator="=")
        if len(found) != 1:
            return ""
        partnership = self.env["partnership.partnership"].browse(found[0][0])
        Value = self.env["partnership.dimension.value"]
        return str(Value._find_or_create_zone(zone_name, partnership).id)

    def _write_zone_traits(self):
        """End the zone that the actors had, and open the one that they have now.

        The first zone that is known of an actor is taken to be the one it always had.
        """
        dimension = self.env["partnership.dimension.value"]._get_zone_dimension()
        Trait = self.env["partnership.trait"].with_context(zone_from_membership=INTERNAL)
        known = Trait.search(
            [
                ("dimension_id", "=", dimension.id),
                ("partnership_id", "in", self.partnership_id.ids),
                ("partner_id", "in", self.partner_id.ids),
            ]
        ).grouped(lambda trait: (trait.partnership_id, trait.partner_id))
        vals_list = []
        for membership in self:
            before = known.get((membership.partnership_id, membership.partner_id), Trait)
            day = membership._get_zone_day(before)
            before.filtered(lambda trait: not trait.date_end)._end_before(day)
            if membership.zone_id:
                vals_list.append(
                    {
                        "partnership_id": membership.partnership_id.id,
                        "partner_id": membership.partner_id.id,
                        "dimension_id": dimension.id,
                        "value_id": membership.zone_id.id,
                        "date_start": day,
                    }
                )
        Trait.create(vals_list)

    def _get_zone_day(self, before):
        """:param before: the zones that the actor had
        :return: the first day of the zone that the membership has now"""
        self.ensure_one()
        chosen = fields.Date.to_date(self.env.context.get("transition_date"))
        if chosen or not before:
            return chosen or self.date_start
        return max(self._get_today(), self.date_start)
