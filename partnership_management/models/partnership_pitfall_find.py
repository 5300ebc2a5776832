from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL, split_every

BATCH = 2000


class PartnershipPitfall(models.Model):
    """Finding pitfalls: by set, from the latest figures and the thresholds of the partnership.

    No data says nothing: it neither opens nor closes. Only who is a formal member today can be at
    risk. The search runs as the system, every day, after the figures were refreshed.
    """

    _inherit = "partnership.pitfall"

    @api.model
    def _cron_find_pitfalls(self):
        """Look at everybody, in batches that are each committed."""
        memberships = self.env["partnership.membership"].search(
            ["|", ("figure_id", "!=", False), ("pitfall_ids.state", "=", "open")], order="id"
        )
        remaining = len(memberships)
        self.env["ir.cron"]._commit_progress(remaining=remaining)
        for ids in split_every(BATCH, memberships.ids):
            self._find_pitfalls(memberships.browse(ids))
            self.env["ir.cron"]._commit_progress(len(ids))

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
