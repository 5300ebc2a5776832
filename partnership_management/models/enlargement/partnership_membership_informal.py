from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, split_every

from ...tools.attendance import PRESENT
from ...tools.groups import TEAM
from .partnership_candidate import REVIEW

SUGGESTIONS = [("propose", "Propose formal"), ("revisit", "Revisit")]

SUGGESTED = "partnership_management.mail_activity_type_informal"
BATCH = 1000
DAYS = 7


class PartnershipMembership(models.Model):
    """What follows from the participation of who is not a member (L48).

    Who came often enough and contributed, as the partnership's settings say, is proposed for
    membership; who did not, and whose review date is past, is looked at again. Nothing is
    suggested any more once the actor is on its way to membership.

    Who is told what is suggested for an informal participant: by one activity and without
    mail, on its card, or on the membership where there is none.
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

    informal_told = fields.Selection(
        SUGGESTIONS, "Suggestion Told", readonly=True, copy=False, groups=TEAM
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

    @api.model
    def _cron_suggest_informal(self):
        """Look at all who take part informally, in batches that are each committed. Those that
        another transaction works on are left to the next run."""
        told = Domain("informal_told", "!=", False)
        memberships = self.search(self._domain_informal() | told, order="id")
        self.env["ir.cron"]._commit_progress(remaining=len(memberships))
        for ids in split_every(BATCH, memberships.ids):
            batch = self.browse(ids).try_lock_for_update(allow_referencing=True)
            batch._refresh_informal_suggestion()
            batch._tell_informal()
            self.env["ir.cron"]._commit_progress(len(ids))

    def _tell_informal(self):
        """Plan an activity for each new suggestion, and take back those that no longer hold. Who
        has done it is not told the same again."""
        changed = self.filtered(lambda each: each.informal_suggestion != each.informal_told)
        changed._forget_informal()
        for suggestion, memberships in changed.grouped("informal_suggestion").items():
            if suggestion:
                memberships._plan_informal(suggestion)
            memberships.sudo().informal_told = suggestion

    def _forget_informal(self):
        quiet = self.with_context(mail_activity_quick_update=True, active_test=False)
        quiet.activity_unlink([SUGGESTED])
        quiet.candidate_ids.activity_unlink([SUGGESTED])

    def _plan_informal(self, suggestion):
        """The review of a card asks the same: where it is planned, that is enough."""
        cards = self.candidate_ids.filtered("informal_suggestion")
        cards = cards.browse(mine[0].id for mine in cards.grouped("membership_id").values())
        self._schedule_informal(self - cards.membership_id, suggestion)
        if suggestion == "revisit":
            cards -= cards.browse(cards.activity_search([REVIEW]).mapped("res_id"))
        self._schedule_informal(cards, suggestion)

    @api.model
    def _schedule_informal(self, records, suggestion):
        """:param records: memberships, or cards, which have a responsible of their own"""
        records = records.with_context(mail_activity_quick_update=True)
        records.mapped("display_name")  # at once: each activity asks for the name of its record
        for user, mine in records.grouped(
            lambda record: (
                ("user_id" in record._fields and record.user_id)
                or record.partnership_id._get_alert_user()
            )
        ).items():
            summary = self.with_context(lang=user.lang)._get_informal_summary(suggestion)
            for today, own in mine._grouped_by_today().items():
                deadline = today + timedelta(days=DAYS)
                own.activity_schedule(SUGGESTED, deadline, summary, user_id=user.id)

    @api.model
    def _get_informal_summary(self, suggestion):
        if suggestion == "propose":
            return self.env._("Propose formal membership: it comes, and it contributes")
        return self.env._("Revisit: does it stay informal, become formal, or end?")

    def action_propose_formal(self):
        """Bring who takes part informally on the way to membership: on the card that is ongoing,
        else on a new one.

        :return: action that shows the cards
        """
        cards = self._propose_formal()
        if len(cards) == 1:
            return cards._get_form_action()
        return cards._get_list_action([("id", "in", cards.ids)], {})

    def _propose_formal(self):
        formal = self.filtered("is_formal")
        if formal:
            raise UserError(
                self.env._(
                    "%(memberships)s: a member already.",
                    memberships=", ".join(formal.mapped("display_name")),
                )
            )
        ongoing = self.candidate_ids.filtered(lambda card: card._is_ongoing())
        ongoing._turn_formal()
        rest = self - ongoing.membership_id
        stage = self.env["partnership.enlargement.stage"]._get_first_formal()
        created = self.env["partnership.candidate"].create(
            [{**each._get_formal_attempt_values(), "stage_id": stage.id} for each in rest]
        )
        self._tell_informal()
        return ongoing + created

    def _get_formal_attempt_values(self):
        """:return: values of a card that leads to membership; who was admitted informally goes on
        from that card"""
        cards = self.candidate_ids.filtered(lambda card: card._is_informally_in())
        if cards:
            return cards.sorted("id")[-1]._get_next_attempt_values()
        return {
            "partnership_id": self.partnership_id.id,
            "partner_id": self.partner_id.id,
            "interest_group_id": self.interest_group_id.id,
            "target_form": "formal",
        }
