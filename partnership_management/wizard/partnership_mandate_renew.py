from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import format_date

from ..tools.attendance import PRESENT


class PartnershipMandateRenew(models.TransientModel):
    """After elections: end the mandates of many seats on one day and name the successors."""

    _name = "partnership.mandate.renew"
    _description = "Renew Mandates"
    _inherit = ["partnership.guarded.mixin"]

    body_ids = fields.Many2many(
        "partnership.body",
        string="Bodies",
        default=lambda self: self._default_records("partnership.body"),
    )
    mandate_ids = fields.Many2many(
        "partnership.mandate", default=lambda self: self._default_records("partnership.mandate")
    )
    date = fields.Date(
        "Last Day",
        required=True,
        compute="_compute_date",
        store=True,
        readonly=False,
        precompute=True,
        help="The last day of the mandates that end. Those of the successors begin the day after.",
    )
    end_kind = fields.Selection(
        [("planned", "Planned: the term was over"), ("unplanned", "Unplanned")],
        "End",
        required=True,
        default="planned",
    )
    reason = fields.Char(required=True, default=lambda self: self.env._("Elections"))
    appointed_by = fields.Char("Successors Appointed by")
    hand_over = fields.Boolean(
        "Prepare the Handovers",
        default=True,
        help="A draft for each new titular, to be completed and sent. Nothing is mailed now.",
    )
    vacant_text = fields.Text("Seats that Fall Vacant", compute="_compute_vacant_text")
    accept_vacant = fields.Boolean(
        "Leave these seats vacant", help="Without a successor the seat has nobody who holds it."
    )
    line_ids = fields.One2many(
        "partnership.mandate.renew.line",
        "wizard_id",
        "Successors",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.model
    def _default_records(self, model):
        """:return: ids of the records of ``model`` from which the dialog was opened, or False"""
        if self.env.context.get("active_model") != model:
            return False
        return self.env.context.get("active_ids")

    @api.depends("body_ids", "mandate_ids")
    def _compute_date(self):
        for wizard in self:
            wizard.date = wizard.date or wizard._get_today()

    @api.depends("body_ids", "mandate_ids")
    def _compute_line_ids(self):
        for wizard in self:
            mandates, vacant_seats = wizard._find_mandates_and_vacant_seats()
            wizard.line_ids = (
                [Command.clear()]
                + [
                    Command.create({"seat_id": mandate.seat_id.id, "mandate_id": mandate.id})
                    for mandate in mandates
                ]
                + [Command.create({"seat_id": seat.id}) for seat in vacant_seats]
            )

    def _get_clock_partnerships(self):
        records = self.sudo()
        return records.body_ids.partnership_id | records.mandate_ids.partnership_id

    def _find_mandates_and_vacant_seats(self):
        """:return: (mandates that can be renewed, current seats that nobody holds)"""
        self.ensure_one()
        Seat = self.env["partnership.seat"]
        if self.mandate_ids:
            return self.mandate_ids._origin, Seat
        here = Domain("body_id", "in", self.body_ids.ids) & Domain("is_current", "=", True)
        mandates = self.env["partnership.mandate"].search(here)
        return mandates, Seat.search(here & Domain("is_vacant", "=", True))

    @api.depends("line_ids.successor_id", "line_ids.mandate_id", "line_ids.office")
    def _compute_vacant_text(self):
        offices = dict(
            self.env["partnership.mandate"]._fields["office"]._description_selection(self.env)
        )
        for wizard in self:
            wizard.vacant_text = "\n".join(
                self.env._(
                    "%(seat)s: %(person)s, %(office)s",
                    seat=line.seat_id.display_name,
                    person=line.person_id.name,
                    office=offices[line.mandate_id.office],
                )
                if line.mandate_id.office
                else self.env._(
                    "%(seat)s: %(person)s",
                    seat=line.seat_id.display_name,
                    person=line.person_id.name,
                )
                for line in wizard._get_vacant_lines()
            )

    def _get_vacant_lines(self):
        """:return: the lines whose seat has a titular today, and nobody who is to follow"""
        self.ensure_one()
        followed = self.line_ids.filtered(
            lambda line: line.kind == "titular" and line.successor_id
        ).seat_id
        return self.line_ids.filtered(
            lambda line: (
                line.mandate_id
                and line.mandate_id.kind == "titular"
                and line.seat_id not in followed
            )
        )

    def action_keep_persons(self):
        """Name everybody who has no successor yet as their own, and come back to the list."""
        self.ensure_one()
        for line in self.line_ids.filtered(lambda line: not line.successor_id):
            line.successor_id = line.person_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Renew Mandates"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_apply(self):
        """End every mandate of the list; where a successor is named, open the next one."""
        self.ensure_one()
        if not self.line_ids:
            raise UserError(self.env._("There is no current mandate to renew."))
        mandates = self.line_ids.mandate_id
        self._check_hold(mandates)
        self._check_not_renewed(mandates)
        self._check_vacant()
        self.line_ids.seat_id._take_turns()
        mandates._end_by_renewal(self.date, self.end_kind, self.reason)
        self._end_alternates_who_succeed()
        successors = self.env["partnership.mandate"].create(
            [line._get_successor_values() for line in self.line_ids if line.successor_id]
        )
        if self.hand_over:
            mandates.filtered(lambda mandate: mandate.handover_state == "due")._create_handovers()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_mandate_action"
        )
        action["domain"] = [("id", "in", (successors + mandates).ids)]
        action["context"] = {}
        return action

    def _end_alternates_who_succeed(self):
        """An alternate who becomes titular of the seat is its alternate no longer."""
        succeeding = {
            (line.seat_id, line.successor_id) for line in self.line_ids if line.kind == "titular"
        }
        others = self.line_ids.seat_id.mandate_ids - self.line_ids.mandate_id
        others._valid_on(self.date).filtered(
            lambda mandate: (
                mandate.kind == "alternate" and (mandate.seat_id, mandate.person_id) in succeeding
            )
        )._end_by_renewal(self.date, "planned", self.env._("Became titular"))

    def _check_vacant(self):
        """Nobody leaves seats vacant because a name was not filled in."""
        if self.vacant_text and not self.accept_vacant:
            raise UserError(
                self.env._(
                    "These seats fall vacant, as no successor is named:\n%(seats)s\n\nName the "
                    "successors, take the lines off the list, or tick “Leave these seats vacant”.",
                    seats=self.vacant_text,
                )
            )

    def _check_not_renewed(self, mandates):
        """What ended by this renewal keeps when it was to end before."""
        again = mandates.filtered(
            lambda mandate: mandate.renewal_end == mandate.date_end == self.date
        )
        if again:
            raise UserError(
                self.env._(
                    "%(mandate)s was ended on %(date)s by a renewal already: take it off the list, "
                    "or take that renewal back.",
                    mandate=again[0].display_name,
                    date=format_date(self.env, self.date),
                )
            )

    def _check_hold(self, mandates):
        """Refuse mandates that do not hold on the day: not begun yet, or over already; and those
        by which somebody was there after it. Whether such a person had none after all is for one
        mandate to be corrected, not for many at once."""
        wrong = mandates - mandates._valid_on(self.date)
        if wrong:
            raise UserError(
                self.env._(
                    "%(mandate)s (%(dates)s) does not hold on %(date)s: take it off the list, or "
                    "choose another last day.",
                    mandate=wrong[0].display_name,
                    dates=wrong[0]._format_period(),
                    date=format_date(self.env, self.date),
                )
            )
        mandates._check_recorded_within(
            {"date_end": self.date}, "mandate_id", Domain("status", "in", PRESENT)
        )


class PartnershipMandateRenewLine(models.TransientModel):
    _name = "partnership.mandate.renew.line"
    _description = "Mandate to Renew"
    _inherit = ["partnership.guarded.mixin"]

    wizard_id = fields.Many2one("partnership.mandate.renew", required=True, ondelete="cascade")
    seat_id = fields.Many2one("partnership.seat", required=True, ondelete="cascade")
    body_id = fields.Many2one(related="seat_id.body_id")
    organisation_id = fields.Many2one(related="seat_id.partner_id", string="Member")
    mandate_id = fields.Many2one(
        "partnership.mandate", ondelete="cascade", help="Empty: nobody holds the seat."
    )
    kind = fields.Selection(
        selection=lambda self: self.env["partnership.mandate"]._fields["kind"].selection,
        compute="_compute_from_mandate",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    person_id = fields.Many2one(related="mandate_id.person_id", string="Until Now")
    successor_id = fields.Many2one(
        "res.partner",
        domain=[("is_company", "=", False)],
        help="The same person again, somebody else, or empty: the seat falls vacant.",
    )
    office = fields.Selection(
        selection=lambda self: self.env["partnership.mandate"]._fields["office"].selection,
        compute="_compute_from_mandate",
        store=True,
        readonly=False,
        precompute=True,
    )

    @api.depends("mandate_id")
    def _compute_from_mandate(self):
        for line in self:
            line.kind = line.mandate_id.kind or "titular"
            line.office = line.mandate_id.office

    def _get_successor_values(self):
        self.ensure_one()
        values = {
            "seat_id": self.seat_id.id,
            "person_id": self.successor_id.id,
            "kind": self.kind,
            "office": self.office,
            "appointed_by": self.wizard_id.appointed_by,
            "date_start": self.wizard_id.date + timedelta(days=1),
        }
        if self.mandate_id:
            values["authority"] = self.mandate_id.authority
        return values
