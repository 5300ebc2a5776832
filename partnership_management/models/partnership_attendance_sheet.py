from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_time

from ..tools.attendance import PRESENT

SHEET_FIELDS = {"status", "mode", "reason", "proxy_id", "check_in"}


class PartnershipAttendance(models.Model):
    """The rows of an attendance sheet, as the screen and the quorum read them."""

    _inherit = "partnership.attendance"

    def _filtered_mandated(self):
        """:return: the rows of persons who may speak on their seat that day"""
        return self.filtered(lambda row: row._get_capacity() in ("titular", "alternate", "member"))

    def _get_capacity(self):
        """In what capacity the person of the row takes part.

        :return: titular, alternate, member (an individual who speaks for itself), unmandated,
                 vacant (a seat without a person), expected (in another addon's way) or guest
        """
        self.ensure_one()
        if not self.seat_id:
            return "expected" if self._get_places() else "guest"
        if not self.person_id:
            return "vacant"
        if self.person_id == self.seat_id.partner_id:
            return "member"
        return self.mandate_id.kind or "unmandated"

    def _leave_seats(self, expected):
        """An apology that somebody sent ahead stays when the seat has passed on, and does not
        excuse whoever is expected there by now. What was marked on the sheet keeps its place.

        :param expected: values of attendance rows, see ``_get_expected``
        """
        seat_ids = {values.get("seat_id") for values in expected}
        left = self.filtered(
            lambda row: (
                row.status == "excused" and row.answer == "declined" and row.seat_id.id in seat_ids
            )
        )
        if left:
            left.seat_id = False

    def _get_leads(self):
        """:return: the row that each seat stands by on the sheet: that of its titular, else that
        of the vacant seat, else the oldest. The others came instead of it, or as well."""
        order = {"titular": 0, "member": 0, "vacant": 1}
        leads = self.browse()
        for seat, rows in self.grouped("seat_id").items():
            if seat:
                leads += min(rows, key=lambda row: (order.get(row._get_capacity(), 2), row.id))
        return leads

    def _get_rest(self, status):
        """The unmarked rows that "the rest is ..." stands for.

        A proxy or a word kept as the reason says something already. Nobody is present for a
        seat that nobody holds, or for one that somebody else represents.
        """
        represented = self.filtered(lambda row: row.status in PRESENT).seat_id
        return self.filtered(
            lambda row: (
                row.status == "not_recorded"
                and not row.proxy_id
                and not row.reason
                and (
                    status not in PRESENT
                    or (row.person_id and not (row.seat_id and row.seat_id in represented))
                )
            )
        )

    def _write_from_sheet(self, values):
        """Write what was tapped, or checked in. Whoever came gives no proxy and no reason for not
        coming; of whoever is not recorded, nothing is known."""
        unknown = values.keys() - SHEET_FIELDS
        if unknown:
            raise ValueError(f"Not a field of the attendance sheet: {', '.join(sorted(unknown))}")
        if not all(values.get(fname, True) for fname in ("status", "mode")):
            raise UserError(self.env._("Say whether they came: there is no empty mark."))
        if values.get("status") in ("present", "late", "not_recorded"):
            values = {"proxy_id": False, **values}
        if values.get("status") in ("present", "not_recorded"):
            values = {"reason": False, **values}
        if values.get("status") == "not_recorded":
            values = {"check_in": False, **values}
        if "reason" in values:
            values = {**values, "reason": values["reason"] or False}
        self._take_turns()
        self.write(values)

    def _format_check_in_time(self):
        """:return: the time of the check-in on the clock of the area"""
        self.ensure_one()
        if not self.check_in:
            return ""
        zone = self.partnership_id.tz
        return format_time(self.env, self.check_in, tz=zone, time_format="short")

    def _get_sheet_lines(self, date):
        """:return: list of JSON values, one for each row, for the screen"""
        groups = self.env["partnership.membership.transition"]._get_groups_on(
            self.membership_id, date
        )
        leads = self._get_leads()
        self.seat_id.mandate_ids.person_id.fetch(["name"])
        kinds = dict(
            self.env["partnership.mandate"]._fields["kind"]._description_selection(self.env)
        )
        offices = dict(
            self.env["partnership.mandate"]._fields["office"]._description_selection(self.env)
        )
        here = {(row.seat_id, row.person_id) for row in self}
        lines = []
        for row in self:
            mandates = row.seat_id.mandate_ids._valid_on(date) if row in leads else ()
            lines.append(
                {
                    "id": row.id,
                    "seat_id": row.seat_id.id,
                    "is_lead": row in leads or not row.seat_id,
                    "member": (row.organisation_id or row.seat_id.partner_id).name or "",
                    "organisation_id": row.organisation_id.id,
                    "person": _name(row.person_id),
                    "capacity": row._get_capacity(),
                    "office": offices.get(row.mandate_id.office, ""),
                    "group_id": bool(row.membership_id) and groups[row.membership_id.id].id,
                    "weight": row.seat_id.vote_weight,
                    "answer": row.answer or "",
                    "status": row.status,
                    "mode": row.mode,
                    "reason": row.reason or "",
                    "substitute": row.substitute or "",
                    "proxy": _name(row.proxy_id),
                    "check_in": fields.Datetime.to_string(row.check_in),
                    "check_in_time": row._format_check_in_time(),
                    "others": [
                        {**_name(mandate.person_id), "kind": kinds[mandate.kind]}
                        for mandate in mandates
                        if (row.seat_id, mandate.person_id) not in here
                    ],
                }
            )
        return lines


def _name(partner):
    return {"id": partner.id, "name": partner.name} if partner else False
