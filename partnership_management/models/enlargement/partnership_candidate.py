from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.against_today import AgainstToday

REVIEW = "partnership_management.mail_activity_type_review"

FORMS = [("formal", "Formal"), ("informal", "Informal")]
PRIORITIES = [("0", "Low"), ("1", "Medium"), ("2", "High"), ("3", "Very high")]


class PartnershipCandidate(models.Model):
    """One attempt of one actor to come into a partnership: a card of the pipeline (L41).

    The card makes the membership where there is none. Entering a stage gives the role that the
    stage names; going back takes none away: a role is lowered on the membership, with a reason.
    How that is done, and what is refused, stands in ``partnership_candidate_action.py``.

    What is counted of a candidate, for all cards of the board at once.

    Whether the partnership is looking for actors such as this one, now.

    Informal participation is reviewed on a date (L48): an activity of the responsible user.
    """

    _name = "partnership.candidate"
    _description = "Candidate"
    _inherit = ["mail.tracking.duration.mixin", "mail.activity.mixin", "partnership.mailed.mixin"]
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
    is_review_due = AgainstToday("Review Due", date_field="review_date", sign="<=")
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
        help="At meetings with a closed sheet; two persons who came to one for the actor are "
        "two presences.",
    )
    meeting_count = fields.Integer("Calendar", related="partner_id.meeting_count")

    is_sought = fields.Boolean(
        "Sought",
        compute="_compute_is_sought",
        search="_search_is_sought",
        help="The open enlargement round looks for its interest group.",
    )

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
        for candidate in self:
            delay = candidate.stage_id.review_delay_days
            if candidate.stage_id.is_admission and candidate.target_form == "formal":
                delay = 0
            today = candidate._get_today()
            candidate.review_date = fields.Date.add(today, days=delay) if delay else False

    @api.depends("refuse_reason_id")
    def _compute_refuse_date(self):
        for candidate in self:
            date = candidate.refuse_date or candidate._get_today()
            candidate.refuse_date = date if candidate.refuse_reason_id else False

    @api.model_create_multi
    def create(self, vals_list):
        completed = self._complete_values(vals_list)
        memberships = self._find_or_create_memberships(completed)
        candidates = super().create(completed)
        candidates._join_memberships(memberships)
        candidates._check_one_ongoing()
        candidates._join_rounds()
        candidates._enter_stage(is_new=True)
        candidates._plan_reviews(candidates)
        return candidates

    def write(self, vals):
        entering = self._filtered_changed(vals, ["stage_id"])
        if "stage_id" in vals and entering != self:
            # Whoever is in the stage already does not enter it again
            rest = {fname: value for fname, value in vals.items() if fname != "stage_id"}
            (self - entering).write(rest)
            return entering.write(vals) if entering else True
        if "letter_date" in vals:
            self._forget_mail()
        self._check_identity(vals)
        closed = self.filtered(lambda candidate: not candidate._is_ongoing())
        if entering and vals.get("refuse_reason_id", True):
            entering._check_not_refused()
        reviews = {candidate.id: candidate.review_date for candidate in self}
        result = super().write(vals)
        opened = closed.filtered(lambda candidate: candidate._is_ongoing())
        opened._check_one_ongoing()
        (entering | opened)._enter_stage()
        if vals.get("refuse_reason_id"):
            self._join_rounds()
        if {"stage_id", "review_date", "user_id", "refuse_reason_id", "active"} & vals.keys():
            self._plan_reviews(
                self.filtered(lambda candidate: candidate.review_date != reviews[candidate.id])
                | opened
            )
        entering._check_file()
        return result

    def _message_auto_subscribe_notify(self, partner_ids, template):
        """Nobody gets mail because a card was given to them: they see it among their cards."""

    def _is_ongoing(self):
        return self.active and self.state == "ongoing"

    @api.depends("partner_id", "partnership_id")
    @api.depends_context("uid")
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
    @api.depends_context("uid")
    def _compute_presence_count(self):
        counts = dict(
            self.env["partnership.attendance"]._read_group(
                self._get_presence_domain(), ["membership_id"], ["__count"]
            )
        )
        for candidate in self:
            candidate.presence_count = counts.get(candidate.membership_id, 0)

    def _get_presence_domain(self):
        """:return: Domain of the rows of presence of the candidates, also those as guests"""
        return (
            Domain("membership_id", "in", self.membership_id.ids)
            & self.env["partnership.attendance"]._domain_presence()
        )

    def _get_rotting_depends_fields(self):
        return [*super()._get_rotting_depends_fields(), "state"]

    def _get_rotting_domain(self):
        return super()._get_rotting_domain() & Domain("state", "=", "ongoing")

    @api.depends("partnership_id", "interest_group_id", "state")
    def _compute_is_sought(self):
        rounds = self._get_open_rounds([("partnership_id", "in", self.partnership_id.ids)])
        sought = {each.partnership_id: each.group_ids for each in rounds}
        for candidate in self:
            candidate.is_sought = (
                candidate.state == "ongoing"
                and candidate.interest_group_id._origin
                in sought.get(candidate.partnership_id._origin, ())
            )

    def _search_is_sought(self, operator, value):
        if operator != "in":
            return NotImplemented
        rounds = self._get_open_rounds([("group_ids", "!=", False)])
        return Domain("state", "=", "ongoing") & Domain.OR(
            Domain("partnership_id", "=", each.partnership_id.id)
            & Domain("interest_group_id", "in", each.group_ids.ids)
            for each in rounds
        )

    @api.model
    def _get_open_rounds(self, domain):
        """:return: the rounds that are open and admit today, where their partnership is"""
        rounds = self.env["partnership.enlargement.round"].search(
            Domain(domain) & Domain("state", "=", "open")
        )
        return rounds._valid_today()

    def _plan_reviews(self, moved):
        """Bring the activities of review in line with the cards: one search, one write for each
        date and user, and no mail.

        :param moved: the cards with a new review date. The others get no new activity: theirs
            may be done.
        """
        self._drop_suggestions()
        quiet = self.with_context(mail_activity_quick_update=True)
        planned = quiet.activity_search([REVIEW])
        due = quiet.filtered(
            lambda card: card.active and card.state != "refused" and card.review_date
        )
        kept = planned.filtered(lambda activity: due & due.browse(activity.res_id))
        (planned - kept).unlink()
        planned = kept.grouped("res_id")
        for (date, user), cards in due.grouped(
            lambda card: (card.review_date, card.user_id)
        ).items():
            activities = quiet.env["mail.activity"].union(
                *(planned[card.id] for card in cards if card.id in planned)
            )
            activities.filtered(
                lambda activity, date=date, user=user: (
                    (activity.date_deadline, activity.user_id) != (date, user)
                )
            ).write({"date_deadline": date, "user_id": user.id})
            (cards & moved).filtered(lambda card: card.id not in planned).activity_schedule(
                REVIEW, date, user_id=user.id
            )

    @api.model
    def _count_by(self, fname, records):
        """:return: dict of ``records`` -> number of cards, refused and archived ones too"""
        return dict(
            self.with_context(active_test=False)._read_group(
                [(fname, "in", records.ids)], [fname], ["__count"]
            )
        )

    @api.model
    def _get_list_action(self, domain, context):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_candidate_action"
        )
        action["domain"] = domain
        action["context"] = {"active_test": False, **context}
        action["views"] = [(False, "list"), (False, "kanban"), (False, "form")]
        return action
