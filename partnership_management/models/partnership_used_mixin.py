from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import ormcache

NAMES = 3  # so many are named of each kind


class PartnershipUsedMixin(models.AbstractModel):
    """What a record of ours points at is not deleted under it, and whoever tries is told what
    uses it.

    The database refuses as well: in words of its own, which Odoo shows as they are.
    """

    _name = "partnership.used.mixin"
    _description = "Record in Use"

    @api.model
    @ormcache()
    def _get_pointing(self):
        """:return: two dicts: model -> tuple of (model, name of its field) that keep a record from
        being deleted, where our addons define the field, and that are deleted along with it"""
        kept, along = defaultdict(list), defaultdict(list)
        for name, model in self.env.registry.items():
            if model._abstract or model._transient or not model._auto:
                continue
            for field in model._fields.values():
                if field.type not in ("many2one", "many2many") or not field.store:
                    continue
                ours = any(module.startswith("partnership_") for module in field._modules)
                if field.ondelete == "restrict" and ours:
                    kept[field.comodel_name].append((name, field.name))
                elif field.type == "many2one" and field.ondelete == "cascade":
                    along[field.comodel_name].append((name, field.name))
        return dict(kept), dict(along)

    @api.ondelete(at_uninstall=False)
    def _unlink_when_unused(self):
        """Odoo calls these methods by their names: this one after those in which a model says in
        words of its own what keeps it."""
        system = self.sudo().with_context(active_test=False)
        uses = [
            self._format_use(found, domain)
            for name, domain in system._get_uses().items()
            if (found := system.env[name].search(domain, limit=NAMES * 5))
        ]
        if uses:
            raise UserError(
                self.env._(
                    "%(records)s: in use, so it cannot be deleted. Used by: %(uses)s. %(advice)s",
                    records=self._format_names(self) or self._get_label(self),
                    uses="; ".join(uses),
                    advice=self._get_advice(),
                )
            )

    def _get_uses(self):
        """:return: dict model -> Domain of its records that keep these, and what is deleted along
        with them, from being deleted; without those that go along themselves"""
        kept, along = self.env["partnership.used.mixin"]._get_pointing()
        gone, queue, pointing = defaultdict(set), [self], defaultdict(list)
        while queue:
            records = queue.pop()
            gone[records._name].update(records._ids)
            for name, fname in kept.get(records._name, ()):
                pointing[name].append(Domain(fname, "in", records.ids))
            for name, fname in along.get(records._name, ()):
                found = name in kept and self.env[name].search([(fname, "in", records.ids)])
                if found and not gone[name].issuperset(found._ids):
                    queue.append(found)
        for model, ids in gone.items():
            for name, domains in pointing.items():
                links = {fname for other, fname in along.get(model, ()) if other == name}
                links |= {"id"} if model == name else set()
                stays = Domain.AND(Domain(link, "not in", list(ids)) for link in links)
                pointing[name] = [domain & stays for domain in domains]
        return {name: Domain.OR(domains) for name, domains in pointing.items()}

    def _format_use(self, found, domain):
        """:return: what uses the records, how often, and the names of those that the user reads"""
        names, values = (
            self._format_names(found),
            {
                "model": self._get_label(found),
                "count": found.search_count(domain),
            },
        )
        if names:
            return self.env._("%(model)s, %(count)s (%(names)s)", **values, names=names)
        return self.env._("%(model)s, %(count)s", **values)

    @api.model
    def _get_label(self, records):
        return self.env["ir.model"]._get(records._name).name

    @api.model
    def _format_names(self, records):
        """:return: the names of a few records, without those that the user may not read"""
        records = records.with_env(self.env).sudo(False)
        names = [f"“{each.display_name}”" for each in records._filtered_access("read")[:NAMES]]
        return ", ".join([*names, "…"] if names and len(records) > NAMES else names)

    def _get_advice(self):
        if self._active_name:
            return self.env._("Archive it instead, or change those first.")
        if "date_end" in self._fields:
            return self.env._("End it instead, or change those first.")
        return self.env._("Change or delete those first.")
