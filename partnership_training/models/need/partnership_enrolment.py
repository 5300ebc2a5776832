from odoo import api, fields, models
from odoo.fields import Command

from .partnership_training_need import OPEN_STATES


class PartnershipEnrolment(models.Model):
    """The needs that an enrolment serves."""

    _inherit = "partnership.enrolment"

    need_ids = fields.Many2many(
        "partnership.training.need",
        "partnership_enrolment_training_need_rel",
        "enrolment_id",
        "need_id",
        "Needs",
        copy=False,
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Who enrols, or asks for the course, answers the needs that wait for it. It follows
        from the enrolment, whoever makes it: it runs as the system."""
        enrolments = super().create(vals_list)
        system = enrolments.sudo()
        system._serve(system._find_needs())
        return enrolments

    def _find_needs(self):
        return self.env["partnership.training.need"].search(
            [
                ("course_id", "in", self.course_id.ids),
                ("partnership_id", "in", self.partnership_id.ids),
                ("state", "in", OPEN_STATES),
            ]
        )

    def _serve(self, needs):
        """Link each need to those of the enrolments that are for its course and its persons."""
        persons = needs._get_persons()
        mine = self.grouped(lambda record: (record.partnership_id, record.course_id))
        for need in needs:
            fitting = mine.get((need.partnership_id, need.course_id), self.browse()).filtered(
                lambda record, need=need: (
                    record.person_id in persons[need]
                    or (need._is_of_member() and record.membership_id == need.membership_id)
                )
            )
            new = fitting - need.enrolment_ids
            if new:
                need.write({"enrolment_ids": [Command.link(record.id) for record in new]})

    def _take_over(self, others):
        """The needs that the other enrolments serve stay served."""
        self.need_ids |= others.need_ids
        return super()._take_over(others)
