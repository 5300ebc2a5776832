from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .portal_common import SECRET, PortalFieldsCase, PortalWalk

DATED = {"date_start", "date_end", "is_current", "has_ended"}
# What the portal reads besides the name, of all that stands in the addon
PORTAL = {
    "partnership.role": {
        "name",
        "sequence",
        "active",
        "is_formal",
        "is_informal",
        "description",
    },
    "partnership.interest.group": {"name", "sequence", "active", "sector", "description"},
    "partnership.partnership": {
        "name",
        "active",
        "area",
        "tz",
        "description",
        "membership_ids",
        "body_ids",
    },
    "partnership.body": {
        "name",
        "sequence",
        "active",
        "partnership_id",
        "level",
        "parent_id",
        "child_ids",
        "description",
        "notice_days",
        "quorum_type",
        "quorum_base",
        "quorum_share",
        "quorum_seats",
        "proxy_allowed",
        "proxy_max",
        "seat_policy",
        "seat_ids",
        "current_seat_ids",
    },
    "partnership.membership": DATED
    | {
        "partnership_id",
        "partner_id",
        "is_organisation",
        "role_id",
        "is_formal",
        "interest_group_id",
        "sector",
        "seat_ids",
        "mandate_ids",
        "seat_count",
        "mandate_count",
        "is_mine",
    },
    "partnership.seat": DATED
    | {
        "body_id",
        "partnership_id",
        "membership_id",
        "partner_id",
        "interest_group_id",
        "sector",
        "role_id",
        "vote_weight",
        "mandate_ids",
        "titular_id",
        "alternate_ids",
        "is_vacant",
    },
    "partnership.mandate": DATED
    | {
        "seat_id",
        "body_id",
        "partnership_id",
        "membership_id",
        "organisation_id",
        "is_organisation",
        "person_id",
        "kind",
        "office",
        "appointed_by",
        "authority",
    },
    "partnership.attendance": {
        "event_id",
        "partnership_id",
        "body_id",
        "date",
        "meeting_state",
        "person_id",
        "organisation_id",
        "membership_id",
        "seat_id",
        "mandate_id",
        "answer",
        "status",
        "mode",
        "check_in",
        "check_out",
        "proxy_id",
    },
    "partnership.interest": DATED
    | {
        "partnership_id",
        "membership_id",
        "person_id",
        "partner_id",
        "nature",
        "degree",
        "source",
    },
    "partnership.interest.declaration": {
        "event_id",
        "partnership_id",
        "body_id",
        "date",
        "person_id",
        "membership_id",
        "kind",
        "nature",
        "source",
        "declared_on",
        "withdrawn_on",
        "ruling",
        "left_room",
    },
    "calendar.event": {
        "partnership_id",
        "partnership_body_id",
        "partnership_tool",
        "partnership_need",
        "partnership_state",
        "partnership_date",
        "partnership_is_over",
    },
}


@tagged("post_install", "-at_install")
@freeze_time("2025-01-15")
class TestPortalFields(PortalWalk, PortalFieldsCase):
    portal = PORTAL

    def test_own_rows_are_read_whole(self):
        """What is listed comes without being asked for by name; the secret never. An event comes
        by name alone, since Odoo has no types of events for the portal."""
        self.assertTrue(self.users)
        for user in self.users:
            for model, listed in self.portal.items():
                if not model.startswith("partnership."):
                    continue
                records = self._as(user, self.env[model].with_user(user).search([]))
                self.assertTrue(records, f"{user.login} sees no {model}")
                rows = records.read()
                names = {field.name for field in self._walk(model)} & rows[0].keys()
                self.assertEqual(names, listed, model)
                self.assertNotIn(SECRET, str(rows))
                self.assertTrue(records.search_read([]))
                self.assertTrue(records.web_read(dict.fromkeys(records.fields_get(), {})))
                self.assertEqual(len(records.name_search("")), len(records))

    def test_values_of_own_rows(self):
        membership = self._as(self.own, self.member)
        self.assertEqual(
            membership.read(["date_start", "role_id", "is_mine", "is_current", "seat_count"])[0],
            {
                "id": self.member.id,
                "date_start": date(2024, 1, 1),
                "role_id": (self.role_formal.id, "Test formal"),
                "is_mine": True,
                "is_current": True,
                "seat_count": 1,
            },
        )
        row = self._as(self.representative, self.row)
        self.assertEqual((row.status, row.date), ("excused", date(2024, 6, 3)))
        groups = row.formatted_read_group(
            [("person_id", "=", self.representative.partner_id.id)], ["status"], ["__count"]
        )
        self.assertEqual(groups[0]["status"], "excused")
        seat = self._as(self.representative, self.seat)
        self.seat.mandate_ids.filtered(lambda held: held.kind == "alternate").unlink()
        self.assertEqual(seat.titular_id, self.representative.partner_id)

    def test_chatter_is_not_found(self):
        """By whatever path, and by the messages themselves."""
        self.assertTrue(self.users)
        for user in self.users:
            for model in ("partnership.membership", "partnership.mandate", "calendar.event"):
                Model = self.env[model].with_user(user)
                for condition in (
                    ("message_ids.body", "ilike", "secret"),
                    ("message_ids", "ilike", "secret"),
                    ("message_ids", "any", [("body", "ilike", "secret")]),
                    ("website_message_ids.body", "ilike", "secret"),
                    ("message_follower_ids.partner_id", "!=", False),
                    ("has_message", "=", True),
                    ("activity_ids.summary", "ilike", "secret"),
                ):
                    for domain in ([condition], ["!", condition]):
                        with self.assertRaises(AccessError):
                            Model.search(domain)
            rows = self.env["partnership.attendance"].with_user(user)
            with self.assertRaises(AccessError):
                rows.search([("event_id.message_ids.body", "ilike", "secret")])

    def test_messages_of_the_team_are_not_read(self):
        """Not even those that are no internal notes, by whoever reads the record."""
        comment = self.member.message_post(
            body="Test comment", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        Message = self.env["mail.message"]
        for user in self.users:
            self.assertFalse(Message.with_user(user).search([("body", "ilike", "Test secret")]))
            self.assertFalse(Message.with_user(user).search([("id", "=", comment.id)]))
            self.assertFalse(comment.with_user(user).has_access("read"))
        self.assertEqual(Message.with_user(self.facilitator).browse(comment.id).body, comment.body)

    def test_nobody_in_particular(self):
        """The public user is refused as well, where somebody gives it access to a model."""
        public = self.env.ref("base.public_user")
        self.assertFalse(self.env["partnership.membership"].with_user(public).has_access("read"))
        for model in self.portal:
            Model = self.env[model].with_user(public)
            for field in self._walk(model):
                allowed = field.name in self.portal[model]
                self.assertEqual(Model._has_field_access(field, "read"), allowed, field)

    def test_team_reads_all_that_its_groups_let_it(self):
        for model in self.portal:
            Model = self.env[model].with_user(self.facilitator)
            for field in self._walk(model):
                if not field.groups:
                    self.assertTrue(Model._has_field_access(field, "read"), field)
        self.assertEqual(self.member.with_user(self.facilitator).read()[0]["end_reason"], False)
