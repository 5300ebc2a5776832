from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError


class PartnershipTrainingMove(models.TransientModel):
    """Move all events of a session that are still to come by the same number of days."""

    _name = "partnership.training.move"
    _description = "Move a Session"
    _inherit = ["partnership.guarded.mixin"]

    session_id = fields.Many2one(
        "partnership.training.session", required=True, readonly=True, ondelete="cascade"
    )
    date_from = fields.Date("First Event to Come", compute="_compute_date_from")
    date_to = fields.Date("New Date", required=True)
    days = fields.Integer(compute="_compute_days")
    dates = fields.Text(compute="_compute_days")
    with_deadline = fields.Boolean("Enrolment Ends Later Too", default=True)
    tell = fields.Boolean(
        "Tell Participants and Trainers",
        default=True,
        help="They get a mail with the new dates, for their calendar too.",
    )
    told_count = fields.Integer(compute="_compute_date_from")
    trainer_conflicts = fields.Text(compute="_compute_trainer_conflicts")

    @api.depends("session_id")
    def _compute_date_from(self):
        for wizard in self:
            events = wizard._get_events()
            wizard.date_from = events[:1].partnership_date
            pending = wizard.session_id.enrolment_ids.filtered("is_pending")
            wizard.told_count = len(pending.person_id | wizard.session_id.trainer_ids)

    @api.depends("session_id", "date_to")
    def _compute_days(self):
        for wizard in self:
            known = wizard.date_from and wizard.date_to
            wizard.days = (wizard.date_to - wizard.date_from).days if known else 0
            wizard.dates = "\n".join(
                f"{event.partnership_date} → {event.partnership_date + timedelta(days=wizard.days)}"
                for event in wizard._get_events()
            )

    @api.depends("session_id", "days")
    def _compute_trainer_conflicts(self):
        """Where the trainers are expected on the new dates; what moves along is in no way."""
        for wizard in self:
            session, events = wizard.session_id, wizard._get_events()
            slots = session._get_shifted_slots(events, timedelta(days=wizard.days))
            found = session._find_trainer_conflicts(slots).get(session, [])
            wizard.trainer_conflicts = session._describe_conflicts(
                conflict for conflict in found if conflict[2] not in events
            )

    def _get_events(self):
        events = self.session_id._get_events()
        return events.filtered(
            lambda event: event.is_training_to_come and event.partnership_state == "planned"
        )

    def action_move(self):
        self.ensure_one()
        events = self._get_events()
        if not events:
            raise UserError(
                self.env._(
                    "“%(session)s” has no event to come: there is nothing to move.",
                    session=self.session_id.name,
                )
            )
        if not self.days:
            raise UserError(self.env._("The first event is on that day already."))
        session = self.session_id
        session._take_turns()
        for event in events.sorted("start", reverse=self.days > 0):
            event.write(session._shift(event, timedelta(days=self.days)))
        if self.with_deadline and session.enrol_deadline:
            session.enrol_deadline += timedelta(days=self.days)
        if self.tell:
            session.enrolment_ids.filtered("is_pending")._tell("moved")
            session._tell_trainers(self.env._("New dates: %(session)s", session=session.name))
        return {"type": "ir.actions.act_window_close"}


class PartnershipTrainingSession(models.Model):
    _inherit = "partnership.training.session"

    def _shift(self, event, delta):
        """:param delta: timedelta or relativedelta of days, weeks, months
        :return: values of ``event`` moved by ``delta``, at the same hour of the clock
        """
        if event.allday:
            return {
                "start_date": event.start_date + delta,
                "stop_date": event.stop_date + delta,
            }
        zone = pytz.timezone(self.partnership_id.tz)
        clock = pytz.utc.localize(event.start).astimezone(zone).replace(tzinfo=None) + delta
        start = zone.localize(clock).astimezone(pytz.utc).replace(tzinfo=None)
        return {"start": start, "stop": start + (event.stop - event.start)}

    def _get_shifted_slots(self, events, delta):
        """:return: dict event -> (start, stop) it would have, for ``_find_trainer_conflicts``"""
        slots = {}
        for event in events:
            values = self._shift(event, delta)
            shift = values["start"] - event.start if "start" in values else delta
            slots[event] = (event.start + shift, event.stop + shift)
        return slots

    def action_move(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_training.partnership_training_move_action"
        )
        action["context"] = {"default_session_id": self.id}
        return action
