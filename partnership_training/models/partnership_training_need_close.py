from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import split_every

from .partnership_training_need import CLOSED_STATES, OPEN_STATES

BATCH = 1000


class PartnershipTrainingNeed(models.Model):
    """How a need ends: by its effect, by hand with a reason, or since nobody needs it any more."""

    _inherit = "partnership.training.need"

    def _close(self, kind, reason=False):
        """:param kind: effect (only as the system), by_hand (with a reason), or no_longer"""
        if kind == "by_hand" and not reason:
            raise UserError(self.env._("Say why these needs are closed by hand."))
        needs = self.filtered(lambda need: need.state in OPEN_STATES)
        needs.check_access("write")
        for partnership, own in needs.sudo().grouped("partnership_id").items():
            own.write(
                {
                    "state": "dropped" if kind == "no_longer" else "closed",
                    "close_kind": kind,
                    "close_reason": reason,
                    "date_closed": partnership._get_today(),
                }
            )

    def _reopen(self, without_effect=False):
        """Open again what was closed.

        :param without_effect: what was completed so far did not help: it is set aside
        """
        self.check_access("write")
        if without_effect:
            for need in self.sudo():
                need.tried_enrolment_ids |= need._get_completed()
        closed = self.sudo().filtered(lambda need: need.state in CLOSED_STATES)
        closed.write(
            {"state": "open", "close_kind": False, "close_reason": False, "date_closed": False}
        )
        self.env.add_to_compute(self._fields["state"], closed)

    def _filtered_untouched(self):
        """:return: what was raised by itself, and nobody has done anything about"""
        return self.filtered(
            lambda need: need.wanted_id and need.state == "open" and not need.enrolment_ids
        )

    def action_close(self):
        """Ask for the reason."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_training.partnership_training_need_close_action"
        )
        action["context"] = {"default_need_ids": self.ids}
        return action

    def action_drop(self):
        self._close("no_longer")

    def action_reopen(self):
        twice = self._filtered_open_again()
        if twice:
            raise UserError(
                self.env._(
                    "%(need)s was raised again in the meantime: it stays closed.",
                    need=twice[0].display_name,
                )
            )
        self._reopen()

    def _filtered_open_again(self):
        """:return: those of the closed needs for which another one is open"""
        known = self._find_open([need._get_key_values() for need in self])
        return self.filtered(lambda need: self._get_key(need._get_key_values()) in known)

    @api.model
    def _cron_drop_needs(self):
        """Drop what nobody needs any more: its member left, or its mandate ended."""
        needs = self.search(self._domain_no_longer())
        self.env["ir.cron"]._commit_progress(remaining=len(needs))
        for ids in split_every(BATCH, needs.ids):
            self.browse(ids)._close("no_longer")
            self.env["ir.cron"]._commit_progress(len(ids))

    @api.model
    def _domain_no_longer(self):
        return Domain("state", "in", OPEN_STATES) & self._domain_on_its_day(
            lambda today: (
                Domain("membership_id.date_end", "<", today)
                | Domain("mandate_id.date_end", "<", today)
            )
        )
