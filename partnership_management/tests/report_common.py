from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user

from .common import GROUP, PartnershipCase


class ReportCase(PartnershipCase):
    """Three partnerships in which the same has happened: one of the facilitator, one of the
    stranger, one of another company; the time of the tests is 2024-12-31."""

    addon = "partnership_management"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env["res.company"].create({"name": "Test other company"})
        cls.other = new_test_user(
            cls.env, "test_other", GROUP % "officer", company_id=company.id, company_ids=company.ids
        )
        cls.both = new_test_user(
            cls.env, "test_both", GROUP % "officer", company_ids=(cls.env.company | company).ids
        )
        cls.users = cls.facilitator | cls.stranger | cls.officer | cls.other | cls.both
        Partnership = cls.env["partnership.partnership"]
        cls.places = cls.partnership | Partnership.create(
            [
                {"name": "Test foreign", "user_ids": cls.stranger.ids, "tz": "Pacific/Kiritimati"},
                {"name": "Test other", "company_id": company.id, "tz": "Pacific/Pago_Pago"},
            ]
        )
        cls.dimension = cls.env["partnership.dimension"].create({"name": "Test dimension"})
        stage = cls.env["partnership.stage"].create({"name": "Test stage"})
        cls.criterion = cls.env["partnership.stage.criterion"].create(
            {"name": "Test criterion", "stage_id": stage.id}
        )
        for place in cls.places:
            cls._fill(place)
        cls.places[1].active = False  # what is archived is in sight all the same
        cls.env.flush_all()

    @classmethod
    def _fill(cls, place):
        """Four members, one of them informal at first, whose board met in two years."""
        here = {"partnership_id": place.id}
        body = cls.body if place == cls.partnership else cls._create_body("Test board", **here)
        enlargement = cls._open_round(**here)
        groups = [cls.group_public, cls.group_economic, cls.group_civil, cls.group_civil]
        members = cls.env["partnership.membership"]
        for number, group in enumerate(groups):
            actor = f"Test actor {place.id} {number}"
            members += cls._create_member(
                actor if number else cls._create_person(actor),
                role=cls.role_formal if number < 3 else cls.role_informal,
                group=group,
                date_start=f"202{number}-01-01",
                **here,
            )
        members[3].with_context(transition_date="2023-09-01").role_id = cls.role_formal
        members[3].round_id = enlargement
        seats = [cls._create_seat(member, body) for member in members]
        mandates = [
            cls._create_mandate(seat, f"Test person {place.id} {number}")
            for number, seat in enumerate(seats[1:])
        ]
        mandates[0].write({"date_end": "2023-12-31", "end_kind": "unplanned"})
        cls._create_mandate(seats[1], f"Test person {place.id} 9", date_start="2024-01-01")
        for month in ("2023-03", "2023-11", "2024-02", "2024-05", "2024-09"):
            meeting = cls._create_meeting(f"{month}-05 10:00:00", body)
            meeting._fill_sheet()
            for number, row in enumerate(meeting.attendance_ids):
                row.status = "absent" if (number + meeting.id) % 4 == 0 else "present"
            meeting._close_sheet()
        cls._create_meeting("2025-02-05 10:00:00", body)
        briefing = cls.env["partnership.briefing"].create(
            {
                **here,
                "name": "Test minutes",
                "kind": "minutes",
                "event_id": meeting.id,
                "receipt_ids": [
                    Command.create({"person_id": mandate.person_id.id}) for mandate in mandates[1:]
                ],
            }
        )
        briefing.sudo().write({"state": "sent", "date_sent": "2024-09-06"})
        briefing.receipt_ids[0].write(
            {
                "date_read": "2024-09-08",
                "date_relayed": "2024-09-09",
                "relay_evidence": "Test newsletter",
            }
        )
        cls.env["partnership.relation"].create(
            [
                {
                    "membership_id": members[1].id,
                    "other_id": members[2].id,
                    "kind": kind,
                    "date_start": date_start,
                    "date_end": date_end,
                }
                for kind, date_start, date_end in (
                    ("competitor", "2024-01-01", "2024-05-31"),
                    ("associate", "2024-06-01", False),
                )
            ]
        )
        value = cls.env["partnership.dimension.value"].create(
            {**here, "name": "Test value", "dimension_id": cls.dimension.id}
        )
        for member in members:
            cls.env["partnership.trait"].create(
                {
                    **here,
                    "partner_id": member.partner_id.id,
                    "dimension_id": cls.dimension.id,
                    "value_id": value.id,
                    "date_start": "2023-01-01",
                }
            )
        cls.env["partnership.profile.line"].create(
            {**here, "dimension_id": cls.dimension.id, "value_id": value.id, "share": 1}
        )
        cls.env["partnership.stage.check"].create(
            {**here, "criterion_id": cls.criterion.id, "evidence": "Test minutes"}
        )
        cls.env["partnership.pitfall"].create(
            {"membership_id": members[1].id, "kind": "absent", "date_open": "2024-06-30"}
        )
        for day in ("2023-12-31", "2024-03-31", "2024-12-31"):
            cls.env["partnership.membership.figure"]._refresh(members, day)

    def _get_reports(self):
        """:return: list of the models of the addon that are queries"""
        models = map(self.env.__getitem__, sorted(self.env.registry))
        reports = [
            model
            for model in models
            if model._original_module == self.addon and not model._abstract and model._table_query
        ]
        self.assertGreater(len(reports), 5)
        return reports


class ReportWalk:
    """A walk over all reports of the addon."""

    allow_inherited_tests_method = True  # Odoo's own runner, too, runs what stands here

    def _get_domains(self, report):
        """:return: list of domains, as screens send them"""
        own, foreign, _other = self.places.ids
        domains = [
            [],
            [("partnership_id", "=", own)],
            [("partnership_id", "not in", [own])],
            ["|", ("partnership_id", "=", own), ("partnership_id.name", "ilike", "other")],
            ["!", ("partnership_id", "in", [foreign])],
        ]
        if "date" in report._fields:
            domains += [
                [("date", ">=", "2024-01-01"), ("date", "<", "2024-06-01")],
                [("date", ">", "2024-02-05"), ("partnership_id", "=", own)],
                ["|", ("date", "<=", "2023-12-31"), ("partnership_id", "=", foreign)],
                ["!", "&", ("date", "<=", "2023-12-31"), ("partnership_id", "=", own)],
                [("date", "=", False)],
                [("date", "!=", "2024-02-05")],
            ]
        return domains

    def _get_groupings(self, report):
        """:return: the fields to group by, and what to count"""
        fields = report.fields_get(attributes=["groupable", "aggregator", "type"])
        dates = ("date", "datetime")
        groupby = [
            f"{name}:month" if field["type"] in dates else name
            for name, field in fields.items()
            if field.get("groupable") and report._fields[name].column_type
        ]
        counts = [
            f"{name}:{field['aggregator']}"
            for name, field in fields.items()
            if field.get("aggregator") and field["type"] in ("integer", "float", "monetary")
        ]
        return groupby, ["__count", *counts]

    def _read_all(self, report, domain):
        """:return: what a list and a pivot show"""
        self.env.invalidate_all()
        names = [name for name, field in report._fields.items() if field.column_type]
        rows = report.search(domain, order="id").read(names, load=False)
        groupby, counts = self._get_groupings(report)
        sets = [[], *([name] for name in groupby), groupby[:3], groupby[1:3]]
        sets = [each for number, each in enumerate(sets) if each not in sets[:number]]
        groups = [
            sorted(each, key=repr)  # whose order is the same come in any order
            for each in report.formatted_read_grouping_sets(domain, sets, counts)
        ]
        return _round([rows, groups, report.search_count(domain)])

    def _read_whole(self, report, domain):
        """:return: the same of the query as it stands, which reads all partnerships"""
        cls = self.env.registry["partnership.report.mixin"]
        with patch.object(cls, "_get_domains_in_sight", lambda self: []):
            return self._read_all(report, domain)

    def test_every_report_reads_what_is_in_sight_alone(self):
        for report in self._get_reports():
            mixin = self.env.registry["partnership.report.mixin"]
            self.assertIsInstance(report, mixin, report._name)

    def test_every_report_names_what_it_reads(self):
        """What a report does not name is read of all partnerships, and may not be up to date."""
        models = map(self.env.__getitem__, self.env.registry)
        tables = {model._table: model._name for model in models if model._auto}
        for report in self._get_reports():
            words = set(report._table_query.code.replace('"', " ").split())
            read = {self.env[name] for table, name in tables.items() if table in words}
            of_partnerships = {
                model for model in read if not report._domain_of_partnerships(model, [1]).is_true()
            }
            self.assertTrue(of_partnerships, report._name)
            with self.subTest(report=report._name):
                self.assertLessEqual(of_partnerships, {*report._get_tables()})

    def test_rows_are_those_of_the_rules(self):
        for report in self._get_reports():
            found = {}
            for user in self.users:
                seen = report.with_user(user)
                if user == self.both:
                    seen = seen.with_context(allowed_company_ids=user.company_ids.ids)
                for domain in self._get_domains(report):
                    with self.subTest(report=report._name, user=user.login, domain=domain):
                        whole = self._read_whole(seen, domain)
                        self.assertEqual(self._read_all(seen, domain), whole)
                        if not domain:
                            found[user] = whole[2]
            own, foreign, officer, other, both = (found[user] for user in self.users)
            self.assertTrue(own and other, report._name)
            self.assertGreaterEqual(officer, own + foreign, report._name)
            self.assertGreaterEqual(both, officer + other, report._name)

    def test_ids_are_of_the_rows_themselves(self):
        """A row has the same number for whoever sees it, whatever else there is."""
        for report in self._get_reports():
            names = [name for name, field in report._fields.items() if field.column_type]
            rows = {
                user: {row["id"]: row for row in report.with_user(user).search_read([], names)}
                for user in self.users
            }
            for user in (self.facilitator, self.stranger):
                common = {key: rows[self.officer].get(key) for key in rows[user]}
                self.assertEqual(rows[user], common, report._name)
            whole = report.search([])
            self.assertEqual(len(set(whole.ids)), len(whole), report._name)

    def test_every_field_groups_and_sorts(self):
        """By whatever a client is offered, and through it, in the order of the web client."""
        for report in self._get_reports():
            theirs = report.with_user(self.officer)
            total = theirs.search_count([])
            self.assertTrue(total, report._name)
            fields = theirs.fields_get(attributes=["groupable", "sortable", "type"])
            for name, field in fields.items():
                specs = {"date": [f"{name}:month"], "datetime": [f"{name}:month"]}
                specs = specs.get(field["type"], [name]) if field.get("groupable") else []
                if field["type"] == "many2one":
                    specs += [f"{spec}.id" for spec in specs]
                for spec in specs:
                    with self.subTest(report=report._name, groupby=spec):
                        groups = theirs.formatted_read_group([], [spec], ["__count"])
                        self.assertEqual(sum(group["__count"] for group in groups), total)
                if field.get("sortable"):
                    with self.subTest(report=report._name, order=name):
                        rows = theirs.search([], order=f"{name} desc, id")
                        self.assertEqual(len(rows), total)

    def test_hidden_rows_are_refused(self):
        for report in self._get_reports():
            row = report.search([("partnership_id", "=", self.partnership.id)], limit=1)
            with self.assertRefused(exception=AccessError):
                row.with_user(self.stranger).read(["partnership_id"])
            self.assertTrue(row.with_user(self.stranger).exists(), report._name)


def _round(value):
    """What is added up in another order differs by the last digit."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, list | tuple):
        return [_round(each) for each in value]
    if isinstance(value, dict):
        return {key: _round(each) for key, each in value.items()}
    return value
