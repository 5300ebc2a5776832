from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.groups import TEAM


class PartnershipPartnership(models.Model):
    _inherit = "partnership.partnership"

    briefing_reading_days = fields.Integer(
        "Days to Read a Briefing", default=14, help="Read later than that is not read in time."
    )
    briefing_link_days = fields.Integer(
        "Days a Link Works",
        default=90,
        help="How long readers without an account can open a briefing by their personal link.",
    )
    briefing_remind_days = fields.Integer(
        "Remind before (days)",
        help="This many days before a briefing is due, who has not read it is reminded by e-mail, "
        "once. 0: nobody is reminded by itself.",
    )
    briefing_count = fields.Integer(
        "Number of Briefings", compute="_compute_briefing_counts", groups=TEAM
    )
    handover_text = fields.Char("Handovers", compute="_compute_briefing_counts", groups=TEAM)

    _briefing_days_positive = models.Constraint(
        "CHECK (briefing_reading_days >= 0 AND briefing_link_days > 0"
        " AND briefing_remind_days >= 0)",
        "Days to read and to remind cannot be negative, and a link works for one day at least.",
    )

    @api.depends_context("uid")
    def _compute_briefing_counts(self):
        counts = self.env["partnership.briefing"]._count_by("partnership_id", self)
        handovers = self.env["partnership.mandate"]._get_handover_texts("partnership_id", self)
        for partnership in self:
            partnership.briefing_count = counts.get(partnership, 0)
            partnership.handover_text = handovers.get(partnership, False)

    def action_open_briefings(self):
        return self._action_open("partnership_management.partnership_briefing_action")

    def action_open_handovers(self):
        return self._action_open("partnership_management.partnership_mandate_action_handover")


class PartnershipBody(models.Model):
    _inherit = "partnership.body"

    briefing_count = fields.Integer(
        "Number of Briefings", compute="_compute_briefing_counts", groups=TEAM
    )
    handover_text = fields.Char("Handovers", compute="_compute_briefing_counts", groups=TEAM)

    @api.depends_context("uid")
    def _compute_briefing_counts(self):
        counts = self.env["partnership.briefing"]._count_by("body_id", self)
        handovers = self.env["partnership.mandate"]._get_handover_texts("body_id", self)
        for body in self:
            body.briefing_count = counts.get(body, 0)
            body.handover_text = handovers.get(body, False)

    def action_open_briefings(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "partnership_management.partnership_briefing_action"
            ),
            "domain": [("body_id", "=", self.id)],
            "context": {
                "default_body_id": self.id,
                "default_partnership_id": self.partnership_id.id,
            },
        }

    def action_open_handovers(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "partnership_management.partnership_mandate_action_handover"
            ),
            "domain": [("body_id", "=", self.id)],
        }


class PartnershipMembership(models.Model):
    _inherit = "partnership.membership"

    briefing_text = fields.Char(
        "Briefings Read",
        compute="_compute_briefing_text",
        groups=TEAM,
        help="Briefings that somebody read for the member, of those that were sent to it.",
    )

    @api.depends_context("uid")
    def _compute_briefing_text(self):
        Receipt = self.env["partnership.briefing.receipt"]
        sent = Domain("membership_id", "in", self.ids) & Domain("state", "=", "sent")
        total, read = (
            dict(Receipt._read_group(domain, ["membership_id"], ["briefing_id:count_distinct"]))
            for domain in (sent, sent & Domain("date_read", "!=", False))
        )
        for membership in self:
            count = total.get(membership)
            membership.briefing_text = count and f"{read.get(membership, 0)}/{count}"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_informed(self):
        """What was sent to a member stays on record; a place on a draft goes with it."""
        receipts = self.env["partnership.briefing.receipt"].sudo()
        receipts = receipts.search([("membership_id", "in", self.ids)])
        informed = receipts.filtered(lambda receipt: receipt.state != "draft")
        if informed:
            raise UserError(
                self.env._(
                    "%(membership)s was sent briefings: end the membership instead of deleting it.",
                    membership=informed[0].membership_id.display_name,
                )
            )
        receipts.unlink()

    def action_open_receipts(self):
        self.ensure_one()
        return self.env["partnership.briefing.receipt"]._get_list_action(
            [("membership_id", "=", self.id)]
        )


class ResPartner(models.Model):
    _inherit = "res.partner"

    partnership_receipt_count = fields.Integer(
        "Briefings", compute="_compute_partnership_receipt_count", groups=TEAM
    )

    @api.depends_context("uid")
    def _compute_partnership_receipt_count(self):
        counts = dict(
            self.env["partnership.briefing.receipt"]._read_group(
                [("person_id", "in", self.ids), ("state", "=", "sent")], ["person_id"], ["__count"]
            )
        )
        for partner in self:
            partner.partnership_receipt_count = counts.get(partner, 0)

    def action_open_partnership_receipts(self):
        self.ensure_one()
        return self.env["partnership.briefing.receipt"]._get_list_action(
            [("person_id", "=", self.id)]
        )


class PartnershipBriefing(models.Model):
    _inherit = "partnership.briefing"

    @api.model
    def _count_by(self, fname, records):
        """:return: dict of ``records`` -> number of briefings"""
        return dict(self._read_group([(fname, "in", records.ids)], [fname], ["__count"]))


class PartnershipBriefingReceipt(models.Model):
    _inherit = "partnership.briefing.receipt"

    @api.model
    def _get_list_action(self, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_briefing_receipt_action"
        )
        return {**action, "domain": [*domain, ("state", "=", "sent")], "context": {}}
