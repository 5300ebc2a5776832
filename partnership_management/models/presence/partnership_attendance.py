from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_datetime

from ...tools.attendance import ANSWERS, PRESENT, STATUSES
from ...tools.groups import TEAM

# What a row says in its own words, see ``_describe``
WORDS = {"status", "proxy_id", "mode", "check_in", "check_out"}


class PartnershipAttendance(models.Model):
    """One person, for one organisation or for itself, at one meeting.

    This is the only place where presence is written. The row of a seat that nobody holds has no
    person. A substitute has a row of its own on the same seat; the row of the holder stays.
    """

    _name = "partnership.attendance"
    _description = "Attendance"
    _inherit = ["partnership.mailed.mixin"]
    _order = "date desc, event_id, organisation_id, person_id, id"
    _portal_fields = (
        "event_id",
        "partnership_id",
        "body_id",
        "date",
        "meeting_state",
        "person_id",
        "organisation_id",
        "membership_id",
        "seat_id",
        "mandate_id",
        "answer",
        "status",
        "mode",
        "check_in",
        "check_out",
        "proxy_id",
    )

    _sent_fields = ("substitute",)  # to whoever named them

    event_id = fields.Many2one(
        "calendar.event", "Meeting", required=True, index=True, ondelete="restrict"
    )
    partnership_id = fields.Many2one(
        related="event_id.partnership_id", store=True, index=True, precompute=True
    )
    body_id = fields.Many2one(
        related="event_id.partnership_body_id", store=True, index=True, precompute=True
    )
    date = fields.Date(related="event_id.partnership_date", store=True, index=True, precompute=True)
    meeting_state = fields.Selection(related="event_id.partnership_state")
    person_id = fields.Many2one("res.partner", index=True, ondelete="restrict")
    organisation_id = fields.Many2one(
        "res.partner",
        "For",
        compute="_compute_organisation_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        ondelete="restrict",
        help="The organisation for which the person came. Empty: for itself.",
    )
    membership_id = fields.Many2one(
        "partnership.membership",
        compute="_compute_membership_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        ondelete="restrict",
    )
    seat_id = fields.Many2one("partnership.seat", index=True, ondelete="restrict")
    mandate_id = fields.Many2one(
        "partnership.mandate",
        compute="_compute_mandate_id",
        store=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The mandate on this seat that the person held that day.",
    )

    # What was announced
    answer = fields.Selection(
        ANSWERS,
        help="The answer to the invitation, for this organisation. Empty: there was none to "
        "answer. It stays when the guest is removed.",
    )

    substitute = fields.Char(
        "Announced Instead",
        groups=TEAM,
        help="Who was to come instead, as the apology says.",
    )

    # What happened
    status = fields.Selection(STATUSES, required=True, default="not_recorded")
    mode = fields.Selection(
        [("in_person", "In person"), ("remote", "Remote"), ("unknown", "Unknown")],
        required=True,
        default="unknown",
    )
    check_in = fields.Datetime(help="When the person came. Empty: from the beginning.")
    check_out = fields.Datetime(help="When the person left. Empty: to the end.")
    proxy_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="restrict",
        help="Who votes for this person while it is not there; their own row does not change.",
    )
    reason = fields.Char(
        groups=TEAM,
        help="Why the person did not come. Confidential to the team of the partnership.",
    )
    user_id = fields.Many2one(
        "res.users", "Recorded by", default=lambda self: self.env.user, readonly=True
    )

    _person_uniq = models.UniqueIndex(
        "(event_id, person_id, COALESCE(organisation_id, 0)) WHERE person_id IS NOT NULL",
        "This person has a row for this organisation at this meeting already.",
    )
    _vacant_uniq = models.UniqueIndex(
        "(event_id, seat_id) WHERE person_id IS NULL",
        "This seat has a row without a person at this meeting already.",
    )
    _person_or_seat = models.Constraint(
        "CHECK (person_id IS NOT NULL OR seat_id IS NOT NULL)",
        "A row of the sheet is of a person, or of a seat that nobody holds.",
    )
    _seat_event_index = models.Index("(seat_id, event_id) WHERE seat_id IS NOT NULL")

    @api.depends("person_id.name", "organisation_id.name", "seat_id", "event_id.partnership_date")
    def _compute_display_name(self):
        """Whoever may see a row sees whose it is, also in the portal."""
        for row in self.sudo():
            who = row.person_id.name or row.seat_id.display_name or ""
            row.display_name = f"{who} ({row.organisation_id.name})" if row.organisation_id else who

    @api.depends("seat_id")
    def _compute_membership_id(self):
        for row in self:
            if row.seat_id:
                row.membership_id = row.seat_id.membership_id

    @api.depends("membership_id")
    def _compute_organisation_id(self):
        for row in self:
            actor = row.membership_id.partner_id
            if actor.is_company:
                row.organisation_id = actor

    @api.depends(
        "seat_id.mandate_ids.person_id",
        "seat_id.mandate_ids.date_start",
        "seat_id.mandate_ids.date_end",
        "person_id",
        "date",
    )
    def _compute_mandate_id(self):
        for row in self:
            row.mandate_id = (
                row.seat_id.mandate_ids.filtered(
                    lambda mandate, person=row.person_id: mandate.person_id == person
                )
                ._valid_on(row.date)
                .sorted("kind", reverse=True)[:1]
                if row.person_id and row.date
                else False
            )

    @api.constrains("event_id")
    def _check_event(self):
        for event in self.event_id:
            if not event.partnership_id:
                raise ValidationError(
                    self.env._(
                        "“%(event)s” is not a meeting of a partnership: presence cannot be "
                        "recorded there.",
                        event=event.display_name,
                    )
                )

    @api.constrains(lambda self: ("event_id", *self._get_said_fields()))
    def _check_archived(self):
        """Whatever way it comes: from the sheet, an import, a phone."""
        archived = self.filtered(lambda row: not row.event_id.active)
        archived._filtered_recorded().event_id._check_not_archived()

    @api.constrains("event_id", "status")
    def _check_cancelled(self):
        for row in self:
            if row.meeting_state == "cancelled" and row.status != "not_recorded":
                raise ValidationError(
                    self.env._(
                        "“%(event)s” was cancelled: plan it again before you record presence.",
                        event=row.event_id.display_name,
                    )
                )

    @api.constrains("person_id", "organisation_id", "status")
    def _check_person(self):
        for row in self:
            if row.status in PRESENT and not row.person_id:
                raise ValidationError(
                    self.env._(
                        "%(row)s: say who came, nobody holds this seat.", row=row.display_name
                    )
                )
            if row.person_id and row.person_id == row.organisation_id:
                raise ValidationError(
                    self.env._(
                        "%(name)s cannot come for itself: leave the organisation empty.",
                        name=row.person_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Rows that are added are seen by who adds the same ones at the same time, or archives the
        meeting; of rows that are there, the rows themselves tell."""
        self._take_turns_at("event_id", vals_list)
        rows = super().create(vals_list)
        rows.event_id._check_sheet_access()
        rows._log_correction({})
        return rows

    def write(self, vals):
        self._check_meeting(vals)
        self._check_stays_of_person(vals)
        before = {
            row.id: row._get_said() for row in self if row.event_id.partnership_state == "closed"
        }
        result = super().write(vals)
        if {"status", "proxy_id", "check_in", "check_out", "reason"} & vals.keys():
            self._sign()
        self._log_correction(before)
        return result

    def _sign(self):
        """Note who recorded it."""
        others = self.filtered(lambda row: row.user_id != self.env.user)
        if others:
            others.sudo().user_id = self.env.user

    def _check_meeting(self, vals):
        """What is recorded at a meeting never goes to another one."""
        moved = self._filtered_changed(vals, ["event_id"])
        if moved:
            raise UserError(
                self.env._(
                    "%(row)s is on the sheet of “%(event)s” and stays there: record the presence "
                    "at the other meeting on its own sheet.",
                    row=moved[0].display_name,
                    event=moved[0].event_id.display_name,
                )
            )

    def _check_stays_of_person(self, vals):
        """Whose presence it is never changes; contacts that are one and the same are merged."""
        moved = self._filtered_changed(vals, ["person_id"])
        if moved and not self.env.su:
            raise UserError(
                self.env._(
                    "The row of %(row)s at “%(event)s” stays theirs: add whoever came to the "
                    "sheet, as somebody who came instead or as a guest.",
                    row=moved[0].display_name,
                    event=moved[0].event_id.display_name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_recorded(self):
        recorded = self._filtered_recorded()
        if recorded:
            raise UserError(
                self.env._(
                    "Presence is recorded for %(rows)s on %(date)s. Set it to “Not recorded” "
                    "before you remove it.",
                    rows=recorded[0].display_name,
                    date=fields.Date.to_string(recorded[0].date),
                )
            )

    # ------------------------------------------------------------
    # What is recorded
    # ------------------------------------------------------------

    @api.model
    def _domain_presence(self):
        """:return: Domain of what counts as a presence: who came, at a meeting of a body whose
        sheet is closed"""
        return (
            Domain("status", "in", PRESENT)
            & Domain("body_id", "!=", False)
            & Domain("meeting_state", "=", "closed")
        )

    @api.model
    def _domain_recorded(self):
        """:return: Domain of the rows that say something, which nothing may lose"""
        return (
            Domain("status", "!=", "not_recorded")
            | Domain("check_in", "!=", False)
            | Domain("check_out", "!=", False)
            | Domain("proxy_id", "!=", False)
            | Domain("reason", "!=", False)
            | Domain("event_id.partnership_state", "=", "closed")
        )

    @api.model
    def _domain_marked(self):
        """:return: Domain of the rows of which is known what became of the person. An apology that
        somebody sent ahead waits for the meeting: see ``_leave_seats``."""
        ahead = (
            Domain("status", "=", "excused")
            & Domain("answer", "=", "declined")
            & Domain("event_id.partnership_state", "in", ("planned", "open"))
        )
        return Domain("status", "!=", "not_recorded") & ~ahead

    @api.model
    def _get_said_fields(self):
        """:return: list of the fields by which a row says what became of somebody, and for whom
        that was; an addon adds its own"""
        return [
            "organisation_id",
            "membership_id",
            "seat_id",
            "answer",
            "substitute",
            "status",
            "mode",
            "check_in",
            "check_out",
            "proxy_id",
            "reason",
        ]

    def _filtered_recorded(self):
        return self.filtered_domain(self._domain_recorded())

    def _get_places(self):
        """:return: dict of the places through which the row is expected; empty for a guest"""
        self.ensure_one()
        fnames = self.env["calendar.event"]._get_place_fields()
        return {fname: self[fname].id for fname in fnames if self[fname]}

    def _describe(self):
        """:return: what the row says, in words, without the confidential reason"""
        self.ensure_one()
        words = [dict(self._fields["status"]._description_selection(self.env))[self.status]]
        if self.proxy_id:
            words.append(self.env._("proxy to %(name)s", name=self.proxy_id.name))
        if self.mode != "unknown":
            modes = dict(self._fields["mode"]._description_selection(self.env))
            words.append(modes[self.mode].lower())
        if self.check_in:
            words.append(self.env._("checked in %(time)s", time=self._format_hour("check_in")))
        if self.check_out:
            words.append(self.env._("left %(time)s", time=self._format_hour("check_out")))
        return ", ".join(words)

    def _format_hour(self, fname):
        """:return: day and time of ``fname`` on the clock of the partnership"""
        zone = self.sudo().partnership_id.tz
        return format_datetime(self.env, self[fname], tz=zone, dt_format="short")

    def _get_said(self):
        """:return: (whose the row is, what it says in words, dict field -> value of all that it
        says), to be compared with what it says later"""
        self.ensure_one()
        said = {fname: self[fname] for fname in self._get_said_fields()}
        return self.display_name, self._describe(), said

    def _log_correction(self, before):
        """Log what changed on closed sheets, in one row for each meeting.

        :param before: row id -> what :meth:`_get_said` gave; a row that is missing is new
        """
        lines = defaultdict(list)
        for row in self:
            if row.event_id.partnership_state != "closed":
                continue
            who, words, said = row._get_said()
            before_who, before_words, before_said = before.get(row.id, (who, "–", said))
            changed = [
                row._describe_change(fname, before_said[fname], said[fname])
                for fname in self._get_said_fields()
                if before_said[fname] != said[fname]
            ]
            if before_who != who:
                words = f"{who}: {words}"
            if before_words != words:
                changed.insert(0, f"{before_words} → {words}")
            if any(changed):
                lines[row.event_id].append(f"{before_who}: {'; '.join(filter(None, changed))}")
        self.env["partnership.meeting.log"]._log_list(
            "correction", self.env._("The closed sheet was corrected."), lines
        )

    def _describe_change(self, fname, before, after):
        """:return: that a field has changed, in words; nothing of what :meth:`_describe` says,
        nor of the confidential reason but that it is another one"""
        if fname == "reason":
            return self.env._("(another reason)")
        if fname in WORDS:
            return ""
        field = self._fields[fname]
        return self.env._(
            "%(field)s: %(before)s → %(after)s",
            field=field._description_string(self.env),
            before=self._format_said(field, before),
            after=self._format_said(field, after),
        )

    def _format_said(self, field, value):
        if field.type == "many2one":
            value = value.sudo().display_name
        elif field.type == "selection":
            value = dict(field._description_selection(self.env)).get(value)
        return value or "–"
