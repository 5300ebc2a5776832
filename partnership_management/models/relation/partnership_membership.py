from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# That two members have nothing to do with each other is on record, but no tie to be counted
REAL = Domain("kind", "!=", "none")


class PartnershipMembership(models.Model):
    """Ties end with the membership, and stand in the way of deleting it."""

    _inherit = "partnership.membership"

    relation_side_ids = fields.One2many("partnership.relation.side", "membership_id", "Ties")
    relation_count = fields.Integer("Current Ties", compute="_compute_relation_count")

    @api.depends_context("uid")
    def _compute_relation_count(self):
        Side = self.env["partnership.relation.side"]
        current = Side._domain_valid_today() & REAL
        counts = dict(
            Side._read_group(
                Domain("membership_id", "in", self.ids) & current, ["membership_id"], ["__count"]
            )
        )
        for membership in self:
            membership.relation_count = counts.get(membership, 0)

    def _get_relations(self):
        """:return: the ties of the memberships, on whichever side they stand"""
        return self.env["partnership.relation"].search(
            ["|", ("membership_id", "in", self.ids), ("other_id", "in", self.ids)]
        )

    @api.constrains("date_start", "date_end")
    def _check_what_hangs_on_it(self):
        self._get_relations()._check_dates()
        return super()._check_what_hangs_on_it()

    def _end_what_hangs_on_it(self, date):
        self._get_relations().filtered(
            lambda tie: tie.date_start <= date and (not tie.date_end or tie.date_end > date)
        ).date_end = date
        return super()._end_what_hangs_on_it(date)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_tied(self):
        tie = self.sudo()._get_relations()[:1]
        if tie:
            raise UserError(
                self.env._(
                    "%(pair)s have a tie: end the membership instead of deleting it, or delete "
                    "the tie first.",
                    pair=tie.display_name,
                )
            )

    def action_new_relation(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Tie"),
            "res_model": "partnership.relation",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_membership_id": self.id},
        }

    def action_open_relations(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_relation_action"
        )
        action["domain"] = ["|", ("membership_id", "=", self.id), ("other_id", "=", self.id)]
        action["context"] = {
            "default_membership_id": self.id,
            "search_default_current": 1,
            "search_default_real": 1,
        }
        return action
