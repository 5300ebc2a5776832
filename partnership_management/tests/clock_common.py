from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields

from .common import PartnershipCase

# Partnerships in the far west, in the middle and in the far east
ZONES = {"west": "Pacific/Honolulu", "middle": "Europe/Brussels", "east": "Pacific/Auckland"}
# Moments in UTC -> the day in June 2024 that it is then in each of them
MOMENTS = {
    "2024-06-15 09:30:00": {"west": 14, "middle": 15, "east": 15},
    "2024-06-15 12:30:00": {"west": 15, "middle": 15, "east": 16},
    "2024-06-15 22:30:00": {"west": 15, "middle": 16, "east": 16},
}


def june(day):
    return fields.Date.to_date(f"2024-06-{day:02}")


class ClockCase(PartnershipCase):
    """A partnership with a board in each zone. The user sits where none of them is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.tz = cls.facilitator.tz = "America/Los_Angeles"
        cls.places = {
            name: cls.env["partnership.partnership"].create(
                {"name": f"Test {name}", "tz": zone, "user_ids": cls.facilitator.ids}
            )
            for name, zone in ZONES.items()
        }
        cls.boards = {
            name: cls._create_body(f"Test board {name}", partnership_id=place.id, level="decision")
            for name, place in cls.places.items()
        }

    @classmethod
    def _create_members(cls, **values):
        """:return: dict name of a zone -> a member there, with ``values``"""
        return {
            name: cls._create_member(f"Test council {name}", partnership_id=place.id, **values)
            for name, place in cls.places.items()
        }

    @classmethod
    def _create_seats(cls, members, **values):
        return {
            name: cls._create_seat(member, cls.boards[name], **values)
            for name, member in members.items()
        }

    @classmethod
    def _create_day(cls, name, day, **values):
        """An all-day meeting of the board in a zone."""
        return cls.env["calendar.event"].create(
            {
                "name": f"Test whole day {name} {day}",
                "partnership_body_id": cls.boards[name].id,
                "allday": True,
                "start_date": june(day),
                "stop_date": june(day),
                **values,
            }
        )

    def _at(self, moment):
        """:return: context manager: the moment, with nothing that was computed before it"""
        self.env.flush_all()
        self.env.invalidate_all()
        return freeze_time(moment)

    def _run_job(self, model, method):
        """A job of the night; its batches are not committed."""
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 1):
            getattr(self.env[model], method)()
        self.env.flush_all()
        self.env.invalidate_all()

    def assertDays(self, moment, found):
        """:param found: dict name of a zone -> date"""
        self.assertEqual(found, {name: june(day) for name, day in MOMENTS[moment].items()}, moment)


class ClockWalk:
    """All booleans and selections of ours that are computed and can be searched: both say the same,
    at each moment, of whatever record there is."""

    allow_inherited_tests_method = True  # Odoo's own runner, too, runs what stands here

    def _iter_searchable(self):
        for name in self.env.registry:
            model = self.env[name]
            if model._abstract or model._transient:
                continue
            for fname, field in model._fields.items():
                is_ours = any(module.startswith("partnership_") for module in field._modules)
                found_by_hand = field.search and not field.store and not field.related
                if is_ours and found_by_hand and field.type in ("boolean", "selection"):
                    yield model.with_context(active_test=False), fname

    def _compare(self, model, fname):
        """:return: dict id -> value"""
        records = model.search([])
        values = {record.id: record[fname] for record in records}
        field = model._fields[fname]
        keys = [True, False]
        if field.type == "selection":
            keys = [key for key, _label in field._description_selection(self.env)] + [False]
        for key in keys:
            found = model.search([(fname, "=", key)])
            expected = records.filtered(lambda record, key=key: values[record.id] == key)
            self.assertEqual(found, expected, f"{model._name}.{fname} = {key}")
            others = model.search([(fname, "!=", key)])
            self.assertEqual(others, records - expected, f"{model._name}.{fname} != {key}")
        return values

    def _walk(self):
        """:return: set of "model.field" that were another one at another moment"""
        seen = {}
        for moment in MOMENTS:
            with self._at(moment):
                for model, fname in self._iter_searchable():
                    values = self._compare(model, fname)
                    seen.setdefault(f"{model._name}.{fname}", []).append(values)
        return {name for name, values in seen.items() if values != values[:1] * len(values)}
