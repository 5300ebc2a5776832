from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL, format_datetime

from ...tools.attendance import PRESENT, STATUSES

RANK = {status: rank for rank, (status, _label) in enumerate(STATUSES)}


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Two rows of one meeting that are of one person once contacts are merged become one.

    Present goes before late, excused, absent and not recorded. The row that counts takes what it
    lacks from the other; what the other said is written in the log of the meeting.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _merge_attendance(self, partners, dst_partner):
        self.env.flush_all()
        self._merge_rows(self._find_clashes(partners, dst_partner))
        self._drop_own_proxies(partners)

    @api.model
    def _find_clashes(self, partners, dst_partner):
        """:return: list of partnership.attendance, each the rows that would be one"""
        mapped = SQL(
            """SELECT id, event_id,
                      CASE WHEN person_id IN %(ids)s THEN %(dst)s ELSE person_id END AS person,
                      CASE WHEN organisation_id IN %(ids)s THEN %(dst)s
                           ELSE COALESCE(organisation_id, 0) END AS organisation
                 FROM partnership_attendance
                WHERE person_id IS NOT NULL
                  AND (person_id IN %(ids)s OR organisation_id IN %(ids)s)""",
            ids=tuple(partners.ids),
            dst=dst_partner.id,
        )
        return self._find_rows(
            SQL(
                """SELECT ARRAY_AGG(id) FROM (%s) mapped
                GROUP BY event_id, person, organisation HAVING COUNT(*) > 1""",
                mapped,
            )
        )

    @api.model
    def _merge_vacant_rows(self, seat_moves):
        """Of rows without a person one is left per meeting and seat, before seats become one."""
        if seat_moves:
            self._merge_rows(
                self._find_rows(
                    SQL(
                        """SELECT ARRAY_AGG(attendance.id)
                             FROM partnership_attendance attendance
                        LEFT JOIN unnest(%(old)s, %(new)s) AS move(old, new)
                               ON move.old = attendance.seat_id
                            WHERE attendance.person_id IS NULL
                              AND (move.new IS NOT NULL OR attendance.seat_id IN %(kept)s)
                         GROUP BY attendance.event_id, COALESCE(move.new, attendance.seat_id)
                           HAVING COUNT(*) > 1""",
                        old=list(seat_moves.keys()),
                        new=list(seat_moves.values()),
                        kept=tuple(seat_moves.values()),
                    )
                ),
                keep_seats=False,
            )

    @api.model
    def _find_rows(self, query):
        groups = self.env.execute_query(query)
        rows = self.env["partnership.attendance"].browse(
            row_id for (ids,) in groups for row_id in ids
        )
        return [rows.browse(ids).with_prefetch(rows.ids) for (ids,) in groups]

    @api.model
    def _merge_rows(self, groups, keep_seats=True):
        """Make one row of each group.

        :param groups: list of partnership.attendance
        :param keep_seats: leave a row without a person on a seat that would have none any more
        """
        if not groups:
            return
        moves, lines, taken, leaving = {}, defaultdict(list), [], []
        for rows in groups:
            kept, *others = rows.sorted(
                lambda row: (RANK[row.status], not row.seat_id, not row.mandate_id, row.id)
            )
            seated = next((row for row in (kept, *others) if row.seat_id), kept)
            taken.append(self._get_merged_values(kept, others, seated))
            for row in others:
                moves[row.id] = kept.id
                lines[row.event_id].append(self._describe_row(row, kept))
                if keep_seats and row.seat_id and row.seat_id != seated.seat_id:
                    leaving.append(row)
        vacated = self._get_vacated(leaving, moves)
        self.env["partnership.meeting.log"]._log_list(
            "merge",
            self.env._("Contacts were merged: two rows of one person became one."),
            lines,
        )
        for row_id in vacated:
            moves.pop(row_id)
        self._write_merged(taken, moves, vacated)

    @api.model
    def _get_merged_values(self, kept, others, seated):
        """:return: dict of what the row ``kept`` says afterwards, on the seat of the row
        ``seated``; the places of other addons are taken along"""
        rows = [kept, *others]
        places = self.env["calendar.event"]._get_place_fields()
        first = {
            fname: next((row[fname] for row in rows if row[fname]), kept[fname])
            for fname in {*places, "membership_id", "proxy_id"}
        }
        if seated.membership_id:
            first["membership_id"] = seated.membership_id
        if kept.status in PRESENT:
            first["proxy_id"] = kept.proxy_id
        timed = next((row for row in rows if row.check_in or row.check_out), kept)
        reasons = dict.fromkeys(row.reason for row in rows if row.reason)
        return {
            "id": kept.id,
            **{fname: record.id or None for fname, record in first.items()},
            "check_in": timed.check_in or None,
            "check_out": timed.check_out or None,
            "mode": next((row.mode for row in rows if row.mode != "unknown"), "unknown"),
            "reason": "; ".join(reasons) or None,
            "substitute": next((row.substitute for row in rows if row.substitute), None),
            "answer": next((row.answer for row in rows if row.answer not in (False, "none")), None)
            or next((row.answer for row in rows if row.answer), None),
        }

    @api.model
    def _get_vacated(self, leaving, moves):
        """:return: ids of those of ``leaving`` that are the only row of their seat"""
        staying = self.env["partnership.attendance"].search(
            [
                ("event_id", "in", [row.event_id.id for row in leaving]),
                ("seat_id", "in", [row.seat_id.id for row in leaving]),
                ("id", "not in", list(moves)),
            ]
        )
        seen = {(row.event_id, row.seat_id) for row in staying}
        vacated = []
        for row in leaving:
            if (row.event_id, row.seat_id) not in seen:
                seen.add((row.event_id, row.seat_id))
                vacated.append(row.id)
        return vacated

    @api.model
    def _write_merged(self, taken, moves, vacated):
        """Write by SQL: what the rows say is not corrected, it is put together."""
        Attendance = self.env["partnership.attendance"]
        fnames = [fname for fname in taken[0] if fname != "id"]
        self.env.cr.execute(
            SQL(
                """UPDATE partnership_attendance
                      SET %(columns)s
                     FROM (VALUES %(rows)s) AS taken(id, %(names)s)
                    WHERE partnership_attendance.id = taken.id""",
                columns=SQL(", ").join(
                    SQL(
                        "%s = taken.%s::%s",
                        SQL.identifier(fname),
                        SQL.identifier(fname),
                        SQL(Attendance._fields[fname].column_type[1]),
                    )
                    for fname in fnames
                ),
                rows=SQL(", ").join(
                    SQL("%s", (values["id"], *(values[fname] for fname in fnames)))
                    for values in taken
                ),
                names=SQL(", ").join(map(SQL.identifier, fnames)),
            )
        )
        if vacated:
            self.env.cr.execute(
                SQL(
                    """UPDATE partnership_attendance
                          SET person_id = NULL, proxy_id = NULL, mandate_id = NULL,
                              check_in = NULL, check_out = NULL,
                              status = CASE WHEN status IN %s THEN 'not_recorded'
                                            ELSE status END
                        WHERE id IN %s""",
                    PRESENT,
                    tuple(vacated),
                )
            )
        if moves:
            self._repoint("partnership.attendance", moves)
            self.env.cr.execute(
                SQL(
                    """UPDATE ir_model_data
                          SET res_id = move.new
                         FROM unnest(%s, %s) AS move(old, new)
                        WHERE model = 'partnership.attendance' AND res_id = move.old""",
                    list(moves.keys()),
                    list(moves.values()),
                )
            )
            self.env.cr.execute(
                SQL("DELETE FROM partnership_attendance WHERE id IN %s", tuple(moves))
            )
        self.env.invalidate_all()

    @api.model
    def _describe_row(self, row, kept):
        """:return: what the row said that is folded, without the confidential reason"""
        said = row._describe()
        if row.check_in:
            said = f"{said}, {format_datetime(self.env, row.check_in)}"
        return self.env._(
            "%(row)s: %(said)s. What counts: %(counts)s.",
            row=row.display_name,
            said=said,
            counts=kept._describe(),
        )

    @api.model
    def _drop_own_proxies(self, partners):
        """Nobody votes for itself: such a proxy goes to the log of the meeting."""
        rows = self.env["partnership.attendance"].search(
            [("person_id", "in", partners.ids), ("proxy_id", "in", partners.ids)]
        )
        self.env["partnership.meeting.log"]._log_list(
            "merge",
            self.env._("Contacts were merged: the proxy was given to the same person."),
            {
                event: [f"{row.display_name}: {row._describe()}" for row in own]
                for event, own in rows.grouped("event_id").items()
            },
        )
        if rows:
            self.env.cr.execute(
                SQL(
                    "UPDATE partnership_attendance SET proxy_id = NULL WHERE id IN %s",
                    tuple(rows.ids),
                )
            )
            self.env.invalidate_all()
