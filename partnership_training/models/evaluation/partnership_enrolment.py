from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.partnership_management.tools.optional_float import OptionalFloat

from .survey_user_input import KINDS

# kind of evaluation -> the state of an enrolment in which somebody is asked
ASKED = {"before": "confirmed", "reaction": "done", "after": "done", "behaviour": "done"}


def _score(string, text, **kwargs):
    return OptionalFloat(string, readonly=True, copy=False, aggregator="avg", help=text, **kwargs)


def _confidential_score(string, text):
    """People are told that nobody sees who gave which marks: the team reads the means."""
    return _score(string, text, groups="base.group_system")


class PartnershipEnrolment(models.Model):
    """What somebody says of a course, and learned in it. All figures go from 0 to 100; none where
    nothing was answered. They are written when an answer is handed in."""

    _inherit = "partnership.enrolment"

    evaluation_ids = fields.One2many(
        "survey.user_input", "enrolment_id", groups="base.group_system"
    )
    evaluation_reaction = _confidential_score("Feedback", "The answers right after the session.")
    evaluation_before = _score("Test before", "What was known before the session.")
    evaluation_after = _score("Test after", "What is known after it.")
    evaluation_gain = _score("Learned", "The test after the session less the one before.")
    evaluation_behaviour = _confidential_score("What Has Changed", "The answers some months later.")

    def _store_evaluation(self):
        for enrolment in self.sudo():
            scores = dict.fromkeys(dict(KINDS))
            for answer in enrolment.evaluation_ids.filtered(lambda each: each.state == "done"):
                scores[answer.training_evaluation] = answer._get_training_score()
            before, after = scores["before"], scores["after"]
            known = before is not None and after is not None
            enrolment.write(
                {
                    **{f"evaluation_{kind}": score for kind, score in scores.items()},
                    "evaluation_gain": after - before if known else None,
                }
            )

    # ------------------------------------------------------------
    # Asked
    # ------------------------------------------------------------

    def _filtered_to_ask(self, kind):
        """:return: those who can be asked now: before a session begins, or after it is done"""
        now = fields.Datetime.now()
        return self.filtered(
            lambda record: (
                record.state == ASKED[kind]
                and record.person_id.active
                and record.course_id._get_survey(kind)
                and (kind != "before" or (record.date_start and record.date_start > now))
            )
        )

    def _ask(self, kind):
        """Ask each once; of two that do so at the same moment the second one waits, and finds it
        done. Nobody gets mail here.

        :return: the questionnaires that are new, with the rights of the system
        """
        self.check_access("write")
        due = self._filtered_to_ask(kind)
        Input = self.env["survey.user_input"].sudo()
        asked = Input.search([("enrolment_id", "in", due.ids), ("training_evaluation", "=", kind)])
        due -= asked.enrolment_id.with_env(self.env)
        due.session_id._take_turns()
        quiet = Input.with_context(tracking_disable=True)  # nobody follows what another answers
        new = quiet.create([enrolment._prepare_evaluation(kind) for enrolment in due])
        return new.with_env(Input.env)

    def _prepare_evaluation(self, kind):
        survey, person = self.course_id._get_survey(kind), self.person_id
        if not survey.active:
            raise UserError(
                self.env._(
                    "%(course)s: the survey “%(survey)s” is archived.",
                    course=self.course_id.display_name,
                    survey=survey.title,
                )
            )
        limited = survey.is_attempts_limited
        return {
            "survey_id": survey.id,
            "partner_id": person.id,
            "email": person.email,
            "nickname": person.name,
            "invite_token": self.env["survey.user_input"]._generate_invite_token()
            if limited
            else False,
            "enrolment_id": self.id,
            "training_evaluation": kind,
        }

    def _get_evaluation_links(self):
        """:return: dict kind -> dict of ``url``, which needs no account, ``title`` and ``done``,
        of what the person was asked, in order"""
        self.ensure_one()
        answers = self.sudo().evaluation_ids.grouped("training_evaluation")
        return {
            kind: {
                "url": f"{self.partnership_id.get_base_url()}{answers[kind].get_start_url()}",
                "title": answers[kind].survey_id.title,
                "done": answers[kind].state == "done",
            }
            for kind, _string in KINDS
            if kind in answers
        }

    # ------------------------------------------------------------
    # What is answered stays
    # ------------------------------------------------------------

    def unlink(self):
        """What was asked and not answered goes with the enrolment."""
        self.sudo().evaluation_ids.filtered(lambda answer: answer.state != "done").unlink()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evaluated(self):
        done = self.sudo().evaluation_ids
        if done:
            raise UserError(
                self.env._(
                    "%(enrolment)s: the course was evaluated. Cancel the enrolment instead of "
                    "deleting it.",
                    enrolment=done[0].enrolment_id.display_name,
                )
            )

    def _take_over(self, others):
        """Of two answers of what is one person now, the one that was handed in stays; what is
        left of the other is an answer to the survey alone."""
        mine = self.sudo().evaluation_ids
        answers = (mine | others.sudo().evaluation_ids).sorted(
            lambda each: (each.state != "done", each not in mine, each.id)
        )
        kept = mine.browse().union(
            *(same[:1] for same in answers.grouped("training_evaluation").values())
        )
        double = answers - kept
        double.filtered(lambda each: each.state != "done").unlink()
        double.exists().write({"enrolment_id": False, "training_evaluation": False})
        double.flush_model(["enrolment_id"])  # before the others take their place
        kept.enrolment_id = self
        self._store_evaluation()
        return super()._take_over(others)
