from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.partnership_management.tools.groups import TEAM


class ResPartner(models.Model):
    _inherit = "res.partner"

    partnership_enrolment_ids = fields.One2many(
        "partnership.enrolment", "person_id", "Enrolments", groups=TEAM
    )
    partnership_enrolment_count = fields.Integer(
        compute="_compute_partnership_training", groups=TEAM
    )
    partnership_training_hours = fields.Float(
        "Training Hours",
        compute="_compute_partnership_training",
        groups=TEAM,
        help="Of sessions that are done; for an organisation, by all who came for it.",
    )

    def _get_completed_courses(self, courses):
        """:return: defaultdict person -> those of ``courses`` that the person has completed"""
        completed = defaultdict(courses.browse)
        if courses:
            for person, done in self.env["partnership.enrolment"]._read_group(
                Domain("person_id", "in", self.ids)
                & Domain("course_id", "in", courses.ids)
                & Domain("is_completed", "=", True),
                ["person_id"],
                ["course_id:recordset"],
            ):
                completed[person] = done
        return completed

    @api.depends("partnership_enrolment_ids.hours_done", "partnership_enrolment_ids.state")
    @api.depends_context("uid")
    def _compute_partnership_training(self):
        totals = {}
        for fname in ("person_id", "organisation_id"):
            for partner, count, hours in self.env["partnership.enrolment"]._read_group(
                Domain(fname, "in", self.ids) & Domain("state", "!=", "cancelled"),
                [fname],
                ["__count", "hours_done:sum"],
            ):
                totals[partner] = (count, hours)
        for partner in self:
            count, hours = totals.get(partner._origin, (0, 0.0))
            partner.partnership_enrolment_count = count
            partner.partnership_training_hours = hours

    def action_open_enrolments(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_training.partnership_enrolment_action"
        )
        action["domain"] = ["|", ("person_id", "=", self.id), ("organisation_id", "=", self.id)]
        action["context"] = {} if self.is_company else {"default_person_id": self.id}
        return action

    @api.ondelete(at_uninstall=False)
    def _unlink_except_enrolled(self):
        """A contact that followed a course stays; archive it instead."""
        found = (
            self.env["partnership.enrolment"]
            .sudo()
            .search(
                ["|", ("person_id", "in", self.ids), ("organisation_id", "in", self.ids)], limit=1
            )
        )
        if found:
            partnership = found.partnership_id.with_env(self.env)
            readable = partnership.has_access("read")
            raise UserError(
                self.env._(
                    "%(contact)s is part of the training of %(partnership)s: archive the contact "
                    "instead of deleting it.",
                    contact=((found.person_id | found.organisation_id) & self)[:1].name,
                    partnership=partnership.name if readable else self.env._("a partnership"),
                )
            )

    def _get_reach_start(self, places):
        """What persons answered in a questionnaire, and the questionnaires of courses."""
        reach = super()._get_reach_start(places)
        surveys = self.env["survey.survey"].with_context(active_test=False)
        surveys = surveys.search(
            Domain("is_training_evaluation", "=", True)
            | Domain(
                "question_and_page_ids.suggested_answer_ids.partnership_skill_ids", "!=", False
            )
        )
        reach["survey.survey"] = SQL("id = ANY(%s)", surveys.ids)
        reach["survey.user_input"] = SQL(
            "enrolment_id IS NOT NULL OR partner_id = ANY(%s)", self.ids
        )
        return reach

    def _remove_personal_records(self):
        """Notes on an enrolment are on a person, and certificates that were sent name it."""
        enrolments = self.env["partnership.enrolment"].search([("person_id", "in", self.ids)])
        self.env["ir.attachment"].search(
            [("res_model", "=", enrolments._name), ("res_id", "in", enrolments.ids)]
        ).unlink()
        enrolments.filtered("note").note = False
        return super()._remove_personal_records()
