from odoo import api, fields, models
from odoo.exceptions import UserError


class PartnershipTrainingEnrol(models.TransientModel):
    """Enrol many persons at once: of a body, of members, who asked for the course, or others."""

    _name = "partnership.training.enrol"
    _description = "Enrol"
    _inherit = ["partnership.guarded.mixin"]

    session_id = fields.Many2one(
        "partnership.training.session", required=True, readonly=True, ondelete="cascade"
    )
    partnership_id = fields.Many2one(related="session_id.partnership_id")
    seats_max = fields.Integer(related="session_id.seats_max")
    seats_free = fields.Integer(related="session_id.seats_free")
    source = fields.Selection(
        [
            ("persons", "Persons I choose"),
            ("demand", "Who asked for this course"),
            ("body", "Who sits in a body"),
            ("members", "Representatives of members"),
        ],
        "Enrol",
        required=True,
        default="persons",
    )
    body_id = fields.Many2one(
        "partnership.body", domain="[('partnership_id', '=', partnership_id)]"
    )
    membership_ids = fields.Many2many(
        "partnership.membership",
        string="Members",
        domain="[('partnership_id', '=', partnership_id), ('is_current', '=', True)]",
    )
    with_alternates = fields.Boolean("Alternates Too", default=True)
    person_ids = fields.Many2many(
        "res.partner",
        string="Persons",
        compute="_compute_person_ids",
        store=True,
        readonly=False,
        domain=[("is_company", "=", False)],
    )
    person_count = fields.Integer("Number of Persons", compute="_compute_person_count")
    prerequisite_ids = fields.Many2many(related="session_id.prerequisite_ids")
    unprepared_ids = fields.Many2many(
        "res.partner", string="Not Prepared", compute="_compute_unprepared_ids"
    )
    confirm = fields.Boolean(
        "Confirm at Once",
        default=True,
        help="Who finds no free seat goes to the waiting list, first come, first served.",
    )

    @api.depends("source", "body_id", "membership_ids", "with_alternates")
    def _compute_person_ids(self):
        for wizard in self:
            if wizard.source == "demand":
                demand = self.env["partnership.enrolment"].search(
                    wizard.session_id._domain_demand(), order="id"
                )
                wizard.person_ids = demand.person_id
            elif wizard.source == "body":
                wizard.person_ids = wizard._get_holders(wizard.body_id.seat_ids)
            elif wizard.source == "members":
                wizard.person_ids = wizard._get_representatives()
            else:
                wizard.person_ids = wizard.person_ids

    @api.depends("person_ids")
    def _compute_person_count(self):
        for wizard in self:
            wizard.person_count = len(wizard.person_ids)

    @api.depends("person_ids", "session_id")
    def _compute_unprepared_ids(self):
        """The persons who miss one of the courses that come before."""
        for wizard in self:
            persons, courses = wizard.person_ids._origin, wizard.prerequisite_ids._origin
            completed = persons._get_completed_courses(courses)
            wizard.unprepared_ids = persons.filtered(
                lambda person, courses=courses, completed=completed: courses - completed[person]
            )

    def _get_representatives(self):
        """:return: who holds a seat of the members; a person that is a member, itself"""
        memberships = self.membership_ids
        individuals = memberships.partner_id.filtered(lambda partner: not partner.is_company)
        return self._get_holders(memberships.seat_ids) | individuals

    def _get_holders(self, seats):
        today = self._get_today()
        holders = self.env["res.partner"]
        for seat in seats._origin._valid_on(today):
            titular, alternates = seat._get_holders_by_kind(today)
            holders |= titular | alternates if self.with_alternates else titular
        return holders

    def action_enrol(self):
        self.ensure_one()
        if not self.person_ids:
            raise UserError(self.env._("Choose at least one person to enrol."))
        enrolments = self.session_id._enrol(self.person_ids, confirm=self.confirm)
        if self.confirm:
            return enrolments._notify_waiting()
        return {"type": "ir.actions.act_window_close"}
