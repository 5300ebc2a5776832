from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class PartnershipMandateRenew(models.TransientModel):
    """After elections: end the mandates of many seats on one day and name the successors."""

    _name = "partnership.mandate.renew"
    _description = "Renew Mandates"

    body_id = fields.Many2one(
        "partnership.body",
        default=lambda self: (
            self.env.context.get("active_id")
            if self.env.context.get("active_model") == "partnership.body"
            else False
        ),
    )
    mandate_ids = fields.Many2many("partnership.mandate")
    date = fields.Date(
        "Last Day",
        required=True,
        default=fields.Date.context_today,
        help="The last day of the mandates that end. Those of the successors begin the day after.",
    )
    end_kind = fields.Selection(
        [("planned", "Planned"), ("unplanned", "Unplanned")], required=True, default="planned"
    )
    reason = fields.Char(required=True, default=lambda self: self.env._("Elections"))
    appointed_by = fields.Char("Successors Appointed by")
    line_ids = fields.One2many(
        "partnership.mandate.renew.line",
        "wizard_id",
        "Successors",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("body_id", "mandate_ids")
    def _compute_line_ids(self):
        for wizard in self:
            mandates = wizard.mandate_ids or self.env["partnership.mandate"].search(
                [("body_id", "=", wizard.body_id.id), ("is_current", "=", True)]
            )
            wizard.line_ids = [Command.clear()] + [
                Command.create({"mandate_id": mandate._origin.id}) for mandate in mandates
            ]

    def action_apply(self):
        """End every mandate of the list; where a successor is named, open the next one."""
        self.ensure_one()
        if not self.line_ids:
            raise UserError(self.env._("There is no current mandate to renew."))
        self.line_ids.mandate_id.write(
            {"date_end": self.date, "end_kind": self.end_kind, "end_reason": self.reason}
        )
        successors = self.env["partnership.mandate"].create(
            [line._get_successor_values() for line in self.line_ids if line.successor_id]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_mandate_action"
        )
        action["domain"] = [("id", "in", (successors + self.line_ids.mandate_id).ids)]
        action["context"] = {}
        return action


class PartnershipMandateRenewLine(models.TransientModel):
    _name = "partnership.mandate.renew.line"
    _description = "Mandate to Renew"

    wizard_id = fields.Many2one("partnership.mandate.renew", required=True, ondelete="cascade")
    mandate_id = fields.Many2one("partnership.mandate", required=True, ondelete="cascade")
    organisation_id = fields.Many2one(related="mandate_id.organisation_id", string="Member")
    seat_id = fields.Many2one(related="mandate_id.seat_id")
    kind = fields.Selection(related="mandate_id.kind")
    person_id = fields.Many2one(related="mandate_id.person_id", string="Until Now")
    successor_id = fields.Many2one(
        "res.partner",
        domain=[("is_company", "=", False)],
        help="The same person again, somebody else, or empty: the seat falls vacant.",
    )
    office = fields.Selection(
        selection=lambda self: self.env["partnership.mandate"]._fields["office"].selection,
        compute="_compute_office",
        store=True,
        readonly=False,
    )

    @api.depends("mandate_id")
    def _compute_office(self):
        for line in self:
            line.office = line.mandate_id.office

    def _get_successor_values(self):
        self.ensure_one()
        return {
            "seat_id": self.mandate_id.seat_id.id,
            "person_id": self.successor_id.id,
            "kind": self.mandate_id.kind,
            "office": self.office,
            "authority": self.mandate_id.authority,
            "appointed_by": self.wizard_id.appointed_by,
            "date_start": self.wizard_id.date + timedelta(days=1),
        }
