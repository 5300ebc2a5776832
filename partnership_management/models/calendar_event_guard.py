from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date, format_time

from .calendar_event import KIND_DEFAULTS, TIME_FIELDS

PLACE_FIELDS = ("partnership_id", "partnership_body_id")


class CalendarEvent(models.Model):
    """Recorded presence is never lost: an event with a recorded row is never deleted or archived,
    nor moved to another date by an edit of its series.

    A foreign key alone would not do: editing a series moves one of its events, archives the
    others and puts empty copies in their place.
    """

    _inherit = "calendar.event"

    def _check_change(self, vals):
        """Refuse what would lose or move what a sheet says."""
        if KIND_DEFAULTS.keys() & vals.keys():
            self._check_kind(vals)
        self._check_series_edit(vals)
        if "active" in vals and not vals["active"]:
            self._check_kept()
        self._check_place(vals)

    def unlink(self):
        events = self
        if self._is_synchronised():
            self.check_access("unlink")
            kept = self._filtered_kept() | self._filtered_logged()
            kept._detach()
            events -= kept
        events.check_access("unlink")
        events._check_kept()
        events._unlink_logs()
        events._unlink_unmarked_rows()
        return super(CalendarEvent, events).unlink()

    def _check_links(self, vals_list):
        """The copies that a series makes of its first event are meetings of the same body, also
        where somebody edits it who may not read that."""
        return super()._check_links([self._drop_place_of_series(vals) for vals in vals_list])

    @api.model
    def _drop_place_of_series(self, vals):
        series = self.env["calendar.recurrence"].browse(vals.get("recurrence_id") or ())
        first = series.base_event_id
        if not first or not first.has_access("write"):
            return vals
        place = {fname: first.sudo()[fname].id for fname in PLACE_FIELDS}
        return {
            fname: value
            for fname, value in vals.items()
            if fname not in place or value != place[fname]
        }

    # ------------------------------------------------------------
    # Editing a series
    # ------------------------------------------------------------

    def _check_series_edit(self, vals):
        """Refuse an edit of a series that would move, archive or delete a recorded meeting."""
        setting = vals.get("recurrence_update")
        if setting in ("all_events", "future_events") and len(self) == 1 and self.recurrence_id:
            self._get_rewritten(vals, setting)._check_kept()

    def _get_rewritten(self, vals, setting):
        """:return: the events of the series that the edit would move, archive or delete"""
        self.ensure_one()
        moves = bool(TIME_FIELDS & vals.keys())
        breaks = "recurrency" in vals and not vals["recurrency"]
        series = self.recurrence_id.calendar_event_ids
        if setting == "future_events" and (breaks or self != self.recurrence_id.base_event_id):
            later = series.filtered(lambda event: event.start >= self.start)
            return later if moves and not breaks else later - self
        if breaks:
            return series - self
        pattern = self._get_recurrent_fields() & vals.keys()
        return series if moves or pattern else self.browse()

    def _rewrite_recurrence(self, values, time_values, recurrence_values):
        """Where calendars are synchronised, Odoo makes a whole series anew for another name or
        place. One that has something recorded is written in place, as Odoo does elsewhere."""
        recurrence = self.recurrence_id
        kept = recurrence.calendar_event_ids._filtered_kept()
        if time_values or recurrence_values or not kept:
            return super()._rewrite_recurrence(values, time_values, recurrence_values)
        recurrence._write_events(values)
        waiting = [fname for fname in ("need_sync", "need_sync_m") if fname in recurrence._fields]
        if waiting:
            recurrence.write(dict.fromkeys(waiting, True))
        return None

    # ------------------------------------------------------------
    # What is kept
    # ------------------------------------------------------------

    def _check_kept(self):
        """Refuse to delete or archive events with recorded presence, and to move them together
        with their series."""
        self._lock_rows()
        recorded = self._filtered_recorded().sorted("start")
        if not recorded:
            return
        series = recorded.filtered("recurrency")
        if not series:
            recorded._check_not_recorded()
        values = {
            "count": len(series),
            "event": series[0].display_name,
            "date": format_date(self.env, series[0].partnership_date),
        }
        if len(series) == 1:
            raise UserError(
                self.env._(
                    "1 meeting of this series has presence recorded: “%(event)s” on %(date)s. Use "
                    "“This and following”, from the first one not held.",
                    **values,
                )
            )
        raise UserError(
            self.env._(
                "%(count)s meetings of this series have presence recorded, the first is "
                "“%(event)s” on %(date)s. Use “This and following”, from the first one not held.",
                **values,
            )
        )

    def _check_place(self, vals):
        """A meeting with recorded presence stays the meeting of its body; the unmarked rows of
        another one go."""
        changed = self.browse().union(
            *(self.filtered(fname)._filtered_changed(vals, [fname]) for fname in PLACE_FIELDS)
        )
        if changed:
            changed.check_access("write")
            changed._check_not_recorded()
            if "partnership_id" in vals:
                changed._check_kept()
            changed._filtered_leaving(vals)._check_not_logged()
            changed._unlink_unmarked_rows()
            opened = changed.filtered(lambda event: event.partnership_state == "open")
            if opened:
                opened._set_partnership_state("planned")

    def _unlink_unmarked_rows(self):
        """Remove rows that say nothing. Whoever may delete the event may do it, so the rows are
        removed with the rights of the system; the caller has looked for recorded ones."""
        events = self.filtered("partnership_id")
        if events:
            Attendance = self.env["partnership.attendance"].sudo()
            Attendance.search([("event_id", "in", events.ids)]).unlink()

    # ------------------------------------------------------------
    # Moving one event
    # ------------------------------------------------------------

    def _get_recorded_times(self):
        """:return: dict recorded event -> its times, before the edit"""
        meetings = self.filtered("partnership_id")
        if not meetings:
            return {}
        return {event: event._get_times() for event in meetings._filtered_recorded()}

    def _get_times(self):
        """:return: dict of when the meeting takes place"""
        self.ensure_one()
        return {fname: self[fname] for fname in ("partnership_date", *sorted(TIME_FIELDS))}

    def _check_moved(self, before):
        """Log the recorded meetings that have got another time; a closed one stays in the past.
        What is recorded is the team's: nobody else gives it another time.

        :param before: see ``_get_recorded_times``
        """
        for event, times in before.items():
            if times == event._get_times():
                continue
            if not (self.env.su or self._is_synchronised()):
                event._check_team_moves(times["partnership_date"])
            date = times["partnership_date"]
            if event.partnership_state == "closed" and not event._has_begun():
                raise UserError(
                    self.env._(
                        "The sheet of “%(event)s” of %(date)s is closed: the meeting was held and "
                        "cannot move to the future.",
                        event=event.display_name,
                        date=format_date(self.env, date),
                    )
                )
            text = self.env._(
                "Presence was recorded for %(before)s; the meeting has moved to %(after)s.",
                before=event._describe_times(times, event.partnership_date == date),
                after=event._describe_times(event._get_times(), event.partnership_date == date),
            )
            self.env["partnership.meeting.log"]._log("move", {event: text})

    def _check_team_moves(self, date):
        """:param date: the day that the meeting had so far"""
        self.ensure_one()
        if not self._may_follow_sheet():
            raise AccessError(
                self.env._(
                    "Presence is recorded at “%(event)s” of %(date)s: only the team of "
                    "“%(partnership)s” moves it to another time. Ask its facilitators.",
                    event=self.display_name,
                    date=format_date(self.env, date),
                    partnership=self.partnership_id.sudo().name,
                )
            )

    def _describe_times(self, times, of_one_day):
        """:return: the day; and the hours where they alone have changed"""
        day = format_date(self.env, times["partnership_date"])
        if not of_one_day or times["allday"]:
            return day
        zone = self.partnership_id.sudo().tz
        start, stop = (
            format_time(self.env, times[fname], tz=zone, time_format="short")
            for fname in ("start", "stop")
        )
        return f"{day}, {start}–{stop}"

    @api.model
    def _get_quiet_context(self):
        """The context in which the calendar neither mails guests nor rewrites descriptions."""
        return {
            "no_mail_to_attendees": True,
            "skip_attendee_notification": True,
            "skip_contact_description": True,
            "send_updates": False,
        }
