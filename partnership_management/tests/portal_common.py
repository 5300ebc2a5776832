import warnings

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from .common import PartnershipCase

# What is not there to be searched, grouped or ordered by, for whoever asks
NUMBERS = ("integer", "float", "monetary")
IMPOSSIBLE = (KeyError, ValueError, NotImplementedError, UserError)
SECRET = "Test secret"
CHATTER = ("mail.thread", "mail.activity.mixin")
GUARDED = ("calendar.event", "res.partner")
HIDDEN = {"res.users": "res.partner"}  # what the second does not show, the first does not either


class PortalFieldsCase(PartnershipCase):
    """Portal users of an organisation, of one in another partnership, and of one that has left; a
    representative, who is of no organisation and speaks for the first; and a walk over fields.

    The organisation is a member of the other partnership as well, where the representative has
    no mandate.
    """

    addon = "partnership_management"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_partnership = cls.env["partnership.partnership"].create(
            {"name": "Test other", "user_ids": cls.stranger.ids}
        )
        cls.other_body = cls._create_body("Test other", partnership_id=cls.other_partnership.id)
        cls.representative = cls._create_portal_user("representative")
        cls.member = cls._create_member("Test council")
        cls.own = cls._create_portal_user("own", cls.member.partner_id)
        cls.seat, cls.row = cls._create_history(cls.member, cls.representative.partner_id)
        cls.elsewhere = cls._create_member(
            cls.member.partner_id, partnership_id=cls.other_partnership.id
        )
        cls._create_history(cls.elsewhere, "Test deputy", cls.other_body)
        cls.foreign_member = cls._create_member(
            "Test firm", partnership_id=cls.other_partnership.id
        )
        cls.foreign = cls._create_portal_user("foreign", cls.foreign_member.partner_id)
        cls._create_history(cls.foreign_member, cls.foreign.partner_id, cls.other_body)
        cls.former_member = cls._create_member("Test choir")
        cls.former = cls._create_portal_user("former", cls.former_member.partner_id)
        cls._create_history(cls.former_member, cls.former.partner_id)
        cls.former_member.write({"date_end": "2024-08-31", "end_reason": SECRET})
        cls.users = cls.own + cls.representative + cls.foreign + cls.former
        cls._create_interests(cls.users.partner_id)
        cls.env.flush_all()

    @classmethod
    def _create_portal_user(cls, name, organisation=None):
        user = new_test_user(cls.env, f"test_{name}", "base.group_portal", name=f"Test {name}")
        user.partner_id.parent_id = organisation
        return user

    @classmethod
    def _create_interests(cls, persons):
        """What each person has declared, and what the register says of it."""
        meeting = cls._create_meeting("2024-09-02 16:00:00")
        item = cls.env["partnership.agenda.item"].create(
            {"name": "Test item", "event_id": meeting.id}
        )
        cls.env["partnership.interest"].create(
            [
                {
                    "partnership_id": cls.partnership.id,
                    "person_id": person.id,
                    "partner_id": cls.member.partner_id.id,
                    "note": SECRET,
                    "date_start": "2024-01-01",
                }
                for person in persons
            ]
        )
        cls.env["partnership.interest.declaration"].create(
            [
                {
                    "event_id": meeting.id,
                    "person_id": person.id,
                    "item_id": item.id,
                    "note": SECRET,
                }
                for person in persons
            ]
        )

    @classmethod
    def _create_history(cls, member, person, body=None):
        """What the team knows of a member: everything that takes words holds the secret.

        :return: (seat, row of a closed sheet)
        """
        body = body or cls.body
        seat = cls._create_seat(member, body)
        mandate = cls._create_mandate(seat, person, end_reason=SECRET, end_kind="unplanned")
        guests = mandate.person_id | member.partner_id.child_ids
        meeting = cls._create_meeting(
            body=body, partner_ids=[Command.set(guests.ids)], partnership_minutes=SECRET
        )
        row = cls.env["partnership.attendance"]._record(
            meeting, mandate.person_id, member.partner_id, status="excused", reason=SECRET
        )
        meeting._close_sheet()
        cls.env["partnership.membership.figure"]._refresh(member, "2024-07-31")
        cls.env["partnership.pitfall"].create(
            {"membership_id": member.id, "kind": "absent", "date_open": "2024-07-31"}
        )
        for record in (member, mandate, meeting, body, body.partnership_id):
            record._message_log(body=SECRET)
        for record in (member, mandate):
            record.activity_schedule("mail.mail_activity_data_todo", summary=SECRET)
        return seat, row

    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger("odoo.models", "odoo.addons.base.models.ir_model"))

    def _as(self, user, records):
        self.env.flush_all()
        self.env.invalidate_all()
        return records.with_user(user)

    def _readable_models(self, user):
        """:return: names of the models of which ``user`` may read a row at all, if it has any"""
        for name, model in self.env.items():
            if not model._abstract and model._auto and model.with_user(user).has_access("read"):
                yield name

    def _own_models(self):
        """:return: names of the models of the addon that have rows"""
        return [
            name
            for name, model in self.env.items()
            if not model._abstract and model._original_module == self.addon
        ]

    def _walk(self, model):
        """:return: the fields of ``model`` that the addon has to answer for, the name left out:
        all of its own models, of others what it adds, and the chatter of what it guards"""
        if model in self._own_models():
            return [
                field
                for field in self.env[model]._fields.values()
                if field.name not in ("id", "display_name")
            ]
        source = self.env[HIDDEN.get(model, model)]
        added = {field.name for field in source._fields.values() if self._is_added(field)}
        if self.addon == PortalFieldsCase.addon and source._name in GUARDED:
            added.update(*(self.env[mixin]._fields for mixin in CHATTER))
        added -= {"id", "display_name"}
        return [field for field in self.env[model]._fields.values() if field.name in added]

    def _is_added(self, field):
        return field._modules[:1] == (self.addon,)

    # ------------------------------------------------------------
    # The ways to a field
    # ------------------------------------------------------------

    def _ways(self, Model, records, fname):
        """Every way that a client has to what ``fname`` holds.

        :return: dict name -> callable
        """
        field = Model._fields[fname]
        spec = self._group_spec(Model, fname)
        some = self._some_value(field)
        measure = f"{fname}:{'sum' if field.type in NUMBERS else 'count_distinct'}"
        return {
            "read": lambda: records.read([fname]),
            "web_read": lambda: records.web_read({fname: {}}),
            "attribute": lambda: [record[fname] for record in records],
            "search": lambda: Model.search([(fname, "!=", some)]),
            "search for none": lambda: Model.search([(fname, "=", some)]),
            "search by words": lambda: Model.search([(fname, "ilike", "e")]),
            "count": lambda: Model.search_count([(fname, "in", [some])]),
            "path": lambda: Model.search([(f"{fname}.id", "!=", False)]),
            "search_read": lambda: Model.search_read([(fname, "!=", some)], ["id"]),
            "web_search_read": lambda: Model.web_search_read([], {fname: {}}),
            "group": lambda: Model.formatted_read_group([], [spec], ["__count"]),
            "old group": lambda: self._old_group(Model, spec),
            "aggregate": lambda: Model.formatted_read_group([], [], [measure]),
            "list": lambda: Model.formatted_read_group([], [], [f"{fname}:array_agg"]),
            "having": lambda: Model.formatted_read_group(
                [], ["id"], ["__count"], having=[(measure, ">", 0)]
            ),
            "order": lambda: Model.search([], order=fname),
            "order by path": lambda: Model.search([], order=f"{fname}.id"),
            "export": lambda: records._export_rows([[fname]]),
            "onchange": lambda: records[:1].onchange({}, [fname], {fname: {}}),
            "search panel": lambda: Model.search_panel_select_range(fname, enable_counters=True),
            "search panel of several": lambda: Model.search_panel_select_multi_range(
                fname, enable_counters=True
            ),
        }

    def _ways_through(self, rows, relation, fname):
        """The ways to ``fname`` through the relation of ``rows`` that leads to it.

        :return: dict name -> callable
        """
        field = self.env[relation.comodel_name]._fields[fname]
        spec = self._group_spec(self.env[relation.comodel_name], fname)
        path = f"{relation.name}.{fname}"
        some = self._some_value(field)
        ways = {
            "search": lambda: rows.search([(path, "!=", some)]),
            "search by words": lambda: rows.search([(path, "ilike", "e")]),
            "any": lambda: rows.search([(relation.name, "any", [(fname, "!=", some)])]),
            "not any": lambda: rows.search([(relation.name, "not any", [(fname, "=", some)])]),
            "group": lambda: rows.formatted_read_group(
                [], [f"{relation.name}.{spec}"], ["__count"]
            ),
            "order": lambda: rows.search([], order=path),
        }
        if rows:
            ways |= {
                "read": lambda: rows.web_read({relation.name: {"fields": {fname: {}}}}),
                "export": lambda: rows._export_rows([[relation.name, fname]]),
            }
        if rows and relation.type != "many2one":
            ways["order inside"] = lambda: rows.web_read(
                {relation.name: {"fields": {"display_name": {}}, "order": fname}}
            )
        return ways

    def _some_value(self, field):
        """That a column which is never empty is not empty says nothing."""
        never_empty = field.relational and field in self.env.registry.not_null_fields
        return 1 if never_empty else False

    def _group_spec(self, Model, fname):
        dated = Model._fields[fname].type in ("date", "datetime")
        return f"{fname}:month" if dated else fname

    def _old_group(self, Model, spec):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Model.read_group([], [], [spec])

    def _try(self, way):
        """:return: what kind of error ``way`` ends with, None if with none"""
        try:
            way()
        except AccessError:
            return AccessError
        except IMPOSSIBLE:
            return ValueError
        return None


class PortalWalk:
    """Over every field of the models of an addon, and every one that it adds to others; to be
    mixed with a case that has the data."""

    allow_inherited_tests_method = True  # Odoo's own runner, too, runs what stands here

    portal = {}  # model -> names of the fields that the portal reads besides the name

    def test_every_field_is_listed_or_refused(self):
        """The walk: a field that is not on the list comes back by no way, for nobody."""
        self.assertTrue(self._readable_models(self.own))
        for user in self.own + self.foreign + self.former:
            for model in self._readable_models(user):
                Model = self.env[model].with_user(user)
                records = Model.search([]) if self._walk(model) else Model
                for field in self._walk(model):
                    listed = field.name in self.portal.get(model, ())
                    with self.subTest(user=user.login, field=str(field)):
                        for name, way in self._ways(Model, records, field.name).items():
                            self._check_way(field, name, self._try(way), listed)

    def _check_way(self, field, name, error, listed):
        if listed:
            # what Odoo does not let the portal do at all
            self.assertTrue(error != AccessError or name in ("export", "onchange"), name)
        else:
            self.assertTrue(error, f"{field} came back by {name}")
            if field.store and name in ("read", "search", "group", "order", "list"):
                self.assertEqual(error, AccessError, name)

    def test_every_field_behind_a_relation(self):
        """Nor through a relation of a model that the portal reads."""
        models = self._readable_models(self.own)
        self.assertTrue(models)
        for model in models:
            Source = self.env[model].with_user(self.own)
            if model not in HIDDEN and not hasattr(Source, "_team_fields"):
                continue
            for relation in Source._fields.values():
                if (
                    relation.comodel_name
                    and Source._has_field_access(relation, "read")
                    and (relation.store or relation.search)
                ):
                    self._check_relation(Source, relation)

    def _check_relation(self, Source, relation):
        comodel = relation.comodel_name
        if self._try(lambda: Source.search([(relation.name, "!=", False)])):
            return  # the portal has no such rows
        rows = Source.search([(relation.name, "!=", False)])
        for field in self._walk(comodel):
            if field.name not in self.portal.get(comodel, ()):
                with self.subTest(path=f"{relation}.{field.name}"):
                    for name, way in self._ways_through(rows, relation, field.name).items():
                        self.assertTrue(self._try(way), name)

    def test_models_without_a_list_are_closed(self):
        """Whatever other model of ours there is: not a row, not a count."""
        closed = set(self._own_models()) - set(self.portal)
        self.assertGreater(len(self.users) * len(closed), 10)
        for user in self.users:
            for model in closed:
                Model = self.env[model].with_user(user)
                for way in (Model.search_count, Model.search, Model.formatted_read_group):
                    with self.subTest(user=user.login, model=model, way=way.__name__):
                        self.assertRaises(AccessError, way, [])
