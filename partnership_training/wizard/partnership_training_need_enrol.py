from odoo import api, fields, models
from odoo.exceptions import UserError


class PartnershipTrainingNeedEnrol(models.TransientModel):
    """Enrol those whom training needs concern in a session of the course that would help."""

    _name = "partnership.training.need.enrol"
    _description = "Enrol for Training Needs"
    _inherit = ["partnership.guarded.mixin"]

    need_ids = fields.Many2many("partnership.training.need", required=True)
    course_id = fields.Many2one("partnership.course", compute="_compute_course_id")
    partnership_id = fields.Many2one("partnership.partnership", compute="_compute_course_id")
    session_id = fields.Many2one(
        "partnership.training.session",
        required=True,
        ondelete="cascade",
        domain="[('course_id', '=', course_id), ('partnership_id', '=', partnership_id), "
        "('state', 'in', ('draft', 'open'))]",
    )
    seats_free = fields.Integer(related="session_id.seats_free")
    seats_max = fields.Integer(related="session_id.seats_max")
    person_ids = fields.Many2many(
        "res.partner",
        string="Persons",
        compute="_compute_person_ids",
        store=True,
        readonly=False,
        domain=[("is_company", "=", False)],
    )
    confirm = fields.Boolean(
        "Confirm at Once",
        default=True,
        help="Who finds no free seat goes to the waiting list, first come, first served.",
    )

    @api.depends("need_ids")
    def _compute_course_id(self):
        for wizard in self:
            wizard.course_id = wizard.need_ids.course_id[:1]
            wizard.partnership_id = wizard.need_ids.partnership_id[:1]

    @api.depends("need_ids")
    def _compute_person_ids(self):
        for wizard in self:
            persons = wizard.need_ids._origin._get_persons()
            wizard.person_ids = self.env["res.partner"].union(*persons.values())

    def action_enrol(self):
        self.ensure_one()
        if not self.person_ids:
            raise UserError(self.env._("Choose at least one person to enrol."))
        enrolments = self.session_id._enrol(self.person_ids)
        enrolments._serve(self.need_ids)
        if self.confirm:
            return enrolments.action_confirm()
        return {"type": "ir.actions.act_window_close"}
