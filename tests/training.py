"""A training session of several meetings, against as many plain events of the calendar."""

from datetime import datetime, timedelta

from odoo.fields import Command

BEGIN = datetime(2099, 1, 5, 17)  # to come: whoever has a seat becomes a guest
HOURS = timedelta(hours=3)


class Training:
    """What an officer does to hold a course, once as our session, once in the calendar alone."""

    def __init__(self, env, officer, meetings, people):
        self.env, self.officer = env, officer
        self.partner_ids = (
            env["res.partner"]
            .create([{"name": f"Bench learner {number}"} for number in range(people)])
            .ids
        )
        partnership = env["partnership.partnership"].create({"name": "Bench training"})
        self.course_id = (
            env["partnership.course"]
            .create({"name": "Bench course", "partnership_id": partnership.id})
            .id
        )
        self.times = [
            {"start": start, "stop": start + HOURS}
            for start in (BEGIN + timedelta(weeks=number) for number in range(meetings))
        ]

    def create_session(self):
        """Write down the session with its meetings, and enrol all by the dialog."""
        session = (
            self.env["partnership.training.session"]
            .with_user(self.officer)
            .create(
                {
                    "course_id": self.course_id,
                    "state": "open",
                    "seats_max": len(self.partner_ids),
                    "event_ids": [Command.create(dict(times)) for times in self.times],
                }
            )
        )
        self.env["partnership.training.enrol"].with_user(self.officer).create(
            {"session_id": session.id, "person_ids": [Command.set(self.partner_ids)]}
        ).action_enrol()
        return session.event_ids

    def create_events(self):
        """The same guests at the same times, without mail either."""
        Event = self.env["calendar.event"].with_user(self.officer)
        return Event.with_context(no_mail_to_attendees=True).create(
            [
                {"name": "Bench course", "partner_ids": [Command.set(self.partner_ids)], **times}
                for times in self.times
            ]
        )
