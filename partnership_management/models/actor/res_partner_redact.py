from collections import defaultdict

from psycopg2.extras import Json

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL, split_every

TEXT_TYPES = ("char", "text", "html", "json", "properties", "properties_definition")
# What passes: notifications on their way to a browser, the log
PASSING = ("bus.bus", "ir.logging")
# Names of these are no words: of tables, of records
TECHNICAL = ("ir.model.data",)
# What hangs on a row, and what on that
DEPTH = 2
BATCH = 1000


def _any(conditions):
    return SQL(" OR ").join(SQL("(%s)", condition) for condition in conditions)


def _is_dialog(model):
    return model._transient and model._auto and not model._abstract


def _to_column(value):
    return Json(value) if isinstance(value, (dict, list)) else value


class ResPartner(models.Model):
    """Where a person may be named, and what becomes of it.

    That is every text of our models, of meetings, of the contact itself, and of whatever Odoo
    would delete along with one of those: messages, mails, activities, files, guests. Of members
    and those who speak for them it is what hangs on their contact, and the note there: their own
    names and addresses stay. Dialogs, notifications and mails about no record are looked at as
    well. What other addons know of a person (a lead, an invoice) is theirs, and stays.
    """

    _inherit = "res.partner"

    def _redact(self, redactor, is_shared):
        """Put the labels of ``redactor`` in the place of the names."""
        if not redactor:
            return
        self.env.flush_all()
        self._redact_files(redactor)
        self.env.flush_all()
        for table, types, rows in self._find_texts(redactor, is_shared):
            for batch in split_every(BATCH, rows):
                self._write_texts(table, types, batch)
        self.env.invalidate_all()

    def _write_texts(self, table, types, rows):
        names = {column: SQL.identifier(column) for column in types}
        self.env.cr.execute(
            SQL(
                "UPDATE %s AS old SET %s FROM (VALUES %s) AS new (id, %s) WHERE old.id = new.id",
                SQL.identifier(table),
                SQL(", ").join(
                    SQL("%s = new.%s::%s", name, name, SQL(types[column]))
                    for column, name in names.items()
                ),
                SQL(", ").join(SQL("%s", row) for row in rows),
                SQL(", ").join(names.values()),
            )
        )

    def _preview_anonymise(self):
        """:return: (dict name of what -> number of places that name the persons, files that give
        way to a note)"""
        self.env.flush_all()
        counts = defaultdict(int)
        removed = self.env["ir.attachment"]
        tables = {self.env[name]._table: self.env[name]._description for name in self.env}
        redactions = [each for each in self._get_redactions() if each[1]]
        for persons, redactor, is_shared in redactions:
            for table, _types, rows in persons._find_texts(redactor, is_shared):
                counts[tables[table]] += len(rows)
            for file, content in persons._find_files(redactor):
                counts[self.env._("Content of files")] += 1
                if content is None:
                    removed += file
        return counts, removed

    # ------------------------------------------------------------
    # Texts
    # ------------------------------------------------------------

    def _find_texts(self, redactor, is_shared):
        """:return: iterator of (table, dict column -> its type, list of rows that name somebody,
        as they shall be: id and the values of the columns)"""
        places = self._get_places() if is_shared else None
        reach = self._get_reach(places)
        columns = self._get_text_columns(reach)
        known = SQL("id IN (%s)", self._select_known(places))
        for model, types, condition in (
            *((model, columns[model], condition) for model, condition in reach.items()),
            ("res.partner", {"comment": "text"}, known),
        ):
            table = self.env[model]._table
            if types and (rows := self._find_rows(redactor, table, list(types), condition)):
                yield table, types, rows

    def _find_rows(self, redactor, table, columns, condition):
        found = []
        names = SQL(", ").join(map(SQL.identifier, columns))
        self.env.cr.execute(
            SQL(
                "SELECT id, %(names)s FROM %(table)s"
                " WHERE (%(condition)s) AND CONCAT_WS(' ', %(names)s) ~* %(pattern)s",
                names=names,
                table=SQL.identifier(table),
                condition=condition,
                pattern=redactor.pattern,
            )
        )
        for id_, *values in self.env.cr.fetchall():
            cleaned = [redactor.clean(value) for value in values]
            if cleaned != values:
                found.append((id_, *map(_to_column, cleaned)))
        return found

    def _get_text_columns(self, reach):
        """:return: dict model -> dict of the columns that hold words -> their type"""
        tables = {self.env[model]._table: model for model in reach}
        rows = self.env.execute_query(
            SQL(
                """SELECT table_name, column_name, udt_name FROM information_schema.columns
                    WHERE table_schema = current_schema AND table_name = ANY(%s)
                      AND udt_name IN ('text', 'varchar', 'jsonb')""",
                list(tables),
            )
        )
        found = defaultdict(dict)
        for table, column, kind in rows:
            field = self.env[tables[table]]._fields.get(column)
            if field is None or field.type in TEXT_TYPES:
                found[tables[table]][column] = kind
        return found

    # ------------------------------------------------------------
    # Where
    # ------------------------------------------------------------

    def _get_places(self):
        """:return: ids of the partnerships that know the persons"""
        self.env.flush_all()
        queries = [
            SQL(
                "SELECT partnership_id FROM %s WHERE %s = ANY(%s)",
                SQL.identifier(model._table),
                SQL.identifier(field.name),
                self.ids,
            )
            for model in self._get_own_models()
            for field in model._fields.values()
            if field.type == "many2one"
            and field.comodel_name == "res.partner"
            and field.store
            and self._is_placed(model)
        ]
        rows = self.env.execute_query(SQL(" UNION ").join(queries))
        return [place for (place,) in rows if place]

    def _get_own_models(self):
        """:return: list of our models that have a table, dialogs apart"""
        return [
            model
            for model in self.env.values()
            if model._name.startswith("partnership.")
            and model._auto
            and not model._abstract
            and not model._transient
        ]

    def _is_placed(self, model):
        field = model._fields.get("partnership_id")
        return bool(field and field.store)

    def _get_reach(self, places=None):
        """:param places: ids of the partnerships that are meant, by default all
        :return: dict model -> SQL condition of the rows that may name the persons
        """
        start = self._get_reach_start(places)
        reach = {name: [condition] for name, condition in start.items()}
        fields = [field for model in self._get_hanging_models() for field in model._fields.values()]
        for field in fields:
            if field.type == "many2one_reference" and field.store:
                condition = self._hangs_by_name(field, start, places)
                reach.setdefault(field.model_name, []).append(condition)
        rows = [field for field in fields if field.type == "many2one" and field.store]
        rows = {field for field in rows if field.ondelete == "cascade" and not field.inherited}
        for _each in range(DEPTH):
            above = {name: _any(conditions) for name, conditions in reach.items()}
            found = {field for field in rows if field.comodel_name in above}
            for field in found:
                condition = self._hangs_by_key(field, above)
                reach.setdefault(field.model_name, []).append(condition)
            rows -= found
        reach = {name: _any(conditions) for name, conditions in reach.items()}
        files = self._get_linked_files(reach)
        return reach | {"ir.attachment": _any([reach["ir.attachment"], *files])}

    def _get_hanging_models(self):
        return [
            model
            for model in self.env.values()
            if model._auto
            and not model._abstract
            and not model._transient
            and model._name not in TECHNICAL
            and not model._name.startswith("partnership.")
        ]

    def _select_known(self, places):
        """:return: SQL of the ids of the contacts that are members or speak for one"""
        here = self._get_here(places)
        return SQL(
            """SELECT partner_id FROM partnership_membership WHERE %(here)s
                UNION SELECT person_id FROM partnership_mandate WHERE %(here)s""",
            here=here,
        )

    def _get_here(self, places):
        return SQL("TRUE") if places is None else SQL("partnership_id = ANY(%s)", places)

    def _get_reach_start(self, places):
        here = self._get_here(places)
        reach = {
            model._name: here if self._is_placed(model) else SQL("TRUE")
            for model in self._get_own_models()
        }
        if places is not None:
            reach["partnership.partnership"] = SQL("id = ANY(%s)", places)
        passing = [model._name for model in self.env.values() if _is_dialog(model)]
        reach |= dict.fromkeys([*passing, *PASSING], SQL("TRUE"))
        reach["calendar.event"] = SQL(
            """partnership_id IS NOT NULL AND %s OR id IN (
               SELECT calendar_event_id FROM calendar_event_res_partner_rel
                WHERE res_partner_id = ANY(%s))""",
            here,
            self.ids,
        )
        reach["res.partner"] = SQL("id = ANY(%(ids)s) OR parent_id = ANY(%(ids)s)", ids=self.ids)
        reach["res.users"] = SQL("partner_id = ANY(%s)", self.ids)
        reach["mail.message"] = SQL("model IS NULL")
        reach["ir.filters"] = SQL("model_id LIKE 'partnership.%%'")
        return reach

    def _hangs_by_name(self, field, start, places):
        name, number = SQL.identifier(field.model_field), SQL.identifier(field.name)
        whole = [each for each, condition in start.items() if condition.code == "TRUE"]
        known = self._select_known(places)
        return _any(
            [
                SQL("%s = ANY(%s)", name, whole),
                SQL("%s = 'res.partner' AND %s IN (%s)", name, number, known),
                *(
                    SQL("%s = %s AND %s IN (%s)", name, each, number, self._select(each, condition))
                    for each, condition in start.items()
                    if each not in whole
                ),
            ]
        )

    def _hangs_by_key(self, field, reach):
        ids = self._select(field.comodel_name, reach[field.comodel_name])
        return SQL("%s IN (%s)", SQL.identifier(field.name), ids)

    def _get_linked_files(self, reach):
        """Files of a message or a mail may have been uploaded elsewhere."""
        return [
            SQL(
                "id IN (SELECT %s FROM %s WHERE %s IN (%s))",
                SQL.identifier(field.column2),
                SQL.identifier(field.relation),
                SQL.identifier(field.column1),
                self._select(name, condition),
            )
            for name, condition in reach.items()
            for field in self.env[name]._fields.values()
            if field.type == "many2many" and field.store and field.comodel_name == "ir.attachment"
        ]

    def _select(self, model, condition):
        return SQL("SELECT id FROM %s WHERE %s", SQL.identifier(self.env[model]._table), condition)

    # ------------------------------------------------------------
    # Files
    # ------------------------------------------------------------

    def _redact_files(self, redactor):
        """Lists and documents are written anew without the names; a file that cannot be, such as a
        PDF, gives way to a note that says why it has gone. What they were leaves the disk when
        Odoo next tidies it up, within the day."""
        for file, content in self._find_files(redactor):
            if content is None:
                note = self.env._(
                    "This file named a person who was made anonymous, and was removed for that."
                )
                file.write(
                    {"name": f"{file.name}.txt", "raw": note.encode(), "mimetype": "text/plain"}
                )
            else:
                file.raw = content
        for record, fname, content in self._find_columns(redactor):
            record[fname] = content

    def _find_files(self, redactor):
        """In the partnerships that know the persons: to open every file of all would take hours.

        :return: iterator of (ir.attachment, its content without the names or None)
        """
        reach = self._get_reach(self._get_places())
        rows = self.env.execute_query(
            SQL(
                """%s AND type = 'binary' AND (mimetype IS NULL OR mimetype LIKE 'image/svg%%'
                   OR mimetype !~ '^(image|audio|video)/') ORDER BY id""",
                self._select("ir.attachment", SQL("(%s)", reach["ir.attachment"])),
            )
        )
        for (id_,) in rows:
            file = self.env["ir.attachment"].browse(id_)
            content = file.raw
            cleaned = redactor.clean_file(content) if content else content
            if cleaned != content:
                yield file, cleaned
            file.invalidate_recordset(["raw"], flush=False)

    def _find_columns(self, redactor):
        """Files that a dialog keeps in its own table.

        :return: iterator of (record, name of the field, content without the names or none)
        """
        for model in filter(_is_dialog, self.env.values()):
            for field in model._fields.values():
                if field.type == "binary" and field.store and not field.attachment:
                    records = model.with_context(bin_size=False).search(
                        Domain(field.name, "!=", False)
                    )
                    for record in records:
                        content = record[field.name]
                        cleaned = redactor.clean_base64(content)
                        if cleaned != content:
                            yield record, field.name, cleaned or False
