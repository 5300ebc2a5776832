from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date


class PartnershipTrainingSession(models.Model):
    """Who may enrol in a session, and until when."""

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


class PartnershipEnrolment(models.Model):
    _inherit = "partnership.enrolment"

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
