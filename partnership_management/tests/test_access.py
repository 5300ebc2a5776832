from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import GROUP, PartnershipCase

# What each user may do with a record of the test partnership: r(ead), w(rite), c(reate), d(elete).
# The users: administrator, officer, facilitator of its team, stranger (a facilitator of another
# team), other (an officer of another company), employee, representative (a portal user who holds
# a mandate today), portal (another portal user).
USERS = (
    "administrator",
    "officer",
    "facilitator",
    "stranger",
    "other",
    "employee",
    "representative",
    "portal",
)
SHARED = ("rwcd", "r", "r", "r", "r", "", "r", "r")
CONFIGURATION = ("rwcd", "r", "r", "r", "r", "", "", "")
REPORT = ("r", "r", "r", "", "", "", "", "")
MATRIX = {
    "partnership.stage": CONFIGURATION,
    "partnership.stage.criterion": CONFIGURATION,
    "partnership.stage.check": ("rwcd", "rwc", "rwc", "", "", "", "", ""),
    "partnership.stage.history": ("rwcd", "r", "r", "", "", "", "", ""),
    "partnership.stage.checklist": REPORT,
    "partnership.role": SHARED,
    "partnership.interest.group": SHARED,
    "partnership.dimension": CONFIGURATION,
    "partnership.dimension.value": ("rwcd", "rwc", "rwc", "", "", "", "", ""),
    "partnership.trait": ("rwcd", "rwcd", "rwcd", "", "", "", "", ""),
    "partnership.profile.line": ("rwcd", "rwcd", "rwcd", "", "", "", "", ""),
    "partnership.composition.share": REPORT,
    "partnership.composition.summary": REPORT,
    "partnership.composition.picture": REPORT,
    "partnership.composition.wave": REPORT,
    "partnership.partnership": ("rwcd", "rwc", "rw", "", "", "", "r", ""),
    "partnership.body": ("rwcd", "rwcd", "rwc", "", "", "", "r", ""),
    "partnership.membership": ("rwcd", "rwcd", "rwc", "", "", "", "r", ""),
    "partnership.relation": ("rwcd", "rwcd", "rwc", "", "", "", "", ""),
    "partnership.relation.side": REPORT,
    "partnership.relation.change": REPORT,
    "partnership.membership.transition": ("rwcd", "rwc", "rwc", "", "", "", "", ""),
    "partnership.membership.figure": REPORT,
    "partnership.pitfall": ("rwcd", "rw", "rw", "", "", "", "", ""),
    "partnership.seat": ("rwcd", "rwcd", "rwcd", "", "", "", "r", ""),
    "partnership.mandate": ("rwcd", "rwcd", "rwcd", "", "", "", "r", ""),
    "partnership.attendance": ("rwcd", "rwcd", "rwcd", "", "", "", "r", ""),
    "partnership.briefing": ("rwcd", "rwcd", "rwcd", "", "", "", "", ""),
    "partnership.briefing.receipt": ("rwcd", "rwcd", "rwcd", "", "", "", "", ""),
    "partnership.spelling": ("rwcd", "rwcd", "rwcd", "", "", "", "", ""),
    "partnership.enlargement.stage": CONFIGURATION,
    "partnership.enlargement.refuse.reason": CONFIGURATION,
    "partnership.enlargement.round": ("rwcd", "rwcd", "rwc", "", "", "", "", ""),
    "partnership.candidate.tag": ("rwcd", "rc", "rc", "rc", "rc", "", "", ""),
    "partnership.candidate": ("rwcd", "rwc", "rwc", "", "", "", "", ""),
    "partnership.composition.report": REPORT,
    "partnership.body.share": REPORT,
    "partnership.participation.report": REPORT,
    "partnership.meeting.report": REPORT,
    "partnership.appropriation.report": REPORT,
    "partnership.turnover.report": REPORT,
    "partnership.integration.report": REPORT,
    "partnership.representation.report": REPORT,
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}


@tagged("post_install", "-at_install")
class TestAccess(PartnershipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env["res.company"].create({"name": "Test other company"})
        cls.other = new_test_user(
            cls.env,
            "test_other",
            GROUP % "officer",
            company_id=company.id,
            company_ids=company.ids,
            email="other@test.example",
        )
        cls.representative = new_test_user(cls.env, "test_representative", "base.group_portal")
        cls.portal = cls.portal_user
        cls.membership = cls._create_member("Test council")
        cls.seat = cls._create_seat(cls.membership)
        cls.mandate = cls._create_mandate(cls.seat, cls.representative.partner_id)
        cls.meeting = cls._create_meeting()
        cls.attendance = cls.env["partnership.attendance"]._record(
            cls.meeting,
            cls.representative.partner_id,
            cls.membership.partner_id,
            status="present",
            reason="Test reason",
        )
        cls.meeting._close_sheet()
        cls.env["partnership.membership.figure"]._refresh(cls.membership, "2024-06-30")
        cls.env["partnership.briefing"].create(
            {
                "name": "Test minutes",
                "event_id": cls.meeting.id,
                "receipt_ids": [Command.create({"person_id": cls.representative.partner_id.id})],
            }
        )
        cls.env["partnership.pitfall"].create(
            {"membership_id": cls.membership.id, "kind": "absent", "date_open": "2024-06-30"}
        )
        criterion = cls.env["partnership.stage.criterion"].create(
            {
                "name": "Test criterion",
                "stage_id": cls.env["partnership.stage"].create({"name": "Test stage"}).id,
            }
        )
        cls.env["partnership.stage.check"].create(
            {
                "partnership_id": cls.partnership.id,
                "criterion_id": criterion.id,
                "evidence": "Test minutes",
            }
        )
        cls.env["partnership.spelling"].create(
            {
                "partnership_id": cls.partnership.id,
                "name": "Tst cncl",
                "partner_id": cls.membership.partner_id.id,
            }
        )
        cls.env["partnership.relation"].create(
            {
                "membership_id": cls.membership.id,
                "other_id": cls._create_member("Test firm").id,
                "date_start": "2024-01-01",
            }
        )
        dimension = cls.env["partnership.dimension"].create({"name": "Test dimension"})
        value = cls.env["partnership.dimension.value"].create(
            {
                "name": "Test value",
                "dimension_id": dimension.id,
                "partnership_id": cls.partnership.id,
            }
        )
        cls.env["partnership.trait"].create(
            {
                "partnership_id": cls.partnership.id,
                "partner_id": cls.membership.partner_id.id,
                "dimension_id": dimension.id,
                "value_id": value.id,
            }
        )
        cls.env["partnership.profile.line"].create(
            {
                "partnership_id": cls.partnership.id,
                "dimension_id": dimension.id,
                "value_id": value.id,
                "share": 1,
            }
        )
        cls.env["partnership.candidate.tag"].create({"name": "Test tag"})
        cls.env["partnership.candidate"].create(
            {"partnership_id": cls.partnership.id, "partner_id": cls.membership.partner_id.id}
        )
        cls.env["partnership.enlargement.round"].create(
            {"name": "Test round", "partnership_id": cls.partnership.id}
        )
        cls.env.flush_all()

    def _get_record(self, model):
        """:return: the record of ``model`` that belongs to the test partnership"""
        field = self.env[model]._fields.get("partnership_id")
        if model == "partnership.partnership":
            domain = [("id", "=", self.partnership.id)]
        elif field:
            domain = [("partnership_id", "=", self.partnership.id)]
        else:
            domain = []
        return self.env[model].search(domain, limit=1)

    def test_every_model_is_in_the_matrix(self):
        models = self.env["ir.model"].search(
            [
                ("model", "=like", "partnership.%"),
                ("transient", "=", False),
                ("abstract", "=", False),
            ]
        )
        ours = models.filtered(lambda model: "partnership_management" in model.modules.split(", "))
        self.assertEqual(set(ours.mapped("model")), set(MATRIX))

    def test_matrix(self):
        for model, expected in MATRIX.items():
            record = self._get_record(model)
            self.assertTrue(record, f"no test record of {model}")
            for login, allowed in zip(USERS, expected, strict=True):
                user = getattr(self, login)
                found = "".join(
                    letter
                    for letter, operation in OPERATIONS.items()
                    if record.with_user(user).has_access(operation)
                )
                self.assertEqual(found, allowed, f"{login} on {model}")

    def test_search_shows_what_may_be_read(self):
        for model, expected in MATRIX.items():
            record = self._get_record(model)
            for login, allowed in zip(USERS, expected, strict=True):
                Model = self.env[model].with_user(getattr(self, login))
                if Model.has_access("read"):
                    found = Model.search([("id", "=", record.id)])
                    self.assertEqual(bool(found), "r" in allowed, f"{login} on {model}")

    def test_wizards_are_for_the_team(self):
        wizards = self.env["ir.model"].search(
            [("model", "=like", "partnership.%"), ("transient", "=", True)]
        )
        for model in wizards.mapped("model"):
            for login in ("employee", "portal", "representative"):
                Wizard = self.env[model].with_user(getattr(self, login))
                self.assertFalse(Wizard.has_access("create"), f"{login} on {model}")

    def test_reason_is_confidential(self):
        row = self.attendance
        self.assertEqual(row.with_user(self.facilitator).reason, "Test reason")
        visible = row.with_user(self.representative).fields_get()
        self.assertIn("status", visible)
        self.assertNotIn("reason", visible)

    def test_membership_of_the_representative(self):
        """A portal user sees the organisation for which a mandate is held today, no longer."""
        Membership = self.env["partnership.membership"].with_user(self.representative)
        self.assertEqual(Membership.search([]), self.membership)
        self.assertIn("Test council", Membership.search([]).display_name)
        self.mandate.date_end = "2024-06-30"
        self.assertFalse(Membership.search([]))

    def test_company_of_the_partnership(self):
        """An officer of both companies sees what the chosen companies hold."""
        both = self.env.user.company_id + self.other.company_id
        self.officer.company_ids = both
        Partnership = self.env["partnership.partnership"].with_user(self.officer)
        own = Partnership.with_context(allowed_company_ids=self.env.company.ids)
        foreign = Partnership.with_context(allowed_company_ids=self.other.company_id.ids)
        domain = [("id", "=", self.partnership.id)]
        self.assertTrue(own.search(domain))
        self.assertFalse(foreign.search(domain))
