from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from .partnership_training_need import OPEN_STATES


class PartnershipTrainingNeed(models.Model):
    """A need is answered by enrolments: in a session, or, while there is none, as demand."""

    _inherit = "partnership.training.need"

    enrolment_count = fields.Integer("Number of Enrolments", compute="_compute_enrolment_count")

    suggested_course_ids = fields.Many2many(
        "partnership.course",
        string="Courses that Give These Skills",
        compute="_compute_suggested_course_ids",
    )

    @api.depends("enrolment_ids")
    def _compute_enrolment_count(self):
        for need in self:
            need.enrolment_count = len(need.enrolment_ids)

    @api.depends("skill_ids", "partnership_id", "course_id")
    def _compute_suggested_course_ids(self):
        """First the course that gives most of what is missing."""
        courses = self.env["partnership.course"].search([("skill_ids", "in", self.skill_ids.ids)])
        for need in self:
            fitting = courses.filtered(
                lambda course, need=need: (
                    course.skill_ids & need.skill_ids and course._is_open_to(need.partnership_id)
                )
            )
            need.suggested_course_ids = fitting.sorted(
                lambda course, need=need: -len(course.skill_ids & need.skill_ids)
            )

    def action_choose_course(self):
        """Take, for each, the course that gives most of the skills that are missing."""
        for need in self:
            if not need.suggested_course_ids:
                raise UserError(
                    self.env._(
                        "%(need)s: no course gives these skills yet.", need=need.display_name
                    )
                )
        for course, needs in self.grouped(lambda need: need.suggested_course_ids[0]).items():
            needs.course_id = course

    def action_ask(self):
        """Ask for the course for those whom the need concerns. It is for who plans sessions to
        see: nobody gets mail."""
        persons = self._check_can_be_answered()
        Enrolment = self.env["partnership.enrolment"]
        self._link_enrolments()
        wanted = {
            (need.partnership_id.id, need.course_id.id, person.id)
            for need in self
            for person in persons[need]
        }
        known = {
            (record.partnership_id.id, record.course_id.id, record.person_id.id)
            for record in Enrolment.search(
                Domain("course_id", "in", self.course_id.ids)
                & Domain("state", "in", ("requested", "waiting", "confirmed"))
            )
        }
        Enrolment.create(
            [
                {"partnership_id": place, "course_id": course, "person_id": person}
                for place, course, person in sorted(wanted - known)
            ]
        )
        return True

    def action_enrol(self):
        """Open the dialog that gives those whom the needs concern a seat in a session."""
        self._check_can_be_answered()
        if len(self.course_id) > 1 or len(self.partnership_id) > 1:
            raise UserError(
                self.env._(
                    "These needs ask for different courses: enrol for one course and one "
                    "partnership at a time."
                )
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_training.partnership_training_need_enrol_action"
        )
        action["context"] = {"default_need_ids": self.ids}
        return action

    def _check_can_be_answered(self):
        """:return: dict need -> the persons whom it concerns"""
        for need in self:
            if need.state not in OPEN_STATES:
                raise UserError(self.env._("%(need)s is closed.", need=need.display_name))
            if not need.course_id:
                raise UserError(
                    self.env._(
                        "%(need)s: choose the course that would help first.",
                        need=need.display_name,
                    )
                )
        persons = self._get_persons()
        for need in self:
            if not persons[need]:
                raise UserError(
                    self.env._(
                        "%(need)s: nobody speaks for %(subject)s today. Choose a person first.",
                        need=need.display_name,
                        subject=need.subject,
                    )
                )
        return persons

    def _link_enrolments(self):
        """Take up the enrolments under way that serve these needs."""
        needs = self.filtered(lambda need: need.course_id and need.state in OPEN_STATES)
        if needs:
            self.env["partnership.enrolment"].search(
                Domain("course_id", "in", needs.course_id.ids)
                & Domain("partnership_id", "in", needs.partnership_id.ids)
                & Domain("state", "in", ("requested", "waiting", "confirmed"))
            )._serve(needs)

    def action_open_enrolments(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_training.partnership_enrolment_action"
        )
        action["domain"] = [("need_ids", "in", self.ids)]
        action["context"] = {
            "default_course_id": self.course_id.id,
            "default_partnership_id": self.partnership_id.id,
            "default_person_id": self.person_id.id,
            "default_need_ids": [Command.link(self.id)],
        }
        return action

    def action_open_origin(self):
        """Open the pitfall or the mandate that the need comes from."""
        self.ensure_one()
        return (self.pitfall_id or self.mandate_id).get_formview_action()
