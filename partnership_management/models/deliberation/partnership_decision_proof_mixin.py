from odoo import api, fields, models
from odoo.tools import format_date, format_time

from ...tools.outcome import BASES, CAST

# Outcomes that follow from votes: the others were said, not counted
COUNTED = ("adopted", "refused", "no_quorum", "unbalanced", "repeat")
# What a seat has come to, of which somebody was there
REPRESENTED = ("yes", "no", "abstained", "invalid", "voted", "not_voted")


class PartnershipDecisionProofMixin(models.AbstractModel):
    """How a decision came about, for whoever asks later: its arithmetic, what was corrected since,
    and the proof sheet.

    Nothing here changes a decision.
    """

    _name = "partnership.decision.proof.mixin"
    _description = "Proof of a Decision"

    arithmetic = fields.Html(compute="_compute_arithmetic", sanitize=False)
    presence_note = fields.Char("Presence", compute="_compute_presence_note")
    correction_ids = fields.One2many(
        "partnership.decision.correction", "decision_id", "Corrections"
    )

    @api.depends("outcome", "is_overridden", "vote_ids.is_last", "vote_ids.choice", "count_ids.yes")
    @api.depends_context("lang")
    def _compute_arithmetic(self):
        Arithmetic = self.env["partnership.decision.arithmetic"]
        for decision in self:
            lines = decision._get_arithmetic()
            decision.arithmetic = Arithmetic._format(lines) if lines else False

    def _get_arithmetic(self):
        """:return: see ``partnership.decision.arithmetic``; empty where no votes led to the
        outcome"""
        self.ensure_one()
        if self.outcome not in COUNTED:
            return []
        return self.env["partnership.decision.arithmetic"]._get_lines(self)

    # ------------------------------------------------------------
    # Presence corrected afterwards
    # ------------------------------------------------------------

    @api.depends(
        "outcome",
        "closed_on",
        "vote_ids.is_last",
        "vote_ids.choice",
        "event_id.attendance_ids.status",
        "event_id.attendance_ids.mode",
        "event_id.attendance_ids.check_in",
        "event_id.attendance_ids.check_out",
        "event_id.attendance_ids.proxy_id",
        "event_id.attendance_ids.mandate_id",
        "event_id.attendance_ids.seat_id",
    )
    @api.depends_context("lang")
    def _compute_presence_note(self):
        for decision in self:
            decision.presence_note = decision._find_presence_note()

    def _find_presence_note(self):
        """:return: by how much the seats that were represented at the vote differ from those that
        the sheet says now; False where they do not, or where it was no vote at a meeting"""
        self.ensure_one()
        if self.outcome not in COUNTED or not self.opened_on or not self.event_id:
            return False
        votes = self.sudo().last_vote_ids.filtered(lambda vote: vote.choice != "recused")
        before = votes.filtered(lambda vote: vote.choice in REPRESENTED).seat_id
        now = self._find_represented_seats(votes)
        values = {"now": len(now), "base": len(votes), "before": len(before)}
        if len(now) != len(before):
            return self.env._(
                "Presence corrected: %(now)s of %(base)s instead of %(before)s", **values
            )
        if now != before:
            return self.env._(
                "Presence corrected: %(now)s of %(base)s, and other seats than at the vote",
                **values,
            )
        return False

    def _find_represented_seats(self, votes):
        """:return: those of the seats of ``votes`` that could vote, as the sheet says now: when the
        vote was opened, when it was closed, or when a vote was cast in between"""
        moments = {self.opened_on, self.closed_on}
        moments |= {moment for moment in votes.mapped("cast_on") if moment}
        found = {
            seat
            for moment in moments
            if moment <= self.closed_on
            for seat in self._find_voters(moment)
        }
        return votes.seat_id.filtered(lambda seat: seat in found)

    # ------------------------------------------------------------
    # Proof sheet
    # ------------------------------------------------------------

    def action_print_proof_sheet(self):
        return self.env.ref(
            "partnership_management.partnership_decision_proof_sheet"
        ).report_action(self)

    def _get_proof_name(self):
        """:return: the name of the file, without the extension"""
        return self.env._("Proof sheet %(decision)s", decision=self.display_name)

    def _get_proof_dates(self):
        """:return: dict of when it was decided and printed, in words, on the partnership's clock"""
        self.ensure_one()
        hours = [self.opened_on, self.closed_on] if self.opened_on else []
        return {
            "date": format_date(self.env, self.date, date_format="full"),
            "hours": "–".join(self._say_hour(moment) for moment in hours if moment),
            "printed": self._say_moment(fields.Datetime.now()),
            "overridden": self._say_moment(self.override_date) if self.override_date else "",
        }

    def _say_hour(self, moment):
        zone = self.partnership_id.tz
        return format_time(self.env, moment, tz=zone, time_format="short")

    def _say_moment(self, moment):
        return f"{format_date(self.env, self._get_day(moment))}, {self._say_hour(moment)}"

    def _get_proof_groups(self):
        """What each group has come to, the way that the rule lets it be known.

        :return: list of dict with ``name``; ``seats``: list of dict with ``member``, ``choice``,
                 ``person``, ``way`` and ``weight``, empty unless votes are by name; ``counts``:
                 dict state of tools.outcome -> weight in words; ``share`` of the votes cast.
                 Empty until it is closed
        """
        self.ensure_one()
        if self.state not in ("closed", "withdrawn"):
            return []
        Arithmetic = self.env["partnership.decision.arithmetic"]
        seats = self._get_outcome_seats()
        cast = sum(each.total for each in seats if each.state in CAST)
        votes = self.sudo().last_vote_ids
        named = votes.grouped(lambda vote: vote._get_group_key())
        groups = []
        for key in dict.fromkeys([*(each.group for each in seats), *named]):
            own = [each for each in seats if each.group == key]
            share = sum(each.total for each in own if each.state in CAST)
            counts = {
                state: Arithmetic._say_number(
                    sum(each.total for each in own if each.state == state)
                )
                for state in (*BASES["present"], "absent", "recused", "vacant")
            }
            groups.append(
                {
                    "name": Arithmetic._say_group(self, key)
                    if key
                    else self.env._("Without group"),
                    "seats": self._get_proof_seats(named.get(key, votes.browse())),
                    "counts": counts,
                    "share": Arithmetic._say_percent(share, cast) if cast else "",
                }
            )
        return sorted(groups, key=lambda group: group["name"].casefold())

    def _get_proof_seats(self, votes):
        """:return: see :meth:`_get_proof_groups`"""
        if self.visibility != "open":
            return []
        choices, ways = (
            dict(votes._fields[fname]._description_selection(self.env))
            for fname in ("choice", "way")
        )
        lines = [
            {
                "member": vote.seat_id.partner_id.name or "",
                "choice": choices[vote.choice],
                "person": vote.person_id.name or "",
                "way": ways.get(vote.way, ""),
                "weight": self.env["partnership.decision.arithmetic"]._say_number(vote.weight),
            }
            for vote in votes
        ]
        return sorted(lines, key=lambda line: line["member"].casefold())

    def _get_proof_recusals(self):
        """:return: the members whose seats were recused, in words"""
        recused = self.sudo().last_vote_ids.filtered(lambda vote: vote.choice == "recused")
        return ", ".join(sorted(filter(None, recused.seat_id.partner_id.mapped("name"))))
