from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.optional_float import OptionalFloat

RATES = {
    # rate: what its parts are summed from
    "presence_rate": ("represented", "expected"),
    "informed_rate": ("briefings_read", "briefings_due"),
}


class PartnershipMeetingReport(models.Model):
    """What became of the meetings of each level: held or cancelled, with notice and quorum, who
    came and who read the minutes. One row per meeting of a body, with the parts of each rate.

    Presence is of the participation report: seats represented / seats expected. Informed is of
    the minutes: members who read them in time / members to whom they were due. Presence and
    informed of many meetings are of their summed parts; the other rates are shares of meetings.
    Of fewer than three there is no rate.
    """

    _name = "partnership.meeting.report"
    _description = "Meetings by Level"
    _inherit = ["partnership.report.mixin"]
    _auto = False
    _rec_name = "event_id"
    _order = "date desc, id desc"
    _own_dates = {"calendar.event": "partnership_date", "partnership.attendance": "date"}

    event_id = fields.Many2one("calendar.event", "Meeting", readonly=True)
    date = fields.Date(readonly=True)
    partnership_id = fields.Many2one("partnership.partnership", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    body_id = fields.Many2one("partnership.body", readonly=True)
    level = fields.Selection(
        selection=lambda self: self.env["partnership.body"]._fields["level"].selection,
        readonly=True,
    )
    tool = fields.Selection(
        selection=lambda self: self.env["calendar.event"]._fields["partnership_tool"].selection,
        readonly=True,
    )
    need = fields.Selection(
        selection=lambda self: self.env["calendar.event"]._fields["partnership_need"].selection,
        readonly=True,
    )
    state = fields.Selection(
        selection=lambda self: self.env["calendar.event"]._fields["partnership_state"].selection,
        readonly=True,
    )

    # Held against planned
    planned = fields.Integer(readonly=True, help="All meetings, also those cancelled and ahead.")
    held = fields.Integer(readonly=True, help="Their attendance sheet is closed.")
    cancelled = fields.Integer(readonly=True)
    held_rate = OptionalFloat(
        "Held / Decided",
        readonly=True,
        aggregator="avg",
        help="Held / (held + cancelled): what is ahead, or not recorded, does not count yet.",
    )

    # How they were held
    quorum = fields.Selection(
        selection=lambda self: self.env["partnership.meeting"]._fields["quorum"].selection,
        readonly=True,
        help="Empty: the sheet is not closed, or the body asks for no quorum.",
    )
    quorum_rate = OptionalFloat("Quorum Reached", readonly=True, aggregator="avg")
    notice = fields.Selection(
        selection=lambda self: self.env["calendar.event"]._fields["partnership_notice"].selection,
        readonly=True,
        help="Empty: no invitation is known.",
    )
    notice_rate = OptionalFloat("Notice Kept", readonly=True, aggregator="avg")

    # Who came, and who knows
    expected = fields.Integer("Seats Expected", readonly=True)
    represented = fields.Integer("Seats Represented", readonly=True)
    presence_rate = OptionalFloat("Presence", readonly=True, aggregator="avg")
    briefings_due = fields.Integer(
        "Minutes Due", readonly=True, help="Members who had the minutes to read, by now."
    )
    briefings_read = fields.Integer("Minutes Read in Time", readonly=True)
    informed_rate = OptionalFloat("Informed", readonly=True, aggregator="avg")

    _depends = {
        "calendar.event": [
            "active",
            "partnership_state",
            "partnership_body_id",
            "partnership_date",
            "partnership_tool",
            "partnership_need",
            "partnership_notice",
        ],
        "partnership.meeting": ["event_id", "quorum"],
        "partnership.body": ["level", "company_id"],
        "partnership.participation.report": ["event_id", "expected", "represented"],
        "partnership.briefing": ["event_id"],
        "partnership.briefing.receipt": [
            "briefing_id",
            "partnership_id",
            "membership_id",
            "kind",
            "state",
            "date_due",
            "date_sent",
            "date_read",
        ],
        "partnership.partnership": ["tz"],
    }

    def _read_group_select(self, aggregate_spec, query):
        fname, _separator, aggregator = aggregate_spec.partition(":")
        if aggregator != "avg" or not fname.endswith("_rate"):
            return super()._read_group_select(aggregate_spec, query)
        if fname not in RATES:
            rate = self._field_to_sql(self._table, fname, query)
            return SQL("CASE WHEN COUNT(%s) >= 3 THEN AVG(%s) END", rate, rate)
        done, due = (self._field_to_sql(self._table, part, query) for part in RATES[fname])
        return SQL("CASE WHEN SUM(%s) >= 3 THEN SUM(%s)::float / SUM(%s) END", due, done, due)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT event.id,
                   event.id AS event_id,
                   event.partnership_date AS date,
                   event.partnership_id,
                   body.company_id,
                   body.id AS body_id,
                   body.level,
                   event.partnership_tool AS tool,
                   event.partnership_need AS need,
                   event.partnership_state AS state,
                   1 AS planned,
                   (event.partnership_state = 'closed')::int AS held,
                   (event.partnership_state = 'cancelled')::int AS cancelled,
                   CASE event.partnership_state WHEN 'closed' THEN 1.0 WHEN 'cancelled' THEN 0.0
                        END AS held_rate,
                   quorum.value AS quorum,
                   (quorum.value = 'reached')::int::float AS quorum_rate,
                   event.partnership_notice AS notice,
                   (event.partnership_notice = 'kept')::int::float AS notice_rate,
                   COALESCE(presence.expected, 0) AS expected,
                   COALESCE(presence.represented, 0) AS represented,
                   CASE WHEN presence.expected >= 3
                        THEN presence.represented::float / presence.expected END AS presence_rate,
                   COALESCE(minutes.due, 0) AS briefings_due,
                   COALESCE(minutes.read, 0) AS briefings_read,
                   CASE WHEN minutes.due >= 3
                        THEN minutes.read::float / minutes.due END AS informed_rate
              FROM calendar_event event
              JOIN partnership_body body ON body.id = event.partnership_body_id
         LEFT JOIN partnership_meeting meeting ON meeting.event_id = event.id
        CROSS JOIN LATERAL (
                  SELECT CASE event.partnership_state WHEN 'closed' THEN meeting.quorum
                              END AS value
                   ) quorum
         LEFT JOIN (%(presence)s) presence ON presence.event_id = event.id
         LEFT JOIN (%(minutes)s) minutes ON minutes.event_id = event.id
             WHERE event.active
            """,
            presence=self._sql_presence(),
            minutes=self._sql_minutes(),
        )

    @api.model
    def _sql_presence(self):
        return SQL(
            """
            SELECT event_id, SUM(expected) AS expected, SUM(represented) AS represented
              FROM (%s) participation
          GROUP BY event_id
            """,
            self.env["partnership.participation.report"]._table_query,
        )

    @api.model
    def _sql_minutes(self):
        """Minutes are due on their date; that of the day is of the question, nothing of it is
        stored."""
        return SQL(
            """
            SELECT briefing.event_id, COUNT(*) AS due,
                   COUNT(*) FILTER (WHERE member.in_time) AS read
              FROM partnership_briefing briefing
              JOIN (%(due)s) member ON member.briefing_id = briefing.id
              JOIN (%(today)s) today USING (partnership_id)
             WHERE member.kind = 'minutes'
               AND member.date_due <= today.date
               AND briefing.event_id IS NOT NULL
          GROUP BY briefing.event_id
            """,
            due=self.env["partnership.briefing.receipt"]._sql_due(),
            today=self._sql_today(),
        )

    def action_open_rows(self):
        """Open the seats of a meeting that was held, and what became of them; else the meeting."""
        self.ensure_one()
        if self.state != "closed":
            return {
                "type": "ir.actions.act_window",
                "res_model": "calendar.event",
                "res_id": self.event_id.id,
                "view_mode": "form",
            }
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_participation_report_action"
        )
        views = sorted(action["views"], key=lambda view: view[1] != "list")
        domain = [("event_id", "=", self.event_id.id)]
        return {**action, "views": views, "domain": domain, "context": {}}
