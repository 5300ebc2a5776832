from datetime import timedelta

from markupsafe import Markup

from odoo import api, models
from odoo.tools import SQL

from ...models.relation.partnership_relation import KINDS


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Memberships that become one have the ties of all of them.

    Where two of them had a tie with the same member, each day keeps the one that was seen last:
    what begins later ends what was before, and what was before goes on when it is over. What is
    left with no day, and ties between the memberships themselves, go; the history of the
    membership that is kept names them.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _merge_membership(self, group):
        self._merge_relations(group)
        return super()._merge_membership(group)

    @api.model
    def _merge_relations(self, group):
        """:param group: open memberships of one partnership, the one that is kept first"""
        relations = group._get_relations()
        inside = relations.filtered(
            lambda tie: tie.membership_id in group and tie.other_id in group
        )
        gone = inside
        for ties in (relations - inside).grouped(lambda tie: self._get_other(tie, group)).values():
            gone |= self._merge_pair(ties)
        self._log_gone(gone, group[0])
        gone.unlink()
        self._repoint_relations(group)

    @api.model
    def _get_other(self, tie, group):
        return tie.other_id if tie.membership_id in group else tie.membership_id

    @api.model
    def _merge_pair(self, ties):
        """Give each of the ties of what becomes one pair the days that are left to it; a tie
        that goes on after another one does so as a copy.

        :return: the ties to which no day is left
        """
        seen = self.env["partnership.relation"]
        for tie, start, end in self._get_periods(ties):
            dates = {"date_start": start, "date_end": end}
            if tie in seen:
                tie.copy({**dates, "evidence": tie.evidence, "event_id": tie.event_id.id})
            else:
                tie.write(dates)
            seen |= tie
        return ties - seen

    @api.model
    def _get_periods(self, ties):
        """:return: list of (tie, first day, last day or False), in order, of days on which the
        tie is the one that began last, of those that began together the closest"""
        kinds = [kind for kind, _label in KINDS]
        days = {tie.date_start for tie in ties}
        days |= {tie.date_end + timedelta(days=1) for tie in ties if tie.date_end}
        periods = []
        for day in sorted(days):
            valid = ties._valid_on(day)
            last = valid.sorted(lambda tie: (tie.date_start, kinds.index(tie.kind), tie.id))[-1:]
            if periods and periods[-1][0] == last:
                continue
            if periods:
                periods[-1][2] = day - timedelta(days=1)
            periods.append([last, day, False])
        return [tuple(period) for period in periods if period[0]]

    @api.model
    def _log_gone(self, relations, membership):
        if not relations:
            return
        lines = [
            Markup("<li>%s: %s, %s. %s</li>")
            % (
                tie.display_name,
                tie._get_kind_label(),
                tie._format_period(),
                tie.evidence or "",
            )
            for tie in relations
        ]
        title = self.env._("The contact was merged; these ties gave way to others:")
        membership._message_log(body=Markup("<p>%s</p><ul>%s</ul>") % (title, Markup().join(lines)))

    @api.model
    def _repoint_relations(self, group):
        """Both sides at once: of a pair the one that was registered first stands first."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE partnership_relation
                   SET membership_id = LEAST(pair.one, pair.two),
                       other_id = GREATEST(pair.one, pair.two),
                       partner_id = one.partner_id,
                       other_partner_id = two.partner_id
                  FROM (
                      SELECT id,
                             CASE WHEN membership_id IN %(all)s THEN %(kept)s
                                  ELSE membership_id END AS one,
                             CASE WHEN other_id IN %(all)s THEN %(kept)s ELSE other_id END AS two
                        FROM partnership_relation
                       WHERE membership_id IN %(all)s OR other_id IN %(all)s
                       ) pair
                  JOIN partnership_membership one ON one.id = LEAST(pair.one, pair.two)
                  JOIN partnership_membership two ON two.id = GREATEST(pair.one, pair.two)
                 WHERE partnership_relation.id = pair.id
                """,
                all=tuple(group.ids),
                kept=group[0].id,
            )
        )
        self.env.invalidate_all()
