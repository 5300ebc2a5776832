from odoo import api, models
from odoo.fields import Domain
from odoo.orm.domains import DomainAnd, DomainCondition
from odoo.tools import SQL


class PartnershipReportMixin(models.AbstractModel):
    """A report costs what it shows, not what is in the tables.

    A report says in ``_table_query`` what its rows are, of all partnerships, and in ``_depends``
    what it reads. Its record rules and what a search asks for stand above its grouping, where
    PostgreSQL often cannot bring them down. So each table is put before the query once more, under
    its own name, with the rows in sight alone: of the partnerships that the user may read, as far
    as the search asks for them. The query knows nothing of it and is the same for everybody.

    It takes rows away and adds none; the rules of the report hold as they are. What a row of a
    partnership is made of is of that partnership, or of none.
    """

    _name = "partnership.report.mixin"
    _inherit = ["partnership.guarded.mixin"]
    _description = "Report"

    # model -> its field that is the date of a row; of no other day may anything count in the row
    _own_dates = {}

    @property
    def _table_sql(self):
        tables = [
            SQL(
                "%s AS NOT MATERIALIZED (%s)",
                SQL.identifier(model._table),
                model.sudo().with_context(active_test=False)._search(domain).select(SQL("*")),
            )
            for model, domain in self._get_domains_in_sight()
            if not domain.is_true()
        ]
        if not tables:
            return super()._table_sql
        tables = SQL(", ").join(tables)
        return SQL("(WITH %s SELECT * FROM %s AS report)", tables, super()._table_sql)

    @api.model
    def _get_tables(self):
        """:return: list of the models that the query reads, also by way of other reports"""
        found, following = {"partnership.partnership": self.env["partnership.partnership"]}, [self]
        while following:
            for name in following.pop()._depends:
                if name not in found:
                    found[name] = self.env[name]
                    following.append(found[name])
        return [model for model in found.values() if not model._table_query]

    @api.model
    def _get_domains_in_sight(self):
        """:return: iterator of (model, Domain): what of each table the query may read"""
        partnership_ids = self._get_partnership_ids_in_sight()
        asked = [each for each in self._get_asked() if each.field_expr == "date"]
        for model in self._get_tables():
            domain = self._domain_of_partnerships(model, partnership_ids)
            if fname := self._own_dates.get(model._name):
                domain &= Domain.AND(Domain(fname, each.operator, each.value) for each in asked)
            yield model, domain

    @api.model
    def _domain_of_partnerships(self, model, partnership_ids):
        field = model._fields.get("partnership_id")
        if partnership_ids is None:
            return Domain.TRUE
        if model._name == "partnership.partnership":
            return Domain("id", "in", partnership_ids)
        if not field or not field.store:
            return Domain.TRUE
        if field.required or field.readonly or model._name == "calendar.event":
            return Domain("partnership_id", "in", partnership_ids)
        return Domain("partnership_id", "in", [*partnership_ids, False])  # what is for all

    @api.model
    def _get_partnership_ids_in_sight(self):
        """:return: list of ids, or None: of all"""
        asked = [
            set(each.value)
            for each in self._get_asked()
            if each.operator == "in" and each.field_expr == "partnership_id"
        ]
        ids = list(set.intersection(*asked)) if asked else None
        if self.env.su:
            return ids
        Partnership = self.env["partnership.partnership"].with_context(active_test=False)
        seen = list(Partnership._search([] if ids is None else [("id", "in", ids)]))
        is_all = ids is None and len(seen) == Partnership.sudo().search_count([])
        return None if is_all else seen

    # ------------------------------------------------------------
    # What a search asks for
    # ------------------------------------------------------------

    @api.model
    def _search(self, domain, *args, **kwargs):
        domain = Domain(domain).optimize_full(self)
        asking = self.with_context(partnership_report_asked=domain)
        return super(PartnershipReportMixin, asking)._search(domain, *args, **kwargs)

    @api.model
    def _get_asked(self):
        """:return: list of the conditions that all rows have to meet. A client cannot put a Domain
        in the context."""
        domain = self.env.context.get("partnership_report_asked")
        conditions = domain.children if isinstance(domain, DomainAnd) else [domain]
        return [each for each in conditions if isinstance(each, DomainCondition)]

    def exists(self):
        """That there is a row does not depend on who asks: what is hidden is refused, not gone."""
        return super(PartnershipReportMixin, self.sudo()).exists().with_env(self.env)
