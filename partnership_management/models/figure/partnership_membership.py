from odoo import fields, models

from ...tools.groups import TEAM
from ...tools.optional_float import OptionalFloat


def latest(kind, name, **kwargs):
    """A column of the latest figures, for the team only: representatives read memberships too."""
    return kind(related=f"figure_id.{name}", groups=TEAM, **kwargs)


def latest_rate(name):
    """The rate of a group of members is not the mean of their rates: it is left out there."""
    return latest(OptionalFloat, name, aggregator=None)


class PartnershipMembership(models.Model):
    """The latest figures, where lists, filters and forms of members show them."""

    _inherit = "partnership.membership"

    figure_id = fields.Many2one(
        "partnership.membership.figure",
        "Latest Figures",
        index="btree_not_null",
        readonly=True,
        copy=False,
        groups=TEAM,
    )
    figure_date = latest(fields.Date, "date")
    figure_window_start = latest(fields.Date, "window_start")
    figure_expected = latest(fields.Integer, "expected")
    figure_represented = latest(fields.Integer, "represented")
    figure_excused = latest(fields.Integer, "excused")
    figure_longest_absence = latest(fields.Integer, "longest_absence")
    figure_presence_rate = latest_rate("presence_rate")
    figure_commitment_rate = latest_rate("commitment_rate")
    figure_regularity = latest_rate("regularity")
    figure_valid = latest(fields.Integer, "valid")
    figure_validity_rate = latest_rate("validity_rate")
    figure_continuity = latest_rate("continuity")
    figure_representatives = latest(fields.Integer, "representatives")
    figure_replacements_planned = latest(fields.Integer, "replacements_planned")
    figure_replacements_unplanned = latest(fields.Integer, "replacements_unplanned")
    figure_titular_turnover = latest_rate("titular_turnover")
    figure_briefings_due = latest(fields.Integer, "briefings_due")
    figure_briefings_read = latest(fields.Integer, "briefings_read")
    figure_informed_rate = latest_rate("informed_rate")
    figure_relays_asked = latest(fields.Integer, "relays_asked")
    figure_relays_done = latest(fields.Integer, "relays_done")
    figure_relay_rate = latest_rate("relay_rate")
    figure_appropriation = latest(OptionalFloat, "appropriation")
    figure_coverage = latest(fields.Float, "coverage")
    figure_on_paper = latest(fields.Boolean, "on_paper")
    figure_absent_in_a_row = latest(fields.Boolean, "absent_in_a_row")
    figure_no_authority = latest(fields.Boolean, "no_authority")

    def action_open_presence(self):
        return self.figure_id.action_open_presence()

    def action_open_counted_receipts(self):
        return self.figure_id.action_open_receipts()

    def action_open_titulars(self):
        return self.figure_id.action_open_titulars()

    def action_open_figures(self):
        """Open the series over the years."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_membership_figure_action"
        )
        name = self.env._("Figures of %(member)s", member=self.partner_id.display_name)
        series = self.env.ref(
            "partnership_management.partnership_membership_figure_view_graph_series"
        )
        return {
            **action,
            "name": name,
            "display_name": name,
            "views": [(series.id, "graph"), (False, "list"), (False, "pivot"), (False, "form")],
            "domain": [("membership_id", "=", self.id)],
            "context": {"search_default_enough_data": 1},
        }
