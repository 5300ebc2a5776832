"""Every figure that the product gives of real meetings, against the same figure computed
elsewhere. Sets are looked for in $PARTNERSHIP_DATA, by default ../shared/data; see real_data.py.
"""

import csv
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from real_data import DATA, SETS, RealSet
from real_facts import Facts

from odoo.tests import TransactionCase, new_test_user, tagged

FACTS = {
    "1_counts": Facts.fact_1_counts,
    "2_attendance_rate": Facts.fact_2_attendance_rate,
    "3_distinct_representatives": Facts.fact_3_distinct_representatives,
    "4_turnover": Facts.fact_4_turnover,
    "5_first_attendance": Facts.fact_5_first_attendance,
    "5b_enlargement": Facts.fact_5b_enlargement,
    "7_people_with_several_organisations": Facts.fact_7_people_with_several_organisations,
    "12_expected_versus_present": Facts.fact_12_expected_versus_present,
}
# The same facts, where the figures of members say them too: of seats that are listed or not
FIGURES = {
    "2_attendance_rate": ("absent", Facts.figure_presence),
    "3_distinct_representatives": ("absent", Facts.figure_representatives),
    "12_expected_versus_present": ("not_recorded", Facts.figure_presence),
}


class FiguresCase(TransactionCase):
    maxDiff = None

    @pytest.fixture(autouse=True)
    def _take_pytest(self, pytestconfig):
        self.capture = pytestconfig.pluginmanager.getplugin("capturemanager")

    def say(self, text):
        with self.capture.global_and_fixture_disabled():
            print(f"\n{text}", end="", flush=True)

    def compare(self, folder):
        """Load the set and compare all its facts, as a user of the product reads them."""
        data = RealSet(folder)
        loaded = Facts(self.get_user_env(), data).load()
        compared = []
        for name, read in FACTS.items():
            if name not in data.reference:
                continue
            expected, found = data.reference[name], read(loaded)
            with self.subTest(set=data.name, fact=name):
                self.assertEqual(found, self.comparable(name, expected))
            compared.append(f"{name} ({self.count(found)} figures)")
        self.say(
            f"real data, set {data.name}: {len(data.meetings)} meetings, "
            f"{len(data.attendance)} rows of attendance; compared: {', '.join(compared)}"
        )

    def get_user_env(self):
        found = self.env["res.users"].search([("login", "=", "real_data")])
        user = found or new_test_user(
            self.env,
            "real_data",
            "partnership_management.partnership_management_group_officer",
            context={"no_reset_password": True},
        )
        return self.env(user=user, su=False)

    def compare_figures(self, folder, unmarked, least=50):
        """Load the set and compare the figures of its members with the facts.

        Who came late was there, say the figures; a reference counts "present" alone. So the two are
        compared for each organisation and year in which nobody of it came late.

        :param least: so many figures are compared, or more
        """
        data = RealSet(folder)
        facts = {
            name: read
            for name, (loaded_as, read) in FIGURES.items()
            if loaded_as == unmarked and name in data.reference
        }
        loaded = Facts(self.get_user_env(), data).load(unmarked) if facts else None
        for name, read in facts.items():
            fact, figures = data.reference[name], read(loaded)
            fact = fact.get("rate", fact)
            found = {
                organisation: {
                    year: value
                    for year, value in years.items()
                    if (organisation, year) not in data.late
                }
                for organisation, years in figures.items()
            }
            late = self.count(figures) - self.count(found)
            expected = {
                organisation: {year: fact[organisation][year] for year in years}
                for organisation, years in found.items()
            }
            with self.subTest(set=data.name, fact=name):
                self.assertEqual(found, expected)
                self.assertGreaterEqual(self.count(found), least)
            self.say(
                f"figures of members, set {data.name}: {name} ({self.count(found)} figures; "
                f"{late} are not compared, since somebody came late)"
            )

    def comparable(self, name, fact):
        """The reference without its rule, in which the order of equal spans is by chance."""
        fact = {key: value for key, value in fact.items() if key != "rule"}
        if name == "7_people_with_several_organisations":
            fact["detail"] = {
                person: Facts.sorted_spans(spans) for person, spans in fact["detail"].items()
            }
        return fact

    def count(self, fact):
        if isinstance(fact, dict):
            return sum(self.count(value) for value in fact.values())
        return len(fact) if isinstance(fact, list) else 1


@tagged("post_install", "-at_install")
class TestRealData(FiguresCase):
    """One test for each set that is there."""

    def test_sets_are_there(self):
        if not SETS:
            self.skipTest(f"no set of real data in {DATA}: set PARTNERSHIP_DATA")
        for folder in SETS:
            self.assertTrue(FACTS.keys() & RealSet(folder).reference.keys(), f"no fact in {folder}")
        self.say(f"real data: {', '.join(folder.name for folder in SETS)} in {DATA}")


def add_test(folder):
    def test(self):
        self.compare(folder)

    def test_figures(self):
        for unmarked in ("absent", "not_recorded"):
            with self.env.cr.savepoint() as savepoint:
                self.compare_figures(folder, unmarked)
                savepoint.rollback()

    setattr(TestRealData, f"test_set_{folder.name}", test)
    setattr(TestRealData, f"test_figures_of_{folder.name}", test_figures)


for found in SETS:
    add_test(found)


@tagged("post_install", "-at_install")
@pytest.mark.skipif(not SETS, reason=f"no reference.py in {DATA}: set PARTNERSHIP_DATA")
class TestOtherSets(FiguresCase):
    """Sets unlike those that are there, made up here; the figures come from their reference.py."""

    ORGANISATIONS = ["id,name,is_pseudo", "O1,Town,0", "O2,Firm,0", "O3,Guest,1", "O4,Never,0"]
    PEOPLE = ["id,code", "P1,AB", "P2,CD", "P3,EF", "P4,GH"]

    def compare_tables(self, figures=False, **tables):
        """:param figures: whether those of the members are compared as well"""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / self._testMethodName
            folder.mkdir()
            tables = {"organisations": self.ORGANISATIONS, "people": self.PEOPLE, **tables}
            for table, lines in tables.items():
                (folder / f"{table}.csv").write_text("\n".join(lines) + "\n", "utf-8")
            script = SETS[0] / "reference.py"
            subprocess.run([sys.executable, script, folder], check=True, capture_output=True)
            self.compare(folder)
            for unmarked in ("absent", "not_recorded") if figures else ():
                with self.env.cr.savepoint() as savepoint:
                    self.compare_figures(folder, unmarked, least=3)
                    savepoint.rollback()

    def test_late(self):
        """Who comes late was there, say the figures; in no fact of a reference."""
        dates = [f"{year}-0{month}-07" for year in (2021, 2022) for month in (1, 2, 3, 4)]
        self.compare_tables(
            figures=True,
            meetings=["id,date", *(f"M{date},{date}" for date in dates)],
            attendance=[
                "id,meeting_id,person_id,organisation_id,mode,status",
                *(f"A{date},M{date},P1,O1,remote,present" for date in dates[1:]),
                *(f"B{date},M{date},P2,O2,remote,present" for date in dates[::2]),
                *(f"C{date},M{date},P3,O2,remote,absent" for date in dates[1::2]),
                f"D,M{dates[0]},P1,O1,remote,late",
            ],
        )

    def test_other_statuses(self):
        """Several meetings on one day, a year without meetings, words nobody expected, one
        person for two organisations at one meeting, a person that somebody voted for."""
        self.compare_tables(
            meetings=[
                "id,date,title",
                "M1,2021-05-03,One",
                "M2,2021-05-03,Two",
                "M3,2021-12-31,Three",
                "M4,2023-01-01,Four",
                "M5,2024-02-29,Five",
            ],
            attendance=[
                "id,meeting_id,person_id,organisation_id,mode,status,role,proxy_for",
                "A01,M1,P1,O1,remote,present,member,",
                "A02,M1,P2,O1,in-person,late,member,",
                "A03,M1,P2,O2,hologram,dialled in,member,",
                "A04,M2,P1,O1,,excused,member,",
                "A05,M2,P3,O2,remote,present,proxy,P2",
                "A06,M2,P2,O2,remote,absent,member,",
                "A07,M2,P4,,remote,present,,",
                "A08,M3,P1,O3,remote,present,,",
                "A09,M3,P1,O2,remote,present,,",
                "A10,M3,P4,O1,remote,,,",
                "A11,M4,P2,O1,remote,present,,",
                "A12,M4,P1,O1,remote,not_recorded,,",
                "A13,M5,P2,O1,remote,Present,,",
                "A14,M5,P3,O2,remote,present,,",
                "A15,M5,P1,O3,remote,late,,",
                "A16,M4,P4,O4,remote,excused,,",
            ],
        )

    def test_least_columns_and_one_meeting(self):
        """Neither title nor mode nor status, no organisation that is pseudo."""
        self.compare_tables(
            organisations=["id,name", "O1,Town", "O2,Firm"],
            meetings=["id,date", "M1,2022-07-01"],
            attendance=[
                "id,meeting_id,person_id,organisation_id,mode",
                "A1,M1,P1,O1,",
                "A2,M1,P2,O1,",
                "A3,M1,P3,,",
            ],
        )

    def test_plenaries_to_come(self):
        """Days of a plenary, in the order in which somebody wrote them; one is still to come."""
        self.compare_tables(
            meetings=[
                "id,date,title,kind,plenary",
                "M2,2098-03-02,Second day,day,2098-03",
                "M1,2098-03-01,First day,day,2098-03",
                "M3,2099-03-01,Nobody came,day,2099-03",
                "M0,2020-01-01,Long ago,day,2020-01",
            ],
            attendance=[
                "id,meeting_id,person_id,organisation_id,mode,status",
                "A1,M2,P1,O1,remote,present",
                "A2,M1,P1,O1,remote,absent",
                "A3,M1,P2,O1,remote,present",
                "A4,M0,P2,O2,remote,present",
            ],
        )

    def test_tables_have_the_columns_that_are_read(self):
        """The loader reads these columns and no other; a set needs no more than them."""
        for folder in SETS:
            with open(folder / "attendance.csv", newline="", encoding="utf-8") as file:
                header = next(csv.reader(file))
            self.assertLessEqual({"meeting_id", "person_id", "organisation_id"}, set(header))
