"""What the reports of the product say of a set, under the names that its reference.json uses."""

from collections import defaultdict
from datetime import date
from functools import cached_property

from real_data import LoadedSet


def rounded(value):
    """:return: as the reference rounds; None where there is nothing to divide by"""
    return None if value is None or value is False else round(value, 4)


class Facts(LoadedSet):
    """Every fact is read as a user reads it: through the groups of a model or a report."""

    def group(self, model, groupby, aggregates, domain=()):
        return self.env[model]._read_group(
            [("partnership_id", "=", self.partnership.id), *domain], groupby, aggregates
        )

    @cached_property
    def years(self):
        """:return: dict year -> number of its meetings"""
        groups = self.group("calendar.event", ["partnership_date:year"], ["__count"])
        return {str(year.year): count for year, count in groups}

    @cached_property
    def members(self):
        groups = self.group("partnership.membership", ["partner_id"], [])
        return {partner for (partner,) in groups}

    @cached_property
    def firsts(self):
        """:return: dict member that ever came -> the date of its first presence"""
        groups = self.representation(["organisation_id"], ["date_first:min"])
        return {org: first for org, first in groups if first and org in self.members}

    def representation(self, groupby, aggregates, domain=()):
        report = self.env["partnership.representation.report"]
        return report.with_context(presence_status=["present"])._read_group(
            [("partnership_id", "=", self.partnership.id), *domain], groupby, aggregates
        )

    def by_name(self, of):
        """:return: dict name -> ``of(organisation)`` of each member that ever came"""
        return {
            self.names[org]: of(org) for org in self.organisations.values() if org in self.firsts
        }

    def by_year(self, groups):
        """:return: dict organisation -> dict year -> value"""
        result = defaultdict(dict)
        for organisation, year, value in groups:
            result[organisation][str(year.year)] = value
        return result

    def fact_1_counts(self):
        persons = [("person_id", "!=", False)]
        present = [*persons, ("status", "=", "present")]
        Partner = self.env["res.partner"]
        people = Partner.union(*self.people.values())
        organisations = Partner.union(*self.organisations.values())
        [(count, first, last)] = self.group(
            "calendar.event",
            [],
            ["__count", "partnership_date:min", "partnership_date:max"],
            [("partnership_state", "=", "closed")],
        )
        rows = self.group("partnership.attendance", [], ["__count"], persons)[0][0]
        of_year = self.group("partnership.attendance", ["date:year"], ["__count"], present)
        alone = self.group(
            "partnership.attendance",
            [],
            ["__count"],
            [*present, ("organisation_id", "=", False)],
        )
        outside = [
            self.names[org]
            for _id, org in sorted(self.organisations.items())
            if org not in self.members
        ]
        fact = {
            "meetings": count,
            "attendance_rows": rows,
            "rows_present": sum(count for _year, count in of_year),
            "people": Partner.search_count([("id", "in", people.ids)]),
            "organisations": Partner.search_count([("id", "in", organisations.ids)]),
            "organisations_without_pseudo": len(self.members),
            "pseudo": outside,
            "rows_without_organisation": alone[0][0],
            "first_date": first.isoformat(),
            "last_date": last.isoformat(),
            "meetings_per_year": self.years,
            "present_rows_per_year": {str(year.year): count for year, count in of_year},
        }
        if "plenary" in self.data.meetings[0]:
            groups = self.group("calendar.event", ["categ_ids"], ["__count"])
            fact["plenaries"] = len(groups)
        return fact

    def fact_2_attendance_rate(self):
        report = "partnership.participation.report"
        groups = ["partner_id", "date:year"]
        came = self.by_year(self.group(report, groups, ["__count"], [("status", "=", "present")]))
        held = self.by_year(self.group(report, groups, ["__count"]))
        return self.by_name(
            lambda org: {
                year: rounded(came[org].get(year, 0) / held[org][year]) for year in self.years
            }
        )

    def fact_3_distinct_representatives(self):
        groups = self.representation(["organisation_id", "date:year"], ["representatives:sum"])
        count = self.by_year(groups)
        return self.by_name(lambda org: {year: count[org].get(year, 0) for year in self.years})

    def fact_4_turnover(self):
        groups = self.representation(["organisation_id", "date:year"], ["turnover:avg"])
        turnover = self.by_year(groups)
        return self.by_name(
            lambda org: {year: rounded(turnover[org].get(year)) for year in self.years_after(org)}
        )

    def years_after(self, organisation):
        first, last = self.firsts[organisation].year, int(max(self.years))
        return [str(year) for year in range(first + 1, last + 1)]

    def fact_5_first_attendance(self):
        return self.by_name(lambda org: self.firsts[org].isoformat())

    def fact_5b_enlargement(self):
        active = self.by_year(
            self.representation(
                ["organisation_id", "date:year"], ["representatives:sum"], self.only_members()
            )
        )
        waves = self.waves()
        new = {
            year: [org for org, first in self.firsts.items() if str(first.year) == year]
            for year in self.years
        }
        return {
            "new_organisations_per_year": waves,
            "cumulative": {
                year: sum(count for other, count in waves.items() if other <= year)
                for year in waves
            },
            "active_organisations_per_year": {
                year: sum(bool(counts.get(year)) for counts in active.values())
                for year in self.years
            },
            "new_by_name": {
                year: sorted((self.names[org] for org in orgs), key=str.lower)
                for year, orgs in new.items()
            },
        }

    def waves(self):
        """:return: dict year -> organisations that came for the first time, wave by wave"""
        report = self.env["partnership.composition.wave"].with_context(
            as_of=self.data.dates[-1], presence_status=["present"]
        )
        groups = report._read_group(
            [("partnership_id", "=", self.partnership.id), ("kind", "=", "year")],
            ["name"],
            ["first_organisations:sum"],
        )
        counts = dict(groups)
        return {year: counts.get(year, 0) for year in self.years}

    def only_members(self):
        return [("membership_id", "!=", False)]

    def fact_7_people_with_several_organisations(self):
        groups = self.representation(
            ["person_id", "organisation_id"],
            ["date_first:min", "date_last:max", "presences:sum"],
            [("presences", ">", 0)],
        )
        spans = defaultdict(dict)
        for person, organisation, *span in groups:
            spans[person][organisation] = span
        several = {
            person: found for person, found in spans.items() if len(found.keys() & self.members) > 1
        }
        return {
            "count": len(several),
            "count_including_pseudo": sum(len(found) > 1 for found in spans.values()),
            "detail": {
                person.ref: self.sorted_spans(
                    {
                        "organisation": self.names[org],
                        "first": first.isoformat(),
                        "last": last.isoformat(),
                        "rows": rows,
                    }
                    for org, (first, last, rows) in found.items()
                )
                for person, found in several.items()
            },
        }

    @staticmethod
    def sorted_spans(spans):
        """In an order of their own: the reference leaves that of equal spans to chance."""
        return sorted(
            spans,
            key=lambda span: (span["first"], span["last"], span["rows"], span["organisation"]),
        )

    def fact_12_expected_versus_present(self):
        """From the rows of the sheets, whatever their status; seats have no part in it."""
        persons = [("person_id", "!=", False)]
        model, groups = "partnership.attendance", ["organisation_id", "date:year"]
        distinct = ["event_id:count_distinct"]
        expected = self.by_year(self.group(model, groups, distinct, persons))
        present = [*persons, ("status", "=", "present")]
        came = self.by_year(self.group(model, groups, distinct, present))
        others = [*persons, ("status", "!=", "present")]
        status = defaultdict(int)
        for known, reason, count in self.group(model, ["status", "reason"], ["__count"], persons):
            status[self.words[reason] if known == "not_recorded" else known] += count
        return {
            "status": dict(status),
            "meetings_with_a_non_present_row": self.group(model, [], distinct, others)[0][0],
            "rate": self.by_name(
                lambda org: {
                    year: rounded(came[org].get(year, 0) / expected[org][year])
                    if expected[org].get(year)
                    else None
                    for year in self.years
                }
            ),
        }

    # ------------------------------------------------------------
    # The figures of 31 December, whose window is the calendar year
    # ------------------------------------------------------------

    def figures(self, value):
        """:return: dict name -> dict year -> value, where three meetings or more were expected in
        the year, or in what there was of it since the member came: otherwise the window is a
        longer one"""
        Figure = self.env["partnership.membership.figure"]
        found = defaultdict(dict)
        for year in self.years:
            day = date(int(year), 12, 31)
            memberships = self.env["partnership.membership"].search(
                [("partnership_id", "=", self.partnership.id)]
            )
            Figure._refresh(memberships, day)
            for figure in Figure.search([("membership_id", "in", memberships.ids)]):
                begin = max(date(int(year), 1, 1), figure.membership_id.date_start)
                whole = figure.date == day and figure.window_start == begin
                if whole and figure.expected >= 3 and figure.partner_id in self.firsts:
                    found[self.names[figure.partner_id]][year] = value(figure)
        return dict(found)

    def figure_presence(self):
        return self.figures(lambda figure: rounded(figure.presence_rate))

    def figure_representatives(self):
        return self.figures(lambda figure: figure.representatives)
