from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import ormcache


class PartnershipGuardedMixin(models.AbstractModel):
    """No record leaves its partnership, and whatever it names is of the same one, or of all.

    Record rules look at a record before it is written, at the partnership that it leaves; this
    looks at the one that it comes to, whichever field takes it there.
    """

    _inherit = "partnership.guarded.mixin"

    @api.model
    @ormcache("self._name")
    def _get_partnership_fields(self):
        """:return: tuple of the fields that name a partnership or a record of one; empty where the
        records are not of a partnership themselves"""
        if not _is_of_a_partnership(self):
            return ()
        return tuple(
            fname
            for fname, field in self._fields.items()
            if field.store
            and field.type in ("many2one", "many2many")
            and (fname == "partnership_id" or _is_of_a_partnership(self.env[field.comodel_name]))
        )

    @api.constrains(lambda self: self._get_partnership_fields())
    def _check_same_partnership(self):
        """Also what is archived, and whoever writes it."""
        records = self.sudo().with_context(active_test=False)
        for fname in self._get_partnership_fields():
            if fname == "partnership_id" or not records[fname].partnership_id:
                continue
            for record in records:
                place = record.partnership_id
                foreign = record[fname].filtered(
                    lambda other, place=place: other.partnership_id not in (place, place.browse())
                )
                if foreign:
                    raise ValidationError(record._format_foreign(fname, foreign[0]))

    def _format_foreign(self, fname, foreign):
        """:return: what is wrong, in words; nothing is named to who cannot read it"""
        field = self._fields[fname]._description_string(self.env)
        if not foreign.sudo(False).has_access("read"):
            return self.env._("%(field)s: choose one of the same partnership.", field=field)
        return self.env._(
            "%(record)s: “%(foreign)s” (%(field)s) belongs to %(other)s, not to %(partnership)s.",
            record=self.display_name,
            foreign=foreign.display_name,
            field=field,
            other=foreign.partnership_id.name,
            partnership=self.partnership_id.name or self.env._("no partnership"),
        )

    def write(self, vals):
        named = set(self._get_partnership_fields()) & vals.keys() if not self.env.su else ()
        before = {record.id: record.partnership_id for record in self.sudo()} if named else {}
        result = super().write(vals)
        self._check_stays(before)
        return result

    def _check_stays(self, before):
        """:param before: dict id -> the partnership in which the record was"""
        moved = self.browse(
            record.id
            for record in self.sudo()
            if record.id in before and record.partnership_id != before[record.id]
        )
        moved.check_access("write")
        for record in moved:
            if before[record.id]:
                raise UserError(
                    self.env._(
                        "%(record)s belongs to %(partnership)s and cannot move to %(other)s: "
                        "delete or archive it, and make another one instead.",
                        record=record.display_name,
                        partnership=before[record.id].name,
                        other=record.partnership_id.name or self.env._("no partnership"),
                    )
                )


def _is_of_a_partnership(model):
    field = model._fields.get("partnership_id")
    return bool(field and field.store and not model._transient)
