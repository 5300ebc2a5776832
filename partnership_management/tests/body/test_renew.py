from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestRenew(PartnershipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seats = cls.env["partnership.seat"].concat(
            *[cls._create_seat(cls._create_member(f"Test member {n}")) for n in range(4)]
        )
        cls.mandates = cls.env["partnership.mandate"].concat(
            *[
                cls._create_mandate(seat, f"Test holder {number}")
                for number, seat in enumerate(cls.seats[:3])
            ]
        )
        cls.mandates[0].write({"office": "chair", "authority": "recommends"})

    def _open(self, **values):
        """The dialog as the facilitator gets it from the form of the body."""
        action = self.body.with_user(self.facilitator).action_renew_mandates()
        Renew = self.env["partnership.mandate.renew"].with_user(self.facilitator)
        return Renew.with_context(**action["context"]).create(
            {"date": "2024-06-30", "reason": "Elections", "accept_vacant": True, **values}
        )

    def _line(self, wizard, seat):
        return wizard.line_ids.filtered(lambda line: line.seat_id == seat)

    def test_lists_current_mandates_and_vacant_seats(self):
        self._create_mandate(self.seats[0], "Test deputy", kind="alternate")
        self._create_seat(self._create_member(self._create_person("Test resident")))
        wizard = self._open()
        self.assertEqual(len(wizard.line_ids), 5)
        self.assertEqual(wizard.line_ids.seat_id, self.seats)
        vacant = self._line(wizard, self.seats[3])
        self.assertFalse(vacant.mandate_id)
        self.assertEqual(vacant.kind, "titular")

    def test_an_alternate_becomes_titular(self):
        """The most usual succession; who stays alternate of another seat remains so."""
        deputy = self._create_person("Test deputy")
        own = self._create_mandate(self.seats[0], deputy, kind="alternate")
        elsewhere = self._create_mandate(self.seats[1], deputy, kind="alternate")
        wizard = (
            self.env["partnership.mandate.renew"]
            .with_user(self.facilitator)
            .create(
                {
                    "mandate_ids": [Command.set(self.mandates[0].ids)],
                    "date": "2024-06-30",
                    "end_kind": "unplanned",
                    "reason": "Moved away",
                }
            )
        )
        wizard.line_ids.successor_id = deputy
        wizard.action_apply()
        self.assertEqual(str(own.date_end), "2024-06-30")
        self.assertEqual((own.end_kind, own.end_reason), ("planned", "Became titular"))
        self.assertEqual(self.mandates[0].end_kind, "unplanned")
        self.assertFalse(elsewhere.date_end)
        with freeze_time("2024-07-01"):
            self.env.invalidate_all()
            self.assertEqual(self.seats[0].titular_id, deputy)
            self.assertFalse(self.seats[0].alternate_ids)

    def test_renew_many_at_once(self):
        successor = self._create_person("Test successor")
        newcomer = self._create_person("Test newcomer")
        wizard = self._open(end_kind="planned", appointed_by="Assembly of 30 June")
        self._line(wizard, self.seats[0]).successor_id = self.mandates[0].person_id
        self._line(wizard, self.seats[1]).successor_id = successor
        self._line(wizard, self.seats[3]).successor_id = newcomer
        action = wizard.action_apply()
        for mandate in self.mandates:
            self.assertEqual(str(mandate.date_end), "2024-06-30")
            self.assertEqual(mandate.end_reason, "Elections")
            self.assertEqual(mandate.end_kind, "planned")
        mandates = self.env["partnership.mandate"].search(action["domain"]) - self.mandates
        again, other, new = mandates.sorted("seat_id")
        self.assertEqual(again.person_id, self.mandates[0].person_id)
        self.assertEqual((again.office, again.authority), ("chair", "recommends"))
        self.assertEqual(other.person_id, successor)
        self.assertEqual(new.person_id, newcomer)
        self.assertEqual(set(mandates.mapped("appointed_by")), {"Assembly of 30 June"})
        self.assertEqual({str(date) for date in mandates.mapped("date_start")}, {"2024-07-01"})
        with freeze_time("2024-07-01"):
            self.env.invalidate_all()
            self.assertEqual(
                self.seats.filtered("is_vacant"), self.seats[2], "nobody was named there"
            )

    def test_seats_that_fall_vacant_are_named_and_asked_about(self):
        """The chair by office too; who has a successor, and the seat vacant already, are not."""
        wizard = self._open(accept_vacant=False)
        self._line(wizard, self.seats[1]).successor_id = self._create_person("Test successor")
        for word in ("Test holder 0", "Chair", "Test holder 2"):
            self.assertIn(word, wizard.vacant_text)
        self.assertEqual(len(wizard.vacant_text.splitlines()), 2)
        with self.assertRefused("Test holder 0", "Chair", "Test holder 2", exception=UserError):
            wizard.action_apply()
        self.assertFalse(any(self.mandates.mapped("date_end")))
        form = Form(wizard)
        form.accept_vacant = True
        form.save().action_apply()
        self.assertEqual({str(date) for date in self.mandates.mapped("date_end")}, {"2024-06-30"})

    def test_nothing_is_asked_where_everybody_has_a_successor(self):
        wizard = self._open(accept_vacant=False)
        wizard.action_keep_persons()
        self.assertFalse(wizard.vacant_text)
        wizard.action_apply()
        self.assertEqual({str(date) for date in self.mandates.mapped("date_end")}, {"2024-06-30"})

    def test_taken_back_as_long_as_nothing_rests_on_it(self):
        self.mandates[1].write({"date_end": "2024-12-31", "end_kind": "planned"})
        self._open().action_apply()
        own = self.mandates.with_user(self.facilitator)
        own.action_take_back()
        self.assertEqual([str(mandate.date_end or "") for mandate in own], ["", "2024-12-31", ""])
        self.assertEqual(own.mapped("end_kind"), [False, "planned", False])
        self.assertFalse(own[0].end_reason)
        with self.assertRefused("Test holder 0", "not ended", exception=UserError):
            own.action_take_back()
        with freeze_time("2024-07-02"):
            self.env.invalidate_all()
            self.assertEqual(self.seats.filtered("is_vacant"), self.seats[3])

    def test_not_taken_back_once_something_rests_on_it(self):
        wizard = self._open()
        self._line(wizard, self.seats[0]).successor_id = self._create_person("Test successor")
        wizard.action_apply()
        own = self.mandates.with_user(self.facilitator)
        with self.assertRefused("Test holder 0", "Test successor", exception=UserError):
            own.action_take_back()
        self.assertTrue(all(own.mapped("date_end")), "nothing is half done")
        later = self.seats[0].mandate_ids - self.mandates
        later.unlink()
        own[0].action_take_back()
        with freeze_time("2024-07-10"):
            self._create_meeting("2024-07-05 16:00:00")._close_sheet("not_recorded")
            with self.assertRefused("Test holder 1", "07/05/2024", exception=UserError):
                own[1].action_take_back()
        own[2].date_end = "2024-07-31"
        with self.assertRefused("Test holder 2", "changed", exception=UserError):
            own[2].action_take_back()
        with self.assertRaises(AccessError):
            self.mandates[1].with_user(self.stranger).action_take_back()

    def test_line_taken_off_leaves_its_mandate(self):
        wizard = self._open()
        self._line(wizard, self.seats[0]).unlink()
        wizard.action_apply()
        self.assertFalse(self.mandates[0].date_end)
        self.assertTrue(self.mandates[1].date_end)

    def test_same_persons_again(self):
        successor = self._create_person("Test successor")
        wizard = self._open()
        self._line(wizard, self.seats[1]).successor_id = successor
        wizard.action_keep_persons()
        self.assertEqual(
            [self._line(wizard, seat).successor_id for seat in self.seats],
            [
                self.mandates[0].person_id,
                successor,
                self.mandates[2].person_id,
                self.env["res.partner"],
            ],
        )

    def test_swap_of_titular_and_alternate(self):
        alternate = self._create_mandate(self.seats[0], "Test deputy", kind="alternate")
        wizard = self._open(
            mandate_ids=[Command.set((self.mandates[0] + alternate).ids)], body_ids=False
        )
        for line in wizard.line_ids:
            line.successor_id = (
                alternate if line.mandate_id == self.mandates[0] else self.mandates[0]
            ).person_id
        wizard.action_apply()
        with freeze_time("2024-07-01"):
            self.env.invalidate_all()
            self.assertEqual(self.seats[0].titular_id, alternate.person_id)
            self.assertEqual(self.seats[0].alternate_ids, self.mandates[0].person_id)

    def test_successor_with_an_overlapping_mandate_is_refused(self):
        """Nobody is alternate of a seat twice."""
        alternate = self._create_mandate(self.seats[0], "Test deputy", kind="alternate")
        renewed = self._create_mandate(self.seats[0], "Test other", kind="alternate")
        wizard = self._open(mandate_ids=[Command.set(renewed.ids)], body_ids=False)
        wizard.line_ids.successor_id = alternate.person_id
        with self.assertRefused("Test deputy", "Test member 0", "07/01/2024"):
            wizard.action_apply()
        self.assertFalse(renewed.date_end, "nothing is half done")

    def test_mandate_that_begins_later_is_refused(self):
        self.mandates[0].date_end = "2024-05-31"
        later = self._create_mandate(self.seats[0], "Test later", date_start="2024-06-01")
        wizard = self._open(date="2024-05-31")
        with self.assertRefused("Test later", "06/01/2024", "05/31/2024", exception=UserError):
            wizard.action_apply()
        self._line(wizard, self.seats[0]).unlink()
        wizard.action_apply()
        self.assertFalse(later.date_end)

    def test_mandate_that_is_over_is_not_prolonged(self):
        self.mandates[0].date_end = "2024-05-31"
        wizard = self._open(mandate_ids=[Command.set(self.mandates[0].ids)], body_ids=False)
        with self.assertRefused("Test holder 0", "05/31/2024", exception=UserError):
            wizard.action_apply()

    def test_nothing_to_renew(self):
        with self.assertRefused("no current mandate", exception=UserError):
            self._open(body_ids=[Command.set(self._create_body("Test empty").ids)]).action_apply()

    def test_from_the_list_of_mandates_or_bodies(self):
        Renew = self.env["partnership.mandate.renew"]
        chosen = self.mandates[:2]
        form = Form(Renew.with_context(active_model="partnership.mandate", active_ids=chosen.ids))
        form.reason = "Resignation"
        form.end_kind = "unplanned"
        self.assertEqual(len(form.line_ids), 2)
        wizard = form.save()
        self.assertEqual(wizard.line_ids.mandate_id, chosen)
        self.assertEqual(wizard.line_ids.mapped("office"), ["chair", False])
        other = self._create_body("Test other board")
        self._create_seat(self.seats[0].membership_id, body=other)
        form = Form(
            Renew.with_context(active_model="partnership.body", active_ids=(self.body + other).ids)
        )
        self.assertEqual(len(form.line_ids), 5)

    def test_cost_does_not_grow_with_each_seat(self):
        for number in range(4, 40):
            seat = self._create_seat(self._create_member(f"Test member {number}"))
            self._create_mandate(seat, f"Test holder {number}")
        wizard = self._open()
        self.assertEqual(len(wizard.line_ids), 40)
        wizard.action_keep_persons()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        wizard.action_apply()
        self.env.flush_all()
        self.assertLess(self.env.cr.sql_log_count - before, 80)

    def test_stranger_renews_nothing(self):
        Renew = self.env["partnership.mandate.renew"].with_user(self.stranger)
        with self.assertRaises(AccessError):
            Renew.create(
                {"mandate_ids": [Command.set(self.mandates.ids)], "reason": "Elections"}
            ).action_apply()
        self.assertFalse(self.mandates[0].date_end)
