from odoo import fields, models


class PartnershipPartnership(models.Model):
    _inherit = "partnership.partnership"

    briefing_reading_days = fields.Integer(
        "Days to Read a Briefing", default=14, help="Read later than that is not read in time."
    )
    briefing_link_days = fields.Integer(
        "Days a Link Works",
        default=90,
        help="How long readers without an account can open a briefing by their personal link.",
    )
    briefing_remind_days = fields.Integer(
        "Remind before (days)",
        help="This many days before a briefing is due, who has not read it is reminded by e-mail, "
        "once. 0: nobody is reminded by itself.",
    )

    _briefing_days_positive = models.Constraint(
        "CHECK (briefing_reading_days >= 0 AND briefing_link_days > 0"
        " AND briefing_remind_days >= 0)",
        "Days to read and to remind cannot be negative, and a link works for one day at least.",
    )
