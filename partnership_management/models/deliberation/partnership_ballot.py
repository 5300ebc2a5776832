from odoo import api, fields, models

from ...tools.internal import is_internal

TEMPLATE = "partnership_management.mail_template_vote_link"
LAYOUT = "mail.mail_notification_light"


class PartnershipBallot(models.Model):
    """One person who may vote at one meeting by a personal link, and what became of the e-mail
    with it. Only the system writes here."""

    _name = "partnership.ballot"
    _description = "Ballot"
    _inherit = ["partnership.mailed.mixin"]
    _order = "event_id, person_id, id"

    event_id = fields.Many2one(
        "calendar.event", "Meeting", required=True, readonly=True, index=True, ondelete="restrict"
    )
    partnership_id = fields.Many2one(
        related="event_id.partnership_id", store=True, index=True, precompute=True
    )
    person_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="restrict"
    )

    _person_uniq = models.Constraint(
        "UNIQUE (event_id, person_id)", "This person has a ballot for this meeting already."
    )

    @api.depends("person_id.name")
    def _compute_display_name(self):
        for ballot in self.sudo():
            ballot.display_name = ballot.person_id.name or ""

    @api.model
    def _ensure(self, event, persons):
        """:return: the ballots of ``persons`` at the meeting, with the rights of the system"""
        Ballot = self.sudo()
        known = Ballot.search([("event_id", "=", event.id)])
        Ballot.create(
            [{"event_id": event.id, "person_id": person.id} for person in persons - known.person_id]
        )
        return Ballot.search([("event_id", "=", event.id), ("person_id", "in", persons.ids)])

    def _get_mail_recipient(self):
        return self.person_id

    def _is_mail_due(self):
        self.ensure_one()
        return self.sudo().mail_state in (False, "failed")

    def _get_vote_url(self):
        """:return: the personal link to the vote; nowhere, for who looks at the mail and is not
        its reader"""
        self.ensure_one()
        if not is_internal(self, "partnership_sending"):
            return "#"
        event, person = self.sudo().event_id, self.person_id
        place = event.partnership_id.get_base_url()
        return f"{place}/partnership/vote/{event.id}/{person.id}/{event._get_vote_token(person)}"

    def _send_vote_links(self):
        self._send_mail_template(self.env.ref(TEMPLATE), layout=LAYOUT, at_once=True)
