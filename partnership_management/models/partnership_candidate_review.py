from odoo import models

REVIEW = "partnership_management.mail_activity_type_review"


class PartnershipCandidate(models.Model):
    """Informal participation is reviewed on a date (L48): an activity of the responsible user."""

    _inherit = "partnership.candidate"

    def _plan_reviews(self, moved):
        """Bring the activities of review in line with the cards: one search, one write for each
        date and user, and no mail.

        :param moved: the cards with a new review date. The others get no new activity: theirs
            may be done.
        """
        self._drop_suggestions()
        quiet = self.with_context(mail_activity_quick_update=True)
        planned = quiet.activity_search([REVIEW])
        due = quiet.filtered(
            lambda card: card.active and card.state != "refused" and card.review_date
        )
        kept = planned.filtered(lambda activity: due & due.browse(activity.res_id))
        (planned - kept).unlink()
        planned = kept.grouped("res_id")
        for (date, user), cards in due.grouped(
            lambda card: (card.review_date, card.user_id)
        ).items():
            activities = quiet.env["mail.activity"].union(
                *(planned[card.id] for card in cards if card.id in planned)
            )
            activities.filtered(
                lambda activity, date=date, user=user: (
                    (activity.date_deadline, activity.user_id) != (date, user)
                )
            ).write({"date_deadline": date, "user_id": user.id})
            (cards & moved).filtered(lambda card: card.id not in planned).activity_schedule(
                REVIEW, date, user_id=user.id
            )
