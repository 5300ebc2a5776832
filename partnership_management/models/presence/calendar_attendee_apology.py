from collections import Counter

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import format_date

from ...tools.attendance import PRESENT
from ...tools.internal import INTERNAL
from ...tools.untrusted import cut_text
from .partnership_attendance_record import PROXY_GIVEN, PROXY_TAKEN_BACK


class CalendarAttendee(models.Model):
    """What a guest says on the page of the invitation: that somebody comes, or sends apologies.
    There is an answer for each organisation.

    Whoever has the link of the e-mail is the guest; all methods here run as the system, after the
    token was verified. An apology goes to the row of the seat on the sheet, which is recorded from
    then on; the state of the meeting stays.
    """

    _inherit = "calendar.attendee"

    def _get_answer_refusal(self):
        """:return: why the guest cannot answer now, as a text for the page, or False"""
        self.ensure_one()
        event = self.event_id
        if not event.active or event.partnership_state == "cancelled":
            return self.env._("This meeting was cancelled.")
        if event._has_begun() or event.partnership_state == "closed":
            return self.env._("This meeting has begun: it can no longer be answered.")
        if self._has_left() and not self._get_invited_seats():
            return self.env._(
                "You represent nobody at this meeting: your mandate does not reach %(date)s.",
                date=format_date(self.env, event.partnership_date),
            )
        return False

    def _get_invited_seats(self):
        """:return: the seats on which the guest may speak on the day, one for each member"""
        event, seats = self.event_id, self.env["partnership.seat"]
        held = event._get_seats_by_body()[event.partnership_body_id]
        held = held._valid_on(event.partnership_date).filtered(
            lambda seat: self.partner_id in seat._get_holders(event.partnership_date)
        )
        for places in held.grouped("membership_id").values():
            place = event._find_place(self.partner_id, self._get_organisation(places[:1]))
            seats |= places.filtered(lambda seat, place=place: seat.id == place["seat_id"])
        return seats

    def _has_left(self):
        """:return: whether the guest held a seat of the body once"""
        here = Domain("body_id", "=", self.event_id.partnership_body_id.id)
        held = Domain("partner_id", "=", self.partner_id.id) | Domain(
            "mandate_ids.person_id", "=", self.partner_id.id
        )
        return bool(self.env["partnership.seat"].search_count(here & held, limit=1))

    def _get_organisation(self, seat):
        return seat.partner_id.filtered("is_company")

    def _get_seat_row(self, seat):
        """:return: the row of the guest for the member of the seat, if there is one"""
        organisation = self._get_organisation(seat)
        return self.env["partnership.attendance"].search(
            [
                ("event_id", "=", self.event_id.id),
                ("person_id", "=", self.partner_id.id),
                ("organisation_id", "=", organisation.id),
            ]
        )

    def _get_seat_answer(self, seat):
        """:return: accepted, tentative, declined, none or False, for one seat"""
        row = self._get_seat_row(seat)
        if row.status == "excused":
            return "declined"
        return row.answer or self._get_answer()

    def _get_available_alternates(self, seat):
        """:return: res.partner, who may come instead: the other holders of the seat on the day,
        apart from those who said that they do not come"""
        date = self.event_id.partnership_date
        _titular, alternates = seat._get_holders_by_kind(date)
        declined = self.event_id.attendee_ids.filtered(lambda guest: guest.state == "declined")
        return alternates - self.partner_id - declined.partner_id

    def _get_available_proxies(self, seat):
        """:return: res.partner, who may vote for the seat instead: whoever may speak on another
        one, did not send apologies for it, and has not as many proxies as the body allows"""
        event, body = self.event_id, self.event_id.partnership_body_id
        persons = self.env["res.partner"]
        if not body.proxy_allowed:
            return persons
        date = event.partnership_date
        rows = event.attendance_ids
        away = {
            (row.person_id, row.organisation_id)
            for row in rows
            if row.status in ("excused", "absent")
        }
        for other in event._get_seats_by_body()[body]._valid_on(date) - seat:
            organisation = self._get_organisation(other)
            persons |= other._get_holders(date).filtered(
                lambda person, organisation=organisation: (person, organisation) not in away
            )
        declined = event.attendee_ids.filtered(lambda guest: guest.state == "declined")
        held = Counter((rows - self._get_seat_row(seat)).mapped(lambda row: row.proxy_id.id))
        persons -= self.partner_id + declined.partner_id
        return persons.filtered(lambda person: held[person.id] < body.proxy_max).sorted(
            lambda person: ((person.name or "").casefold(), person.id)
        )

    # ------------------------------------------------------------
    # Answering
    # ------------------------------------------------------------

    def _check_can_answer(self, seat):
        refusal = self._get_answer_refusal()
        if not refusal and seat not in self._get_invited_seats():
            refusal = self.env._("You do not hold this seat on the day of the meeting.")
        if not refusal and self._get_seat_row(seat).status in (*PRESENT, "absent"):
            refusal = self.env._("Your presence is recorded already.")
        if refusal:
            raise UserError(refusal)

    def _answer_for_guest(self, state):
        """The answer of a guest who has no seat: nobody is represented, nothing is recorded."""
        if self._get_answer_refusal() or self._get_invited_seats():
            raise UserError(self._get_answer_refusal() or self.env._("Answer for your seat."))
        self.state = state

    def _accept(self, seat):
        """ "I will come", for the member of a seat; also after an apology, which is taken back."""
        self.event_id._take_turns()
        self._check_can_answer(seat)
        row = self._get_seat_row(seat)
        if row.status == "excused":
            said = self._change_proxy(row, self.env["res.partner"])
            self._log_answer(
                self.env._("%(row)s takes the apology back and comes.", row=row.display_name),
                row.substitute and self.env._("%(name)s was to come instead.", name=row.substitute),
                *said,
            )
            row._write_from_sheet({"status": "not_recorded"})
        self._keep_other_answers(seat)
        if row or len(self._get_invited_seats()) > 1:
            self._keep_lead(seat)
            self._record_answer(seat, answer="accepted", substitute=False)
        self._settle_state("accepted")

    def _apologise(self, seat, reason="", alternate_id=None, substitute="", proxy_id=None):
        """ "I send my apologies", for the member of a seat.

        :param alternate_id: who comes instead: an alternate of the seat, who is invited
        :param substitute: the name of somebody else who comes instead
        :param proxy_id: who votes for the seat; False for nobody, None for what was said before
        :return: the alternate who was invited by e-mail, or nobody
        """
        self.event_id._take_turns()
        self._check_can_answer(seat)
        alternate = self.env["res.partner"]
        if alternate_id:
            alternate = self._get_available_alternates(seat).filtered(
                lambda person: person.id == alternate_id
            )
            if not alternate:
                raise UserError(self.env._("Choose an alternate of this seat."))
        proxy = self._choose_proxy(seat, proxy_id)
        substitute = alternate.name or cut_text(substitute)
        self._keep_other_answers(seat)
        self._keep_lead(seat)
        before = self._get_seat_row(seat)
        said = (before.status, before.reason, before.substitute)
        row = self._record_answer(
            seat,
            answer="declined",
            status="excused",
            reason=cut_text(reason) or before.reason,
            substitute=substitute or False,
        )
        proxies = self._change_proxy(row, proxy)
        if (row.status, row.reason, row.substitute) != said or proxies:
            self._log_answer(
                self.env._("%(row)s sends apologies.", row=row.display_name),
                substitute and self.env._("%(name)s comes instead.", name=substitute),
                *proxies,
            )
        self._settle_state("declined")
        return self._invite_alternate(alternate)

    def _choose_proxy(self, seat, proxy_id):
        """:return: res.partner who is to vote for the seat, or nobody"""
        if proxy_id is None:
            return self._get_seat_row(seat).proxy_id
        chosen = self._get_available_proxies(seat).filtered(lambda person: person.id == proxy_id)
        if proxy_id is not False and not chosen:
            raise UserError(
                self.env._(
                    "Choose somebody of the list to vote for you: whoever you chose does not come, "
                    "or has as many proxies as the body allows."
                )
            )
        return chosen

    def _change_proxy(self, row, proxy):
        """Give the proxy of a row to somebody, or take it back, and tell both who had it and who
        has it.

        :return: list of what was done, in words for the team
        """
        before = row.proxy_id
        if proxy == before:
            return []
        if not row._may_change_proxy():
            raise UserError(
                self.env._("The proxy can no longer be given, changed or taken back here.")
            )
        sentences, unreachable = [], row._tell_proxy(PROXY_TAKEN_BACK) if before else before
        row.proxy_id = proxy
        if before:
            sentences.append(self.env._("The proxy to %(name)s is taken back.", name=before.name))
        if proxy:
            unreachable |= row._tell_proxy(PROXY_GIVEN)
            sentences.append(self.env._("%(name)s has the proxy.", name=proxy.name))
        if unreachable:
            names = ", ".join(unreachable.mapped("name"))
            sentences.append(
                self.env._("Without e-mail address, please tell: %(names)s.", names=names)
            )
        return sentences

    def _record_answer(self, seat, **values):
        return self.env["partnership.attendance"]._record(
            self.event_id, self.partner_id, self._get_organisation(seat), **values
        )

    def _keep_other_answers(self, seat):
        """The calendar knows one answer of a guest: for other members it is kept on their rows,
        before this one changes it."""
        for other in self._get_invited_seats() - seat:
            if not self._get_seat_row(other).answer:
                self._keep_lead(other)
                self._record_answer(other, answer=self._get_answer() or "none")

    def _keep_lead(self, seat):
        """The row of an alternate does not stand for the seat: who is expected has one, too."""
        Attendance = self.env["partnership.attendance"]
        [expected] = [
            values
            for values in self.event_id._get_expected()[self.event_id.id]
            if values.get("seat_id") == seat.id
        ]
        domain = [("event_id", "=", self.event_id.id), ("seat_id", "=", seat.id)]
        if expected["person_id"] != self.partner_id.id and not Attendance.search_count(domain):
            Attendance.create({**expected, "event_id": self.event_id.id})

    def _settle_state(self, answer):
        """In the calendar a guest has one answer: yes, if it is yes for one organisation."""
        answers = {self._get_seat_answer(seat) for seat in self._get_invited_seats()} | {answer}
        if "accepted" in answers:
            state = "accepted"
        else:
            state = "declined" if answers == {"declined"} else "needsAction"
        self.with_context(partnership_answer_kept=INTERNAL).state = state

    def _invite_alternate(self, alternate):
        """Make somebody a guest, and send the invitation."""
        event = self.event_id
        if not alternate:
            return alternate
        if alternate not in event.partner_ids:
            event.with_context(**event._get_quiet_context()).write(
                {"partner_ids": [Command.link(alternate.id)]}
            )
        invited = event.attendee_ids.filtered(
            lambda guest: guest.partner_id == alternate and guest.email and guest._is_mail_due()
        )
        invited.with_context(no_mail_to_attendees=False)._send_invitation_emails()
        return invited.partner_id

    def _log_answer(self, *sentences):
        """Tell the team on the meeting, without a mail, and without the confidential reason."""
        text = " ".join(filter(None, sentences))
        self.env["partnership.meeting.log"]._log("apology", {self.event_id: text}, self.partner_id)
