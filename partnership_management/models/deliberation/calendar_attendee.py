from odoo import models
from odoo.exceptions import UserError


class CalendarAttendee(models.Model):
    """What a guest declares of its interests on the page of the invitation.

    Whoever has the link of the e-mail is the guest; all methods here run as the system, after the
    token was verified.
    """

    _inherit = "calendar.attendee"

    def _get_declaration_refusal(self):
        """:return: why the guest cannot declare interests now, as a text for the page, or False"""
        self.ensure_one()
        event = self.event_id
        if not event.active or event.partnership_state == "cancelled":
            return self.env._("This meeting was cancelled.")
        if event.partnership_state == "closed" or event.partnership_is_over:
            return self.env._("This meeting is over: interests can no longer be declared.")
        if not self._get_invited_seats():
            return self.env._("Only who may vote at this meeting declares interests.")
        return False

    def _get_declaration_page(self):
        """:return: dict for the page, or none where there is nothing to declare: ``has_declared``,
        and ``items``, list of dict with ``subject``, ``is_put`` and ``choices``, list of
        (name of the box, membership or none, whether it is ticked)"""
        event, Declaration = self.event_id, self.env["partnership.interest.declaration"]
        subjects = event._get_decided()
        if not subjects or self._get_declaration_refusal():
            return None
        own = event.declaration_ids.filtered(
            lambda each: each.person_id == self.partner_id and not each.withdrawn_on
        )
        known = {declaration._get_interest() for declaration in own}
        return {
            "has_declared": self.partner_id in event._get_declared(),
            "has_none": bool(own) and set(own.mapped("kind")) == {"none"},
            "items": [
                {
                    "subject": subject,
                    "is_put": Declaration._is_put(subject),
                    "choices": [
                        (_get_box(member, subject), member, (member, subject) in known)
                        for member in self._get_declaring()
                    ],
                }
                for subject in subjects
            ],
        }

    def _get_declaring(self):
        """:return: list of those whose interests the guest declares: itself, as no membership, and
        the members that it represents"""
        members = self._get_invited_seats().membership_id
        return [members.browse(), *members.filtered(lambda member: member.is_organisation)]

    def _declare_interests(self, boxes):
        """:param boxes: names of the boxes that are ticked; none: no interest
        :raises UserError: if the guest cannot declare that, or not any more"""
        refusal = self._get_declaration_refusal()
        if refusal:
            raise UserError(refusal)
        known = {
            _get_box(member, subject): (member, subject)
            for subject in self.event_id._get_decided()
            for member in self._get_declaring()
        }
        if not known or not known.keys() >= set(boxes):
            raise UserError(
                self.env._("The agenda has changed: open the link once more, and declare again.")
            )
        self.env["partnership.interest.declaration"]._declare(
            self.event_id, self.partner_id, {known[box] for box in boxes}, "link"
        )


def _get_box(member, subject):
    """:return: the name of the box on the page that says so"""
    kind = "decision" if subject._name == "partnership.decision" else "item"
    return f"{kind}_{subject.id}_{member.id or 0}"
