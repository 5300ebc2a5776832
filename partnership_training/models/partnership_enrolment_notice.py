from odoo import api, fields, models
from odoo.exceptions import UserError

TEMPLATE = "partnership_training.mail_template_enrolment_%s"
TOLD = ("confirmed", "waiting", "cancelled")
# The dates are in the calendar of whoever has a seat
WITH_CALENDAR = ("confirmed", "promoted", "moved")


class PartnershipEnrolment(models.Model):
    """What the persons are told about their enrolment, once each.

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


class PartnershipTrainingSession(models.Model):
    _inherit = "partnership.training.session"

    failed_text = fields.Char(
        "Not Reached",
        compute="_compute_failed_text",
        help="Whom the last e-mail about their enrolment did not reach, and why.",
    )

    @api.depends("enrolment_ids.mail_state", "event_ids.partnership_failed_text")
    @api.depends_context("uid")
    def _compute_failed_text(self):
        failed = self.enrolment_ids.filtered(lambda record: record.mail_state == "failed")
        events = self.event_ids.filtered("is_training_to_come").filtered("partnership_failed_text")
        by_session, ahead = failed.grouped("session_id"), events.grouped("training_session_id")
        for session in self:
            lost = [by_session.get(session, failed.browse())._format_failures()]
            lost += [event.partnership_failed_text for event in ahead.get(session, ())]
            session.failed_text = "; ".join(dict.fromkeys(filter(None, lost)))

    def action_open_tell(self):
        """Say who is told what, before it goes out."""
        return self.enrolment_ids.action_open_tell()

    def action_open_invite(self):
        """Say who gets an invitation to the events to come, before it goes out."""
        return self._get_events_to_invite().action_invite()

    def _check_has_dates(self, enrolments):
        """Nobody is told that they have a seat in something that has no date."""
        for session in enrolments.filtered("is_seated").session_id:
            if not session._get_events():
                raise UserError(
                    self.env._(
                        "“%(session)s” has no event: plan one before you tell people that they "
                        "have a seat.",
                        session=session.name,
                    )
                )

    def action_cancel_and_tell(self):
        """Cancel, and write to participants, those who wait, and trainers."""
        self.check_access("write")
        self._take_turns()
        for session in self:
            if session.state == "cancelled":
                raise UserError(
                    self.env._(
                        "“%(session)s” is cancelled already: nobody is told again.",
                        session=session.name,
                    )
                )
            session._check_state_change("cancelled")
            session.enrolment_ids.filtered("is_pending")._tell("session_cancelled")
            session._tell_trainers(self.env._("Cancelled: %(session)s", session=session.name))
        return self.action_cancel()

    def _tell_trainers(self, subject):
        self.ensure_one()
        trainers = self.trainer_ids.filtered("email_normalized")
        if trainers:
            self.message_notify(
                partner_ids=trainers.ids, subject=subject, body=self._describe_dates()
            )
