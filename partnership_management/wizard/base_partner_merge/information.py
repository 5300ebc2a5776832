from markupsafe import Markup

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Two receipts of one briefing become one where their readers, or the members for which they
    read, are one: what was sent, read and passed on first counts."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _merge_partnership_records(self, src_partners, dst_partner):
        """Before the memberships, whose receipts would clash."""
        self._merge_receipts(src_partners | dst_partner, dst_partner)
        return super()._merge_partnership_records(src_partners, dst_partner)

    @api.model
    def _merge_receipts(self, partners, dst_partner):
        kept = self._get_kept_memberships(partners)
        receipts = self.env["partnership.briefing.receipt"].search(
            Domain("person_id", "in", partners.ids) | Domain("membership_id", "in", list(kept)),
            order="id",
        )
        same = receipts.grouped(
            lambda receipt: (
                receipt.briefing_id,
                dst_partner if receipt.person_id in partners else receipt.person_id,
                kept.get(receipt.membership_id.id, receipt.membership_id.id),
            )
        )
        for (briefing, _person, _member), group in same.items():
            if len(group) > 1:
                self._merge_receipt(briefing, group)

    @api.model
    def _get_kept_memberships(self, partners):
        """:return: dict id of an open membership -> id of the one that it becomes, the oldest"""
        memberships = self.env["partnership.membership"].search(
            [("partner_id", "in", partners.ids), ("date_end", "=", False)],
            order="date_start, id",
        )
        return {
            membership.id: group[0].id
            for group in memberships.grouped("partnership_id").values()
            for membership in group
        }

    @api.model
    def _merge_receipt(self, briefing, group):
        """Keep the receipt whose link was sent, and arrived; it takes over the first of each
        day."""
        kept = group.sorted(
            lambda receipt: (not receipt.date_sent, receipt._has_mail_failed(), receipt.id)
        )[0]
        read = group.filtered("date_read").sorted("date_read")[:1]
        relayed = group.filtered("date_relayed").sorted("date_relayed")[:1]
        evidence = dict.fromkeys(filter(None, group.mapped("relay_evidence")))
        briefing._message_log(
            body=Markup("<p>%s</p>")
            % self.env._(
                "Contacts were merged: %(receipts)s are one recipient.",
                receipts=", ".join(group.mapped("display_name")),
            )
        )
        kept.write(
            {
                "date_read": read.date_read,
                "told_by_id": read.told_by_id.id,
                "date_relayed": relayed.date_relayed,
                "relay_evidence": "\n".join(evidence) or False,
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "DELETE FROM partnership_briefing_receipt WHERE id IN %s",
                tuple((group - kept).ids),
            )
        )
        self.env.invalidate_all()
