from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.partnership_management.tools.optional_float import OptionalFloat


class PartnershipAttendance(models.Model):
    _inherit = "partnership.attendance"

    enrolment_id = fields.Many2one(
        "partnership.enrolment",
        compute="_compute_enrolment_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The enrolment through which the person is expected at a training event.",
    )

    training_hours = OptionalFloat(
        "Hours",
        aggregator="sum",
        help="How long the person stayed. Empty: for the whole event, if the person was there.",
    )

    event_duration = fields.Float(related="event_id.duration", string="Duration of the Event")

    _training_hours_positive = models.Constraint(
        "CHECK (training_hours >= 0)", "Somebody cannot have stayed for less than no time."
    )

    @api.depends("person_id", "event_id")
    def _compute_enrolment_id(self):
        """The seat in the session that the person has when the row is written. It stays when the
        enrolment is cancelled later."""
        for row in self:
            row.enrolment_id = (
                row.enrolment_id
                or row.event_id.training_session_id.enrolment_ids.filtered(
                    lambda record, person=row.person_id: (
                        record.is_seated and record.person_id == person
                    )
                )
            )

    @api.constrains("training_hours", "event_id")
    def _check_training_hours(self):
        for row in self:
            if row.training_hours is False:
                continue
            if not row.event_id.training_session_id:
                raise ValidationError(
                    self.env._(
                        "“%(event)s” is no training: hours are noted at training events only.",
                        event=row.event_id.display_name,
                    )
                )
            if row.training_hours > row.event_id.duration + 1e-6:
                raise ValidationError(
                    self.env._(
                        "%(person)s cannot have stayed %(hours)s hours at “%(event)s”, which takes "
                        "%(duration)s.",
                        person=row.person_id.name,
                        hours=round(row.training_hours, 2),
                        event=row.event_id.name,
                        duration=round(row.event_id.duration, 2),
                    )
                )

    @api.constrains("training_hours")
    def _check_archived_hours(self):
        self._check_archived()

    def _get_training_hours(self):
        """:return: hours that somebody who was there stayed"""
        self.ensure_one()
        if self.training_hours is False:
            return self.event_id.duration
        return self.training_hours

    @api.model
    def _domain_recorded(self):
        return super()._domain_recorded() | Domain("training_hours", "!=", False)

    def _describe(self):
        words = super()._describe()
        if self.training_hours is False:
            return words
        return self.env._(
            "%(words)s, %(hours)s hours", words=words, hours=round(self.training_hours, 2)
        )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._settle_sessions()
        return rows

    def write(self, vals):
        result = super().write(vals)
        if {"status", "training_hours"} & vals.keys():
            self._settle_sessions()
        return result

    def _settle_sessions(self):
        """A sheet that is corrected after the session was marked as done corrects who took part."""
        for session in self.event_id.training_session_id:
            if session.state == "done":
                session._settle()
