from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from .partnership_dated_mixin import one_at_a_time


class PartnershipTrait(models.Model):
    """What an actor or a person was, in a dimension, from one day to another: from which zone, of
    which age group.

    What is known of persons is personal: only the team sees it. A value is not overwritten: what
    changes ends, and the next row begins.
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
