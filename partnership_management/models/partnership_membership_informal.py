from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.attendance import PRESENT
from ..tools.groups import TEAM

SUGGESTIONS = [("propose", "Propose formal"), ("revisit", "Revisit")]


class PartnershipMembership(models.Model):
    """What follows from the participation of who is not a member (L48).

    Who came often enough and contributed, as the partnership's settings say, is proposed for
    membership; who did not, and whose review date is past, is looked at again. Nothing is
    suggested any more once the actor is on its way to membership.
    """

    _inherit = "partnership.membership"

    candidate_ids = fields.One2many("partnership.candidate", "membership_id", "Cards", groups=TEAM)
    informal_suggestion = fields.Selection(
        SUGGESTIONS,
        "Suggestion",
        compute="_compute_informal_suggestion",
        store=True,
        index="btree_not_null",
        groups=TEAM,
        help="As of last night, or of the last change of the card or closed sheet.",
    )
    informal_since = fields.Date("Counted after", compute="_compute_informal_parts", groups=TEAM)
    informal_presence_count = fields.Integer(
        "Presences Counted", compute="_compute_informal_parts", groups=TEAM
    )
    informal_contribution_count = fields.Integer(
        "Contributions Counted", compute="_compute_informal_parts", groups=TEAM
    )
    informal_review_date = fields.Date(
        "Review of Informal Participation", compute="_compute_informal_parts", groups=TEAM
    )

    @api.depends(
        "role_id.is_informal",
        "date_start",
        "date_end",
        "candidate_ids.active",
        "candidate_ids.state",
        "candidate_ids.target_form",
        "candidate_ids.stage_id.role_id",
        "candidate_ids.review_date",
        "partnership_id.informal_presences",
        "partnership_id.informal_contributions",
        "partnership_id.informal_months",
    )
    def _compute_informal_suggestion(self):
        """Presences, contributions and the day bring it up to date at night."""
        parts = self._get_informal_parts()
        for membership in self:
            *_parts, suggestion = parts.get(membership._origin.id, (None,))
            membership.informal_suggestion = suggestion

    def _compute_informal_parts(self):
        parts = self._get_informal_parts()
        for membership in self:
            since, presences, contributions, review, _suggestion = parts.get(
                membership._origin.id, (False, 0, 0, False, None)
            )
            membership.informal_since = since
            membership.informal_presence_count = presences
            membership.informal_contribution_count = contributions
            membership.informal_review_date = review

    def _get_informal_parts(self):
        """:return: dict membership id -> (the day after which it is counted, presences,
        contributions, review date, suggestion); only of who takes part informally today"""
        informal = self._origin.filtered("role_id.is_informal")
        if not informal:
            return {}
        self.flush_model(["partnership_id", "role_id", "date_start", "date_end"])
        self.env["partnership.partnership"].flush_model()
        self.env["partnership.attendance"].flush_model(
            ["membership_id", "event_id", "status", "body_id", "date"]
        )
        self.env["calendar.event"].flush_model(["partnership_state"])
        self.env["partnership.candidate"].flush_model(
            ["membership_id", "active", "state", "target_form", "stage_id", "review_date"]
        )
        self.env["partnership.membership.transition"].flush_model()
        rows = self.env.execute_query(informal._sql_informal_parts())
        return {membership_id: parts for membership_id, *parts in rows}

    def _sql_informal_parts(self):
        """DESIGN.md section 4: presences and a contribution in the window -> propose formal;
        review date past with none -> revisit.

        An informal participant without a card is to be looked at again when the window has passed
        since it became one.
        """
        return SQL(
            """
            SELECT membership.id, span.since, presence.count, contribution.count, review.date,
                   CASE WHEN card.is_proposed OR NOT place.active THEN NULL
                        WHEN presence.count >= place.informal_presences
                         AND contribution.count >= place.informal_contributions THEN 'propose'
                        WHEN review.date < today.date THEN 'revisit'
                   END AS suggestion
              FROM partnership_membership membership
              JOIN partnership_partnership place ON place.id = membership.partnership_id
              JOIN (%(today)s) today ON today.partnership_id = place.id
        CROSS JOIN LATERAL (
                   SELECT make_interval(months => place.informal_months) AS length,
                          (today.date - make_interval(months => place.informal_months))::date
                          AS since
                   ) span
        CROSS JOIN LATERAL (%(presences)s) presence
        CROSS JOIN LATERAL (
                   SELECT COUNT(*) AS count
                     FROM (%(contributions)s) contribution
                    WHERE contribution.membership_id = membership.id
                      AND contribution.date > span.since AND contribution.date <= today.date
                   ) contribution
        CROSS JOIN LATERAL (%(cards)s) card
        CROSS JOIN LATERAL (
                   SELECT CASE WHEN card.count > 0 THEN card.review_date
                               ELSE (%(informal_since)s) + span.length END::date AS date
                   ) review
             WHERE membership.id IN %(ids)s
               AND membership.date_start <= today.date
               AND (membership.date_end IS NULL OR membership.date_end >= today.date)
            """,
            ids=tuple(self.ids),
            today=self.env["partnership.membership.figure"]._sql_today(),
            presences=self._sql_informal_presences(),
            contributions=self._sql_contributions(),
            cards=self._sql_informal_cards(),
            informal_since=self._sql_informal_since(),
        )

    @api.model
    def _sql_informal_presences(self):
        """:return: SQL of the meetings attended by ``membership`` in ``span``"""
        return SQL(
            """
            SELECT COUNT(DISTINCT attendance.event_id) AS count
              FROM partnership_attendance attendance
              JOIN calendar_event event
                ON event.id = attendance.event_id AND event.partnership_state = 'closed'
             WHERE attendance.membership_id = membership.id
               AND attendance.status IN %s
               AND attendance.body_id IS NOT NULL
               AND attendance.date > span.since AND attendance.date <= today.date
            """,
            PRESENT,
        )

    @api.model
    def _sql_informal_cards(self):
        """:return: SQL of the cards of ``membership`` that matter: how many, whether one leads to
        membership already, and the latest review date"""
        return SQL(
            """
            SELECT COUNT(*) AS count, MAX(candidate.review_date) AS review_date,
                   COALESCE(BOOL_OR(candidate.state = 'ongoing'
                                    AND candidate.target_form = 'formal'
                                    AND role.is_informal IS NOT TRUE), FALSE) AS is_proposed
              FROM partnership_candidate candidate
              JOIN partnership_enlargement_stage stage ON stage.id = candidate.stage_id
         LEFT JOIN partnership_role role ON role.id = stage.role_id
             WHERE candidate.membership_id = membership.id
               AND candidate.active
               AND (candidate.state = 'ongoing'
                    OR (candidate.state = 'admitted' AND candidate.target_form = 'informal'))
            """
        )

    @api.model
    def _sql_informal_since(self):
        """:return: SQL of the day on which ``membership`` last became informal"""
        return SQL(
            """
            SELECT MAX(step.date)
              FROM partnership_membership_transition step
              JOIN partnership_role role ON role.id = step.to_role_id AND role.is_informal
         LEFT JOIN partnership_role before ON before.id = step.from_role_id
             WHERE step.membership_id = membership.id AND before.is_informal IS NOT TRUE
            """
        )

    def _refresh_informal_suggestion(self):
        """Bring the suggestions in line with presences, contributions and the day."""
        self.env.add_to_compute(self._fields["informal_suggestion"], self)
        self.modified(["informal_suggestion"])
        self.env.flush_all()

    @api.model
    def _domain_informal(self):
        return Domain("role_id.is_informal", "=", True)


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    def _close_sheet(self, unmarked="not_recorded"):
        result = super()._close_sheet(unmarked)
        rows = self.env["partnership.attendance"].search(
            Domain("event_id", "in", self.ids)
            & Domain("membership_id", "any", self.env["partnership.membership"]._domain_informal())
        )
        rows.membership_id._refresh_informal_suggestion()
        return result
