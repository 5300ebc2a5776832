import inspect
import re
from pathlib import Path

from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import RedirectWarning, UserError
from odoo.modules import get_module_path
from odoo.tests import tagged

from odoo.addons.partnership_management.tests.deliberation import test_vote_two_at_once
from odoo.addons.partnership_management.tests.development import test_stage_two_at_once
from odoo.addons.partnership_management.tests.enlargement import test_round_two_at_once
from odoo.addons.partnership_management.tests.partnership_import import test_import_two_at_once

from . import test_training_refused, test_twice, test_twice_training
from .place_common import PlaceCase
from .twice_common import RowCase

MODULES = ("partnership_management", "partnership_training")

# What makes something -> the test that holds two at the lock of it
MANAGEMENT = {
    "attendance_sheet_add": "test_guest_is_added_by_name",
    "attendance_sheet_came_instead": "test_somebody_comes_instead_by_name",
    "attendance_sheet_open": "test_sheet_is_opened",
    "calendar.event.action_open_briefing": "test_briefing_on_a_meeting",
    "calendar.event.action_open_sheet": "test_sheet_is_opened",
    "calendar.event.action_update_guests": "test_guests_are_taken_from_the_seats",
    "mail.activity.plan.action_answer_pitfall": "test_mechanism_of_the_library",
    "mail.activity.schedule.action_schedule_plan": "test_mechanism_by_the_dialog",
    "partnership.briefing.action_remind": "test_briefing_is_reminded",
    "partnership.briefing.mailing.action_send": "test_briefing_is_sent_from_its_dialog",
    "partnership.briefing.recipients.action_add": "test_recipients_are_added",
    "partnership.candidate": "test_card_with_a_new_contact",
    "partnership.candidate.action_new_attempt": "test_new_attempt",
    "partnership.candidate.action_propose_formal": "test_guest_is_proposed_as_a_member",
    "partnership.invitation.action_send": "test_invitation_is_sent_from_its_dialog",
    "partnership.mandate.action_hand_over": "test_handover",
    "partnership.mandate.renew.action_apply": "test_mandates_are_renewed",
    "partnership.membership": "test_membership",
    "partnership.membership.action_propose_formal": "test_guest_is_proposed_as_a_member",
    "partnership.membership.change.action_apply": "test_role_is_changed",
    "partnership.partnership.action_fill_profile": "test_area_profile",
    "partnership.partnership.action_refresh_readiness": "test_readiness",
    "partnership.pitfall.action_plan_suggested": "test_suggested_mechanism",
    "partnership.relation.step.action_apply": "test_tie_becomes_another",
    "partnership.sheet.close.action_close": "test_sheet_is_closed",
    "partnership_check_in_confirm": "test_check_in",
    "partnership_invitation_answer": "test_apology",
}
TRAINING = {
    "partnership.enrolment.action_confirm_and_tell": "test_participants_are_told",
    "partnership.pitfall.action_raise_need": "test_need_of_a_risk",
    "partnership.skill.gap.action_raise_needs": "test_need_of_a_gap",
    "partnership.training.enrol.action_enrol": "test_persons_are_enrolled",
    "partnership.training.move.action_move": "test_session_is_moved",
    "partnership.training.need.action_ask": "test_course_is_asked_for",
    "partnership.training.need.action_plan_session": "test_course_is_asked_for",
    "partnership.training.need.enrol.action_enrol": "test_need_is_enrolled",
    "partnership.training.plan.session.action_plan": "test_session_is_planned_for_who_asks",
    "partnership.training.repeat.action_repeat": "test_session_is_repeated",
    "partnership.training.session.action_cancel_and_tell": "test_session_is_cancelled",
    "partnership.training.session.action_remind_evaluation": "test_test_is_reminded",
    "partnership.training.session.action_send_behaviour": "test_test_is_sent",
    "partnership.training.session.action_send_feedback": "test_test_is_sent",
    "partnership.training.session.action_send_test": "test_test_is_sent",
    "partnership.training.tell.action_send": "test_participants_are_told_from_the_dialog",
    "portal_ask": "test_course_of_the_portal",
    "portal_wish": "test_wish_of_the_portal",
}
OTHERS = {
    "partnership.decision.action_close_vote": (test_vote_two_at_once, "test_a_tap_and_the_end"),
    "partnership_vote_cast": (test_vote_two_at_once, "test_a_phone_twice"),
    "partnership.candidate.action_admit": (test_round_two_at_once, "test_double_admission"),
    "partnership.enrolment.action_issue_certificates": (
        test_training_refused,
        "test_two_issue_the_same_certificate",
    ),
    "partnership.import.action_import": (test_import_two_at_once, "test_two_clicks"),
    "partnership.stage.move.action_apply": (test_stage_two_at_once, "test_history_stays_a_line"),
    "partnership.training.session.action_issue_certificates": (
        test_training_refused,
        "test_two_issue_the_same_certificate",
    ),
    "portal_enrol": (test_training_refused, "test_one_presses_twice"),
}
CASES = {
    **{key: (test_twice, test) for key, test in MANAGEMENT.items()},
    **{key: (test_twice_training, test) for key, test in TRAINING.items()},
    **OTHERS,
}

# What the database looks at when a transaction ends: by then it is too late for a sentence
EXCLUSIONS = {
    "partnership_course_code_uniq": (test_twice_training, "test_course_with_a_code"),
    "partnership_enrolment_one_demand": (test_twice_training, "test_demand_of_the_team"),
    "partnership_enrolment_one_per_session": (test_training_refused, "test_one_presses_twice"),
    "partnership_mandate_one_titular_at_a_time": (test_twice, "test_mandate"),
    "partnership_membership_one_at_a_time": (test_twice, "test_membership_that_has_ended"),
    "partnership_relation_one_at_a_time": (test_twice, "test_tie"),
    "partnership_training_need_one_open": (test_twice_training, "test_need_of_a_risk"),
    "partnership_trait_one_at_a_time": (test_twice, "test_value_of_a_dimension"),
}

# Why it cannot double
OPENS = "it opens a screen or a dialog, and makes nothing"
STATE = "it writes what the record says: a second time it says the same"
DIALOG = "it fills in the dialog of one user"
READS = "it reads"
TURNS = "it takes turns at the record: the second time it is refused, or finds what is there"
DECLARED = "a person declares a matter once at a meeting: the database knows no second one"
OTHERWISE = {
    "action_close_sheet": OPENS,
    "action_open_briefing": "see calendar.event.action_open_briefing",
    "action_open_sheet": "see calendar.event.action_open_sheet",
    "action_open_votes": "see calendar.event.action_open_votes",
    "action_plan_meeting": STATE,
    "action_print_sign_in_sheet": OPENS,
    "attendance_sheet_code": READS,
    "attendance_sheet_mark": STATE,
    "attendance_sheet_mark_rest": STATE,
    "attendance_sheet_read": READS,
    "attendance_sheet_remove": "it takes away",
    "briefing_read": STATE,
    "briefing_relay": STATE,
    "calendar.event.action_cancel_meeting": STATE,
    "calendar.event.action_close_sheet": OPENS,
    "calendar.event.action_forecast": "it opens a dialog, each time a new one",
    "calendar.event.action_invite": OPENS,
    "calendar.event.action_open_interests": "it opens a dialog, each time a new one",
    "calendar.event.action_plan_meeting": STATE,
    "calendar.event.action_print_decisions": OPENS,
    "calendar.event.action_print_sign_in_sheet": OPENS,
    "calendar.event.action_renew_check_in": "each time a new code is what it is for: the codes "
    "that are printed already no longer work",
    "calendar.event.action_take_back_sheet": "it takes away",
    "calendar_event_action_open_ahead": "see calendar.event.action_open_sheet",
    "get_network": READS,
    "partnership.anonymise.action_anonymise": "a second time there is no name left",
    "partnership.body.action_add_rule": TURNS,
    "partnership.body.action_renew_mandates": OPENS,
    "partnership.briefing.action_add_recipients": OPENS,
    "partnership.briefing.action_cancel": STATE,
    "partnership.briefing.receipt.action_tell": STATE,
    "partnership.candidate.action_refuse": OPENS,
    "partnership.candidate.action_reopen": STATE,
    "partnership.candidate.action_schedule_meeting": OPENS,
    "partnership.candidate.action_send_letter": OPENS,
    "partnership.candidate.outside.action_apply": STATE,
    "partnership.candidate.refuse.action_apply": STATE,
    "partnership.composition.date.action_open": OPENS,
    "partnership.course.action_plan_session": OPENS,
    "partnership.decision.action_defer": TURNS,
    "partnership.decision.action_interrupt": STATE,
    "partnership.decision.action_not_put": TURNS,
    "partnership.decision.action_open_interests": "it opens a dialog, each time a new one",
    "partnership.decision.action_open_vote": TURNS,
    "partnership.decision.action_print_proof_sheet": OPENS,
    "partnership.decision.action_take_vote": OPENS,
    "partnership.decision.action_tell_outcome": TURNS,
    "partnership.decision.action_withdraw": STATE,
    "partnership.decision.correct.action_correct": TURNS,
    "partnership.decision.override.action_override": STATE,
    "partnership.decision.supersede.action_supersede": STATE,
    "partnership.enlargement.round.action_cancel": STATE,
    "partnership.enlargement.round.action_close": STATE,
    "partnership.enlargement.round.action_draft": STATE,
    "partnership.enlargement.round.action_open": STATE,
    "partnership.enlargement.round.action_take_in": STATE,
    "partnership.enrolment.action_cancel": STATE,
    "partnership.enrolment.action_confirm": STATE,
    "partnership.enrolment.action_request": STATE,
    "partnership.enrolment.action_send_certificates": OPENS,
    "partnership.import.action_accept_all": DIALOG,
    "partnership.import.action_again": DIALOG,
    "partnership.import.action_back": DIALOG,
    "partnership.import.action_close_sheets": STATE,
    "partnership.import.action_create_all": DIALOG,
    "partnership.import.action_match": DIALOG,
    "partnership.import.action_preview": DIALOG,
    "partnership.import.action_read": DIALOG,
    "partnership.import.match.action_accept": DIALOG,
    "partnership.interest.declaration.action_rule": OPENS,
    "partnership.interest.declaration.action_withdraw": STATE,
    "partnership.interest.declare.action_declare": DECLARED,
    "partnership.interest.ruling.action_rule": STATE,
    "partnership.interest.sheet.action_rest_none": DECLARED,
    "partnership.interest.sheet.line.action_accept": DECLARED,
    "partnership.interest.sheet.line.action_dismiss": OPENS,
    "partnership.interest.sheet.line.action_interest": OPENS,
    "partnership.interest.sheet.line.action_none": DECLARED,
    "partnership.mandate.action_renew": OPENS,
    "partnership.mandate.action_take_back": STATE,
    "partnership.mandate.renew.action_keep_persons": DIALOG,
    "partnership.membership.action_change": OPENS,
    "partnership.membership.action_new_relation": OPENS,
    "partnership.partnership.action_move_stage": OPENS,
    "partnership.pitfall.action_choose_plan": OPENS,
    "partnership.pitfall.action_dismiss": OPENS,
    "partnership.pitfall.action_reopen": STATE,
    "partnership.pitfall.dismiss.action_apply": STATE,
    "partnership.relation.action_change": OPENS,
    "partnership.relation.side.action_open": OPENS,
    "partnership.stage.checklist.action_check": OPENS,
    "partnership.training.need.action_choose_course": STATE,
    "partnership.training.need.action_close": OPENS,
    "partnership.training.need.action_drop": STATE,
    "partnership.training.need.action_enrol": OPENS,
    "partnership.training.need.action_reopen": STATE,
    "partnership.training.need.close.action_apply": STATE,
    "partnership.training.session.action_cancel": STATE,
    "partnership.training.session.action_done": STATE,
    "partnership.training.session.action_enrol": OPENS,
    "partnership.training.session.action_move": OPENS,
    "partnership.training.session.action_open": STATE,
    "partnership.training.session.action_repeat": OPENS,
    "partnership_invitation_interests": DECLARED,
    "portal_withdraw": STATE,
}


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 10:00:00")
class TestTwiceWalk(RowCase, PlaceCase):
    """Everything that can be pressed has a test in which two press it at once, or a reason. A
    method that is called action_open_ is one that opens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.marks = cls._get_marks(cls.cr)

    def _get_buttons(self):
        """:return: set of "model.method" of the buttons of our methods, in all views"""
        found = set()
        for view in self.env["ir.ui.view"].search([("mode", "=", "primary")]):
            if view.model and view.model in self.env and view.type not in ("search", "qweb"):
                found |= set(self._walk(view._get_combined_arch(), self.env[view.model]))
        return found

    def _walk(self, node, model):
        for child in node:
            inner = model
            if child.tag in ("button", "a") and child.get("type") == "object":
                method = getattr(type(model), child.get("name") or "", None)
                if method and self._is_ours(method):
                    yield f"{model._name}.{child.get('name')}"
            elif child.tag == "field" and len(child):
                field = model._fields.get(child.get("name"))
                if field and field.comodel_name:
                    inner = self.env[field.comodel_name]
            yield from self._walk(child, inner)

    def _is_ours(self, method):
        return any(f".{module}." in method.__module__ for module in MODULES)

    def _get_server_actions(self):
        """:return: set of the server actions of these addons. Those of crons apart: one job runs
        on one worker at a time"""
        data = self.env["ir.model.data"].search(
            [("module", "in", MODULES), ("model", "=", "ir.actions.server")]
        )
        crons = self.env["ir.cron"].with_context(active_test=False).search([])
        jobs = crons.ir_actions_server_id.ids
        return {each.name for each in data if each.res_id not in jobs}

    def _get_routes(self):
        """:return: set of the methods that answer what a page posts"""
        modules = sorted(self.env.registry._init_modules)
        return {
            endpoint.func.__name__
            for _url, endpoint in self.env["ir.http"]._generate_routing_rules(modules, {})
            if self._is_ours(endpoint.original_endpoint)
            and "GET" not in (endpoint.routing.get("methods") or ())
        }

    def _get_calls(self):
        """:return: set of the methods that our scripts call"""
        calls = re.compile(r'"((?:attendance_sheet|get|action)_\w+)"')
        scripts = [
            path.read_text()
            for module in MODULES
            for path in (Path(get_module_path(module)) / "static/src").rglob("*.js")
        ]
        return set(calls.findall("\n".join(scripts)))

    def _get_quick_creates(self):
        """:return: set of the models of which a column of a board makes records"""
        views = self.env["ir.ui.view"].search([("type", "=", "kanban"), ("mode", "=", "primary")])
        return {
            view.model
            for view in views
            if (view.model or "").startswith("partnership.")
            and etree.fromstring(view.arch).get("on_create") == "quick_create"
        }

    def _get_all(self):
        found = self._get_buttons() | self._get_server_actions() | self._get_routes()
        return found | self._get_calls() | self._get_quick_creates()

    def _opens(self, name):
        return OTHERWISE.get(name, OPENS if ".action_open_" in name else None) == OPENS

    def test_everything_that_can_be_pressed_is_known(self):
        known, found = CASES.keys() | OTHERWISE.keys(), self._get_all()
        new = {name for name in found - known if not self._opens(name)}
        self.assertFalse(new, "hold two at the lock of it, or say why it cannot double")
        self.assertFalse(known - found, "no longer there")
        self.assertFalse(CASES.keys() & OTHERWISE.keys())
        self._check_tests(CASES)

    def _check_tests(self, cases):
        for name, (module, test) in cases.items():
            self.assertIn(f"def {test}(self)", inspect.getsource(module), name)

    def test_every_exclusion_is_waited_for(self):
        found = {
            name
            for model in self.env.registry.values()
            for name, table_object in model._table_objects.items()
            if table_object._module in MODULES
            and table_object.get_definition(self.registry).startswith("EXCLUDE")
        }
        self.assertEqual(found, EXCLUSIONS.keys())
        self._check_tests(EXCLUSIONS)

    def test_what_opens_makes_nothing(self):
        """On a record of each model; what is refused for it makes nothing either."""
        pressed = 0
        for name in sorted(self._get_buttons() - CASES.keys()):
            model, method = name.rsplit(".", 1)
            if not self._opens(name) or model not in self.own:
                continue
            with self.subTest(name):
                record = self.own[model].with_user(self.facilitator)
                try:
                    getattr(record, method)()
                except (UserError, RedirectWarning):
                    continue
                finally:
                    self.env.flush_all()
                    self.assertFalse(self._count(self.cr))
                pressed += 1
        self.assertGreater(pressed, 50)
