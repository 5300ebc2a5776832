from freezegun import freeze_time

from odoo.tests import tagged

from .common import TrainingCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestTrainingContact(TrainingCase):
    def _merge(self, source, into):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([source.id, into.id], into, extra_checks=False)
        self.env.flush_all()
        self.env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self.env.invalidate_all()

    def _enrol(self, **values):
        enrolment = self._create_enrolment("Test person 1", **values)
        enrolment.action_confirm()
        return enrolment

    def test_enrolment_and_hours_follow(self):
        enrolment = self._enrol()
        self._attend(self.past_event, p1="present")
        self.assertEqual(enrolment.hours_attended, 3)
        target = self._create_person("Test target")
        self._merge(enrolment.person_id, into=target)
        self.assertEqual((enrolment.person_id, enrolment.hours_attended), (target, 3))
        self.assertEqual(self.past_event.attendance_ids.enrolment_id, enrolment)

    def test_guest_who_was_enrolled_by_another_name(self):
        """The better row is the guest's; the enrolment is on the other one."""
        enrolment = self._enrol()
        guest = self._create_person("Test guest")
        self.env["partnership.attendance"]._record(self.past_event, guest, status="present")
        self._attend(self.past_event, p1="absent", pguest="present")
        self.assertEqual(enrolment.hours_attended, 0)
        self._merge(guest, into=enrolment.person_id)
        row = self.past_event.attendance_ids
        self.assertEqual((row.status, row.enrolment_id), ("present", enrolment))
        self.assertEqual(enrolment.hours_attended, 3)

    def test_notes_go_and_hours_stay(self):
        enrolment = self._enrol(note="Test note on the person")
        self._attend(self.past_event, p1="late")
        enrolment.person_id.with_user(self.administrator)._partnership_anonymise()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(enrolment.note)
        self.assertEqual(enrolment.hours_attended, 3)

    def test_certificates_that_were_sent_go_and_the_log_forgets_the_name(self):
        enrolment = self._enrol()
        name = enrolment.person_id.name
        file = self.env["ir.attachment"].create(
            {
                "name": f"Certificate {name}.pdf",
                "raw": b"x",
                "res_model": enrolment._name,
                "res_id": enrolment.id,
            }
        )
        message = enrolment.message_post(body=f"{name} has a certificate", attachment_ids=file.ids)
        enrolment.person_id.with_user(self.administrator)._partnership_anonymise()
        self.env.invalidate_all()
        self.assertFalse(file.exists())
        self.assertNotIn(name, message.body)
