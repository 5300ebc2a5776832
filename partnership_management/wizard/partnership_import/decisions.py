import re
from collections import defaultdict, namedtuple
from functools import cache

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...models.actor.partnership_spelling import spelling_key
from ...models.deliberation.partnership_decision_count import COUNTS
from .column import TARGETS

# What a line says: key of its decision (body, date, key of its title) or None, date and title;
# whose votes they are: a seat, or (key of the group, key of its text); what they are: a choice, or
# the counts, as ``COUNTS``; id of who cast it, key of the outcome as stated; why it is refused,
# and whether the user wanted it so
Reading = namedtuple(
    "Reading",
    "key date title who said person outcome fault is_left_out",
    defaults=(None, None, "", None, None, None, "", None, False),
)


class PartnershipImport(models.TransientModel):
    """A list of decisions that were taken in the past: one line is the vote of a seat, or the
    counts of a decision, or of a group in it.
    """

    _inherit = "partnership.import"

    # ------------------------------------------------------------
    # Matching
    # ------------------------------------------------------------

    def _is_list_of_votes(self):
        return "vote" in self._get_positions()

    def _check_decision_columns(self):
        """Votes or counts, and in which body."""
        positions, names = self._get_positions(), TARGETS["decisions"]
        counts = [names[target] for target in ("yes", "no", "abstained") if target in positions]
        voters = [names[target] for target in ("organisation", "person") if target in positions]
        by_vote = self._is_list_of_votes()
        message = None
        if not by_vote and not {"yes", "no"} <= positions.keys():
            message = self.env._(
                "A list of decisions has a vote on each line, or their counts: choose the column "
                "that holds “%(vote)s”, or those that hold “%(yes)s” and “%(no)s”.",
                vote=names["vote"],
                yes=names["yes"],
                no=names["no"],
            )
        elif counts and (by_vote or voters):
            message = self.env._(
                "The list has counts (%(counts)s) and votes by name (%(votes)s): import one of "
                "them, and set the other columns to not used.",
                counts=", ".join(counts),
                votes=", ".join([*voters, *([names["vote"]] if by_vote else [])]),
            )
        elif by_vote and not voters:
            message = self.env._(
                "No column says who voted: choose “%(target)s”.", target=names["organisation"]
            )
        elif "body" not in positions and not self.body_id:
            message = self.env._("No column says which body decided: choose the body.")
        elif self.body_id and self.body_id.partnership_id != self.partnership_id:
            message = self.env._(
                "%(body)s is no body of %(partnership)s: choose another one.",
                body=self.body_id.name,
                partnership=self.partnership_id.name,
            )
        if message:
            raise UserError(message)

    def _match_decisions(self):
        self._check_decision_columns()
        cells = self._get_cells()
        dates = self._read_dates([texts["date"] for texts in cells.values()])
        lines = {}
        for (line, texts), date in zip(cells.items(), dates, strict=True):
            fault = self._find_fault_of_question(texts, date)
            if fault:  # a heading, a total: nobody is asked who that is
                line.keys = self._get_keys_of_lost(fault, texts, date)
            else:
                lines[line] = date
        positions = self._get_positions()
        for line in self.line_ids.filtered("fault"):
            texts = {name: "".join(line.cells[at : at + 1]) for name, at in positions.items()}
            line.keys = self._get_keys_of_lost(line.fault, defaultdict(str, texts))
        cells = [cells[line] for line in lines]
        bodies = self._match_names(
            "body",
            "partnership.body",
            [("partnership_id", "=", self.partnership_id.id), ("active", "in", [True, False])],
            [texts["body"] for texts in cells],
        )
        voters, groups = [(None, None)] * len(cells), [None] * len(cells)
        if self._is_list_of_votes():
            matches, voters = self._match_voters(cells)
        else:
            names = [texts["interest_group"] for texts in cells]
            matches = self._match_names("group", "partnership.interest.group", [], names)
            groups = [self._get_key(name) or None for name in names]
        for line, texts, voter, group in zip(lines, cells, voters, groups, strict=True):
            line.keys = {
                "date": fields.Date.to_string(lines[line]),
                "title": self._get_question(texts),
                "body": self._get_key(texts["body"]) or None,
                "organisation": voter[0],
                "person": voter[1],
                "group": group,
                "vote": self._get_key(texts["vote"]),
                "outcome": self._get_key(texts["outcome"]) or "",
                "counts": [texts[state] or "" for state in COUNTS],
            }
        return bodies + matches

    def _get_keys_of_lost(self, fault, texts, date=None):
        """What is known of a line that cannot be read: it may be of a decision with that title."""
        return {
            "fault": fault,
            "title": self._get_question(texts),
            "date": date and fields.Date.to_string(date),
        }

    def _get_question(self, texts):
        """:return: the title of a decision, with the number that the list has for it"""
        title, reference = texts["question"] or "", texts["reference"] or ""
        if title and reference and spelling_key(reference) not in spelling_key(title):
            return f"{title} ({reference})"
        return title or reference

    def _find_fault_of_question(self, texts, date):
        """:return: why a line is of no decision, or None"""
        if not date:
            return self._describe_bad_date(texts["date"])
        if not self._get_question(texts):
            return self.env._("The line does not say what was decided: its title is missing.")
        if not texts["body"] and not self.body_id:
            return self.env._(
                "The line does not say which body decided: write it there, or go back to the "
                "columns and choose the body."
            )
        return None

    # ------------------------------------------------------------
    # What the lines say
    # ------------------------------------------------------------

    def _get_unsettled_votes(self):
        """:return: words of the list that may be a vote, and it is not known which"""
        return self.word_ids.filtered(lambda word: word.column == "vote" and not word.vote)

    def _check_votes_settled(self):
        word = self._get_unsettled_votes()[:1]
        if word:
            raise UserError(
                self.env._(
                    "Say what the word “%(word)s” stands for, which %(count)s lines have as the "
                    "vote, or leave these lines out.",
                    word=word.name or self.env._("empty in the list"),
                    count=word.count,
                )
            )

    def _read_decisions(self):
        """:return: list of :class:`Reading`, one for each line"""
        matches, words = self._get_matches(), self._get_words("vote")
        find_fault = cache(self._find_fault_of_decision)
        readings = [self._read_decision(line, matches, words, find_fault) for line in self.line_ids]
        if not self._is_list_of_votes():
            return self._find_totals(readings)
        voters = [(*reading.key[:2], *reading.who) for reading in readings if reading.who]
        seats = iter(self._find_voter_seats(voters))
        return [
            self._set_seat(reading, next(seats)) if reading.who else reading for reading in readings
        ]

    def _set_seat(self, reading, seat):
        """:param seat: the seat that voted, or why there is none"""
        if isinstance(seat, str):
            return reading._replace(who=None, fault=reading.fault or seat)
        return reading._replace(who=seat)

    def _read_decision(self, line, matches, words, find_fault):
        """:param find_fault: function of (body, date) -> why nothing can be recorded, or None
        :return: :class:`Reading`; of a vote by name ``who`` is (organisation, person), as tokens
        """
        keys = line.keys or {}
        date = fields.Date.to_date(keys.get("date"))
        if "fault" in keys or not keys:
            return Reading(date=date, title=keys.get("title", ""), fault=keys.get("fault"))
        pairs = line._get_pairs()
        tokens = {pair[0]: matches[pair]._get_token() for pair in pairs if pair in matches}
        fault = self._find_left_out(pairs, matches)
        is_left_out = False in tokens.values()
        if tokens.get("body") is False or fault and not is_left_out:
            return Reading(date=date, fault=fault, is_left_out=is_left_out)
        body = self.body_id.browse(tokens["body"][1]) if tokens.get("body") else self.body_id
        reading = Reading(
            (body, date, spelling_key(keys["title"])), date, keys["title"], outcome=keys["outcome"]
        )
        word = words.get(keys["vote"])
        if not fault and word and word.vote == "skip":
            is_left_out = True
            fault = self.env._("You left it out: lines with “%(word)s”.", word=word.name or "")
        if is_left_out:
            return reading._replace(fault=fault, is_left_out=True)
        fault = line.fault or find_fault(body, date)
        if word:
            who, person = (tokens.get("organisation"), tokens.get("person")), tokens.get("person")
            return reading._replace(
                who=who, said=word.vote, person=person and person[1], fault=fault
            )
        counts = self._read_counts(keys["counts"])
        if isinstance(counts, str):
            return reading._replace(fault=fault or counts)
        return reading._replace(
            who=self._get_group_key(body, tokens, keys), said=counts, fault=fault
        )

    def _find_fault_of_decision(self, body, date):
        """:return: why nothing can be recorded in a body of a day, or None"""
        if date > self._get_today():
            return self.env._(
                "%(date)s is still to come: nothing was decided yet.",
                date=format_date(self.env, date),
            )
        return self._find_fault_of_body(body)

    def _find_fault_of_body(self, body):
        """:return: why nothing can be recorded in a body, or None"""
        if body.partnership_id != self.partnership_id:
            return self.env._("%(body)s is a body of another partnership.", body=body.name)
        if not body.active:
            return self.env._(
                "%(body)s is archived: take it out of the archive, import, and archive it again.",
                body=body.name,
            )
        rule = self._get_decision_rule(body)
        if not rule:
            return self.env._(
                "%(body)s has no rule by which it decides: add one first.", body=body.name
            )
        if rule.visibility == "secret" and self._is_list_of_votes():
            return self.env._(
                "By “%(rule)s” %(body)s votes in secret: import counts, or choose the rule by "
                "which it voted openly.",
                rule=rule.name,
                body=body.name,
            )
        return None

    def _get_decision_rule(self, body):
        return self.rule_id if self.rule_id.body_id == body else body.default_rule_id

    def _read_counts(self, texts):
        """:return: the counts of a line, as ``COUNTS``, or why they are none"""
        wrong = next((text for text in texts if text and not re.fullmatch(r"\d{1,6}", text)), None)
        if wrong:
            return self.env._("“%(text)s” is no number of votes: write a whole number.", text=wrong)
        counts = tuple(int(text or 0) for text in texts)
        return counts if any(counts) else self.env._("The line counts no vote at all.")

    def _get_group_key(self, body, tokens, keys):
        """:return: (id of the interest group, or sector, or None, key of the text that named it)"""
        group = self.env["partnership.interest.group"].browse(
            tokens.get("group") and tokens["group"][1]
        )
        by_sector = self._get_decision_rule(body).group_by == "sector"
        return (group.sector if by_sector else group.id) or None, keys["group"] or ""

    def _find_totals(self, readings):
        """A line without group beside others that have one is a total, or has lost its group."""
        named = {reading.key for reading in readings if reading.who and reading.who[1]}
        return [
            reading._replace(
                fault=self.env._(
                    "The line has no group, and other lines of the decision have one: take it "
                    "out if it is their total, or write its group."
                )
            )
            if reading.who and not reading.who[1] and reading.key in named
            else reading
            for reading in readings
        ]
