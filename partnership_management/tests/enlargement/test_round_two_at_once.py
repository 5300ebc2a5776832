import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.exceptions import RedirectWarning, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..concurrent_common import ConcurrentCase


@tagged("post_install", "-at_install")
class TestRoundTwoAtOnce(ConcurrentCase):
    """Two users at the door at the same time, on data that is committed and removed."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self._remove)
        with self.registry.cursor() as cr:
            env = self._env(cr)
            roles = env["partnership.role"].create(
                [
                    {"name": "Test race guest", "sequence": 1},
                    {"name": "Test race member", "sequence": 2, "is_formal": True},
                ]
            )
            stages = env["partnership.enlargement.stage"].create(
                [
                    {"name": "Test race applied", "role_id": roles[0].id},
                    {
                        "name": "Test race admitted",
                        "path": "formal",
                        "is_admission": True,
                        "role_id": roles[1].id,
                    },
                ]
            )
            group = env["partnership.interest.group"].create(
                {"name": "Test race group", "sector": "civil"}
            )
            partnership = env["partnership.partnership"].create({"name": "Test race"})
            contact = env["res.partner"].create({"name": "Test race choir", "is_company": True})
            round_ = env["partnership.enlargement.round"].create(
                {
                    "name": "Test race round",
                    "partnership_id": partnership.id,
                    "state": "open",
                    "date_start": "2020-01-01",
                }
            )
            card = env["partnership.candidate"].create(
                {
                    "partnership_id": partnership.id,
                    "partner_id": contact.id,
                    "stage_id": stages[0].id,
                    "interest_group_id": group.id,
                }
            )
            self.partnership_id, self.stage_id = partnership.id, stages[1].id
            self.round_id, self.card_id = round_.id, card.id
            self.values = {
                "partnership_id": partnership.id,
                "partner_id": contact.id,
                "stage_id": stages[0].id,
            }
            made = (partnership, contact, stages, roles, group)
            self.made = [(records._name, records.ids) for records in made]

    def _env(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})

    def _remove(self):
        with self.registry.cursor() as cr:
            env = self._env(cr)
            # A round that was open is kept; these never were, outside of the test
            cr.execute(
                "UPDATE partnership_enlargement_round SET date_opened = NULL "
                "WHERE partnership_id = %s",
                [self.partnership_id],
            )
            here = [("partnership_id", "=", self.partnership_id)]
            for model in ("candidate", "membership", "enlargement.round"):
                records = env[f"partnership.{model}"].with_context(active_test=False).search(here)
                records.unlink()
            for model, ids in self.made:
                env[model].browse(ids).unlink()

    def _look(self, env):
        env.cr.execute("SELECT count(*) FROM partnership_candidate")

    def _run_at_once(self, *jobs):
        with mute_logger("odoo.sql_db"):
            return super()._run_at_once(*jobs)

    def _admit(self, env):
        env["partnership.candidate"].browse(self.card_id).write({"stage_id": self.stage_id})
        env.flush_all()

    def _try(self, job, refused, *exceptions):
        """:return: a job that notes whether it was refused"""

        def tried(env):
            try:
                with env.cr.savepoint():
                    job(env)
                    env.flush_all()
            except exceptions as error:
                env.clear()
                refused.append(str(error))

        return tried

    def test_double_admission(self):
        """The card is admitted once: one change of role, one day, one round."""
        self._run_at_once(self._admit, self._admit)
        with self.registry.cursor() as cr:
            card = self._env(cr)["partnership.candidate"].browse(self.card_id)
            self.assertEqual(card.state, "admitted")
            self.assertEqual(card.round_id.id, self.round_id)
            formal = card.membership_id.transition_ids.filtered("to_role_id.is_formal")
            self.assertEqual(len(formal), 1)
            self.assertEqual(card.membership_id.round_id.id, self.round_id)

    def test_admitted_while_the_round_closes(self):
        """Either the card came first, or it is refused: none slips in behind a closed round."""
        refused = []

        def close(env):
            env["partnership.enlargement.round"].browse(self.round_id).action_close()
            env.flush_all()

        self._run_at_once(close, self._try(self._admit, refused, RedirectWarning))
        with self.registry.cursor() as cr:
            card = self._env(cr)["partnership.candidate"].browse(self.card_id)
            self.assertEqual(card.round_id.state, "closed")
            self.assertEqual(card.state, "ongoing" if refused else "admitted")

    def test_two_rounds_at_once(self):
        def begin(cr, name):
            self._env(cr)["partnership.enlargement.round"].create(
                {"name": name, "partnership_id": self.partnership_id, "state": "open"}
            )

        with self.registry.cursor() as first, self.registry.cursor() as second:
            self._env(first)["partnership.enlargement.round"].browse(self.round_id).action_close()
            first.commit()  # pylint: disable=invalid-commit
            self._look(self._env(second))
            begin(first, "Test race first")
            first.commit()  # pylint: disable=invalid-commit
            with (
                self.assertRaises(psycopg2.errors.UniqueViolation),
                mute_logger("odoo.sql_db"),
            ):
                begin(second, "Test race second")
            second.rollback()

    def test_two_cards_of_one_actor_at_once(self):
        refused = []
        with self.registry.cursor() as cr:
            self._env(cr)["partnership.candidate"].browse(self.card_id).active = False

        def begin(env):
            env["partnership.candidate"].create(self.values)

        job = self._try(begin, refused, ValidationError)
        self._run_at_once(job, job)
        with self.registry.cursor() as cr:
            count = self._env(cr)["partnership.candidate"].search_count(
                [("partnership_id", "=", self.partnership_id), ("state", "=", "ongoing")]
            )
        self.assertEqual(count, 1)
        self.assertEqual(len(refused), 1)
        self.assertIn("Test race choir", refused[0])
