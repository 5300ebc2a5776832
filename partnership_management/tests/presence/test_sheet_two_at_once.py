from functools import partial

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..concurrent_common import ConcurrentMeetingCase


@tagged("post_install", "-at_install")
class TestSheetTwoAtOnce(ConcurrentMeetingCase):
    """Two tablets at one meeting, each of which has read the sheet as it was before."""

    def _look(self, env):
        env["calendar.event"].browse(self.meeting_id).attendance_ids.read(["status"])

    def test_sheet_is_opened_twice_at_once(self):
        """One row for each seat, and nobody gets an error: also where the sheet is open by now
        and only a row is missing."""
        for _state in ("planned", "open"):
            runs = self._run_at_once(self._open, self._open)
            self.assertEqual(sorted(runs), [1, 2])
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                meeting = env["calendar.event"].browse(self.meeting_id)
                self.assertEqual(meeting.partnership_state, "open")
                self.assertEqual(len(meeting.attendance_ids), 2)
                meeting.attendance_ids[0].unlink()

    def _open(self, env):
        env["calendar.event"].browse(self.meeting_id).action_open_sheet()

    def _check_in(self, person_id, env):
        env["calendar.event"].browse(self.meeting_id)._check_in(person_id, [self.council_id])

    def _take_back(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            rows = env["calendar.event"].browse(self.meeting_id).attendance_ids
            rows._write_from_sheet({"status": "not_recorded"})
            rows.unlink()

    def test_a_double_tap_counts_once(self):
        """The titular, who has a row, and the alternate, who has none, each tap twice at once."""
        self.addCleanup(self._take_back)
        for person_id in (self.titular_id, self.alternate_id):
            job = partial(self._check_in, person_id)
            self._run_at_once(job, job)
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                rows = env["calendar.event"].browse(self.meeting_id).attendance_ids
                [row] = rows.filtered(lambda row, who=person_id: row.person_id.id == who)
                self.assertEqual(row.status, "present")
                self.assertTrue(row.check_in)

    def _try(self, job, refused, env):
        try:
            with env.cr.savepoint():
                job(env)
        except UserError as error:
            refused.append(str(error))

    def _archive(self, env):
        env["calendar.event"].browse(self.meeting_id).active = False

    def _cancel(self, env):
        env["calendar.event"].browse(self.meeting_id).action_cancel_meeting()

    def _mark(self, env):
        meeting = env["calendar.event"].browse(self.meeting_id)
        meeting.attendance_sheet_mark([[meeting.attendance_ids[:1].ids, {"status": "present"}]])

    def _add(self, env):
        meeting = env["calendar.event"].browse(self.meeting_id)
        meeting.attendance_sheet_add(self.alternate_id, self.council_id)

    def _reset(self, make_rows):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            meeting = env["calendar.event"].browse(self.meeting_id)
            meeting.active = True
            if meeting.partnership_state == "cancelled":
                meeting.action_plan_meeting()
            meeting.attendance_ids._write_from_sheet({"status": "not_recorded"})
            meeting.attendance_ids.unlink()
            if make_rows:
                meeting.action_open_sheet()

    def test_a_mark_and_an_archive_at_once(self):
        """One of the two is done, and the other reads why it is not; also where the row is new."""
        self.addCleanup(self._reset, False)
        for mark in (self._mark, self._add):
            for leave in (self._archive, self._cancel):
                self._reset(mark == self._mark)
                refused = []
                self._run_at_once(
                    partial(self._try, mark, refused), partial(self._try, leave, refused)
                )
                self.assertEqual(len(refused), 1)
                with self.registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    meeting = env["calendar.event"].browse(self.meeting_id)
                    here = meeting.active and meeting.partnership_state != "cancelled"
                    self.assertEqual(bool(meeting._filtered_recorded()), here, refused)
