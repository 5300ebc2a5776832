from collections import defaultdict

from odoo import models
from odoo.tools import format_date

from ...models.actor.partnership_spelling import spelling_key


class VoterIndex:
    """The seats of some bodies, found by body and member, or by body and person."""

    def __init__(self, seats):
        none = seats.browse()
        self.by_member = defaultdict(lambda: none)
        self.by_person = defaultdict(lambda: none)
        for seat in seats:
            self.by_member[seat.body_id.id, seat.partner_id.id] |= seat
            for person in {seat.partner_id, *seat.mandate_ids.person_id}:
                self.by_person[seat.body_id.id, person.id] |= seat


class PartnershipImport(models.TransientModel):
    """Which seats voted, in a list of votes: those that the voters had in the body that day."""

    _inherit = "partnership.import"

    def _match_voters(self, cells):
        """:param cells: list of dict target -> text
        :return: (list of values of matches, list of (key of the organisation or None, key of the
        person or None), as ``cells``)
        """
        voters = self._tell_voters(cells)
        organisations = self._match_organisations([organisation for organisation, _name in voters])
        persons, person_keys = self._match_persons(
            [person and (person, None, self._get_key(name)) for name, person in voters],
            {values["key"]: values.get("partner_id") for values in organisations},
        )
        keys = [
            (self._get_key(name), person)
            for (name, _person), person in zip(voters, person_keys, strict=True)
        ]
        return organisations + persons, keys

    def _tell_voters(self, cells):
        """In one column of voters persons who are members by themselves may stand beside
        organisations: what is the name of a person, and of no organisation, is one.

        :return: list of (name of the organisation or None, name of the person or None)
        """
        known = {
            kind: (
                self._read_contacts(kind),
                self.env["partnership.spelling"]._get_meanings(self.partnership_id, kind),
            )
            for kind in ("organisation", "person")
        }

        def is_known(kind, text):
            index, meanings = known[kind]
            return spelling_key(text) in meanings or bool(index.find(spelling_key(text)))

        voters = []
        for texts in cells:
            name, person = texts["organisation"] or None, texts["person"] or None
            if name and not person and not is_known("organisation", name):
                if is_known("person", name):
                    name, person = None, name
            voters.append((name, person))
        return voters

    def _find_voter_seats(self, voters):
        """:param voters: list of (body, date, token of the organisation, token of the person)
        :return: list of the seat that voted, or of why there is none
        """
        bodies = self.env["partnership.body"].union(*(voter[0] for voter in voters))
        seats = self.env["partnership.seat"].search([("body_id", "in", bodies.ids)])
        index = VoterIndex(seats)
        found = {voter: self._find_voter_seat(index, *voter) for voter in set(voters)}
        return [found[voter] for voter in voters]

    def _find_voter_seat(self, index, body, date, organisation, person):
        Partner = self.env["res.partner"]
        organisation, person = (Partner.browse(who and who[1]) for who in (organisation, person))
        if not organisation and not person:
            return self.env._("The line does not say who voted.")
        if organisation:
            seats = index.by_member[body.id, organisation.id]
        else:
            seats = index.by_person[body.id, person.id]
        valid = seats._valid_on(date)
        if person and (len(valid) > 1 or not organisation):
            valid = valid.filtered(lambda seat: person in seat._get_holders(date))
        voting = valid.filtered(lambda seat: seat.vote_weight > 0)
        if len(voting) == 1:
            return voting
        values = {
            "voter": (organisation or person).name,
            "body": body.name,
            "date": format_date(self.env, date),
        }
        if len(voting) > 1:
            return self._describe_several(voting, organisation, values)
        if valid:
            return self.env._(
                "The seat of %(voter)s in %(body)s has no vote: its weight is 0.", **values
            )
        return self._describe_no_seat(seats, values)

    def _describe_several(self, seats, organisation, values):
        if organisation:
            return self.env._(
                "%(voter)s had %(count)s seats in %(body)s on %(date)s: name the person who voted "
                "in a column of the list, one who represented it on one of them.",
                count=len(seats),
                **values,
            )
        return self.env._(
            "%(voter)s represented %(organisations)s in %(body)s on %(date)s: write in the list "
            "for which one the vote is.",
            organisations=", ".join(seats.partner_id.mapped("name")),
            **values,
        )

    def _describe_no_seat(self, seats, values):
        if not seats:
            return self.env._(
                "%(voter)s has no seat in %(body)s: give it one that begins on %(date)s or "
                "before, or correct the name in the list.",
                **values,
            )
        spans = [
            self.env._(
                "%(start)s to %(end)s",
                start=format_date(self.env, seat.date_start),
                end=seat.date_end and format_date(self.env, seat.date_end) or "…",
            )
            for seat in seats.sorted("date_start")
        ]
        return self.env._(
            "%(voter)s had no seat in %(body)s on %(date)s, but from %(spans)s: correct the date "
            "in the list, or the dates of the seat or mandate.",
            spans=", ".join(spans),
            **values,
        )
