import psycopg2

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date, mute_logger


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging contacts loses nothing that a partnership has recorded.

    The merge rewrites foreign keys by SQL, past every check in Python, and where a constraint
    objects it deletes all rows of the merged contact. So what would clash is folded before; the
    rest of our tables is rewritten here, strictly; and what Python would have refused is refused
    after. It is done with the rights of the system, whoever merges: nobody may lose what he
    cannot see. Only what the user may read is named to him.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        self.env.flush_all()
        self._check_kinds(src_partners | dst_partner)
        self._check_person_is_organisation(src_partners | dst_partner)
        self.sudo()._merge_partnership_records(src_partners, dst_partner)
        self._repoint_partners(src_partners, dst_partner)
        # Keys are rewritten whoever may see them; some apps look at their own rows here, which
        # not everybody who merges contacts may read
        result = super(BasePartnerMergeAutomaticWizard, self.sudo())._update_foreign_keys(
            src_partners.sudo(), dst_partner.sudo()
        )
        self.env.invalidate_all()
        self.sudo()._recompute_after_merge(dst_partner)
        self._check_merged(dst_partner)
        self._check_deferred(src_partners | dst_partner)
        return result

    @api.model
    def _merge_partnership_records(self, src_partners, dst_partner):
        """Make one of each two records that cannot both be of ``dst_partner``. Runs as the
        system; another addon folds its own here."""
        self._merge_memberships(src_partners | dst_partner)
        self._merge_attendance(src_partners | dst_partner, dst_partner)

    # ------------------------------------------------------------
    # What cannot be merged
    # ------------------------------------------------------------

    @api.model
    def _check_kinds(self, partners):
        """A person who took part as a person cannot become an organisation."""
        persons = partners.filtered(lambda partner: not partner.is_company)
        organisations = partners - persons
        if not organisations:
            return
        for model, fname in (
            ("partnership.mandate", "person_id"),
            ("partnership.attendance", "person_id"),
            ("partnership.membership", "partner_id"),
            ("partnership.interest", "person_id"),
            ("partnership.interest.declaration", "person_id"),
        ):
            found = self.env[model].sudo().search([(fname, "in", persons.ids)], limit=1)
            if found:
                raise UserError(
                    self.env._(
                        "%(person)s takes part in a partnership as a person, %(organisation)s is "
                        "an organisation: they cannot be merged.",
                        person=found[fname].name,
                        organisation=organisations[0].name,
                    )
                )

    @api.model
    def _check_person_is_organisation(self, partners):
        """Nobody comes to a meeting for itself."""
        row = (
            self.env["partnership.attendance"]
            .sudo()
            .search(
                [("person_id", "in", partners.ids), ("organisation_id", "in", partners.ids)],
                limit=1,
            )
        )
        if row:
            raise UserError(
                self.env._(
                    "%(person)s came for %(organisation)s on %(date)s: they cannot be one.",
                    person=row.person_id.name,
                    organisation=row.organisation_id.name,
                    date=format_date(self.env, row.date),
                )
            )

    @api.model
    def _check_merged(self, partner):
        """Refuse the merge where two records of the contact now hold on the same day."""
        Mandate = self.env["partnership.mandate"].sudo()
        mandates = Mandate.search(
            ["|", ("person_id", "=", partner.id), ("organisation_id", "=", partner.id)]
        )
        titulars = mandates.filtered(lambda mandate: mandate.kind == "titular")
        memberships = (
            self.env["partnership.membership"].sudo().search([("partner_id", "=", partner.id)])
        )
        overlap = (
            titulars._find_overlap(["seat_id", "kind"])
            or mandates._find_overlap(["seat_id", "person_id"])
            or titulars._find_overlap(["body_id", "membership_id", "person_id", "kind"])
            or memberships._find_overlap(["partnership_id", "partner_id"])
        )
        if overlap:
            record, other, date = overlap
            raise UserError(
                self.env._(
                    "%(contact)s cannot be merged: “%(record)s” and “%(other)s” would both hold "
                    "on %(date)s. End one of them before that day, or correct its dates.",
                    contact=partner.name,
                    record=self._name_to_user(record),
                    other=self._name_to_user(other),
                    date=format_date(self.env, date),
                )
            )

    @api.model
    def _name_to_user(self, record):
        """:return: the name of ``record``, or what kind of record it is if the user may not
        read it"""
        record = record.with_env(self.env)
        return record.display_name if record.has_access("read") else record._description

    # ------------------------------------------------------------
    # Rewriting keys
    # ------------------------------------------------------------

    @api.model
    def _repoint_partners(self, src_partners, dst_partner):
        """Rewrite the keys in our tables here: a clash that nobody has thought of stops the
        merge, where the core would delete the rows."""
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self._repoint("res.partner", dict.fromkeys(src_partners.ids, dst_partner.id))
        except psycopg2.IntegrityError as error:
            raise self._get_clash(src_partners | dst_partner, error) from error

    @api.model
    def _check_deferred(self, partners):
        """Say now and in words what the database would say only at the end of the transaction."""
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self.env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
                self.env.cr.execute("SET CONSTRAINTS ALL DEFERRED")
        except psycopg2.IntegrityError as error:
            raise self._get_clash(partners, error) from error

    @api.model
    def _get_clash(self, partners, error):
        tables = {self.env[name]._table: name for name in self._get_partnership_models()}
        name = tables.get(error.diag.table_name)
        return UserError(
            self.env._(
                "%(contacts)s cannot be merged: both have a record “%(model)s” that there can be "
                "once only. Remove one of the two first.",
                contacts=", ".join(partners.mapped("name")),
                model=self.env[name]._description if name else error.diag.table_name,
            )
        )

    @api.model
    def _repoint(self, model_name, moves):
        """Rewrite the keys to records of ``model_name`` in the tables of the addons' models.

        :param moves: dict old id -> new id
        """
        if not moves:
            return
        tables = {self.env[name]._table for name in self._get_partnership_models()}
        for table, column in self._get_fk_on(self.env[model_name]._table):
            if table in tables:
                self.env.cr.execute(
                    SQL(
                        """
                        UPDATE %(table)s
                           SET %(column)s = move.new
                          FROM unnest(%(old)s, %(new)s) AS move(old, new)
                         WHERE %(table)s.%(column)s = move.old
                        """,
                        table=SQL.identifier(table),
                        column=SQL.identifier(column),
                        old=list(moves.keys()),
                        new=list(moves.values()),
                    )
                )

    @api.model
    def _get_partnership_models(self):
        """:return: names of the stored models of this addon and of those that build on it"""
        return [
            name
            for name, model in self.env.registry.items()
            if name.startswith("partnership.")
            and model._auto
            and not model._abstract
            and not model._transient
        ]

    @api.model
    def _recompute(self, records, fnames):
        for fname in fnames:
            self.env.add_to_compute(records._fields[fname], records)
        self.env.flush_all()

    @api.model
    def _recompute_after_merge(self, partner):
        """Bring up to date what is stored of the contact, and what depends on its rows: a row and
        a mandate may have become those of one person."""
        rows = self.env["partnership.attendance"].search(
            ["|", ("person_id", "=", partner.id), ("organisation_id", "=", partner.id)]
        )
        rows.modified(["person_id", "seat_id", "membership_id", "status"])
        self.env.flush_all()
        for name in self._get_partnership_models():
            Model = self.env[name].with_context(active_test=False)
            for fname, field in Model._fields.items():
                path = (field.store and field.related or "").split(".")
                if len(path) > 1 and Model._fields[path[0]].comodel_name == "res.partner":
                    self._recompute(Model.search([(path[0], "=", partner.id)]), [fname])
