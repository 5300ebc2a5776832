from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .deliberation_common import DeliberationCase, RegisterMixin


class DeclarationCase(RegisterMixin, DeliberationCase):
    """A board that is to decide on an applicant, by an item of its agenda."""

    def setUp(self):
        super().setUp()
        self.applicant = self._create_organisation("Test applicant")
        self.item, self.other_item = self.env["partnership.agenda.item"].create(
            [
                {"name": name, "event_id": self.meeting.id, "kind": "decision"}
                for name in ("Test support", "Test other")
            ]
        )
        self.item.partner_ids = self.applicant
        self.members = [seat.membership_id for seat in self.seats]
        self.Declaration = self.env["partnership.interest.declaration"]

    def _declare(self, person=None, member=None, item=None, **values):
        """An interest, as the clerk enters it."""
        return self.Declaration.with_user(self.facilitator).create(
            {
                "event_id": self.meeting.id,
                "person_id": person and person.id,
                "membership_id": member and member.id,
                "item_id": (item or self.item).id,
                **values,
            }
        )

    def _open(self, **values):
        decision = self._decide(item_id=self.item.id, **values)
        decision.action_open_vote()
        return decision

    def _valid(self, person):
        return self.meeting.declaration_ids.filtered(
            lambda each: each.person_id == person and not each.withdrawn_on
        )


@tagged("post_install", "-at_install")
class TestInterestDeclaration(DeclarationCase):
    # ------------------------------------------------------------
    # Recusals
    # ------------------------------------------------------------

    def test_recused_holder(self):
        """The person is barred; nobody else sits there, so the seat is recused."""
        self._come(0, 3)
        self._declare(self.persons[0])
        decision = self._open()
        self.assertEqual(
            self._get_choices(decision)[:4], ["recused", "absent", "absent", "not_voted"]
        )
        with self.assertRefused("is recused", exception=UserError):
            self._vote(decision, yes=(0,))
        other = self._decide(item_id=self.other_item.id)
        other.action_open_vote()
        self.assertEqual(self._get_choices(other)[0], "not_voted")

    def test_alternate_votes_instead_of_the_person(self):
        deputy = self._create_mandate(self.seats[0], "Test deputy", "alternate").person_id
        self._come(0)
        self.env["partnership.attendance"]._record(
            self.meeting, deputy, self.members[0].partner_id, status="present"
        )
        self._declare(self.persons[0])
        decision = self._open()
        self._vote(decision, yes=(0,))
        vote = decision.last_vote_ids.filtered(lambda vote: vote.seat_id == self.seats[0])
        self.assertEqual((vote.person_id, vote.way, vote.choice), (deputy, "alternate", "yes"))

    def test_member_recused_whoever_sits_there(self):
        deputy = self._create_mandate(self.seats[0], "Test deputy", "alternate").person_id
        self._come(0)
        self.env["partnership.attendance"]._record(
            self.meeting, deputy, self.members[0].partner_id, status="present"
        )
        self._declare(self.persons[0], self.members[0])
        decision = self._open()
        self.assertEqual(self._get_choices(decision)[0], "recused")
        self.assertEqual(decision._get_recusals(), (self.seats[0], self.env["res.partner"]))

    def test_barred_proxy_holder(self):
        """Who is barred votes for nobody; who is recused as a member still holds a proxy."""
        self._come(0)
        self._rows(self.meeting)[self.persons[1]].write(
            {"status": "excused", "proxy_id": self.persons[0].id}
        )
        declared = self._declare(self.persons[0])
        self.assertEqual(self._get_choices(self._open())[:2], ["recused", "absent"])
        declared.action_withdraw()
        self._declare(self.persons[0], self.members[0])
        self.assertEqual(self._get_choices(self._open())[:2], ["recused", "not_voted"])

    def test_proxy_of_a_recused_seat_counts_for_nothing(self):
        """A seat that is recused uses up no proxy."""
        self._come(0)
        rows = self._rows(self.meeting)
        for number in (1, 2):
            rows[self.persons[number]].write({"status": "excused", "proxy_id": self.persons[0].id})
        self._declare(member=self.members[1])
        decision = self._open(proxy_max=1)
        self.assertEqual(self._get_choices(decision)[:3], ["not_voted", "recused", "not_voted"])

    def test_may_vote(self):
        self._come(0)
        declared = self._declare(self.persons[0])
        declared._rule("may_vote", "Test reason")
        self.assertEqual(
            (declared.ruling, declared.ruling_reason, declared.ruling_user_id),
            ("may_vote", "Test reason", self.facilitator),
        )
        self.assertEqual(self._get_choices(self._open())[0], "not_voted")

    def test_decision_without_item(self):
        self._come(0)
        decision = self._decide()
        self._declare(self.persons[0], item_id=False, decision_id=decision.id)
        decision.action_open_vote()
        self.assertEqual(self._get_choices(decision)[0], "recused")

    def test_declared_after_opening(self):
        """A seat that has not voted is recused; one that has keeps its vote, and that is said."""
        self._come(0, 1, 3)
        decision = self._open()
        self._vote(decision, yes=(0, 3))
        self._declare(self.persons[0])
        late = self._declare(self.persons[1], self.members[1])
        self.assertEqual(self._get_choices(decision)[:4], ["yes", "recused", "absent", "yes"])
        note = decision.with_user(self.facilitator).interest_note
        self.assertIn("the vote stays: Test Aford", note)
        self.assertNotIn("Test Bford", note.splitlines()[-1])
        late._rule("may_vote", "Test reason")
        self.assertEqual(self._get_choices(decision)[1], "not_voted")
        late._rule("recused", "Test reason")
        late.action_withdraw()
        self._vote(decision, no=(1,))
        decision.action_close_vote()
        self.assertEqual(self._get_choices(decision)[:2], ["yes", "no"])

    def test_vote_taken_back_before(self):
        """That it had voted once is kept."""
        self._come(0)
        decision = self._open()
        self._vote(decision, yes=(0,))
        decision._cast({self.seats[0]: "not_voted"})
        self._declare(self.persons[0])
        votes = decision.vote_ids.filtered(lambda vote: vote.seat_id == self.seats[0])
        self.assertEqual(votes.sorted("id").mapped("choice"), ["yes", "not_voted", "recused"])
        self.assertEqual(votes.filtered("is_last").choice, "recused")

    def test_decided(self):
        """What was decided with a declaration stays so."""
        self._come(3)
        declared = self._declare(self.persons[0])
        self._open().action_close_vote()
        for call in (declared.action_withdraw, lambda: declared._rule("may_vote", "Test")):
            with self.assertRefused("was decided", exception=UserError):
                call()

    def test_queries(self):
        """As many for many declarations as for few."""
        self._come(0, 1, 2, 3, 4, 5, 6)
        decision = self._decide(item_id=self.item.id)

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            decision._get_recusals()
            decision._get_proposed_recusals()
            decision._find_voters(self._tick())
            decision.interest_note  # noqa: B018
            return self.cr.sql_log_count - before

        self._declare(self.persons[0])
        self._register(self.applicant, person=self.persons[1])
        count()
        few = count()
        for number in range(2, 7):
            self._declare(self.persons[number])
            self._register(self.applicant, person=self.persons[number])
        self.assertLessEqual(count(), few)

    # ------------------------------------------------------------
    # The record
    # ------------------------------------------------------------

    @mute_logger("odoo.sql_db")
    def test_refused(self):
        planned = self._create_meeting("2024-07-01 16:00:00")
        person = self.persons[0]
        for words, values in (
            ("about_something", {"person": person, "kind": "none"}),
            ("about_something", {"person": person, "item_id": False}),
            ("of_somebody", {}),
        ):
            with self.assertRefused(words, exception=IntegrityError):
                self._declare(**values)
        with self.assertRefused("is not dealt with"):
            self._declare(person, event_id=planned.id)
        self._declare(person)
        with self.assertRefused("valid_uniq", exception=IntegrityError):
            self._declare(person)
        self._declare(person, self.members[0])

    def test_stays_as_declared(self):
        declared = self._declare(self.persons[0])
        declared.left_room = True
        for values in ({"item_id": self.other_item.id}, {"person_id": self.persons[1].id}):
            with self.assertRefused("withdraw it", exception=UserError):
                declared.write(values)
        for values in ({"ruling": "may_vote"}, {"source": "link"}, {"withdrawn_on": False}):
            with self.assertRaises(AccessError):
                declared.write(values)
        with self.assertRaises(AccessError):
            declared.unlink()
        with self.assertRefused("not deleted but withdrawn", exception=UserError):
            declared.sudo().unlink()
        declared.action_withdraw()
        with self.assertRefused("nothing is ruled", exception=UserError):
            declared._rule("recused", "Test reason")
        self._declare(self.persons[0])

    def test_none(self):
        declared = self._declare(self.persons[0], kind="none", item_id=False)
        self.assertFalse(declared.ruling)
        self.assertEqual(declared.display_name, "Person 1: No interest")

    def test_foreign_users(self):
        declared = self._declare(self.persons[0])
        Sheet = self.env["partnership.interest.sheet"]
        other = {"person_id": self.persons[1].id, "item_id": self.item.id}
        for user in (self.stranger, self.employee, self.portal_user):
            for call in (
                lambda each: each.read(["kind"]),
                lambda each: each.action_withdraw(),
                lambda each: each._rule("may_vote", "Test reason"),
                lambda each: each.create({"event_id": self.meeting.id, **other}),
            ):
                with self.assertRaises(AccessError):
                    call(declared.with_user(user))
            with self.assertRaises(AccessError):
                self.meeting.with_user(user).action_open_interests()
            with self.assertRaises(AccessError):
                Sheet.with_user(user).create({"event_id": self.meeting.id})

    def test_portal(self):
        """A person reads its own: what it is about, and what became of it."""
        user = new_test_user(self.env, "test_person", "base.group_portal")
        own = self._declare(user.partner_id, note="Test secret")
        self._declare(self.persons[0])
        found = self.env["partnership.interest.declaration"].with_user(user).search([])
        self.assertEqual(found, own)
        self.assertIn("Test support", found.display_name)
        self.assertEqual(found.ruling, "recused")
        for call in (
            lambda: found.read(["note"]),
            lambda: found.write({"left_room": True}),
            found.action_withdraw,
        ):
            with self.assertRaises(AccessError):
                call()

    # ------------------------------------------------------------
    # Who has not declared
    # ------------------------------------------------------------

    def test_undeclared(self):
        self._come(0, 1, 3)
        decision = self._decide(item_id=self.item.id)
        self.assertIn("Not declared: Person 1, Person 2, Person 4", decision.interest_note)
        self._declare(self.persons[0], kind="none", item_id=False)
        self._declare(self.persons[1])
        self.assertEqual(self.Declaration._get_undeclared(decision), self.persons[3])
        decision.action_open_vote()
        self.item.is_routine = True
        self.assertFalse(decision.interest_note)

    def test_required(self):
        """The rule asks for it: nobody votes before all have declared."""
        self._come(0, 1)
        decision = self._decide(item_id=self.item.id, declaration_required=True)
        with self.assertRefused("Not declared: Person 1, Person 2", exception=UserError):
            decision.action_open_vote()
        self.meeting.with_user(self.facilitator).action_open_interests()
        sheet = self._open_sheet()
        sheet.action_rest_none()
        decision.action_open_vote()
        self.assertEqual(decision.state, "open")
        self.assertFalse(self.meeting._get_undeclared())

    # ------------------------------------------------------------
    # Proposals
    # ------------------------------------------------------------

    def _open_sheet(self, user=None):
        action = self.meeting.with_user(user or self.facilitator).action_open_interests()
        return self.env[action["res_model"]].with_user(self.facilitator).browse(action["res_id"])

    def test_proposed(self):
        member = self._register(self.applicant, self.members[3])
        person = self._register(self.applicant, person=self.persons[4])
        self._register(self.applicant, self.members[5], date_end="2024-06-02")
        self._register(self.members[0].partner_id, self.members[6])
        self._register(self.applicant, person=self._create_person("Test outsider"))
        self.item.partner_ids |= self.members[1].partner_id | self.persons[2]
        Membership, Partner = self.env["partnership.membership"], self.env["res.partner"]
        decision = self._decide(item_id=self.item.id)
        self.assertEqual(
            decision._get_proposed_recusals(),
            {
                (self.members[1], Partner): self.env["partnership.interest"],
                (Membership, self.persons[2]): self.env["partnership.interest"],
                (self.members[3], Partner): member,
                (Membership, self.persons[4]): person,
            },
        )
        self._declare(self.persons[4])
        self._declare(self.persons[3], self.members[3])
        self.assertEqual(len(decision._get_proposed_recusals()), 2)
        self.assertFalse(self._decide(item_id=self.other_item.id)._get_proposed_recusals())

    def test_accept_and_dismiss(self):
        self._register(self.applicant, self.members[3], nature="ownership")
        self._register(self.applicant, person=self.persons[0])
        self._come(0, 3)
        decision = self._decide(item_id=self.item.id)
        self.assertIn("Proposed recusals: 2", decision.interest_note)
        proposals = self._open_sheet().proposal_ids.sorted("who", reverse=True)
        self.assertEqual(proposals.mapped("who"), ["Test Mill", "Person 1"])
        self.assertIn("Ownership", proposals[0].why)
        proposals[0].action_accept()
        action = proposals[1].action_dismiss()
        Ruling = self.env[action["res_model"]].with_user(self.facilitator)
        form = Form(Ruling.with_context(**action["context"]))
        with self.assertRaises(AssertionError):
            form.save()  # why is asked
        form.reason = "Test reason"
        form.save().action_rule()
        by_ruling = self.meeting.declaration_ids.grouped("ruling")
        self.assertEqual(by_ruling["recused"].membership_id, self.members[3])
        self.assertEqual(by_ruling["recused"].nature, "ownership")
        self.assertEqual(by_ruling["may_vote"].person_id, self.persons[0])
        self.assertEqual(by_ruling["may_vote"].ruling_reason, "Test reason")
        self.assertEqual(set(self.meeting.declaration_ids.mapped("source")), {"register"})
        self.assertFalse(self._open_sheet().proposal_ids)
        decision.action_open_vote()
        self.assertEqual(self._get_choices(decision)[0], "not_voted")
        self.assertEqual(self._get_choices(decision)[3], "recused")

    def test_from_the_register_is_not_declared(self):
        """Who is in the register has not said anything; who says so confirms it, and who says
        that there is nothing else takes nothing back."""
        self._register(self.applicant, person=self.persons[0])
        self._come(0)
        self._decide(item_id=self.item.id)
        self._open_sheet().proposal_ids.action_accept()
        self.assertIn(self.persons[0], self.meeting._get_undeclared())
        [found] = self.meeting.declaration_ids
        self.Declaration._declare(self.meeting, self.persons[0], set())
        self.assertFalse(found.withdrawn_on)
        self.assertNotIn(self.persons[0], self.meeting._get_undeclared())
        self.Declaration._declare(
            self.meeting, self.persons[0], {(self.env["partnership.membership"], self.item)}
        )
        self.assertEqual(self._valid(self.persons[0]), found)
        self.assertEqual(found.source, "clerk")

    # ------------------------------------------------------------
    # By tap
    # ------------------------------------------------------------

    def test_tap(self):
        self._come(0, 1)
        sheet = self._open_sheet()
        self.assertEqual(len(sheet.line_ids), 7)
        lines = {line.person_id: line for line in sheet.line_ids}
        lines[self.persons[0]].action_none()
        self.assertEqual(self._valid(self.persons[0]).kind, "none")
        self._declare_by_dialog(lines[self.persons[0]], self.item, nature="family")
        declared = self._valid(self.persons[0])
        self.assertEqual(
            (declared.item_id, declared.nature, declared.source, declared.user_id),
            (self.item, "family", "clerk", self.facilitator),
        )
        self._declare_by_dialog(lines[self.persons[0]], self.other_item, self.members[0])
        self.assertEqual(len(self._valid(self.persons[0])), 2)
        line = self._open_sheet().line_ids.filtered(lambda line: line.person_id == self.persons[0])
        self.assertEqual((line.is_declared, line.has_interest), (True, True))
        self.assertEqual(
            (line.members, line.declared), ("Test Aford", "1 Test support, 2 Test other")
        )

    def _declare_by_dialog(self, line, item, member=None, **values):
        action = line.action_interest()
        Dialog = self.env[action["res_model"]].with_user(self.facilitator)
        dialog = Dialog.with_context(**action["context"]).create(
            {"membership_id": member and member.id, "item_ids": item.ids, **values}
        )
        return dialog.action_declare()

    def test_dialog(self):
        """It shows what was declared; it asks in what, and only for whom the person speaks."""
        self._declare(self.persons[0])
        line = self._open_sheet().line_ids.filtered(lambda line: line.person_id == self.persons[0])
        action = line.action_interest()
        Dialog = self.env[action["res_model"]].with_user(self.facilitator)
        form = Form(Dialog.with_context(**action["context"]))
        self.assertEqual(form.item_ids[:], self.item)
        form.membership_id = self.members[0]
        self.assertFalse(form.item_ids[:])
        with self.assertRefused("Choose in what", exception=UserError):
            form.save().action_declare()
        with self.assertRefused("does not speak for", exception=UserError):
            self._declare_by_dialog(line, self.item, self.members[1])

    def test_before_the_sheet(self):
        """Of a planned meeting, who is expected."""
        planned = self._create_meeting("2024-07-01 16:00:00")
        self.assertEqual(planned._get_seated(), self.env["res.partner"].concat(*self.persons))
        self.assertEqual(planned._get_undeclared(), planned._get_seated())

    # ------------------------------------------------------------
    # On paper
    # ------------------------------------------------------------

    def _render(self, name):
        report = self.env["ir.actions.report"].with_user(self.facilitator)
        content, _kind = report._render_qweb_html(
            f"partnership_management.{name}", self.meeting.ids
        )
        return content.decode()

    def test_forms(self):
        self._declare(self.persons[0], self.members[0])
        self._declare(self.persons[1], kind="none", item_id=False)
        self.item.reference = "Test-17"
        forms = {form["person"]: form for form in self.meeting._get_declaration_forms()}
        self.assertEqual(forms[self.persons[0]]["known"], {(self.members[0], self.item)})
        self.assertTrue(forms[self.persons[1]]["has_none"])
        page = self._render("report_interest_forms")
        self.assertEqual(page.count("o_interest_form"), 7)
        self.assertIn("Test-17", page)

    def test_list(self):
        self.item.reference = "Test-17"
        self._declare(self.persons[0], self.members[0], nature="contract", left_room=True)
        self._declare(self.persons[1], item=self.other_item).action_withdraw()
        page = self._render("report_interest_list")
        for word in ("Test support", "Test-17", "Contract", "Test Aford", "declared by", "Yes"):
            self.assertIn(word, page)
        self.assertNotIn("Person 2", page)
        for name in ("_get_declaration_forms", "_get_declaration_lines"):
            with self.assertRaises(AccessError):
                getattr(self.meeting.with_user(self.stranger), name)()


@tagged("post_install", "-at_install")
class TestDeclarationDay(DeclarationCase):
    @freeze_time("2024-06-03 22:30:00")  # the fourth, where the partnership is
    def test_interest_of_the_day_of_the_meeting(self):
        """What has ended since counts, what began since does not."""
        self._register(self.applicant, self.members[0], date_end="2024-06-03")
        self._register(self.applicant, self.members[1], date_start="2024-06-04")
        proposed = self._decide(item_id=self.item.id)._get_proposed_recusals()
        self.assertEqual([member for member, _person in proposed], [self.members[0]])
