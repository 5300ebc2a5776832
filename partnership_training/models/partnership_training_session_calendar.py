import base64

import pytz
import vobject
from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import format_datetime


class PartnershipTrainingSession(models.Model):
    """The dates of a session: as a file for calendars, with reminders, against those of its
    trainers."""

    _inherit = "partnership.training.session"

    alarm_ids = fields.Many2many(
        "calendar.alarm",
        string="Reminders",
        help="The calendar reminds everybody who has a seat before each event.",
    )
    trainer_conflicts = fields.Text(
        compute="_compute_trainer_conflicts",
        help="Other events at which the trainers are expected at the same time.",
    )

    @api.depends("trainer_ids", "event_ids.start", "event_ids.stop", "event_ids.partnership_state")
    @api.depends_context("uid", "lang", "tz")
    def _compute_trainer_conflicts(self):
        conflicts = self._find_trainer_conflicts()
        for session in self:
            session.trainer_conflicts = "\n".join(
                self.env._(
                    "%(trainer)s, %(date)s: %(event)s",
                    trainer=trainer.name,
                    date=format_datetime(self.env, event.start, dt_format="short"),
                    event=other.display_name,
                )
                for trainer, event, other in conflicts.get(session, [])
            )

    def _find_trainer_conflicts(self):
        """What the user may not read of the other event the calendar hides: it is “Busy”.

        :return: dict session -> list of (trainer, event of the session, the other event)
        """
        events = self.event_ids.filtered(
            lambda event: (
                event.start
                and event.partnership_state == "planned"
                and event.training_session_id.trainer_ids
            )
        )
        if not events:
            return {}
        others = self.env["calendar.event"].search(
            Domain("partner_ids", "in", events.training_session_id.trainer_ids.ids)
            & Domain("start", "<", max(events.mapped("stop")))
            & Domain("stop", ">", min(events.mapped("start")))
            & Domain("show_as", "=", "busy")
            & Domain("partnership_state", "!=", "cancelled"),
            order="start, id",
        )
        found = {}
        for event in events:
            session = event.training_session_id
            for other in others:
                if other == event or other.start >= event.stop or other.stop <= event.start:
                    continue
                for trainer in session.trainer_ids & other.partner_ids:
                    found.setdefault(session, []).append((trainer, event, other))
        return found

    def write(self, vals):
        result = super().write(vals)
        if "alarm_ids" in vals:
            for session in self:
                session.event_ids.filtered("is_training_to_come").alarm_ids = session.alarm_ids
        return result

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
                    "res_model": "mail.compose.message",
                    "res_id": 0,
                }
            )
        )

    def _get_calendar(self, events):
        """:return: iCalendar, RFC 5545, in bytes; an event that moved replaces what it was"""
        calendar = vobject.iCalendar()
        for event in events:
            entry = calendar.add("vevent")
            entry.add("uid").value = f"training-{event.id}@{self.get_base_url().split('//')[-1]}"
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
        """:return: list of a line for each event"""
        self.ensure_one()
        zone = self.partnership_id.tz
        return [
            format_datetime(self.env, event.start, tz=zone, dt_format="EEEE d MMMM y, HH:mm")
            + (f", {event.location}" if event.location else "")
            for event in self._get_events()
        ]


def _to_calendar(event, fname):
    if event.allday:
        # The end of a whole day is the day after, RFC 5545 section 3.6.1
        day = event[f"{fname}_date"]
        return day if fname == "start" else fields.Date.add(day, days=1)
    return pytz.utc.localize(event[fname])


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    @api.model
    def _prepare_training_values(self, vals):
        vals = super()._prepare_training_values(vals)
        session = self.env["partnership.training.session"].browse(vals["training_session_id"])
        if session.alarm_ids and "alarm_ids" not in vals:
            vals["alarm_ids"] = [Command.set(session.alarm_ids.ids)]
        if session.videocall_url and not vals.get("videocall_location"):
            vals["videocall_location"] = session.videocall_url
        return vals
