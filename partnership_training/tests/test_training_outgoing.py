from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.partnership_management.tests.outgoing_common import OutgoingCase, OutgoingWalk

from .evaluation.test_evaluation import EvaluationCase

ADDON = "partnership_training"
NOTICES = ("confirmed", "promoted", "waiting", "cancelled", "session_cancelled", "moved")
NUMBER = "<int(max=2147483647):{}_id>".format


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 10:00:00")
class TestTrainingOutgoing(OutgoingWalk, OutgoingCase, EvaluationCase):
    """Notes on a participant, needs and why they were raised are in nothing that goes out."""

    addon = ADDON
    login = "test_portal"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls._create_member("Test firm")
        me = cls.portal_user.partner_id
        me.write({"parent_id": cls.member.partner_id.id, "name": "Test person p"})
        cls.session.seats_max = 4
        cls.enrolment = cls._create_enrolment(me, note="x")
        cls.enrolment.action_confirm()
        cls.env["partnership.training.need"].create(
            {"membership_id": cls.member.id, "course_id": cls.course.id, "origin_text": "x"}
        )
        cls.course.material_ids = cls.env["ir.attachment"].create(
            {"name": "test.txt", "raw": b"Test material" * 9}
        )
        cls.soon = cls._create_session(name="Test soon", seats_max=1, place="Test hall")
        cls.training = cls.session  # the browser takes that name

    def setUp(self):
        super().setUp()
        self._attend(self.past_event, pp="present", p1="present")
        self.past_event.attendance_ids.write({"reason": "x"})
        self.training.action_done()
        self.enrolment.action_issue_certificates()
        self.training.action_send_feedback()
        self._create_event("2024-07-01 08:00:00", self.soon)
        self.waiting = self._create_enrolment(self.portal_user.partner_id, self.soon)
        self.waiting.action_confirm()
        self.answer = self._asked("reaction", self.enrolment)
        self.session = None
        self.authenticate(self.login, self.login)

    def _get_mails(self):
        return {
            **{f"{ADDON}.mail_template_enrolment_{kind}": self.waiting for kind in NOTICES},
            **{
                f"{ADDON}.mail_template_evaluation_{kind}": self.answer
                for kind in ("reaction", "test", "behaviour")
            },
            f"{ADDON}.mail_template_certificate": self.enrolment,
        }

    def _get_prints(self):
        return {f"{ADDON}.action_report_certificate": self.enrolment}

    def _get_pages(self):
        own, course = NUMBER("enrolment"), NUMBER("course")
        mine, soon = (f"/my/trainings/{each.id}" for each in (self.enrolment, self.waiting))
        offer = f"/my/courses/{self.course.id}"
        token = self.enrolment._get_certificate_token()
        file = self.course.material_ids.id
        return {
            f"/partnership/certificate/{own}-<string:token>": [
                lambda: self._read_page(f"/partnership/certificate/{token}"),
                lambda: self._read_page(f"/partnership/certificate/{token}x", 404),
            ],
            "/my/trainings": [lambda: self._read_page("/my/trainings")],
            "/my/trainings/page/<int:page>": [lambda: self._read_page("/my/trainings/page/1")],
            f"/my/trainings/{own}": [lambda: self._read_page(mine), lambda: self._read_page(soon)],
            f"/my/trainings/{own}/material/{NUMBER('file')}": [
                lambda: self._read_page(f"{mine}/material/{file}")
            ],
            f"/my/trainings/{own}/certificate": [lambda: self._read_page(f"{mine}/certificate")],
            f"/my/trainings/{own}/calendar": [lambda: self._read_page(f"{soon}/calendar")],
            "/my/courses": [lambda: self._read_page("/my/courses")],
            "/my/courses/page/<int:page>": [lambda: self._read_page("/my/courses/page/1")],
            f"/my/courses/{course}": [lambda: self._read_page(offer)],
            f"/my/courses/{course}/enrol/{NUMBER('session')}": [
                lambda: self._read_page(f"{offer}/enrol/{self.soon.id}", x="1")
            ],
            f"/my/courses/{course}/ask": [lambda: self._read_page(f"{offer}/ask", x="1")],
            "/my/courses/wish": [lambda: self._read_page("/my/courses/wish", wish="Test wish")],
            f"/my/trainings/{own}/withdraw": [
                lambda: self._read_page(f"{mine}/withdraw", reason="Test"),
                lambda: self._read_page(f"{soon}/withdraw", reason="Test"),
            ],
        }

    def _get_others(self):
        return {
            "calendar file": lambda: self.soon._get_calendar(self.soon._get_events()).decode(),
            "message to trainers": lambda: str(self.soon._describe_dates()),
            "questions": lambda: self._read_page(self.answer.get_start_url()),
        }
