from fractions import Fraction

from odoo import api, fields, models

from ...tools.outcome import Quorum, Rule, Threshold, get_needed, to_fraction

THRESHOLD_TYPES = [("more", "More than"), ("least", "At least"), ("no_objection", "No objection")]


class PartnershipDecisionRuleMixin(models.AbstractModel):
    """The numbers of a rule of decision (DELIBERATION, section 2): those of a body, and the copy
    that each decision keeps of them.

    A model that has it has ``body_id`` and ``group_ids``, the groups that the rule names.
    """

    _name = "partnership.decision.rule.mixin"
    _description = "Numbers of a Rule of Decision"

    # Threshold
    base = fields.Selection(
        [
            ("yes_no", "yes and no votes"),
            ("cast", "votes cast"),
            ("present", "votes present"),
            ("entitled", "all votes"),
        ],
        "Of",
        required=True,
        default="yes_no",
        help="What 100 % is. Votes cast: yes, no and abstained. Present: those of seats that "
        "somebody could vote for. All votes: those of absent members too.",
    )
    threshold_type = fields.Selection(THRESHOLD_TYPES, "In Favour", required=True, default="more")
    threshold_numerator = fields.Integer("Threshold", required=True, default=1)
    threshold_denominator = fields.Integer("Parts", required=True, default=2)
    tie = fields.Selection(
        [
            ("refused", "Refused"),
            ("repeat", "Vote again"),
            ("chair", "Whoever presides decides"),
        ],
        "On a Tie",
        required=True,
        default="refused",
    )

    # Quorum
    quorum_type = fields.Selection(
        [
            ("none", "No quorum"),
            ("weight", "Share of the vote weight"),
            ("seats", "Number of seats"),
        ],
        "Quorum",
        required=True,
        default="none",
    )
    quorum_base = fields.Selection(
        [("all", "All seats"), ("filled", "Filled seats")], required=True, default="all"
    )
    quorum_share = fields.Float("Quorum (%)", default=50.0)
    quorum_seats = fields.Integer("Seats Needed", default=1)
    quorum_is_strict = fields.Boolean("More than That")
    quorum_counted = fields.Selection(
        [("represented", "Represented"), ("cast", "Votes cast"), ("yes_no", "Yes and no votes")],
        "Counts towards the Quorum",
        required=True,
        default="represented",
    )
    proxy_allowed = fields.Boolean("Proxies Count", default=True)
    proxy_max = fields.Integer("Proxies per Person", default=1)
    remote_allowed = fields.Boolean("Remote Votes Count", default=True)

    # Groups
    group_by = fields.Selection(
        [("group", "Interest group"), ("sector", "Sector")],
        "Groups",
        required=True,
        default="group",
    )
    balance = fields.Selection(
        [
            ("none", "None"),
            ("ceiling", "No group over the ceiling"),
            ("weights", "Groups over the ceiling are weighted down"),
        ],
        required=True,
        default="none",
    )
    balance_base = fields.Selection(
        [
            ("entitled", "all votes"),
            ("present", "votes present"),
            ("cast", "votes cast"),
        ],
        "Share of",
        required=True,
        default="cast",
    )
    group_ceiling = fields.Float("Ceiling of One Group (%)", default=49.0)
    is_half_non_public = fields.Boolean(
        "Half Non-Public",
        help="At least half of the votes cast are of others than the public sector.",
    )
    by_group = fields.Selection(
        [
            ("none", "All votes together"),
            ("each", "Each group by itself"),
            ("each_and_all", "Each group by itself, and all together"),
            ("one_voice", "One voice per group"),
        ],
        "Counted",
        required=True,
        default="none",
    )

    # How it is voted
    visibility = fields.Selection(
        [("open", "By name"), ("group", "Counts by group"), ("secret", "Secret")],
        "Vote",
        required=True,
        default="open",
        help="Secret: of each seat is kept that it has voted, of its group how often what was "
        "chosen.",
    )
    is_hidden = fields.Boolean(
        "Hidden until Closed", help="Until then only who enters a vote reads it."
    )
    declaration_required = fields.Boolean(
        "Interests Declared First",
        help="Nobody votes who has not declared interests, or that there are none. Otherwise a "
        "missing declaration is only said.",
    )
    sentence = fields.Char("In Words", compute="_compute_sentence")

    _threshold_range = models.Constraint(
        "CHECK (threshold_numerator > 0 AND threshold_denominator > 0 AND ("
        "threshold_numerator < threshold_denominator"
        " OR threshold_type != 'more' AND threshold_numerator = threshold_denominator))",
        "A threshold is a part of the whole, such as 2 of 3 parts; more than the whole is "
        "never reached.",
    )
    _rule_ranges = models.Constraint(
        "CHECK (quorum_share BETWEEN 0 AND 100 AND quorum_seats >= 0 AND proxy_max >= 0"
        " AND group_ceiling > 0 AND group_ceiling <= 100)",
        "A quorum and the ceiling of one group are shares between 0 and 100 %; numbers of seats "
        "and proxies are not negative.",
    )

    @api.model
    def _get_number_fields(self):
        """:return: list of the fields that a decision keeps a copy of"""
        mixin = self.env["partnership.decision.rule.mixin"]
        return [name for name, field in mixin._fields.items() if field.store and name != "id"]

    def _get_rule(self):
        """:return: tools.outcome.Rule; groups are named by the id of the interest group, or by
        the sector"""
        self.ensure_one()
        return Rule(
            base=self.base,
            threshold=self._get_threshold(),
            quorum=Quorum(
                kind=self.quorum_type,
                share=to_fraction(self.quorum_share / 100),
                seats=self.quorum_seats,
                is_strict=self.quorum_is_strict,
                base=self.quorum_base,
                counted=self.quorum_counted,
            ),
            balance=self.balance,
            ceiling=to_fraction(self.group_ceiling / 100),
            balance_base=self.balance_base,
            is_public_beside=self.group_by == "group",
            is_half_non_public=self.is_half_non_public,
            by_group=self.by_group,
            groups={line._get_key(): line._get_threshold() for line in self.group_ids},
            tie=self.tie,
        )

    def _get_threshold(self):
        """:return: tools.outcome.Threshold; None where an objection is enough to refuse"""
        self.ensure_one()
        if self.threshold_type == "no_objection":
            return None
        share = Fraction(self.threshold_numerator, self.threshold_denominator)
        return Threshold(share, self.threshold_type == "more")

    # ------------------------------------------------------------
    # In words
    # ------------------------------------------------------------

    @api.depends(lambda self: [*self._get_number_fields(), "group_ids"])
    @api.depends_context("lang", "uid")
    def _compute_sentence(self):
        for rule in self:
            words = [
                rule._say_threshold(),
                rule._say_quorum(),
                rule._say_balance(),
                rule._say_half(),
                rule._say_tie(),
            ]
            rule.sentence = ", ".join(filter(None, words))

    def _say_threshold(self):
        by_sector = self.group_by == "sector"
        if self.by_group == "one_voice":
            if by_sector:
                return self.env._("More than half of the sectors in favour, one voice each")
            return self.env._("More than half of the interest groups in favour, one voice each")
        words = self._say_share()
        if self.by_group == "none":
            return words
        together = words if self.by_group == "each_and_all" else ""
        return "; ".join(filter(None, [together, self._say_each(words)]))

    def _say_each(self, words):
        """:param words: the threshold of the rule, in words"""
        if self.group_ids:
            lines = (
                f"{line.display_name} – {self._say_share(line if line.has_threshold else self)}"
                for line in self.group_ids
            )
            return self.env._("Each group by itself: %(lines)s", lines="; ".join(lines))
        if self.group_by == "sector":
            return self.env._("%(threshold)s in each sector", threshold=words)
        return self.env._("%(threshold)s in each interest group", threshold=words)

    def _say_share(self, threshold=None):
        """:param threshold: the rule, or a group that it names: whose threshold it is"""
        threshold = threshold or self
        base = dict(self._fields["base"]._description_selection(self.env)).get(self.base)
        if threshold.threshold_type == "no_objection":
            return self.env._("No objection")
        share = self._say_fraction(threshold)
        if threshold.threshold_type == "more":
            return self.env._("More than %(share)s of %(base)s", share=share, base=base)
        return self.env._("At least %(share)s of %(base)s", share=share, base=base)

    @api.model
    def _say_fraction(self, threshold):
        words = {
            (1, 2): self.env._("half"),
            (2, 3): self.env._("two thirds"),
            (3, 4): self.env._("three quarters"),
        }
        parts = threshold.threshold_numerator, threshold.threshold_denominator
        return words.get(parts, f"{parts[0]}/{parts[1]}")

    def _get_weights(self):
        """:return: list of the vote weights that the quorum is of, for words alone"""
        raise NotImplementedError

    def _say_quorum(self):
        if self.quorum_type == "none":
            return ""
        counted = {
            "represented": self.env._("represented"),
            "cast": self.env._("cast"),
            "yes_no": self.env._("yes or no"),
        }[self.quorum_counted]
        weights = [to_fraction(weight) for weight in self._get_weights()]
        if self.quorum_type == "seats":
            needed, base = self.quorum_seats + self.quorum_is_strict, len(weights)
            return self.env._(
                "quorum %(needed)s of %(base)s seats %(counted)s",
                needed=needed,
                base=base,
                counted=counted,
            )
        if not weights:
            return self.env._(
                "quorum %(share)s of the votes %(counted)s",
                share=_percent(self.quorum_share),
                counted=counted,
            )
        is_whole = all(weight.denominator == 1 for weight in weights)
        share = to_fraction(self.quorum_share / 100)
        needed, is_strict = get_needed(share, sum(weights), self.quorum_is_strict, is_whole)
        return self.env._(
            "quorum %(needed)s of %(base)s votes %(counted)s",
            needed=("> " if is_strict else "") + f"{float(needed):g}",
            base=f"{float(sum(weights)):g}",
            counted=counted,
        )

    def _say_balance(self):
        ceiling = _percent(self.group_ceiling)
        if self.balance == "ceiling":
            if self.group_by == "sector":
                return self.env._("no sector over %(ceiling)s", ceiling=ceiling)
            return self.env._("no interest group over %(ceiling)s", ceiling=ceiling)
        if self.balance == "weights":
            return self.env._("groups over %(ceiling)s weighted down to it", ceiling=ceiling)
        return ""

    def _say_half(self):
        if not self.is_half_non_public:
            return ""
        return self.env._("at least half of the votes not of the public sector")

    def _say_tie(self):
        return {
            "repeat": self.env._("on a tie the vote is repeated"),
            "chair": self.env._("on a tie whoever presides decides"),
        }.get(self.tie, "")

    def _say_step(self, step):
        """:param step: tools.outcome.Step, a line of the arithmetic
        :return: the line in words"""
        group = step.group is not None and self._get_group_name(step.group)
        values = {
            "group": self.env._("Public sector") if step.kind == "public" else group,
            "have": _number(step.have),
            "base": _number(step.base),
            "needed": ("> " if step.is_strict else "") + _number(step.needed),
            "missing": _number(step.needed - step.have),
            "yes": _number(step.yes),
            "no": _number(step.no),
            "share": _percent(round(100 * float(step.have / step.base), 1)) if step.base else "0 %",
            "ceiling": _percent(round(100 * float(step.needed), 1)),
        }
        return self._get_words_of_step(step, values)

    def _get_words_of_step(self, step, values):
        share = self.env._(
            "%(group)s: %(have)s of %(base)s, %(share)s; at most %(ceiling)s", **values
        )
        each = self.env._("%(group)s: %(have)s of %(base)s in favour, %(needed)s needed", **values)
        threshold = self.env._("In favour: %(have)s of %(base)s, %(needed)s needed", **values)
        if not step.is_met and step.have < step.needed:
            missing = self.env._("%(missing)s missing", **values)
            each, threshold = f"{each}: {missing}", f"{threshold}: {missing}"
        return {
            "quorum": self.env._("Quorum: %(have)s of %(base)s, %(needed)s needed", **values),
            "nobody": self.env._("Nobody has voted yes, no or abstained"),
            "ceiling": share,
            "public": share,
            "factor": self.env._("%(group)s: each vote counts %(have)s", **values),
            "weights": self.env._(
                "Groups cannot be weighted down to %(ceiling)s: too few others voted", **values
            ),
            "non_public": self.env._(
                "Not of the public sector: %(have)s of %(base)s, %(needed)s needed", **values
            ),
            "each": each,
            "voice": self.env._("%(group)s: %(yes)s in favour, %(no)s against", **values),
            "voices": self.env._(
                "Groups: %(yes)s in favour, %(no)s against, of %(base)s", **values
            ),
            "threshold": threshold,
            "objection": self.env._("Objections: %(no)s", **values),
            "chair": self.env._("A tie: whoever presides decides"),
            "tie": self.env._("A tie"),
        }[step.kind]

    def _get_group_name(self, key):
        """:param key: id of an interest group, a sector, or what stands for a seat without group"""
        if isinstance(key, int):
            return self.env["partnership.interest.group"].browse(key).name
        field = self.env["partnership.interest.group"]._fields["sector"]
        sectors = dict(field._description_selection(self.env))
        return sectors.get(key) or self.env._("Without group")


def _percent(number):
    return f"{number:g} %"


def _number(number):
    return f"{round(float(number), 2):g}"
