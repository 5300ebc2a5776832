from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.optional_float import OptionalFloat

BATCH = 2000

# The column of the figures that each kind is judged by
FIGURES = {
    "absent": "presence_rate",
    "irregular": "regularity",
    "uninformed": "informed_rate",
    "unrepresentative": "validity_rate",
    "turnover": "continuity",
}
MONTHS = (3, 6)
COMPARED = ("before", "after")


class PartnershipPitfall(models.Model):
    """The figure before and after, read from the monthly figures of the membership.

    The numbers are written by SQL, empty where there is not enough data, so that averages are
    right; whether one is known shows in the date beside it.

    What is compared is of the same pitfalls: the averages before and after are of those whose
    effect is known, so that the effect is the one less the other. The figures after 3 and after 6
    months are of other pitfalls each, so they have no average.

    Finding pitfalls: by set, from the latest figures and the thresholds of the partnership.

    No data says nothing: it neither opens nor closes. Only who is a formal member today can be at
    risk. The search runs as the system, every day, after the figures were refreshed.
    """

    _inherit = "partnership.pitfall"

    value = OptionalFloat("Figure", readonly=True, aggregator="avg")
    value_date = fields.Date("Figure as of", readonly=True)
    before = OptionalFloat("Figure before", readonly=True, aggregator="avg")
    before_date = fields.Date("Figure before, as of", readonly=True)
    after_3 = OptionalFloat("Figure after 3 Months", readonly=True, aggregator=None)
    after_3_date = fields.Date("Figure after 3 Months, as of", readonly=True)
    after_6 = OptionalFloat("Figure after 6 Months", readonly=True, aggregator=None)
    after_6_date = fields.Date("Figure after 6 Months, as of", readonly=True)
    after = OptionalFloat(
        "Figure after",
        readonly=True,
        aggregator="avg",
        help="After 6 months or, as long as that is not known, after 3.",
    )
    effect = OptionalFloat(
        readonly=True,
        aggregator="avg",
        help="The figure after, as far as it is known, less the figure before.",
    )
    figure_name = fields.Char("Judged by", compute="_compute_figure_name")
    value_text = fields.Char("Now", compute="_compute_texts")
    before_text = fields.Char("Before", compute="_compute_texts")
    after_3_text = fields.Char("After 3 Months", compute="_compute_texts")
    after_6_text = fields.Char("After 6 Months", compute="_compute_texts")
    effect_text = fields.Char("Effect so far", compute="_compute_texts")

    def _read_group_select(self, aggregate_spec, query):
        fname, _separator, aggregator = aggregate_spec.partition(":")
        if aggregator != "avg" or fname not in COMPARED:
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "AVG(%s) FILTER (WHERE %s IS NOT NULL)",
            *(self._field_to_sql(self._table, name, query) for name in (fname, "effect")),
        )

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_figure_name(self):
        names = self.env["partnership.membership.figure"].fields_get(
            set(FIGURES.values()), ["string"]
        )
        for pitfall in self:
            pitfall.figure_name = names.get(FIGURES.get(pitfall.kind), {}).get("string")

    @api.depends("value", "before", "after_3", "after_6", "effect")
    @api.depends_context("lang")
    def _compute_texts(self):
        for pitfall in self:
            for fname in ("value", "before"):
                pitfall[f"{fname}_text"] = pitfall._show(fname)
            for months in MONTHS:
                pending = pitfall._get_figure_day(months) > pitfall._get_today()
                fname = f"after_{months}"
                pitfall[f"{fname}_text"] = (
                    self.env._("not yet") if pending else pitfall._show(fname)
                )
            known = pitfall.before_date and (pitfall.after_6_date or pitfall.after_3_date)
            points = f"{round(pitfall.effect * 100):+d}" if known else False
            pitfall.effect_text = points and self.env._("%(points)s points", points=points)

    def _show(self, fname):
        if not self[f"{fname}_date"]:
            return self.env._("not enough data")
        return self._format_share(self[fname])

    @api.model
    def _format_share(self, share):
        return f"{round(share * 100)}%"

    def _get_figure_day(self, months):
        """:return: the day on which the figure after ``months`` is due"""
        start = self.mechanism_date or self.date_open or self._get_today()
        return start + relativedelta(months=months)

    @api.model
    def _sql_figure(self, figure):
        """:return: SQL of the figure of its kind, in the row that ``figure`` names"""
        return SQL(
            "CASE pitfall.kind %s END",
            SQL(" ").join(
                SQL("WHEN %s THEN %s", kind, SQL.identifier(figure, column))
                for kind, column in FIGURES.items()
            ),
        )

    def _keep_figure_before(self):
        """Take the figure of today as the one before: what comes after is measured against it."""
        if not self.ids:
            return
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                """UPDATE partnership_pitfall
                      SET before = value, before_date = value_date, effect = NULL, after = NULL,
                          after_3 = NULL, after_3_date = NULL, after_6 = NULL, after_6_date = NULL
                    WHERE id IN %s""",
                tuple(self.ids),
            )
        )
        self.invalidate_recordset()

    @api.model
    def _refresh_figures(self, memberships):
        """Read the present figure of what is open, and the figures after 3 and 6 months of all.

        A figure that has not enough data any more stays at what was known last: no news neither
        opens nor closes a pitfall. After is the first row on or after the day, within a month.
        """
        self._flush_figures()
        self.env.cr.execute(
            SQL(
                """
                UPDATE partnership_pitfall pitfall
                   SET value = fresh.value, value_date = fresh.value_date,
                       after_3 = fresh.after_3, after_3_date = fresh.after_3_date,
                       after_6 = fresh.after_6, after_6_date = fresh.after_6_date,
                       after = fresh.after, effect = fresh.after - pitfall.before
                  FROM (%(fresh)s) fresh
                 WHERE fresh.id = pitfall.id
                   AND (fresh.value, fresh.value_date, fresh.after_3, fresh.after_3_date,
                        fresh.after_6, fresh.after_6_date,
                        fresh.after, fresh.after - pitfall.before)
                       IS DISTINCT FROM
                       (pitfall.value, pitfall.value_date, pitfall.after_3, pitfall.after_3_date,
                        pitfall.after_6, pitfall.after_6_date, pitfall.after, pitfall.effect)
                """,
                fresh=self._sql_fresh_figures(memberships),
            )
        )
        self.invalidate_model()

    def _flush_figures(self):
        self.env["partnership.membership.figure"].flush_model()
        self.env["partnership.membership"].flush_model()
        self.env["partnership.partnership"].flush_model()
        self.flush_model()

    @api.model
    def _sql_fresh_figures(self, memberships):
        """:return: SQL of a row per pitfall: id, and the figures as the rows of today say"""
        later = SQL(" ").join(
            SQL(
                """
                LEFT JOIN LATERAL (
                    SELECT figure.date, %(value)s AS value
                      FROM partnership_membership_figure figure
                     WHERE figure.membership_id = pitfall.membership_id
                       AND figure.date >= %(day)s
                       AND figure.date < %(day)s + INTERVAL '1 month'
                  ORDER BY figure.month
                     LIMIT 1
                ) %(name)s ON TRUE
                """,
                value=self._sql_figure("figure"),
                day=SQL(
                    "COALESCE(pitfall.mechanism_date, pitfall.date_open) + %s * INTERVAL '1 month'",
                    months,
                ),
                name=SQL.identifier(f"after_{months}"),
            )
            for months in MONTHS
        )
        news = SQL("pitfall.state = 'open' AND %s IS NOT NULL", self._sql_figure("latest"))
        return SQL(
            """
               SELECT pitfall.id,
                      CASE WHEN %(news)s THEN %(value)s ELSE pitfall.value END AS value,
                      CASE WHEN %(news)s THEN latest.date ELSE pitfall.value_date END
                      AS value_date,
                      after_3.value AS after_3,
                      CASE WHEN after_3.value IS NOT NULL THEN after_3.date END AS after_3_date,
                      after_6.value AS after_6,
                      CASE WHEN after_6.value IS NOT NULL THEN after_6.date END AS after_6_date,
                      COALESCE(after_6.value, after_3.value) AS after
                 FROM partnership_pitfall pitfall
                 JOIN partnership_membership membership ON membership.id = pitfall.membership_id
            LEFT JOIN partnership_membership_figure latest ON latest.id = membership.figure_id
            %(later)s
                WHERE pitfall.membership_id IN %(ids)s
            """,
            news=news,
            value=self._sql_figure("latest"),
            later=later,
            ids=tuple(memberships.ids),
        )

    @api.model
    def _cron_find_pitfalls(self):
        """Look at everybody, in batches that are each committed."""
        memberships = self.env["partnership.membership"].search(
            ["|", ("figure_id", "!=", False), ("pitfall_ids.state", "=", "open")]
        )
        self.env["ir.cron"]._run_in_batches(
            memberships.ids, BATCH, lambda ids: self._find_pitfalls(memberships.browse(ids))
        )

    @api.model
    def _find_pitfalls(self, memberships):
        """Open, close and reopen the pitfalls of ``memberships``, and alert whoever is responsible.

        Memberships that another transaction works on are left to the next run.
        """
        memberships = memberships.sudo().try_lock_for_update(allow_referencing=True)
        if not memberships:
            return
        Pitfall = self.sudo().with_context(
            tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True
        )
        for today, own in memberships._grouped_by_today().items():
            Pitfall._find_pitfalls_on(today, own)

    @api.model
    def _find_pitfalls_on(self, today, memberships):
        """:param today: the day that it is in the partnerships of ``memberships``"""
        risky = self._get_risky(memberships)
        changes = self._get_changes(memberships, today)
        opened = self._apply_changes(changes, today)
        self._refresh_figures(memberships)
        opened.filtered(lambda pitfall: not pitfall.mechanism_date)._keep_figure_before()
        self._refresh_reasons(memberships)
        self._log_changes(changes, opened)
        memberships._refresh_pitfall_severity()
        (opened.membership_id - risky)._alert_pitfalls(today)
        (risky - self._get_risky(memberships))._forget_pitfall_alerts()

    @api.model
    def _get_risky(self, memberships):
        """:return: those of ``memberships`` that have an open pitfall"""
        groups = self._read_group(
            [("membership_id", "in", memberships.ids), ("state", "=", "open")], ["membership_id"]
        )
        return memberships.browse(membership.id for (membership,) in groups)

    @api.model
    def _get_changes(self, memberships, today):
        """:return: dict of what to do -> list of (membership id, kind, pitfall id or None)"""
        self._flush_figures()
        changes = defaultdict(list)
        for change, *what in self.env.execute_query(self._sql_changes(memberships, today)):
            changes[change].append(what)
        return changes

    @api.model
    def _sql_changes(self, memberships, today):
        """At risk is NULL where there is no data. What there was last said of a figure counts
        for who is at risk already: a missing mandate may be mended while the rate is unknown."""
        return SQL(
            """
            SELECT *
              FROM (
                SELECT CASE
                       WHEN state = 'open' AND NOT is_member THEN 'left'
                       WHEN state = 'open' AND is_worse THEN 'worse'
                       WHEN state = 'open' AND NOT at_risk THEN 'effect'
                       WHEN pitfall_id IS NULL AND is_member AND at_risk THEN 'open'
                       WHEN state = 'closed' AND is_member AND at_risk AND NOT is_silenced
                       THEN 'reopen'
                       WHEN is_silenced AND NOT at_risk THEN 'unsilence'
                       END AS change, membership_id, kind, pitfall_id
                  FROM (%s) judged
              ) changes
             WHERE change IS NOT NULL
          ORDER BY membership_id, kind
            """,
            self._sql_judged(memberships, today),
        )

    @api.model
    def _sql_judged(self, memberships, today):
        """:return: SQL of a row per membership and kind: is_member, at_risk (three-valued),
        is_worse, and the pitfall if there is one"""
        return SQL(
            """
                SELECT membership.id AS membership_id, risk.kind, risk.at_risk,
                       risk.kind = 'irregular' AND is_absent AS is_worse,
                       pitfall.id AS pitfall_id, pitfall.state,
                       COALESCE(pitfall.is_silenced, FALSE) AS is_silenced,
                       membership.is_formal AND membership.date_start <= %(today)s
                       AND COALESCE(membership.date_end >= %(today)s, TRUE) AS is_member
                  FROM partnership_membership membership
                  JOIN res_partner partner ON partner.id = membership.partner_id
                  JOIN partnership_partnership place ON place.id = membership.partnership_id
             LEFT JOIN partnership_membership_figure figure ON figure.id = membership.figure_id
            CROSS JOIN LATERAL (
                SELECT CASE WHEN figure.expected >= 3 THEN figure.absent_in_a_row END AS is_absent
            ) absence
            CROSS JOIN (VALUES %(kinds)s) AS every(kind)
             LEFT JOIN partnership_pitfall pitfall
                    ON pitfall.membership_id = membership.id AND pitfall.kind = every.kind
            CROSS JOIN LATERAL (
                SELECT CASE WHEN pitfall.state = 'open' THEN pitfall.value END AS known
            ) before
            CROSS JOIN LATERAL (
                SELECT every.kind, CASE every.kind
                    WHEN 'absent' THEN is_absent
                    WHEN 'irregular' THEN NOT is_absent
                     AND figure.regularity < place.pitfall_irregular_under
                    WHEN 'uninformed' THEN figure.informed_rate < place.pitfall_informed_under
                    WHEN 'unrepresentative' THEN %(unrepresentative)s
                    WHEN 'turnover' THEN %(turnover)s
                END AS at_risk
            ) risk
                 WHERE membership.id IN %(ids)s AND place.active
            """,
            today=today,
            ids=tuple(memberships.ids),
            kinds=SQL(", ").join(
                SQL("(%s)", kind) for kind, _label in self._fields["kind"].selection
            ),
            unrepresentative=SQL(
                """CASE WHEN figure.id IS NOT NULL THEN partner.is_company IS TRUE AND (
                       COALESCE(COALESCE(figure.validity_rate, known)
                                < place.pitfall_validity_under, FALSE)
                       OR COALESCE(figure.no_authority, FALSE)) END"""
            ),
            turnover=SQL(
                """CASE WHEN figure.id IS NOT NULL THEN
                       COALESCE(COALESCE(figure.continuity, known)
                                < place.pitfall_continuity_under, FALSE)
                       OR (place.pitfall_replacements > 0 AND COALESCE(
                           figure.replacements_unplanned >= place.pitfall_replacements, FALSE))
                   END"""
            ),
        )

    @api.model
    def _apply_changes(self, changes, today):
        """:return: the pitfalls that are open now and were not before"""
        opened = self.create(
            [
                {"membership_id": membership_id, "kind": kind, "date_open": today}
                for membership_id, kind, _pitfall_id in changes["open"]
            ]
        )
        reopened = self._browse_changes(changes, "reopen")
        reopened._open_again(today)
        for close_kind in ("effect", "worse", "left"):
            self._browse_changes(changes, close_kind)._close(close_kind, today)
        self._browse_changes(changes, "unsilence").write({"is_silenced": False})
        return opened + reopened

    @api.model
    def _browse_changes(self, changes, change):
        return self.browse(pitfall_id for _membership_id, _kind, pitfall_id in changes[change])

    @api.model
    def _log_changes(self, changes, opened):
        closed = self.browse()
        for close_kind in ("effect", "worse", "left"):
            closed += self._browse_changes(changes, close_kind)
        labels = dict(self._fields["close_kind"]._description_selection(self.env))
        opened._log_each(
            lambda pitfall: (
                self.env._("Open again: %(reasons)s", reasons=pitfall.reasons)
                if pitfall.reopen_count
                else self.env._("Opened: %(reasons)s", reasons=pitfall.reasons)
            )
        )
        closed._log_each(
            lambda pitfall: self.env._("Closed: %(why)s", why=labels[pitfall.close_kind])
        )
