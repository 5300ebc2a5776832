from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.groups import TEAM


class PartnershipAgendaItem(models.Model):
    """A matter that a meeting deals with, in its order."""

    _name = "partnership.agenda.item"
    _description = "Agenda Item"
    _inherit = ["partnership.guarded.mixin"]
    _order = "event_id, sequence, id"
    _sent_fields = ("name", "number", "reference")
    _check_company_auto = True

    event_id = fields.Many2one(
        "calendar.event",
        "Meeting",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('partnership_id', '!=', False)]",
    )
    partnership_id = fields.Many2one(
        related="event_id.partnership_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(related="partnership_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    body_id = fields.Many2one(
        related="event_id.partnership_body_id", store=True, index=True, precompute=True
    )
    date = fields.Date(related="event_id.partnership_date", store=True, precompute=True)
    sequence = fields.Integer(default=10)
    number = fields.Char(
        compute="_compute_number",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        help="As it stands on the agenda, such as 3a.",
    )
    name = fields.Char("Title", required=True)
    text = fields.Html(help="What is said of it, and what is asked.")
    kind = fields.Selection(
        [("information", "Information"), ("discussion", "Discussion"), ("decision", "Decision")],
        required=True,
        default="discussion",
    )
    is_routine = fields.Boolean(
        "Routine", help="Such as the approval of minutes: nobody asks how easily it passed."
    )
    partner_ids = fields.Many2many(
        "res.partner",
        string="Contacts Concerned",
        groups=TEAM,
        help="Who applies or gains by it. Members that have an interest of theirs are proposed "
        "for recusal.",
    )
    reference = fields.Char(help="Of a project or an application, as its file says.")
    amount = fields.Monetary("Amount Asked")
    points = fields.Float("Points Reached")
    points_min = fields.Float("Points Needed")
    alternative_count = fields.Integer(
        "Alternatives", help="Options that were discussed, besides leaving it as it is."
    )
    decision_ids = fields.One2many("partnership.decision", "item_id", "Decisions")

    _counts_positive = models.Constraint(
        "CHECK (alternative_count >= 0)", "A number of alternatives is not negative."
    )

    @api.depends("event_id")
    def _compute_number(self):
        """The next whole number, unless it has one."""
        for event, items in self.grouped("event_id").items():
            numbered = event.agenda_item_ids - items
            last = max((_get_whole(item.number) for item in numbered), default=0)
            for position, item in enumerate(items, last + 1):
                item.number = item.number or str(position)

    @api.depends("number", "name")
    def _compute_display_name(self):
        for item in self:
            item.display_name = " ".join(filter(None, [item.number, item.name]))

    def write(self, vals):
        """What was put to the vote stays at its meeting."""
        if "event_id" in vals:
            moved = self._filtered_changed(vals, ["event_id"]).sudo()
            put = moved.decision_ids.filtered(lambda decision: decision.state != "draft")
            if put:
                raise UserError(
                    self.env._(
                        "“%(decision)s” was put to the vote at “%(event)s”: “%(item)s” stays on "
                        "the agenda of that meeting.",
                        decision=put[0].name,
                        event=put[0].event_id.display_name,
                        item=put[0].item_id.display_name,
                    )
                )
        return super().write(vals)


def _get_whole(number):
    """:return: the number that ``3a`` begins with"""
    digits = ""
    for letter in number or "":
        if not letter.isdigit():
            break
        digits += letter
    return int(digits[:6] or 0)
