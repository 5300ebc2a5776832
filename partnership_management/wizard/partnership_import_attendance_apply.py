from odoo import models

from .partnership_import_line import Verdict


class PartnershipImport(models.TransientModel):
    """What a list of presences says, against what is recorded; and writing of it."""

    _inherit = "partnership.import"

    def _compare_row(self, row, key, values):
        """:param row: what is recorded already, or None"""
        if row is None:
            return Verdict("take", "", (key, values))
        changes, clashes = self._get_changes(row, values)
        if not changes:
            return Verdict("already", "", record=[row])
        if clashes and not self.overwrite:
            return Verdict("refused", self._describe_clash(row, values), record=[row])
        if row.proxy_id and changes.get("status") in ("present", "late"):
            changes["proxy_id"] = False
        return Verdict("take", "", (key, changes), [row])

    def _get_changes(self, row, values):
        """What the list says of a row beyond what is recorded. What it leaves open changes
        nothing.

        :param row: a row, or a dict of the values of another line
        :return: (dict of values to write, whether one of them contradicts what is recorded)
        """
        changes, clashes = {}, False
        for name, nothing in (("status", "not_recorded"), ("mode", "unknown"), ("reason", "")):
            recorded, said = row[name] or nothing, values[name]
            if said not in (nothing, recorded):
                changes[name] = said
                clashes |= recorded != nothing
        return changes, clashes

    def _describe_clash(self, row, values):
        statuses = dict(row._fields["status"]._description_selection(self.env))
        if row.status != values["status"] and values["status"] != "not_recorded":
            return self.env._(
                "“%(recorded)s” is recorded, the list says “%(said)s”. Choose “Correct what is "
                "recorded” if the list is right.",
                recorded=statuses[row.status],
                said=statuses[values["status"]],
            )
        return self.env._("Another reason, or another way of taking part, is recorded.")

    def _compare_twins(self, first, values, index):
        """:param first: values of the line of the same row that goes before; its ``index``"""
        number = self.line_ids[index].number
        if self._get_changes(first, values)[0]:
            return Verdict(
                "refused",
                self.env._("Line %(number)s says something else of the same row.", number=number),
            )
        return Verdict(
            "already", self.env._("The same as line %(number)s.", number=number), twin=index
        )

    def _apply_attendance(self, plan):
        """Write the rows, and give each line the row that it made or found."""
        plan = list(plan)
        taken = [index for index, verdict in enumerate(plan) if verdict.state == "take"]
        results = self._try([plan[index].values for index in taken], self._record_rows)
        for index, (row, message) in zip(taken, results, strict=True):
            state = "take" if row else "refused"
            plan[index] = plan[index]._replace(state=state, message=message, record=row and [row])
        return self._follow_twins(plan)

    def _record_rows(self, items):
        Event, Partner = self.env["calendar.event"], self.env["res.partner"]
        return self.env["partnership.attendance"]._record_batch(
            [
                {
                    "event_id": Event.browse(meeting[1]),
                    "person_id": Partner.browse(person and person[1]),
                    "organisation_id": Partner.browse(organisation and organisation[1]),
                    **{name: value or False for name, value in values.items()},
                }
                for (meeting, person, organisation), values in items
            ]
        )
