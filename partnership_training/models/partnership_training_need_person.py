from odoo import api, models
from odoo.fields import Domain


class PartnershipTrainingNeed(models.Model):
    """Who would follow a course that a need asks for, or has the skill already."""

    _inherit = "partnership.training.need"

    def _is_of_member(self):
        """:return: whether anybody who comes for the member answers the need"""
        self.ensure_one()
        return bool(self.membership_id and not self.person_id)

    def _get_persons(self):
        """:return: dict need -> res.partner, who would follow the course"""
        subjects = [
            {fname: need[fname].id for fname in ("person_id", "membership_id", "body_id")}
            for need in self
        ]
        return dict(zip(self, self._get_persons_of(subjects), strict=True))

    @api.model
    def _get_persons_of(self, subjects, alternates=False):
        """Whom needs concern today: the person; else who speaks for the member, on its seat in
        the body if one is named, and a member that is a person, itself; else who sits in the body.

        :param subjects: list of values of needs
        :param alternates: whether those who speak as alternates count too
        :return: list of res.partner, in the order of ``subjects``
        """
        Partner = self.env["res.partner"]
        seats = self._get_seats_of(subjects)
        memberships = self.env["partnership.membership"].browse(
            filter(None, (vals.get("membership_id") for vals in subjects))
        )
        actors = {membership.id: membership.partner_id for membership in memberships}
        persons = []
        for vals in subjects:
            member, body = vals.get("membership_id"), vals.get("body_id")
            found = Partner.browse(vals.get("person_id") or [])
            if not found:
                own = seats.get((member, body)) or seats.get((member, False)) or []
                found = Partner.union(*(self._get_holders(seat, alternates) for seat in own))
                actor = actors.get(member, Partner)
                found |= actor.filtered(lambda partner: not partner.is_company)
            persons.append(found)
        return persons

    @api.model
    def _get_seats_of(self, subjects):
        """:return: dict (membership id, body id), either of which may be False for all -> list of
        the seats that are valid today"""
        members = {vals.get("membership_id") for vals in subjects} - {None, False}
        bodies = {vals.get("body_id") for vals in subjects} - {None, False}
        found = self.env["partnership.seat"].search(
            Domain("membership_id", "in", members) | Domain("body_id", "in", bodies)
        )
        seats = {}
        for seat in found._valid_today():
            member, body = seat.membership_id.id, seat.body_id.id
            for key in ((member, body), (member, False), (False, body), (None, body)):
                seats.setdefault(key, []).append(seat)
        return seats

    @api.model
    def _get_holders(self, seat, alternates):
        titular, others = seat._get_holders_by_kind(seat._get_today())
        return titular | others if alternates else titular
