from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.outcome import Seats, to_fraction
from ..actor.partnership_interest_group import SECTORS

CHOICES = [("yes", "Yes"), ("no", "No"), ("abstained", "Abstained"), ("invalid", "Invalid")]
# What else becomes of a seat: found when the vote is opened, and when it is closed
STATES = [
    ("voted", "Has voted"),  # what it chose stands in the counts alone
    ("not_voted", "Not voted"),
    ("recused", "Recused"),
    ("absent", "Absent"),
    ("excused", "Excused"),
    ("vacant", "Vacant"),
]
# What is tapped; what is invalid is found where votes are counted by hand
TAPS = ("yes", "no", "abstained", "not_voted")
AWAY = ("absent", "excused", "vacant")
WAYS = [
    ("titular", "Main representative"),
    ("alternate", "Deputy"),
    ("proxy", "Proxy"),
]
CHANNELS = [
    ("sheet", "At the meeting"),
    ("phone", "On the own phone"),
    ("written", "In writing"),
    ("recorded", "Recorded later"),
]


class PartnershipVote(models.Model):
    """What became of a seat in a decision: what it voted, or why it did not.

    Nothing is written over: who votes again adds a row, and the last one counts. Only a row that
    says that a seat has not voted becomes its vote. Only methods of the decision write here.
    """

    _name = "partnership.vote"
    _description = "Vote"
    _inherit = ["partnership.guarded.mixin"]
    _order = "decision_id, seat_id, id desc"

    decision_id = fields.Many2one(
        "partnership.decision", required=True, readonly=True, index=True, ondelete="restrict"
    )
    partnership_id = fields.Many2one(
        related="decision_id.partnership_id", store=True, index=True, precompute=True
    )
    body_id = fields.Many2one(
        related="decision_id.body_id", store=True, index=True, precompute=True
    )
    date = fields.Date(related="decision_id.date", store=True, index=True, precompute=True)
    seat_id = fields.Many2one(
        "partnership.seat", required=True, readonly=True, index=True, ondelete="restrict"
    )
    membership_id = fields.Many2one(
        related="seat_id.membership_id", store=True, index=True, precompute=True
    )
    choice = fields.Selection(CHOICES + STATES, required=True, readonly=True)
    is_last = fields.Boolean("Counts", default=True, readonly=True)

    # As they were when the vote was opened
    weight = fields.Float(readonly=True)
    interest_group_id = fields.Many2one(
        "partnership.interest.group", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    sector = fields.Selection(SECTORS, readonly=True)

    # Who cast it, and how
    person_id = fields.Many2one(
        "res.partner", "Cast by", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    way = fields.Selection(WAYS, "As", readonly=True)
    channel = fields.Selection(CHANNELS, "By Which Way", readonly=True)
    cast_on = fields.Datetime("Cast on", readonly=True)
    user_id = fields.Many2one("res.users", "Entered by", readonly=True)

    _last_uniq = models.UniqueIndex(
        "(decision_id, seat_id) WHERE is_last",
        "This seat has its vote in this decision already: reload the screen, and vote again if it "
        "is to change.",
    )

    @api.depends("seat_id.partner_id.name", "choice")
    def _compute_display_name(self):
        choices = dict(self._fields["choice"]._description_selection(self.env))
        for vote in self.sudo():
            vote.display_name = f"{vote.seat_id.partner_id.name}: {choices.get(vote.choice)}"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_superuser(self):
        """A vote is lost with nothing but a whole draft that was never opened."""
        for vote in self:
            if vote.decision_id.state != "draft":
                raise UserError(
                    self.env._(
                        "The votes of “%(decision)s” stay: what was decided anew supersedes it.",
                        decision=vote.decision_id.display_name,
                    )
                )

    def _check_may_cast(self, decision, seat, choice, voter, person=None):
        """Refuse a vote, in words.

        :param seat: whose vote it is; without one in the decision ``self`` is empty
        :param voter: (person, way) of who votes on the seat now, or None
        :param person: who wants to vote, or None for whoever votes on the seat
        """
        values = {"seat": seat.sudo().display_name, "decision": decision.name}
        if choice not in (*dict(CHOICES), "not_voted"):
            message = self.env._(
                "Vote yes, no or abstain; “%(choice)s” is none of these.", choice=choice
            )
        elif not self:
            message = self.env._(
                "%(seat)s has no vote in “%(decision)s”: it is no seat of the body on that day.",
                **values,
            )
        elif self.choice == "recused":
            message = self.env._("%(seat)s is recused from “%(decision)s”.", **values)
        elif self.choice == "voted":
            message = self.env._(
                "%(seat)s has voted. The vote is secret: it cannot be changed.", **values
            )
        elif self.choice in AWAY or not voter and self.choice == "not_voted":
            message = self.env._(
                "Nobody is there to vote on %(seat)s. Mark on the sheet who came first.", **values
            )
        elif person and (not voter or voter[0] != person):
            message = self.env._("Somebody else votes on %(seat)s in “%(decision)s”.", **values)
        else:
            return
        raise UserError(message)

    def _get_shown_choice(self, user):
        """:return: the choice, as ``user`` may see it"""
        self.ensure_one()
        return self._mask(self.decision_id, self.choice, self.user_id.id, user)

    @api.model
    def _mask(self, decision, choice, user_id, user):
        """:param user_id: who entered it, and may see it
        :return: ``choice``; while that is hidden, that somebody has voted"""
        chosen = choice in dict(CHOICES)
        return "voted" if chosen and user_id != user.id and decision._is_masked() else choice

    @api.model
    def _get_screen_line(self, decision, values, voter):
        """:param values: dict of the vote, ids for records; of one that is not made yet as well
        :param voter: (person, way) of who may vote on the seat now, in an open vote, or None
        :return: dict of the vote for the screen"""
        choice = self._mask(decision, values["choice"], values.get("user_id"), self.env.user)
        person, way = self.env["res.partner"].browse(values["person_id"]), values["way"]
        if voter and choice in (*AWAY, "not_voted"):
            choice, (person, way) = "not_voted", voter
        is_open = decision.state == "open"
        is_there = choice != "not_voted" or bool(voter)
        return {
            "decision_id": decision.id,
            "choice": choice,
            "person": person.name or "",
            "way": way or "",
            "channel": values.get("channel") or "",
            "can_vote": is_open and is_there and choice in TAPS,
            "is_secret": decision.visibility == "secret",
            "has_left": is_open and not is_there,
        }

    def _set(self, values):
        """Give the seats of these votes another one. That they had not voted needs not be kept."""
        fresh = self.filtered(lambda vote: vote.choice == "not_voted" and not vote.cast_on)
        fresh.write(values)
        given = self - fresh
        given.is_last = False
        given.flush_recordset(["is_last"])
        self.create([{**vals, **values, "is_last": True} for vals in given.copy_data()])

    def _get_outcome_seats(self):
        """:return: list of tools.outcome.Seats, one for each vote that counts; of secret votes
        what the seat itself says"""
        states = {"excused": "absent", "voted": "not_voted"}
        return [
            Seats(
                states.get(vote.choice, vote.choice),
                to_fraction(vote.weight),
                vote._get_group_key(),
                vote.sector == "public",
            )
            for vote in self.filtered("is_last")
        ]

    def _get_group_key(self):
        """:return: the id of the interest group, or the sector, or none"""
        if self.decision_id.group_by == "sector":
            return self.sector or None
        return self.interest_group_id.id or None
