from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.deliberation.partnership_interest import NATURES


class PartnershipInterestDeclare(models.TransientModel):
    """In what a person declares an interest at a meeting: its own, or that of a member for which
    it speaks."""

    _name = "partnership.interest.declare"
    _description = "Declare an Interest"
    _inherit = ["partnership.guarded.mixin"]

    event_id = fields.Many2one("calendar.event", "Meeting", required=True)
    person_id = fields.Many2one("res.partner", required=True)
    member_ids = fields.Many2many("partnership.membership", compute="_compute_member_ids")
    membership_id = fields.Many2one(
        "partnership.membership",
        "Interest of",
        domain="[('id', 'in', member_ids)]",
        help="The member that has the interest: its seats are recused. Empty: the person itself.",
    )
    item_ids = fields.Many2many(
        "partnership.agenda.item",
        string="Items",
        compute="_compute_subjects",
        store=True,
        readonly=False,
        domain="[('event_id', '=', event_id), '|', ('kind', '=', 'decision'), "
        "('decision_ids', '!=', False)]",
    )
    decision_ids = fields.Many2many(
        "partnership.decision",
        string="Decisions",
        compute="_compute_subjects",
        store=True,
        readonly=False,
        domain="[('event_id', '=', event_id), ('item_id', '=', False), "
        "('state', '!=', 'withdrawn')]",
    )
    has_loose_decisions = fields.Boolean(compute="_compute_member_ids")
    nature = fields.Selection(NATURES)
    note = fields.Char("What It Is")

    @api.depends("event_id", "person_id")
    def _compute_member_ids(self):
        for dialog in self:
            dialog.member_ids = dialog.event_id._get_represented()[dialog.person_id]
            subjects = dialog.event_id._get_decided()
            dialog.has_loose_decisions = any(
                subject._name == "partnership.decision" for subject in subjects
            )

    @api.depends("event_id", "person_id", "membership_id")
    def _compute_subjects(self):
        """What was declared already."""
        for dialog in self:
            known = dialog._get_known().filtered(
                lambda each, dialog=dialog: each.membership_id == dialog.membership_id
            )
            dialog.item_ids = known.item_id
            dialog.decision_ids = known.decision_id

    def _get_known(self):
        return self.event_id.declaration_ids.filtered(
            lambda each: (
                each.person_id == self.person_id
                and each.kind == "interest"
                and not each.withdrawn_on
            )
        )

    def action_declare(self):
        self.ensure_one()
        self.event_id._check_sheet_access()
        self._check_dialog()
        others = self._get_known().filtered(lambda each: each.membership_id != self.membership_id)
        interests = {each._get_interest() for each in others}
        interests |= {
            (self.membership_id, subject) for subject in (*self.item_ids, *self.decision_ids)
        }
        self.event_id.declaration_ids._declare(
            self.event_id, self.person_id, interests, nature=self.nature, note=self.note
        )
        return self.env["partnership.interest.sheet"]._open(self.event_id)

    def _check_dialog(self):
        if self.membership_id and self.membership_id not in self.member_ids:
            raise UserError(
                self.env._(
                    "%(person)s does not speak for %(member)s at this meeting.",
                    person=self.person_id.name,
                    member=self.membership_id.display_name,
                )
            )
        if not self.item_ids and not self.decision_ids:
            raise UserError(self.env._("Choose in what the interest is."))
