from freezegun import freeze_time

from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import Form, tagged

from ..common import PartnershipCase


@tagged("post_install", "-at_install")
class TestStage(PartnershipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time("2025-01-15 12:00:00")
        clock.start()
        cls.addClassCleanup(clock.stop)
        Stage = cls.env["partnership.stage"]
        cls.start, cls.middle, cls.end = (
            Stage.create({"name": f"Test {name}", "sequence": sequence})
            for sequence, name in enumerate(("start", "middle", "end"), start=1000)
        )
        cls.place = cls.partnership.copy(
            {
                "name": "Test valley",
                "stage_id": cls.start.id,
                "user_ids": cls.facilitator.ids,
            }
        )
        cls.own = cls.place.with_user(cls.facilitator)
        cls.by_hand = cls._create_criterion("Test rules")
        cls.computed = cls._create_criterion(
            "Test bodies", kind="computed", figure="body_count", threshold=1
        )

    @classmethod
    def _create_criterion(cls, name, stage=None, **values):
        return cls.env["partnership.stage.criterion"].create(
            {"name": name, "stage_id": (stage or cls.start).id, **values}
        )

    def _tick(self, evidence="Test minutes", user=None, **values):
        return (
            self.env["partnership.stage.check"]
            .with_user(user or self.facilitator)
            .create(
                {
                    "partnership_id": self.place.id,
                    "criterion_id": self.by_hand.id,
                    "evidence": evidence,
                    **values,
                }
            )
        )

    def _rows(self, place=None):
        self.env.invalidate_all()
        return {row.criterion_id: row for row in (place or self.own).checklist_ids}

    def _steps(self):
        return [
            (str(step.date_start), str(step.date_end or ""), step.stage_id)
            for step in self.own.stage_history_ids.sorted("id")
        ]

    def test_checklist(self):
        rows = self._rows()
        self.assertEqual([*rows], [self.by_hand, self.computed])
        self.assertEqual([row.is_met for row in rows.values()], [False, False])
        self.assertEqual(rows[self.computed].value, "0")
        self.assertIn("at least 1", rows[self.computed].requirement)
        self._tick()
        self._create_body("Test board", partnership_id=self.place.id)
        self._create_criterion("Test later", self.middle)
        rows = self._rows()
        self.assertEqual([row.is_met for row in rows.values()], [True, True])
        self.assertEqual(rows[self.by_hand].evidence, "Test minutes")
        self.assertEqual(rows[self.by_hand].user_id, self.facilitator)
        self.assertEqual((self.own.criterion_met_count, self.own.criterion_count), (2, 2))

    def test_no_data_is_not_met(self):
        """Neither at least nor at most anything."""
        for operator in ("at_least", "at_most"):
            self.computed.write({"figure": "figure_presence_rate", "operator": operator})
            row = self._rows()[self.computed]
            self.assertFalse(row.is_met)
            self.assertEqual(row.value, "not enough data")
        self.assertIn("at most 100%", row.requirement)

    def test_no_group_is_missing_where_none_is_wanted(self):
        """Without an area profile nobody can tell that all groups are there."""
        missing = self._create_criterion(
            "Test all groups",
            kind="computed",
            figure="missing_group_count",
            operator="at_most",
            threshold=0,
        )
        row = self._rows()[missing]
        self.assertEqual((row.is_met, row.value), (False, "not enough data"))
        self.env["partnership.profile.line"].create(
            {
                "partnership_id": self.place.id,
                "dimension_id": self.env.ref(
                    "partnership_management.partnership_dimension_group"
                ).id,
                "interest_group_id": self.group_public.id,
                "share": 1,
            }
        )
        row = self._rows()[missing]
        self.assertEqual((row.is_met, row.value), (False, "1"))
        self._create_member("Test council of the valley", partnership_id=self.place.id)
        self.assertTrue(self._rows()[missing].is_met)

    def test_every_figure_can_be_read_and_opened(self):
        self.assertTrue(self.computed._selection_figure())
        for fname, _label in self.computed._selection_figure():
            self.computed.write({"figure": fname, "threshold": 0.5})
            row = self._rows()[self.computed]
            self.assertTrue(row.value, fname)
            self.assertEqual(row.action_open_rows()["type"], "ir.actions.act_window", fname)

    def test_the_latest_word_counts(self):
        self._tick(date="2025-01-10")
        self._tick(date="2025-01-12", is_met=False, evidence=False)
        self._tick(date="2025-01-08")
        self.assertFalse(self._rows()[self.by_hand].is_met)
        self._tick(date="2025-01-12")
        self.assertTrue(self._rows()[self.by_hand].is_met)
        action = self._rows()[self.by_hand].action_open_rows()
        self.assertEqual(self.env[action["res_model"]].search_count(action["domain"]), 4)

    def test_what_is_said_is_shown(self):
        with self.assertRefused("Say what shows", "Test rules"):
            self._tick(evidence=" ")
        with self.assertRefused("is to come", "01/16/2025"):
            self._tick(date="2025-01-16")
        with self.assertRefused("is computed"):
            self._tick(criterion_id=self.computed.id)
        with self.assertRefused("is computed", exception=UserError):
            self._rows()[self.computed].action_check()
        said = self._tick()
        said.evidence = "Test minutes, item 4"
        with self.assertRefused("not rewritten", exception=UserError):
            said.is_met = False
        with Form(
            self.env["partnership.stage.check"]
            .with_user(self.facilitator)
            .with_context(**self._rows()[self.by_hand].action_check()["context"])
        ) as form:
            self.assertFalse(form.is_met)
        self.assertFalse(self._rows()[self.by_hand].is_met)

    def test_criteria_are_complete(self):
        with self.assertRefused("fraction of 1"):
            self.computed.write({"figure": "figure_presence_rate", "threshold": 60})
        for figure in ("color", False):
            with self.assertRefused("choose a figure"):
                self.computed.figure = figure

    def test_moving_on_with_criteria_unmet_asks_why(self):
        self._tick()
        with self.assertRefused("Test middle", "(0)", exception=RedirectWarning):
            self.own.stage_id = self.middle
        self.env.invalidate_all()
        self.assertEqual(self.own.stage_id, self.start)
        with self.assertRaises(RedirectWarning):
            self.own.with_context(stage_reason=" ").stage_id = self.middle

    def test_the_dialog_says_why(self):
        with self.assertRaises(RedirectWarning) as refusal:
            self.own.stage_id = self.middle
        _message, action_id, _button, context = refusal.exception.args
        self.assertEqual(
            action_id, self.env.ref("partnership_management.partnership_stage_move_action").id
        )
        self.env.invalidate_all()
        Move = self.env["partnership.stage.move"].with_user(self.facilitator)
        with Form(Move.with_context(**context)) as form:
            self.assertIn("Test rules", form.unmet)
            form.reason = "Test decision"
        form.record.action_apply()
        step = self.own.stage_history_ids[0]
        self.assertEqual((step.stage_id, step.reason), (self.middle, "Test decision"))
        self.assertIn("Test rules", step.unmet)
        self.assertIn("Number of Bodies: at least 1 (0)", step.unmet)
        self.assertEqual(step.user_id, self.facilitator)
        message = self.place.message_ids[0]
        self.assertIn("Test decision", message.body)
        self.assertIn("Test rules", message.body)

    def test_moving_on_in_bulk_names_each(self):
        other = self.place.copy({"name": "Test moor", "user_ids": self.facilitator.ids})
        self._create_body("Test board", partnership_id=other.id)
        with self.assertRefused(
            "Test valley: ", "Test moor: Test rules", exception=RedirectWarning
        ):
            (self.own + other).stage_id = self.middle
        (self.own + other).with_context(stage_reason="Test").stage_id = self.middle
        self.assertEqual(other.stage_history_ids[0].unmet, "Test rules")

    def test_stages_that_are_jumped_count(self):
        self._tick()
        self._create_body("Test board", partnership_id=self.place.id)
        later = self._create_criterion("Test later", self.middle)
        self.own.stage_id = self.middle
        self.own.stage_id = self.start
        with self.assertRefused("Test later", exception=RedirectWarning):
            self.own.stage_id = self.end
        self.middle.active = False
        self.own.stage_id = self.end
        self.own.stage_id = self.start
        self.middle.active = True
        later.active = False
        self.own.stage_id = self.end

    def test_going_back_is_free(self):
        self.own.with_context(stage_reason="Test").stage_id = self.end
        self._create_criterion("Test last", self.end)
        self.own.stage_id = self.start
        self.assertEqual(self.own.stage_id, self.start)
        self.assertFalse(self.own.stage_history_ids[0].unmet)

    def test_history(self):
        self.assertEqual(self._steps(), [("2025-01-15", "", self.start)])
        with freeze_time("2025-03-01"):
            self.own.with_context(stage_reason="Test").stage_id = self.middle
        with freeze_time("2025-03-11"):
            self.own.stage_id = self.start
            self.own.write({"stage_id": self.start.id, "area": "Test area"})
            self.assertEqual(
                self._steps(),
                [
                    ("2025-01-15", "2025-02-28", self.start),
                    ("2025-03-01", "2025-03-10", self.middle),
                    ("2025-03-11", "", self.start),
                ],
            )
        with freeze_time("2025-03-21"):
            self.env.invalidate_all()
            days = self.own.stage_history_ids.sorted("id").mapped("days")
            self.assertEqual(days, [45, 10, 10])
            self.assertEqual(
                self.own.duration_tracking,
                {str(self.start.id): 55 * 86400, str(self.middle.id): 10 * 86400},
            )

    def test_two_moves_on_one_day(self):
        self.own.with_context(stage_reason="Test").stage_id = self.middle
        self.own.with_context(stage_reason="Test").stage_id = self.end
        self.assertEqual(
            self._steps(),
            [
                ("2025-01-15", "2025-01-15", self.start),
                ("2025-01-15", "2025-01-15", self.middle),
                ("2025-01-15", "", self.end),
            ],
        )
        self.assertEqual(self.own.stage_history_ids.mapped("days"), [0, 0, 0])

    def test_dated_back(self):
        with freeze_time("2025-03-01"):
            late = self.own.with_context(stage_reason="Test", stage_date="2025-02-01")
            late.stage_id = self.middle
            self.assertEqual(self._steps()[1][0], "2025-02-01")
            for day in ("2025-01-31", "2025-03-02"):
                with self.assertRefused("choose a date from 02/01/2025", exception=UserError):
                    self.own.with_context(stage_date=day).stage_id = self.start

    def test_the_day_is_that_of_the_partnership(self):
        self.place.tz = "Pacific/Auckland"
        with freeze_time("2025-03-01 20:00:00"):
            self.own.with_context(stage_reason="Test").stage_id = self.middle
        self.assertEqual(self._steps()[1][0], "2025-03-02")

    def test_rights(self):
        self._tick()
        history = self.own.stage_history_ids
        with self.assertRaises(AccessError):
            history.reason = "Test"
        with self.assertRaises(AccessError):
            self._tick(user=self.stranger)
        with self.assertRaises(AccessError):
            self.place.with_user(self.stranger).with_context(
                stage_reason="Test"
            ).stage_id = self.middle
        with self.assertRaises(AccessError):
            self.by_hand.with_user(self.officer).name = "Test"
        fields = self.place.with_user(self.portal_user).fields_get()
        self.assertFalse({"checklist_ids", "stage_history_ids", "duration_tracking"} & {*fields})

    def test_many_partnerships_cost_as_one(self):
        self._tick()
        many = self.place.browse(
            self.place.copy({"name": f"Test copy {number}"}).id for number in range(20)
        )

        def count(places):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            places.mapped("criterion_met_count")
            places.mapped("duration_tracking")
            return self.cr.sql_log_count - before

        self.assertLessEqual(count(many), count(self.place) + 1)
