from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import split_every

from ..tools.groups import TEAM
from .partnership_candidate_review import REVIEW
from .partnership_membership_informal import SUGGESTIONS

SUGGESTED = "partnership_management.mail_activity_type_informal"
BATCH = 1000
DAYS = 7


class PartnershipMembership(models.Model):
    """Who is told what is suggested for an informal participant: by one activity and without
    mail, on its card, or on the membership where there is none."""

    _inherit = "partnership.membership"

    informal_told = fields.Selection(
        SUGGESTIONS, "Suggestion Told", readonly=True, copy=False, groups=TEAM
    )

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
                or record.partnership_id._get_pitfall_user()
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
