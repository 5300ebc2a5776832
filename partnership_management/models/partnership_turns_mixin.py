from odoo import api, models
from odoo.tools import SQL

from ..tools.client_values import to_id


class PartnershipTurnsMixin(models.AbstractModel):
    """Twice is once: two clicks, two imports, two jobs make a thing one time."""

    _name = "partnership.turns.mixin"
    _description = "Record at Which Others Wait"

    def _take_turns(self):
        """Let those who make something of these records do it one after the other: whoever comes
        second sees what the first has made.

        It is called before anything is made. What was looked at until then holds: the rows are
        written, not only locked, so that who waited for them, with an older view of the data,
        fails with a serialisation error. Odoo then runs that request again, and it looks again.
        """
        if self.ids:
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE %(table)s record
                       SET write_date = record.write_date
                      FROM (
                          SELECT id FROM %(table)s
                           WHERE id IN %(ids)s ORDER BY id FOR NO KEY UPDATE
                           ) locked
                     WHERE record.id = locked.id
                    """,
                    table=SQL.identifier(self._table),
                    ids=tuple(self.ids),
                ),
                log_exceptions=False,
            )

    @api.model
    def _take_turns_at(self, path, vals_list):
        """Do so before records of this model are made, at what they lead to.

        :param path: from a field of ``vals_list`` on, such as ``seat_id.membership_id``
        :param vals_list: as for ``create``
        """
        self.check_access("create")
        fname, _dot, rest = path.partition(".")
        default = self.env.context.get(f"default_{fname}")
        ids = {to_id(vals.get(fname, default)) for vals in vals_list}
        records = self.env[self._fields[fname].comodel_name].browse(filter(None, ids))
        (records.sudo().mapped(rest) if rest else records)._take_turns()
