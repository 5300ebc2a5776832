from datetime import timedelta

from odoo import api, fields, models


class PartnershipMembership(models.Model):
    """The seats and mandates of a member. Bodies may keep a seat for every formal member: it opens
    and ends with the membership."""

    _inherit = "partnership.membership"

    _portal_fields = ("seat_ids", "mandate_ids", "seat_count", "mandate_count", "is_mine")
    seat_ids = fields.One2many("partnership.seat", "membership_id", "Seats")
    mandate_ids = fields.One2many("partnership.mandate", "membership_id", "Mandates")
    seat_count = fields.Integer(compute="_compute_seat_counts")
    mandate_count = fields.Integer(compute="_compute_seat_counts")
    is_mine = fields.Boolean(
        compute="_compute_is_mine",
        search="_search_is_mine",
        help="The user's own organisation, or one for which the user holds a mandate in this "
        "partnership today.",
    )

    @api.depends("seat_ids.date_end", "mandate_ids.date_end")
    def _compute_seat_counts(self):
        for today, memberships in self._grouped_by_today().items():
            for membership in memberships:
                membership.seat_count = len(membership.seat_ids._valid_on(today))
                membership.mandate_count = len(membership.mandate_ids._valid_on(today))

    @api.depends_context("uid")
    @api.depends("partner_id", "partnership_id")
    def _compute_is_mine(self):
        mine = self.filtered_domain(self._search_is_mine("in", [True]))
        for membership in self:
            membership.is_mine = membership in mine

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self.env.user._domain_own_memberships()

    @api.constrains("date_start", "date_end")
    def _check_what_hangs_on_it(self):
        self.seat_ids._check_dates()
        return super()._check_what_hangs_on_it()

    @api.model_create_multi
    def create(self, vals_list):
        memberships = super().create(vals_list)
        memberships._sync_member_seats()
        return memberships

    def write(self, vals):
        result = super().write(vals)
        if {"role_id", "date_end"} & vals.keys():
            self._sync_member_seats()
        return result

    def _sync_member_seats(self, bodies=None):
        """Open and end the seats that bodies keep, one for every formal member.

        :param bodies: limit to these bodies; by default all of the memberships' partnerships
        """
        if bodies is None:
            bodies = self.env["partnership.body"].search(
                [
                    ("partnership_id", "in", self.partnership_id.ids),
                    ("seat_policy", "=", "members"),
                ]
            )
        if not bodies or not self:
            return
        seats = self.env["partnership.seat"].search(
            [("membership_id", "in", self.ids), ("body_id", "in", bodies.ids)]
        )
        self._open_member_seats(bodies, seats)
        seats.filtered(
            lambda seat: (
                seat.is_automatic and not seat.date_end and not seat.membership_id.is_formal
            )
        )._end_with_role()

    def _open_member_seats(self, bodies, seats):
        """Give the formal members their seats in ``bodies``; who had one before gets the next.

        :param seats: the seats that the memberships have, or had, in these bodies
        """
        had = seats.grouped(lambda seat: (seat.membership_id, seat.body_id))
        since = self._formal_since()
        vals_list = []
        for body in bodies:
            for membership in self:
                own = had.get((membership, body), seats.browse())
                if (
                    membership.partnership_id != body.partnership_id
                    or not membership.is_formal
                    or membership.date_end
                    or not all(own.mapped("date_end"))
                ):
                    continue
                ends = [seat.date_end + timedelta(days=1) for seat in own]
                vals_list.append(
                    {
                        "membership_id": membership.id,
                        "body_id": body.id,
                        "date_start": max([since[membership.id], *ends]),
                        "is_automatic": True,
                    }
                )
        seats.sudo().create(vals_list)

    def _end_what_hangs_on_it(self, date):
        """End the open seats, and with them the mandates."""
        self.seat_ids.filtered(lambda seat: not seat.date_end or seat.date_end > date)._end(date)
        return super()._end_what_hangs_on_it(date)

    def action_open_seats(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_seat_action"
        )
        action["domain"] = [("membership_id", "=", self.id)]
        action["context"] = {"default_membership_id": self.id, "search_default_current": 1}
        return action

    def action_open_mandates(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_mandate_action"
        )
        action["domain"] = [("membership_id", "=", self.id)]
        action["context"] = {"search_default_current": 1}
        return action
