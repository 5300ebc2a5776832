from odoo import api, fields, models
from odoo.fields import Domain


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Two declarations of one interest by persons, or of members, that become one: that which
    recuses counts, the others are withdrawn."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _merge_partnership_records(self, src_partners, dst_partner):
        """Before the memberships, whose declarations would clash."""
        self._merge_declarations(src_partners | dst_partner, dst_partner)
        return super()._merge_partnership_records(src_partners, dst_partner)

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
