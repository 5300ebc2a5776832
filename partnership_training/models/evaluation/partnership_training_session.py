from collections import defaultdict
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .survey_user_input import KINDS

TEMPLATE = "partnership_training.mail_template_evaluation_%s"
LATE = timedelta(days=30)  # what was due longer ago is not sent by itself any more
WEEK = timedelta(days=7)
BATCH = 20


class PartnershipTrainingSession(models.Model):
    """Everybody is asked how the session was, what they learned, and later what has changed."""

    _inherit = "partnership.training.session"

    has_test = fields.Boolean(compute="_compute_has_evaluation")
    has_feedback = fields.Boolean(compute="_compute_has_evaluation")
    is_behaviour_due = fields.Boolean(compute="_compute_has_evaluation")
    evaluation_asked = fields.Integer("Asked", compute="_compute_evaluation_counts")
    evaluation_answered = fields.Integer("Answered", compute="_compute_evaluation_counts")

    def action_open_effect(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_training.partnership_training_effect_action"
        )
        views = sorted(action["views"], key=lambda view: view[1] != "list")
        return {**action, "views": views, "domain": [("session_id", "=", self.id)], "context": {}}

    @api.depends(
        "course_id.survey_learning_id",
        "course_id.survey_reaction_id",
        "course_id.survey_behaviour_id",
        "date_stop",
    )
    def _compute_has_evaluation(self):
        now = fields.Datetime.now()
        for session in self:
            course = session.course_id
            session.has_test = bool(course._get_survey("before"))
            session.has_feedback = bool(course._get_survey("reaction") or session.has_test)
            session.is_behaviour_due = bool(
                course._get_survey("behaviour")
                and session.date_stop
                and session.date_stop + relativedelta(months=3) <= now
            )

    @api.depends("enrolment_ids.evaluation_reaction", "enrolment_ids.evaluation_behaviour")
    @api.depends_context("uid")
    def _compute_evaluation_counts(self):
        """How many, not who: the answers themselves are nobody's here."""
        counts = {}
        for session, state, count in (
            self.env["survey.user_input"]
            .sudo()
            ._read_group(
                [("enrolment_id.session_id", "in", self.ids)],
                ["enrolment_id", "state"],
                ["__count"],
            )
        ):
            asked, answered = counts.get(session.session_id.id, (0, 0))
            counts[session.session_id.id] = (asked + count, answered + count * (state == "done"))
        for session in self:
            session.evaluation_asked, session.evaluation_answered = counts.get(session.id, (0, 0))

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_send_test(self):
        return self._send_evaluations(["before"])

    def action_send_feedback(self):
        return self._send_evaluations(["reaction", "after"])

    def action_send_behaviour(self):
        return self._send_evaluations(["behaviour"])

    def action_remind_evaluation(self):
        """Mail again to those who have not answered what they can still be asked, at most once a
        day."""
        self.check_access("write")
        self._take_turns()
        answers = self.env["survey.user_input"].sudo()
        asked = answers.search(
            [("enrolment_id.session_id", "in", self.ids), ("state", "!=", "done")]
        )
        due = asked.filtered(
            lambda each: (
                each.training_reminded != each.enrolment_id.session_id._get_today()
                and each.enrolment_id._filtered_to_ask(each.training_evaluation)
            )
        )
        for session, answers in due.grouped(lambda each: each.enrolment_id.session_id).items():
            answers.training_reminded = session._get_today()
        return self._mail_evaluations(due)

    def _send_evaluations(self, kinds):
        enrolments = self.enrolment_ids
        answers = self.env["survey.user_input"].sudo()
        for kind in kinds:
            answers |= enrolments._ask(kind)
        return self._mail_evaluations(answers)

    def _mail_evaluations(self, answers):
        """:return: a notification of who gets a mail now"""
        reached = answers.filtered("partner_id.email_normalized")
        if not answers:
            raise UserError(
                self.env._(
                    "There is nobody to ask: who takes part has been asked already, or reminded "
                    "today."
                )
            )
        self._queue_evaluation_mail(reached)
        message = self.env._("E-mails on their way: %(count)s.", count=len(reached))
        if answers != reached:
            message += " " + self.env._(
                "Without an e-mail address: %(names)s.",
                names=", ".join((answers - reached).partner_id.mapped("name")),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if reached else "warning",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _queue_evaluation_mail(self, answers):
        for kind, _string in KINDS:
            mine = answers.filtered(lambda each, kind=kind: each.training_evaluation == kind)
            name = "test" if kind in ("before", "after") else kind
            template = self.env.ref(TEMPLATE % name, raise_if_not_found=False)
            if mine and template:
                template.sudo().send_mail_batch(
                    mine.ids, email_layout_xmlid="mail.mail_notification_light"
                )

    def action_open_evaluation(self):
        """Open what came of it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_training.partnership_training_evaluation_action"
        )
        return {**action, "domain": [("session_id", "=", self.id)], "context": {}}

    # ------------------------------------------------------------
    # By itself
    # ------------------------------------------------------------

    @api.model
    def _cron_send_evaluations(self):
        """What an archived survey asks waits until it is in use again, and holds up nobody."""
        due = defaultdict(list)
        for kind, domain in self._get_evaluations_due():
            for session_id in self.search(domain).ids:
                due[session_id].append(kind)

        def send(ids):
            for kind, _string in KINDS:
                ready = self.browse(ids).filtered(
                    lambda each, kind=kind: (
                        kind in due[each.id] and each.course_id._get_survey(kind).active
                    )
                )
                answers = ready.enrolment_ids._ask(kind)
                self._queue_evaluation_mail(answers.filtered("partner_id.email_normalized"))

        self.env["ir.cron"]._run_in_batches(due, BATCH, send)

    @api.model
    def _get_evaluations_due(self):
        """:return: list of (kind, Domain of the sessions whose people are asked that now); what
        was asked already is not asked again"""
        now = fields.Datetime.now()
        auto = Domain("course_id.is_evaluation_sent", "=", True)
        done = auto & Domain("state", "=", "done")
        soon = (
            auto
            & Domain("state", "=", "open")
            & Domain("date_start", ">", now)
            & Domain("date_start", "<=", now + WEEK)
        )
        over = done & self._domain_ended(now)
        due = [("before", soon), ("reaction", over), ("after", over)]
        for months in range(3, 7):
            ended = self._domain_ended(now - relativedelta(months=months))
            behaviour = Domain("course_id.behaviour_months", "=", months)
            due.append(("behaviour", done & behaviour & ended))
        return due

    @api.model
    def _domain_ended(self, moment):
        return Domain("date_stop", "<=", moment) & Domain("date_stop", ">", moment - LATE)
