from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools.groups import TEAM

DATE_FIELDS = {"start", "start_date", "allday", "partnership_body_id"}


class CalendarEvent(models.Model):
    """The guests of a meeting are taken from the seats valid on its day, and nobody gets mail
    until the invitation is sent.

    A seat brings its titular; where it has none, its alternates. Who comes instead of somebody
    who sent apologies stays. An individual member comes for
    itself. Guests who never had a mandate in the body, such as the organiser, are left alone.

    The answers to the invitation go to the sheet: guests come and go with the calendar, and
    what they answered is needed later beside their presence.
    """

    _inherit = "calendar.event"

    partnership_guests_follow = fields.Boolean(
        "Guests Follow the Seats",
        copy=False,
        groups=TEAM,
        help="Guests change with the date and the body of the meeting.",
    )

    def _get_days_and_bodies(self):
        """:return: dict event -> its day and its body, before they change"""
        return {event: (event.partnership_date, event.partnership_body_id) for event in self}

    def _follow_change(self, vals, before):
        """Bring guests in line with the new day and body of these meetings.

        :param before: see :meth:`_get_days_and_bodies`
        """
        if not DATE_FIELDS & vals.keys() or "partner_ids" in vals:
            return
        new = self.filtered(lambda event: not before[event][1])
        new.filtered(lambda event: event._has_default_guests())._follow_seats()
        moved = self.exists().filtered(
            lambda event: (
                event.active
                and event.sudo().partnership_guests_follow
                and before[event] != (event.partnership_date, event.partnership_body_id)
            )
        )
        moved._update_guests({event: before[event][1] for event in moved})

    @api.model
    def _is_meeting(self, vals):
        return any(
            vals.get(fname, self.env.context.get(f"default_{fname}"))
            for fname in ("partnership_id", "partnership_body_id")
        )

    # ------------------------------------------------------------
    # Guests from seats
    # ------------------------------------------------------------

    @api.onchange(
        "partnership_body_id", "start", "start_date", "allday", "partnership_guests_follow"
    )
    def _onchange_guests(self):
        if not self.env["partnership.seat"].has_access("read"):
            return
        for event in self:
            if not event._origin.partnership_body_id and event._has_default_guests():
                event.partnership_guests_follow = bool(event.partnership_body_id)
            if event.partnership_guests_follow:
                event.partner_ids = event._get_guests()[event.id]

    def action_update_guests(self):
        """Take the guests from the seats now, and from now on whenever the date changes."""
        self._check_sheet_access()
        for event in self:
            if not event.partnership_body_id:
                raise UserError(
                    self.env._(
                        "“%(event)s” is not a meeting of a body: it has no seats to take its "
                        "guests from.",
                        event=event.display_name,
                    )
                )
        self._take_turns()
        self._follow_seats()
        self._update_guests()

    @api.model
    def _get_quiet_context(self):
        """The context in which the calendar neither mails guests nor rewrites descriptions."""
        return {
            "no_mail_to_attendees": True,
            "skip_attendee_notification": True,
            "skip_contact_description": True,
            "send_updates": False,
        }

    def copy(self, default=None):
        copies = super().copy(default)
        copies.browse(
            copy.id
            for event, copy in zip(self.sudo(), copies, strict=True)
            if event.partnership_guests_follow
        )._follow_seats()
        return copies

    def _follow_seats(self):
        """Also at meetings of those who know nothing of seats: the system writes it."""
        others = self.sudo().filtered(lambda event: not event.partnership_guests_follow)
        if others:
            others.partnership_guests_follow = True

    def _update_guests(self, former=None):
        """Set the guests event by event: the calendar gives several events no attendees."""
        guests = self._get_guests(former)
        for event in self.with_context(**self._get_quiet_context()):
            if event.partner_ids != guests[event.id]:
                event.write({"partner_ids": [Command.set(guests[event.id].ids)]})

    def _add_guests(self, vals_list):
        """:return: the values of new meetings of bodies with their guests, where none are given;
        the copies that a series makes of its first event take those of their own day; and for
        each whether its guests follow the seats from now on"""
        vals_list = [dict(vals) for vals in vals_list]
        asking = []
        series = self._get_following_series(vals_list)
        for vals in vals_list:
            body_id = vals.get(
                "partnership_body_id", self.env.context.get("default_partnership_body_id")
            )
            if not body_id:
                continue
            if "partner_ids" not in vals:
                vals["partner_ids"] = self._get_default_guests().ids
                asking.append((body_id, vals))
            elif vals.get("recurrence_id") in series:
                asking.append((body_id, vals))
        drafts = self.browse().concat(*(self._draft(*pair) for pair in asking))
        guests = drafts._get_guests()
        for draft, (_body_id, vals) in zip(drafts, asking, strict=True):
            vals["partner_ids"] = [Command.set(guests[draft.id].ids)]
        following = {id(vals) for _body_id, vals in asking}
        if self._has_field_access(self._fields["partnership_guests_follow"], "write"):
            # already when a new series is made of its first event
            for _body_id, vals in asking:
                vals["partnership_guests_follow"] = True
        return vals_list, [id(vals) in following for vals in vals_list]

    @api.model
    def _get_following_series(self, vals_list):
        """:return: ids of the series of which the first event's guests follow the seats"""
        ids = {vals["recurrence_id"] for vals in vals_list if vals.get("recurrence_id")}
        series = self.env["calendar.recurrence"].sudo().browse(ids)
        return set(series.filtered("base_event_id.partnership_guests_follow").ids)

    @api.model
    def _draft(self, body_id, vals):
        """:return: a new record that knows its body, date and guests"""
        return self.new(
            {
                "partnership_body_id": body_id,
                "start": vals.get("start_date") or vals.get("start") or self._default_start(),
                "allday": vals.get("allday"),
                "partner_ids": vals["partner_ids"],
            }
        )

    def _get_guests(self, former=None):
        """Guests who never held a seat stay; of the others those come who hold one on the day.

        :param former: dict event -> body that it was a meeting of
        :return: dict event id -> res.partner
        """
        if not self.env["partnership.seat"].has_access("read"):
            return {event.id: event.partner_ids._origin for event in self}
        seats_by_body = self._get_seats_by_body()
        known = self._get_known_holders(former or {})
        excused = self._get_excused()
        guests = {}
        for event in self:
            holders = self.env["res.partner"]
            seats = seats_by_body[event.partnership_body_id._origin]
            for seat in seats._valid_on(event.partnership_date):
                titular, alternates = seat._get_holders_by_kind(event.partnership_date)
                holders |= titular or alternates
                if titular in excused[event]:
                    holders |= alternates & event.partner_ids._origin
            others = event.partner_ids._origin - known[event]
            guests[event.id] = others | holders.filtered("active")
        return guests

    def _get_excused(self):
        """:return: dict event -> who sent apologies: the alternates who are guests instead stay"""
        rows = self.env["partnership.attendance"].search(
            [("event_id", "in", self._origin.ids), ("status", "=", "excused")]
        )
        by_event = rows.grouped("event_id")
        return {event: by_event.get(event._origin, rows.browse()).person_id for event in self}

    def _get_known_holders(self, former):
        """:return: dict event -> everybody who ever held a seat of its body, or of the one that
        it was a meeting of; while it is not saved, of all bodies of the partnership"""
        bodies = {}
        for event in self:
            before = former.get(event, event._origin.partnership_body_id)
            bodies[event] = event.partnership_body_id | before
            if not event._origin:
                bodies[event] |= event.partnership_id.body_ids
        everything = self.partnership_body_id.union(*bodies.values())._origin
        seats = self.env["partnership.seat"].search([("body_id", "in", everything.ids)])
        held = {
            body: group.mandate_ids.person_id
            | group.partner_id.filtered(lambda partner: not partner.is_company)
            for body, group in seats.grouped("body_id").items()
        }
        nobody = self.env["res.partner"]
        return {
            event: nobody.union(*(held.get(body, nobody) for body in bodies[event]._origin))
            for event in self
        }

    @api.model
    def _get_default_guests(self):
        """:return: the guests that the calendar gives a new event, without a system user"""
        default = self.default_get(["partner_ids"]).get("partner_ids")
        return self.new({"partner_ids": default}).partner_ids._origin.filtered("active")

    def _has_default_guests(self):
        """:return: whether nobody has chosen guests: there is nobody but the organiser"""
        self.ensure_one()
        return not (self.partner_ids._origin - self.env.user.partner_id - self.user_id.partner_id)
