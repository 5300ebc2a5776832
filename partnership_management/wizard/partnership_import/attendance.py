from collections import defaultdict

from odoo import fields, models

from .line import Verdict


class PartnershipImport(models.TransientModel):
    """A list of presences: one line is one person at one meeting, for one organisation."""

    _inherit = "partnership.import"

    def _match_attendance(self):
        cells = self._get_cells()
        dates = self._read_dates([texts["date"] for texts in cells.values()])
        faults = {
            line: self._describe_bad_date(texts["date"])
            for (line, texts), date in zip(cells.items(), dates, strict=True)
            if not date
        }
        for line, fault in faults.items():  # a heading, a total: nobody is asked who that is
            line.keys = {"fault": fault}
        lines = [line for line in cells if line not in faults]
        dates = list(filter(None, dates))
        bodies = self._match_names(
            "body",
            "partnership.body",
            [("partnership_id", "=", self.partnership_id.id)],
            [cells[line]["body"] for line in lines],
        )
        meetings, meeting_keys = self._match_meetings(
            [
                (date, cells[line]["title"] or "", cells[line]["body"] or "")
                for line, date in zip(lines, dates, strict=True)
            ],
            {values["key"]: values.get("body_id") for values in bodies},
        )
        organisations = self._match_organisations([cells[line]["organisation"] for line in lines])
        persons, person_keys = self._match_persons(
            [
                (
                    cells[line]["person"],
                    cells[line]["email"],
                    self._get_key(cells[line]["organisation"]),
                )
                for line in lines
            ],
            {values["key"]: values.get("partner_id") for values in organisations},
        )
        for line, meeting, person in zip(lines, meeting_keys, person_keys, strict=True):
            line.keys = {
                "meeting": meeting,
                "person": person,
                "organisation": self._get_key(cells[line]["organisation"]),
                "body": self._get_key(cells[line]["body"]) or None,
            }
        return bodies + meetings + organisations + persons

    # ------------------------------------------------------------
    # What becomes of each line
    # ------------------------------------------------------------

    def _plan_attendance(self):
        """One verdict for each line; nothing is written."""
        self._check_bodies()
        readings = self._read_attendance()
        rows = self._find_known_rows(readings)
        first, plan = {}, []
        for index, reading in enumerate(readings):
            if isinstance(reading, str):
                plan.append(Verdict("refused", reading))
                continue
            key, values = reading
            if key in first:
                twin = first[key]
                plan.append(self._compare_twins(readings[twin][1], values, twin))
                continue
            first[key] = index
            plan.append(self._compare_row(rows.get(key), key, values))
        return self._follow_twins(plan)

    def _follow_twins(self, plan):
        """A line that repeats another one has its row, or is refused with it."""
        return [
            verdict
            if verdict.twin is None
            else Verdict("refused", plan[verdict.twin].message)
            if plan[verdict.twin].state == "refused"
            else verdict._replace(record=plan[verdict.twin].record)
            for verdict in plan
        ]

    def _read_attendance(self):
        """:return: list of (key of the row, values to write), or why a line is refused. A key is
        of tokens: see ``_get_token``."""
        matches = self._get_matches()
        tokens = {key: match._get_token() for key, match in matches.items()}
        words = {column: self._get_words(column) for column in ("status", "mode")}
        cells = self._get_cells()
        readings = []
        for line in self.line_ids:
            keys = line.keys or {}
            fault = line.fault or keys.get("fault")
            fault = fault or self._find_left_out(keys.items(), matches)
            if fault:
                readings.append(fault)
                continue
            values = self._get_values(cells[line], words)
            if isinstance(values, str):
                readings.append(values)
                continue
            who = [
                keys[kind] is not None and tokens[kind, keys[kind]] or None
                for kind in ("meeting", "person", "organisation")
            ]
            readings.append((tuple(who), values))
        return self._check_readings(self._add_represented(readings))

    def _get_values(self, texts, words):
        """:return: status, mode and reason of a line, as its words stand for them; or a text if
        lines with this word are left out"""
        reason = texts["reason"] or ""
        status, mode = self.listed_status, "unknown"
        if texts["status"] is not None:
            word = words["status"][self._get_key(texts["status"])]
            status = word.status
            if status == "skip":
                return self.env._("You left it out: lines with “%(word)s”.", word=word.name or "")
            reason = " – ".join(filter(None, [word._get_reason(), reason]))
        if texts["mode"] is not None:
            mode = words["mode"][self._get_key(texts["mode"])].mode or "unknown"
        return {"status": status or "not_recorded", "mode": mode, "reason": reason}

    def _check_readings(self, readings):
        """Refuse what would be no row: nobody for no organisation, an organisation for itself, a
        meeting that was cancelled or is to come, a seat that there is not."""
        event_ids = {key[0][1] for key, _values in self._only_read(readings) if key[0][0] == "id"}
        events = {event.id: event for event in self.env["calendar.event"].browse(event_ids)}
        dates = {("id", event.id): event.partnership_date for event in events.values()}
        dates |= {
            match._get_token(): fields.Date.to_date(match.details["date"])
            for match in self.match_ids
            if match.kind == "meeting" and match.decision == "create"
        }
        today = self._get_today()
        vacant = self._find_vacant_seats(readings)
        checked = []
        for reading in readings:
            if not isinstance(reading, str):
                (meeting, person, organisation), values = reading
                event = meeting[0] == "id" and events[meeting[1]]
                if event and event.partnership_state == "cancelled":
                    reading = self.env._("“%(event)s” was cancelled.", event=event.name)
                elif dates[meeting] > today and values["status"] not in ("excused", "not_recorded"):
                    reading = self.env._(
                        "The meeting is still to come: only who is excused can be known."
                    )
                elif not person and not organisation:
                    reading = self.env._("The line names neither a person nor an organisation.")
                elif not person and vacant.get((meeting, organisation)) is False:
                    reading = self.env._("The organisation has no seat at this meeting.")
                elif not person and values["status"] in ("present", "late"):
                    reading = self.env._("The line does not say who came.")
            checked.append(reading)
        return checked

    def _only_read(self, readings):
        return [reading for reading in readings if not isinstance(reading, str)]

    def _find_vacant_seats(self, readings):
        """:return: dict (token of a meeting, token of an organisation) -> id of the seat that a
        line without a person is of, or False"""
        pairs = {
            (meeting, organisation)
            for (meeting, person, organisation), _values in self._only_read(readings)
            if not person and organisation and meeting[0] == organisation[0] == "id"
        }
        Event, Partner = self.env["calendar.event"], self.env["res.partner"]
        places = Event._find_places(
            [
                (Event.browse(meeting[1]), Partner, Partner.browse(organisation[1]))
                for meeting, organisation in pairs
            ]
        )
        return {pair: place["seat_id"] for pair, place in zip(pairs, places, strict=True)}

    def _find_known_rows(self, readings):
        """:return: dict key of a reading -> the row that is there already"""
        keys = [key for key, _values in self._only_read(readings)]
        vacant = self._find_vacant_seats(readings)
        rows = self.env["partnership.attendance"]._find_rows(
            {key[0][1] for key in keys if key[0][0] == "id"}
        )
        known = {}
        for key in keys:
            ids = [token and token[1] or False for token in key]
            if not all(token is None or token[0] == "id" for token in key):
                continue
            if key[1] is None:
                ids = [ids[0], False, vacant.get((key[0], key[2]))]
            if tuple(ids) in rows:
                known[key] = rows[tuple(ids)]
        return known

    def _add_represented(self, readings):
        """Where the list does not say for whom, persons come for whom they have a mandate that
        day: nobody is taken off the own seat by a cell that was left empty."""
        silent = [not (line.keys or {}).get("organisation") for line in self.line_ids]
        events = self.env["calendar.event"].browse(
            {key[0][1] for key, _values in self._only_read(readings) if key[0][0] == "id"}
        )
        mandates = defaultdict(self.env["partnership.mandate"].browse)
        mandates |= (
            self.env["partnership.mandate"]
            .search([("body_id", "in", events.partnership_body_id.ids)])
            .grouped(lambda mandate: (mandate.body_id, mandate.person_id.id))
        )
        dates = {event.id: event for event in events}
        result = []
        for reading, is_silent in zip(readings, silent, strict=True):
            if is_silent and not isinstance(reading, str):
                (meeting, person, organisation), values = reading
                event = (
                    not organisation
                    and meeting[0] == "id"
                    and person
                    and person[0] == "id"
                    and dates[meeting[1]]
                )
                if event:
                    held = mandates[event.partnership_body_id, person[1]]
                    found = held._valid_on(event.partnership_date).organisation_id
                    if len(found) > 1:
                        reading = self.env._(
                            "The person represents %(organisations)s: write in the list which one.",
                            organisations=", ".join(found.mapped("name")),
                        )
                    elif found:
                        reading = ((meeting, person, ("id", found.id)), values)
            result.append(reading)
        return result

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
