from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .partnership_interest import NATURES

# What was declared stays as it was: it is withdrawn, and declared anew
DECLARED_FIELDS = ("event_id", "person_id", "membership_id", "kind", "item_id", "decision_id")
ITEM_OR_DECISION = {"partnership.agenda.item": "item_id", "partnership.decision": "decision_id"}


class PartnershipInterestDeclaration(models.Model):
    """What somebody said of its interests in what a meeting decides, and what who presides made
    of it.

    An interest of a person bars it from every seat, one of the member that it represents recuses
    the seats of the member, whoever sits there. Nothing is deleted: a declaration is withdrawn.
    """

    _name = "partnership.interest.declaration"
    _description = "Declaration of Interest"
    _inherit = ["partnership.guarded.mixin"]
    _order = "date desc, event_id, person_id, id"
    _check_company_auto = True
    _sent_fields = ("note", "ruling_reason")
    _portal_fields = (
        "event_id",
        "partnership_id",
        "body_id",
        "date",
        "person_id",
        "membership_id",
        "kind",
        "nature",
        "source",
        "declared_on",
        "withdrawn_on",
        "ruling",
        "left_room",
    )

    event_id = fields.Many2one(
        "calendar.event",
        "Meeting",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('partnership_body_id', '!=', False)]",
    )
    partnership_id = fields.Many2one(
        related="event_id.partnership_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(related="partnership_id.company_id", store=True)
    body_id = fields.Many2one(
        related="event_id.partnership_body_id", store=True, index=True, precompute=True
    )
    date = fields.Date(related="event_id.partnership_date", store=True, precompute=True)
    person_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="restrict",
        domain=[("is_company", "=", False)],
    )
    membership_id = fields.Many2one(
        "partnership.membership",
        "Member",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('partnership_id', '=', partnership_id)]",
        help="Whose interest it is. Empty: that of the person.",
    )
    kind = fields.Selection(
        [("none", "No interest"), ("interest", "Interest")],
        "Declared",
        required=True,
        default="interest",
    )
    item_id = fields.Many2one(
        "partnership.agenda.item",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('event_id', '=', event_id)]",
    )
    decision_id = fields.Many2one(
        "partnership.decision",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('event_id', '=', event_id), ('item_id', '=', False)]",
        help="Of no item of the agenda.",
    )
    nature = fields.Selection(NATURES)
    note = fields.Char("What It Is")
    source = fields.Selection(
        [
            ("clerk", "At the meeting"),
            ("link", "By the personal link"),
            ("register", "From the register"),
        ],
        "By Which Way",
        required=True,
        default="clerk",
        readonly=True,
    )
    declared_on = fields.Datetime(required=True, default=fields.Datetime.now, readonly=True)
    user_id = fields.Many2one(
        "res.users", "Entered by", default=lambda self: self.env.user, readonly=True
    )
    withdrawn_on = fields.Datetime(readonly=True, copy=False)

    # What who presides made of it
    ruling = fields.Selection(
        [("recused", "Recused"), ("may_vote", "May vote")],
        compute="_compute_ruling",
        store=True,
        precompute=True,
    )
    ruling_reason = fields.Char("Reason of the Ruling", readonly=True)
    ruling_user_id = fields.Many2one("res.users", "Ruling Entered by", readonly=True)
    ruling_date = fields.Datetime("Ruled on", readonly=True)
    left_room = fields.Boolean(help="While it was dealt with.")

    _valid_uniq = models.UniqueIndex(
        "(event_id, COALESCE(person_id, 0), COALESCE(membership_id, 0), COALESCE(item_id, 0), "
        "COALESCE(decision_id, 0)) WHERE withdrawn_on IS NULL",
        "This was declared already at this meeting: withdraw it before it is declared anew.",
    )
    _of_somebody = models.Constraint(
        "CHECK (person_id IS NOT NULL OR membership_id IS NOT NULL)",
        "Say who declares, or which member has the interest.",
    )
    _about_something = models.Constraint(
        "CHECK (kind = 'none' AND item_id IS NULL AND decision_id IS NULL "
        "AND membership_id IS NULL "
        "OR kind = 'interest' AND (item_id IS NULL) <> (decision_id IS NULL))",
        "An interest is in one item of the agenda, or in one decision without item. Who has none "
        "names none.",
    )

    @api.depends("kind")
    def _compute_ruling(self):
        """Who has an interest is recused, unless who presides says otherwise."""
        for declaration in self:
            recused = declaration.kind == "interest" and "recused"
            declaration.ruling = declaration.ruling or recused

    @api.depends("person_id.name", "membership_id.partner_id.name", "item_id", "decision_id")
    def _compute_display_name(self):
        """Whoever may see a declaration sees what it is about, also in the portal."""
        none = self.env._("No interest")
        for declaration in self.sudo():
            subject = declaration._get_subject().display_name or none
            declaration.display_name = f"{declaration._get_who()}: {subject}"

    def _get_who(self):
        """:return: whose interest it is, as a text"""
        return (self.membership_id.partner_id or self.person_id).name or ""

    def _get_subject(self):
        """:return: the item of the agenda, or the decision"""
        return self.item_id or self.decision_id

    def _get_decisions(self):
        return self.item_id.decision_ids | self.decision_id

    @api.constrains("event_id", "item_id", "decision_id")
    def _check_place(self):
        for declaration in self:
            subject = declaration._get_subject()
            if subject and subject.event_id != declaration.event_id:
                raise ValidationError(
                    self.env._(
                        "“%(subject)s” is not dealt with at “%(event)s”.",
                        subject=subject.display_name,
                        event=declaration.event_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        declarations = super().create(vals_list)
        declarations._settle_votes()
        return declarations

    def write(self, vals):
        changed = self._filtered_changed(vals, DECLARED_FIELDS)
        if changed and not self.env.su:
            raise UserError(
                self.env._(
                    "“%(declaration)s” stays as it was declared: withdraw it, and enter another "
                    "one.",
                    declaration=changed[0].display_name,
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_superuser(self):
        for declaration in self:
            raise UserError(
                self.env._(
                    "“%(declaration)s” was declared: it is not deleted but withdrawn.",
                    declaration=declaration.display_name,
                )
            )

    # ------------------------------------------------------------
    # What becomes of it
    # ------------------------------------------------------------

    def action_withdraw(self):
        """It was entered by mistake, or does not hold any more; it stays as withdrawn."""
        self.check_access("write")
        self._check_undecided()
        self.sudo().withdrawn_on = fields.Datetime.now()
        self._settle_votes()

    def action_rule(self):
        self.ensure_one()
        return self._open_ruling({"default_declaration_id": self.id})

    @api.model
    def _open_ruling(self, context):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_interest_ruling_action"
        )
        return {**action, "context": context}

    def _rule(self, ruling, reason):
        """What who presides says, as the clerk enters it.

        :param ruling: recused or may_vote
        """
        self.check_access("write")
        self._check_undecided()
        for declaration in self:
            if declaration.kind == "none" or declaration.withdrawn_on:
                raise UserError(
                    self.env._(
                        "“%(declaration)s” names no interest that holds: nothing is ruled on it.",
                        declaration=declaration.display_name,
                    )
                )
        self.sudo().write(
            {
                "ruling": ruling,
                "ruling_reason": reason,
                "ruling_user_id": self.env.uid,
                "ruling_date": fields.Datetime.now(),
            }
        )
        self._settle_votes()

    def _check_undecided(self):
        for decision in self.sudo()._get_decisions():
            if decision.state == "closed":
                raise UserError(
                    self.env._(
                        "“%(decision)s” was decided with this declaration: it stays as it was.",
                        decision=decision.display_name,
                    )
                )

    def _settle_votes(self):
        """Bring open votes in line, whoever enters the declaration."""
        decisions = self.sudo()._get_decisions()
        decisions.filtered(
            lambda decision: decision.state in ("open", "interrupted")
        )._settle_recusals()

    # ------------------------------------------------------------
    # Declaring
    # ------------------------------------------------------------

    @api.model
    def _declare(self, event, person, interests, source="clerk", **values):
        """Take all that a person says of its interests at a meeting: what it said before and does
        not say any more is withdrawn. What comes from the register, or was ruled on, stays.

        :param interests: set of (membership that the person represents, or none for itself; item
            of the agenda, or decision without item); empty: no interest
        :param source: see the field; by the personal link nothing is said on what was put to the
            vote
        :param values: ``nature`` and ``note`` of what is new
        :return: the declarations that are new
        """
        event._take_turns()
        before = event.declaration_ids.filtered(
            lambda declaration: declaration.person_id == person and not declaration.withdrawn_on
        )
        known = {each._get_interest(): each for each in before if each.kind == "interest"}
        new = interests - known.keys()
        if source == "link":
            self._check_not_put(new)
        said = before.filtered(
            lambda declaration: (
                declaration._get_interest() in interests or declaration._is_kept(source)
                if declaration.kind == "interest"
                else not interests
            )
        )
        (before - said).action_withdraw()
        confirmed = said.filtered(
            lambda each: each.source == "register" and each._get_interest() in interests
        )
        vals_list = [
            {
                "event_id": event.id,
                "person_id": person.id,
                "membership_id": membership.id,
                ITEM_OR_DECISION[subject._name]: subject.id,
                **values,
            }
            for membership, subject in new
        ]
        if not interests and "none" not in said.mapped("kind"):
            vals_list.append({"event_id": event.id, "person_id": person.id, "kind": "none"})
        declarations = self.create(vals_list)
        (declarations | confirmed).sudo().write(
            {"source": source, "declared_on": fields.Datetime.now(), "user_id": self.env.uid}
        )
        return declarations

    def _get_interest(self):
        """:return: (membership or none, item or decision), see :meth:`_declare`"""
        return self.membership_id, self._get_subject()

    def _is_kept(self, source):
        """:return: whether it stays although the person does not say so again"""
        is_put = source == "link" and self._is_put(self._get_subject())
        return is_put or self.source == "register" or bool(self.ruling_date)

    @api.model
    def _is_put(self, subject):
        """:return: whether the vote on an item or a decision was opened"""
        decisions = subject if subject._name == "partnership.decision" else subject.decision_ids
        return any(decision.state not in ("draft", "withdrawn") for decision in decisions)

    @api.model
    def _check_not_put(self, interests):
        for _membership, subject in interests:
            if self._is_put(subject):
                raise UserError(
                    self.env._(
                        "The vote on “%(subject)s” was opened: tell who presides.",
                        subject=subject.display_name,
                    )
                )
