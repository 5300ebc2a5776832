from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from .partnership_attendance import PRESENT

FORMS = [("formal", "Formal"), ("informal", "Informal")]
PRIORITIES = [("0", "Low"), ("1", "Medium"), ("2", "High"), ("3", "Very high")]


class PartnershipCandidate(models.Model):
    """One attempt of one actor to come into a partnership: a card of the pipeline (L41).

    The card makes the membership where there is none. Entering a stage gives the role that the
    stage names; going back takes none away: a role is lowered on the membership, with a reason.
    How that is done stands in ``partnership_candidate_pipeline.py``.
    """

    _name = "partnership.candidate"
    _description = "Candidate"
    _inherit = ["mail.tracking.duration.mixin", "mail.activity.mixin"]
    _order = "priority desc, id desc"
    _track_duration_field = "stage_id"

    # Who
    partnership_id = fields.Many2one(
        "partnership.partnership",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["partnership.partnership"].search([], limit=1),
    )
    company_id = fields.Many2one(related="partnership_id.company_id", store=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Actor",
        required=True,
        index=True,
        ondelete="restrict",
        help="The organisation, or the person who would take part for itself.",
    )
    name = fields.Char(
        related="partner_id.name",
        store=True,
        readonly=False,
        index="trigram",
        help="Of an actor without a contact so far: its contact is made by this name.",
    )
    email = fields.Char(related="partner_id.email", readonly=False)
    phone = fields.Char(related="partner_id.phone", readonly=False)
    contact_id = fields.Many2one(
        "res.partner",
        "Contact Person",
        index="btree_not_null",
        ondelete="set null",
        domain="[('is_company', '=', False)]",
        help="Who speaks for the actor about its candidature.",
    )

    # What for
    target_form = fields.Selection(
        FORMS,
        "Aims At",
        required=True,
        default="formal",
        tracking=True,
        help="Formal: to become a member. Informal: to take part without being one.",
    )
    interest_group_id = fields.Many2one(
        "partnership.interest.group",
        compute="_compute_interest_group_id",
        inverse="_inverse_interest_group_id",
        store=True,
        readonly=False,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    description = fields.Html("Notes")
    tag_ids = fields.Many2many("partnership.candidate.tag", string="Tags")

    # Where it stands
    stage_id = fields.Many2one(
        "partnership.enlargement.stage",
        required=True,
        index=True,
        copy=False,
        ondelete="restrict",
        tracking=True,
        default=lambda self: self.env["partnership.enlargement.stage"].search([], limit=1),
        group_expand="_read_group_expand_full",
    )
    date_last_stage_update = fields.Datetime(
        "Last Stage Change",
        compute="_compute_date_last_stage_update",
        store=True,
        copy=False,
    )
    state = fields.Selection(
        [("ongoing", "Ongoing"), ("admitted", "Admitted"), ("refused", "Refused")],
        compute="_compute_state",
        store=True,
        index=True,
    )
    active = fields.Boolean(default=True, tracking=True)
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        index=True,
        tracking=True,
    )
    priority = fields.Selection(PRIORITIES, default="0", index=True)
    color = fields.Integer()
    review_date = fields.Date(
        compute="_compute_review_date",
        store=True,
        readonly=False,
        copy=False,
        index="btree_not_null",
        tracking=True,
        help="The day on which it is looked at again whether an informal participation goes on, "
        "becomes formal or ends.",
    )
    refuse_reason_id = fields.Many2one(
        "partnership.enlargement.refuse.reason",
        "Reason for Refusal",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    refuse_note = fields.Char("Note on the Refusal", copy=False, tracking=True)
    refuse_date = fields.Date(
        "Refused on", compute="_compute_refuse_date", store=True, readonly=False, copy=False
    )

    # What hangs on it
    membership_id = fields.Many2one(
        "partnership.membership", readonly=True, copy=False, index="btree_not_null"
    )
    role_id = fields.Many2one(related="membership_id.role_id", string="Present Role")
    membership_date_end = fields.Date(related="membership_id.date_end", string="Left on")
    attempt_count = fields.Integer("Attempts", compute="_compute_attempt_count")
    presence_count = fields.Integer(
        "Presences",
        compute="_compute_presence_count",
        help="Meetings with a closed sheet at which somebody was present for the actor.",
    )
    meeting_count = fields.Integer(related="partner_id.meeting_count")

    _pipeline_idx = models.Index("(priority DESC, id DESC) WHERE active IS TRUE")

    @api.depends("membership_id.interest_group_id")
    def _compute_interest_group_id(self):
        """While an attempt goes on, the card and the membership are in the same group."""
        for candidate in self:
            if candidate.state == "ongoing" or not candidate.interest_group_id:
                group = candidate.membership_id.interest_group_id
                candidate.interest_group_id = group or candidate.interest_group_id

    def _inverse_interest_group_id(self):
        """Another group on the card is another group of the actor; an empty one says nothing
        (an empty cell of an import), and the card takes that of the membership back."""
        for candidate in self.filtered(lambda candidate: not candidate.interest_group_id):
            candidate.interest_group_id = candidate.membership_id.interest_group_id
        going = self.filtered(
            lambda candidate: candidate.state != "refused" and candidate.interest_group_id
        )
        for group, candidates in going.grouped("interest_group_id").items():
            candidates.membership_id.filtered(
                lambda membership, group=group: membership.interest_group_id != group
            ).with_context(
                transition_reason=self.env._("Interest group of the candidate")
            ).interest_group_id = group

    @api.depends("stage_id")
    def _compute_date_last_stage_update(self):
        self.date_last_stage_update = self.env.cr.now()

    @api.depends("refuse_reason_id", "stage_id.is_admission")
    def _compute_state(self):
        for candidate in self:
            if candidate.refuse_reason_id:
                candidate.state = "refused"
            else:
                candidate.state = "admitted" if candidate.stage_id.is_admission else "ongoing"

    @api.depends("stage_id")
    def _compute_review_date(self):
        today = fields.Date.context_today(self)
        for candidate in self:
            delay = candidate.stage_id.review_delay_days
            if candidate.stage_id.is_admission and candidate.target_form == "formal":
                delay = 0
            candidate.review_date = fields.Date.add(today, days=delay) if delay else False

    @api.depends("refuse_reason_id")
    def _compute_refuse_date(self):
        today = fields.Date.context_today(self)
        for candidate in self:
            refused = candidate.refuse_reason_id
            candidate.refuse_date = (candidate.refuse_date or today) if refused else False

    @api.depends("partner_id", "partnership_id")
    def _compute_attempt_count(self):
        groups = self.with_context(active_test=False)._read_group(
            [("partner_id", "in", self.partner_id.ids)],
            ["partner_id", "partnership_id"],
            ["__count"],
        )
        counts = {(partner, partnership): count for partner, partnership, count in groups}
        for candidate in self:
            actor = (candidate.partner_id, candidate.partnership_id)
            candidate.attempt_count = counts.get(actor, 0)

    @api.depends("membership_id")
    def _compute_presence_count(self):
        counts = dict(
            self.env["partnership.attendance"]._read_group(
                self._get_presence_domain(), ["membership_id"], ["event_id:count_distinct"]
            )
        )
        for candidate in self:
            candidate.presence_count = counts.get(candidate.membership_id, 0)

    def _get_presence_domain(self):
        """:return: Domain of the rows of presence of the candidates, also those as guests"""
        return (
            Domain("membership_id", "in", self.membership_id.ids)
            & Domain("status", "in", PRESENT)
            & Domain("body_id", "!=", False)
            & Domain("meeting_state", "=", "closed")
        )

    @api.constrains("stage_id", "target_form")
    def _check_path(self):
        for candidate in self:
            if not candidate.stage_id._is_open_to(candidate.target_form):
                raise ValidationError(
                    self.env._(
                        "%(candidate)s aims at the form “%(form)s”, and “%(stage)s” is not a stage "
                        "on that path: change what it aims at, or choose another stage.",
                        candidate=candidate.name,
                        form=candidate._format_form(),
                        stage=candidate.stage_id.name,
                    )
                )

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

    @api.constrains("user_id", "partnership_id")
    def _check_user(self):
        """A card is given to somebody who can open it."""
        officer = "partnership_management.partnership_management_group_officer"
        for candidate in self:
            user, team = candidate.user_id, candidate.partnership_id.sudo().user_ids
            if user and user not in team and not user.sudo().has_group(officer):
                raise ValidationError(
                    self.env._(
                        "%(user)s is not in the team of %(partnership)s and cannot be responsible "
                        "for %(candidate)s.",
                        user=user.name,
                        partnership=candidate.partnership_id.name,
                        candidate=candidate.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        candidates = super().create(self._complete_values(vals_list))
        candidates._check_one_ongoing()
        candidates._enter_stage()
        candidates._plan_reviews(candidates)
        return candidates

    def write(self, vals):
        entering = self.filtered(
            lambda candidate: candidate.stage_id.id != vals.get("stage_id", candidate.stage_id.id)
        )
        if "stage_id" in vals and entering != self:
            # Whoever is in the stage already does not enter it again
            rest = {fname: value for fname, value in vals.items() if fname != "stage_id"}
            (self - entering).write(rest)
            return entering.write(vals) if entering else True
        self._check_identity(vals)
        closed = self.filtered(lambda candidate: not candidate._is_ongoing())
        if entering and vals.get("refuse_reason_id", True):
            entering._check_not_refused()
        reviews = {candidate.id: candidate.review_date for candidate in self}
        result = super().write(vals)
        opened = closed.filtered(lambda candidate: candidate._is_ongoing())
        opened._check_one_ongoing()
        (entering | opened)._enter_stage()
        if {"stage_id", "review_date", "user_id", "refuse_reason_id", "active"} & vals.keys():
            self._plan_reviews(
                self.filtered(lambda candidate: candidate.review_date != reviews[candidate.id])
                | opened
            )
        return result

    def _check_identity(self, vals):
        for candidate in self:
            for fname in ("partnership_id", "partner_id"):
                if fname in vals and vals[fname] != candidate[fname].id:
                    raise UserError(
                        self.env._(
                            "The card of %(candidate)s cannot become that of another actor or "
                            "partnership: archive it and make a new one.",
                            candidate=candidate.name,
                        )
                    )

    def _message_auto_subscribe_notify(self, partner_ids, template):
        """Nobody gets mail because a card was given to them: they see it among their cards."""

    def _get_rotting_depends_fields(self):
        return [*super()._get_rotting_depends_fields(), "state"]

    def _get_rotting_domain(self):
        return super()._get_rotting_domain() & Domain("state", "=", "ongoing")

    def _is_ongoing(self):
        return self.active and self.state == "ongoing"

    def _format_form(self):
        return dict(self._fields["target_form"]._description_selection(self.env))[self.target_form]

    def _format_refusal(self):
        """:return: when and why the candidate was refused, in words"""
        return self.env._(
            "refused on %(date)s: %(reason)s",
            date=format_date(self.env, self.refuse_date),
            reason=self.refuse_reason_id.name,
        )
