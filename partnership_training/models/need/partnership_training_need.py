from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.partnership_management.tools.against_today import AgainstToday
from odoo.addons.partnership_management.tools.optional_float import OptionalFloat

ENOUGH = 3

BATCH = 1000

OPEN_STATES = ("open", "planned", "trained")
CLOSED_STATES = ("closed", "dropped")
STATES = [
    ("open", "Open"),
    ("planned", "Planned"),
    ("trained", "Trained"),
    ("closed", "Closed"),
    ("dropped", "Dropped"),
]
ORIGINS = [
    ("role", "Role"),
    ("mandate", "New mandate"),
    ("pitfall", "Pitfall"),
    ("survey", "Survey answer"),
    ("request", "Request"),
]


class PartnershipTrainingNeed(models.Model):
    """What a member, a representative or a body still has to learn, and where that shows.

    It is planned when somebody asked for a course or is enrolled, trained when a course was
    completed; it closes on the effect that is measured then, or by hand with a reason.

    How a need ends: by its effect, by hand with a reason, or since nobody needs it any more.

    Coverage of needs = needs that are planned, trained or closed / needs that were not dropped;
    of fewer than three there is not enough data.
    """

    _name = "partnership.training.need"
    _description = "Training Need"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "partnership.guarded.mixin",
    ]
    _order = "priority desc, deadline, id desc"

    # Whose
    partnership_id = fields.Many2one(
        "partnership.partnership",
        compute="_compute_partnership_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="partnership_id.company_id", store=True, precompute=True)
    membership_id = fields.Many2one(
        "partnership.membership",
        "Member",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('partnership_id', '=?', partnership_id)]",
        tracking=True,
    )
    partner_id = fields.Many2one(
        related="membership_id.partner_id",
        string="Actor",
        store=True,
        index="btree_not_null",
        precompute=True,
    )
    person_id = fields.Many2one(
        "res.partner",
        "Representative",
        index="btree_not_null",
        ondelete="restrict",
        domain=[("is_company", "=", False)],
        tracking=True,
        help="Empty: the need is that of the member, whoever speaks for it, or of the body.",
    )
    body_id = fields.Many2one(
        "partnership.body",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('partnership_id', '=?', partnership_id)]",
        tracking=True,
        help="Where the need shows. Without a member and a person, it is that of the whole body.",
    )
    subject = fields.Char("Whose Need", compute="_compute_subject")
    interest_group_id = fields.Many2one(
        related="membership_id.interest_group_id", store=True, precompute=True, index=True
    )
    sector = fields.Selection(related="membership_id.sector", store=True, precompute=True)

    # Where it comes from
    origin = fields.Selection(ORIGINS, required=True, default="request", index=True)
    origin_text = fields.Text(
        "In Words", help="What is missing, in the words of whoever asked or noticed."
    )
    role_id = fields.Many2one(
        "partnership.role", index="btree_not_null", ondelete="restrict", readonly=True
    )
    mandate_id = fields.Many2one(
        "partnership.mandate", index="btree_not_null", ondelete="set null", readonly=True
    )
    pitfall_id = fields.Many2one(
        "partnership.pitfall", index="btree_not_null", ondelete="set null", readonly=True
    )

    wanted_id = fields.Many2one(
        "partnership.skill.wanted",
        "Needed because of",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        help="The row of who needs which skills that the need follows from.",
    )

    # What would help, by when
    skill_ids = fields.Many2many("partnership.skill", string="Skills")
    course_id = fields.Many2one(
        "partnership.course",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        domain="[('share', '=', False)]",
        tracking=True,
    )
    priority = fields.Selection(
        [("0", "Normal"), ("1", "Important"), ("2", "Urgent")], default="0", tracking=True
    )
    date_open = fields.Date(
        "Open since",
        required=True,
        compute="_compute_date_open",
        store=True,
        readonly=False,
        precompute=True,
    )
    deadline = fields.Date(tracking=True)
    is_past_deadline = AgainstToday("Past the Deadline", date_field="deadline", sign="<")

    # What came of it
    enrolment_ids = fields.Many2many(
        "partnership.enrolment",
        "partnership_enrolment_training_need_rel",
        "need_id",
        "enrolment_id",
        "Enrolments",
        copy=False,
    )
    tried_enrolment_ids = fields.Many2many(
        "partnership.enrolment",
        "partnership_enrolment_tried_need_rel",
        "need_id",
        "enrolment_id",
        "Trained without Effect",
        copy=False,
        readonly=True,
    )
    state = fields.Selection(
        STATES,
        compute="_compute_state",
        store=True,
        required=True,
        default="open",
        copy=False,
        index=True,
        group_expand=True,
        tracking=True,
        help="Planned: somebody asked for the course or is enrolled. Trained: a course was "
        "completed, its effect is awaited.",
    )
    date_closed = fields.Date("Closed on", copy=False, readonly=True)
    close_kind = fields.Selection(
        [
            ("effect", "Measured effect"),
            ("by_hand", "Closed by hand"),
            ("no_longer", "No longer needed"),
        ],
        "Closed because",
        copy=False,
        readonly=True,
        tracking=True,
    )
    close_reason = fields.Char("Reason for Closing", copy=False, readonly=True)

    coverage = OptionalFloat(
        compute="_compute_coverage",
        store=True,
        aggregator="avg",
        help="The share of the needs for which a course was asked for, or more has happened. Needs "
        "that were dropped do not count.",
    )

    _subject_said = models.Constraint(
        "CHECK (membership_id IS NOT NULL OR person_id IS NOT NULL OR body_id IS NOT NULL)",
        "Say whose need it is: a member, a person or a body.",
    )
    # The second of two is the first, see _raise
    _one_open = models.Constraint(
        "EXCLUDE USING btree (origin WITH =, (COALESCE(mandate_id, 0)) WITH =, "
        "(COALESCE(pitfall_id, 0)) WITH =, (COALESCE(role_id, 0)) WITH =, "
        "(COALESCE(membership_id, 0)) WITH =, (COALESCE(person_id, 0)) WITH =, "
        "(COALESCE(wanted_id, 0)) WITH =) "
        "WHERE (state IN ('open', 'planned', 'trained') AND (mandate_id IS NOT NULL "
        "OR pitfall_id IS NOT NULL OR role_id IS NOT NULL)) DEFERRABLE INITIALLY DEFERRED",
        "This need is open already.",
    )
    _closed_when = models.Constraint(
        "CHECK ((state IN ('closed', 'dropped')) = (date_closed IS NOT NULL)"
        " AND (date_closed IS NULL) = (close_kind IS NULL))",
        "A need that is closed says when and why, and only such a need does.",
    )
    _closed_why = models.Constraint(
        "CHECK (close_kind IS DISTINCT FROM 'by_hand' OR COALESCE(close_reason, '') != '')",
        "Say why the need is closed.",
    )

    @api.depends("membership_id", "body_id")
    def _compute_partnership_id(self):
        for need in self:
            need.partnership_id = (
                need.membership_id.partnership_id
                or need.body_id.partnership_id
                or need.partnership_id
                or self.env["partnership.partnership"].search([], limit=1)
            )

    @api.depends("partnership_id")
    def _compute_user_id(self):
        for need in self:
            need.user_id = need.user_id or need.partnership_id.user_id

    @api.depends("partnership_id")
    def _compute_date_open(self):
        for need in self:
            need.date_open = need.date_open or need._get_today()

    @api.depends("person_id.name", "partner_id.name", "body_id.name")
    def _compute_subject(self):
        for need in self:
            subject = need.person_id or need.partner_id or need.body_id
            need.subject = subject.name or ""

    @api.depends("enrolment_ids.state", "enrolment_ids.is_completed", "tried_enrolment_ids")
    def _compute_state(self):
        """It follows the enrolments until it is closed; those that brought no effect are past."""
        for need in self:
            if need.state in CLOSED_STATES:
                need.state = need.state
            elif need._get_completed():
                need.state = "trained"
            elif need.enrolment_ids.filtered("is_pending"):
                need.state = "planned"
            else:
                need.state = "open"

    def _get_completed(self):
        """:return: the enrolments with which the course was completed, and whose effect is awaited
        or measured"""
        self.ensure_one()
        return self.enrolment_ids.filtered(
            lambda enrolment: enrolment.is_completed and enrolment not in self.tried_enrolment_ids
        )

    @api.depends("subject", "skill_ids.name", "course_id.name")
    def _compute_display_name(self):
        for need in self:
            what = ", ".join(need.skill_ids.mapped("name")) or need.course_id.name
            name = need.subject
            if what:
                name = self.env._("%(subject)s: %(what)s", subject=name, what=what)
            need.display_name = name

    @api.constrains("partnership_id", "course_id")
    def _check_course(self):
        for need in self:
            if need.course_id:
                need.course_id._check_open_to(need.partnership_id)

    @api.constrains("person_id")
    def _check_person(self):
        for need in self:
            if need.person_id.is_company:
                raise ValidationError(
                    self.env._(
                        "%(name)s is an organisation: choose it as the member, not as the person.",
                        name=need.person_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        needs = super().create(vals_list)
        self.env.add_to_compute(self._fields["state"], needs)
        needs._link_enrolments()
        return needs

    def write(self, vals):
        result = super().write(vals)
        if {"course_id", "person_id", "membership_id", "body_id"} & vals.keys():
            self._link_enrolments()
        return result

    def _message_auto_subscribe_notify(self, partner_ids, template):
        """Nobody gets mail because a need was given to them: they see it among their needs."""

    def _close(self, kind, reason=False):
        """:param kind: effect (only as the system), by_hand (with a reason), or no_longer"""
        if kind == "by_hand" and not reason:
            raise UserError(self.env._("Say why these needs are closed by hand."))
        needs = self.filtered(lambda need: need.state in OPEN_STATES)
        needs.check_access("write")
        for partnership, own in needs.sudo().grouped("partnership_id").items():
            before = {need: need.state for need in own}
            own.with_context(tracking_disable=True).write(
                {
                    "state": "dropped" if kind == "no_longer" else "closed",
                    "close_kind": kind,
                    "close_reason": reason,
                    "date_closed": partnership._get_today(),
                }
            )
            own._log_closing(before)

    def _log_closing(self, before):
        """Write it into the history of each in one go: Odoo's own tracking makes a message at a
        time, and at night there are many.

        :param before: dict need -> its state until now
        """
        lang = self.env.lang or self.partnership_id._get_alert_user().lang
        needs = self.with_context(lang=lang)
        states, kinds = (
            dict(needs._fields[fname]._description_selection(needs.env))
            for fname in ("state", "close_kind")
        )
        bodies = {}
        for need in needs:
            said = f"{states[before[need]]} → {states[need.state]}: {kinds[need.close_kind]}"
            bodies[need.id] = f"{said}. {need.close_reason}" if need.close_reason else said
        needs._message_log_batch(bodies)

    def _reopen(self, without_effect=False):
        """Open again what was closed.

        :param without_effect: what was completed so far did not help: it is set aside
        """
        self.check_access("write")
        if without_effect:
            for need in self.sudo():
                need.tried_enrolment_ids |= need._get_completed()
        closed = self.sudo().filtered(lambda need: need.state in CLOSED_STATES)
        closed.write(
            {"state": "open", "close_kind": False, "close_reason": False, "date_closed": False}
        )
        self.env.add_to_compute(self._fields["state"], closed)

    def _filtered_untouched(self):
        """:return: what was raised by itself, and nobody has done anything about"""
        return self.filtered(
            lambda need: need.wanted_id and need.state == "open" and not need.enrolment_ids
        )

    def action_close(self):
        """Ask for the reason."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_training.partnership_training_need_close_action"
        )
        action["context"] = {"default_need_ids": self.ids}
        return action

    def action_drop(self):
        self._close("no_longer")

    def action_reopen(self):
        twice = self._filtered_open_again()
        if twice:
            raise UserError(
                self.env._(
                    "%(need)s was raised again in the meantime: it stays closed.",
                    need=twice[0].display_name,
                )
            )
        self._reopen()

    def _filtered_open_again(self):
        """:return: those of the closed needs for which another one is open"""
        known = self._find_open([need._get_key_values() for need in self])
        return self.filtered(lambda need: self._get_key(need._get_key_values()) in known)

    @api.model
    def _cron_drop_needs(self):
        """Drop what nobody needs any more: its member left, or its mandate ended."""
        needs = self.search(self._domain_no_longer())
        self.env["ir.cron"]._run_in_batches(
            needs.ids, BATCH, lambda ids: self.browse(ids)._close("no_longer")
        )

    @api.model
    def _domain_no_longer(self):
        return Domain("state", "in", OPEN_STATES) & self._domain_on_its_day(
            lambda today: (
                Domain("membership_id.date_end", "<", today)
                | Domain("mandate_id.date_end", "<", today)
            )
        )

    def action_plan_session(self):
        """Ask for the courses that would help, and draft sessions for those who ask."""
        self.action_ask()
        action = self.course_id.action_plan_session()
        if len(self.partnership_id) == 1:
            action["context"]["default_partnership_id"] = self.partnership_id.id
        return action

    @api.depends("state")
    def _compute_coverage(self):
        for need in self:
            if need.state == "dropped":
                need.coverage = False
            else:
                need.coverage = float(need.state != "open")

    def _read_group_select(self, aggregate_spec, query):
        aggregate = super()._read_group_select(aggregate_spec, query)
        if aggregate_spec != "coverage:avg":
            return aggregate
        coverage = self._field_to_sql(self._table, "coverage", query)
        return SQL("CASE WHEN COUNT(%s) >= %s THEN %s END", coverage, ENOUGH, aggregate)
