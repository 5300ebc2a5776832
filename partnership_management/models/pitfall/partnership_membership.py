from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.groups import TEAM

ALERT = "partnership_management.mail_activity_type_pitfall"
QUIET_DAYS = 30


class PartnershipMembership(models.Model):
    """How grave the risk is for each member (L39), and who is told."""

    _inherit = "partnership.membership"

    pitfall_ids = fields.One2many("partnership.pitfall", "membership_id", "Pitfalls", groups=TEAM)
    open_pitfall_ids = fields.One2many(
        "partnership.pitfall",
        "membership_id",
        "At Risk",
        domain=[("state", "=", "open")],
        groups=TEAM,
    )
    pitfall_count = fields.Integer("Open Pitfalls", compute="_compute_pitfall_count", groups=TEAM)
    pitfall_severity = fields.Float(
        "Severity",
        compute="_compute_pitfall_severity",
        store=True,
        aggregator="avg",
        groups=TEAM,
        help="Open pitfalls times the largest vote weight among the seats (1 without a seat).",
    )
    pitfall_alert_date = fields.Date("Last Alert", readonly=True, copy=False, groups=TEAM)

    @api.depends("pitfall_ids.state")
    def _compute_pitfall_count(self):
        for membership in self:
            membership.pitfall_count = len(membership.open_pitfall_ids)

    @api.depends("pitfall_ids.state", "figure_id")
    def _compute_pitfall_severity(self):
        counts = dict(
            self.env["partnership.pitfall"]._read_group(
                [("membership_id", "in", self.ids), ("state", "=", "open")],
                ["membership_id"],
                ["__count"],
            )
        )
        for membership in self:
            figure = membership.figure_id
            weight = figure.vote_weight if figure else 1
            membership.pitfall_severity = counts.get(membership, 0) * weight

    def _refresh_pitfall_severity(self):
        """Bring the severity in line with the weights of today."""
        self.env.add_to_compute(self._fields["pitfall_severity"], self)
        self.env.flush_all()

    def _alert_pitfalls(self, today):
        """Tell who is responsible, once for each membership newly at risk, by one activity and
        without mail; who was told less than a month ago is not told again."""
        since = today - timedelta(days=QUIET_DAYS)
        due = self.filtered(
            lambda membership: (
                not membership.pitfall_alert_date or membership.pitfall_alert_date <= since
            )
        )
        if not due:
            return
        activity_type = self.env.ref(ALERT, raise_if_not_found=False)
        if activity_type:
            due.mapped("display_name")  # at once: each activity asks for the name of its record
            self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
                [membership._get_pitfall_activity(activity_type, today) for membership in due]
            )
        due.write({"pitfall_alert_date": today})

    def _get_pitfall_activity(self, activity_type, today):
        user = self.partnership_id._get_alert_user()
        membership = self.with_context(lang=user.lang or self.env.lang)
        pitfalls = membership.open_pitfall_ids.with_context(partnership_pitfall_short=True)
        return {
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            "activity_type_id": activity_type.id,
            "user_id": user.id,
            "automated": True,
            "date_deadline": today + timedelta(days=7),
            "summary": membership.env._(
                "At risk: %(kinds)s", kinds=", ".join(pitfalls.mapped("display_name"))
            ),
            "note": Markup("<ul>%s</ul>")
            % Markup().join(
                Markup("<li>%s</li>") % pitfall.reasons for pitfall in pitfalls if pitfall.reasons
            ),
        }

    def _forget_pitfall_alerts(self):
        """Nobody has to look at a risk that is gone."""
        if self:
            self.activity_unlink([ALERT])

    @api.ondelete(at_uninstall=False)
    def _unlink_except_answered(self):
        """A pitfall goes with its membership, and its history with it; what was done about it does
        not."""
        pitfalls = self.env["partnership.pitfall"].sudo()
        pitfalls = pitfalls.search([("membership_id", "in", self.ids)])
        answered = pitfalls.filtered("mechanism_plan_id")
        if answered:
            raise UserError(
                self.env._(
                    "Something was done to keep %(memberships)s: end the membership instead of "
                    "deleting it.",
                    memberships=", ".join(answered.membership_id.mapped("display_name")),
                )
            )
        pitfalls.unlink()

    def action_open_pitfalls(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_pitfall_action"
        )
        action["domain"] = [("membership_id", "=", self.id)]
        action["context"] = {"search_default_open": 1}
        return action
