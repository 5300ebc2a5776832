from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .partnership_enrolment import SEATED


class PartnershipEnrolment(models.Model):
    """How an enrolment gets its seat, and gives it back."""

    _inherit = "partnership.enrolment"

    @api.model
    def _domain_seated(self):
        return [("state", "in", SEATED)]

    @api.model
    def _domain_demand(self):
        """:return: domain of those who ask for a course and have no session"""
        return [("session_id", "=", False), ("state", "=", "requested")]

    @api.model_create_multi
    def create(self, vals_list):
        sessions = self.env["partnership.training.session"].browse(
            {vals["session_id"] for vals in vals_list if vals.get("session_id")}
        )
        asking = [vals for vals in vals_list if not vals.get("session_id")]
        self._take_turns_at("person_id", asking)  # nobody asks for a course twice
        sessions._take_turns()
        enrolments = super().create(sessions._allot_seats(vals_list))
        enrolments._join_queue()
        sessions._promote_waiting()
        sessions._sync_guests()
        enrolments.filtered("is_pending").session_id._check_enrol_deadline()
        return enrolments

    def write(self, vals):
        """A seat that falls free goes to the first who waits."""
        if not {"state", "session_id", "person_id"} & vals.keys():
            return super().write(vals)
        sessions = self.session_id.browse(vals.get("session_id") or []) | self.session_id
        if vals.get("state") == "requested":
            self.person_id._take_turns()
        sessions._take_turns()
        self._check_rows_stay(vals)
        states = {enrolment: (enrolment.session_id, enrolment.state) for enrolment in self}
        persons, waited = self.filtered("is_seated").person_id, sessions._get_waiting()
        result = super().write(vals)
        self._join_queue()
        sessions._promote_waiting(waited)
        sessions._sync_guests(gone=persons)
        if {"state", "session_id"} & vals.keys():
            self._check_in_time(states)
        return result

    def unlink(self):
        sessions, persons = self.session_id, self.person_id
        sessions._take_turns()
        self._take_off_sheets()
        waited = sessions._get_waiting() - self
        result = super().unlink()
        sessions._promote_waiting(waited)
        sessions._sync_guests(gone=persons)
        return result

    def _join_queue(self):
        """Note since when somebody waits; who leaves the list and comes back is last again."""
        waiting = self.filtered(lambda enrolment: enrolment.state == "waiting")
        new = waiting.filtered(lambda enrolment: not enrolment.date_waiting)
        if new:
            new.sudo().date_waiting = fields.Datetime.now()
        gone = (self - waiting).filtered("date_waiting")
        if gone:
            gone.sudo().date_waiting = False

    def _check_rows_stay(self, vals):
        """What a sheet says of a person in a session stays true."""
        moved = self._filtered_changed(vals, ["session_id", "person_id"])
        moved.filtered("session_id")._take_off_sheets()

    def _take_off_sheets(self):
        """Remove the unmarked rows from open sheets; refuse where presence is recorded."""
        rows = self.env["partnership.attendance"].search([("enrolment_id", "in", self.ids)])
        recorded = rows._filtered_recorded()
        if recorded:
            raise UserError(
                self.env._(
                    "Presence of %(person)s is recorded at “%(event)s”: the enrolment stays as "
                    "it is. Cancel it instead.",
                    person=recorded[0].person_id.name,
                    event=recorded[0].event_id.name,
                )
            )
        rows.unlink()

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_confirm(self):
        """Give everybody a seat, in the order in which they asked; who finds none waits."""
        pending = self.filtered(lambda enrolment: enrolment.state != "confirmed")
        without = pending.filtered(lambda enrolment: not enrolment.session_id)
        if without:
            raise UserError(
                self.env._(
                    "%(enrolment)s: choose a session first.", enrolment=without[0].display_name
                )
            )
        pending.session_id._check_gives_seats()
        pending.sorted("id").write({"state": "waiting"})
        return pending._notify_waiting()

    def action_request(self):
        return self.write({"state": "requested"})

    def action_cancel(self):
        return self.write({"state": "cancelled"})

    def _notify_waiting(self):
        """:return: an action that says who found no seat, if anybody"""
        waiting = self.filtered(lambda enrolment: enrolment.state == "waiting")
        waiting = waiting.sorted(lambda enrolment: (enrolment.date_waiting, enrolment.id))
        if not waiting:
            return True
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "title": self.env._("No seat left"),
                "message": self.env._(
                    "On the waiting list: %(names)s",
                    names=", ".join(waiting.person_id.mapped("name")),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_open_attendance(self):
        """Open the attendance rows behind the hours."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_attendance_action"
        )
        view = self.env.ref("partnership_training.partnership_attendance_view_list_training")
        return {
            **action,
            "context": {},
            "domain": [
                ("event_id.training_session_id", "=", self.session_id.id),
                ("person_id", "=", self.person_id.id),
            ],
            "view_mode": "list,form",
            "views": [(view.id, "list"), (False, "form")],
        }

    def _release(self):
        """The session will not serve them: they ask for the course again, so that the next
        session finds them. Who asked already is not doubled."""
        if not self:
            return
        asking = self.search(
            Domain(self._domain_demand())
            & Domain("course_id", "in", self.course_id.ids)
            & Domain("person_id", "in", self.person_id.ids)
        )
        known = {(record.partnership_id, record.course_id, record.person_id) for record in asking}
        double = self.filtered(
            lambda record: (record.partnership_id, record.course_id, record.person_id) in known
        )
        if double:
            double.write({"state": "cancelled"})
        (self - double).write({"state": "requested", "session_id": False})

    def _take_over(self, others):
        """Become one with the enrolments of a contact that is merged into the person of this."""
        self.ensure_one()
        states = dict(self._fields["state"]._description_selection(self.env))
        rows = self.env["partnership.attendance"].search([("enrolment_id", "in", others.ids)])
        rows.sudo().enrolment_id = self
        for other in others:
            self.message_post(
                body=self.env._(
                    "Contacts were merged. The other enrolment said: %(state)s, %(hours)s hours.",
                    state=states[other.state],
                    hours=other.hours_attended,
                )
            )
        others.unlink()

    # ------------------------------------------------------------
    # For whom a person comes
    # ------------------------------------------------------------

    def _find_memberships(self):
        """For each person the member it speaks for today (as titular before alternate), else is
        itself, else works for.

        :return: dict (partnership, person) -> partnership.membership
        """
        Mandate, Membership = self.env["partnership.mandate"], self.env["partnership.membership"]
        here = Domain("partnership_id", "in", self.partnership_id.ids)
        persons = self.person_id
        mandates = Mandate.search(
            here & Domain("person_id", "in", persons.ids) & Mandate._domain_valid_today(),
            order="kind desc, id",
        )
        actors = persons | persons.commercial_partner_id
        memberships = Membership.search(
            here & Domain("partner_id", "in", actors.ids) & Membership._domain_valid_today()
        )
        by_actor = {(record.partnership_id, record.partner_id): record for record in memberships}
        found = {}
        for mandate in mandates:
            found.setdefault((mandate.partnership_id, mandate.person_id), mandate.membership_id)
        for partnership in self.partnership_id:
            for person in persons:
                for actor in (person, person.commercial_partner_id):
                    if (partnership, actor) in by_actor:
                        found.setdefault((partnership, person), by_actor[partnership, actor])
        return found

    def _get_row_values(self):
        """:return: values of the attendance row of an enrolment, see ``_get_expected``"""
        self.ensure_one()
        return {
            "seat_id": False,
            "enrolment_id": self.id,
            "membership_id": self.membership_id.id,
            "organisation_id": self.organisation_id.id,
            "person_id": self.person_id.id,
        }
