from odoo import models
from odoo.fields import Command, Domain


class ResUsers(models.Model):
    """What training a user sees and asks for without being of the team.

    Nobody of the portal has rights on courses, sessions and enrolments: internal notes, costs and
    the names of others stay with the team. The pages read what these methods find, with the rights
    of the system, and show named fields of it.
    """

    _inherit = "res.users"

    def _get_training_memberships(self):
        """:return: the memberships of today of the user and of those for whom the user speaks"""
        Membership = self.env["partnership.membership"].sudo()
        return Membership.search(
            self._domain_own_memberships()
            & Membership._domain_valid_today()
            & Domain("partnership_id.active", "=", True)
        )

    def _domain_own_enrolments(self):
        """:return: Domain of the enrolments of the user's own person"""
        self.ensure_one()
        return Domain("person_id", "=", self.partner_id.id)

    def _domain_open_courses(self):
        """:return: Domain of the courses that the partnerships of the user can give"""
        places = self._get_training_memberships().partnership_id
        return Domain("partnership_id", "in", places.ids) | (
            Domain("partnership_id", "=", False) & Domain("company_id", "in", places.company_id.ids)
        )

    def _domain_open_sessions(self):
        """:return: Domain of the sessions of these partnerships that enrol people"""
        places = self._get_training_memberships().partnership_id
        return Domain("partnership_id", "in", places.ids) & Domain("state", "=", "open")

    def _ask_for_course(self, course, partnership):
        """Ask for a course that has no session to enrol in.

        :return: the enrolment; the one that is there, if the user asked already
        """
        Enrolment = self.env["partnership.enrolment"].sudo()
        asked = (
            self._domain_own_enrolments()
            & Domain(Enrolment._domain_demand())
            & Domain("course_id", "=", course.id)
            & Domain("partnership_id", "=", partnership.id)
        )
        return Enrolment.search(asked, limit=1) or Enrolment.create(
            {
                "course_id": course.id,
                "partnership_id": partnership.id,
                "person_id": self.partner_id.id,
            }
        )

    def _request_training(self, partnership, text, course):
        """Open a training need in the words of the user; what is asked twice is one need, with
        the new words in its log.

        :return: the need
        """
        Need = self.env["partnership.training.need"].sudo()
        memberships = self._get_training_memberships()
        membership = memberships.filtered(lambda record: record.partnership_id == partnership)[:1]
        need = Need._raise(
            [
                {
                    "origin": "request",
                    "partnership_id": partnership.id,
                    "membership_id": membership.id,
                    "person_id": self.partner_id.id,
                    "course_id": course.id,
                    "skill_ids": [Command.set(course.skill_ids.ids)],
                    "origin_text": text,
                    "date_open": partnership._get_today(),
                }
            ]
        )
        if need.origin_text != text:
            need.message_post(body=text)
        return need
