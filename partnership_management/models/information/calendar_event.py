from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS
from odoo.tools import format_date, is_html_empty

from ...tools.groups import TEAM


class CalendarEvent(models.Model):
    """The minutes of a meeting, and the briefing that brings them to its members."""

    _inherit = "calendar.event"

    # Many may read and write a calendar event; its minutes are the team's
    partnership_minutes_text = fields.Html(copy=False, groups=NO_ACCESS)
    partnership_minutes = fields.Html(
        "Minutes",
        compute="_compute_partnership_minutes",
        inverse="_inverse_partnership_minutes",
        groups=TEAM,
    )
    partnership_briefing_ids = fields.One2many(
        "partnership.briefing", "event_id", "Briefings", copy=False, groups=TEAM
    )
    partnership_briefing_text = fields.Char(
        "Briefing",
        compute="_compute_partnership_briefing_text",
        groups=TEAM,
        help="How many of the recipients of the last briefing on this meeting have read it.",
    )

    def _get_absent_memberships(self):
        """:return: the members that were expected and not represented on any of their seats at
        these closed meetings"""
        groups = self.env["partnership.participation.report"]._read_group(
            [("event_id", "in", self.ids), ("expected", "=", 1)],
            ["membership_id"],
            ["represented:sum"],
        )
        return self.env["partnership.membership"].union(
            *(membership for membership, represented in groups if not represented)
        )

    @api.depends("partnership_minutes_text", "partnership_id")
    @api.depends_context("uid")
    def _compute_partnership_minutes(self):
        for event in self:
            readable = event.partnership_id.has_access("read")
            event.partnership_minutes = readable and event.sudo().partnership_minutes_text

    def _inverse_partnership_minutes(self):
        self._check_sheet_access()
        for event in self:
            event.sudo().partnership_minutes_text = event.partnership_minutes

    @api.depends("partnership_briefing_ids.receipt_ids.date_read", "partnership_briefing_ids.state")
    def _compute_partnership_briefing_text(self):
        for event in self:
            last = event._get_briefings().sorted("id")[-1:]
            event.partnership_briefing_text = last.read_text if last.state == "sent" else False

    def write(self, vals):
        """Minutes are of one meeting, also where a whole series is edited."""
        if "partnership_minutes" in vals and vals.get("recurrence_update") in (
            "all_events",
            "future_events",
        ):
            vals = dict(vals)
            super().write({"partnership_minutes": vals.pop("partnership_minutes")})
        return super().write(vals)

    def _filtered_kept(self):
        return super()._filtered_kept() | self._filtered_minuted()

    def _filtered_minuted(self):
        """:return: the meetings that have minutes, or of which somebody was informed"""
        return self.filtered("partnership_id").filtered(
            lambda event: (
                not is_html_empty(event.sudo().partnership_minutes_text)
                or event.sudo().partnership_briefing_ids.filtered("date_sent")
            )
        )

    def _check_kept(self):
        """Where nobody was expected, minutes are all that is known of a meeting."""
        result = super()._check_kept()
        minuted = self._filtered_minuted().sorted("start")
        if minuted:
            raise UserError(
                self.env._(
                    "“%(event)s” of %(date)s has minutes, or a briefing on it was sent: they would "
                    "be lost. Leave the meeting as it is; of a series, use “This and following”, "
                    "from the first one without.",
                    event=minuted[0].display_name,
                    date=format_date(self.env, minuted[0].partnership_date),
                )
            )
        return result

    def _get_briefings(self):
        """:return: the briefings on these meetings that were not withdrawn"""
        return self.partnership_briefing_ids.filtered(
            lambda briefing: briefing.state != "cancelled"
        )

    def action_open_briefing(self):
        """Open the briefing on this meeting; where there is none, one that waits to be sent."""
        self.ensure_one()
        self._check_sheet_access()
        briefings = self._get_briefings() or self._create_briefing()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_briefing_action"
        )
        if len(briefings) > 1:
            return {**action, "domain": [("id", "in", briefings.ids)]}
        return {**action, "views": [(False, "form")], "res_id": briefings.id}

    def _create_briefing(self):
        """With minutes it is for everybody who was expected, without them for the absentees.

        :return: a draft, with its text and its recipients
        """
        self.ensure_one()
        if self.partnership_state != "closed":
            raise UserError(
                self.env._(
                    "Close the sheet of “%(event)s” first: then it is known who was absent.",
                    event=self.name,
                )
            )
        self._take_turns()
        has_minutes = not is_html_empty(self.partnership_minutes)
        briefing = self.env["partnership.briefing"].create(
            {
                "name": self.env._(
                    "%(meeting)s of %(date)s",
                    meeting=self.name,
                    date=format_date(self.env, self.partnership_date),
                ),
                "kind": "minutes",
                "partnership_id": self.partnership_id.id,
                "event_id": self.id,
                "body": self.partnership_minutes,
            }
        )
        today = briefing._get_today()
        readers = briefing._get_absentee_readers(self, today)
        if has_minutes:
            readers += briefing._get_expected_readers(self, today)
        briefing._add_readers(readers)
        return briefing
