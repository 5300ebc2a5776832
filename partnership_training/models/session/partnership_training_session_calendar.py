import base64

import pytz
import vobject
from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, format_datetime, format_time


def _to_calendar(event, fname):
    if event.allday:
        # The end of a whole day is the day after, RFC 5545 section 3.6.1
        day = event[f"{fname}_date"]
        return day if fname == "start" else fields.Date.add(day, days=1)
    return pytz.utc.localize(event[fname])


class PartnershipTrainingSession(models.Model):
    """The place of a session in the plan of a year: drafted from demand, with a cost.

    The dates of a session: as a file for calendars, with reminders, against those of its
    trainers.
    """

    _inherit = "partnership.training.session"

    year = fields.Char(
        compute="_compute_year",
        store=True,
        index=True,
        help="Of the first event, in the time zone of the partnership; as long as there is no "
        "event, the year for which the session is planned.",
    )
    year_planned = fields.Char("Planned for", size=4, tracking=True)
    prerequisite_ids = fields.Many2many(related="course_id.prerequisite_ids")
    cost_actual = fields.Monetary(
        "Actual Cost",
        copy=False,
        tracking=True,
        help="What it has cost, once that is known. Until then the planned cost counts.",
    )

    alarm_ids = fields.Many2many(
        "calendar.alarm",
        string="Reminders",
        help="The calendar reminds everybody who has a seat before each event.",
    )
    trainer_conflicts = fields.Text(
        compute="_compute_trainer_conflicts",
        help="Other events at which the trainers are expected at the same time.",
    )

    _year_format = models.Constraint(
        "CHECK (year_planned ~ '^[12][0-9]{3}$')",
        "The year of a session has four digits, such as 2026.",
    )
    _cost_positive = models.Constraint(
        "CHECK (cost >= 0 AND cost_actual >= 0)", "The cost of a session cannot be negative."
    )

    @api.depends(
        "year_planned",
        "event_ids.active",
        "event_ids.partnership_date",
        "event_ids.partnership_state",
    )
    def _compute_year(self):
        for session in self:
            date = session._get_dated_events()[:1].partnership_date
            session.year = str(date.year) if date else session.year_planned

    def _attach_demand(self, demand):
        """Take up those who ask, as far as there are seats; they still have to be confirmed."""
        served = demand[: self._get_room()]
        if served:
            served.write({"session_id": self.id})

    def _get_room(self):
        """:return: how many more can be taken up; None where there is no limit"""
        self.ensure_one()
        pending = self.enrolment_ids.filtered("is_pending")
        return max(self.seats_max - len(pending), 0) if self.seats_max else None

    def _action_open_drafts(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_training.partnership_training_session_action"
        )
        action["context"] = {}
        action["domain"] = [("id", "in", self.ids)]
        if len(self) == 1:
            action.update(res_id=self.id, views=[(False, "form")])
        return action

    @api.depends("trainer_ids", "event_ids.start", "event_ids.stop", "event_ids.partnership_state")
    @api.depends_context("uid", "lang", "tz")
    def _compute_trainer_conflicts(self):
        conflicts = self._find_trainer_conflicts()
        for session in self:
            session.trainer_conflicts = session._describe_conflicts(conflicts.get(session, []))

    def _describe_conflicts(self, conflicts):
        return "\n".join(
            self.env._(
                "%(trainer)s, %(date)s: %(event)s",
                trainer=trainer.name,
                date=format_datetime(self.env, start, dt_format="short"),
                event=other.display_name,
            )
            for trainer, start, other in conflicts
        )

    def _find_trainer_conflicts(self, slots=None):
        """What the user may not read of the other event the calendar hides: it is “Busy”.

        :param slots: dict event -> (start, stop) it would have; those it has, if not given
        :return: dict session -> list of (trainer, begin of the event, the other event)
        """
        if slots is None:
            slots = self._get_slots()
        if not slots:
            return {}
        others = self._search_busy(slots)
        found = {}
        for event, (start, stop) in slots.items():
            session = event.training_session_id
            for other in others:
                if other == event._origin or other.start >= stop or other.stop <= start:
                    continue
                for trainer in session.trainer_ids._origin & other.partner_ids:
                    found.setdefault(session, []).append((trainer, start, other))
        return found

    def _get_slots(self):
        return {
            event: (event.start, event.stop)
            for event in self.event_ids
            if event.start
            and event.partnership_state == "planned"
            and event.training_session_id.trainer_ids
        }

    def _search_busy(self, slots):
        """:return: the events at which a trainer of the sessions of ``slots`` is expected"""
        starts, stops = zip(*slots.values(), strict=True)
        trainers = (
            self.env["partnership.training.session"]
            .union(*(event.training_session_id for event in slots))
            .trainer_ids
        )
        return self.env["calendar.event"].search(
            Domain("partner_ids", "in", trainers.ids)
            & Domain("start", "<", max(stops))
            & Domain("stop", ">", min(starts))
            & Domain("show_as", "=", "busy")
            & Domain("partnership_state", "!=", "cancelled"),
            order="start, id",
        )

    def _remind_by_alarms(self):
        for session in self:
            session.event_ids.filtered("is_training_to_come").alarm_ids = session.alarm_ids

    def _create_calendar_file(self):
        """:return: ir.attachment with all events of the session, or none if it has none

        It names no guests, as the file of one event does: the participants do not get the e-mail
        addresses of each other.
        """
        self.ensure_one()
        events = self._get_events()
        if not events:
            return self.env["ir.attachment"]
        return (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"{self.name}.ics",
                    "mimetype": "text/calendar",
                    "datas": base64.b64encode(self._get_calendar(events)),
                    "res_model": self._name,  # of no record: it belongs to the mails
                }
            )
        )

    def _get_calendar(self, events):
        """:return: iCalendar, RFC 5545, in bytes; an event that moved replaces what it was"""
        calendar = vobject.iCalendar()
        place = self.partnership_id.get_base_url().split("//")[-1]
        for event in events:
            entry = calendar.add("vevent")
            entry.add("uid").value = f"training-{event.id}@{place}"
            entry.add("summary").value = event.name
            entry.add("dtstamp").value = pytz.utc.localize(fields.Datetime.now())
            entry.add("dtstart").value = _to_calendar(event, "start")
            entry.add("dtend").value = _to_calendar(event, "stop")
            if event.location:
                entry.add("location").value = event.location
            if event.videocall_location:
                entry.add("url").value = event.videocall_location
        return calendar.serialize().encode()

    def _describe_dates(self):
        """:return: Markup, a list of the dates in the time zone of the partnership"""
        self.ensure_one()
        return Markup("<ul>%s</ul>") % Markup().join(
            Markup("<li>%s</li>") % line for line in self._get_date_lines()
        )

    def _get_date_lines(self):
        """:return: list of a line for each event; empty without a session, since a mail template
        is tried on any enrolment when it is saved"""
        return [
            self._describe_time(event) + (f", {event.location}" if event.location else "")
            for event in self._get_events()
        ]

    def _describe_time(self, event):
        if event.allday:
            return format_date(self.env, event.start_date, date_format="EEEE d MMMM y")
        zone = self.partnership_id.tz
        start = format_datetime(self.env, event.start, tz=zone, dt_format="EEEE d MMMM y, HH:mm")
        return f"{start}–{format_time(self.env, event.stop, tz=zone, time_format='HH:mm')}"
