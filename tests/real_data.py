"""Sets of real meetings: where they are and how they are loaded.

A set is a folder with organisations.csv, people.csv, meetings.csv, attendance.csv and, computed
from them elsewhere, reference.json. Columns that a set leaves out (status, mode, title, ...) are
taken as not known. Its README says what the tables hold.
"""

import csv
import json
import os
from datetime import date, timedelta
from pathlib import Path

from freezegun import freeze_time

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("PARTNERSHIP_DATA") or ROOT.parent / "shared" / "data")
SETS = sorted(file.parent for file in DATA.glob("*/reference.json"))
STATUSES = ("present", "late", "excused", "absent")
MODES = {"remote": "remote", "in-person": "in_person"}
QUIET = {
    "tracking_disable": True,
    "no_mail_to_attendees": True,
    "skip_contact_description": True,
    "dont_notify": True,
}


class RealSet:
    """The tables of one folder, as lists of dict."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.name = self.folder.name
        self.reference = json.loads((self.folder / "reference.json").read_text("utf-8"))
        self.organisations = self.read("organisations")
        self.people = self.read("people")
        self.meetings = self.read("meetings")
        self.attendance = self.read("attendance")

    @property
    def late(self):
        """:return: set of (name of an organisation, year) for which somebody came late"""
        dates = {row["id"]: row["date"] for row in self.meetings}
        names = {row["id"]: row["name"] for row in self.organisations}
        return {
            (names.get(row["organisation_id"]), dates[row["meeting_id"]][:4])
            for row in self.attendance
            if row.get("status") == "late"
        }

    def read(self, table):
        with open(self.folder / f"{table}.csv", newline="", encoding="utf-8-sig") as file:
            return list(csv.DictReader(file))

    @property
    def dates(self):
        return sorted(meeting["date"] for meeting in self.meetings)


class LoadedSet:
    """A set in the database: every organisation that is not pseudo is a member with one seat in
    one body from the first meeting on."""

    def __init__(self, env, data):
        self.env = env(context={**env.context, **QUIET, "tz": "UTC"})
        self.data = data
        self.words = {}  # reason kept with a row -> the status as the set has it
        self.create_partnership()
        self.create_contacts()

    def load(self, unmarked="absent"):
        """Load everything; what lies in the future is loaded as if it were over.

        :param unmarked: what the seats are that the set does not list: absent or not_recorded
        """
        last = date.fromisoformat(self.data.dates[-1])
        with freeze_time(max(date.today(), last) + timedelta(days=1)):
            self.create_members()
            self.create_meetings()
            self.record_attendance()
            self.env["calendar.event"].union(*self.meetings.values())._close_sheet(unmarked)
            self.env.flush_all()
        return self

    def create_partnership(self):
        self.partnership = self.env["partnership.partnership"].create(
            {"name": f"Set {self.data.name}", "tz": "UTC", "user_ids": self.env.user.ids}
        )
        self.body = self.env["partnership.body"].create(
            {"name": "Meeting of all", "partnership_id": self.partnership.id}
        )

    def create_contacts(self):
        Partner = self.env["res.partner"]
        rows = self.data.organisations
        names = [{"name": row["name"] or row["id"], "is_company": True} for row in rows]
        self.organisations = self.by_id(rows, Partner.create(names))
        self.names = {self.organisations[row["id"]]: row["name"] for row in rows}
        rows = self.data.people
        names = [{"name": row["code"], "ref": row["code"]} for row in rows]
        self.people = self.by_id(rows, Partner.create(names))

    @staticmethod
    def by_id(rows, records):
        return {row["id"]: record for row, record in zip(rows, records, strict=True)}

    def create_members(self):
        """Pseudo organisations are statuses such as “Invited expert”: contacts, no members."""
        role = self.env["partnership.role"].search([("is_formal", "=", True)], limit=1)
        since = self.data.dates[0]
        memberships = self.env["partnership.membership"].create(
            [
                {
                    "partnership_id": self.partnership.id,
                    "partner_id": self.organisations[row["id"]].id,
                    "role_id": role.id,
                    "date_start": since,
                }
                for row in self.data.organisations
                if row.get("is_pseudo") != "1"
            ]
        )
        self.env["partnership.seat"].create(
            [
                {"body_id": self.body.id, "membership_id": membership.id, "date_start": since}
                for membership in memberships
            ]
        )

    def create_meetings(self):
        """Days of one plenary have a tag in common, where the set knows of plenaries."""
        plenaries = sorted({row["plenary"] for row in self.data.meetings if row.get("plenary")})
        Tag = self.env["calendar.event.type"].sudo()  # tags are the administrator's
        tags = Tag.create([{"name": f"{self.data.name} {plenary}"} for plenary in plenaries])
        tag_ids = dict(zip(plenaries, tags.ids, strict=True))
        events = self.env["calendar.event"].create(
            [
                {
                    "name": row.get("title") or row["id"],
                    "partnership_body_id": self.body.id,
                    "start": f"{row['date']} 12:00:00",
                    "stop": f"{row['date']} 14:00:00",
                    "partner_ids": [],
                    "categ_ids": [tag_ids[row["plenary"]]] if row.get("plenary") else [],
                }
                for row in self.data.meetings
            ]
        )
        self.meetings = self.by_id(self.data.meetings, events)

    def record_attendance(self):
        self.env["partnership.attendance"]._record_batch(
            [
                {
                    "event_id": self.meetings[row["meeting_id"]],
                    "person_id": self.people[row["person_id"]],
                    "organisation_id": self.organisations.get(row["organisation_id"]),
                    "mode": MODES.get(row.get("mode"), "unknown"),
                    **self.as_status(row.get("status", "present")),
                }
                for row in self.data.attendance
            ]
        )

    def as_status(self, word):
        """A status that the product does not know is kept as the reason of “not recorded”."""
        if word in STATUSES:
            return {"status": word}
        reason = word or "(empty)"
        self.words[reason] = word
        return {"status": "not_recorded", "reason": reason}
