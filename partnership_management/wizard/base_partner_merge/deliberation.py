from odoo import api, fields, models
from odoo.fields import Domain


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Votes stay on the seats on which they were given, also where two members are one now.

    Of two seats that a body keeps by itself one is left; where both were asked in one decision the
    other stays with what it voted, and ends.

    Two declarations of one interest by persons, or of members, that become one: that which recuses
    counts, the others are withdrawn.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _merge_partnership_records(self, src_partners, dst_partner):
        """A person has one ballot at a meeting: the one that stays has its link sent again. Before
        the memberships, whose declarations would clash."""
        self._merge_declarations(src_partners | dst_partner, dst_partner)
        own = self.env["partnership.ballot"].search([("person_id", "=", dst_partner.id)])
        twice = own.search(
            Domain("person_id", "in", src_partners.ids) & Domain("event_id", "in", own.event_id.ids)
        )
        twice.unlink()
        return super()._merge_partnership_records(src_partners, dst_partner)

    @api.model
    def _merge_membership(self, group):
        for seat in self._find_voted_seats(group):
            seat._end(seat._get_today())
        return super()._merge_membership(group)

    @api.model
    def _find_voted_seats(self, group):
        """:param group: memberships that become one, the one that is kept first
        :return: their seats that cannot become one with another of theirs"""
        moves = self._get_seat_moves(group)
        seats = self.env["partnership.seat"].browse([*moves, *moves.values()])
        asked = dict(
            self.env["partnership.vote"]._read_group(
                [("seat_id", "in", seats.ids)], ["seat_id"], ["decision_id:recordset"]
            )
        )
        none = self.env["partnership.decision"]
        taken = {kept: asked.get(seats.browse(kept), none) for kept in moves.values()}
        staying = seats.browse()
        for old, kept in moves.items():
            own = asked.get(seats.browse(old), none)
            if own & taken[kept]:
                staying |= seats.browse(old)
            taken[kept] |= own
        return staying

    @api.model
    def _merge_declarations(self, partners, dst_partner):
        kept = self._get_kept_memberships(partners)
        declarations = self.env["partnership.interest.declaration"].search(
            (Domain("person_id", "in", partners.ids) | Domain("membership_id", "in", list(kept)))
            & Domain("withdrawn_on", "=", False)
        )
        same = declarations.grouped(
            lambda each: (
                each.event_id,
                dst_partner if each.person_id in partners else each.person_id,
                kept.get(each.membership_id.id, each.membership_id.id),
                each._get_subject(),
            )
        )
        lines = {}
        for (event, *_same), group in same.items():
            first = group.sorted(lambda each: (each.ruling != "recused", each.id))[:1]
            if group != first:
                group -= first
                group.withdrawn_on = fields.Datetime.now()
                lines.setdefault(event, []).extend(group.mapped("display_name"))
        self.env["partnership.meeting.log"]._log_list(
            "merge",
            self.env._("Contacts were merged: these declarations of interest were made twice."),
            lines,
        )
