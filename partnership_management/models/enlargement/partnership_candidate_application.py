from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, format_list, is_html_empty


class PartnershipCandidate(models.Model):
    """Other contacts of the partnership that may be the same actor. They are shown, and nothing
    is refused: two associations may share a name, and two offices an e-mail.

    The file of the application: why the actor wants to come in, who supports it, and what the
    body decided.
    """

    _name = "partnership.candidate"
    _inherit = ["partnership.candidate", "partnership.files.mixin"]

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

    # What the actor handed in
    motivation = fields.Html(copy=False, help="Why the actor wants to come in, in its own words.")
    attachment_ids = fields.Many2many(string="Documents", copy=False)
    supporter_ids = fields.Many2many(
        "partnership.membership",
        "partnership_candidate_supporter_rel",
        "candidate_id",
        "membership_id",
        "Supported by",
        copy=False,
        help="Members and participants of the partnership that speak for this candidate.",
    )
    stage_requirements = fields.Text(related="stage_id.requirements")

    # What was decided
    decision_id = fields.Many2one(
        "partnership.decision",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        domain="[('partnership_id', '=', partnership_id)]",
        help="In the register: what was put to the body, and its outcome.",
    )
    decision_event_id = fields.Many2one(
        "calendar.event",
        "Decided at",
        compute="_compute_decision_event_id",
        store=True,
        readonly=False,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        tracking=True,
        domain="[('partnership_id', '=', partnership_id), ('partnership_body_id', '!=', False),"
        " ('partnership_state', '!=', 'cancelled')]",
        help="The meeting that has the candidate on its agenda.",
    )
    decision_body_id = fields.Many2one(
        "partnership.body", "Body of the Decision", compute="_compute_decision_body_id"
    )
    decision_outcome = fields.Selection(related="decision_id.outcome")
    decision_date = fields.Date(
        "Decision on",
        compute="_compute_decision_date",
        store=True,
        readonly=False,
        copy=False,
        tracking=True,
    )
    decision_note = fields.Text(
        "Note on the Decision",
        copy=False,
        help="How the body came to it, for the team alone: no letter shows it.",
    )

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

    @api.depends("decision_id.event_id")
    def _compute_decision_event_id(self):
        """That of the decision in the register; without one it is chosen by itself."""
        for candidate in self:
            candidate.decision_event_id = (
                candidate.decision_id.event_id or candidate.decision_event_id
            )

    @api.depends("decision_id.body_id", "decision_event_id.partnership_body_id")
    def _compute_decision_body_id(self):
        for candidate in self:
            body = candidate.decision_event_id.partnership_body_id
            candidate.decision_body_id = candidate.decision_id.body_id or body

    @api.depends("decision_id.date", "decision_event_id.partnership_date")
    def _compute_decision_date(self):
        """The day stays when the meeting is removed."""
        for candidate in self:
            date = candidate.decision_id.date or candidate.decision_event_id.partnership_date
            candidate.decision_date = date or candidate.decision_date

    @api.constrains("supporter_ids", "membership_id")
    def _check_supporters(self):
        for candidate in self:
            if candidate.partner_id in candidate.supporter_ids.partner_id:
                raise ValidationError(
                    self.env._("%(candidate)s cannot support itself.", candidate=candidate.name)
                )

    def _check_file(self, also=""):
        """Refuse to move candidates for membership without what their new stage needs. A card
        that is made in a stage is registered as it stands.

        :param also: what they lack besides, in words
        """
        lines = [
            self.env._(
                "%(candidate)s does not come into “%(stage)s” yet: %(missing)s is missing, on the "
                "tab “Application”.",
                candidate=candidate.name,
                stage=candidate.stage_id.name,
                missing=format_list(self.env, missing),
            )
            for candidate in self.filtered(lambda candidate: candidate.target_form == "formal")
            if (missing := candidate._get_missing())
        ]
        if lines:
            more = ["…"] * (len(lines) > 10)
            raise UserError("\n".join([*lines[:10], *more, *filter(None, [also])]))

    def _get_missing(self):
        """:return: list of what its stage needs and the file has not, in words"""
        self.ensure_one()
        missing = []
        if self.stage_id.needs_application and not (
            self.attachment_ids or not is_html_empty(self.motivation)
        ):
            missing.append(self.env._("its motivation or a document"))
        if self.stage_id.needs_decision:
            missing += self._get_missing_decision()
        return missing

    def _get_missing_decision(self):
        """:return: list of what the decision of the body lacks, in words: nothing, or one"""
        decided = self.decision_date and self.decision_date <= self._get_today()
        if self.decision_id and self.decision_outcome != "adopted":
            return [
                self.env._("the adoption of “%(decision)s”", decision=self.decision_id.display_name)
            ]
        return [] if decided else [self.env._("the day on which the body decided")]
