from markupsafe import Markup

from odoo import api, models
from odoo.tools import SQL, format_date

STEP_COLUMNS = {
    "date": "date",
    "from_role_id": "int4",
    "to_role_id": "int4",
    "from_group_id": "int4",
    "to_group_id": "int4",
    "reason": "varchar",
    "evidence": "varchar",
    "user_id": "int4",
    "create_uid": "int4",
    "create_date": "timestamp",
}


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Two open memberships of one actor in one partnership become one when contacts are merged.

    The older is kept; seats, mandates, rows and changes of the other become its own. On each day
    the actor had the higher of the two roles. Of two seats that one body keeps by itself for the
    member, one is left.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _merge_memberships(self, partners):
        memberships = self.env["partnership.membership"].search(
            [("partner_id", "in", partners.ids), ("date_end", "=", False)],
            order="date_start, id",
        )
        for group in memberships.grouped("partnership_id").values():
            if len(group) > 1:
                self._merge_membership(group)

    @api.model
    def _merge_membership(self, group):
        """:param group: open memberships of one partnership, the oldest first"""
        self.env.flush_all()
        kept, folded = group[0], group[1:]
        steps = self._merge_steps(group)
        log = self._describe_merged(folded)
        zone = next(filter(None, group.mapped("zone_id.id")), None)
        seat_moves = self._get_seat_moves(group)
        self._merge_vacant_rows(seat_moves)
        self._merge_pitfalls(group)
        self._repoint("partnership.membership", dict.fromkeys(folded.ids, kept.id))
        self._repoint_seats(seat_moves)
        self._write_steps(steps)
        self.env.cr.execute(
            SQL(
                """UPDATE partnership_membership
                      SET role_id = %s, interest_group_id = %s, zone_id = %s
                    WHERE id = %s""",
                steps[-1]["to_role_id"],
                steps[-1]["to_group_id"],
                zone,
                kept.id,
            )
        )
        self._update_foreign_keys_generic("partnership.membership", folded, kept)
        self._update_reference_fields_generic("partnership.membership", folded, kept)
        self.env.invalidate_all()
        self._recompute(kept, ["is_formal", "sector"])
        self._recompute(kept.seat_ids, ["role_id", "interest_group_id", "sector"])
        self._recompute(kept, ["pitfall_severity", "informal_suggestion"])
        self._recompute(kept.candidate_ids, ["informal_suggestion"])
        self._merge_supporters(kept, folded)
        folded.unlink()
        kept._sync_member_seats()
        kept._message_log(body=log)

    # ------------------------------------------------------------
    # Changes of role and group
    # ------------------------------------------------------------

    @api.model
    def _merge_steps(self, group):
        """:return: list of values of transitions, in order: all changes of the memberships, each
        saying what the actor was from that day on"""
        Role, Group = self.env["partnership.role"], self.env["partnership.interest.group"]
        states, before, merged = {}, (Role, Group), []
        for step in group.transition_ids.sorted(lambda step: (step.date, step.id)):
            states[step.membership_id] = (step.to_role_id, step.to_group_id)
            known = [states[membership] for membership in group if membership in states]
            role, interest = max(known, key=lambda state: (state[0].is_formal, state[0].sequence))
            interest = interest or next((other for _role, other in known if other), Group)
            values = {fname: step[fname] for fname in STEP_COLUMNS if "_role" not in fname}
            values.update(
                user_id=step.user_id.id,
                create_uid=step.create_uid.id,
                reason=step.reason or None,
                evidence=step.evidence or None,
                from_role_id=before[0].id or None,
                from_group_id=before[1].id or None,
                to_role_id=role.id,
                to_group_id=interest.id or None,
                id=step.id,
            )
            before = (role, interest)
            merged.append(values)
        return merged

    @api.model
    def _write_steps(self, steps):
        """Write the steps into their rows such that the ids follow the dates: what is changed
        later has to follow the last of them."""
        columns = SQL(", ").join(
            SQL("%s = step.%s::%s", SQL.identifier(name), SQL.identifier(name), SQL(kind))
            for name, kind in STEP_COLUMNS.items()
        )
        rows = SQL(", ").join(
            SQL("%s", (step_id, *(step[name] or None for name in STEP_COLUMNS)))
            for step_id, step in zip(sorted(step["id"] for step in steps), steps, strict=True)
        )
        self.env.cr.execute(
            SQL(
                """UPDATE partnership_membership_transition
                      SET %(columns)s
                     FROM (VALUES %(rows)s) AS step(id, %(names)s)
                    WHERE partnership_membership_transition.id = step.id""",
                columns=columns,
                rows=rows,
                names=SQL(", ").join(map(SQL.identifier, STEP_COLUMNS)),
            )
        )

    @api.model
    def _describe_merged(self, memberships):
        """:return: what the memberships said before, for the history of the one that is kept"""
        lines = []
        for membership in memberships:
            steps = ", ".join(
                f"{step.to_role_id.name} ({step.to_group_id.name or '–'}) "
                f"{format_date(self.env, step.date)}"
                for step in membership.transition_ids.sorted(lambda step: (step.date, step.id))
            )
            lines.append(
                Markup("<li>%s, %s: %s</li>")
                % (membership.partner_id.name, membership._format_period(), steps)
            )
        return Markup("<p>%s</p><ul>%s</ul>") % (
            self.env._("The contact was merged; this membership has taken over what it had as:"),
            Markup().join(lines),
        )

    # ------------------------------------------------------------
    # Seats that a body keeps by itself
    # ------------------------------------------------------------

    @api.model
    def _get_seat_moves(self, group):
        """:return: dict id of a seat -> id of the seat of the same body that it becomes"""
        moves = {}
        seats = group.seat_ids.filtered(lambda seat: seat.is_automatic and not seat.date_end)
        for same in seats.grouped("body_id").values():
            kept, *others = same.sorted(lambda seat: (seat.membership_id != group[0], seat.id))
            moves.update(dict.fromkeys([seat.id for seat in others], kept.id))
        return moves

    @api.model
    def _repoint_seats(self, moves):
        if not moves:
            return
        self._repoint("partnership.seat", moves)
        self.env.cr.execute(
            SQL(
                """UPDATE partnership_seat
                      SET date_start = (SELECT MIN(seat.date_start)
                                          FROM partnership_seat seat
                                         WHERE seat.id IN %(folded)s
                                           AND seat.body_id = partnership_seat.body_id
                                            OR seat.id = partnership_seat.id)
                    WHERE id IN %(kept)s""",
                folded=tuple(moves.keys()),
                kept=tuple(moves.values()),
            )
        )
        self.env.invalidate_all()
        self.env["partnership.seat"].browse(moves.keys()).unlink()
