from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

# States of a session in which seats are given
GIVING_SEATS = ("draft", "open")


class PartnershipTrainingSession(models.Model):
    """Who gets a seat in a session, and whom the events of the session invite."""

    _inherit = "partnership.training.session"

    def _count_enrolments(self, domain):
        """:return: dict session -> number of its enrolments in ``domain``"""
        here = Domain("session_id", "in", self.ids) & Domain(domain)
        groups = self.env["partnership.enrolment"]._read_group(here, ["session_id"], ["__count"])
        return dict(groups)

    def _allot_seats(self, vals_list):
        """Where nobody waits yet, new enrolments that would wait get the seats that are free at
        once, instead of being written twice.

        :return: the values of the enrolments
        """
        queues = self._count_enrolments([("state", "=", "waiting")])
        free = {
            session.id: session.seats_free if session.seats_max else len(vals_list)
            for session in self
            if session not in queues
        }
        allotted = []
        for vals in vals_list:
            if vals.get("state") == "waiting":
                session_id = vals.get("session_id")
                free[session_id] = free.get(session_id, 0) - 1
                if free[session_id] >= 0:
                    vals = {**vals, "state": "confirmed"}
            allotted.append(vals)
        return allotted

    def _promote_waiting(self, waited=None):
        """Confirm who waits, first come first served, as far as there are seats.

        :param waited: enrolments that were on the list before; they are told that they moved up
        """
        waiting = self.env["partnership.enrolment"].search(
            [
                ("session_id", "in", self.ids),
                ("session_id.state", "in", GIVING_SEATS),
                ("state", "=", "waiting"),
            ],
            order="date_waiting, id",
        )
        promoted = waiting.browse()
        for session, queue in waiting.grouped("session_id").items():
            promoted |= queue[: session.seats_free] if session.seats_max else queue
        if promoted:
            promoted.write({"state": "confirmed"})
            (promoted & (waited or promoted.browse()))._tell("promoted")

    def _get_waiting(self):
        return self.env["partnership.enrolment"].search(
            [("session_id", "in", self.ids), ("state", "=", "waiting")]
        )

    def _check_gives_seats(self):
        closed = self.filtered(lambda session: session.state not in GIVING_SEATS)
        if closed:
            states = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "“%(session)s” is %(state)s: nobody can be enrolled any more.",
                    session=closed[0].name,
                    state=states[closed[0].state].lower(),
                )
            )

    def _enrol(self, persons, confirm=False):
        """Enrol ``persons``; who is in the session already, or asked for the course, is not
        doubled.

        :param persons: res.partner
        :param confirm: give them seats as far as there are any, the others wait; who asked before
                        goes first
        :return: their enrolments
        """
        self.ensure_one()
        self._check_gives_seats()
        Enrolment = self.env["partnership.enrolment"]
        state = "waiting" if confirm else "requested"
        found = Enrolment.search(
            Domain("person_id", "in", persons.ids)
            & (Domain("session_id", "=", self.id) | Domain(self._domain_demand()))
        )
        here = found.filtered("session_id")
        demand = found.filtered(lambda enrolment: enrolment.person_id not in here.person_id) - here
        again = here.filtered(lambda enrolment: enrolment.state in ("cancelled", "requested"))
        if demand or again:
            (demand + again).write({"session_id": self.id, "state": state})
        # Whoever enrols a whole group follows none of them, and no line says "created" of each
        quiet = {"mail_create_nosubscribe": True, "mail_create_nolog": True}
        new = Enrolment.with_context(**quiet).create(
            [
                {"session_id": self.id, "person_id": person.id, "state": state}
                for person in persons - found.person_id
            ]
        )
        return here + demand + new

    def _domain_demand(self):
        """:return: domain of the enrolments that ask for the course and have no session"""
        self.ensure_one()
        return [
            *self.env["partnership.enrolment"]._domain_demand(),
            ("course_id", "=", self.course_id.id),
            ("partnership_id", "=", self.partnership_id.id),
        ]

    # ------------------------------------------------------------
    # Guests of the events
    # ------------------------------------------------------------

    def _get_guests(self):
        self.ensure_one()
        return self.trainer_ids | self.enrolment_ids.filtered("is_seated").person_id

    def _sync_guests(self, gone=None):
        """Bring the guests of the events to come in line with who has a seat, without mail.

        Guests that somebody added by hand stay. Events that lack the same guests are written
        together: of others the calendar would leave out some. An event may be private to its
        organiser: the enrolments decide who is its guest all the same.

        :param gone: res.partner, who may have been a guest through the session and is no more
        """
        for session in self:
            guests = session._get_guests()
            left = (session.enrolment_ids.person_id | (gone or self.env["res.partner"])) - guests
            changes = defaultdict(self.env["calendar.event"].sudo().browse)
            for event in session.sudo().event_ids.filtered("is_training_to_come"):
                changes[guests - event.partner_ids, left & event.partner_ids] += event
            for (new, old), events in changes.items():
                if new or old:
                    events.partner_ids = [Command.link(guest.id) for guest in new] + [
                        Command.unlink(guest.id) for guest in old
                    ]

    def _get_events_to_invite(self):
        """:return: the events to come; refused if there are none"""
        events = self.event_ids.filtered("is_training_to_come")
        if not events:
            raise UserError(
                self.env._(
                    "“%(sessions)s” has no event to come: there is nothing to invite to.",
                    sessions=", ".join(self.mapped("name")),
                )
            )
        return events

    # ------------------------------------------------------------
    # What is opened from a session
    # ------------------------------------------------------------

    def action_open_enrolments(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_training.partnership_enrolment_action"
        )
        action["domain"] = [("session_id", "=", self.id)]
        action["context"] = {
            "default_session_id": self.id,
            "default_course_id": self.course_id.id,
            "default_partnership_id": self.partnership_id.id,
            # Where nobody has a seat yet, who asks for one is shown
            "search_default_seated": self.env.context.get("search_default_seated")
            and bool(self.seats_taken),
            "search_default_waiting": self.env.context.get("search_default_waiting"),
            "search_default_requested": self.env.context.get("search_default_requested"),
        }
        return action

    def action_open_events(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_training.calendar_event_action_training"
        )
        action["domain"] = [("training_session_id", "=", self.id)]
        action["context"] = {
            "default_training_session_id": self.id,
            "default_name": self.name,
            "default_location": self.place,
            "search_default_current": 1,
            "initial_date": fields.Datetime.to_string(self.date_start or fields.Datetime.now()),
        }
        return action

    def action_open_sheet(self):
        """Open the sheet of the next event whose sheet is not closed; then of the last one."""
        self.ensure_one()
        events = self._get_events()
        if not events:
            raise UserError(
                self.env._("“%(session)s” has no event: plan one first.", session=self.name)
            )
        pending = events.filtered(lambda event: event.partnership_state != "closed")
        return (pending[:1] or events[-1:]).action_open_sheet()

    def action_enrol(self):
        """Open the dialog that enrols many persons at once."""
        self.ensure_one()
        self._check_gives_seats()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_training.partnership_training_enrol_action"
        )
        action["context"] = {"default_session_id": self.id}
        return action
