from dateutil.relativedelta import relativedelta

from odoo import api, models

SOURCE = "partnership.figure.source"
REACH = relativedelta(months=36)  # how long a meeting can be in the window


class PartnershipFigureSource(models.AbstractModel):
    """A record on which the figures of members rest: they follow when it changes."""

    _name = "partnership.figure.source"
    _description = "Source of Figures"
    # The fields that figures rest on, and those of them that say something from the end on only
    _figure_fields = frozenset()
    _figure_end_fields = frozenset({"date_end", "end_kind"})

    def _get_figure_periods(self, fnames):
        """From when on figures change, for fields of these records.

        :param fnames: set of field names
        :return: list of periods, see ``partnership.membership.figure._refresh_periods``
        """
        owner = "id" if self._name == "partnership.membership" else "membership_id"
        since = "date_end" if fnames <= self._figure_end_fields else "date_start"
        return [
            (record[owner] if owner == "id" else record[owner].id, record[since], None, None)
            for record in self
            if record[since]
        ]

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._touch_figures(self._figure_fields)
        return records

    def write(self, vals):
        changed = self._figure_fields & vals.keys()
        if not changed:
            return super().write(vals)
        self._touch_figures(changed)
        result = super().write(vals)
        self._touch_figures(changed)
        return result

    def unlink(self):
        self._touch_figures(self._figure_fields)
        return super().unlink()

    def _touch_figures(self, fnames):
        periods = self.sudo()._get_figure_periods(fnames)
        self.env["partnership.membership.figure"]._postpone(periods)


class PartnershipPartnership(models.Model):
    _name = "partnership.partnership"
    _inherit = ["partnership.partnership", SOURCE]
    _figure_fields = frozenset(
        {
            "weight_involvement",
            "weight_choice",
            "weight_commitment",
            "weight_communication",
            "on_paper_months",
            "on_paper_presence_under",
        }
    )

    def _get_figure_periods(self, fnames):
        """Weights and thresholds have no history: they count from now on."""
        members = self.env["partnership.membership"].search(
            [("partnership_id", "in", self.ids), ("date_end", "=", False)]
        )
        return [
            (member_id, today, None, None)
            for today, own in members._grouped_by_today().items()
            for member_id in own.ids
        ]


class PartnershipMembership(models.Model):
    _name = "partnership.membership"
    _inherit = ["partnership.membership", SOURCE]
    _figure_fields = frozenset({"date_start", "date_end"})


class PartnershipMembershipTransition(models.Model):
    _name = "partnership.membership.transition"
    _inherit = ["partnership.membership.transition", SOURCE]
    _figure_fields = frozenset({"date"})

    def _get_figure_periods(self, fnames):
        return [(step.membership_id.id, step.date, None, None) for step in self]


class PartnershipSeat(models.Model):
    _name = "partnership.seat"
    _inherit = ["partnership.seat", SOURCE]
    _figure_fields = frozenset({"membership_id", "date_start", "date_end", "vote_weight"})

    def _get_figure_periods(self, fnames):
        """The weight has no history: it counts from now on."""
        if fnames == {"vote_weight"}:
            return [(seat.membership_id.id, seat._get_today(), None, None) for seat in self]
        return super()._get_figure_periods(fnames)


class PartnershipMandate(models.Model):
    _name = "partnership.mandate"
    _inherit = ["partnership.mandate", SOURCE]
    _figure_fields = frozenset(
        {"seat_id", "person_id", "kind", "authority", "date_start", "date_end", "end_kind"}
    )


class PartnershipAttendance(models.Model):
    _name = "partnership.attendance"
    _inherit = ["partnership.attendance", SOURCE]
    _figure_fields = frozenset({"seat_id", "person_id", "status", "proxy_id"})

    def _get_figure_periods(self, fnames):
        """Only what is on a closed sheet counts; seen from before the seat was filled, too."""
        return [
            (row.seat_id.membership_id.id, row.date, row.date + REACH, row.date)
            for row in self
            if row.seat_id and row.event_id.partnership_state == "closed"
        ]


class CalendarEvent(models.Model):
    _name = "calendar.event"
    _inherit = ["calendar.event", SOURCE]
    _figure_fields = frozenset(
        {"partnership_state", "partnership_body_id", "start", "start_date", "allday"}
    )

    def _get_figure_periods(self, fnames):
        closed = self.filtered(lambda event: event.partnership_state == "closed")
        if not closed:
            return []
        groups = self.env["partnership.attendance"]._read_group(
            [("event_id", "in", closed.ids), ("seat_id", "!=", False)],
            ["seat_id"],
            ["date:min", "date:max"],
        )
        return [(seat.membership_id.id, first, last + REACH, first) for seat, first, last in groups]


class PartnershipBriefing(models.Model):
    _name = "partnership.briefing"
    _inherit = ["partnership.briefing", SOURCE]
    _figure_fields = frozenset({"state"})

    def _get_figure_periods(self, fnames):
        return self.receipt_ids._get_figure_periods(fnames)


class PartnershipBriefingReceipt(models.Model):
    _name = "partnership.briefing.receipt"
    _inherit = ["partnership.briefing.receipt", SOURCE]
    _figure_fields = frozenset({"membership_id", "date_sent", "date_read", "date_relayed"})

    def _get_figure_periods(self, fnames):
        """A briefing counts from the day it was sent, or is due, for as long as that day can be
        in the window."""
        return [
            (receipt.membership_id.id, sent, receipt.date_due + REACH, None)
            for receipt in self
            if receipt.membership_id and (sent := receipt.briefing_id.date_sent)
        ]
