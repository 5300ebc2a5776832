from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Of the pitfalls of one kind that two memberships have, one is left when they become one."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _merge_pitfalls(self, group):
        """Keep what is open before what is closed, what was answered before what was not. The
        history and the activities of the others move to it.

        :param group: memberships that become one, the one that is kept first
        """
        for pitfalls in group.pitfall_ids.grouped("kind").values():
            kept = pitfalls.sorted(
                lambda pitfall: (
                    pitfall.state != "open",
                    not pitfall.mechanism_date,
                    pitfall.date_open,
                    pitfall.id,
                )
            )[0]
            self._merge_pitfall(kept, pitfalls - kept)

    @api.model
    def _merge_pitfall(self, kept, folded):
        if not folded:
            return
        for pitfall in folded.filtered("mechanism_date"):
            kept._message_log(body=pitfall._describe_mechanism())
        self.env.flush_all()
        self._update_foreign_keys_generic("partnership.pitfall", folded, kept)
        self._update_reference_fields_generic("partnership.pitfall", folded, kept)
        self.env.invalidate_all()
        folded.unlink()
