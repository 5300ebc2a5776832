from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class PartnershipBriefing(models.Model):
    """Whom a briefing is for: found from bodies, roles and absences, as they are that day."""

    _inherit = "partnership.briefing"

    @api.model
    def _get_readers(self, seats, memberships, date):
        """Who reads for members: the holders of their seats, an individual itself, and where
        nobody holds one the contact of the organisation.

        :return: list of (person, membership)
        """
        holders = {}
        for seat in seats._valid_on(date):
            known = holders.get(seat.membership_id, self.env["res.partner"])
            holders[seat.membership_id] = known | seat._get_holders(date).filtered("active")
        return [
            (person, membership)
            for membership in memberships
            for person in holders.get(membership) or membership.partner_id
        ]

    @api.model
    def _get_body_readers(self, bodies, date):
        seats = bodies.seat_ids._valid_on(date)
        return self._get_readers(seats, seats.membership_id, date)

    @api.model
    def _get_role_readers(self, partnerships, roles, date):
        Membership = self.env["partnership.membership"]
        memberships = Membership.search(
            Domain("partnership_id", "in", partnerships.ids)
            & Domain("role_id", "in", roles.ids)
            & Membership._domain_valid_on(date)
        )
        return self._get_readers(memberships.seat_ids, memberships, date)

    @api.model
    def _get_absentee_readers(self, event, date):
        """Whoever represents today, on the seats of that body, the members nobody represented
        then; a member that has left since is informed of nothing."""
        return self._get_meeting_readers(event, event._get_absent_memberships(), date)

    @api.model
    def _get_expected_readers(self, event, date):
        """As above, for whoever was expected."""
        return self._get_meeting_readers(event, event.attendance_ids.seat_id.membership_id, date)

    @api.model
    def _get_meeting_readers(self, event, memberships, date):
        current = memberships._valid_on(date)
        seats = current.seat_ids.filtered(lambda seat: seat.body_id == event.partnership_body_id)
        return self._get_readers(seats, current, date)

    def _add_readers(self, readers):
        """Make recipients of those who are none yet.

        :param readers: list of (person, membership or none)
        :return: the new receipts
        """
        self.ensure_one()
        if self.state == "cancelled":
            raise UserError(self.env._("“%(briefing)s” was cancelled.", briefing=self.name))
        self._take_turns()
        known = {(receipt.person_id, receipt.membership_id) for receipt in self.receipt_ids}
        return self.env["partnership.briefing.receipt"].create(
            [
                {
                    "briefing_id": self.id,
                    "person_id": person.id,
                    "membership_id": membership.id,
                }
                for person, membership in dict.fromkeys(readers)
                if (person, membership) not in known
            ]
        )

    def action_add_recipients(self):
        """Open the dialog that takes recipients from a body, a role or the absentees."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_briefing_recipients_action"
        )
        action["context"] = {"default_briefing_id": self.id}
        return action


class PartnershipBriefingReceipt(models.Model):
    _inherit = "partnership.briefing.receipt"

    @api.depends("briefing_id.event_id", "membership_id")
    def _compute_was_absent(self):
        for event, receipts in self.grouped(lambda receipt: receipt.briefing_id.event_id).items():
            absent = event._get_absent_memberships()
            for receipt in receipts:
                receipt.was_absent = receipt.membership_id in absent


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    def _get_absent_memberships(self):
        """:return: the members that were expected and not represented on any of their seats at
        these closed meetings"""
        groups = self.env["partnership.participation.report"]._read_group(
            [("event_id", "in", self.ids), ("expected", "=", 1)],
            ["membership_id"],
            ["represented:sum"],
        )
        return self.env["partnership.membership"].union(
            *(membership for membership, represented in groups if not represented)
        )
