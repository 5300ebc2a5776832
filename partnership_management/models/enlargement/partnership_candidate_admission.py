from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...tools.optional_float import OptionalFloat
from .partnership_membership_informal import SUGGESTED, SUGGESTIONS

EFFECTS = (
    "members_without",
    "members_with",
    "representativeness_without",
    "representativeness_with",
    "largest_count_without",
    "largest_count_with",
    "largest_share_without",
    "largest_share_with",
)


class PartnershipCandidate(models.Model):
    """What the partnership would look like with this candidate among its members, and without.

    Candidates of one partnership and group change the same, so that it is computed once for each
    of these, from the members of today: an actor that is one of them already is taken away.

    What is suggested for the informal participant on the card, and the step to membership.

    The round by which a candidate comes in, and the door outside of one (L44). Nobody takes an
    admission back here: its membership is changed, or ended.

    The context may hold ``outside_reason``: why an officer admits although no round is open.
    """

    _inherit = "partnership.candidate"

    members_without = fields.Integer("Members without", compute="_compute_effect")
    members_with = fields.Integer("Members with", compute="_compute_effect")
    representativeness_without = OptionalFloat(compute="_compute_effect", digits=(16, 1))
    representativeness_with = OptionalFloat(compute="_compute_effect", digits=(16, 1))
    representativeness_change = OptionalFloat(
        "Change of Representativeness",
        compute="_compute_effect",
        digits=(16, 1),
        aggregator=None,
        help="How much more, or less, the members would look like the area profile if this actor "
        "is one of them: by interest group, on paper, in points of 100.",
    )
    largest_count_without = fields.Integer("Largest Group without", compute="_compute_effect")
    largest_count_with = fields.Integer("Largest Group with", compute="_compute_effect")
    largest_share_without = OptionalFloat(
        "Share of the Largest Group without", compute="_compute_effect"
    )
    largest_share_with = OptionalFloat("Share of the Largest Group with", compute="_compute_effect")

    informal_suggestion = fields.Selection(
        SUGGESTIONS,
        "Suggestion",
        compute="_compute_informal_suggestion",
        store=True,
        index="btree_not_null",
        help="Propose formal: it came often enough and contributed. Revisit: it did not, and its "
        "review date is past.",
    )
    informal_since = fields.Date(related="membership_id.informal_since")
    informal_presence_count = fields.Integer(related="membership_id.informal_presence_count")
    informal_contribution_count = fields.Integer(
        related="membership_id.informal_contribution_count"
    )

    round_id = fields.Many2one(
        "partnership.enlargement.round",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        domain="[('partnership_id', '=', partnership_id), ('state', 'in', ('draft', 'open'))]",
        help="The enlargement round that was open when the card was made, or when it was decided.",
    )
    date_admitted = fields.Date("Admitted on", readonly=True, copy=False)
    outside_reason = fields.Char(
        "Reason outside a Round",
        readonly=True,
        copy=False,
        help="Why the actor was admitted although no round was open.",
    )
    outside_user_id = fields.Many2one(
        "res.users", "Admitted outside a Round by", readonly=True, copy=False
    )

    @api.depends(
        "partnership_id",
        "interest_group_id",
        "membership_id.is_formal",
        "membership_id.interest_group_id",
        "membership_id.date_end",
    )
    def _compute_effect(self):
        cards = self.grouped(lambda candidate: candidate._get_effect_key())
        effects = self._get_effects(cards)
        for key, candidates in cards.items():
            effect = effects.get(key, {})
            for fname in EFFECTS:
                candidates[fname] = effect.get(fname)
            before, after = (
                effect.get(f"representativeness_{side}") for side in ("without", "with")
            )
            known = before is not None and after is not None
            candidates.representativeness_change = after - before if known else None

    def _get_effect_key(self):
        """:return: partnership id, interest group id, whether it is a member today"""
        membership = self.membership_id
        is_member = membership.is_formal and bool(membership._valid_today())
        group = membership.interest_group_id if is_member else self.interest_group_id
        return self.partnership_id._origin.id, group._origin.id, is_member

    @api.model
    def _get_effects(self, keys):
        """:return: dict key of a card -> dict of the values of EFFECTS"""
        keys = [key for key in keys if key[0] and key[1]]
        if not keys:
            return {}
        Membership = self.env["partnership.membership"]
        Membership.flush_model(
            ["partnership_id", "interest_group_id", "is_formal", "date_start", "date_end"]
        )
        self.env["partnership.profile.line"].flush_model()
        self.env["partnership.dimension"].flush_model()
        self.env.cr.execute(self._sql_effects(keys))
        return {
            (row["partnership_id"], row["interest_group_id"], row["is_member"]): row
            for row in self.env.cr.dictfetchall()
        }

    @api.model
    def _sql_effects(self, keys):
        """:return: SQL of (partnership_id, interest_group_id, is_member) and the EFFECTS"""
        representativeness = self.env["partnership.composition.source"]._sql_representativeness
        partnership_ids, group_ids, are_members = map(list, zip(*keys, strict=True))
        wanted = SQL("cell.wanted")
        return SQL(
            """
            WITH asked AS (
                SELECT *
                  FROM unnest(%(partnership_ids)s::int[], %(group_ids)s::int[],
                              %(are_members)s::boolean[])
                       AS asked(partnership_id, interest_group_id, is_member)
            )
            SELECT partnership_id, asked_group_id AS interest_group_id, is_member,
                   MAX(total_without)::int AS members_without,
                   MAX(total_with)::int AS members_with,
                   %(without)s AS representativeness_without,
                   %(with)s AS representativeness_with,
                   MAX(members_without)::int AS largest_count_without,
                   MAX(members_with)::int AS largest_count_with,
                   MAX(share_without) AS largest_share_without,
                   MAX(share_with) AS largest_share_with
              FROM (
                  SELECT counted.*,
                         CASE WHEN total_without >= 3
                              THEN members_without::float / total_without END AS share_without,
                         CASE WHEN total_with >= 3
                              THEN members_with::float / total_with END AS share_with
                    FROM (%(counted)s) counted
                   ) cell
          GROUP BY partnership_id, asked_group_id, is_member
            """,
            partnership_ids=partnership_ids,
            group_ids=group_ids,
            are_members=are_members,
            without=representativeness(SQL("cell.share_without"), wanted),
            **{"with": representativeness(SQL("cell.share_with"), wanted)},
            counted=self._sql_effect_counts(),
        )

    @api.model
    def _sql_effect_counts(self):
        """:return: SQL of a row per asked key and group of its partnership: how many members there
        would be in it and in all, with and without one of the asked group, and the wanted share"""
        return SQL(
            """
            SELECT seen.partnership_id, asked.interest_group_id AS asked_group_id, asked.is_member,
                   seen.wanted,
                   seen.members - own.number * asked.is_member::int AS members_without,
                   seen.members + own.number * (NOT asked.is_member)::int AS members_with,
                   seen.total - asked.is_member::int AS total_without,
                   seen.total + (NOT asked.is_member)::int AS total_with
              FROM (
                  SELECT partnership_id, interest_group_id,
                         SUM(members) AS members,
                         SUM(SUM(members)) OVER place AS total,
                         CASE WHEN MAX(MAX(wanted)) OVER place > 0
                              THEN COALESCE(MAX(wanted), 0)::float END AS wanted
                    FROM (%(cells)s) cell
                GROUP BY partnership_id, interest_group_id
                  WINDOW place AS (PARTITION BY partnership_id)
                   ) seen
              JOIN asked USING (partnership_id)
        CROSS JOIN LATERAL (
                  SELECT (seen.interest_group_id = asked.interest_group_id)::int AS number
                   ) own
            """,
            cells=self._sql_effect_cells(),
        )

    @api.model
    def _sql_effect_cells(self):
        """The members of today are read from the memberships, which hold the role and group of
        the last step: the same as the composition on this day, with a look-up less for each.

        :return: SQL of (partnership_id, interest_group_id, members, wanted)
        """
        return SQL(
            """
            SELECT member.partnership_id, member.interest_group_id, COUNT(*) AS members,
                   NULL::numeric AS wanted
              FROM partnership_membership member
              JOIN (%(today)s) today USING (partnership_id)
             WHERE member.is_formal
               AND member.interest_group_id IS NOT NULL
               AND %(valid)s
               AND member.partnership_id IN (SELECT partnership_id FROM asked)
          GROUP BY member.partnership_id, member.interest_group_id
         UNION ALL
            SELECT line.partnership_id, line.interest_group_id, 0, line.share
              FROM partnership_profile_line line
              JOIN partnership_dimension dimension
                ON dimension.id = line.dimension_id
               AND dimension.kind = 'group' AND dimension.active
             WHERE line.partnership_id IN (SELECT partnership_id FROM asked)
         UNION ALL
            SELECT DISTINCT partnership_id, interest_group_id, 0, NULL::numeric FROM asked
            """,
            today=self._sql_today(),
            valid=self.env["partnership.dated.mixin"]._sql_valid(
                "member", SQL.identifier("today", "date")
            ),
        )

    @api.depends("membership_id.informal_suggestion", "active", "state", "target_form")
    def _compute_informal_suggestion(self):
        for candidate in self:
            live = candidate._is_ongoing() or candidate._is_informally_in()
            suggestion = candidate.membership_id.informal_suggestion
            candidate.informal_suggestion = suggestion if live else False

    def _is_informally_in(self):
        return self.active and self.state == "admitted" and self.target_form == "informal"

    def _drop_suggestions(self):
        """Nobody looks at a card that was refused or put away."""
        gone = self.filtered(lambda card: not card.active or card.state == "refused")
        gone.with_context(mail_activity_quick_update=True).activity_unlink([SUGGESTED])

    def action_propose_formal(self):
        return self.membership_id.action_propose_formal()

    def _turn_formal(self):
        """The ongoing attempt aims at membership from now on, past the informal stage."""
        going = self.filtered(
            lambda card: card.target_form != "formal" or card.stage_id.role_id.is_informal
        )
        if going:
            stage = going.stage_id._get_first_formal()
            going.write({"target_form": "formal", "stage_id": stage.id})

    def _join_rounds(self):
        """Put the cards into the round that is open, if there is one; those in an open or planned
        round stay in it."""
        without = self.filtered(lambda card: card.round_id.state not in ("draft", "open"))
        rounds = without.partnership_id._get_open_rounds()
        for partnership, cards in without.grouped("partnership_id").items():
            if partnership.id in rounds:
                cards.round_id = rounds[partnership.id]

    @api.constrains("stage_id", "refuse_reason_id")
    def _check_refusal(self):
        for candidate in self:
            if candidate.refuse_reason_id and candidate.stage_id.is_admission:
                raise ValidationError(
                    self.env._(
                        "%(candidate)s is admitted and cannot be refused any more: change or end "
                        "its membership instead.",
                        candidate=candidate.name,
                    )
                )

    def _check_admission(self):
        """Refuse to admit candidates of which something is missing."""
        missing = self.filtered(
            lambda candidate: candidate.target_form == "formal" and not candidate.interest_group_id
        )
        if missing:
            raise ValidationError(
                self.env._(
                    "Choose the interest group of %(candidates)s first: it says for whom a new "
                    "member speaks.",
                    candidates=", ".join(missing.mapped("name")),
                )
            )

    def _admit_by_round(self, is_new=False):
        """Let the cards in that come in, by the open round or, for a reason, outside of one.

        :param is_new: whether the cards are just being made
        """
        coming = self.filtered(lambda card: not card._is_inside())
        rounds = coming.partnership_id._get_open_rounds()
        if not is_new:  # nobody is asked why the door opens, and then refused for the file
            coming._check_file(coming._describe_no_round(rounds))
        for partnership, cards in coming.grouped("partnership_id").items():
            by_round = partnership.id in rounds
            if by_round:
                cards.round_id = rounds[partnership.id]
                cards.sudo().outside_reason = False
            cards.sudo().date_admitted = partnership._get_today()
        outside = coming.filtered(lambda card: card.partnership_id.id not in rounds)
        if outside:
            ask = None if is_new else outside._get_outside_action
            reason = self.env.context.get("outside_reason")
            outside.partnership_id._check_may_admit_outside(outside.mapped("name"), reason, ask)
            outside._let_in_outside(reason)

    def _describe_no_round(self, rounds):
        """:param rounds: dict partnership id -> the round that is open
        :return: what the cards meet at the door, in words; empty where it is open to them"""
        outside = self.filtered(lambda card: card.partnership_id.id not in rounds)
        if not outside or self.env.context.get("outside_reason"):
            return ""
        what = outside.partnership_id._describe_outside(outside.mapped("name"))
        if outside.partnership_id._may_admit_outside():
            return self.env._("%(what)s You will be asked for a reason as well.", what=what)
        return self.env._("%(what)s Open a round as well, or ask an officer.", what=what)

    def _is_inside(self):
        """Whether the actor has come in already, so that the stage changes nothing for it."""
        self.ensure_one()
        membership = self.membership_id
        given = self.stage_id._get_role(self.target_form)
        return (
            membership.is_formal or self.date_admitted
        ) and membership.role_id.sequence >= given.sequence

    def _let_in_outside(self, reason):
        """Note on the cards who opened the door and why. Of a new member the membership does so
        too, and tells the partnership; here it is done for those who come in informally."""
        self.sudo().write({"outside_reason": reason, "outside_user_id": self.env.uid})
        text = self.env._("Admitted outside a round: %(reason)s", reason=reason)
        self._message_log_batch(bodies=dict.fromkeys(self.ids, text))
        informal = self.filtered(
            lambda card: not card.stage_id._get_role(card.target_form).is_formal
        )
        members = informal.membership_id
        members._message_log_batch(bodies=dict.fromkeys(members.ids, text))
        informal._log_in_partnerships(reason)

    def _log_in_partnerships(self, reason):
        for partnership, cards in self.grouped("partnership_id").items():
            partnership._log_outside(cards.mapped("name"), reason)

    def _get_outside_action(self):
        """:return: the action that asks for the reason"""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_candidate_outside_action"
        )
        action["context"] = {
            "default_candidate_ids": self.ids,
            "default_stage_id": self.stage_id[:1].id,
        }
        return action
