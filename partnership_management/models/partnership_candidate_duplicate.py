from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL


class PartnershipCandidate(models.Model):
    """Other contacts of the partnership that may be the same actor. They are shown, and nothing
    is refused: two associations may share a name, and two offices an e-mail."""

    _inherit = "partnership.candidate"

    duplicate_ids = fields.Many2many(
        "res.partner",
        string="Possible Duplicates",
        compute="_compute_duplicate_ids",
        context={"active_test": False},
        help="Members, candidates of now and before, and others known to the partnership that "
        "have the same name, e-mail or VAT.",
    )
    duplicate_count = fields.Integer(
        "Number of Possible Duplicates",
        compute="_compute_duplicate_count",
        search="_search_duplicate_count",
    )
    is_member = fields.Boolean(related="membership_id.is_formal", string="Is a Member")

    @api.depends("partnership_id", "partner_id", "partner_id.name", "email", "partner_id.vat")
    def _compute_duplicate_ids(self):
        twins = self._find_twins()
        for candidate in self:
            candidate.duplicate_ids = twins[candidate._get_actor_key()]

    @api.depends("partnership_id", "partner_id", "partner_id.name", "email", "partner_id.vat")
    def _compute_duplicate_count(self):
        """Apart from who they are: the board wants to know of many cards, and most have none."""
        self.duplicate_count = 0
        twins = self._find_twins()
        for candidate in self:
            if found := twins.get(candidate._get_actor_key()):
                candidate.duplicate_count = len(found)

    def _get_actor_key(self):
        return self.partnership_id._origin.id, self.partner_id._origin.id

    def _find_twins(self):
        """:return: dict (partnership id, actor's id) -> contacts that look the same, of those
        that the user may read"""
        asked = {candidate._get_actor_key() for candidate in self}
        found = defaultdict(self.env["res.partner"].browse)
        if not asked:
            return found
        partnership_ids, partner_ids = map(list, zip(*asked, strict=True))
        Partner = self.env["res.partner"].with_context(active_test=False)
        actors = SQL(
            "SELECT * FROM unnest(%s::int[], %s::int[]) AS asked(partnership_id, partner_id)",
            partnership_ids,
            partner_ids,
        )
        rows = self.env.execute_query(Partner._sql_partnership_twins(actors))
        readable = Partner.search([("id", "in", [twin_id for *_actor, twin_id in rows])])
        for partnership_id, partner_id, twin_id in rows:
            found[partnership_id, partner_id] |= readable.browse(twin_id) & readable
        return found

    @api.model
    def _search_duplicate_count(self, operator, value):
        if (operator, value) != (">", 0):
            return NotImplemented
        self.flush_model(["partnership_id", "partner_id"])
        twins = self.env["res.partner"]._sql_partnership_twins(
            SQL("SELECT DISTINCT partnership_id, partner_id FROM partnership_candidate")
        )
        cards = SQL(
            """
            SELECT candidate.id
              FROM partnership_candidate candidate
              JOIN (%s) twin USING (partnership_id, partner_id)
            """,
            twins,
        )
        return [("id", "any!", cards)]

    def action_open_duplicates(self):
        """The contacts beside one another: whoever they are one selects and merges them there."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Possible Duplicates of %(actor)s", actor=self.name),
            "res_model": "res.partner",
            "domain": [("id", "in", (self.partner_id | self.duplicate_ids).ids)],
            "context": {"active_test": False, "create": False},
            "view_mode": "list,form",
        }

    def action_open_duplicate_candidates(self):
        self.ensure_one()
        return self._get_list_action(
            [
                ("partner_id", "in", (self.partner_id | self.duplicate_ids).ids),
                ("partnership_id", "=", self.partnership_id.id),
            ],
            {"create": False},
        )
