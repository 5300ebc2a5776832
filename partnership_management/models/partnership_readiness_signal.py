from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import split_every

from ..tools.groups import TEAM
from .partnership_readiness import READINESS

ACTIVITY = "partnership_management.mail_activity_type_readiness"
BATCH = 200


class PartnershipPartnership(models.Model):
    """The readiness as it was found last, and who is told when it changes."""

    _inherit = "partnership.partnership"

    readiness_signal = fields.Selection(
        READINESS, "Readiness for Enlargement", readonly=True, copy=False, index=True, groups=TEAM
    )
    readiness_reasons = fields.Html("Reasons", readonly=True, copy=False, groups=TEAM)
    readiness_summary = fields.Char(
        "Reasons in a Line", compute="_compute_readiness_summary", groups=TEAM
    )
    readiness_date = fields.Date("Readiness as of", readonly=True, copy=False, groups=TEAM)

    @api.depends("readiness_reasons")
    def _compute_readiness_summary(self):
        """The reasons where there is no place for a list, as in a cell of a dashboard."""
        for partnership in self:
            reasons = partnership.readiness_reasons or Markup()
            spaced = reasons.replace(Markup("</li>"), Markup("</li> "))
            partnership.readiness_summary = spaced.striptags()

    def action_refresh_readiness(self):
        self.check_access("write")
        self._take_turns()
        self.sudo()._refresh_readiness()

    @api.model
    def _cron_refresh_readiness(self):
        """Look at all partnerships, in batches that are each committed."""
        partnerships = self.search([("active", "=", True)], order="id")
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(partnerships))
        for ids in split_every(BATCH, partnerships.ids):
            batch = self.browse(ids).try_lock_for_update(allow_referencing=True)
            batch._refresh_readiness()
            if not cron._commit_progress(len(ids)):
                break

    def _refresh_readiness(self):
        """Find the readiness of today. Whoever is responsible reads the reasons in the own
        language, and is told of a signal that is new; no news is that it is not the moment."""
        before = {partnership: partnership.readiness_signal for partnership in self}
        users = {partnership: partnership._get_pitfall_user() for partnership in self}
        for lang, partnerships in self.grouped(
            lambda each: users[each].lang or self.env.lang
        ).items():
            for partnership_id, found in (
                partnerships.with_context(lang=lang)._get_readiness().items()
            ):
                self.browse(partnership_id)._write_readiness(found)
        changed = self.filtered(lambda each: (before[each] or "not_now") != each.readiness_signal)
        changed._tell_readiness(users)

    def _write_readiness(self, found):
        """Write only what is new: others who change the partnership do not wait for it."""
        values = {
            "readiness_signal": found["signal"],
            "readiness_reasons": self._format_reasons(found["reasons"]),
            "readiness_date": self._get_today(),
        }
        if any(self[fname] != value for fname, value in values.items()):
            self.write(values)

    @api.model
    def _format_reasons(self, reasons):
        """:return: Markup, the sentences as a list"""
        items = Markup().join(Markup("<li>%s</li>") % reason for reason in reasons)
        return Markup("<ul>%s</ul>") % items

    def _tell_readiness(self, users):
        """Write the new signal into the history, and make it the one activity about it that each
        responsible has. Nobody gets mail.

        :param users: dict partnership -> who is responsible
        """
        if not self:
            return
        news = {each: each._get_readiness_news(users[each].lang or self.env.lang) for each in self}
        self._message_log_batch(
            {each.id: Markup("<p>%s</p>%s") % (news[each], each.readiness_reasons) for each in self}
        )
        quiet = self.with_context(mail_activity_quick_update=True)
        activity_type = self.env.ref(ACTIVITY, raise_if_not_found=False)
        if not activity_type:
            return
        quiet.activity_search([ACTIVITY]).unlink()
        quiet.env["mail.activity"].create(
            [
                {
                    "res_model_id": self.env["ir.model"]._get_id(self._name),
                    "res_id": each.id,
                    "activity_type_id": activity_type.id,
                    "user_id": users[each].id,
                    "automated": True,
                    "date_deadline": each.readiness_date + timedelta(days=7),
                    "summary": news[each],
                    "note": each.readiness_reasons,
                }
                for each in self
            ]
        )

    def _get_readiness_news(self, lang):
        self.ensure_one()
        partnership = self.with_context(lang=lang)
        signals = dict(self._fields["readiness_signal"]._description_selection(partnership.env))
        return partnership.env._(
            "Readiness for enlargement: %(signal)s", signal=signals[self.readiness_signal]
        )
