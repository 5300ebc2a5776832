import math
from collections import defaultdict
from itertools import chain

from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import ormcache

from ..tools.client_values import iter_links

# No number that is typed is greater: above, sums lose their cents, and a day is no date any more
LARGEST = 1e12
LARGEST_INTEGER = 10**6
YEARS = range(1900, 2500)


class PartnershipGuardedMixin(models.AbstractModel):
    """What a client may not bend, whatever it sends.

    Every model of ours has it, and every model of Odoo that we add fields to. What is said here of
    a field is said of those that these addons define.

    - A system field is stored and readonly: computed, related, or written by a method. Rules and
      figures rest on them, so nobody but the system writes them. A method that does runs under
      ``sudo`` for that one write, which it never mixes with what a client has sent.
    - An id leads to no record that the user may not read.
    - No record leaves its partnership, and what it names is of the same one, or of all.
    - A number is a number. Odoo would store "nan" and infinities, with which every figure that
      rests on them is lost, and gives a raw error for some of them.
    """

    _name = "partnership.guarded.mixin"
    _inherit = ["partnership.used.mixin", "partnership.clock.mixin", "partnership.turns.mixin"]
    _description = "Guarded Record"

    @api.model
    def _is_own_field(self, field):
        """:return: whether one of these addons defines ``field``"""
        return any(module.startswith("partnership_") for module in field._modules)

    @api.model
    def _is_system_field(self, field):
        """Not in a dialog: what stands there is its user's alone, and rests on nothing else."""
        stored = field.store and field.readonly and not self._transient
        return stored and self._is_own_field(field)

    @api.model
    def _has_field_access(self, field, operation):
        """Asked for each value that is read of each record, so in one step."""
        if self.env.su:
            return True
        if operation == "read":
            hidden = field.name in self._team_fields and self._is_outside_team()
        else:
            hidden = self._is_system_field(field)
        return not hidden and super()._has_field_access(field, operation)

    @api.model
    def _check_field_access(self, field, operation):
        if operation == "write" and not self.env.su and self._is_system_field(field):
            raise AccessError(
                self.env._(
                    "“%(field)s” (%(model)s, %(name)s) is not written by hand: it follows from "
                    "what is recorded, or from a button.",
                    field=field._description_string(self.env),
                    model=self.env["ir.model"]._get(self._name).name,
                    name=field.name,
                )
            )
        return super()._check_field_access(field, operation)

    @api.model_create_multi
    def create(self, vals_list):
        """A default in the context, such as the partnership that a screen is about, says nothing
        of a system field: it follows from the others."""
        self.browse()._check_links(vals_list)
        this = self.with_env(self.env(context=self._get_client_context()))
        return super(PartnershipGuardedMixin, this).create(vals_list).with_env(self.env)

    def write(self, vals):
        self._check_numbers(vals)
        self._check_links([vals])
        before = {} if self.env.su else self._get_partnerships(vals)
        result = super().write(vals)
        self._check_stays(before)
        return result

    @api.model
    def _get_client_context(self):
        """:return: the context without defaults of system fields"""

        def is_system(key):
            field = key.startswith("default_") and self._fields.get(key.removeprefix("default_"))
            return field and self._is_system_field(field)

        return {key: value for key, value in self.env.context.items() if not is_system(key)}

    def _filtered_changed(self, vals, fnames):
        """:param fnames: names of fields, some of them in ``vals``
        :return: the records to which ``vals`` would give another value, however it is spelled: a
                 client says no with False, 0, null or an empty text"""
        changing = [fname for fname in fnames if fname in vals]
        self._check_numbers({fname: vals[fname] for fname in changing})

        def convert(field, value, record):
            value = field.convert_to_cache(value, record, validate=False)
            return None if value == "" else value

        def is_changed(record):
            fields = [record._fields[fname] for fname in changing]
            return any(
                convert(field, vals[field.name], record)
                != convert(field, record[field.name], record)
                for field in fields
            )

        return self.filtered(is_changed) if changing else self.browse()

    def copy_data(self, default=None):
        """A copy is a new record: the system writes its own fields anew."""
        vals_list = super().copy_data(default)
        if self.env.su:
            return vals_list
        return [
            {
                fname: value
                for fname, value in vals.items()
                if not self._is_system_field(self._fields[fname])
            }
            for vals in vals_list
        ]

    # ------------------------------------------------------------
    # Records that the user may not read
    # ------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        """Without defaults that lead to a record which the user may not read, nor such as users
        set themselves, which they may for any field, where it is the system's."""
        defaults = self._without_own_defaults(super().default_get(fields))
        if self.env.su or not self._get_hidden([defaults]):
            return defaults
        return {
            fname: value
            for fname, value in defaults.items()
            if not self._get_hidden([{fname: value}])
        }

    @api.model
    def _without_own_defaults(self, defaults):
        """:return: ``defaults``, in which system fields have the one that their model gives"""
        own = self.env["ir.default"]._get_model_defaults(self._name)
        kept = dict(defaults)
        for fname in own.keys() & defaults.keys():
            field = self._fields[fname]
            if self._is_system_field(field) and f"default_{fname}" not in self.env.context:
                del kept[fname]
                if field.default:
                    value = field.convert_to_cache(field.default(self), self, validate=False)
                    kept[fname] = field.convert_to_write(value, self)
        return kept

    def onchange(self, values, field_names, fields_spec):
        self._check_links([values])
        return super().onchange(values, field_names, fields_spec)

    def _check_links(self, vals_list):
        """Refuse values that lead to a record which the user may not read: what is related to it,
        and read as the system, would show it."""
        hidden = {} if self.env.su else self._get_hidden(vals_list)
        for records in hidden.values():
            records.check_access("read")

    def _get_hidden(self, vals_list):
        """:return: dict model -> its records that values of our fields lead to and that the user
        may not read; what stands on a record already says nothing new"""
        links = defaultdict(list)
        for owner, field, record_id in chain(*(iter_links(self, vals) for vals in vals_list)):
            if self._is_own_field(field):
                links[field.comodel_name].append((owner, field, record_id))
        hidden = {}
        for name, found in links.items():
            records = self.env[name].browse({record_id for _owner, _field, record_id in found})
            unread = set((records - records._filtered_access("read"))._ids)
            new = [
                record_id
                for owner, field, record_id in found
                if record_id in unread and record_id not in owner.sudo()[field.name]._ids
            ]
            if new:
                hidden[name] = records.browse(new)
        return hidden

    # ------------------------------------------------------------
    # One partnership
    # ------------------------------------------------------------

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

    def _get_partnerships(self, vals):
        """:return: dict id -> the partnership of the record, if ``vals`` may change that"""
        if vals.keys().isdisjoint(self._get_partnership_fields()):
            return {}
        return {record.id: record.partnership_id for record in self.sudo()}

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

    # ------------------------------------------------------------
    # Numbers and dates
    # ------------------------------------------------------------

    @api.model
    def _add_missing_default_values(self, values):
        """Looks at the defaults too, which the context may hold, before anything is made of
        them."""
        given = {
            name.removeprefix("default_"): value
            for name, value in self.env.context.items()
            if name.startswith("default_")
        }
        self._check_numbers({**given, **values})
        complete = super()._add_missing_default_values(values)
        self._check_numbers(
            {fname: value for fname, value in complete.items() if fname not in values}
        )
        return complete

    @api.model
    def _check_numbers(self, vals):
        for fname, value in vals.items():
            field = self._fields.get(fname)
            if not value or field is None or not self._is_own_field(field):
                continue
            if field.type in ("date", "datetime") and not _is_date(field, value):
                raise ValidationError(
                    self.env._(
                        "%(field)s: “%(value)s” is not a date from %(first)s to %(last)s.",
                        field=field._description_string(self.env),
                        value=str(value)[:50],
                        first=YEARS[0],
                        last=YEARS[-1],
                    )
                )
            if field.type not in ("float", "monetary", "integer"):
                continue
            most = LARGEST_INTEGER if field.type == "integer" else LARGEST
            if not _is_number_up_to(value, most):
                raise ValidationError(
                    self.env._(
                        "%(field)s: “%(value)s” is not a number from %(least)s to %(most)s.",
                        field=field._description_string(self.env),
                        value=str(value)[:50],
                        least=f"-{int(most)}",
                        most=int(most),
                    )
                )


def _is_number_up_to(value, most):
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return False
    return math.isfinite(number) and abs(number) <= most


def _is_date(field, value):
    try:
        moment = field.convert_to_cache(value, None)
    except (TypeError, ValueError, AttributeError):
        return False
    return not moment or moment.year in YEARS


def _is_of_a_partnership(model):
    field = model._fields.get("partnership_id")
    return bool(field and field.store and not model._transient)
