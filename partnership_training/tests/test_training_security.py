from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TrainingCase

# model -> role -> operations allowed
OWN = {"read", "write", "create"}
ALL = OWN | {"unlink"}
MATRIX = {
    "partnership.course": {"facilitator": OWN, "officer": ALL, "administrator": ALL},
    "partnership.training.session": {"facilitator": OWN, "officer": ALL, "administrator": ALL},
    "partnership.enrolment": {"facilitator": OWN, "officer": ALL, "administrator": ALL},
    "partnership.skill": {
        "stranger": {"read", "create"},
        "facilitator": {"read", "create"},
        "officer": {"read", "create"},
        "administrator": ALL,
    },
    "partnership.skill.wanted": {"facilitator": ALL, "officer": ALL, "administrator": ALL},
    "partnership.skill.holding": {"facilitator": ALL, "officer": ALL, "administrator": ALL},
    "partnership.training.need": {"facilitator": OWN, "officer": ALL, "administrator": ALL},
    "partnership.training.budget": {"facilitator": OWN, "officer": ALL, "administrator": ALL},
}
# model -> what is written to try whether it may be; otherwise the name
WRITTEN = {
    "partnership.enrolment": {"note": "x"},
    "partnership.skill.wanted": {"sequence": 5},
    "partnership.skill.holding": {"date_end": "2100-01-01"},
    "partnership.training.need": {"origin_text": "x"},
    "partnership.training.budget": {"note": "x"},
}
ROLES = ("stranger", "employee", "portal_user", "facilitator", "officer", "administrator")


@tagged("post_install", "-at_install")
class TestTrainingSecurity(TrainingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shared = cls._create_course("Test shared course", partnership_id=False)
        cls.unused_course = cls._create_course("Test unused course")
        cls.unused_session = cls._create_session()
        cls.skill = cls.env["partnership.skill"].create({"name": "Test skill"})
        cls.enrolment = cls._create_enrolment("Test person")
        cls.records = {
            "partnership.course": cls.unused_course,
            "partnership.training.session": cls.unused_session,
            "partnership.enrolment": cls.enrolment,
            "partnership.skill": cls.env["partnership.skill"].create({"name": "Test unused"}),
        }
        for model in (
            "partnership.skill.wanted",
            "partnership.skill.holding",
            "partnership.training.need",
            "partnership.training.budget",
        ):
            cls.records[model] = cls.env[model].create(cls._create_values(cls, model))

    def _create_values(self, model):
        return {
            "partnership.course": {
                "name": "Test new course",
                "partnership_id": self.partnership.id,
            },
            "partnership.training.session": {"course_id": self.course.id},
            "partnership.enrolment": {
                "session_id": self.session.id,
                "person_id": self._create_person("Test new person").id,
            },
            "partnership.skill": {"name": "Test new skill"},
            "partnership.skill.wanted": {
                "partnership_id": self.partnership.id,
                "skill_ids": self.skill.ids,
            },
            "partnership.skill.holding": {
                "partnership_id": self.partnership.id,
                "person_id": self.trainer.id,
                "skill_id": self.skill.id,
            },
            "partnership.training.need": {
                "body_id": self.body.id,
                "partnership_id": self.partnership.id,
            },
            "partnership.training.budget": {
                "partnership_id": self.partnership.id,
                "year": str(2030 + self.env["partnership.training.budget"].search_count([])),
                "amount": 100,
            },
        }[model]

    def _try(self, operation, model, user):
        """:return: whether ``user`` may do ``operation``; what was done is undone"""
        record = self.records[model].with_user(user)
        values = self._create_values(model)
        savepoint = self.cr.savepoint()
        try:
            if operation == "read":
                record.invalidate_recordset()
                record.read(["display_name"])
            elif operation == "write":
                record.write(WRITTEN.get(model, {"name": "Test x"}))
            elif operation == "create":
                record.create(values)
            else:
                record.unlink()
            self.env.flush_all()
        except AccessError:
            return False
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()
        return True

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_matrix(self):
        for model, by_role in MATRIX.items():
            for role in ROLES:
                allowed = {
                    operation
                    for operation in ("read", "write", "create", "unlink")
                    if self._try(operation, model, self[role])
                }
                with self.subTest(model=model, role=role):
                    self.assertEqual(allowed, by_role.get(role, set()))

    def __getitem__(self, name):
        return getattr(self, name)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_shared_course_is_read_by_all_teams_and_changed_by_officers(self):
        for user in (self.facilitator, self.stranger):
            course = self.shared.with_user(user)
            self.assertEqual(course.name, "Test shared course")
            for refused in (
                lambda course=course: course.write({"name": "Test mine now"}),
                lambda course=course: course.create(
                    {"name": "Test for all", "partnership_id": False}
                ),
            ):
                with self.assertRaises(AccessError):
                    refused()
        self.shared.with_user(self.officer).name = "Test renamed"

    def test_course_of_a_facilitator_is_for_the_own_partnership(self):
        Course = self.env["partnership.course"]
        own = Course.with_user(self.facilitator).create({"name": "Test own course"})
        self.assertEqual(own.partnership_id, self.partnership)
        shared = Course.with_user(self.officer).create({"name": "Test shared by an officer"})
        self.assertFalse(shared.partnership_id)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_nothing_is_given_to_a_foreign_partnership(self):
        foreign = self.env["partnership.partnership"].create(
            {"name": "Test foreign", "user_ids": self.stranger.ids}
        )
        course = self._create_course("Test foreign course", partnership_id=foreign.id)
        session = self._create_session(self.shared, partnership_id=foreign.id)
        demand = self.env["partnership.enrolment"].create(
            {
                "course_id": self.shared.id,
                "partnership_id": foreign.id,
                "person_id": self.trainer.id,
            }
        )
        for record in (course, session, demand):
            with self.assertRefused(exception=AccessError):
                record.with_user(self.stranger).partnership_id = self.partnership
        with self.assertRefused(exception=AccessError):
            course.with_user(self.stranger).partnership_id = False
        with self.assertRefused(exception=AccessError):
            demand.with_user(self.stranger).session_id = self.session

    def test_counts_of_a_shared_course_are_of_what_the_user_sees(self):
        self._create_session(self.shared, partnership_id=self.partnership.id)
        self.assertEqual(self.shared.with_user(self.facilitator).session_count, 1)
        self.shared.invalidate_recordset()
        self.assertEqual(self.shared.with_user(self.stranger).session_count, 0)
        self.assertFalse(self.shared.with_user(self.stranger).session_ids)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_another_company_sees_nothing(self):
        company = self.env["res.company"].create({"name": "Test far company"})
        self.officer.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        owned = [record for record in self.records.values() if "partnership_id" in record]
        for record in (*owned, self.shared):
            record.invalidate_recordset()
            with self.assertRaises(AccessError):
                record.with_user(self.officer).read(["display_name"])
        self.assertFalse(self.env["partnership.enrolment"].with_user(self.officer).search_count([]))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_stranger_enrols_nobody(self):
        wizard = self.env["partnership.training.enrol"].with_user(self.stranger)
        with self.assertRaises(AccessError):
            wizard.create(
                {"session_id": self.session.id, "person_ids": self.trainer.ids}
            ).action_enrol()
        self.assertEqual(self.session.enrolment_ids, self.enrolment)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_dialogs_are_ones_own(self):
        need = self.records["partnership.training.need"]
        for model, values in (
            ("partnership.training.need.close", {"reason": "x"}),
            ("partnership.training.need.enrol", {"session_id": self.session.id}),
            ("partnership.training.plan.session", {"course_ids": self.course.ids}),
        ):
            wizard = self.env[model].with_user(self.facilitator)
            wizard = wizard.create(
                {"need_ids": need.ids, **values} if "need_ids" in wizard else values
            )
            with self.assertRefused(exception=AccessError):
                wizard.with_user(self.officer).read(["display_name"])

    def test_facilitator_enrols_settles_and_sees_hours(self):
        session = self.session.with_user(self.facilitator)
        wizard = self.env["partnership.training.enrol"].with_user(self.facilitator)
        wizard.create(
            {"session_id": session.id, "person_ids": self.enrolment.person_id.ids}
        ).action_enrol()
        self.assertEqual(self.enrolment.state, "confirmed")
        for event in session.event_ids:
            event._close_sheet("absent")
        session.action_done()
        self.assertEqual(self.enrolment.state, "absent")
        person = self.enrolment.person_id.with_user(self.facilitator)
        self.assertEqual(person.partnership_enrolment_count, 1)

    def test_private_event_of_somebody_else_does_not_stop_enrolling(self):
        self.next_event.write(
            {
                "privacy": "private",
                "user_id": self.officer.id,
                "start": "2100-06-20 08:00:00",
                "stop": "2100-06-20 11:00:00",
            }
        )
        self.enrolment.with_user(self.facilitator).action_confirm()
        self.assertIn(self.enrolment.person_id, self.next_event.partner_ids)

    def test_employee_sees_the_event_but_not_the_session(self):
        event = self.next_event.with_user(self.employee)
        self.assertEqual(event.name, "Test course")
        self.assertFalse(
            self.employee.has_group(
                "partnership_management.partnership_management_group_facilitator"
            )
        )
        for fname in ("training_session_id", "is_training_to_come"):
            with self.assertRefused(exception=AccessError):
                event.read([fname])

    def test_only_who_may_write_a_session_adds_events_to_it(self):
        values = {"start": "2024-07-01 08:00:00", "stop": "2024-07-01 09:00:00", "name": "Test"}
        for user in (self.employee, self.stranger):
            Event = self.env["calendar.event"].with_user(user)
            with self.assertRefused(exception=AccessError):
                Event.create({**values, "training_session_id": self.session.id})
            with self.assertRefused(exception=AccessError):
                Event.with_context(default_training_session_id=self.session.id).create(values)
        Event = self.env["calendar.event"].with_user(self.facilitator)
        event = Event.with_context(default_training_session_id=self.session.id).create(values)
        self.assertEqual(event.training_session_id, self.session)
        self.assertEqual(event.copy().training_session_id, self.session)

    def test_employee_edits_the_series_of_a_session(self):
        """Its new events are of the session too, though the employee knows of none."""
        self.next_event.write(
            {
                "recurrency": True,
                "rrule_type": "weekly",
                "thu": True,
                "end_type": "count",
                "count": 2,
            }
        )
        self.assertEqual(len(self.session.event_ids), 3)
        event = self.next_event.with_user(self.employee)
        event.write({"recurrence_update": "all_events", "fri": True})
        series = self.next_event.recurrence_id.calendar_event_ids
        self.assertEqual(len(series), 2)
        self.assertEqual(series.training_session_id, self.session)
        self.assertEqual(set(series.mapped("partnership_tool")), {"training"})
