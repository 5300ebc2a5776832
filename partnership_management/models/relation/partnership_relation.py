from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools.internal import INTERNAL, is_internal
from ...tools.network_layout import lay_out
from ..partnership_dated_mixin import one_at_a_time

CHOICE_MAX = 200  # as many partnerships are offered

# From the farthest to the closest: a step to the left is a regression
KINDS = [
    ("competitor", "Competitors"),
    ("none", "No tie"),
    ("cooperating", "Cooperating"),
    ("associate", "Associates"),
]
INTENSITY_MAX = 5


class PartnershipRelation(models.Model):
    """What two members are to each other, from one day to another, and what proves it.

    A tie has no direction: of a pair the member that was registered first stands first, so that
    a pair is always the same two values. What changes ends the row and opens the next one.

    What the picture of the ties in the browser asks for, with the rights of the user.
    """

    _name = "partnership.relation"
    _description = "Tie between Members"
    _inherit = ["mail.thread", "partnership.dated.mixin", "partnership.guarded.mixin"]
    _order = "partnership_id, date_start desc, id desc"
    _turns_path = "membership_id"

    membership_id = fields.Many2one(
        "partnership.membership", "Member", required=True, index=True, ondelete="restrict"
    )
    other_id = fields.Many2one(
        "partnership.membership",
        "Other Member",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('partnership_id', '=', partnership_id), ('id', '!=', membership_id)]",
    )
    partnership_id = fields.Many2one(
        related="membership_id.partnership_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(
        related="membership_id.partner_id", string="Actor", store=True, precompute=True
    )
    other_partner_id = fields.Many2one(
        related="other_id.partner_id", string="Other Actor", store=True, precompute=True
    )
    kind = fields.Selection(KINDS, required=True, default="cooperating", tracking=True)
    intensity = fields.Integer(
        default=1,
        tracking=True,
        aggregator="avg",
        help="From 0, hardly felt, to 5, as strong as can be.",
    )
    date_start = fields.Date(tracking=True)
    date_end = fields.Date(tracking=True)
    evidence = fields.Text(
        tracking=True,
        copy=False,
        help="What shows it: a joint action, a contract, a dispute. Papers go below.",
    )
    event_id = fields.Many2one(
        "calendar.event",
        "Shown at",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        domain="[('partnership_id', '=', partnership_id)]",
        help="The meeting at which it was shown or agreed.",
    )
    history_ids = fields.Many2many(
        "partnership.relation", "History of the Pair", compute="_compute_history_ids"
    )

    _pair_ordered = models.Constraint(
        "CHECK (membership_id < other_id)", "A tie is between two different members."
    )
    _one_at_a_time = one_at_a_time(
        "Two members have one tie at a time: the one between these two overlaps another.",
        "membership_id",
        "other_id",
    )
    _intensity_range = models.Constraint(
        f"CHECK (intensity BETWEEN 0 AND {INTENSITY_MAX})",
        "The intensity of a tie is from 0 to 5.",
    )

    @api.depends("partner_id.name", "other_partner_id.name")
    def _compute_display_name(self):
        for relation in self:
            name = self.env._(
                "%(member)s and %(other)s",
                member=relation.partner_id.name or "",
                other=relation.other_partner_id.name or "",
            )
            relation.display_name = name if relation.other_partner_id else False

    @api.depends("membership_id", "other_id")
    @api.depends_context("uid")
    def _compute_history_ids(self):
        pairs = [
            ("membership_id", "in", self.membership_id.ids),
            ("other_id", "in", self.other_id.ids),
        ]
        by_pair = self.search(pairs, order="date_start desc, id desc").grouped(
            lambda relation: (relation.membership_id, relation.other_id)
        )
        for relation in self:
            pair = (relation.membership_id, relation.other_id)
            relation.history_ids = by_pair.get(pair, self.browse())

    @api.constrains("membership_id", "other_id", "date_start", "date_end")
    def _check_overlap(self):
        overlap = self._find_overlap(["membership_id", "other_id"])
        if overlap:
            _relation, other, date = overlap
            raise ValidationError(
                self.env._(
                    "%(pair)s have a tie already on %(date)s (%(kind)s, %(dates)s): say there "
                    "what changed, or choose other dates.",
                    pair=other.display_name,
                    date=format_date(self.env, date),
                    kind=other._get_kind_label(),
                    dates=other._format_period(),
                )
            )

    @api.constrains("membership_id", "other_id", "date_start", "date_end")
    def _check_dates(self):
        self._check_within("membership_id")
        self._check_within("other_id")
        for relation in self:
            if relation.date_start > relation._get_today():
                raise ValidationError(
                    self.env._(
                        "%(pair)s: a tie is what is seen, it cannot begin on %(date)s.",
                        pair=relation.display_name,
                        date=format_date(self.env, relation.date_start),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._sort_pair(vals) for vals in vals_list])

    @api.model
    def _sort_pair(self, vals):
        """:return: ``vals`` with the member that was registered first as the first"""
        pair = {**self.default_get(["membership_id", "other_id"]), **vals}
        first, second = pair.get("membership_id"), pair.get("other_id")
        if not first or not second:
            return vals
        if first == second:
            name = self.env["partnership.membership"].browse(first).display_name
            raise ValidationError(
                self.env._("%(member)s has no tie with itself: choose another.", member=name)
            )
        return {**vals, "membership_id": min(first, second), "other_id": max(first, second)}

    def write(self, vals):
        """What two members were is not rewritten, nor of whom it was; see ``_change``."""
        fixed = ["membership_id", "other_id"]
        if not is_internal(self, "relation_corrected"):
            fixed += ["kind", "intensity"]
        rewritten = self._filtered_changed(vals, fixed)
        if rewritten:
            raise UserError(
                self.env._(
                    "%(pair)s: a tie is not rewritten. Say what changed, and since when; the "
                    "first day of a tie can be corrected in the same way.",
                    pair=rewritten[0].display_name,
                )
            )
        return super().write(vals)

    def _get_kind_label(self):
        self.ensure_one()
        return dict(self._fields["kind"]._description_selection(self.env))[self.kind]

    def _change(self, date, values):
        """From ``date`` on the tie is what ``values`` say; what it was until then stays.

        On its first day the tie is corrected in place, and the correction logged.

        :return: the tie that holds on ``date``
        """
        self.ensure_one()
        self._take_turns()
        self._check_covers(date)
        if date == self.date_start:
            self.with_context(relation_corrected=INTERNAL).write(values)
            return self
        following = self.copy_data({"date_start": date, **values})[0]
        self.date_end = date - timedelta(days=1)
        return self.create(following)

    def _check_covers(self, date):
        if not self._valid_on(date):
            raise UserError(
                self.env._(
                    "%(pair)s had this tie %(dates)s: it cannot change on %(date)s.",
                    pair=self.display_name,
                    dates=self._format_period(),
                    date=format_date(self.env, date),
                )
            )

    def action_change(self):
        """Open the dialog that says what became of the tie."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_relation_step_action"
        )
        action["context"] = {"default_relation_id": self.id}
        return action

    @api.model
    @api.readonly
    def get_network(self, partnership_id=False, date=False, aspect=1.6):
        """The members of a partnership on a day, where they stand in the picture, and their ties.

        Members are those with a formal role on that day, and whoever has a tie then; each stands
        in the interest group that it had.

        :param partnership_id: by default the first one that the user sees
        :param date: by default today
        :param aspect: width / height of the screen
        """
        Partnership = self.env["partnership.partnership"]
        choice = Partnership.search([], limit=CHOICE_MAX)
        partnership = Partnership.browse(partnership_id) if partnership_id else choice[:1]
        partnership.check_access("read")
        date = fields.Date.to_date(date) or partnership._get_today()
        ties = self.search(
            Domain("partnership_id", "=", partnership.id) & self._domain_valid_on(date)
        )
        steps = self._get_network_steps(partnership, ties, date)
        groups = {member.id: step.to_group_id.id for member, step in steps.items()}
        places, (width, height) = lay_out(groups, ties._get_network_edges(), aspect)
        return {
            "partnership": {"id": partnership.id, "name": partnership.name or ""},
            "partnerships": [{"id": each.id, "name": each.name} for each in choice | partnership],
            "date": fields.Date.to_string(date),
            "width": width,
            "height": height,
            "kinds": self._fields["kind"]._description_selection(self.env),
            "groups": [
                {"id": group.id, "name": group.name}
                for group in self.env["partnership.interest.group"]
                .union(*(step.to_group_id for step in steps.values()))
                .sorted()
            ],
            "members": [
                {
                    "id": member.id,
                    "name": member.partner_id.name,
                    "group_id": groups[member.id],
                    "role": step.to_role_id.name,
                    "x": places[member.id][0],
                    "y": places[member.id][1],
                }
                for member, step in steps.items()
            ],
            "ties": ties._get_network_ties(),
        }

    @api.model
    def _get_network_steps(self, partnership, ties, date):
        """:return: dict membership -> the transition that says what it was on ``date``"""
        Membership = self.env["partnership.membership"]
        members = Membership.search(
            Domain("partnership_id", "=", partnership.id) & Membership._domain_valid_on(date)
        )
        steps = self.env["partnership.membership.transition"].search(
            [("membership_id", "in", members.ids), ("date", "<=", date)], order="date, id"
        )
        tied = ties.membership_id | ties.other_id
        last = {step.membership_id: step for step in steps}
        return {
            member: last[member]
            for member in members
            if member in last and (last[member].to_role_id.is_formal or member in tied)
        }

    def _get_network_edges(self):
        return [(tie.membership_id.id, tie.other_id.id, tie.kind, tie.intensity) for tie in self]

    def _get_network_ties(self):
        return [
            {
                "id": tie.id,
                "members": [tie.membership_id.id, tie.other_id.id],
                "kind": tie.kind,
                "intensity": tie.intensity,
                "since": format_date(self.env, tie.date_start),
                "evidence": tie.evidence or "",
            }
            for tie in self
        ]
