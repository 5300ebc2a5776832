from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .partnership_enrolment import SEATED

TEMPLATE = "partnership_training.mail_template_enrolment_%s"
TOLD = ("confirmed", "waiting", "cancelled")
# The dates are in the calendar of whoever has a seat
WITH_CALENDAR = ("confirmed", "promoted", "moved")


class PartnershipEnrolment(models.Model):
    """How an enrolment gets its seat, and gives it back.

    What the persons are told about their enrolment, once each.

    Saving tells nobody. Mail goes out by a button that says so, to whoever enrolled in the portal,
    and to whoever moves up from the waiting list, since that nobody sees coming.
    """

    _inherit = "partnership.enrolment"

    told_state = fields.Selection(
        selection=lambda self: self._fields["state"].selection,
        string="Told",
        copy=False,
        readonly=True,
        help="The state that the person was told last.",
    )

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

    def _check_in_time(self, before):
        """A request that is approved, or moves up, was made in time; to come back is to enrol.

        :param before: dict enrolment -> its session and state before
        """
        new = self.filtered(
            lambda enrolment: (
                enrolment.is_pending
                and (
                    before[enrolment][0] != enrolment.session_id
                    or before[enrolment][1] == "cancelled"
                )
            )
        )
        new.session_id._check_enrol_deadline()

    @api.constrains("person_id", "session_id", "state")
    def _check_no_trainer(self):
        for enrolment in self:
            if enrolment.state != "cancelled" and (
                enrolment.person_id in enrolment.session_id.trainer_ids
            ):
                raise ValidationError(
                    self.env._(
                        "%(person)s teaches “%(session)s”, and cannot take part in it as well.",
                        person=enrolment.person_id.name,
                        session=enrolment.session_id.name,
                    )
                )

    def _withdraw(self, reason=""):
        """Give the seat back, at any time until the presence is settled."""
        for enrolment in self:
            if not enrolment.is_pending:
                states = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "%(enrolment)s: there is nothing to cancel (%(state)s).",
                        enrolment=enrolment.display_name,
                        state=states[enrolment.state],
                    )
                )
        self.write({"state": "cancelled"})
        if reason:
            for enrolment in self:
                enrolment.message_post(body=reason)

    def action_open_tell(self):
        """Say who is told what, before it goes out."""
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_training.partnership_training_tell_action"
        )
        action["context"] = {"default_enrolment_ids": self.ids}
        return action

    def action_tell(self):
        """Write to each what became of the enrolment; who was told already gets no second mail,
        unless it did not arrive."""
        return self._tell_state(self.filtered(lambda enrolment: enrolment._is_mail_due()))

    @api.model
    def _tell_state(self, due):
        due.check_access("write")
        due._take_turns()
        due.session_id._check_has_dates(due)
        for state, enrolments in due.grouped("state").items():
            enrolments._tell(state)
        return self._notify_told(due)

    def _get_mail_recipient(self):
        return self.person_id

    def _is_mail_due(self):
        self.ensure_one()
        told = self.told_state == self.state and not self._has_mail_failed()
        return self.state in TOLD and not told

    def action_confirm_and_tell(self):
        self.action_confirm()
        return self.action_tell()

    def _tell(self, kind):
        """Write one mail to each person, in the queue: it leaves when the transaction is kept.

        :param kind: the template, by the end of its name
        """
        reachable = self.filtered("person_id.email_normalized")
        template = self.env.ref(TEMPLATE % kind).sudo()
        for session, enrolments in reachable.grouped("session_id").items():
            files = session._create_calendar_file() if kind in WITH_CALENDAR else []
            enrolments._send_mail_template(
                template, {"attachment_ids": [(4, file.id) for file in files]}
            )
        (self - reachable)._log_unreachable()
        for state, enrolments in reachable.grouped("state").items():
            enrolments.sudo().told_state = state

    def _log_unreachable(self):
        if self:
            self._message_log_batch(
                {
                    enrolment.id: self.env._(
                        "%(person)s has no e-mail address, and was not told.",
                        person=enrolment.person_id.name,
                    )
                    for enrolment in self
                }
            )

    def _notify_told(self, due):
        unreachable = due.filtered(lambda record: not record.person_id.email_normalized)
        message = self.env._("E-mails on their way: %(count)s.", count=len(due - unreachable))
        if unreachable:
            message = self.env._(
                "%(message)s Without an e-mail address: %(names)s.",
                message=message,
                names=", ".join(unreachable.person_id.mapped("name")),
            )
        elif not due:
            message = self.env._("There is nothing new to tell them.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if unreachable else "success" if due else "info",
                "sticky": bool(unreachable),
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
