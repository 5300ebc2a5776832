from ast import literal_eval

from freezegun import freeze_time
from lxml import etree

from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .place_common import PlaceCase

# A number on a button that is of something else than what it opens, and why
OTHERWISE = {
    ("calendar.event", "action_join_video_call"): "not ours",
    ("partnership.briefing", "relay_count"): "a part of the receipts, which stand beside it",
    ("partnership.candidate", "meeting_count"): "all meetings of the contact in Odoo's calendar, "
    "which opens on a week",
    ("partnership.partnership", "relation_count"): "opens a picture, which has a test of its own",
    ("partnership.course", "seats_min"): "a wish beside the demand",
    ("partnership.training.session", "seats_max"): "a limit beside the seats taken",
    ("partnership.training.session", "closed_count"): "a part of the events, which stand beside it",
    ("partnership.training.session", "completed_count"): "beside the certificates that they have",
    ("partnership.training.session", "certificate_count"): "a part of the enrolments it opens",
    ("partnership.training.budget", "sessions_done"): "a part of the sessions, beside it",
}
NUMBERS = ("integer", "char")


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 10:00:00")
class TestButtons(PlaceCase):
    """A smart button shows how many records it opens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        own = cls.own
        body, seat = own["partnership.body"], own["partnership.seat"]
        member, mandate = own["partnership.membership"], own["partnership.mandate"]
        person = mandate.person_id
        Attendance = cls.env["partnership.attendance"]
        # Held, open and cancelled; several persons and a guest; a training event
        for day, state in (("2024-06-04", "closed"), ("2024-06-05", "open"), ("2024-06-06", "off")):
            meeting = cls._create_meeting(f"{day} 16:00:00", body=body)
            if state == "off":
                meeting.action_cancel_meeting()
                continue
            for name in ("Test aide", "Test helper"):
                aide = cls._create_person(f"{name} {day}", member.partner_id)
                Attendance._record(meeting, aide, member.partner_id, status="late")
            Attendance._record(meeting, person, member.partner_id, status="present")
            if state == "closed":
                meeting._close_sheet("absent")
        own["partnership.attendance"].event_id._close_sheet("absent")
        session = own["partnership.training.session"]
        event = cls._create_event("2024-06-10 08:00:00", session)
        cls._create_event("2024-06-21 08:00:00", session).action_cancel_meeting()
        own["partnership.enrolment"].action_confirm()
        cls._create_enrolment(person, cls._create_session(own["partnership.course"]))
        cls._create_enrolment("Test late", session).action_cancel()
        event._fill_sheet()
        event.attendance_ids.status = "present"
        event._close_sheet()
        # What has ended, is archived, or of another state
        cls._create_seat(member, body, date_end="2024-03-01")
        cls._create_mandate(seat, "Test past deputy", kind="alternate", date_end="2024-02-01")
        cls._create_body("Test archived body").active = False
        cls._create_member("Test gone", date_end="2024-03-01")
        cls._create_member("Test choir", role=cls.role_informal)
        firm = own["partnership.relation"].other_id
        cls.env["partnership.relation"].create(
            [
                {"membership_id": member.id, "other_id": other.id, "date_start": "2024-01-01", **v}
                for other, v in (
                    (cls._create_member("Test rival"), {"date_end": "2024-02-01"}),
                    (cls._create_member("Test stranger firm"), {"kind": "none"}),
                    (cls._create_member("Test friend"), {}),
                )
            ]
        )
        cls.env["partnership.pitfall"].create(
            {
                "membership_id": member.id,
                "kind": "irregular",
                "date_open": "2024-01-01",
                "state": "closed",
            }
        )
        cls.env["partnership.candidate"].create(
            {"partner_id": firm.partner_id.id, "partnership_id": cls.home.id}
        )
        cls.env["partnership.briefing"].create(
            {"name": "Test draft", "partnership_id": cls.home.id, "body_id": body.id}
        )
        own["partnership.briefing"].body = "<p>Test</p>"
        own["partnership.briefing"].reading_days = 0
        own["partnership.briefing"].action_send()
        needs = cls.env["partnership.training.need"].create(
            [
                {"partnership_id": cls.home.id, **subject}
                for subject in (
                    {"membership_id": member.id, "course_id": own["partnership.course"].id},
                    {"membership_id": member.id},
                    {"body_id": body.id},
                    {"person_id": person.id},
                )
            ]
        )
        needs[1]._close("no_longer")
        cls.env["partnership.briefing.receipt"].flush_model()
        cls.env["partnership.membership.figure"]._refresh(member, "2024-06-15")
        cls.env.flush_all()
        cls.env.invalidate_all()

    def _get_buttons(self):
        """:return: dict model -> list of (button, names of the numbers shown on it)"""
        found = {}
        for name in sorted(self.env.registry):
            model = self.env[name].with_user(self.facilitator)
            if model._abstract or model._transient or not self._is_ours(model):
                continue
            arch = etree.fromstring(model.get_view(view_type="form")["arch"])
            for button in arch.iterfind(".//button"):
                shown = [
                    field.get("name")
                    for field in button.iter("field")
                    if field.get("invisible") not in ("1", "True")
                    and model._fields[field.get("name")].type in NUMBERS
                    and self._is_own(model._fields[field.get("name")])
                ]
                if "oe_stat_button" in (button.get("class") or "") and shown:
                    found.setdefault(name, []).append((button, shown))
        return found

    def _is_ours(self, model):
        return model._name.startswith("partnership.") or model._name in (
            "res.partner",
            "calendar.event",
        )

    def _is_own(self, field):
        return any(module.startswith("partnership_") for module in field._modules)

    def _get_records(self, model):
        """:return: the records of ``model`` that the facilitator sees in the partnership"""
        domain = Domain("partnership_id", "=", self.home.id)
        if model == "res.partner":
            members = self.env["partnership.membership"].search(domain).partner_id
            return members | self.env["partnership.mandate"].search(domain).person_id
        if model == "partnership.partnership":
            return self.home
        return self.env[model].with_context(active_test=False).search(domain)

    def _count_opened(self, action):
        """:return: how many records the action shows at first, with the filters that it sets"""
        context = action.get("context") or {}
        if isinstance(context, str):
            context = safe_eval(context, {"uid": self.facilitator.id})
        domain = action.get("domain") or []
        if isinstance(domain, str):
            domain = literal_eval(domain)
        model = self.env[action["res_model"]].with_user(self.facilitator)
        model = model.with_context(**{"active_test": context.get("active_test", True)})
        if action.get("res_id"):
            return len(model.browse(action["res_id"]))
        view_id = action.get("search_view_id")
        view_id = view_id[0] if isinstance(view_id, (list, tuple)) else view_id
        arch = etree.fromstring(model.get_view(view_id or None, "search")["arch"])
        domain = Domain(domain)
        for key, value in context.items():
            name = key.removeprefix("search_default_")
            search_filter = arch.find(f".//filter[@name='{name}']")
            if name != key and value and search_filter is not None and search_filter.get("domain"):
                domain &= Domain(
                    safe_eval(search_filter.get("domain"), {"uid": self.facilitator.id})
                )
        return model.search_count(domain)

    def test_every_button_opens_what_it_counts(self):
        wrong, compared = [], set()
        for name, buttons in self._get_buttons().items():
            records = self._get_records(name).with_user(self.facilitator)
            for button, shown in buttons:
                for fname in shown:
                    if (name, fname) in OTHERWISE:
                        continue
                    for record in records:
                        number = self._get_number(record[fname])
                        if not number:
                            continue
                        context = safe_eval(button.get("context") or "{}", {"id": record.id})
                        action = getattr(record.with_context(**context), button.get("name"))()
                        if not action.get("res_model"):
                            continue  # a screen of its own
                        action["context"] = {**context, **self._get_context(action)}
                        opened = self._count_opened(action)
                        compared.add((name, fname))
                        if opened != number:
                            wrong.append(f"{name}.{fname} {record.display_name}: {number} {opened}")
        self.assertFalse(wrong, "\n".join(wrong))
        for fname in ("representatives", "expected", "briefings_due"):
            self.assertIn(("partnership.membership.figure", fname), compared)
        self.assertGreater(len(compared), 30, compared)

    def _get_context(self, action):
        context = action.get("context") or {}
        return safe_eval(context, {"uid": self.env.uid}) if isinstance(context, str) else context

    def _get_number(self, value):
        """:return: the number, or of “3/5, 60%” the whole; None of what says no number"""
        if isinstance(value, str):
            whole = value.split(",")[0].split("/")[-1]
            return int(whole) if whole.isdigit() else None
        return value
