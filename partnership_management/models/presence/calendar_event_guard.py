from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import NO_ACCESS, Domain
from odoo.tools import format_date, format_time

from ...tools.groups import TEAM
from ...tools.internal import INTERNAL, is_internal
from ..meeting.calendar_event import TIME_FIELDS
from ..meeting.partnership_meeting_log import SILENT_KINDS

# What a client can move it by
MOMENT_FIELDS = TIME_FIELDS | {"duration"}
PLACE_FIELDS = ("partnership_id", "partnership_body_id")

# The fields by which Google and Outlook know an event, where their modules are installed
REMOTE_FIELDS = ("google_id", "microsoft_id", "ms_universal_event_id", "need_sync", "need_sync_m")


class CalendarEvent(models.Model):
    """Recorded presence is never lost: an event with a recorded row is never deleted or archived,
    nor moved to another date by an edit of its series.

    A foreign key alone would not do: editing a series moves one of its events, archives the
    others and puts empty copies in their place.

    The log of a meeting stays with it, and with its team.

    A synchronisation that removes or moves a recorded meeting is not refused, for all of it
    would stop. The meeting stays, detached from its series and from the remote calendar.

    The modules that synchronise enter by the methods at the end of this class, whose ``super``
    is theirs; nothing calls these methods where they are not installed.
    """

    _inherit = "calendar.event"

    partnership_log_ids = fields.One2many(
        "partnership.meeting.log", "event_id", "Log", copy=False, readonly=True, groups=TEAM
    )

    partnership_is_local = fields.Boolean(
        "Kept Here Only",
        copy=False,
        readonly=True,
        groups=NO_ACCESS,
        help="Removed in the remote calendar, kept here because presence is recorded.",
    )

    def write(self, vals):
        """What a synchronisation may not change is detached first; what the sheet or the log of a
        meeting forbids is refused."""
        vals = dict(vals)
        kept = self._keep_from_sync(vals)
        events = self - kept
        if kept and not events:
            return True
        events._check_series_edit(vals)
        if "active" in vals and not vals["active"]:
            events._check_kept()
        events._check_place(vals)
        times = events._get_recorded_times() if MOMENT_FIELDS & vals.keys() else {}
        result = super(CalendarEvent, events).write(vals)
        if vals.get("partnership_state") == "closed":
            self.env["partnership.meeting"]._ensure(events)
        events._check_moved(times)
        return result

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

    def _check_not_recorded(self):
        """Refuse to go on with meetings that have recorded presence."""
        self._lock_rows()
        recorded = self._filtered_recorded()
        if recorded:
            raise UserError(
                self.env._(
                    "Presence is recorded at %(count)s of these meetings, first at “%(event)s” on "
                    "%(date)s: it would be lost. Rows recorded by mistake are set to “Not "
                    "recorded” first.",
                    count=len(recorded),
                    event=recorded[0].display_name,
                    date=format_date(self.env, recorded[0].partnership_date),
                )
            )

    def _filtered_kept(self):
        """:return: the events that are neither deleted nor archived, since something is known of
        them that would be lost; what more there is to know is added here"""
        return self._filtered_recorded()

    def _filtered_recorded(self):
        """:return: the events with at least one recorded row, whoever may see it"""
        Attendance = self.env["partnership.attendance"].sudo()
        domain = Attendance._domain_recorded() & Domain("event_id", "in", self.ids)
        rows = Attendance._read_group(domain, ["event_id"])
        recorded = {event.id for (event,) in rows}
        return self.filtered(lambda event: event.id in recorded)

    def _lock_rows(self):
        """Whatever takes a meeting away, or what is recorded there, waits for those who mark a row
        of its sheet or add one, and they for it; whoever comes second looks again."""
        meetings = self.filtered("partnership_id")
        if not meetings:
            return
        meetings._take_turns()
        rows = self.env["partnership.attendance"].sudo()
        rows.search([("event_id", "in", meetings.ids)])._take_turns()

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

    def _filtered_logged(self):
        """:return: the meetings of which the log says something, whoever may read it"""
        Log = self.env["partnership.meeting.log"].sudo()
        groups = Log._read_group(
            Domain("event_id", "in", self.ids) & Domain("kind", "not in", SILENT_KINDS),
            ["event_id"],
        )
        logged = {event.id for (event,) in groups}
        return self.filtered(lambda event: event.id in logged)

    def _check_not_logged(self):
        """Refuse to delete meetings of which the log says something, or to give it to others."""
        logged = self._filtered_logged().sorted("start")
        if logged:
            raise UserError(
                self.env._(
                    "“%(event)s” of %(date)s stays where it is: its log says who sent apologies "
                    "or what was corrected, and would be lost. Cancel the meeting instead.",
                    event=logged[0].display_name,
                    date=format_date(self.env, logged[0].partnership_date),
                )
            )

    def _filtered_leaving(self, vals):
        """:return: the meetings that ``vals`` take away from their partnership"""
        body = self.env["partnership.body"].sudo().browse(vals.get("partnership_body_id") or ())
        partnership_id = body.partnership_id.id or vals.get("partnership_id")
        if not body and "partnership_id" not in vals:
            return self.browse()
        return self.filtered(lambda event: event.partnership_id.id != (partnership_id or False))

    def _unlink_logs(self):
        """Remove rows that say nothing, of events that are deleted."""
        self._check_not_logged()
        Log = self.env["partnership.meeting.log"].sudo()
        Log.search([("event_id", "in", self.ids)]).unlink()

    def _keep_from_sync(self, vals):
        """Detach what a synchronisation may not change.

        :return: these events
        """
        kept = self._filter_kept_from_sync(vals)
        if kept and TIME_FIELDS & vals.keys():
            kept._hand_over_series(vals)
        kept._detach()
        return kept

    @api.model
    def _is_synchronised(self):
        return is_internal(self, "partnership_sync")

    def _filter_kept_from_sync(self, vals):
        """:return: the recorded events that a synchronisation is about to archive, or to move
        together with their series; a closed meeting is not moved at all"""
        if not self._is_synchronised():
            return self.browse()
        if "active" in vals and not vals["active"]:
            return self._filtered_kept()
        moved = self._filtered_changed(vals, TIME_FIELDS).filtered(
            lambda event: event.recurrence_id or event.partnership_state == "closed"
        )
        return moved._filtered_kept()

    def _hand_over_series(self, vals):
        """Where the first event of a series stays behind, a copy leads the series to its new
        time."""
        times = {fname: vals[fname] for fname in ("start", "stop", "allday") if fname in vals}
        for event in self:
            recurrence = event.recurrence_id
            if recurrence.base_event_id == event:
                recurrence.base_event_id = event.with_context(**self._get_quiet_context()).copy(
                    {**times, "recurrence_id": recurrence.id, "follow_recurrence": True}
                )

    def _detach(self):
        """Make the events single ones that no remote calendar knows."""
        if not self:
            return
        led = self.env["calendar.recurrence"].search([("base_event_id", "in", self.ids)])
        known = [fname for fname in REMOTE_FIELDS if fname in self._fields]
        self.with_context(dont_notify=True, partnership_sync=False).write(
            {
                "recurrence_id": False,
                "recurrency": False,
                "follow_recurrence": False,
                **dict.fromkeys(known, False),
            }
        )
        self.sudo().partnership_is_local = True
        led._select_new_base_event()
        text = self.env._(
            "The remote calendar removed or moved this meeting. Presence is recorded, so "
            "it stays as it is, apart from its series and from the remote calendar."
        )
        self.env["partnership.meeting.log"]._log("synchronisation", dict.fromkeys(self, text))

    # ------------------------------------------------------------
    # Where synchronisations enter
    # ------------------------------------------------------------

    def _cancel(self):
        return super(CalendarEvent, self.with_context(partnership_sync=INTERNAL))._cancel()

    def _cancel_microsoft(self):
        return super(
            CalendarEvent, self.with_context(partnership_sync=INTERNAL)
        )._cancel_microsoft()

    def _sync_google2odoo(self, *args, **kwargs):
        this = self.with_context(partnership_sync=INTERNAL)
        return super(CalendarEvent, this)._sync_google2odoo(*args, **kwargs)

    def _sync_microsoft2odoo(self, *args, **kwargs):
        this = self.with_context(partnership_sync=INTERNAL)
        return super(CalendarEvent, this)._sync_microsoft2odoo(*args, **kwargs)

    def _get_records_to_sync(self, *args, **kwargs):
        records = super()._get_records_to_sync(*args, **kwargs)
        return records.filtered(lambda event: not event.sudo().partnership_is_local)

    def _extend_microsoft_domain(self, domain):
        local = self.sudo().with_context(active_test=False)
        local = local._search([("partnership_is_local", "=", True)])
        return super()._extend_microsoft_domain(Domain(domain) & Domain("id", "not in", local))
