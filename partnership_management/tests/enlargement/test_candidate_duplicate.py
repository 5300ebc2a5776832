from odoo.tests import Form, tagged

from .candidate_common import CandidateCase


@tagged("post_install", "-at_install")
class TestCandidateDuplicate(CandidateCase):
    def _twins(self, candidate):
        self.env.invalidate_all()
        self.assertEqual(candidate.duplicate_count, len(candidate.duplicate_ids))
        return candidate.duplicate_ids

    def test_name_as_it_sounds(self):
        """Accents, capitals, spaces and signs make no other actor."""
        member = self._create_member("Test Café, the Bridge").partner_id
        for name in ("TEST CAFE THE BRIDGE", "Test Cafe the-bridge", "Test Cafe\u0301 The Bridge"):
            candidate = self._create_candidate(name)
            self.assertIn(member, self._twins(candidate), name)
        self.assertFalse(self._twins(self._create_candidate("Test Café, the Ridge")))

    def test_mail_and_vat(self):
        member = self._create_member("Test council").partner_id
        member.write({"email": "Hall <hall@test.example>", "vat": "BE 0477.47.27.01"})
        by_mail = self._create_candidate("Test town hall", email="HALL@test.example")
        by_vat = self._create_candidate("Test commune")
        by_vat.partner_id.vat = "be0477472701"
        self.assertEqual(self._twins(by_mail), member)
        self.assertEqual(self._twins(by_vat), member)
        self.assertFalse(self._twins(self._create_candidate("Test choir")))

    def test_empty_values_are_nobody_s(self):
        for name in ("---", "***"):
            self._create_candidate(name).partner_id.vat = "/"
        self.assertFalse(self._twins(self._create_candidate("+++")))

    def test_cards_of_before(self):
        """Refused, archived, left: whoever was there once is found, and both say so."""
        refused = self._create_candidate("Test choir")
        self._refuse(refused)
        refused.partner_id.active = False
        candidate = self._create_candidate("test choir")
        self.assertEqual(self._twins(candidate), refused.partner_id)
        self.assertEqual(self._twins(refused), candidate.partner_id)
        cards = candidate.action_open_duplicate_candidates()
        self.assertEqual(
            self.Candidate.with_context(active_test=False).search(cards["domain"]),
            candidate + refused,
        )
        contacts = candidate.action_open_duplicates()
        self.assertEqual(
            self.env["res.partner"].with_context(active_test=False).search(contacts["domain"]),
            (candidate + refused).partner_id,
        )

    def test_other_partnerships_are_not_looked_at(self):
        other = self.partnership.copy({"name": "Test other partnership"})
        self._create_member("Test choir", partnership_id=other.id)
        self._create_organisation("Test choir")
        candidate = self._create_candidate("test choir").with_user(self.facilitator)
        self.assertFalse(self._twins(candidate))

    def test_person_and_own_organisation(self):
        """Who works for the candidate is not its double."""
        candidate = self._create_candidate("Test choir", email="choir@test.example")
        person = self._create_person("Test singer", parent=candidate.partner_id)
        person.email = "choir@test.example"
        self._create_member(person)
        self.assertFalse(self._twins(candidate))

    def test_seen_before_the_card_is_saved(self):
        self._create_member("Test choir")
        form = Form(self.Candidate.with_user(self.facilitator))
        form.partnership_id = self.partnership
        form.partner_id = self._create_organisation("Test Choir")
        self.assertEqual(form.duplicate_count, 1)
        self.assertTrue(form.save())

    def test_member_already(self):
        council = self._create_member("Test council").partner_id
        self.assertTrue(self._create_candidate(council).is_member)

    def test_filter(self):
        here = [("partnership_id", "=", self.partnership.id), ("duplicate_count", ">", 0)]
        choirs = self._create_candidate("Test choir") + self._create_candidate("test choir")
        self._create_candidate("Test beekeepers")
        Candidate = self.Candidate.with_user(self.facilitator)
        self.assertEqual(Candidate.search(here, order="id"), choirs)
        self.assertFalse(self.Candidate.with_user(self.stranger).search(here))

    def test_cost_does_not_grow_by_query(self):
        def count(candidates):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            candidates.mapped("duplicate_count")
            return self.cr.sql_log_count - before

        candidates = self._create_candidates(20)
        self.assertEqual(count(candidates[:1]), count(candidates))
