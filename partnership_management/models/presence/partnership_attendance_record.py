from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_time

from ...tools.attendance import PRESENT, PUNCTUAL

PROXY_GIVEN = "partnership_management.mail_template_proxy_given"
PROXY_TAKEN_BACK = "partnership_management.mail_template_proxy_taken_back"
SHEET_FIELDS = {"status", "mode", "reason", "proxy_id", "check_in", "check_out"}


def _name(partner):
    return {"id": partner.id, "name": partner.name} if partner else False


class PartnershipAttendance(models.Model):
    """How presence comes in from elsewhere: apologies, check-ins and lists, by set.

    The rows of an attendance sheet, as the screen and the quorum read them.

    Presence has hours: from ``check_in`` on, before ``check_out``, one interval a row.
    """

    _inherit = "partnership.attendance"

    @api.constrains("check_in", "check_out")
    def _check_hours(self):
        for row in self:
            if row.check_in and row.check_out and row.check_out < row.check_in:
                raise ValidationError(
                    self.env._(
                        "%(row)s left (%(left)s) before coming (%(came)s): correct one of the two "
                        "times.",
                        row=row.display_name,
                        left=row._format_hour("check_out"),
                        came=row._format_hour("check_in"),
                    )
                )

    @api.constrains("proxy_id", "status", "person_id", "check_in", "check_out")
    def _check_proxy(self):
        """Whoever is there from the beginning to the end votes, and nobody instead."""
        for row in self.filtered("proxy_id"):
            if row.proxy_id == row.person_id or row._is_there_throughout({}):
                raise ValidationError(
                    self.env._(
                        "%(row)s: only somebody who did not come, came later or left earlier gives "
                        "a proxy, and to somebody else.",
                        row=row.display_name,
                    )
                )

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Template for Attendance"),
                "template": "/partnership_management/static/xls/partnership_attendance.xlsx",
            }
        ]

    @api.model
    def _record(self, event, person, organisation=None, **values):
        """Write what is known of one person at one meeting, in the row that is theirs.

        The row on the sheet is used where there is one; otherwise a row is made, on the seat
        that the person may take, if any. An apology, a check-in and an import come this way.

        :param event: calendar.event, a meeting of a partnership
        :param person: res.partner
        :param organisation: res.partner, or none for somebody who comes for itself
        :param values: further values, such as status, reason, mode
        :return: the row
        """
        [row] = self._record_batch(
            [{**values, "event_id": event, "person_id": person, "organisation_id": organisation}]
        )
        return row

    @api.model
    def _record_batch(self, records):
        """Write what is known of many persons at many meetings: see :meth:`_record`.

        Without a person it is of the seat of the organisation, which nobody holds.

        :param records: list of dict of values, in which ``event_id``, ``person_id`` and
                        ``organisation_id`` are records, the last two possibly none. Where two
                        are of the same row, the later one is written over the earlier one
        :return: list of rows, in the order of ``records``; one row may be in it several times
        """
        Partner = self.env["res.partner"]
        wanted = [
            (
                record["event_id"],
                record.get("person_id") or Partner,
                record.get("organisation_id") or Partner,
            )
            for record in records
        ]
        places = dict(zip(wanted, self.env["calendar.event"]._find_places(wanted), strict=True))
        keys = [self._get_key(*who, places[who]["seat_id"]) for who in wanted]
        rows = self._find_rows({event.id for event, _person, _organisation in wanted})
        identity = ("event_id", "person_id", "organisation_id")
        missing, changes = {}, {}
        for record, who, key in zip(records, wanted, keys, strict=True):
            values = {name: value for name, value in record.items() if name not in identity}
            if key in rows:
                changes.setdefault(key, {}).update(values)
            else:
                known = {name: record.id for name, record in zip(identity, who, strict=True)}
                missing.setdefault(key, {**places[who], **known}).update(values)
        ids_by_values = defaultdict(list)
        for key, values in changes.items():
            ids_by_values[tuple(sorted(values.items()))].append(rows[key].id)
        for values, ids in ids_by_values.items():
            self.browse(ids).write(dict(values))
        rows |= dict(zip(missing, self.create(list(missing.values())), strict=True))
        return [rows[key] for key in keys]

    @api.model
    def _get_key(self, event, person, organisation, seat_id):
        """:return: what tells a row from all others, as the unique indexes do"""
        return (event.id, person.id, organisation.id) if person else (event.id, False, seat_id)

    @api.model
    def _find_rows(self, event_ids):
        """:return: dict key -> row, of all rows of the meetings"""
        return {
            self._get_key(row.event_id, row.person_id, row.organisation_id, row.seat_id.id): row
            for row in self.search([("event_id", "in", list(event_ids))])
        }

    def _may_change_proxy(self):
        """:return: whether whoever gave the proxy, or may give one, can still say otherwise"""
        self.ensure_one()
        return self.event_id.partnership_state != "closed"

    def _get_mail_recipient(self):
        return self.proxy_id

    def _is_mail_due(self):
        return bool(self.proxy_id.email_normalized)

    def _tell_proxy(self, xml_id):
        """Write to whoever has the proxy of these rows, unless calendars write to nobody.

        :return: those who have no address
        """
        blocked = self.env["ir.config_parameter"].sudo().get_param("calendar.block_mail")
        due = self.filtered(lambda row: row._is_mail_due())
        if not blocked:
            due._send_mail_template(self.env.ref(xml_id), at_once=True)
        return (self - due).proxy_id

    def _check_in_over(self, values):
        """Write a check-in; what the row said until then is noted in the log of the meeting."""
        self.ensure_one()
        before = self._describe()
        said = self.status != "not_recorded" or self.proxy_id
        self._write_from_sheet(values)
        if said:
            text = self.env._(
                "%(row)s has checked in by phone: %(before)s → %(after)s",
                row=self.display_name,
                before=before,
                after=self._describe(),
            )
            self.env["partnership.meeting.log"]._log("check_in", {self.event_id: text})

    def _get_hours(self, values):
        """When the person is there, if it is.

        :param values: dict of what the row is about to say otherwise than it does now
        :return: (from, to) in UTC; None: from the beginning, to the end. Whoever is present, not
                 late, and came in the first minutes was there from the beginning.
        """
        self.ensure_one()
        came, left = (
            fields.Datetime.to_datetime(values.get(fname, self[fname]))
            for fname in ("check_in", "check_out")
        )
        begins, _ends = self.event_id._get_period()
        if values.get("status", self.status) != "late":
            begins += PUNCTUAL
        return came if came and came > begins else None, left or None

    def _is_there_throughout(self, values):
        """:param values: see :meth:`_get_hours`"""
        is_there = values.get("status", self.status) in PRESENT
        return is_there and not any(self._get_hours(values))

    def _filtered_there(self, at=None):
        """:param at: datetime in UTC; None: at any time of the meeting
        :return: the rows of those who are there then, who leave at that moment no more"""
        there = self.filtered(lambda row: row.status in PRESENT)
        if at is None:
            return there

        def covers(row):
            came, left = row._get_hours({})
            return (came is None or came <= at) and (left is None or at < left)

        return there.filtered(covers)

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
        """Write what was tapped, or checked in, with what follows from it for each row."""
        unknown = values.keys() - SHEET_FIELDS
        if unknown:
            raise ValueError(f"Not a field of the attendance sheet: {', '.join(sorted(unknown))}")
        if not all(values.get(fname, True) for fname in ("status", "mode")):
            raise UserError(self.env._("Say whether they came: there is no empty mark."))
        self._check_numbers(values)
        self._take_turns()
        ids_by_values = defaultdict(list)
        for row in self:
            ids_by_values[tuple(sorted(row._complete_mark(values).items()))].append(row.id)
        for complete, ids in ids_by_values.items():
            self.browse(ids).write(dict(complete))

    def _complete_mark(self, values):
        """Whoever is not there has no hours, and whoever came no reason for not coming. Who is
        late came now, if the meeting is running; who was not late after all did not. Whoever is
        there all the time gives no proxy. Of whoever is not recorded, nothing is known.

        :param values: dict of what was tapped, which holds in any case
        :return: dict of all that is written on the row
        """
        status = values.get("status")
        if status in ("present", "not_recorded"):
            values = {"reason": False, **values}
        if status and status not in PRESENT:
            values = {"check_in": False, "check_out": False, **values}
        elif status == "present" and self.status == "late":
            values = {"check_in": False, **values}
        elif status == "late" and not self.check_in and self.event_id._is_running():
            values = {"check_in": fields.Datetime.now(), **values}
        if status == "not_recorded" or self._is_there_throughout(values):
            values = {"proxy_id": False, **values}
        return {fname: value or False for fname, value in values.items()}

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
                    "check_out": fields.Datetime.to_string(row.check_out),
                    "others": [
                        {**_name(mandate.person_id), "kind": kinds[mandate.kind]}
                        for mandate in mandates
                        if (row.seat_id, mandate.person_id) not in here
                    ],
                }
            )
        return lines
