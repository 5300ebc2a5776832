from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date


class PartnershipTrainingSession(models.Model):
    """Who may enrol in a session, and until when.

    What happens to a session that too few want, when enrolment ends.
    """

    _inherit = "partnership.training.session"

    _sent_fields = ("videocall_url",)

    videocall_url = fields.Char("Link", help="Where those who are not in the room take part.")
    enrol_scope = fields.Selection(
        [
            ("open", "Everybody in the partnership"),
            ("bodies", "Who sits in these bodies"),
            ("roles", "Members with these roles"),
        ],
        "Who May Enrol",
        required=True,
        default="open",
        tracking=True,
        help="Whom the session is offered to in the portal. The team can enrol anybody.",
    )
    enrol_body_ids = fields.Many2many(
        "partnership.body",
        string="Bodies",
        domain="[('partnership_id', '=', partnership_id)]",
    )
    enrol_role_ids = fields.Many2many("partnership.role", string="Roles")
    needs_approval = fields.Boolean(
        "Approval",
        help="A request waits until somebody of the team approves it. Otherwise it gets its seat "
        "at once.",
    )
    enrol_deadline = fields.Date(
        "Enrol Until",
        copy=False,
        tracking=True,
        help="The last day to enrol, in the time zone of the partnership.",
    )
    is_enrolment_open = fields.Boolean(
        "Enrolment Open",
        compute="_compute_is_enrolment_open",
        search="_search_is_enrolment_open",
        help="The session is open, has not begun, and its last day to enrol is not over.",
    )

    under_minimum = fields.Selection(
        [("ask", "Ask the responsible"), ("cancel", "Cancel, and tell everybody")],
        "Under the Minimum",
        required=True,
        default="ask",
        help="What happens when enrolment ends and there are fewer persons than the minimum.",
    )
    minimum_checked = fields.Date(
        copy=False, readonly=True, help="The last day to enrol that was looked at."
    )

    failed_text = fields.Char(
        "Not Reached",
        compute="_compute_failed_text",
        help="Whom the last e-mail about their enrolment did not reach, and why.",
    )

    @api.depends("state", "date_start", "enrol_deadline", "partnership_id.tz")
    def _compute_is_enrolment_open(self):
        now = fields.Datetime.now()
        for session in self:
            session.is_enrolment_open = (
                session.state == "open"
                and not (session.date_start and session.date_start <= now)
                and not session._is_past_deadline()
            )

    def _search_is_enrolment_open(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        return (
            Domain("state", "=", "open")
            & (Domain("date_start", "=", False) | Domain("date_start", ">", now))
            & self._domain_on_its_day(
                lambda today: (
                    Domain("enrol_deadline", "=", False) | Domain("enrol_deadline", ">=", today)
                )
            )
        )

    @api.constrains("trainer_ids")
    def _check_trainers(self):
        self.enrolment_ids._check_no_trainer()

    def _check_enrol_deadline(self):
        for session in self:
            if session._is_past_deadline():
                raise UserError(session._describe_deadline())

    def _is_past_deadline(self):
        return bool(self.enrol_deadline and self.enrol_deadline < self._get_today())

    def _describe_deadline(self):
        return self.env._(
            "“%(session)s”: enrolment ended on %(date)s. Whoever runs the session can move that "
            "day.",
            session=self.name,
            date=format_date(self.env, self.enrol_deadline),
        )

    def _get_enrol_refusal(self, person):
        """Why ``person`` cannot ask for a seat; somebody of the team may still enrol them.

        :return: a sentence for the person, empty if nothing stands in the way
        """
        self.ensure_one()
        refusal = self._get_closed_reason(person)
        if not refusal and not self._is_offered_to(person):
            refusal = self.env._("“%(session)s” is meant for others.", session=self.name)
        return refusal

    def _get_closed_reason(self, person):
        """:return: why somebody to whom the session is offered cannot ask for a seat; or empty"""
        self.ensure_one()
        if self.state != "open":
            return self.env._("“%(session)s” is not open for enrolment.", session=self.name)
        if self._is_past_deadline():
            return self._describe_deadline()
        if self.date_start and self.date_start <= fields.Datetime.now():
            return self.env._("“%(session)s” has begun already.", session=self.name)
        if person in self.trainer_ids:
            return self.env._("%(person)s teaches this session.", person=person.name)
        return ""

    def _is_offered_to(self, person):
        self.ensure_one()
        return bool(self._filtered_offered_to(person))

    def _filtered_offered_to(self, person):
        """:return: the sessions in whose partnership ``person`` speaks for an actor, and, where
        they are for some bodies or roles, for one of those, on the day it is"""
        offered = self.browse()
        for sessions in self.grouped("partnership_id").values():
            mandates, own = sessions[0]._find_standing(person)
            memberships = mandates.membership_id | own
            seats = own.filtered(lambda each: each.partner_id == person).seat_ids
            bodies = mandates.body_id | seats._valid_on(sessions[0]._get_today()).body_id
            for session in sessions:
                if session.enrol_scope == "bodies":
                    fits = bodies & session.enrol_body_ids
                elif session.enrol_scope == "roles":
                    fits = memberships.role_id & session.enrol_role_ids
                else:
                    fits = memberships
                offered += session if fits else offered.browse()
        return offered

    def _find_standing(self, person):
        """:return: tuple of the mandates of ``person`` in the partnership today, and of the
        memberships that are its own or its employer's"""
        today = self._get_today()
        here = Domain("partnership_id", "=", self.partnership_id.id)
        Mandate, Membership = self.env["partnership.mandate"], self.env["partnership.membership"]
        mandates = Mandate.search(
            here & Domain("person_id", "=", person.id) & Mandate._domain_valid_on(today)
        )
        actors = person | person.commercial_partner_id
        own = Membership.search(
            here & Domain("partner_id", "in", actors.ids) & Membership._domain_valid_on(today)
        )
        return mandates, own

    def _enrol_self(self, person):
        """``person`` asks for a seat: gets it, waits for one, or for approval.

        :return: the enrolment
        """
        self.ensure_one()
        refusal = self._get_enrol_refusal(person)
        if refusal:
            raise UserError(refusal)
        here = self.enrolment_ids.filtered(lambda enrolment: enrolment.person_id == person)
        if here.is_pending:
            raise UserError(here._describe_twice(here))
        enrolment = self._enrol(person)
        if self.needs_approval:
            self._ask_for_approval()
        else:
            enrolment.action_confirm()
            enrolment._tell(enrolment.state)
        return enrolment

    def _ask_for_approval(self):
        """One activity of the responsible, however many ask."""
        summary = self.env._("Requests wait for approval")
        if summary not in self.sudo().activity_ids.mapped("summary"):
            self.sudo().with_context(mail_activity_quick_update=True).activity_schedule(
                "mail.mail_activity_data_todo",
                summary=summary,
                user_id=(self.user_id or self.partnership_id.user_id or self.env.user).id,
            )

    @api.model
    def _cron_check_minimum(self):
        """The day after the last day to enrol: cancel what too few want, or ask what to do."""
        sessions = self.search(self._domain_deadline_passed()).filtered(
            lambda session: session.minimum_checked != session.enrol_deadline
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(sessions))
        for session in sessions:
            session.try_lock_for_update()._check_minimum()
            if not cron._commit_progress(1):
                return

    @api.model
    def _domain_deadline_passed(self):
        return (
            Domain("state", "=", "open")
            & self._domain_on_its_day(lambda today: Domain("enrol_deadline", "<", today))
            & (Domain("date_start", "=", False) | Domain("date_start", ">", fields.Datetime.now()))
        )

    def _check_minimum(self):
        for session in self:
            session.minimum_checked = session.enrol_deadline
            if session.seats_taken >= session.seats_min:
                continue
            if session.under_minimum == "cancel":
                session.action_cancel_and_tell()
            else:
                session._ask_about_minimum()

    def _ask_about_minimum(self):
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._(
                "%(taken)s of at least %(minimum)s persons: hold or cancel?",
                taken=self.seats_taken,
                minimum=self.seats_min,
            ),
            user_id=(self.user_id or self.partnership_id.user_id or self.env.user).id,
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
