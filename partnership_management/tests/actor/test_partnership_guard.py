from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import PartnershipCase

FALSY = (False, None, 0, "")


@tagged("post_install", "-at_install")
class TestPartnershipGuard(PartnershipCase):
    """Who changes the company, the team, the ceiling and the clock of a partnership, and when."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign = cls.env["res.company"].create({"name": "Test other company"})
        cls.officer.company_ids |= cls.foreign
        cls.quiet = cls.env["partnership.partnership"].create(
            {
                "name": "Test quiet",
                "tz": "Europe/Brussels",
                "user_ids": [Command.set(cls.facilitator.ids)],
            }
        )
        cls.meeting = cls._create_meeting()
        cls.ann = cls._create_person("Test Ann")
        cls.firm = cls._create_organisation("Test firm")
        cls.env["partnership.attendance"]._record(cls.meeting, cls.ann, cls.firm, status="present")

    def _get_values(self):
        return {
            "company_id": (self.foreign.id, *FALSY),
            "user_ids": ([Command.link(self.stranger.id)], [Command.clear()], *FALSY),
            "group_ceiling": (10, *FALSY),
            "tz": ("Asia/Tokyo", *FALSY),
        }

    def test_facilitator_changes_none_of_them(self):
        before = self.quiet.read(list(self._get_values()))
        for fname, values in self._get_values().items():
            for value in values:
                with self.assertRefused("Test quiet", "officer", exception=AccessError):
                    self.quiet.with_user(self.facilitator).write({fname: value})
        self.assertEqual(self.quiet.read(list(self._get_values())), before)
        self.quiet.with_user(self.facilitator).write({"name": "Test loud", "active": False})
        self.assertEqual(self.quiet.name, "Test loud")

    def test_form_of_a_facilitator(self):
        for user, is_officer in ((self.facilitator, False), (self.officer, True)):
            form = Form(self.quiet.with_user(user))
            for fname in ("user_ids", "group_ceiling", "tz"):
                self.assertEqual(form._get_modifier(fname, "readonly"), not is_officer, fname)

    def test_officer_changes_them_and_it_is_logged(self):
        quiet = self.quiet.with_user(self.officer).with_context(
            tracking_disable=False,
            allowed_company_ids=(self.env.company + self.foreign).ids,
        )
        self.env.flush_all()
        self.cr.precommit.run()
        quiet.write(
            {
                "company_id": self.foreign.id,
                "user_ids": [Command.link(self.stranger.id)],
                "group_ceiling": 40,
                "tz": "Asia/Tokyo",
            }
        )
        self.env.flush_all()
        self.cr.precommit.run()
        tracked = self.quiet.sudo().message_ids.tracking_value_ids.field_id
        self.assertEqual(
            set(tracked.mapped("name")), {"company_id", "user_ids", "group_ceiling", "tz"}
        )

    def test_officer_stays_within_own_companies(self):
        company = self.env["res.company"].create({"name": "Test third company"})
        with self.assertRefused("Companies", exception=AccessError):
            self.quiet.with_user(self.officer).company_id = company
        self.officer.group_ids |= self.env.ref("base.group_erp_manager")  # reads all companies
        with self.assertRefused("Test quiet", "company", exception=AccessError):
            self.quiet.with_user(self.officer).company_id = company
        with self.assertRefused(exception=AccessError):
            self.env["partnership.partnership"].with_user(self.officer).create(
                {"name": "Test new", "company_id": company.id}
            )

    def test_company_and_clock_stay_once_presence_is_recorded(self):
        officer = self.administrator
        officer.company_ids |= self.foreign
        partnership = self.partnership.with_user(officer)
        for values in ({"company_id": self.foreign.id}, {"tz": "Asia/Tokyo"}):
            with self.assertRefused("Test partnership", "meetings: 1", exception=UserError):
                partnership.write(values)
        partnership.write(
            {"company_id": self.env.company.id, "tz": "Europe/Brussels", "group_ceiling": 40}
        )
        self.meeting.attendance_ids.status = "not_recorded"
        partnership.tz = "Asia/Tokyo"
        self.assertEqual(self.partnership.tz, "Asia/Tokyo")

    def test_time_zone_is_one_of_those_there_are(self):
        Partnership = self.env["partnership.partnership"]
        for zone in ("", None, False, 0, "Mars/Olympus", "europe/brussels"):
            for user in (self.env.user, self.officer, self.administrator):
                made = Partnership.with_user(user)
                with self.assertRefused("not a time zone"):
                    self.quiet.with_user(user).write({"tz": zone})
                with self.assertRefused("not a time zone"):
                    made.create({"name": "Test new", "tz": zone})
                with self.assertRefused("not a time zone"):
                    made.with_context(default_tz=zone).create({"name": "Test new"})
        self.assertEqual(self.quiet.tz, "Europe/Brussels")

    def test_contact_with_presence_stays_what_and_where_it_is(self):
        for contact, toggled in ((self.ann, True), (self.firm, False)):
            contact = contact.with_user(self.administrator)
            contact.sudo().company_id = self.env.company
            for values in (
                {"is_company": toggled},
                {"company_type": "company" if toggled else "person"},
                {"company_id": self.foreign.id},
            ):
                with self.assertRefused(contact.name, "meetings: 1", exception=UserError):
                    contact.sudo().write(values)
            contact.sudo().write({"company_id": False, "is_company": not toggled, "comment": "x"})
            self.assertFalse(contact.company_id)

    def test_contact_without_presence_is_free(self):
        bob = self._create_person("Test Bob")
        bob.write({"company_id": self.foreign.id, "is_company": True})
        self.assertTrue(bob.is_company)

    def test_company_of_a_contact_reaches_its_persons(self):
        """The calendar writes the company of an organisation on its people."""
        firm = self._create_organisation("Test holding")
        self.ann.parent_id = firm
        with self.assertRefused("Test Ann", "meetings: 1", exception=UserError):
            firm.company_id = self.foreign
