from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.partnership_management.tools.groups import TEAM

# What began longer ago than this is history, as in an import: it raises no need any more
NEW_DAYS = 31
BATCH = 500


class PartnershipMandate(models.Model):
    """Whoever starts to speak for a member may have to learn how."""

    _name = "partnership.mandate"
    _inherit = ["partnership.mandate", "partnership.need.count.mixin"]

    need_ids = fields.One2many(
        "partnership.training.need",
        "mandate_id",
        "Training Needs",
        groups=TEAM,
    )

    _need_field = "mandate_id"

    @api.model_create_multi
    def create(self, vals_list):
        mandates = super().create(vals_list)
        mandates._filtered_new()._raise_needs()
        return mandates

    def write(self, vals):
        offices = {mandate: mandate.office for mandate in self} if "office" in vals else {}
        result = super().write(vals)
        if {"date_start", "person_id"} & vals.keys():
            self._filtered_new()._raise_needs()
        self.filtered(
            lambda mandate: offices.get(mandate, mandate.office) != mandate.office
        )._filtered_today()._raise_needs(of_office=True)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_needs(self):
        """A mandate that was a mistake asks for nothing."""
        self.sudo().need_ids._filtered_untouched().unlink()

    def _filtered_today(self):
        return self._valid_today()

    def _filtered_new(self):
        """:return: the mandates that began today or a short while ago"""
        return self._filtered_today().filtered(
            lambda mandate: (
                mandate.date_start + timedelta(days=NEW_DAYS) >= mandate.partnership_id._get_today()
            )
        )

    def _raise_needs(self, of_office=False):
        """Raise what representatives need and do not know yet. It follows from the mandate,
        whoever writes that down: it runs as the system.

        :param of_office: only what the office asks for, in a mandate that began before
        """
        if not self:
            return
        rows = self.env["partnership.skill.wanted"].sudo()
        rows = rows._search_for("mandate", self.sudo().partnership_id)
        self.env["partnership.training.need"].sudo()._raise_wanted(
            [
                (mandate._get_need_values(), wanted)
                for mandate in self.sudo()
                for wanted in rows[mandate.partnership_id]._filtered_for_mandate(mandate)
                if wanted.office or not of_office
            ]
        )

    def _get_need_values(self):
        self.ensure_one()
        return {
            "origin": "mandate",
            "mandate_id": self.id,
            "partnership_id": self.partnership_id.id,
            "membership_id": self.membership_id.id,
            "person_id": self.person_id.id,
            "body_id": self.body_id.id,
            "date_open": self.partnership_id._get_today(),
        }

    @api.model
    def _cron_raise_needs(self):
        """Raise the needs of the mandates whose day has come, in batches that are each
        committed. Those that another transaction works on are left to the next run."""
        mandates = self.search(
            self._domain_on_its_day(
                lambda today: (
                    Domain("date_start", ">=", today - timedelta(days=NEW_DAYS))
                    & Domain("date_start", "<=", today)
                )
            )
        )

        def raise_needs(ids):
            batch = self.browse(ids).try_lock_for_update(allow_referencing=True)
            batch._filtered_new()._raise_needs()

        self.env["ir.cron"]._run_in_batches(mandates.ids, BATCH, raise_needs)
