from odoo import fields, models
from odoo.exceptions import UserError

# Who votes for another one is a person as well
RECORDED_AS = (
    ("person_id", "person_id"),
    ("person_id", "proxy_id"),
    ("organisation_id", "organisation_id"),
)


class ResPartner(models.Model):
    """A contact with recorded presence stays a person or an organisation, and stays in sight of
    the companies whose meetings it came to."""

    _inherit = "res.partner"

    def write(self, vals):
        guarded = not vals.keys().isdisjoint(("company_id", "is_company"))
        before = {each: (each.company_id, each.is_company) for each in self.sudo() if guarded}
        result = super().write(vals)
        changed = self.sudo().filtered(
            lambda each: each in before and (each.company_id, each.is_company) != before[each]
        )
        changed._check_recorded_presence()
        return result

    def _check_recorded_presence(self):
        """Refuse contacts that are not what their rows say, or not where those can be read."""
        recorded = self._get_recorded_meetings()
        for partner, rows in recorded.items():
            fname = "person_id" if partner.is_company else "organisation_id"
            hidden = partner.company_id and any(
                partner.company_id not in place.company_id.parent_ids
                for _fname, place, _ids in rows
            )
            if hidden or any(as_what == fname for as_what, _place, _ids in rows):
                raise UserError(
                    self.env._(
                        "%(contact)s has recorded presence (meetings: %(count)s): it stays the "
                        "person or the organisation that it is, in the company of those meetings. "
                        "Make another contact.",
                        contact=partner.name,
                        count=len({event for *_place, events in rows for event in events}),
                    )
                )

    def _get_recorded_meetings(self):
        """:return: dict contact -> list of (as what it is recorded, in which partnership, ids of
        the meetings), whoever may see them"""
        Attendance = self.env["partnership.attendance"].sudo()
        found = {}
        for as_what, fname in RECORDED_AS if self else ():
            domain = Attendance._domain_recorded() & fields.Domain(fname, "in", self.ids)
            for partner, place, events in Attendance._read_group(
                domain, [fname, "partnership_id"], ["event_id:array_agg"]
            ):
                found.setdefault(partner, []).append((as_what, place, events))
        return found
