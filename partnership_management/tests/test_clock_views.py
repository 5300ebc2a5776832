import re

from lxml import etree

from odoo.tests import TransactionCase, tagged

ADDONS = ("partnership_management", "partnership_training")
# Where a view says a condition; the words of a date in it are of the user's day
CONDITIONS = re.compile(
    r"domain|filter_domain|invisible|column_invisible|readonly|required|decoration-\w+|t-\S+"
)
OF_USER = re.compile(
    r"\b(today|context_today|current_date|now|datetime|relativedelta)\b|'[+-]\d+[a-z]"
)
ROUGH = "some days ahead or back, about: the user's day, as in every date filter of Odoo"
ACTIVITY = "an activity is due on the day of whoever has it: Odoo's own clock"
INSTANT = "a moment, which is the same everywhere"
# (view, filter) -> why it may say so
EXCEPTIONS = {
    ("calendar_event_view_search", "invitations_due"): ROUGH,
    ("partnership_mandate_view_search", "ending_soon"): ROUGH,
    ("partnership_mandate_view_search_handover", "last_year"): ROUGH,
    ("partnership_meeting_report_view_search", "last_year"): ROUGH,
    ("partnership_participation_report_view_search", "last_year"): ROUGH,
    ("partnership_skill_holding_view_search", "expires"): ROUGH,
    ("partnership_training_session_view_search", "to_finish"): INSTANT,
    ("partnership_pitfall_view_search", "activities_overdue"): ACTIVITY,
    ("partnership_membership_view_search", "activities_overdue"): ACTIVITY,
    ("partnership_membership_view_search", "activities_today"): ACTIVITY,
    ("partnership_membership_view_search", "activities_upcoming_all"): ACTIVITY,
    ("partnership_candidate_view_search", "activities_overdue"): ACTIVITY,
    ("partnership_candidate_view_search", "activities_today"): ACTIVITY,
    ("partnership_candidate_view_search", "activities_upcoming_all"): ACTIVITY,
    ("partnership_enlargement_round_view_search", "activities_overdue"): ACTIVITY,
    ("partnership_training_need_view_search", "activities_overdue"): ACTIVITY,
}


def find_days_of_user(arch):
    """:return: list of (name of the node, what it says) where a condition of a view has the day of
    the user"""
    return [
        (node.get("name"), f"{key}={value}")
        for node in etree.fromstring(arch).iter(etree.Element)
        for key, value in node.attrib.items()
        if CONDITIONS.fullmatch(key) and OF_USER.search(value)
    ]


@tagged("post_install", "-at_install")
class TestClockViews(TransactionCase):
    def _iter_own(self, model):
        """:return: iterator of (name, record) of what these addons ship"""
        for data in self.env["ir.model.data"].search(
            [("module", "in", ADDONS), ("model", "=", model)]
        ):
            yield data.name, self.env[model].browse(data.res_id)

    def test_views_have_the_day_of_the_partnership(self):
        found = {
            (name, node): says
            for name, view in self._iter_own("ir.ui.view")
            if view.type != "qweb"
            for node, says in find_days_of_user(view.arch)
        }
        others = [
            f"{view}, {node}: {says}: take a field of the kind AgainstToday"
            for (view, node), says in found.items()
            if (view, node) not in EXCEPTIONS
        ]
        self.assertFalse(others, "\n".join(others))
        self.assertEqual(EXCEPTIONS.keys() - found.keys(), set(), "not needed any more")

    def test_actions_and_fields_have_it(self):
        found = [
            (name, action.domain)
            for name, action in self._iter_own("ir.actions.act_window")
            if OF_USER.search(f"{action.domain}")
        ]
        for model in self.env.values():
            for field in model._fields.values():
                domain = getattr(field, "domain", None)
                if field._module in ADDONS and OF_USER.search(f"{domain}"):
                    found.append((str(field), domain))
        self.assertFalse(found)

    def test_each_way_to_say_it_is_found(self):
        for condition in (
            """domain="[('date_due', '&lt;', 'today')]\"""",
            """domain="[('date_due', '&lt;', context_today().strftime('%Y-%m-%d'))]\"""",
            """domain="[('date_due', '&gt;', 'today -1y')]\"""",
            """domain="[('date_due', '&gt;', '-1y')]\"""",
            """domain="[('stop', '&gt;', 'now')]\"""",
            """domain="[('stop', '&gt;', datetime.datetime.now())]\"""",
            """decoration-danger="date_due &lt; current_date\"""",
            """invisible="date_due &lt; today\"""",
            """t-if="record.date_due.raw_value &lt; luxon.DateTime.now()\"""",
        ):
            with self.subTest(condition):
                self.assertTrue(find_days_of_user(f"<list><filter {condition}/></list>"))
        for condition in (
            """domain="[('is_past_due', '=', True)]\"""",
            """name="today" help="Today and now\"""",
            """decoration-muted="readiness_signal == 'not_now'\"""",
        ):
            with self.subTest(condition):
                self.assertFalse(find_days_of_user(f"<list><filter {condition}/></list>"))
