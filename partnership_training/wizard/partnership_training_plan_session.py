import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class PartnershipTrainingPlanSession(models.TransientModel):
    """Draft a session of each course for those who ask for it, for the plan of a year."""

    _name = "partnership.training.plan.session"
    _description = "Plan Sessions"
    _inherit = ["partnership.guarded.mixin"]

    course_ids = fields.Many2many("partnership.course", string="Courses", required=True)
    partnership_id = fields.Many2one(
        "partnership.partnership", help="Empty: for each partnership in which somebody asks."
    )
    year = fields.Char(
        required=True,
        size=4,
        compute="_compute_year",
        store=True,
        readonly=False,
        precompute=True,
    )
    session_ids = fields.Many2many(
        "partnership.training.session",
        "partnership_training_plan_session_rel",
        string="Drafted",
        readonly=True,
    )
    demand_count = fields.Integer("Who Asks", compute="_compute_demand_count")

    @api.depends("partnership_id")
    def _compute_year(self):
        for wizard in self:
            wizard.year = wizard.year or str(wizard._get_today().year)

    @api.depends("course_ids", "partnership_id")
    def _compute_demand_count(self):
        for wizard in self:
            wizard.demand_count = sum(map(len, wizard._get_demand().values()))

    def _get_demand(self):
        """:return: dict (partnership, course) -> enrolments that ask for it, who asked first
        first"""
        Enrolment = self.env["partnership.enrolment"]
        domain = Domain(Enrolment._domain_demand()) & Domain(
            "course_id", "in", self.course_ids._origin.ids
        )
        if self.partnership_id:
            domain &= Domain("partnership_id", "=", self.partnership_id.id)
        asking = Enrolment.search(domain, order="id")
        return asking.grouped(lambda record: (record.partnership_id, record.course_id))

    def action_plan(self):
        """Draft the sessions. Who finds no seat in them keeps asking, for the next one. A draft
        of that year that has no event and seats left is filled before another one is made.

        :return: action that shows the sessions
        """
        self.ensure_one()
        if not re.fullmatch(r"[12]\d{3}", self.year):
            raise UserError(self.env._("“%(year)s” is not a year.", year=self.year))
        if self.session_ids:
            return self.session_ids._action_open_drafts()
        demand = self._get_demand()
        places = [*demand, *self._get_courses_nobody_asks_for(demand)]
        self._take_turns()
        self.course_ids._take_turns()
        drafts = self._find_drafts(places)
        Session = self.env["partnership.training.session"]
        missing = [key for key in places if key not in drafts]
        created = Session.create(
            [
                {"course_id": course.id, "partnership_id": place.id, "year_planned": self.year}
                for place, course in missing
            ]
        )
        drafts.update(zip(missing, created, strict=True))
        for key, session in drafts.items():
            session._attach_demand(demand.get(key, self.env["partnership.enrolment"]))
        self.session_ids = Session.union(*drafts.values())
        return self.session_ids._action_open_drafts()

    def _find_drafts(self, places):
        """:return: dict (partnership, course) -> the draft that is still to be filled"""
        drafts = self.env["partnership.training.session"].search(
            [
                ("course_id", "in", self.course_ids.ids),
                ("partnership_id", "in", [place.id for place, _course in places]),
                ("state", "=", "draft"),
                ("event_ids", "=", False),
                ("year_planned", "=", self.year),
            ],
            order="id desc",
        )
        return {
            (draft.partnership_id, draft.course_id): draft
            for draft in drafts
            if draft._get_room() != 0 and (draft.partnership_id, draft.course_id) in places
        }

    def _get_courses_nobody_asks_for(self, demand):
        """They are planned all the same, in the partnership chosen or their own."""
        asked = {course for _place, course in demand}
        unasked = self.course_ids.filtered(lambda course: course not in asked)
        without = unasked.filtered(lambda course: not self.partnership_id | course.partnership_id)
        if without:
            raise UserError(
                self.env._(
                    "Nobody asks for %(course)s yet: choose the partnership that gives it.",
                    course=without[0].display_name,
                )
            )
        return [(self.partnership_id or course.partnership_id, course) for course in unasked]
