from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.groups import TEAM

# Who votes for another one is a person as well
RECORDED_AS = (
    ("person_id", "person_id"),
    ("person_id", "proxy_id"),
    ("organisation_id", "organisation_id"),
)


class ResPartner(models.Model):
    """A contact with recorded presence stays a person or an organisation, and stays in sight of the
    companies whose meetings it came to."""

    _inherit = "res.partner"

    partnership_attendance_count = fields.Integer(
        "Presences",
        compute="_compute_partnership_attendance_count",
        groups=TEAM,
        help="At meetings with a closed sheet; for an organisation, in its name.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_partnership_attendance_count(self):
        Attendance = self.env["partnership.attendance"]
        came = Attendance._domain_presence()
        persons = self._count_by(Attendance, "person_id", came)
        members = self._count_by(Attendance, "organisation_id", came)
        for partner in self:
            partner.partnership_attendance_count = persons.get(partner, 0) + members.get(partner, 0)

    @api.model
    def _get_history_fields(self):
        return {
            **super()._get_history_fields(),
            "partnership.attendance": ["person_id", "organisation_id", "proxy_id"],
        }

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
            domain = Attendance._domain_recorded() & Domain(fname, "in", self.ids)
            for partner, place, events in Attendance._read_group(
                domain, [fname, "partnership_id"], ["event_id:array_agg"]
            ):
                found.setdefault(partner, []).append((as_what, place, events))
        return found

    def action_open_partnership_attendance(self):
        """Open the presences that the button counts: of the person, or for the organisation."""
        return self._action_open_partnership(
            "partnership_attendance_action",
            list(
                self.env["partnership.attendance"]._domain_presence()
                & (Domain("person_id", "in", self.ids) | Domain("organisation_id", "in", self.ids))
            ),
        )

    def _remove_personal_records(self):
        """Reasons of absence, and who was to come instead."""
        self.env.cr.execute(
            SQL(
                """UPDATE partnership_attendance SET reason = NULL, substitute = NULL
                    WHERE person_id IN %s""",
                tuple(self.ids),
            )
        )
        self.env.invalidate_all()
        return super()._remove_personal_records()
