from odoo import fields, models
from odoo.tools import format_date

from ...models.actor.partnership_spelling import spelling_key
from .line import Verdict


class PartnershipImport(models.TransientModel):
    """A list of members: one line is a member, with its seat in a body and who holds it."""

    _inherit = "partnership.import"

    def _match_members(self):
        cells = self._get_cells()
        lines = list(cells)
        dates = self._read_dates([cells[line]["since"] or "" for line in lines])
        organisations = self._match_organisations([cells[line]["organisation"] for line in lines])
        mentions = [
            (name, None, spelling_key(cells[line]["organisation"])) if name else None
            for line in lines
            for name in self._get_names(cells[line])
        ]
        persons, person_keys = self._match_persons(
            mentions, {values["key"]: values.get("partner_id") for values in organisations}
        )
        person_keys = iter(person_keys)
        for line, date in zip(lines, dates, strict=True):
            texts = cells[line]
            titular, *alternates = [next(person_keys) for _name in self._get_names(texts)]
            line.keys = {
                "organisation": spelling_key(texts["organisation"]),
                "group": self._get_key(texts["interest_group"]) or None,
                "role": self._get_key(texts["role"]) or None,
                "body": self._get_key(texts["body"]) or None,
                "since": date and fields.Date.to_string(date),
                "titular": titular,
                "alternates": alternates,
            }
            if texts["since"] and not date:
                line.keys = {"fault": self._describe_bad_date(texts["since"])}
        here = [("partnership_id", "=", self.partnership_id.id)]
        return (
            organisations
            + persons
            + self._match_column("group", "partnership.interest.group", [], "interest_group")
            + self._match_column("role", "partnership.role", [], "role")
            + self._match_column("body", "partnership.body", here, "body")
        )

    def _match_column(self, kind, model, domain, target):
        texts = [texts[target] for texts in self._get_cells().values()]
        return self._match_names(kind, model, domain, texts)

    def _get_names(self, texts):
        """:return: list of the titular, possibly empty, and the alternates of a line"""
        alternates = [name.strip() for name in (texts["alternate"] or "").split(";")]
        return [texts["titular"] or "", *filter(None, alternates)]

    def _create_roles(self, matches):
        return self.env["partnership.role"].create([{"name": match.name} for match in matches])

    def _create_groups(self, matches):
        return self.env["partnership.interest.group"].create(
            [{"name": match.name} for match in matches]
        )

    # ------------------------------------------------------------
    # What the lines ask for
    # ------------------------------------------------------------

    def _read_members(self):
        """:return: list of dict of parts (see ``_get_parts``), or why a line is refused"""
        matches = self._get_matches()
        cells = self._get_cells()
        readings = []
        for line in self.line_ids:
            keys = line.keys or {}
            pairs = [(kind, keys.get(kind)) for kind in ("organisation", "group", "role", "body")]
            people = [("person", key) for key in (keys.get("titular"), *keys.get("alternates", []))]
            fault = (
                line.fault or keys.get("fault") or self._find_left_out([*pairs, *people], matches)
            )
            tokens = [
                matches[pair]._get_token() if not fault and pair in matches else None
                for pair in [*pairs, *people]
            ]
            organisation, group, role, body, titular, *alternates = tokens
            if not fault and not organisation and not titular:
                fault = self.env._("The line names neither an organisation nor a person.")
            if fault:
                readings.append(fault)
                continue
            member = {
                "role_id": role,
                "interest_group_id": group,
                "date_start": keys["since"],
            }
            mandates = [("titular", titular)] if organisation else []
            mandates += [("alternate", person) for person in alternates]
            readings.append(
                self._get_parts(
                    organisation or titular,
                    member,
                    body or (self.body_id and ("id", self.body_id.id)) or None,
                    [mandate for mandate in mandates if mandate[1]],
                    cells[line]["appointed_by"] or None,
                )
            )
        return readings

    def _get_parts(self, actor, member, body, mandates, appointed_by):
        """:return: dict of what the line asks for -> its values, None where it does not say; the
        containers first. A seat has one titular, so the person is not part of its key"""
        parts = {("membership", actor): member}
        if body:
            parts["seat", actor, body] = {"since": member["date_start"]}
        for kind, person in mandates:
            if not body:
                return self.env._("The line names who represents the member, but not the body.")
            key = (kind, actor, body) if kind == "titular" else (kind, actor, body, person)
            parts[key] = {
                "person_id": person,
                "appointed_by": appointed_by,
                "since": member["date_start"],
            }
        return parts

    def _find_known_members(self):
        """:return: dict part -> the open record that is there already"""
        memberships = self.env["partnership.membership"].search(
            [("partnership_id", "=", self.partnership_id.id), ("date_end", "=", False)]
        )
        known = {}
        for membership in memberships:
            actor = ("id", membership.partner_id.id)
            known["membership", actor] = membership
            for seat in membership.seat_ids.filtered(lambda seat: not seat.date_end):
                body = ("id", seat.body_id.id)
                if known.setdefault(("seat", actor, body), seat) != seat:
                    continue
                for mandate in seat.mandate_ids.filtered(lambda mandate: not mandate.date_end):
                    person = ("id", mandate.person_id.id)
                    titular = mandate.kind == "titular"
                    key = (mandate.kind, actor, body) + (() if titular else (person,))
                    known[key] = mandate
        return known

    # ------------------------------------------------------------
    # What becomes of each line
    # ------------------------------------------------------------

    def _plan_members(self):
        """One verdict for each line; nothing is written. Its values are the parts to write."""
        known = self._find_known_members()
        said, plan = {}, []
        for line, parts in zip(self.line_ids, self._read_members(), strict=True):
            if isinstance(parts, str):
                plan.append(Verdict("refused", parts))
                continue
            membership = known.get(next(iter(parts)))
            record = membership and [membership]
            problem = self._find_clash(parts, known) or self._find_other_line(parts, said)
            if problem:
                plan.append(Verdict("refused", problem, record=record))
                continue
            for part, values in parts.items():
                said.setdefault(part, (line.number, values))
            changes = {
                part: values
                for part, values in parts.items()
                if part not in known or self._get_missing(known[part], values)
            }
            repeats = [number for number, _values in map(said.get, parts)]
            if not changes:
                verdict = Verdict("already", "", record=record)
            elif line.number not in repeats:
                message = self.env._("The same as line %(number)s.", number=repeats[0])
                verdict = Verdict("already", message, changes, record)
            else:
                verdict = Verdict("take", "", changes, record)
            plan.append(verdict)
        return plan

    def _get_recorded(self, record, fname):
        """:return: the value of a record as a line would say it, None where it is empty"""
        if fname == "since":  # a seat or a mandate may be younger than the membership
            return "since"
        value = record[fname]
        if isinstance(value, models.BaseModel):
            return ("id", value.id) if value else None
        return (value and str(value)) or None

    def _get_missing(self, record, values):
        """:return: dict of what the line says and the record does not"""
        return {
            fname: said
            for fname, said in values.items()
            if said and not self._get_recorded(record, fname)
        }

    def _find_clash(self, parts, known):
        """:return: why the line contradicts what is there already, or None"""
        for part, values in parts.items():
            for fname, said in values.items():
                record = known.get(part)
                recorded = record and self._get_recorded(record, fname)
                if fname != "since" and said and recorded and said != recorded:
                    value = record[fname]
                    return self.env._(
                        "%(record)s has another value of “%(field)s”: %(value)s, since "
                        "%(date)s. Change it there, with its date and reason.",
                        record=record.display_name,
                        field=record._fields[fname]._description_string(self.env),
                        value=value.display_name if isinstance(value, models.BaseModel) else value,
                        date=format_date(self.env, record.date_start),
                    )
        return None

    def _find_other_line(self, parts, said):
        """:return: why the line contradicts one that goes before it, or None"""
        for part, values in parts.items():
            number, others = said.get(part, (0, {}))
            if any(value and others.get(fname, value) != value for fname, value in values.items()):
                return self.env._(
                    "Line %(number)s says something else of the same member.", number=number
                )
        return None

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
