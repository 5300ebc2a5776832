from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import float_compare, split_every

from odoo.addons.partnership_management.tools.optional_float import OptionalFloat

from ...report.partnership_training_effect_member import MEASURES

BATCH = 500
ACTIVITY = "partnership_training.mail_activity_type_no_effect"
DIGITS = 6  # of a rate, when two of them are compared


class PartnershipTrainingNeed(models.Model):
    """A need closes on the effect of its training, not on attendance.

    The effect is that of the session in which it was trained, in the body where the need shows,
    or, where none is named, in the one that the member was asked to most often. Besides, the
    member's own figure must not have fallen.
    """

    _inherit = "partnership.training.need"

    measure = fields.Selection(
        MEASURES,
        "Measured by",
        compute="_compute_measure",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    figure_before = OptionalFloat("Before", readonly=True, copy=False, aggregator="avg")
    figure_after = OptionalFloat("After", readonly=True, copy=False, aggregator="avg")
    effect = OptionalFloat(
        "Effect of the Training",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="The change of the trained less the change of the untrained in the same body.",
    )
    effect_session_id = fields.Many2one(
        "partnership.training.session",
        "Measured Session",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    effect_body_id = fields.Many2one(
        "partnership.body",
        "Measured in",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    effect_date = fields.Date("Measured on", readonly=True, copy=False)
    effect_state = fields.Selection(
        [
            ("waiting", "Not enough data"),
            ("fell", "Own figure fell"),
            ("none", "No effect"),
            ("reached", "Effect reached"),
        ],
        "Effect",
        readonly=True,
        copy=False,
        tracking=True,
    )
    no_effect = fields.Boolean(
        "Training without Effect",
        readonly=True,
        copy=False,
        help="The last training brought no effect that could be measured: the need is open again.",
    )

    @api.depends("pitfall_id")
    def _compute_measure(self):
        for need in self:
            if need.pitfall_id or not need.measure:
                need.measure = "reading" if need.pitfall_id.kind == "uninformed" else "presence"

    # ------------------------------------------------------------
    # Measured every night
    # ------------------------------------------------------------

    @api.model
    def _cron_measure_effect(self):
        needs = self.search([("state", "=", "trained")], order="id")
        self.env["ir.cron"]._commit_progress(remaining=len(needs))
        for ids in split_every(BATCH, needs.ids):
            self.browse(ids).try_lock_for_update(allow_referencing=True)._measure_effect()
            self.env["ir.cron"]._commit_progress(len(ids))

    def _measure_effect(self):
        """Read the figures of the needs whose training is completed, and close or open what they
        say."""
        for need, values in self._get_effects().items():
            need.write(values)
        for state, needs in self.grouped(lambda need: need._get_effect_state()).items():
            changed = needs.filtered(lambda need, state=state: need.effect_state != state)
            changed.effect_state = state
            if state == "reached":
                needs.no_effect = False
                needs._close("effect")
            elif state == "none":
                needs._take_as_ineffective()

    def _get_effect_state(self):
        self.ensure_one()
        if False in (self.effect, self.figure_before, self.figure_after):
            return "waiting"
        target = self.partnership_id.training_effect_target
        if float_compare(self.effect, target, precision_digits=DIGITS) <= 0:
            return "none"
        if float_compare(self.figure_after, self.figure_before, precision_digits=DIGITS) < 0:
            return "fell"
        return "reached"

    def _take_as_ineffective(self):
        """Open them again, and ask whoever is responsible for another answer."""
        self.no_effect = True
        self._reopen(without_effect=True)
        quiet = self.with_context(mail_activity_quick_update=True)
        for (partnership, user), needs in quiet.grouped(
            lambda need: (need.partnership_id, need.user_id)
        ).items():
            user = user or partnership._get_alert_user()
            needs.activity_schedule(ACTIVITY, partnership._get_today(), user_id=user.id)

    def _get_effects(self):
        """:return: dict need -> values of the figures that can be measured of its training"""
        sessions = {
            need: need._get_completed().session_id.sorted("date_start")[-1:] for need in self
        }
        trained = self.env["partnership.training.session"].union(*sessions.values())
        here = Domain("session_id", "in", trained.ids)
        effects = {
            (row.session_id, row.body_id, row.measure): row
            for row in self.env["partnership.training.effect"].search(here)
        }
        members = self.env["partnership.training.effect.member"].search(
            here & Domain("membership_id", "in", self.membership_id.ids)
        )
        own = members.grouped(lambda row: (row.session_id, row.membership_id, row.measure))
        return {
            need: need._get_effect_values(session, effects, own)
            for need, session in sessions.items()
        }

    def _get_effect_values(self, session, effects, own):
        """:param effects: dict (session, body, measure) -> row of the effect
        :param own: dict (session, membership, measure) -> rows of the member
        """
        self.ensure_one()
        rows = own.get((session, self.membership_id, self.measure), [])
        rows = [row for row in rows if not self.body_id or row.body_id == self.body_id]
        row = max(rows, key=lambda row: (row.before_whole + row.after_whole, -row.id), default=None)
        body = row.body_id if row else self.body_id
        effect = effects.get((session, body, self.measure))
        before, after = (row.before, row.after) if row else (False, False)
        if effect and not self.membership_id:
            before, after = effect.trained_before, effect.trained_after
        return {
            "effect_session_id": session.id,
            "effect_body_id": body.id,
            "effect": effect.effect if effect else False,
            "figure_before": before,
            "figure_after": after,
            "effect_date": self.partnership_id._get_today(),
        }

    def action_open_effect(self):
        """Open the members behind the effect."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_training.partnership_training_effect_member_action"
        )
        action["domain"] = [
            ("session_id", "=", self.effect_session_id.id),
            ("body_id", "=", self.effect_body_id.id),
            ("measure", "=", self.measure),
        ]
        action["context"] = {"search_default_group_trained": 1}
        return action
