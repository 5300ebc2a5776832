from odoo import api, models

from .partnership_membership_figure_refresh import POSTPONED as POSTPONED_FIGURES
from .partnership_readiness_threshold import READINESS_SETTINGS

POSTPONED = "partnership_readiness"


class PartnershipPartnership(models.Model):
    """The readiness of a day says what the composition of that day says: it is found again with
    what it rests on, once before the change is committed, however much of it there is."""

    _inherit = "partnership.partnership"

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"profile_line_ids", *READINESS_SETTINGS}:
            # What the form shows after it is saved is read before the commit
            self._refresh_known_readiness()
        return result

    def _profile_changed(self):
        result = super()._profile_changed()
        self._postpone_readiness()
        return result

    def _postpone_readiness(self):
        precommit = self.env.cr.precommit
        if POSTPONED not in precommit.data:
            precommit.data[POSTPONED] = set()
            precommit.add(self.browse().sudo()._run_postponed_readiness)
        precommit.data[POSTPONED].update(self.ids)

    @api.model
    def _run_postponed_readiness(self):
        pending = self.env.cr.precommit.data.pop(POSTPONED, set())
        self.browse(sorted(pending)).exists()._refresh_known_readiness()

    def _refresh_known_readiness(self):
        """Who has never been looked at waits for the night, or for the button."""
        self.sudo().filtered("readiness_date")._refresh_readiness()


class PartnershipMembership(models.Model):
    _inherit = "partnership.membership"

    def unlink(self):
        partnerships = self.sudo().partnership_id
        result = super().unlink()
        partnerships._postpone_readiness()
        return result


class PartnershipMembershipTransition(models.Model):
    _inherit = "partnership.membership.transition"

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps.sudo().partnership_id._postpone_readiness()
        return steps

    def write(self, vals):
        result = super().write(vals)
        self.sudo().partnership_id._postpone_readiness()
        return result


class PartnershipMembershipFigure(models.Model):
    _inherit = "partnership.membership.figure"

    @api.model
    def _run_postponed(self):
        """At night the readiness follows by itself."""
        ids = list(self.env.cr.precommit.data.get(POSTPONED_FIGURES, ()))
        result = super()._run_postponed()
        members = self.env["partnership.membership"].browse(ids).exists()
        members.sudo().partnership_id._postpone_readiness()
        return result


class PartnershipEnlargementRound(models.Model):
    _inherit = "partnership.enlargement.round"
