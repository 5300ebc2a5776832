from odoo.exceptions import UserError, ValidationError
from odoo.http import request

from .invitation import PAGE, InvitationController
from .public_page import public_route


class InvitationInterestController(InvitationController):
    """The declaration of interests on the page of the invitation."""

    @public_route(f"{PAGE}/interests", "POST")
    def partnership_invitation_interests(self, attendee_id, token, none="", **values):
        guest = self._find_guest(attendee_id, token)
        if not guest:
            return self._refuse()
        boxes = [name for name in values if name.startswith(("item_", "decision_"))]
        try:
            with request.env.cr.savepoint():
                self._declare(guest, boxes, bool(none))
        except (UserError, ValidationError) as error:
            return self._show(guest, error=str(error))
        page = request.httprequest.path.removesuffix("/interests")
        return request.redirect(f"{page}?done=interests", code=303)

    def _declare(self, guest, boxes, has_none):
        """:param has_none: whether the guest says that it has no interest in any"""
        if has_none == bool(boxes):
            raise UserError(
                request.env._("Tick what you have an interest in, or say that you have none.")
            )
        guest._declare_interests(boxes)
