"""Sessions of whole days begin and end with the days of their partnership."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    follow_days(api.Environment(cr, SUPERUSER_ID, {}))


def follow_days(env):
    """They had the hours that the calendar keeps of an all-day event, which mean nothing."""
    events = env["calendar.event"].search(
        [("training_session_id", "!=", False), ("allday", "=", True)]
    )
    sessions = events.training_session_id
    for fname in ("date_start", "date_stop"):
        env.add_to_compute(sessions._fields[fname], sessions)
    sessions.flush_recordset(["date_start", "date_stop"])
