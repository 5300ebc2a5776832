from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ...tools.internal import INTERNAL, is_internal
from ..partnership_dated_mixin import one_at_a_time


class PartnershipTrait(models.Model):
    """What an actor or a person was, in a dimension, from one day to another: from which zone, of
    which age group.

    What is known of persons is personal: only the team sees it. A value is not overwritten: what
    changes ends, and the next row begins.

    A zone that is written as a trait is that of the membership too.
    """

    _name = "partnership.trait"
    _description = "Trait"
    _inherit = ["partnership.dated.mixin", "partnership.guarded.mixin"]
    _order = "partner_id, dimension_id, date_start desc, id desc"
    _turns_path = "partner_id"
    _check_company_auto = True

    partnership_id = fields.Many2one(
        "partnership.partnership", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="partnership_id.company_id", store=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Actor or Person",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    dimension_id = fields.Many2one(
        "partnership.dimension",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("kind", "in", ("zone", "free"))],
    )
    value_id = fields.Many2one(
        "partnership.dimension.value",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('dimension_id', '=', dimension_id),"
        " ('partnership_id', 'in', [False, partnership_id])]",
    )

    _one_at_a_time = one_at_a_time(
        "There is one value of a dimension at a time: its dates overlap another's.",
        "partner_id",
        "partnership_id",
        "dimension_id",
    )

    @api.depends("partner_id.name", "dimension_id.name", "value_id.name")
    def _compute_display_name(self):
        for trait in self:
            trait.display_name = self.env._(
                "%(actor)s: %(dimension)s %(value)s",
                actor=trait.partner_id.name or "",
                dimension=trait.dimension_id.name or "",
                value=trait.value_id.name or "",
            )

    @api.constrains("value_id", "dimension_id")
    def _check_value(self):
        for trait in self:
            value = trait.value_id
            if value.dimension_id != trait.dimension_id:
                raise ValidationError(
                    self.env._(
                        "“%(value)s” is a value of “%(other)s”, not of “%(dimension)s”.",
                        value=value.name,
                        other=value.dimension_id.name,
                        dimension=trait.dimension_id.name,
                    )
                )

    @api.constrains("partnership_id", "partner_id", "dimension_id", "date_start", "date_end")
    def _check_overlap(self):
        overlap = self._find_overlap(["partnership_id", "partner_id", "dimension_id"])
        if overlap:
            trait, other, date = overlap
            raise ValidationError(
                self.env._(
                    "“%(trait)s” and “%(other)s” would both hold on %(date)s: end one of them "
                    "before that day.",
                    trait=trait.display_name,
                    other=other.display_name,
                    date=format_date(self.env, date),
                )
            )

    def write(self, vals):
        """The past is not rewritten: a row can only be ended, or its dates be put right."""
        fixed = ("partnership_id", "partner_id", "dimension_id", "value_id")
        rewritten = self._filtered_changed(vals, fixed)
        if rewritten:
            raise UserError(
                self.env._(
                    "“%(trait)s” is not rewritten: end it and add what holds from then on, or "
                    "remove it if it was a mistake.",
                    trait=rewritten[0].display_name,
                )
            )
        result = super().write(vals)
        self._sync_zones()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        traits = super().create(vals_list)
        traits._sync_zones()
        return traits

    def unlink(self):
        actors = self._get_zone_memberships()
        result = super().unlink()
        self._set_zones(actors)
        return result

    def _end_before(self, day):
        """End these traits the day before ``day``; what began on it was put right: it goes."""
        same_day = self.filtered(lambda trait: trait.date_start == day)
        same_day.unlink()
        (self - same_day).date_end = day - timedelta(days=1)

    def _sync_zones(self):
        if not is_internal(self, "zone_from_membership"):
            self._set_zones(self._get_zone_memberships())

    def _get_zone_memberships(self):
        """:return: the open memberships of the actors whose zones these traits are"""
        zones = self.filtered(lambda trait: trait.dimension_id.kind == "zone")
        if not zones or is_internal(self, "zone_from_membership"):
            return self.env["partnership.membership"]
        return self.env["partnership.membership"].search(
            [
                ("partnership_id", "in", zones.partnership_id.ids),
                ("partner_id", "in", zones.partner_id.ids),
                ("date_end", "=", False),
            ]
        )

    @api.model
    def _set_zones(self, memberships):
        """Give the memberships the zone that is open in the traits of their actor."""
        zones = self.search(
            [
                ("dimension_id.kind", "=", "zone"),
                ("partnership_id", "in", memberships.partnership_id.ids),
                ("partner_id", "in", memberships.partner_id.ids),
                ("date_end", "=", False),
            ]
        ).grouped(lambda trait: (trait.partnership_id, trait.partner_id))
        for membership in memberships.with_context(zone_from_trait=INTERNAL):
            zone = zones.get((membership.partnership_id, membership.partner_id), self.browse())
            if membership.zone_id != zone.value_id:
                membership.zone_id = zone.value_id
