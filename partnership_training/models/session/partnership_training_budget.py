from odoo import api, fields, models


class PartnershipTrainingBudget(models.Model):
    """What a partnership may spend on training in a year. The plan of the year is its sessions."""

    _name = "partnership.training.budget"
    _description = "Training Budget"
    _inherit = ["mail.thread", "partnership.guarded.mixin"]
    _order = "year desc, partnership_id, id"

    partnership_id = fields.Many2one(
        "partnership.partnership",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        default=lambda self: self.env["partnership.partnership"].search([], limit=1),
    )
    company_id = fields.Many2one(related="partnership_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    year = fields.Char(
        required=True,
        size=4,
        tracking=True,
        compute="_compute_year",
        store=True,
        readonly=False,
        precompute=True,
    )
    amount = fields.Monetary("Budget", required=True, tracking=True)
    note = fields.Text(help="Who gives the money, and what for.")

    # What the sessions of the year make of it
    sessions_planned = fields.Integer(compute="_compute_plan")
    sessions_done = fields.Integer(compute="_compute_plan")
    cost_planned = fields.Monetary("Planned", compute="_compute_plan")
    cost_done = fields.Monetary("Done", compute="_compute_plan")
    cost_expected = fields.Monetary("Expected", compute="_compute_plan")
    left = fields.Monetary(compute="_compute_plan", help="The budget without what is expected.")

    _one_per_year = models.Constraint(
        "UNIQUE (partnership_id, year)",
        "The partnership has a budget for this year already: open that one.",
    )
    _year_format = models.Constraint(
        "CHECK (year ~ '^[12][0-9]{3}$')", "The year of a budget has four digits, such as 2026."
    )
    _amount_positive = models.Constraint("CHECK (amount >= 0)", "A budget cannot be negative.")

    @api.depends("partnership_id")
    def _compute_year(self):
        for budget in self:
            budget.year = budget.year or str(budget._get_today().year)

    @api.depends("partnership_id", "year")
    def _compute_display_name(self):
        for budget in self:
            budget.display_name = f"{budget.partnership_id.name or ''} {budget.year or ''}"

    @api.depends("partnership_id", "year", "amount")
    @api.depends_context("uid")
    def _compute_plan(self):
        """The sums of the plan, so that both say the same."""
        fnames = (
            "sessions_planned",
            "sessions_done",
            "cost_planned",
            "cost_done",
            "cost_expected",
        )
        sums = {
            (place, year): amounts
            for place, year, *amounts in self.env["partnership.training.plan"]._read_group(
                [
                    ("partnership_id", "in", self.partnership_id.ids),
                    ("year", "in", self.mapped("year")),
                ],
                ["partnership_id", "year"],
                [f"{fname}:sum" for fname in fnames],
            )
        }
        for budget in self:
            amounts = sums.get((budget.partnership_id._origin, budget.year), [0] * len(fnames))
            budget.update(dict(zip(fnames, amounts, strict=True)))
            budget.left = budget.amount - budget.cost_expected

    def action_open_sessions(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_training.partnership_training_session_action"
        )
        action["domain"] = [
            ("partnership_id", "=", self.partnership_id.id),
            ("year", "=", self.year),
        ]
        action["context"] = {
            "default_partnership_id": self.partnership_id.id,
            "default_year_planned": self.year,
        }
        return action
