from odoo import api, fields, models
from odoo.exceptions import UserError


class PartnershipBriefingRecipients(models.TransientModel):
    """Take the recipients of a briefing from a body, a role or the absentees of its meeting."""

    _name = "partnership.briefing.recipients"
    _description = "Add Recipients"
    _inherit = ["partnership.guarded.mixin"]

    briefing_id = fields.Many2one("partnership.briefing", required=True, ondelete="cascade")
    partnership_id = fields.Many2one(related="briefing_id.partnership_id")
    event_id = fields.Many2one(related="briefing_id.event_id")
    source = fields.Selection(
        [
            ("body", "Whoever holds a seat of a body"),
            ("role", "Whoever speaks for members of a role"),
            ("absentees", "The absentees of the meeting"),
        ],
        "Take",
        required=True,
        default="body",
    )
    body_id = fields.Many2one(
        "partnership.body",
        compute="_compute_body_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('partnership_id', '=', partnership_id)]",
    )
    role_id = fields.Many2one("partnership.role")
    summary = fields.Char("Readers", compute="_compute_summary")
    without_email = fields.Char("Without E-mail", compute="_compute_summary")

    @api.depends("briefing_id")
    def _compute_body_id(self):
        for wizard in self:
            wizard.body_id = wizard.briefing_id.body_id

    @api.depends("source", "body_id", "role_id", "briefing_id")
    def _compute_summary(self):
        for wizard in self:
            readers = wizard._get_readers()
            persons = self.env["res.partner"].union(*(person for person, _member in readers))
            members = {member for _person, member in readers}
            wizard.summary = self.env._(
                "%(persons)s for %(members)s members", persons=len(persons), members=len(members)
            )
            wizard.without_email = ", ".join(
                persons.filtered(lambda person: not person.email_normalized).mapped("name")
            )

    def _get_readers(self):
        """:return: list of (person, membership) that the dialog describes, as they are today"""
        self.ensure_one()
        briefing = self.briefing_id
        date = briefing._get_today()
        if self.source == "role":
            return briefing._get_role_readers(briefing.partnership_id, self.role_id, date)
        if self.source == "absentees":
            return briefing._get_absentee_readers(briefing.event_id, date)
        return briefing._get_body_readers(self.body_id, date)

    def action_add(self):
        self.ensure_one()
        if self.source == "absentees" and self.event_id.partnership_state != "closed":
            raise UserError(
                self.env._(
                    "Absentees are known once the sheet of a meeting is closed: choose such a "
                    "meeting for the briefing."
                )
            )
        readers = self._get_readers()
        if not readers:
            raise UserError(self.env._("Nobody was found there."))
        self.briefing_id._add_readers(readers)
        return {"type": "ir.actions.act_window_close"}
