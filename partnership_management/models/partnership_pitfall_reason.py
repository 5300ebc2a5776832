from odoo import api, models
from odoo.tools import format_date


class PartnershipPitfall(models.Model):
    """Why: the figures behind a pitfall, with their parts, in words."""

    _inherit = "partnership.pitfall"

    @api.model
    def _refresh_reasons(self, memberships):
        """Say of the open pitfalls why they are, in the language of who is responsible."""
        pitfalls = self.search(
            [("membership_id", "in", memberships.ids), ("state", "=", "open")], order="id"
        )
        for pitfall in pitfalls:
            lang = pitfall.partnership_id._get_pitfall_user().lang or self.env.lang
            reasons = " ".join(pitfall.with_context(lang=lang)._get_reasons())
            if reasons and reasons != pitfall.reasons:
                pitfall.reasons = reasons

    def _get_reasons(self):
        """:return: list of sentences; a figure without enough data says nothing"""
        self.ensure_one()
        figure = self.membership_id.figure_id
        return getattr(self, f"_get_reasons_{self.kind}")(figure, self.partnership_id)

    def _get_reasons_absent(self, figure, _place):
        return [
            self.env._(
                "Missed the last three meetings; represented at %(represented)s of %(expected)s "
                "since %(start)s.",
                represented=figure.represented,
                expected=figure.expected,
                start=self._get_window_start(figure),
            )
        ]

    def _get_reasons_irregular(self, figure, place):
        return [
            self.env._(
                "Missed %(longest)s of %(expected)s meetings without a break: regularity "
                "%(share)s, under %(threshold)s.",
                longest=figure.longest_absence,
                expected=figure.expected,
                share=self._format_share(figure.regularity),
                threshold=self._format_share(place.pitfall_irregular_under),
            )
        ]

    def _get_reasons_uninformed(self, figure, place):
        return [
            self.env._(
                "Read %(read)s of %(due)s briefings in time: %(share)s, under %(threshold)s.",
                read=figure.briefings_read,
                due=figure.briefings_due,
                share=self._format_share(figure.informed_rate),
                threshold=self._format_share(place.pitfall_informed_under),
            )
        ]

    def _get_reasons_unrepresentative(self, figure, place):
        reasons = []
        if figure.represented >= 3 and figure.validity_rate < place.pitfall_validity_under:
            reasons.append(
                self.env._(
                    "The holder of a mandate came to %(valid)s of the %(represented)s meetings at "
                    "which somebody came: %(share)s, under %(threshold)s.",
                    valid=figure.valid,
                    represented=figure.represented,
                    share=self._format_share(figure.validity_rate),
                    threshold=self._format_share(place.pitfall_validity_under),
                )
            )
        if figure.no_authority:
            reasons.append(self.env._("Nobody holds a mandate that may commit the organisation."))
        return reasons

    def _get_reasons_turnover(self, figure, place):
        reasons = []
        if figure.represented >= 3 and figure.continuity < place.pitfall_continuity_under:
            reasons.append(
                self.env._(
                    "%(persons)s persons came in turns to %(represented)s meetings: continuity "
                    "%(share)s, under %(threshold)s.",
                    persons=figure.representatives,
                    represented=figure.represented,
                    share=self._format_share(figure.continuity),
                    threshold=self._format_share(place.pitfall_continuity_under),
                )
            )
        if 0 < place.pitfall_replacements <= figure.replacements_unplanned:
            reasons.append(
                self.env._(
                    "%(count)s titulars were replaced without plan since %(start)s.",
                    count=figure.replacements_unplanned,
                    start=self._get_window_start(figure),
                )
            )
        return reasons

    def _get_window_start(self, figure):
        return format_date(self.env, figure.window_start) if figure.window_start else "–"
