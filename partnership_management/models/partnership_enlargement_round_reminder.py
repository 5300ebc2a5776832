from odoo import models

ROUND_END = "partnership_management.mail_activity_type_round_end"


class PartnershipEnlargementRound(models.Model):
    """An open round admits nobody after its last day, and no other opens beside it: whoever is
    responsible is reminded to close it, without mail."""

    _inherit = "partnership.enlargement.round"

    def _remind_of_end(self):
        quiet = self.with_context(mail_activity_quick_update=True)
        quiet.activity_unlink([ROUND_END])
        ending = quiet.filtered(lambda round_: round_.state == "open" and round_.date_end)
        for (date, user), rounds in ending.grouped(
            lambda round_: (round_.date_end, round_.user_id)
        ).items():
            rounds.activity_schedule(ROUND_END, date, user_id=user.id)
