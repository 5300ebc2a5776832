from collections import defaultdict
from itertools import chain

from odoo import api, models
from odoo.exceptions import AccessError

from ..tools.client_values import iter_links


class PartnershipGuardedMixin(models.AbstractModel):
    """What a client may neither write nor read, whatever it sends.

    Every model of ours has it, and every model of Odoo that we add fields to. What is said here of
    a field is said of those that these addons define.

    A system field is stored and readonly: computed, related, or written by a method. Rules and
    figures rest on them, so nobody but the system writes them. A method that does runs under
    ``sudo`` for that one write, which it never mixes with what a client has sent.
    """

    _name = "partnership.guarded.mixin"
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
        if operation == "write" and not self.env.su and self._is_system_field(field):
            return False
        return super()._has_field_access(field, operation)

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
        this = self if self.env.su else self.with_context(self._get_client_context())
        return super(PartnershipGuardedMixin, this).create(vals_list).with_env(self.env)

    def write(self, vals):
        self._check_links([vals])
        return super().write(vals)

    @api.model
    def _get_client_context(self):
        """:return: the context without defaults of system fields"""
        fields = {f"default_{name}": field for name, field in self._fields.items()}
        return {
            key: value
            for key, value in self.env.context.items()
            if key not in fields or not self._is_system_field(fields[key])
        }

    def _filtered_changed(self, vals, fnames):
        """:param fnames: names of fields, some of them in ``vals``
        :return: the records to which ``vals`` would give another value, however it is spelled: a
                 client says no with False, 0, null or an empty text"""
        changing = [fname for fname in fnames if fname in vals]

        def convert(field, value, record):
            value = field.convert_to_cache(value, record)
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
        """Without defaults that lead to a record which the user may not read."""
        defaults = super().default_get(fields)
        return {
            fname: value
            for fname, value in defaults.items()
            if self.env.su or not self._get_hidden([{fname: value}])
        }

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
