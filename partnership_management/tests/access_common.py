from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user

from .common import GROUP, PartnershipCase


class FieldWalk:
    """A walk over all fields that an addon defines, on its own models and on those of Odoo."""

    allow_inherited_tests_method = True  # Odoo's own runner, too, runs what stands here

    addon = "partnership_management"
    needed = {}  # model -> values without which Odoo's own create fails before it looks at rights

    def _get_record(self, model):
        """:return: the record of ``model`` that belongs to the test partnership"""
        field = self.env[model]._fields.get("partnership_id")
        if model == "partnership.partnership":
            domain = [("id", "=", self.partnership.id)]
        elif model == "calendar.attendee":
            domain = [("event_id.partnership_id", "=", self.partnership.id)]
        elif model == "ir.cron.progress":
            cron = self.env.ref("partnership_management.ir_cron_refresh_figures")
            return self.env[model].create({"cron_id": cron.id})
        elif model == "res.partner":
            domain = [("partnership_membership_ids.partnership_id", "=", self.partnership.id)]
        elif field:
            domain = [("partnership_id", "=", self.partnership.id)]
        elif model.startswith("partnership."):
            domain = []
        else:
            return self.env[model]
        if self.env[model]._transient:
            return self.env[model]
        return self.env[model].search(domain, limit=1)

    def assertRefusedAtOnce(self, what, method, *args, exception=UserError):
        """Nothing is undone: what is refused must be so before anything is written. That is also
        faster by far than a savepoint for each of a thousand tries."""
        try:
            method(*args)
        except exception:
            return
        self.fail(f"not refused: {what}")

    def _get_fields(self, condition):
        """:return: dict model -> the fields of the addon for which ``condition`` holds, of
        models that are stored"""
        found = {}
        for name in sorted(self.env.registry):
            model = self.env[name]
            own = [
                field
                for field in model._fields.values()
                if self.addon in self._get_addons(model, field) and condition(field)
            ]
            if own and model._auto and not model._abstract and not model._transient:
                found[model] = own
        return found

    @staticmethod
    def _get_addons(model, field):
        """:return: the modules that give ``field`` to ``model``; what a model of the later addon
        has of a mixin of the earlier one is its own, as is the record to try it on"""
        home, mixin = model._original_module, "partnership_management"
        modules = set(field._modules)
        if home == "partnership_training" and mixin in modules:
            return modules - {mixin} | {home}
        return modules

    def _get_other_value(self, field, record):
        """:return: a value as a client sends it that ``record`` does not have"""
        value = record.sudo()[field.name]
        if field.relational:
            other = self.env[field.comodel_name].search([("id", "not in", value.ids)], limit=1)
            return other.id if field.type == "many2one" else [Command.link(other.id)]
        if field.type == "selection":
            return next(key for key in field.get_values(self.env) if key != value)
        if field.type == "boolean":
            return not value
        samples = {
            "date": "2001-01-01",
            "datetime": "2001-01-01 00:00:00",
            "json": {"x": 1},
            "char": "Test x",
            "text": "Test x",
            "html": "<p>Test x</p>",
        }
        return samples.get(field.type, 7)


class AccessCase(FieldWalk, PartnershipCase):
    """A record of every model, of one partnership and of a foreign one, and all kinds of users."""

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
        cls.attendance.mode = "remote"
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
        cls.env["partnership.agenda.item"].create(
            {
                "name": "Test item",
                "event_id": cls.meeting.id,
                "partner_ids": cls.seat.partner_id.ids,
            }
        )
        cls.env["partnership.ballot"]._ensure(cls.meeting, cls.representative.partner_id)
        cls.env["partnership.interest"].create(
            {
                "partnership_id": cls.partnership.id,
                "person_id": cls.representative.partner_id.id,
                "partner_id": cls.seat.partner_id.id,
                "note": "Test note",
            }
        )
        cls.env["partnership.interest.declaration"].create(
            {
                "event_id": cls.meeting.id,
                "person_id": cls.representative.partner_id.id,
                "item_id": cls.env["partnership.agenda.item"]
                .search([("event_id", "=", cls.meeting.id)])
                .id,
                "nature": "office",
            }
        )
        cls.rule = cls.body.rule_ids
        cls.env["partnership.decision.rule.group"].create(
            {"rule_id": cls.rule.id, "interest_group_id": cls.group_public.id}
        )
        cls.decision = cls.env["partnership.decision"].create(
            {"name": "Test decision", "body_id": cls.body.id, "date": "2024-06-03"}
        )
        cls.decision._record(
            {cls.decision: {cls.seat: "yes"}}, {cls.decision: {cls.group_civil.id: {"no": 1}}}
        )
        cls.env["partnership.decision.correction"].create(
            {
                "decision_id": cls.decision.id,
                "date": "2024-06-04",
                "user_id": cls.officer.id,
                "reason": "Test reason",
                "what": "Title",
            }
        )
        cls.env.flush_all()
