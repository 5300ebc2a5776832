from odoo.exceptions import AccessError
from odoo.tests import tagged

from .access_common import AccessCase

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
    "partnership.meeting": REPORT,
    "partnership.meeting.log": REPORT,
    "partnership.briefing": ("rwcd", "rwcd", "rwcd", "", "", "", "", ""),
    "partnership.briefing.receipt": ("rwcd", "rwcd", "rwcd", "", "", "", "", ""),
    "partnership.spelling": ("rwcd", "rwcd", "rwcd", "", "", "", "", ""),
    "partnership.enlargement.stage": CONFIGURATION,
    "partnership.enlargement.refuse.reason": CONFIGURATION,
    "partnership.enlargement.round": ("rwcd", "rwcd", "rwc", "", "", "", "", ""),
    "partnership.candidate.tag": ("rwcd", "rc", "rc", "rc", "rc", "", "", ""),
    "partnership.candidate": ("rwcd", "rwc", "rwc", "", "", "", "", ""),
    "partnership.agenda.item": ("rwcd", "rwcd", "rwcd", "", "", "", "", ""),
    "partnership.decision.rule": ("rwcd", "rwcd", "rwc", "", "", "", "", ""),
    "partnership.decision.rule.group": ("rwcd", "rwcd", "rwcd", "", "", "", "", ""),
    "partnership.decision": ("rwcd", "rwcd", "rwcd", "", "", "", "", ""),
    "partnership.decision.count": REPORT,
    "partnership.decision.correction": REPORT,
    "partnership.vote": REPORT,
    "partnership.ballot": REPORT,
    "partnership.interest": ("rwcd", "rwcd", "rwcd", "", "", "", "r", ""),
    "partnership.interest.declaration": ("rwc", "rwc", "rwc", "", "", "", "r", ""),
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
class TestAccess(AccessCase):
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

    def test_team_exports_what_it_may_read(self):
        for model, expected in MATRIX.items():
            record = self._get_record(model)
            for login, allowed in zip(USERS[:5], expected[:5], strict=True):
                theirs = record.with_user(getattr(self, login))
                if "r" in allowed:
                    [[name]] = theirs.export_data(["display_name"])["datas"]
                    self.assertEqual(name, theirs.display_name or "", f"{login} on {model}")
                else:
                    with self.assertRefused(exception=AccessError):
                        theirs.export_data(["display_name"])

    def test_wizards_are_for_the_team(self):
        wizards = self.env["ir.model"].search(
            [("model", "=like", "partnership.%"), ("transient", "=", True)]
        )
        self.assertGreater(len(wizards), 5)
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
