"""The measures of `./dev bench`, for Odoo's shell: a line for each on stdout, of name, ratio and
goal (0: none) with tabs between. A ratio is one of medians, of two things that take turns.

The database that this runs on is filled with a large number of invented members and meetings.
"""

import statistics
import time
from contextlib import closing, contextmanager
from pathlib import Path
from unittest.mock import patch

from board import Board
from freezegun import freeze_time
from lxml import etree
from training import Training

from odoo.fields import Command

FILES = Path(__file__).with_name("bench")
DAY = "2024-02-29"  # by then all meetings have been held
GROUPS = ["interest_group_id", "date:month", "outcome"]
STANDING = {
    "partnership_expected",
    "partnership_represented",
    "partnership_presence_rate",
    "partnership_appropriation",
    "partnership_coverage",
}
VALUES = ["dimension_id", "interest_group_id", "sector", "value_id"]
SHARES = [
    "members:sum",
    "presences:sum",
    "wanted:avg",
    "member_share:avg",
    "presence_share:avg",
]
PIPELINE = "partnership_management.partnership_candidate_action"
THEIRS = {  # module -> the group that sees all of it
    "event": "event.group_event_manager",
    "crm": "sales_team.group_sale_manager",
}
SETS = [GROUPS, GROUPS[:2], [GROUPS[0], GROUPS[2]], GROUPS[:1], GROUPS[2:], []]


class Benchmark:
    def __init__(
        self, env, partnerships=400, people=200, learners=30, rounds=5, settle=lambda: None
    ):
        """:param settle: called when more has been filled in"""
        self.env, self.partnerships, self.people, self.rounds = env, partnerships, people, rounds
        self.learners = learners
        self.settle = settle
        groups = ["partnership_management.partnership_management_group_officer"]
        installed = env["ir.module.module"]._installed()
        groups += [group for module, group in THEIRS.items() if module in installed]
        self.officer = env["res.users"].create(
            {
                "name": "Bench officer",
                "login": "bench_officer",
                "tz": "Europe/Brussels",
                "group_ids": [Command.link(env.ref(group).id) for group in groups],
            }
        )
        with_figures = self._get_list_fields()
        self.lists = {
            "with figures": with_figures,
            "without figures": [name for name in with_figures if name not in STANDING],
            "plain": [name for name in with_figures if not name.startswith("partnership_")],
        }

    def measure(self):
        """:return: iterator of (name, ratio, goal)"""
        tenth = max(1, self.partnerships // 10)
        self.seed(1, tenth)
        self.refresh()
        [few] = self.time(self.refresh)
        few_at_night = self.measure_night(1, tenth)
        self._execute("night_undone.sql")
        self.seed(tenth + 1, self.partnerships)
        self.refresh()  # as on most nights, when there is a row of this month already
        figures, by_hand = self.time(self.refresh, self.figures_by_hand)
        yield "figures refreshed / bare SQL", figures / by_hand, 2
        yield "figures refreshed / of a tenth of the rows", figures / few, 11
        with_figures, without, plain = self.time(
            *[lambda which=which: self.read_list(which) for which in self.lists]
        )
        yield "contacts with figures / without", with_figures / without, 1.5
        yield "contacts with figures and roles / as in Odoo", with_figures / plain, 0
        yield "queries for 80 contacts / for 8", self.count_queries(80) / self.count_queries(8), 1
        pivot, by_hand = self.time(self.pivot, self.pivot_by_hand)
        yield "participation pivot / bare SQL", pivot / by_hand, 1.3
        composition, by_hand = self.time(self.composition, self.composition_by_hand)
        members = f"{50 * self.partnerships:,}"
        yield f"composition of {members} members / bare SQL", composition / by_hand, 1.5
        ours, theirs = self.time(*self.prepare_marking())
        yield f"{self.people} marked present / registrations set done", ours / theirs, 1
        ours, theirs = self.time(*self.prepare_voting())
        yield (
            f"{self.people} seats voted and closed / marked present and closed",
            ours / theirs,
            1.5,
        )
        training = Training(self.env, self.officer, meetings=12, people=self.learners)
        ours, theirs = self.time(training.create_session, training.create_events)
        name = f"session of 12 meetings with {self.learners} participants / 12 plain events"
        yield name, ours / theirs, 1.3
        ours, theirs = self.time(*self.prepare_boards())
        cards = f"{250 * self.partnerships:,}"
        yield f"board of {cards} candidates / of {cards} leads", ours / theirs, 0.8
        at_night = self.measure_night(1, self.partnerships)
        yield "figures of a night / with a tenth of the rows", at_night / few_at_night, 11

    def time(self, *calls):
        """:return: the median seconds of each of ``calls``, which take turns"""
        seconds = [[] for _call in calls]
        for _round in range(self.rounds + 1):
            for call, taken in zip(calls, seconds, strict=True):
                taken.append(self._time(call))
        return [statistics.median(taken[1:]) for taken in seconds]  # the first warms up

    def _time(self, call):
        """What a call writes is sent to the database as on a commit, and then undone."""
        cr = self.env.cr
        cr.flush()
        self.env.invalidate_all()
        with closing(cr.savepoint(flush=False)) as savepoint:
            begin = time.perf_counter()
            call()
            cr.flush()
            taken = time.perf_counter() - begin
            self.env.invalidate_all(flush=False)
            savepoint.rollback()
        return taken

    # ------------------------------------------------------------
    # What is filled in
    # ------------------------------------------------------------

    def seed(self, first, last):
        """Fill in the partnerships from one number to another; see bench/seed.sql."""
        partnerships = self.env["partnership.partnership"].create(
            [
                {"name": f"Bench partnership {number}", "tz": "Europe/Brussels"}
                for number in range(first, last + 1)
            ]
        )
        self.env["partnership.body"].create(
            [{"name": "Bench board", "partnership_id": each.id} for each in partnerships]
        )
        self.env.flush_all()
        with self._bare("partnership_attendance"):
            self._execute("seed.sql", {"first": first, "last": last})
        self._execute("profile.sql", {})
        self.env.invalidate_all()
        self.env.cr.execute("ANALYZE")
        self.settle()

    @contextmanager
    def _bare(self, table):
        """Keep foreign keys and indexes for the end: a million rows at once are checked faster."""
        self.env.cr.execute(
            """
            SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
                   format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,
                          pg_get_constraintdef(oid))
              FROM pg_constraint WHERE conrelid = %(table)s::regclass AND contype = 'f'
             UNION ALL
            SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
              FROM pg_index WHERE indrelid = %(table)s::regclass AND NOT indisprimary
            """,
            {"table": table},
        )
        commands = self.env.cr.fetchall()
        self.env.cr.execute(";".join(drop for drop, _restore in commands))
        yield
        self.env.cr.execute(";".join(restore for _drop, restore in commands))

    def _execute(self, name, params=None):
        self.env.cr.execute((FILES / name).read_text(), params)

    # ------------------------------------------------------------
    # The figures of members
    # ------------------------------------------------------------

    def refresh(self):
        self.env["partnership.membership.figure"]._refresh(date=DAY)

    def figures_by_hand(self):
        """What is counted of attendance, which is nearly all of the work; nothing is written."""
        self._execute("figures.sql", {"date": DAY})
        return self.env.cr.dictfetchall()

    def measure_night(self, first, last):
        """:return: the seconds of the job that brings all figures up to today, with a history of
        figures and with candidates, of whom there are four for each member"""
        self.env["partnership.membership.figure"]._refresh(date=DAY)
        self._execute("night.sql", {"first": first, "last": last})
        self.env.invalidate_all()
        self.night("2024-03-01")  # the first of a month settles the one before
        self.env.cr.execute("ANALYZE")
        self.settle()
        [seconds] = self.time(lambda: self.night("2024-03-02"))
        return seconds

    def night(self, day):
        Cron = type(self.env["ir.cron"])
        with (
            freeze_time(f"{day} 12:00:00"),
            patch.object(Cron, "_commit_progress", lambda *args, **values: 1),
        ):
            self.env["partnership.membership.figure"]._cron_refresh_figures()

    # ------------------------------------------------------------
    # A list of contacts, as the web client asks for it
    # ------------------------------------------------------------

    def _get_list_fields(self):
        Partner = self.env["res.partner"].with_user(self.officer)
        view = Partner.get_views([(False, "list")])["views"]["list"]
        return [node.get("name") for node in etree.fromstring(view["arch"]).iter("field")]

    def read_list(self, which, limit=80):
        Partner = self.env["res.partner"].with_user(self.officer)
        fields = Partner._fields
        return Partner.web_search_read(
            [("name", "like", "Bench actor")],
            {
                name: {"fields": {"display_name": {}}} if fields[name].relational else {}
                for name in self.lists[which]
            },
            limit=limit,
        )

    def count_queries(self, limit):
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.read_list("with figures", limit)
        return self.env.cr.sql_log_count - before

    # ------------------------------------------------------------
    # Participation
    # ------------------------------------------------------------

    def pivot(self):
        """What the pivot asks for once it is opened to group and month by outcome."""
        Report = self.env["partnership.participation.report"].with_user(self.officer)
        return Report.formatted_read_grouping_sets([], SETS, ["__count"])

    def pivot_by_hand(self):
        self._execute("participation.sql")
        return self.env.cr.fetchall()

    # ------------------------------------------------------------
    # Composition
    # ------------------------------------------------------------

    def composition(self):
        """The area profile beside members and presences, of all partnerships and bodies."""
        Share = self.env["partnership.composition.share"].with_user(self.officer)
        return Share.with_context(as_of=DAY).formatted_read_group([], VALUES, SHARES)

    def composition_by_hand(self):
        self._execute("composition.sql", {"date": DAY})
        return self.env.cr.dictfetchall()

    # ------------------------------------------------------------
    # A large meeting
    # ------------------------------------------------------------

    def prepare_marking(self):
        """:return: what marks everybody present at a meeting, and what does so at an event"""
        persons = self.env["res.partner"].create(
            [{"name": f"Bench resident {number}"} for number in range(self.people)]
        )
        meeting_id = self._hold_assembly(persons).id
        Meeting = self.env["calendar.event"].with_user(self.officer)

        def mark():
            return Meeting.browse(meeting_id).attendance_sheet_mark_rest("present")

        if "event.registration" not in self.env:
            return mark, mark
        event = self.env["event.event"].create(
            {
                "name": "Bench event",
                "date_begin": "2024-02-29 10:00:00",
                "date_end": "2024-02-29 12:00:00",
                "event_mail_ids": [Command.clear()],
                "registration_ids": [
                    Command.create({"partner_id": person.id}) for person in persons
                ],
            }
        )
        Registration = self.env["event.registration"].with_user(self.officer)
        ids = event.registration_ids.ids
        return mark, lambda: Registration.browse(ids).action_set_done()

    def prepare_voting(self):
        """:return: what takes the votes of all seats and closes the vote, and what marks all as
        present and closes the sheet"""
        persons = self.env["res.partner"].create(
            [{"name": f"Bench voter {number}"} for number in range(self.people)]
        )
        voting_id, marking_id = (self._hold_assembly(persons).id for _meeting in range(2))
        Meeting = self.env["calendar.event"].with_user(self.officer)
        meeting = Meeting.browse(voting_id)
        meeting.attendance_sheet_mark_rest("present")
        decision = self.env["partnership.decision"].create(
            {"name": "Bench question", "event_id": voting_id, "balance": "none"}
        )
        meeting.vote_screen_open(decision.ids)
        ids = decision.ids

        def vote():
            meeting = Meeting.browse(voting_id)
            meeting.vote_screen_rest(ids, "yes")
            return meeting.vote_screen_close(ids)

        def mark():
            meeting = Meeting.browse(marking_id)
            meeting.attendance_sheet_mark_rest("present")
            return meeting.action_close_sheet()

        return vote, mark

    def _hold_assembly(self, persons):
        partnership = self.env["partnership.partnership"].create({"name": "Bench assembly"})
        body = self.env["partnership.body"].create(
            {"name": "Bench assembly", "partnership_id": partnership.id, "seat_policy": "members"}
        )
        role = self.env["partnership.role"].search([("is_formal", "=", True)], limit=1)
        self.env["partnership.membership"].create(
            [
                {
                    "partnership_id": partnership.id,
                    "partner_id": person.id,
                    "role_id": role.id,
                    "date_start": "2020-01-01",
                }
                for person in persons
            ]
        )
        meeting = self.env["calendar.event"].create(
            {
                "name": "Bench assembly",
                "partnership_body_id": body.id,
                "start": "2024-02-29 10:00:00",
                "stop": "2024-02-29 12:00:00",
                "partner_ids": [],
            }
        )
        meeting._fill_sheet()
        return meeting

    # ------------------------------------------------------------
    # The pipeline of candidates
    # ------------------------------------------------------------

    def prepare_boards(self):
        """:return: what opens our board of all candidates, and what opens that of all leads"""
        self._fill_boards()
        ours = Board(self.env, self.officer, PIPELINE, [("state", "!=", "refused")])
        if "crm.lead" not in self.env:
            return ours.open, ours.open
        return ours.open, Board(self.env, self.officer, "crm.crm_lead_opportunities").open

    def _fill_boards(self):
        values = {"last": self.partnerships, "user": self.officer.id}
        self._execute("candidates.sql", values)
        if "crm.lead" in self.env:
            self._execute("leads.sql", values)
        self.env.invalidate_all()
        self.env.cr.execute("ANALYZE")
        self.settle()


def settle(env):
    """Let the database do at once what it would do some time later, between two measures."""
    env.cr.commit()
    with env.registry.cursor() as cr:
        cr._cnx.autocommit = True
        for command in ("VACUUM ANALYZE", "CHECKPOINT"):
            cr.execute(command)


def main(env):
    for name, ratio, goal in Benchmark(env, settle=lambda: settle(env)).measure():
        print(name, f"{ratio:.2f}", goal, sep="\t", flush=True)
