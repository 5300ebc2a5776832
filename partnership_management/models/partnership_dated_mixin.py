from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..tools.against_today import AgainstToday


def one_at_a_time(message, *columns, where="TRUE"):
    """Of the facts that have the same ``columns``, integers, one holds on each day.

    A range of one number is that number: no extension of the database is needed for it. It is
    looked at when a transaction ends, since one may end what another begins in its place; users
    read what ``_find_overlap`` finds, long before.

    :param where: SQL of the facts that it is said of
    """
    same = ", ".join(f"int4range({column}, {column}, '[]') WITH =" for column in columns)
    return models.Constraint(
        f"EXCLUDE USING gist ({same}, daterange(date_start, date_end, '[]') WITH &&) "
        f"WHERE ({where} AND (date_end IS NULL OR date_end >= date_start)) "
        "DEFERRABLE INITIALLY DEFERRED",
        message,
    )


class PartnershipDatedMixin(models.AbstractModel):
    """A fact that holds from one day to another, both days included.

    History is kept as dated rows: what ends gets a last day, what follows is a new row.
    """

    _name = "partnership.dated.mixin"
    _description = "Dated Fact"
    _inherit = "partnership.clock.mixin"
    _portal_fields = ("date_start", "date_end", "is_current", "has_ended")
    # From a field to the record at which whoever writes facts that exclude each other waits
    _turns_path = None

    date_start = fields.Date(
        "From",
        required=True,
        compute="_compute_date_start",
        store=True,
        readonly=False,
        precompute=True,
    )
    date_end = fields.Date("Until", help="The last day on which it holds. Empty: still open.")
    is_current = fields.Boolean(
        "Current", compute="_compute_is_current", search="_search_is_current"
    )
    has_ended = AgainstToday("Ended", date_field="date_end", sign="<")
    is_ahead = AgainstToday("Still Ahead", date_field="date_start", sign=">")

    @api.depends("partnership_id")
    def _compute_date_start(self):
        """Today, where the partnership is; what is dated stays so."""
        for record in self:
            record.date_start = record.date_start or record._get_today()

    @api.depends("date_start", "date_end", "partnership_id.tz")
    def _compute_is_current(self):
        for today, records in self._grouped_by_today().items():
            for record in records:
                record.is_current = bool(record._valid_on(today))

    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._domain_valid_today()

    @api.constrains("date_start", "date_end")
    def _check_date_order(self):
        for record in self:
            if record.date_end and record.date_end < record.date_start:
                raise ValidationError(
                    self.env._(
                        "%(record)s cannot end on %(end)s: it begins on %(start)s.",
                        record=record.display_name,
                        end=format_date(self.env, record.date_end),
                        start=format_date(self.env, record.date_start),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Of two facts that exclude each other, and begin at the same moment, one is refused in
        words. It waits before it is there: the database would have each wait for the other."""
        if self._turns_path:
            self._take_turns_at(self._turns_path, vals_list)
        return super().create(vals_list)

    def write(self, vals):
        if self._turns_path and {"date_start", "date_end"} & vals.keys():
            self.check_access("write")
            self.sudo().mapped(self._turns_path)._take_turns()
        return super().write(vals)

    @api.model
    def _domain_valid_on(self, date):
        """:return: Domain of the records that hold on ``date``."""
        return Domain("date_start", "<=", date) & (
            Domain("date_end", "=", False) | Domain("date_end", ">=", date)
        )

    def _valid_on(self, date):
        """:return: the records of ``self`` that hold on ``date``."""
        return self.filtered(
            lambda record: (
                record.date_start
                and record.date_start <= date
                and (not record.date_end or record.date_end >= date)
            )
        )

    @api.model
    def _sql_valid(self, alias, date):
        """:return: SQL of whether the row of ``alias`` holds on ``date``, SQL or a date"""
        return SQL(
            "%(start)s <= %(date)s AND (%(end)s IS NULL OR %(end)s >= %(date)s)",
            start=SQL.identifier(alias, "date_start"),
            end=SQL.identifier(alias, "date_end"),
            date=date,
        )

    @api.model
    def _domain_valid_today(self):
        """:return: Domain of the records that hold today, where their partnership is."""
        return self._domain_on_its_day(self._domain_valid_on)

    def _valid_today(self):
        """:return: the records of ``self`` that hold today, where their partnership is."""
        by_day = self._grouped_by_today()
        return self & self.browse().union(*(own._valid_on(day) for day, own in by_day.items()))

    def _find_overlap(self, fnames):
        """Find two records with the same stored ``fnames`` that hold on the same day.

        :param fnames: names of the fields that must not be equal on any one day
        :return: (record of ``self``, other record, first common day), or None
        """
        if not self.ids:
            return None
        self.flush_model([*fnames, "date_start", "date_end"])
        same = SQL(" AND ").join(
            SQL("a.%(field)s = b.%(field)s", field=SQL.identifier(fname)) for fname in fnames
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT a.id, b.id, GREATEST(a.date_start, b.date_start)
                  FROM %(table)s a
                  JOIN %(table)s b
                    ON a.id != b.id AND %(same)s
                   AND daterange(a.date_start, a.date_end, '[]')
                    && daterange(b.date_start, b.date_end, '[]')
                 WHERE a.id IN %(ids)s
                   AND (a.date_end IS NULL OR a.date_end >= a.date_start)
                   AND (b.date_end IS NULL OR b.date_end >= b.date_start)
                 LIMIT 1
                """,
                table=SQL.identifier(self._table),
                same=same,
                ids=tuple(self.ids),
            )
        )
        if not rows:
            return None
        record_id, other_id, date = rows[0]
        return self.browse(record_id), self.browse(other_id), date

    def _check_within(self, container_fname):
        """Refuse records that hold on a day on which the record behind ``container_fname`` does
        not."""
        for record in self:
            container = record[container_fname]
            starts_before = record.date_start < container.date_start
            ends_after = container.date_end and (
                not record.date_end or record.date_end > container.date_end
            )
            if starts_before or ends_after:
                raise ValidationError(
                    self.env._(
                        "%(record)s (%(dates)s) is outside the dates of %(container)s "
                        "(%(container_dates)s).",
                        record=record.display_name,
                        dates=record._format_period(),
                        container=container.display_name,
                        container_dates=container._format_period(),
                    )
                )

    def _check_recorded_within(self, vals, fname, recorded):
        """Refuse dates that leave out a day on which presence is recorded: what was counted then
        would hang on what did not exist.

        :param vals: what is about to be written
        :param fname: the field of attendance rows that leads to the records
        :param recorded: Domain of the rows that are recorded
        """
        Attendance = self.env["partnership.attendance"].sudo()
        for edge, operator, order in (("date_end", ">", "desc"), ("date_start", "<", "asc")):
            changed = self._filtered_changed(vals, [edge]) if vals.get(edge) else self.browse()
            if not changed:
                continue
            date = fields.Date.to_date(vals[edge])
            outside = Domain(fname, "in", changed.ids) & Domain("date", operator, date)
            groups = Attendance._read_group(
                outside & recorded, ["date:day", "event_id", fname], order=f"date:day {order}"
            )
            if groups:
                found = [event for _day, event, record in groups if record == groups[0][2]]
                groups[0][2].with_env(self.env)._refuse_recorded(edge, date, found)

    def _refuse_recorded(self, edge, date, events):
        """:param events: list of the meetings that the date leaves out, the outermost first"""
        values = {
            "record": self.display_name,
            "date": format_date(self.env, date),
            "count": len(events),
            "day": format_date(self.env, events[0].partnership_date),
        }
        if edge == "date_end":
            raise UserError(
                self.env._(
                    "%(record)s cannot end on %(date)s: presence is recorded after that day "
                    "(meetings: %(count)s, the last on %(day)s). Let it end on %(day)s or later.",
                    **values,
                )
            )
        raise UserError(
            self.env._(
                "%(record)s cannot begin on %(date)s: presence is recorded before that day "
                "(meetings: %(count)s, the first on %(day)s). Let it begin on %(day)s or before.",
                **values,
            )
        )

    def _format_period(self):
        self.ensure_one()
        start = format_date(self.env, self.date_start)
        if not self.date_end:
            return self.env._("since %(start)s", start=start)
        return self.env._(
            "%(start)s to %(end)s", start=start, end=format_date(self.env, self.date_end)
        )
