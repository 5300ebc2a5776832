from odoo import http
from odoo.exceptions import UserError, ValidationError
from odoo.http import request

from .public_page import public_route, render_page, to_id

ID = "int(max=2147483647)"
PAGE = f"/partnership/vote/<{ID}:event_id>/<{ID}:person_id>/<string:token>"


class PartnershipVote(http.Controller):
    """The vote on the own phone, for whoever has the personal link: good for one person at one
    meeting, until its sheet is closed. Looking at the page changes nothing."""

    @public_route(PAGE, "GET")
    def partnership_vote(self, event_id, person_id, token, done="", **_kwargs):
        meeting, person = self._find(event_id, person_id, token)
        return self._show(meeting, person, done=done)

    @public_route(PAGE, "POST")
    def partnership_vote_cast(
        self, event_id, person_id, token, decision="", seat="", choice="", **_kwargs
    ):
        meeting, person = self._find(event_id, person_id, token)
        if not meeting or meeting._get_vote_refusal():
            return self._show(meeting, person)
        try:
            with request.env.cr.savepoint():
                meeting._vote_by_phone(person, to_id(decision), to_id(seat), choice)
        except (UserError, ValidationError) as error:
            return self._show(meeting, person, error=str(error))
        return request.redirect(f"{request.httprequest.path}?done=1", code=303)

    def _find(self, event_id, person_id, token):
        """:return: (calendar.event, res.partner), as the system, in the language of the person and
        the time zone of the partnership; none of both if the link is not theirs"""
        meeting, person = request.env["calendar.event"]._find_by_vote_link(
            event_id, person_id, token
        )
        if not meeting:
            return meeting, person
        lang = request.env["res.lang"]._get_code(person.lang) or request.env.lang
        context = {"lang": lang, "tz": meeting.partnership_id.tz}
        request.update_context(**context)
        return meeting.with_context(**context), person.with_context(**context)

    def _show(self, meeting, person, **values):
        refusal = meeting._get_vote_refusal() if meeting else "unknown"
        values = {
            "meeting": meeting,
            "person": person,
            "refusal": refusal,
            "ballots": {} if refusal else meeting._get_ballots(person),
            "token_path": request.httprequest.path,
            "done": "",
            "error": "",
            **values,
        }
        status = {False: 200, "unknown": 404}.get(refusal, 410)
        return render_page("partnership_management.vote_page", values, status)
