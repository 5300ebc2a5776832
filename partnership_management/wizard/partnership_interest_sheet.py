from odoo import api, fields, models


class PartnershipInterestSheet(models.TransientModel):
    """Who declares what interests at a meeting, one tap each, and whom the register proposes to
    recuse."""

    _name = "partnership.interest.sheet"
    _description = "Declarations of a Meeting"
    _inherit = ["partnership.guarded.mixin"]

    event_id = fields.Many2one("calendar.event", "Meeting", required=True, readonly=True)
    line_ids = fields.One2many(
        "partnership.interest.sheet.line",
        "sheet_id",
        "Persons",
        domain=[("is_proposal", "=", False)],
    )
    proposal_ids = fields.One2many(
        "partnership.interest.sheet.line",
        "sheet_id",
        "Proposed Recusals",
        domain=[("is_proposal", "=", True)],
    )
    undeclared_count = fields.Integer(compute="_compute_undeclared_count")

    @api.depends("line_ids.is_declared")
    def _compute_undeclared_count(self):
        for sheet in self:
            lines = sheet.line_ids.filtered(lambda line: not line.is_declared)
            sheet.undeclared_count = len(lines)

    @api.model
    def _open(self, event):
        """:return: the action that shows a new sheet of ``event``"""
        sheet = self.create({"event_id": event.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Interests: %(meeting)s", meeting=event.display_name),
            "res_model": self._name,
            "res_id": sheet.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model_create_multi
    def create(self, vals_list):
        sheets = super().create(vals_list)
        for sheet in sheets:
            sheet.event_id._check_sheet_access()
            persons = sheet._get_persons()
            rows = [{"person_id": person.id} for person in persons] + sheet._get_proposals()
            self.env["partnership.interest.sheet.line"].create(
                [{"sheet_id": sheet.id, **row} for row in rows]
            )
        return sheets

    def _get_persons(self):
        """:return: res.partner, who may speak, and who has declared something"""
        event = self.event_id
        return (event._get_seated() | event._get_declared()).sorted("name")

    def _get_proposals(self):
        """:return: list of values of lines; those of a draft or an open vote, one for each item"""
        rows = {}
        for decision in self.event_id.decision_ids:
            if decision.state not in ("draft", "open", "interrupted"):
                continue
            for (member, person), interest in decision._get_proposed_recusals().items():
                key = (decision.item_id, member, person)
                rows[key] = {
                    "is_proposal": True,
                    "person_id": person.id,
                    "membership_id": member.id,
                    "interest_id": interest.id,
                    "item_id": decision.item_id.id,
                }
        return list(rows.values())

    def action_rest_none(self):
        """All who have not declared anything have no interest."""
        self.ensure_one()
        event = self.event_id
        event._check_sheet_access()
        for person in event._get_undeclared():
            event.declaration_ids._declare(event, person, set())
        return self._open(event)


class PartnershipInterestSheetLine(models.TransientModel):
    """A person who may declare interests, or a recusal that the register proposes."""

    _name = "partnership.interest.sheet.line"
    _description = "Line of the Declarations of a Meeting"
    _inherit = ["partnership.guarded.mixin"]

    sheet_id = fields.Many2one(
        "partnership.interest.sheet", required=True, index=True, ondelete="cascade"
    )
    is_proposal = fields.Boolean()
    person_id = fields.Many2one("res.partner", ondelete="cascade")
    membership_id = fields.Many2one("partnership.membership", "Member", ondelete="cascade")
    item_id = fields.Many2one("partnership.agenda.item", ondelete="cascade")
    interest_id = fields.Many2one("partnership.interest", ondelete="cascade")
    who = fields.Char(compute="_compute_who")
    why = fields.Char("Because of", compute="_compute_who")
    members = fields.Char("For", compute="_compute_declared")
    declared = fields.Char(compute="_compute_declared")
    is_declared = fields.Boolean(compute="_compute_declared")
    has_interest = fields.Boolean(compute="_compute_declared")

    @api.depends("membership_id", "person_id", "interest_id")
    def _compute_who(self):
        own = self.env._("It is concerned itself")
        for line in self:
            line.who = line.membership_id.partner_id.name or line.person_id.name
            line.why = line.interest_id.display_name or own

    @api.depends("person_id", "sheet_id.event_id.declaration_ids.withdrawn_on")
    def _compute_declared(self):
        for event, lines in self.grouped(lambda line: line.sheet_id.event_id).items():
            declared = event._get_declared()
            members = event._get_represented()
            valid = event.declaration_ids.filtered(lambda each: not each.withdrawn_on)
            by_person = valid.grouped("person_id")
            for line in lines:
                person = line.person_id
                own = by_person.get(person, valid.browse())
                interests = own.filtered(lambda each: each.kind == "interest")
                line.is_declared = person in declared
                line.has_interest = bool(interests)
                line.members = ", ".join(members[person].partner_id.mapped("name"))
                line.declared = ", ".join(
                    each._get_subject().display_name for each in interests
                ) or (line.is_declared and self.env._("No interest"))

    def _get_event(self):
        self.ensure_one()
        event = self.sheet_id.event_id
        event._check_sheet_access()
        return event

    def action_none(self):
        """The person says that it has no interest."""
        event = self._get_event()
        event.declaration_ids._declare(event, self.person_id, set())
        return self.sheet_id._open(event)

    def action_interest(self):
        """The person declares an interest: ask in what."""
        event = self._get_event()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_interest_declare_action"
        )
        context = {"default_event_id": event.id, "default_person_id": self.person_id.id}
        return {**action, "context": context}

    def action_accept(self):
        """Who presides follows the proposal."""
        event = self._get_event()
        Declaration = self.env["partnership.interest.declaration"]
        declaration = Declaration.create(self._get_proposed_values(event))
        declaration.sudo().source = "register"
        return self.sheet_id._open(event)

    def action_dismiss(self):
        """Who presides does not follow the proposal: ask why."""
        event = self._get_event()
        context = {
            f"default_{fname}": value for fname, value in self._get_proposed_values(event).items()
        }
        return self.env["partnership.interest.declaration"]._open_ruling(
            {**context, "default_ruling": "may_vote"}
        )

    def _get_proposed_values(self, event):
        return {
            "event_id": event.id,
            "person_id": self.person_id.id,
            "membership_id": self.membership_id.id,
            "item_id": self.item_id.id,
            "nature": self.interest_id.nature,
        }
