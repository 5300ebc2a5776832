from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .access_common import AccessCase, FieldWalk


class ForeignLinkWalk(FieldWalk):
    """Whatever id is sent, nobody sees through it a record that is not theirs to read."""

    def _get_foreign_links(self):
        """:return: list of (model, field, record that the stranger may not read)"""
        links = []
        for model in self.env.values():
            if model._abstract:
                continue
            for field in model._fields.values():
                if not field.relational or self.addon not in field._modules or field.inherited:
                    continue
                record = self._get_record(field.comodel_name)
                if record and not record.with_user(self.stranger).has_access("read"):
                    links.append((model.with_user(self.stranger), field, record))
        return links

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_no_id_shows_a_foreign_record(self):
        links = self._get_foreign_links()
        self.assertGreater(len(links), 20)
        for model, field, record in links:
            spec = {
                name: {"fields": {"display_name": {}}} if other.relational else {}
                for name, other in model._fields.items()
                if other.type != "reference" and model._has_field_access(other, "read")
            }
            spellings = self._spell(field, record)
            for value in spellings:
                vals, what = {field.name: value}, f"{field}: {value}"
                for changed in ([field.name], []):
                    self.assertUnread(what, model.onchange, dict(vals), changed, spec)
            for value in spellings[:2]:
                vals, what = {field.name: value}, f"{field}: {value}"
                needed = self.needed.get(model._name, {})
                self.assertRefusedAtOnce(what, model.create, {**needed, **vals})
                self.assertRefusedAtOnce(what, model.write, vals)
                there = model.with_context(**{f"default_{field.name}": value})
                self.assertFalse(there.default_get([field.name]).get(field.name), what)

    def assertUnread(self, what, method, *args):
        self.assertRefusedAtOnce(what, method, *args, exception=AccessError)

    def _spell(self, field, record):
        """:return: list of the ways in which a client may name ``record``"""
        number = record.id
        if field.type == "many2one":
            return [number, str(number), float(number), (number, "x"), {"id": number}]
        return [
            [number],
            [Command.link(number)],
            [Command.link(str(number))],
            [Command.set([number])],
            [Command.update(number, {})],
        ]

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_no_line_shows_a_foreign_record(self):
        """Nor inside the commands of a list, nor by what a line is told of its parent."""
        tried = 0
        for line, field, record in self._get_foreign_links():
            for model in self.env.values():
                for lines in model._fields.values():
                    if model._abstract or lines.type != "one2many":
                        continue
                    if lines.comodel_name != line._name or self.addon not in lines._modules:
                        continue
                    value = self._spell(field, record)[0]
                    vals = {lines.name: [Command.create({field.name: value})]}
                    what = f"{lines} with {field}"
                    theirs = model.with_user(self.stranger)
                    spec = {lines.name: {"fields": {}}}
                    self.assertUnread(what, theirs.onchange, dict(vals), [lines.name], spec)
                    self.assertUnread(what, theirs.create, vals)
                    if parent := self._name_in(model, record):
                        vals, changed = {lines.inverse_name: parent}, [lines.inverse_name]
                        self.assertUnread(f"parent {what}", line.onchange, vals, changed, {})
                    tried += 1
        self.assertTrue(tried)

    def _name_in(self, model, record):
        """:return: values of ``model`` that lead to ``record``, if it has a field that can"""
        return {
            field.name: record.id
            for field in model._fields.values()
            if field.type == "many2one"
            and field.comodel_name == record._name
            and self.addon in field._modules
        }


@tagged("post_install", "-at_install")
class TestForeignLinks(ForeignLinkWalk, AccessCase):
    def test_what_stands_there_already_may_stay(self):
        """A form sends back all that it shows, also what its user may not open."""
        elsewhere = self.env["res.company"].create({"name": "Test elsewhere"})
        person = self._create_person("Test person")
        self.attendance.proxy_id = False
        seat = self._create_seat(self._create_member("Test firm"))
        mandate = self._create_mandate(seat, person)
        person.company_id = elsewhere
        mandate = mandate.with_user(self.facilitator)
        with self.assertRaises(AccessError):
            mandate.person_id.check_access("read")
        mandate.write({"person_id": person.id, "appointed_by": "Test council"})
        values = {"person_id": person.id, "appointed_by": "Test firm"}
        mandate.onchange(values, ["appointed_by"], {"appointed_by": {}, "person_id": {}})
        other = self._create_person("Test other")
        other.company_id = elsewhere
        with self.assertRaises(AccessError):
            mandate.person_id = other

    def test_own_records_are_taken(self):
        seats = self.env["partnership.seat"].with_user(self.facilitator)
        here = seats.with_context(default_body_id=self.body.id)
        self.assertEqual(here.default_get(["body_id"])["body_id"], self.body.id)
        member = self._create_member("Test firm")
        shown = here.onchange(
            {"membership_id": member.id},
            ["membership_id"],
            {"membership_id": {}, "partner_id": {"fields": {"display_name": {}}}},
        )
        self.assertEqual(shown["value"]["partner_id"]["display_name"], "Test firm")

    def test_rows_of_others_are_not_there(self):
        """Neither by their ids nor by being there at all."""
        partner, event = self.membership.partner_id, self.meeting
        for record, fname, row in (
            (partner, "partnership_membership_ids", self.membership),
            (partner, "partnership_seat_ids", self.seat),
            (event, "attendance_ids", self.attendance),
        ):
            for user, there in ((self.stranger, False), (self.facilitator, True)):
                model = record.with_user(user).browse()
                for condition in (
                    (fname, "=", row.id),
                    (fname, "in", row.ids),
                    (fname, "!=", False),
                    (fname, "not in", [False]),
                ):
                    found = model.search([condition, ("id", "=", record.id)])
                    self.assertEqual(bool(found), there, f"{user.login}: {condition}")
                    found = model.search(["!", condition, ("id", "=", record.id)])
                    self.assertEqual(bool(found), not there, f"{user.login}: not {condition}")

    def test_default_that_a_user_sets_is_none_for_the_system(self):
        users = self.env["ir.default"].with_user(self.facilitator)
        for model, fname, value in (
            ("partnership.briefing", "state", "sent"),
            ("partnership.briefing", "date_sent", "2001-01-01"),
            ("partnership.candidate", "date_admitted", "2001-01-01"),
            ("partnership.seat", "is_automatic", True),
        ):
            users.set(model, fname, value, user_id=True)
        here = {"partnership_id": self.partnership.id}
        briefing = self.env["partnership.briefing"].with_user(self.facilitator)
        briefing = briefing.create({"name": "Test other", **here})
        self.assertEqual((briefing.state, briefing.date_sent), ("draft", False))
        card = self.env["partnership.candidate"].with_user(self.facilitator)
        card = card.create({"partner_id": self._create_organisation("Test new").id, **here})
        self.assertFalse(card.date_admitted)
        seat = (
            self.env["partnership.seat"]
            .with_user(self.facilitator)
            .create(
                {"body_id": self.body.id, "membership_id": self._create_member("Test other").id}
            )
        )
        self.assertFalse(seat.is_automatic)
        users.set("partnership.seat", "vote_weight", float("nan"), user_id=True)
        with self.assertRefused("is not a number"):
            seat.copy().browse().create(
                {"body_id": self.body.id, "membership_id": self.membership.id}
            )

    def test_context_switches_no_guard_off(self):
        """What our own code says to itself there is nothing that a client can send."""
        relation = self._get_record("partnership.relation")
        line = self._get_record("partnership.profile.line")
        step = self.membership.transition_ids[:1]
        for record, key, vals in (
            (relation, "relation_corrected", {"kind": "associate"}),
            (line, "profile_later", {"share": 0.5}),
            (step, "transition_moved", {"to_role_id": self.role_active.id}),
        ):
            for value in (True, 1, "partnership", ["x"]):
                theirs = record.with_user(self.facilitator).with_context(**{key: value})
                with self.assertRefused(exception=UserError):
                    theirs.write(vals)

    def test_dates_are_dates(self):
        for value in ("9999-12-31", "0001-01-01", "x", True):
            with self.assertRefused("is not a date"):
                self.membership.with_user(self.facilitator).write({"date_end": value})

    def test_what_stays_the_same_is_nobody_s_to_refuse(self):
        partnership = self.partnership.with_user(self.facilitator)
        partnership.write(
            {"tz": partnership.tz, "company_id": partnership.company_id.id, "area": "Test area"}
        )
        self.assertEqual(partnership.area, "Test area")

    def test_mark_is_never_empty(self):
        for values in ({"status": None}, {"status": ""}, {"mode": False}):
            with self.assertRefused("no empty mark", exception=UserError):
                self.meeting.with_user(self.facilitator).attendance_sheet_mark(
                    [[self.attendance.ids, values]]
                )
