from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .access_common import AccessCase, FieldWalk

# Of these fields one is filled in, and no other
ALTERNATIVES = {
    "partnership.interest": ("membership_id", "person_id"),
    "partnership.interest.declaration": ("item_id", "decision_id"),
}


class UsedWalk(FieldWalk):
    """Whatever a record of ours points at is not deleted under it; who tries reads why."""

    def _get_restricting(self):
        """:return: list of the fields of the addon that keep what they point at"""
        return [
            field
            for fields in self._get_fields(
                lambda field: field.type == "many2one" and field.store and not field.inherited
            ).values()
            for field in fields
            if field.ondelete == "restrict"
        ]

    def _get_values(self, model):
        """:return: what a new record of ``model`` takes"""
        here = {"partnership_id": self.partnership.id}
        event = {"name": "Test x", "start": "2024-06-01", "stop": "2024-06-01"}
        values = {
            "calendar.event": lambda: event,
            "mail.activity.plan": lambda: {"res_model": "partnership.pitfall"},
            "partnership.agenda.item": lambda: {"event_id": self.meeting.id},
            "partnership.body": lambda: here,
            "partnership.decision": lambda: {"body_id": self.body.id},
            "partnership.decision.rule": lambda: {"body_id": self.body.id},
            "partnership.dimension.value": lambda: {
                **here,
                "dimension_id": self.env["partnership.dimension"].create({"name": "Test x"}).id,
            },
            "partnership.enlargement.round": lambda: here,
            "partnership.interest.group": lambda: {"sector": "civil"},
            "partnership.membership": lambda: {
                **here,
                "partner_id": self._create_organisation("Test x").id,
                "role_id": self.role_informal.id,
            },
            "partnership.mandate": lambda: {
                "seat_id": self._create_seat(self._create_member("Test y")).id,
                "person_id": self._create_person("Test x").id,
            },
            "partnership.seat": lambda: {
                "body_id": self.body.id,
                "membership_id": self._create_member("Test x").id,
            },
            "partnership.stage.criterion": lambda: {
                "stage_id": self.env["partnership.stage"].search([], limit=1).id
            },
        }
        given = values[model]() if model in values else {}
        named = self.env[model]._fields.get("name")
        return {"name": "Test x", **given} if named and not named.readonly else given

    def _get_pointing(self, field):
        """:return: a record of the test partnership that has ``field``"""
        record = self._get_record(field.model_name)[:1]
        return record or self.env[field.model_name].search([], limit=1)

    def test_what_is_used_is_not_deleted(self):
        """By none of the ways in which one record points at another."""
        fields = self._get_restricting()
        self.assertGreater(len(fields), 10)
        for field in fields:
            pointing = self._get_pointing(field)
            self.assertTrue(pointing, f"no test record of {field.model_name}")
            with self.subTest(field=str(field)), self.cr.savepoint() as savepoint:
                used = self.env[field.comodel_name].create(self._get_values(field.comodel_name))
                self._point(pointing, field, used)
                try:
                    used.unlink()
                    self.env.flush_all()
                except UserError as refusal:
                    self.assertNotIn("constraint", str(refusal))
                else:
                    self.assertFalse(pointing.exists(), "kept, though what it points at is gone")
                savepoint.rollback()
                self.env.invalidate_all()

    def _point(self, pointing, field, used):
        """The database keeps what is used whatever the other rules say."""
        self.env.flush_all()
        others = ALTERNATIVES.get(pointing._name, ())
        values = dict.fromkeys(others if field.name in others else ()) | {field.name: used.id}
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s WHERE id = %s",
                SQL.identifier(pointing._table),
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(fname), value) for fname, value in values.items()
                ),
                pointing.id,
            )
        )
        self.env.invalidate_all()

    def test_what_points_is_looked_for_last(self):
        """A model that says in words of its own what keeps it does so first."""
        names = {field.comodel_name for field in self._get_restricting()}
        self.assertGreater(len(names), 3)
        for name in names:
            methods = self.env[name]._ondelete_methods
            self.assertEqual(methods[-1].__name__, "_unlink_when_unused", name)


@tagged("post_install", "-at_install")
class TestUsed(UsedWalk, AccessCase):
    def _point(self, pointing, field, used):
        if str(field) == "partnership.relation.membership_id":  # the older one comes first
            later = self._create_member("Test later")
            super()._point(pointing, pointing._fields["other_id"], later)
        return super()._point(pointing, field, used)

    def test_message_says_by_what(self):
        role = self.role_formal
        self._create_member("Test firm two")
        with self.assertRefused(
            "Test formal", "Test firm two", "…", "Archive", exception=UserError
        ):
            role.with_user(self.administrator).unlink()
        role.with_user(self.administrator).action_archive()
        self.assertFalse(role.active)

    def test_message_names_nothing_that_is_not_read(self):
        group = self.env["partnership.interest.group"].create({"name": "Test g", "sector": "civil"})
        self._create_member("Test secret", group=group)
        theirs = group.with_user(self.administrator)
        self.partnership.company_id = self.other.company_id
        self.env.flush_all()
        with self.assertRaises(UserError) as refusal:
            theirs.unlink()
        self.assertIn("Test g", str(refusal.exception))
        self.assertIn(", 1", str(refusal.exception))
        self.assertNotIn("Test secret", str(refusal.exception))

    def test_what_goes_along_is_used(self):
        """The criteria of a stage are deleted with it, and a partnership may have ticked one."""
        stage = self.env["partnership.stage.check"].search([], limit=1).criterion_id.stage_id
        with self.assertRefused(stage.name, exception=UserError):
            stage.unlink()

    def test_what_goes_along_keeps_nothing(self):
        """A new partnership with the zones of its area and its profile."""
        partnership = self.partnership.create({"name": "Test new"})
        dimension = self.env["partnership.dimension"].create({"name": "Test other"})
        value = self.env["partnership.dimension.value"].create(
            {"name": "Test x", "dimension_id": dimension.id, "partnership_id": partnership.id}
        )
        line = self.env["partnership.profile.line"].create(
            {
                "partnership_id": partnership.id,
                "dimension_id": dimension.id,
                "value_id": value.id,
                "share": 1,
            }
        )
        partnership.unlink()
        self.assertFalse(line.exists())
        self.assertFalse(value.exists())
        dimension.unlink()
        self.assertFalse(dimension.exists())

    def test_tree_goes_at_once(self):
        body = self._create_body("Test x")
        child = self._create_body("Test y", parent_id=body.id)
        with self.assertRefused("Test x", "Test y", exception=UserError):
            body.unlink()
        (body | child).unlink()
        self.assertFalse((body | child).exists())
