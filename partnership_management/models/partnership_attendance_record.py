from collections import defaultdict

from odoo import api, models


class PartnershipAttendance(models.Model):
    """How presence comes in from elsewhere: apologies, check-ins and lists, by set."""

    _inherit = "partnership.attendance"

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
