from odoo import http
from odoo.exceptions import UserError, ValidationError
from odoo.http import request

from .public_page import public_route, render_page

PAGE = "/partnership/meeting/<int:attendee_id>/<string:token>"


class InvitationController(http.Controller):
    """The page of an invitation, for whoever has the personal link of the e-mail.

    The token opens one guest of one meeting: nothing is read before it is verified. Looking at the
    page changes nothing.
    """

    @public_route(PAGE, "GET")
    def partnership_invitation(self, attendee_id, token, done="", **_kwargs):
        guest = self._find_guest(attendee_id, token)
        return self._show(guest, done=done) if guest else self._refuse()

    @public_route(PAGE, "POST")
    def partnership_invitation_answer(self, attendee_id, token, answer="", seat="", **values):
        guest = self._find_guest(attendee_id, token)
        if not guest:
            return self._refuse()
        try:
            with request.env.cr.savepoint():
                done = self._answer(guest, answer, _to_id(seat), values)
        except (UserError, ValidationError) as error:
            return self._show(guest, error=str(error), values={"seat": _to_id(seat), **values})
        return request.redirect(f"{request.httprequest.path}?done={done}", code=303)

    def _find_guest(self, attendee_id, token):
        """:return: calendar.attendee, as the system, in the language of the guest and the time
        zone of the partnership; nobody if the token is not theirs"""
        guest = request.env["calendar.attendee"].sudo().browse(attendee_id).exists()
        if not guest or not guest._is_token(token) or not guest.event_id.partnership_id:
            return guest.browse()
        lang = request.env["res.lang"]._get_code(guest.partner_id.lang) or request.env.lang
        zone = guest.event_id.partnership_id.tz
        request.update_context(lang=lang, tz=zone)
        return guest.with_context(lang=lang, tz=zone)

    def _answer(self, guest, answer, seat_id, values):
        """:return: what was done, for the page to say: yes, no, or invited"""
        if answer not in ("yes", "no"):
            raise UserError(request.env._("Say whether you come."))
        if not seat_id:
            guest._answer_for_guest("accepted" if answer == "yes" else "declined")
            return answer
        seat = guest._get_invited_seats().filtered(lambda seat: seat.id == seat_id)
        if answer == "yes":
            guest._accept(seat)
            return "yes"
        alternate = _to_id(values.get("alternate"))
        invited = guest._apologise(
            seat,
            reason=values.get("reason", ""),
            alternate_id=alternate,
            substitute="" if alternate else values.get("substitute", ""),
            proxy_id=_to_choice(values.get("proxy")),
        )
        return "invited" if invited else "no"

    def _show(self, guest, **values):
        seats = guest._get_invited_seats()
        refusal = guest._get_answer_refusal()
        return self._render(
            "invitation_page",
            {
                "guest": guest,
                "event": guest.event_id,
                "refusal": refusal,
                "places": [
                    {
                        "seat": seat,
                        "organisation": guest._get_organisation(seat),
                        "row": guest._get_seat_row(seat),
                        "answer": guest._get_seat_answer(seat),
                        "alternates": guest._get_available_alternates(seat),
                        "proxies": guest._get_available_proxies(seat),
                    }
                    for seat in seats
                ],
                "error": "",
                "done": "",
                "values": {},
                **values,
            },
        )

    def _refuse(self):
        return self._render("invitation_unknown", {}, status=404)

    def _render(self, template, values, status=200):
        return render_page(f"partnership_management.{template}", values, status)


def _to_id(text):
    """:return: a number, or None for whatever else was sent"""
    return int(text) if text and text.isdecimal() and len(text) < 10 else None


def _to_choice(text):
    """:return: a number, -1 for what is none, False for the empty choice, None for nothing sent"""
    if text is None:
        return None
    return (_to_id(text) or -1) if text else False
