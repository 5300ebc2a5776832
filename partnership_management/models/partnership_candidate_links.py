from odoo import api, fields, models

from ..tools.groups import TEAM


class PartnershipPartnership(models.Model):
    _inherit = "partnership.partnership"

    candidate_count = fields.Integer("Ongoing Candidates", compute="_compute_candidate_count")

    @api.depends_context("uid")
    def _compute_candidate_count(self):
        counts = dict(
            self.env["partnership.candidate"]._read_group(
                [("partnership_id", "in", self.ids), ("state", "=", "ongoing")],
                ["partnership_id"],
                ["__count"],
            )
        )
        for partnership in self:
            partnership.candidate_count = counts.get(partnership, 0)

    def action_open_candidates(self):
        return self._action_open(
            "partnership_management.partnership_candidate_action", search_default_pipeline=1
        )


class PartnershipMembership(models.Model):
    _inherit = "partnership.membership"

    candidate_count = fields.Integer("Candidatures", compute="_compute_candidate_count")

    @api.depends_context("uid")
    def _compute_candidate_count(self):
        counts = self.env["partnership.candidate"]._count_by("membership_id", self)
        for membership in self:
            membership.candidate_count = counts.get(membership, 0)

    def action_open_candidates(self):
        self.ensure_one()
        return self.env["partnership.candidate"]._get_list_action(
            [("membership_id", "=", self.id)],
            {
                "default_partner_id": self.partner_id.id,
                "default_partnership_id": self.partnership_id.id,
            },
        )


class ResPartner(models.Model):
    _inherit = "res.partner"

    partnership_candidate_count = fields.Integer(
        "Candidatures", compute="_compute_partnership_candidate_count", groups=TEAM
    )

    @api.depends_context("uid")
    def _compute_partnership_candidate_count(self):
        counts = self.env["partnership.candidate"]._count_by("partner_id", self)
        for partner in self:
            partner.partnership_candidate_count = counts.get(partner, 0)

    def action_open_partnership_candidates(self):
        self.ensure_one()
        return self.env["partnership.candidate"]._get_list_action(
            [("partner_id", "=", self.id)], {"default_partner_id": self.id}
        )


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    partnership_candidate_count = fields.Integer(
        "Candidates Decided on", compute="_compute_partnership_candidate_count", groups=TEAM
    )

    @api.depends_context("uid")
    def _compute_partnership_candidate_count(self):
        counts = self.env["partnership.candidate"]._count_by("decision_event_id", self)
        for event in self:
            event.partnership_candidate_count = counts.get(event, 0)

    def action_open_partnership_candidates(self):
        self.ensure_one()
        return self.env["partnership.candidate"]._get_list_action(
            [("decision_event_id", "=", self.id)],
            {
                "default_partnership_id": self.partnership_id.id,
                "default_decision_event_id": self.id,
            },
        )


class PartnershipCandidate(models.Model):
    _inherit = "partnership.candidate"

    @api.model
    def _count_by(self, fname, records):
        """:return: dict of ``records`` -> number of cards, refused and archived ones too"""
        return dict(
            self.with_context(active_test=False)._read_group(
                [(fname, "in", records.ids)], [fname], ["__count"]
            )
        )

    @api.model
    def _get_list_action(self, domain, context):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_candidate_action"
        )
        action["domain"] = domain
        action["context"] = {"active_test": False, **context}
        action["views"] = [(False, "list"), (False, "kanban"), (False, "form")]
        return action
