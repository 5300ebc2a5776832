from collections import defaultdict

from odoo import api, fields, models

from ...tools.attendance import PRESENT
from ...tools.groups import TEAM


class CalendarEvent(models.Model):
    """What a meeting deals with, and what it decides."""

    _inherit = "calendar.event"

    agenda_item_ids = fields.One2many(
        "partnership.agenda.item", "event_id", "Agenda", copy=False, groups=TEAM
    )
    decision_ids = fields.One2many(
        "partnership.decision", "event_id", "Decisions", copy=False, groups=TEAM
    )
    declaration_ids = fields.One2many(
        "partnership.interest.declaration",
        "event_id",
        "Declarations of Interest",
        copy=False,
        groups=TEAM,
    )
    decision_count = fields.Integer(compute="_compute_decision_count", groups=TEAM)

    @api.model
    def _get_public_fields(self):
        return super()._get_public_fields() | {
            "agenda_item_ids",
            "decision_ids",
            "declaration_ids",
        }

    @api.depends("decision_ids")
    @api.depends_context("uid")
    def _compute_decision_count(self):
        counts = dict(
            self.env["partnership.decision"]._read_group(
                [("event_id", "in", self.ids)], ["event_id"], ["__count"]
            )
        )
        for event in self:
            event.decision_count = counts.get(event._origin, 0)

    # ------------------------------------------------------------
    # Interests
    # ------------------------------------------------------------

    def _get_declared(self):
        """:return: res.partner, who has said of its interests what there is to say"""
        declared = self.sudo().declaration_ids.filtered(
            lambda declaration: not declaration.withdrawn_on and declaration.source != "register"
        )
        return declared.person_id

    def _get_seated(self):
        """:return: res.partner, who may speak on a seat, and is there or has not sent apologies;
        before there is a sheet, who is expected"""
        self.ensure_one()
        rows = self.sudo().attendance_ids._filtered_mandated()
        if rows:
            return rows.filtered(lambda row: row.status in (*PRESENT, "not_recorded")).person_id
        expected = [values["person_id"] for values in self.sudo()._get_expected()[self.id]]
        return self.env["res.partner"].browse(dict.fromkeys(filter(None, expected)))

    def _get_undeclared(self):
        """:return: res.partner, of those who may speak who has not declared anything as yet"""
        return self._get_seated() - self._get_declared()

    def _get_represented(self):
        """:return: dict person -> the members, organisations, for which it may speak"""
        represented = defaultdict(self.env["partnership.membership"].browse)
        for seat in self.partnership_body_id.sudo().seat_ids._valid_on(self.partnership_date):
            for person in seat._get_holders(self.partnership_date):
                if seat.partner_id.is_company:
                    represented[person] |= seat.membership_id.sudo(False)
        return represented

    def _get_decided(self):
        """:return: list of what the meeting decides: items of the agenda, then decisions that are
        of none"""
        items = self.agenda_item_ids.filtered(
            lambda item: item.kind == "decision" or item.decision_ids
        )
        loose = self.decision_ids.filtered(
            lambda decision: not decision.item_id and decision.state != "withdrawn"
        )
        return [*items, *loose.sorted("id")]

    def action_open_interests(self):
        """Open the list of who has declared what."""
        self.ensure_one()
        self._check_sheet_access()
        return self.env["partnership.interest.sheet"]._open(self)

    # ------------------------------------------------------------
    # On paper
    # ------------------------------------------------------------

    def _get_declaration_forms(self):
        """:return: list of what the form of each person says, in order of the names: dict with
        ``person``, ``members``, ``has_none``, and ``known``, set of (membership or none, item or
        decision)"""
        self.ensure_one()
        self._check_sheet_access()
        represented = self._get_represented()
        valid = self.declaration_ids.filtered(lambda each: not each.withdrawn_on)
        by_person = valid.grouped("person_id")
        forms = []
        for person in (self._get_seated() | valid.person_id).sorted("name"):
            own = by_person.get(person, valid.browse())
            interests = own.filtered(lambda each: each.kind == "interest")
            forms.append(
                {
                    "person": person,
                    "members": represented[person],
                    "has_none": bool(own) and not interests,
                    "known": {each._get_interest() for each in interests},
                }
            )
        return forms

    def _get_declaration_lines(self):
        """:return: the interests that were declared and hold, in order of the agenda"""
        self._check_sheet_access()
        declared = self.declaration_ids.filtered(
            lambda each: each.kind == "interest" and not each.withdrawn_on
        )
        return declared.sorted(lambda each: (each.item_id.sequence, each.item_id.id, each.id))

    def _get_interest_document_name(self):
        """:return: the name of the file, without the extension"""
        self.ensure_one()
        return self.env._(
            "Interests %(body)s %(date)s",
            body=self.partnership_body_id.name or self.name,
            date=self.partnership_date,
        )
