from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.groups import OFFICER
from ...tools.question import make_question

POSTPONED = "partnership_readiness"

# Fields that decide when a partnership is ready for enlargement
READINESS_SETTINGS = (
    "representativeness_target",
    "readiness_appropriation",
    "readiness_turnover",
    "readiness_carried_out",
    "cooldown_appropriation",
    "cooldown_months",
)

# Fields that decide when informal participation becomes formal, or is looked at again
INFORMAL_SETTINGS = ("informal_presences", "informal_contributions", "informal_months")


class PartnershipPartnership(models.Model):
    """The door of a partnership: open in a round, closed by default, and opened outside of one by
    an officer who says why (L44).

    From where on it is time to open it: when a partnership needs enlargement and is ready for it
    (``partnership_partnership_readiness.py``), and an informal participant is proposed for
    membership (L48).

    The readiness of a day says what the composition of that day says: it is found again with
    what it rests on, once before the change is committed, however much of it there is.
    """

    _inherit = "partnership.partnership"

    candidate_count = fields.Integer("Ongoing Candidates", compute="_compute_candidate_count")

    informal_presences = fields.Integer(
        "Propose Formal: Presences from", required=True, default=3, tracking=True
    )
    informal_contributions = fields.Integer(
        "Propose Formal: Contributions from",
        required=True,
        default=1,
        tracking=True,
        help="A contribution is a result passed on inside the own organisation.",
    )
    informal_months = fields.Integer(
        "Propose Formal: Within (months)",
        required=True,
        default=6,
        tracking=True,
        help="Also the time after which an informal participant without a card is looked at again.",
    )

    round_ids = fields.One2many("partnership.enlargement.round", "partnership_id", "Rounds")

    representativeness_target = fields.Float(
        "Needed: Representativeness under",
        required=True,
        default=80,
        tracking=True,
        help="100 where the members by interest group are as the area profile wants them.",
    )
    readiness_appropriation = fields.Float(
        "Ready: Median Appropriation from",
        required=True,
        default=60,
        tracking=True,
        help="Of the members today; 0 to 100.",
    )
    readiness_turnover = fields.Float(
        "Ready: Unplanned Turnover up to",
        required=True,
        default=0.3,
        tracking=True,
        help="Titulars replaced without plan, per seat and year.",
    )
    readiness_carried_out = fields.Float(
        "Ready: Decisions Carried out from",
        required=True,
        default=0.7,
        tracking=True,
        help="Of those that were to be carried out in the last 12 months; nothing is asked where "
        "there were none.",
    )
    cooldown_appropriation = fields.Float(
        "Consolidate: Appropriation of the Last Entrants under",
        required=True,
        default=50,
        tracking=True,
        help="The median of those who became members by the last round.",
    )
    cooldown_months = fields.Integer(
        "Consolidate: Months since the Last Round under", required=True, default=6, tracking=True
    )

    _informal_count = models.Constraint(
        "CHECK (informal_presences >= 0 AND informal_contributions >= 0 AND informal_months > 0)",
        "Informal participation is looked at over one month or more, and a number of presences or "
        "contributions cannot be negative.",
    )

    _readiness_index_range = models.Constraint(
        "CHECK (representativeness_target BETWEEN 0 AND 100"
        " AND readiness_appropriation BETWEEN 0 AND 100"
        " AND cooldown_appropriation BETWEEN 0 AND 100)",
        "Representativeness and appropriation are numbers from 0 to 100.",
    )
    _readiness_range = models.Constraint(
        "CHECK (readiness_turnover >= 0 AND cooldown_months >= 0)",
        "A turnover or a number of months cannot be negative.",
    )
    _readiness_share = models.Constraint(
        "CHECK (readiness_carried_out BETWEEN 0 AND 1)",
        "A share of decisions is between 0 and 100 %.",
    )

    @api.depends_context("uid")
    def _compute_candidate_count(self):
        counts = dict(
            self.env["partnership.candidate"]._read_group(
                [("partnership_id", "in", self.ids), ("state", "=", "ongoing")],
                ["partnership_id"],
                ["__count"],
            )
        )
        for partnership in self:
            partnership.candidate_count = counts.get(partnership, 0)

    def action_open_candidates(self):
        return self._action_open(
            "partnership_management.partnership_candidate_action", search_default_pipeline=1
        )

    def _get_open_rounds(self):
        """The rounds that admit today, where their partnership is. They are held until the
        transaction ends: of two users the one who closes a round waits for the one who admits,
        or the other way round.

        :return: dict partnership id -> its open round; none where the door is closed
        """
        rounds = self.round_ids.search([("partnership_id", "in", self.ids), ("state", "=", "open")])
        if rounds:
            self.env.execute_query(
                SQL(
                    "SELECT id FROM partnership_enlargement_round WHERE id IN %s FOR SHARE",
                    tuple(rounds.ids),
                )
            )
        return {round_.partnership_id.id: round_ for round_ in rounds._valid_today()}

    def _check_may_admit_outside(self, names, reason, action):
        """Outside a round an officer lets in, for a reason; others are told what to do.

        :param names: of the actors that come in, for the message
        :param reason: why they do although no round is open; may be empty
        :param action: method that returns the action which asks an officer for the reason; None
            where nothing can be asked
        """
        what = self._describe_outside(names)
        if not self._may_admit_outside():
            raise UserError(
                self.env._(
                    "%(what)s Open a round under Enlargement, Rounds, or ask an officer: outside "
                    "a round officers admit, with a reason.",
                    what=what,
                )
            )
        if reason:
            return
        if not action:
            raise UserError(self.env._("%(what)s Say why it opens all the same.", what=what))
        raise make_question(
            self.env._("%(what)s You can admit outside a round, with a reason.", what=what),
            action(),
            self.env._("Give the Reason"),
        )

    def _describe_outside(self, names):
        return self.env._(
            "No enlargement round of %(partnerships)s is open today, and the door is closed to "
            "%(actors)s.",
            partnerships=", ".join(self.mapped("name")),
            actors=", ".join(names[:10]) + (" …" if len(names) > 10 else ""),
        )

    def _may_admit_outside(self):
        return self.env.su or self.env.user.has_group(OFFICER)

    def _log_outside(self, names, reason):
        self._message_log_batch(
            bodies=dict.fromkeys(
                self.ids,
                self.env._(
                    "Let in outside a round: %(actors)s. Reason: %(reason)s",
                    actors=", ".join(names),
                    reason=reason,
                ),
            )
        )

    def _get_threshold_fields(self):
        return super()._get_threshold_fields() | {*READINESS_SETTINGS, *INFORMAL_SETTINGS}

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"profile_line_ids", *READINESS_SETTINGS}:
            # What the form shows after it is saved is read before the commit
            self._refresh_known_readiness()
        return result

    def _profile_changed(self):
        result = super()._profile_changed()
        self._postpone_readiness()
        return result

    def _postpone_readiness(self):
        precommit = self.env.cr.precommit
        if POSTPONED not in precommit.data:
            precommit.data[POSTPONED] = set()
            precommit.add(self.browse().sudo()._run_postponed_readiness)
        precommit.data[POSTPONED].update(self.ids)

    @api.model
    def _run_postponed_readiness(self):
        pending = self.env.cr.precommit.data.pop(POSTPONED, set())
        self.browse(sorted(pending)).exists()._refresh_known_readiness()

    def _refresh_known_readiness(self):
        """Who has never been looked at waits for the night, or for the button."""
        self.sudo().filtered("readiness_date")._refresh_readiness()
