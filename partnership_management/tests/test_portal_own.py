from freezegun import freeze_time

from odoo.tests import tagged

from .portal_common import PortalFieldsCase

DATED = ("membership", "seat", "mandate", "attendance")


@tagged("post_install", "-at_install")
@freeze_time("2025-01-15")
class TestPortalOwn(PortalFieldsCase):
    """Which rows are those of the own organisation: a mandate opens its own partnership alone."""

    def _seen(self, user, model):
        return self.env[f"partnership.{model}"].with_user(user).search([]).sudo()

    def test_mandate_opens_its_partnership_alone(self):
        for model in DATED:
            rows = self._seen(self.representative, model)
            self.assertTrue(rows, model)
            self.assertEqual(rows.partnership_id, self.partnership, model)
        self.assertEqual(self._seen(self.representative, "membership"), self.member)
        self.assertEqual(self._seen(self.representative, "partnership"), self.partnership)
        self.assertEqual(self._seen(self.representative, "body"), self.body)
        both = (self.member + self.elsewhere).with_user(self.representative)
        self.assertEqual(both._filtered_access("read"), self.member)
        self.assertTrue(both[0].is_mine)

    def test_own_organisation_counts_everywhere(self):
        self.assertEqual(self._seen(self.own, "membership"), self.member + self.elsewhere)
        places = self.partnership + self.other_partnership
        for model in DATED:
            rows = self._seen(self.own, model)
            self.assertEqual(rows.partnership_id, places, model)
        self.assertEqual(self._seen(self.own, "attendance").organisation_id, self.member.partner_id)

    def test_foreign_organisation_opens_nothing(self):
        self.assertEqual(self._seen(self.foreign, "membership"), self.foreign_member)
        for model in (*DATED, "body"):
            self.assertEqual(
                self._seen(self.foreign, model).partnership_id, self.other_partnership, model
            )
        self.assertNotIn(self.elsewhere.seat_ids, self._seen(self.foreign, "seat"))

    def test_former_organisation_keeps_its_past(self):
        self.assertEqual(self._seen(self.former, "membership"), self.former_member)
        self.assertEqual(self._seen(self.former, "seat"), self.former_member.seat_ids)
        self.assertEqual(self._seen(self.former, "mandate"), self.former_member.mandate_ids)
        self.assertEqual(self._seen(self.former, "attendance").membership_id, self.former_member)

    def test_mandate_of_yesterday_or_tomorrow_opens_nothing(self):
        mandate = self.seat.mandate_ids.filtered(
            lambda held: held.person_id == self.representative.partner_id
        )
        for dates in (
            {"date_start": "2024-01-01", "date_end": "2025-01-14"},
            {"date_start": "2025-01-16", "date_end": False},
        ):
            mandate.write(dates)
            for model in (*DATED, "body", "partnership"):
                self.assertFalse(self._seen(self.representative, model), model)
        mandate.write({"date_start": "2024-01-01", "date_end": "2025-01-15"})
        self.assertEqual(self._seen(self.representative, "membership"), self.member)

    def test_two_mandates_open_two_partnerships(self):
        seat = self._create_seat(self.foreign_member, self.other_body)
        self._create_mandate(seat, self.representative.partner_id)
        self.assertEqual(
            self._seen(self.representative, "membership"), self.member + self.foreign_member
        )
