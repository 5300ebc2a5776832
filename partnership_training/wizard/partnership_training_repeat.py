from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class PartnershipTrainingRepeat(models.TransientModel):
    """Hold a session again, once or several times: drafts with the same rules and later events."""

    _name = "partnership.training.repeat"
    _description = "Repeat a Session"
    _inherit = ["partnership.guarded.mixin"]

    session_id = fields.Many2one(
        "partnership.training.session", required=True, readonly=True, ondelete="cascade"
    )
    count = fields.Integer("Times", required=True, default=1)
    interval = fields.Integer("Every", required=True, default=1)
    unit = fields.Selection(
        [("weeks", "Weeks"), ("months", "Months"), ("years", "Years")],
        required=True,
        default="months",
    )
    dates = fields.Text("First Days", compute="_compute_dates")

    _count_range = models.Constraint(
        "CHECK (count BETWEEN 1 AND 52)", "A session is repeated between 1 and 52 times."
    )
    _interval_positive = models.Constraint(
        "CHECK (interval >= 1)", "The next session is at least one week, month or year later."
    )

    @api.depends("session_id", "count", "interval", "unit")
    def _compute_dates(self):
        for wizard in self:
            first = wizard.session_id._get_events()[:1].partnership_date
            wizard.dates = "\n".join(
                str(first + wizard._get_delta(number))
                for number in range(1, min(wizard.count, 52) + 1)
                if first
            )

    def _get_delta(self, number):
        """:return: how much later the session of ``number``, from 1, is held"""
        return relativedelta(**{self.unit or "months": number * self.interval})

    def action_repeat(self):
        """:return: the action that shows the new sessions"""
        self.ensure_one()
        if not self.session_id._get_events():
            raise UserError(
                self.env._(
                    "“%(session)s” has no event: duplicate it, and plan its events then.",
                    session=self.session_id.name,
                )
            )
        self._check_not_repeated()
        self.session_id._take_turns()
        sessions = self.session_id.browse()
        for number in range(1, self.count + 1):
            sessions += self.session_id._repeat(self._get_delta(number))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_training.partnership_training_session_action"
        )
        return {**action, "domain": [("id", "in", sessions.ids)], "context": {}}

    def _check_not_repeated(self):
        """Refuse what is there already: the same course at the same time, by the same trainers."""
        session = self.session_id
        first = session._get_events()[:1]
        fname = "start_date" if first.allday else "start"
        starts = {
            session._shift(first, self._get_delta(number))[fname]
            for number in range(1, self.count + 1)
        }
        others = session.search(
            [
                ("id", "!=", session.id),
                ("course_id", "=", session.course_id.id),
                ("partnership_id", "=", session.partnership_id.id),
                ("place", "=", session.place),
                ("state", "!=", "cancelled"),
            ]
        ).filtered(lambda other: other.trainer_ids == session.trainer_ids)
        for other in others:
            event = other._get_events()[:1]
            if event and event[fname] in starts:
                raise UserError(
                    self.env._(
                        "“%(session)s” is repeated on %(date)s already: open that session instead.",
                        session=session.name,
                        date=format_date(self.env, event.partnership_date),
                    )
                )


class PartnershipTrainingSession(models.Model):
    _inherit = "partnership.training.session"

    def _repeat(self, delta):
        """:return: a draft of the session, with its events ``delta`` later"""
        self.ensure_one()
        deadline = self.enrol_deadline
        copy = self.copy({"name": self.name, "enrol_deadline": deadline and deadline + delta})
        self.env["calendar.event"].create(
            [
                {
                    "training_session_id": copy.id,
                    "name": event.name,
                    "location": event.location,
                    "allday": event.allday,
                    **self._shift(event, delta),
                }
                for event in self._get_events()
            ]
        )
        return copy

    def action_repeat(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_training.partnership_training_repeat_action"
        )
        action["context"] = {"default_session_id": self.id}
        return action
