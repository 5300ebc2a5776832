from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools.network_layout import lay_out

CHOICE_MAX = 200  # as many partnerships are offered


class PartnershipRelation(models.Model):
    """What the picture of the ties in the browser asks for, with the rights of the user."""

    _inherit = "partnership.relation"

    @api.model
    @api.readonly
    def get_network(self, partnership_id=False, date=False, aspect=1.6):
        """The members of a partnership on a day, where they stand in the picture, and their ties.

        Members are those with a formal role on that day, and whoever has a tie then; each stands
        in the interest group that it had.

        :param partnership_id: by default the first one that the user sees
        :param date: by default today
        :param aspect: width / height of the screen
        """
        Partnership = self.env["partnership.partnership"]
        choice = Partnership.search([], limit=CHOICE_MAX)
        partnership = Partnership.browse(partnership_id) if partnership_id else choice[:1]
        partnership.check_access("read")
        date = fields.Date.to_date(date) or partnership._get_today()
        ties = self.search(
            Domain("partnership_id", "=", partnership.id) & self._domain_valid_on(date)
        )
        steps = self._get_network_steps(partnership, ties, date)
        groups = {member.id: step.to_group_id.id for member, step in steps.items()}
        places, (width, height) = lay_out(groups, ties._get_network_edges(), aspect)
        return {
            "partnership": {"id": partnership.id, "name": partnership.name or ""},
            "partnerships": [{"id": each.id, "name": each.name} for each in choice | partnership],
            "date": fields.Date.to_string(date),
            "width": width,
            "height": height,
            "kinds": self._fields["kind"]._description_selection(self.env),
            "groups": [
                {"id": group.id, "name": group.name}
                for group in self.env["partnership.interest.group"]
                .union(*(step.to_group_id for step in steps.values()))
                .sorted()
            ],
            "members": [
                {
                    "id": member.id,
                    "name": member.partner_id.name,
                    "group_id": groups[member.id],
                    "role": step.to_role_id.name,
                    "x": places[member.id][0],
                    "y": places[member.id][1],
                }
                for member, step in steps.items()
            ],
            "ties": ties._get_network_ties(),
        }

    @api.model
    def _get_network_steps(self, partnership, ties, date):
        """:return: dict membership -> the transition that says what it was on ``date``"""
        Membership = self.env["partnership.membership"]
        members = Membership.search(
            Domain("partnership_id", "=", partnership.id) & Membership._domain_valid_on(date)
        )
        steps = self.env["partnership.membership.transition"].search(
            [("membership_id", "in", members.ids), ("date", "<=", date)], order="date, id"
        )
        tied = ties.membership_id | ties.other_id
        last = {step.membership_id: step for step in steps}
        return {
            member: last[member]
            for member in members
            if member in last and (last[member].to_role_id.is_formal or member in tied)
        }

    def _get_network_edges(self):
        return [(tie.membership_id.id, tie.other_id.id, tie.kind, tie.intensity) for tie in self]

    def _get_network_ties(self):
        return [
            {
                "id": tie.id,
                "members": [tie.membership_id.id, tie.other_id.id],
                "kind": tie.kind,
                "intensity": tie.intensity,
                "since": format_date(self.env, tie.date_start),
                "evidence": tie.evidence or "",
            }
            for tie in self
        ]
