from odoo import fields, models

from .partnership_import_line import Verdict


class PartnershipImport(models.TransientModel):
    """Writing of what a list of members asks for."""

    _inherit = "partnership.import"

    def _apply_members(self, plan):
        """Write the parts of all lines, memberships first, then seats, then mandates."""
        failed = {}
        for kinds in (["membership"], ["seat"], ["titular", "alternate"]):
            known = self._find_known_members()
            parts = {}
            for verdict in plan:
                for part, values in (verdict.values or {}).items():
                    is_held = not self._find_failure(part, failed)
                    if part[0] in kinds and is_held:
                        parts.setdefault(part, {}).update(
                            {fname: value for fname, value in values.items() if value}
                        )
            items = [(part, values, known) for part, values in parts.items()]
            for (part, *_rest), (_done, message) in zip(
                items, self._try(items, self._write_parts), strict=True
            ):
                if message:
                    failed[part] = message
        known = self._find_known_members()
        return [self._conclude(verdict, failed, known) for verdict in plan]

    def _find_failure(self, part, failed):
        """:return: why a part, or what it hangs on, was refused"""
        containers = [("membership", part[1]), ("seat", *part[1:3]), part]
        return next((failed[key] for key in containers if key in failed), None)

    def _conclude(self, verdict, failed, known):
        if not verdict.values:
            return verdict
        messages = [self._find_failure(part, failed) for part in verdict.values]
        message = next(filter(None, messages), None)
        membership = known.get(("membership", next(iter(verdict.values))[1]))
        record = membership and [membership]
        if message:
            return Verdict("refused", message, record=record)
        return verdict._replace(record=record)

    def _write_parts(self, items):
        """Create what is not there, complete what is.

        :param items: list of (part, values that the lines say, known parts), of one layer
        """
        new = []
        for part, values, known in items:
            if part in known:
                missing = self._get_missing(known[part], values)
                if missing:
                    known[part].write(self._to_values(missing))
            else:
                new.append(self._get_values_of(part, self._to_values(values), known))
        model = {"membership": "partnership.membership", "seat": "partnership.seat"}.get(
            items[0][0][0], "partnership.mandate"
        )
        reason = self.env._("Import of %(file)s", file=self.filename or self.display_name)
        self.env[model].with_context(outside_reason=reason).create(new)
        return [True] * len(items)

    def _to_values(self, values):
        return {
            fname: value[1] if isinstance(value, tuple) else value
            for fname, value in values.items()
        }

    def _get_values_of(self, part, values, known):
        """:return: values to create a part with; what the list does not say is as the user said"""
        kind, actor = part[:2]
        since = values.pop("since", None)
        if kind == "membership":
            return {
                "partnership_id": self.partnership_id.id,
                "partner_id": actor[1],
                "role_id": self.role_id.id,
                "date_start": self.date,
                **values,
            }
        container = known["membership", actor] if kind == "seat" else known["seat", *part[1:3]]
        start = max(container.date_start, fields.Date.to_date(since) or self.date)
        if kind == "seat":
            return {
                "membership_id": container.id,
                "body_id": part[2][1],
                "date_start": start,
            }
        return {"seat_id": container.id, "kind": kind, "date_start": start, **values}
