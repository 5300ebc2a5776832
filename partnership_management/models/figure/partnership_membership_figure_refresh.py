from odoo import api, models
from odoo.tools import SQL, split_every

BATCH = 20_000  # each reads tables as a whole: the fewer of them, the less
POSTPONED = "partnership.membership.figure"


class PartnershipMembershipFigure(models.Model):
    """When the figures are written: at night, and at the end of whatever changes them.

    The row of a past month is of its last day, that of the month in course of today, each in the
    time zone of the partnership; where the membership ended in the month, of its end. Later than
    that there is no row.
    """

    _inherit = "partnership.membership.figure"

    @api.model
    def _refresh(self, memberships=None, date=None):
        """Write the figures as of one day, in the row of its month.

        :param memberships: by default all
        :param date: by default today in the time zone of each partnership
        """
        asked = SQL(
            """
            SELECT membership.id AS membership_id, today.date,
                   date_trunc('month', today.date)::date AS month
              FROM partnership_membership membership
              JOIN (%(today)s) today ON today.partnership_id = membership.partnership_id
             WHERE membership.date_start <= today.date
               AND (membership.date_end IS NULL
                    OR membership.date_end >= date_trunc('month', today.date))
               AND %(chosen)s
            """,
            today=self._sql_today(date),
            chosen=self._sql_chosen(memberships and memberships.ids, SQL("membership.id")),
        )
        self._write_figures(asked, memberships and memberships.ids)

    @api.model
    def _refresh_periods(self, periods):
        """:param periods: iterable of (membership id, first day, last day or none, day from which
        on also months are written that had no row yet; none: from this month)"""
        periods = list(periods)
        if not periods:
            return
        ids, since, until, filled = map(list, zip(*periods, strict=True))
        self.env.flush_all()
        self._delete_outside(ids)
        asked = SQL(
            """
            SELECT membership.id AS membership_id, first.month, last.date
              FROM unnest(%(ids)s, %(since)s::date[], %(until)s::date[], %(filled)s::date[])
                   AS period(membership_id, since, until, filled)
              JOIN partnership_membership membership ON membership.id = period.membership_id
              JOIN (%(today)s) today ON today.partnership_id = membership.partnership_id
        CROSS JOIN LATERAL (
                  SELECT generate_series(
                             date_trunc('month', GREATEST(period.since, membership.date_start)),
                             LEAST(today.date, membership.date_end),
                             interval '1 month'
                         )::date AS month
                   ) first
        CROSS JOIN LATERAL (
                  SELECT LEAST((first.month + interval '1 month')::date - 1, today.date) AS date
                   ) last
         LEFT JOIN partnership_membership_figure figure
                ON figure.membership_id = membership.id
               AND figure.membership_id = ANY(%(ids)s)
               AND figure.month = first.month
             WHERE membership.date_start <= last.date
               AND ((figure.id IS NOT NULL
                     AND (period.until IS NULL OR first.month <= period.until))
                    OR (figure.id IS NULL
                        AND last.date >= COALESCE(period.filled, today.date)))
            """,
            ids=ids,
            since=since,
            until=until,
            filled=filled,
            today=self._sql_today(),
        )
        self._write_figures(asked, ids)

    @api.model
    def _write_figures(self, asked, ids):
        """Steps have no statistics, nor have tables that were just filled: the planner would go
        through one step for each row of another. It is told not to.

        :param asked: SQL, see :meth:`_sql_figures`
        :param ids: memberships to which it is limited, or none
        """
        self.env.flush_all()
        columns = [SQL.identifier(name) for name in self._get_columns()]
        self.env.cr.execute(
            SQL(
                """
                SET LOCAL enable_nestloop TO off;
                INSERT INTO partnership_membership_figure (%(columns)s)
                     %(figures)s
                ON CONFLICT (membership_id, month) DO UPDATE SET (%(columns)s) = ROW(%(new)s);
                SET LOCAL enable_nestloop TO DEFAULT
                """,
                columns=SQL(", ").join(columns),
                figures=self._sql_figures(asked, ids),
                new=SQL(", ").join(SQL("EXCLUDED.%s", column) for column in columns),
            )
        )
        self._point_to_latest(ids)
        self.invalidate_model(flush=False)
        Membership = self.env["partnership.membership"]
        Membership.invalidate_model(
            [name for name in Membership._fields if name.startswith("figure_")], flush=False
        )

    @api.model
    def _point_to_latest(self, ids):
        self.env.cr.execute(
            SQL(
                """
                UPDATE partnership_membership membership
                   SET figure_id = latest.id
                  FROM (
                      SELECT membership.id AS membership_id, figure.id
                        FROM partnership_membership membership
           LEFT JOIN LATERAL (
                          SELECT id
                            FROM partnership_membership_figure
                           WHERE membership_id = membership.id
                        ORDER BY month DESC
                           LIMIT 1
                             ) figure ON TRUE
                       WHERE %(chosen)s
                       ) latest
                 WHERE latest.membership_id = membership.id
                   AND membership.figure_id IS DISTINCT FROM latest.id
                """,
                chosen=self._sql_chosen(ids, SQL("membership.id")),
            )
        )

    @api.model
    def _delete_outside(self, ids):
        """No figures before a membership begins, nor after the month in which it ends."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM partnership_membership_figure figure
                      USING partnership_membership membership
                      WHERE membership.id = figure.membership_id
                        AND figure.membership_id = ANY(%(ids)s)
                        AND (figure.month < date_trunc('month', membership.date_start)
                             OR figure.month > membership.date_end)
                """,
                ids=ids,
            )
        )

    @api.model
    def _sql_chosen(self, ids, column):
        return SQL("TRUE") if ids is None else SQL("%s = ANY(%s)", column, list(ids))

    # ------------------------------------------------------------
    # At night
    # ------------------------------------------------------------

    @api.model
    def _cron_refresh_figures(self):
        """Bring the figures of all members up to today: the first run in a month settles the
        month before, and months that were missed are filled."""
        due = {period[0]: period for period in self._find_due()}
        self.env["ir.cron"]._run_in_batches(
            due, BATCH, lambda ids: self._refresh_periods(due[member_id] for member_id in ids)
        )

    @api.model
    def _find_due(self):
        """Who has no figures as of today; where there are none at all, they begin with the first
        meeting. Of candidates that have had neither a seat nor a briefing nothing can be counted.

        :return: list of periods, see :meth:`_refresh_periods`
        """
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                SELECT membership.id, due.since, NULL, due.since
                  FROM partnership_membership membership
                  JOIN (%(today)s) today ON today.partnership_id = membership.partnership_id
             LEFT JOIN partnership_membership_figure figure ON figure.id = membership.figure_id
            CROSS JOIN LATERAL (
                      SELECT COALESCE(
                                 figure.month,
                                 (SELECT MIN(attendance.date)
                                    FROM partnership_attendance attendance
                                   WHERE attendance.membership_id = membership.id),
                                 today.date
                             ) AS since
                       ) due
                 WHERE membership.date_start <= today.date
                   AND (membership.is_formal
                        OR EXISTS (SELECT FROM partnership_seat seat
                                    WHERE seat.membership_id = membership.id)
                        OR EXISTS (SELECT FROM partnership_briefing_receipt receipt
                                    WHERE receipt.membership_id = membership.id))
                   AND (figure.id IS NULL OR figure.date < LEAST(today.date, membership.date_end))
                   AND (membership.date_end IS NULL
                        OR membership.date_end >= date_trunc('month', due.since))
                """,
                today=self._sql_today(),
            )
        )

    # ------------------------------------------------------------
    # At the end of a change
    # ------------------------------------------------------------

    @api.model
    def _postpone(self, periods):
        """Refresh once before the transaction is committed, however many changes it makes.

        :param periods: see :meth:`_refresh_periods`
        """
        precommit = self.env.cr.precommit
        for member_id, since, until, filled in periods:
            if POSTPONED not in precommit.data:
                precommit.data[POSTPONED] = {}
                precommit.add(self.sudo()._run_postponed)
            pending = precommit.data[POSTPONED]
            before = pending.get(member_id, (since, until, filled))
            pending[member_id] = (
                min(before[0], since),
                until and before[1] and max(before[1], until),
                min(filter(None, (before[2], filled)), default=None),
            )

    @api.model
    def _run_postponed(self):
        pending = self.env.cr.precommit.data.pop(POSTPONED, {})
        periods = [(member_id, *period) for member_id, period in pending.items()]
        for batch in split_every(BATCH, periods):
            self._refresh_periods(batch)
