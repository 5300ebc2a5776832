from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from odoo.addons.partnership_management.tools.groups import TEAM


class CalendarEvent(models.Model):
    """An event of a training session: its confirmed enrolments are expected there.

    It is no meeting of a body, so it stands outside the figures of presence.
    """

    _inherit = "calendar.event"

    training_session_id = fields.Many2one(
        "partnership.training.session",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        groups=TEAM,
    )
    is_training_to_come = fields.Boolean(compute="_compute_is_training_to_come", groups=TEAM)

    @api.depends("training_session_id")
    def _compute_partnership_id(self):
        result = super()._compute_partnership_id()
        for event in self:
            if event.training_session_id:
                event.partnership_id = event.training_session_id.partnership_id
        return result

    @api.depends("training_session_id", "partnership_state", "partnership_is_over")
    def _compute_is_training_to_come(self):
        for event in self:
            event.is_training_to_come = bool(
                event.training_session_id
                and event.partnership_state in ("planned", "open")
                and not event.partnership_is_over
            )

    @api.constrains("training_session_id", "partnership_body_id", "partnership_tool")
    def _check_training_session(self):
        for event in self.sudo().filtered("training_session_id"):
            session = event.training_session_id
            if event.partnership_body_id or event.partnership_tool != "training":
                raise ValidationError(
                    self.env._(
                        "“%(event)s” belongs to the training session “%(session)s”: it cannot be "
                        "the meeting of a body.",
                        event=event.name,
                        session=session.name,
                    )
                )

    @api.constrains("start", "stop")
    def _check_training_hours(self):
        self.sudo().filtered("training_session_id").attendance_ids._check_training_hours()

    @api.model
    def _get_public_fields(self):
        return super()._get_public_fields() | {"training_session_id"}

    @api.model_create_multi
    def create(self, vals_list):
        """The events of a session are made from its form: nobody gets mail for that."""
        sessions = [self._get_new_session(vals) for vals in vals_list]
        vals_list = [
            {fname: value for fname, value in vals.items() if fname != "training_session_id"}
            for vals in vals_list
        ]
        if not any(sessions):
            return super().create(vals_list)
        context = dict(
            self.env.context,
            no_mail_to_attendees=True,
            skip_contact_description=True,
            mail_create_nolog=True,  # the history of the session says enough
            active_model=False,
        )
        context.pop("default_training_session_id", None)
        quiet = self.with_env(self.env(context=context))
        events = super(CalendarEvent, quiet).create(
            [
                self._prepare_training_values(vals, session) if session else vals
                for vals, session in zip(vals_list, sessions, strict=True)
            ]
        )
        events._join_sessions(sessions)
        return events.with_env(self.env)

    @api.model
    def _get_new_session(self, vals):
        """:return: the session of a new event, or none; whoever names one may write it. The copies
        that a series makes of its first event are of the session of that one."""
        session_id = vals.get(
            "training_session_id", self.env.context.get("default_training_session_id")
        )
        session = self.env["partnership.training.session"].browse(session_id or ())
        if session:
            session.check_access("write")
        elif vals.get("recurrence_id"):
            first = self.env["calendar.recurrence"].browse(vals["recurrence_id"]).base_event_id
            first.check_access("write")
            session = first.sudo().training_session_id.with_env(self.env)
        return session

    def _join_sessions(self, sessions):
        """:param sessions: list of a session, or none, for each event; for its series as well"""
        joining = defaultdict(self.sudo().browse)
        for event, session in zip(self.sudo(), sessions, strict=True):
            if session:
                joining[session.id] |= event | event.recurrence_id.calendar_event_ids
        for session_id, events in joining.items():
            events.training_session_id = session_id

    def copy(self, default=None):
        copies = super().copy(default)
        copies._join_sessions([event.training_session_id for event in self.sudo()])
        return copies

    def write(self, vals):
        if "training_session_id" in vals:
            self._check_session_stays(vals)
        if self.sudo().training_session_id:
            self = self.with_context(no_mail_to_attendees=True)
        return super().write(vals)

    def _check_session_stays(self, vals):
        """Its enrolments are expected at an event of a session, and at no other."""
        moved = self._filtered_changed(vals, ["training_session_id"])
        if moved and not self.env.su:
            raise UserError(
                self.env._(
                    "“%(event)s” neither joins nor leaves a training session: plan an event on "
                    "the form of the session, or delete this one.",
                    event=moved[0].display_name,
                )
            )

    @api.model
    def _prepare_training_values(self, vals, session):
        """:return: ``vals`` of a new event with what it has from its session"""
        session = session.sudo()
        values = {
            **vals,
            "name": vals.get("name") or session.name,
            "location": vals.get("location") or session.place,
            "user_id": vals.get("user_id") or session.user_id.id,
            "privacy": vals.get("privacy") or "public",
            "partner_ids": [Command.set(session._get_guests().ids)],
            "partnership_id": session.partnership_id.id,
            "partnership_body_id": False,
            "partnership_tool": "training",
            "partnership_need": session.course_id.need,
        }
        if session.alarm_ids and "alarm_ids" not in vals:
            values["alarm_ids"] = [Command.set(session.alarm_ids.ids)]
        if session.videocall_url and not vals.get("videocall_location"):
            values["videocall_location"] = session.videocall_url
        return values

    # ------------------------------------------------------------
    # The sheet
    # ------------------------------------------------------------

    @api.model
    def _get_place_fields(self):
        return [*super()._get_place_fields(), "enrolment_id"]

    def _get_expected(self):
        """At an event of a session its confirmed enrolments are expected."""
        expected = super()._get_expected()
        enrolments = self.training_session_id.enrolment_ids.filtered("is_seated")
        by_session = enrolments.sorted(lambda record: (record.person_id.name or "", record.id))
        by_session = by_session.grouped("session_id")
        for event in self:
            expected[event.id] += [
                enrolment._get_row_values()
                for enrolment in by_session.get(event.training_session_id, [])
            ]
        return expected
