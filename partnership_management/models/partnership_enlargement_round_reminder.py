from odoo import api, models

ROUND_END = "partnership_management.mail_activity_type_round_end"


class PartnershipEnlargementRound(models.Model):
    """An open round admits nobody after its last day, and no other opens beside it: whoever is
    responsible is reminded to close it, without mail."""

    _inherit = "partnership.enlargement.round"

    @api.model_create_multi
    def create(self, vals_list):
        rounds = super().create(vals_list)
        rounds.filtered(lambda round_: round_.state == "open")._remind_of_end()
        return rounds

    def write(self, vals):
        result = super().write(vals)
        if {"state", "date_end", "user_id"} & vals.keys():
            self._remind_of_end()
        return result

    def _remind_of_end(self):
        quiet = self.with_context(mail_activity_quick_update=True)
        quiet.activity_unlink([ROUND_END])
        ending = quiet.filtered(lambda round_: round_.state == "open" and round_.date_end)
        for (date, user), rounds in ending.grouped(
            lambda round_: (round_.date_end, round_.user_id)
        ).items():
            rounds.activity_schedule(ROUND_END, date, user_id=user.id)
