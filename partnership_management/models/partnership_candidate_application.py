from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_list, is_html_empty


class PartnershipCandidate(models.Model):
    """The file of the application: why the actor wants to come in, who supports it, and what the
    body decided."""

    _name = "partnership.candidate"
    _inherit = ["partnership.candidate", "partnership.files.mixin"]

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
    decision_event_id = fields.Many2one(
        "calendar.event",
        "Decided at",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        tracking=True,
        domain="[('partnership_id', '=', partnership_id), ('partnership_body_id', '!=', False),"
        " ('partnership_state', '!=', 'cancelled')]",
        help="The meeting that has the candidate on its agenda.",
    )
    decision_body_id = fields.Many2one(related="decision_event_id.partnership_body_id")
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

    @api.depends("decision_event_id.partnership_date")
    def _compute_decision_date(self):
        """The day stays when the meeting is removed."""
        for candidate in self:
            date = candidate.decision_event_id.partnership_date
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
        decided = self.decision_date and self.decision_date <= self._get_today()
        if self.stage_id.needs_decision and not decided:
            missing.append(self.env._("the day on which the body decided"))
        return missing


class PartnershipMembership(models.Model):
    _inherit = "partnership.membership"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_supporter(self):
        """Whom a member supported stays on record."""
        candidate = (
            self.env["partnership.candidate"]
            .sudo()
            .with_context(active_test=False)
            .search([("supporter_ids", "in", self.ids)], limit=1)
        )
        if candidate:
            raise UserError(
                self.env._(
                    "%(supporter)s supports the application of %(candidate)s: end the membership "
                    "instead of deleting it.",
                    supporter=(candidate.supporter_ids & self)[:1].display_name,
                    candidate=candidate.name,
                )
            )
