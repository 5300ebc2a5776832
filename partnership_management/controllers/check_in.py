from odoo import http
from odoo.exceptions import UserError, ValidationError
from odoo.http import request

from .public_page import public_route, render_page, to_id

STATUS = {
    "unknown": 404,
    "early": 403,
    "refused": 403,
    "cancelled": 410,
    "closed": 410,
    "over": 410,
}


class PartnershipCheckIn(http.Controller):
    """The page behind the code on the sign-in sheet: public, for phones, without scripts that it
    could not do without. Who is expected shows only to whoever has the code, while it is good."""

    @public_route("/partnership/check-in/<string:token>", "GET")
    def partnership_check_in(self, token, **_kwargs):
        meeting, refusal = self._find_meeting(token)
        if refusal:
            return self._refuse(meeting, refusal)
        return self._render(
            "check_in_page",
            meeting,
            persons=meeting._get_check_in_persons(),
            own=request.env.user.partner_id,
        )

    @public_route("/partnership/check-in/<string:token>", "POST")
    def partnership_check_in_confirm(self, token, person="", **_kwargs):
        """Nothing of what is refused is written, be it for one organisation of two."""
        meeting, refusal = self._find_meeting(token)
        if refusal:
            return self._refuse(meeting, refusal)
        organisations = request.httprequest.form.getlist("organisation")
        if not organisations:
            return self._render("check_in_nobody", meeting, status=400)
        try:
            with request.env.cr.savepoint():
                places = meeting._check_in(to_id(person), [to_id(each) for each in organisations])
        except (UserError, ValidationError):
            return self._refuse(meeting, "refused")
        person = meeting.env["res.partner"].browse(int(person))
        return self._render("check_in_done", meeting, places=places, person=person)

    def _find_meeting(self, token):
        """:return: (the meeting of the code, why nobody can check in there now, or False)"""
        meeting = request.env["calendar.event"]._find_by_check_in_token(token)
        if not meeting:
            return meeting, "unknown"
        meeting = meeting.with_context(tz=meeting.partnership_id.tz)
        return meeting, meeting._get_check_in_refusal()

    def _refuse(self, meeting, refusal):
        return self._render("check_in_refused", meeting, status=STATUS[refusal], refusal=refusal)

    def _render(self, template, meeting, status=200, **values):
        values |= {"meeting": meeting, "token_path": request.httprequest.path}
        return render_page(f"partnership_management.{template}", values, status)
