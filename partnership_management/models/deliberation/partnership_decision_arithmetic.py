from markupsafe import Markup

from odoo import api, models

from ...tools.outcome import Alone, Outcome


class PartnershipDecisionArithmetic(models.AbstractModel):
    """How the outcome of a decision came about, a line after the other, in words: the form, the
    proof sheet and whoever else shows an outcome read it here.

    What it says is of groups, never of a seat: it shows no more than the counts of a secret vote.
    """

    _name = "partnership.decision.arithmetic"
    _description = "Arithmetic of a Decision"

    @api.model
    def _get_lines(self, decision):
        """:return: what :meth:`_say` does, of a decision as it stands: where the balance was
        overridden, also by how much it was missed"""
        lines = self._say(decision, decision._find_outcome(overridden=False))
        if not decision.is_overridden:
            return lines
        outcome = decision._find_outcome(overridden=True)
        steps = [step for step in outcome.steps if step.kind != "quorum"]
        overridden = {"text": self.env._("The balance of groups was overridden"), "is_met": True}
        return [*lines, overridden, *self._say(decision, Outcome(outcome.result, steps))]

    @api.model
    def _say(self, decision, outcome):
        """:param outcome: tools.outcome.Outcome of the votes of ``decision``, by its rule
        :return: list of dict with ``text`` and ``is_met``, in the order in which it was asked"""
        return [
            {"text": getattr(self, f"_say_{step.kind}")(decision, step), "is_met": step.is_met}
            for step in outcome.steps
        ]

    @api.model
    def _format(self, lines):
        """:param lines: see :meth:`_say`
        :return: Markup of a list, in which what is met and what is not differ by more than colour
        """
        words = {True: self.env._("Met"), False: self.env._("Not met")}
        return Markup('<ul class="list-unstyled mb-0">%s</ul>') % Markup().join(
            Markup('<li class="%s"><span class="fa fa-fw %s" role="img" title="%s"></span> %s</li>')
            % (
                "text-success" if line["is_met"] else "text-danger",
                "fa-check" if line["is_met"] else "fa-times",
                words[line["is_met"]],
                line["text"],
            )
            for line in lines
        )

    # ------------------------------------------------------------
    # Words
    # ------------------------------------------------------------

    @api.model
    def _say_group(self, decision, key):
        """:param key: as :meth:`_get_rule` names groups; of a seat without one its number"""
        if isinstance(key, Alone):
            return self.env._("Without group (%(number)s)", number=key.number)
        if decision.group_by == "sector":
            Group = self.env["partnership.interest.group"]
            return dict(Group._fields["sector"]._description_selection(self.env))[key]
        return self.env["partnership.interest.group"].browse(key).name

    @api.model
    def _say_number(self, number):
        """:param number: int or Fraction
        :return: str, without the noise of a float: 49/68 is 0.7206"""
        return f"{round(float(number), 4):.12g}"

    @api.model
    def _say_percent(self, part, whole=1):
        return f"{round(float(100 * part / whole), 2) if whole else 0:.12g} %"

    @api.model
    def _say_base(self, decision, fname):
        """:return: of which votes a share is"""
        if decision[fname] == "entitled":
            return self.env._("votes")
        return dict(decision._fields[fname]._description_selection(self.env))[decision[fname]]

    @api.model
    def _say_needed(self, step):
        """None of none is not enough, whatever the share."""
        number = self._say_number(step.needed)
        if step.is_strict or not step.needed:
            return self.env._("more than %(number)s", number=number)
        return number

    @api.model
    def _say_share(self, decision, step):
        """:return: the threshold in words, that of the group of ``step`` if it has its own"""
        named = decision.group_ids.filtered(
            lambda line: line.has_threshold and line._get_key() == step.group
        )
        threshold = named if step.kind == "each" and named else decision
        if threshold.threshold_type == "no_objection":
            return self.env._("more than half")
        share = decision._say_fraction(threshold)
        if threshold.threshold_type == "more":
            return self.env._("more than %(share)s", share=share)
        return self.env._("at least %(share)s", share=share)

    # ------------------------------------------------------------
    # A step each
    # ------------------------------------------------------------

    @api.model
    def _say_quorum(self, decision, step):
        values = {
            "have": self._say_number(step.have),
            "base": self._say_number(step.base),
            "needed": self._say_needed(step),
        }
        by_seats = decision.quorum_type == "seats"
        if decision.quorum_counted == "represented":
            if by_seats:
                return self.env._(
                    "Quorum: %(have)s of %(base)s seats represented, %(needed)s needed", **values
                )
            return self.env._(
                "Quorum: %(have)s of %(base)s votes represented, %(needed)s needed", **values
            )
        if decision.quorum_counted == "cast":
            if by_seats:
                return self.env._(
                    "Quorum: %(have)s of %(base)s seats have voted, %(needed)s needed", **values
                )
            return self.env._(
                "Quorum: %(have)s of %(base)s votes cast, %(needed)s needed", **values
            )
        if by_seats:
            return self.env._(
                "Quorum: %(have)s of %(base)s seats voted yes or no, %(needed)s needed", **values
            )
        return self.env._(
            "Quorum: %(have)s of %(base)s votes yes or no, %(needed)s needed", **values
        )

    @api.model
    def _say_nobody(self, decision, step):
        return self.env._("Nobody voted")

    @api.model
    def _say_ceiling(self, decision, step):
        return self._say_part(decision, step, self._say_group(decision, step.group))

    @api.model
    def _say_public(self, decision, step):
        return self._say_part(decision, step, self.env._("Public sector"))

    @api.model
    def _say_part(self, decision, step, group):
        """:param group: in words"""
        by_weights = decision.balance == "weights"
        cast = self._say_base(decision, "balance_base")
        return self.env._(
            "%(group)s: %(have)s of %(base)s %(votes)s = %(percent)s, the ceiling is %(ceiling)s",
            group=group,
            have=self._say_number(step.have),
            base=self._say_number(step.base),
            votes=self.env._("votes as weighted") if by_weights else cast,
            percent=self._say_percent(step.have, step.base),
            ceiling=self._say_percent(step.needed),
        )

    @api.model
    def _say_factor(self, decision, step):
        return self.env._(
            "%(group)s: %(cast)s votes cast × %(factor)s = %(weighted)s",
            group=self._say_group(decision, step.group),
            cast=self._say_number(step.base),
            factor=self._say_number(step.have),
            weighted=self._say_number(step.base * step.have),
        )

    @api.model
    def _say_weights(self, decision, step):
        return self.env._(
            "Groups over %(ceiling)s: %(number)s, and no weighting brings them down to it",
            ceiling=self._say_percent(step.needed),
            number=step.have,
        )

    @api.model
    def _say_non_public(self, decision, step):
        return self.env._(
            "Others than the public sector: %(have)s of %(base)s votes cast, %(needed)s needed "
            "(half)",
            have=self._say_number(step.have),
            base=self._say_number(step.base),
            needed=self._say_number(step.needed),
        )

    @api.model
    def _say_each(self, decision, step):
        return self._say_favour(decision, step, self._say_group(decision, step.group))

    @api.model
    def _say_threshold(self, decision, step):
        return self._say_favour(decision, step, self.env._("In favour"))

    @api.model
    def _say_favour(self, decision, step, what):
        """:param what: whose votes, in words"""
        return self.env._(
            "%(what)s: %(have)s of %(base)s %(votes)s, %(needed)s needed (%(share)s)",
            what=what,
            have=self._say_number(step.have),
            base=self._say_number(step.base),
            votes=self._say_base(decision, "base"),
            needed=self._say_needed(step),
            share=self._say_share(decision, step),
        )

    @api.model
    def _say_voice(self, decision, step):
        values = {
            "group": self._say_group(decision, step.group),
            "yes": self._say_number(step.yes),
            "no": self._say_number(step.no),
        }
        if step.yes > step.no:
            return self.env._("%(group)s: %(yes)s yes, %(no)s no, a voice in favour", **values)
        if step.no > step.yes:
            return self.env._("%(group)s: %(yes)s yes, %(no)s no, a voice against", **values)
        return self.env._("%(group)s: %(yes)s yes, %(no)s no, no voice", **values)

    @api.model
    def _say_voices(self, decision, step):
        return self.env._(
            "Voices: %(yes)s in favour, %(no)s against of %(groups)s groups, %(needed)s needed "
            "(more than half)",
            yes=step.yes,
            no=step.no,
            groups=step.base,
            needed=step.base // 2 + 1,
        )

    @api.model
    def _say_objection(self, decision, step):
        return self.env._(
            "Objections: %(number)s, none is allowed", number=self._say_number(step.no)
        )

    @api.model
    def _say_tie(self, decision, step):
        if decision.tie == "repeat":
            return self.env._("A tie: the vote is repeated")
        return self.env._("A tie: the question is refused")

    @api.model
    def _say_chair(self, decision, step):
        if step.is_met:
            return self.env._("A tie: whoever presides voted in favour")
        return self.env._("A tie: whoever presides did not vote in favour")
