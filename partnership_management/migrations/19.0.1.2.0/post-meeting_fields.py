"""What stood on calendar events and is not theirs: the quorum of a meeting goes to a model of the
addon; tool, need and state leave the events that are of no partnership."""

from odoo.tools import sql


def migrate(cr, version):
    move_quorum(cr)
    empty_other_events(cr)


def move_quorum(cr):
    """As it was stored: another rule that a body has since is not of the past."""
    cr.execute(
        """
        INSERT INTO partnership_meeting
               (event_id, partnership_id, create_uid, write_uid, create_date, write_date)
        SELECT event.id, event.partnership_id, 1, 1,
               NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
          FROM calendar_event event
         WHERE event.partnership_id IS NOT NULL AND event.partnership_state = 'closed'
            ON CONFLICT (event_id) DO NOTHING
        """
    )
    if sql.column_exists(cr, "calendar_event", "partnership_quorum"):
        cr.execute(
            """
            UPDATE partnership_meeting meeting
               SET quorum = event.partnership_quorum
              FROM calendar_event event
             WHERE event.id = meeting.event_id
            """
        )
        cr.execute("ALTER TABLE calendar_event DROP COLUMN partnership_quorum")


def empty_other_events(cr):
    cr.execute(
        """
        UPDATE calendar_event
           SET partnership_tool = NULL, partnership_need = NULL, partnership_state = NULL
         WHERE partnership_id IS NULL
           AND COALESCE(partnership_tool, partnership_need, partnership_state) IS NOT NULL
        """
    )
