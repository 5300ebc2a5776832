from odoo import api, fields, models
from odoo.fields import NO_ACCESS, Domain

from ..tools.internal import INTERNAL, is_internal
from .calendar_event import TIME_FIELDS

# The fields by which Google and Outlook know an event, where their modules are installed
REMOTE_FIELDS = ("google_id", "microsoft_id", "ms_universal_event_id", "need_sync", "need_sync_m")


class CalendarEvent(models.Model):
    """A synchronisation that removes or moves a recorded meeting is not refused, for all of it
    would stop. The meeting stays, detached from its series and from the remote calendar.

    The modules that synchronise enter by the methods at the end of this class, whose ``super``
    is theirs; nothing calls these methods where they are not installed.
    """

    _inherit = "calendar.event"

    partnership_is_local = fields.Boolean(
        "Kept Here Only",
        copy=False,
        readonly=True,
        groups=NO_ACCESS,
        help="Removed in the remote calendar, kept here because presence is recorded.",
    )

    def _keep_from_sync(self, vals):
        """Detach what a synchronisation may not change.

        :return: these events
        """
        kept = self._filter_kept_from_sync(vals)
        if kept and TIME_FIELDS & vals.keys():
            kept._hand_over_series(vals)
        kept._detach()
        return kept

    @api.model
    def _is_synchronised(self):
        return is_internal(self, "partnership_sync")

    def _filter_kept_from_sync(self, vals):
        """:return: the recorded events that a synchronisation is about to archive, or to move
        together with their series; a closed meeting is not moved at all"""
        if not self._is_synchronised():
            return self.browse()
        if "active" in vals and not vals["active"]:
            return self._filtered_kept()
        moved = self._filtered_changed(vals, TIME_FIELDS).filtered(
            lambda event: event.recurrence_id or event.partnership_state == "closed"
        )
        return moved._filtered_kept()

    def _hand_over_series(self, vals):
        """Where the first event of a series stays behind, a copy leads the series to its new
        time."""
        times = {fname: vals[fname] for fname in ("start", "stop", "allday") if fname in vals}
        for event in self:
            recurrence = event.recurrence_id
            if recurrence.base_event_id == event:
                recurrence.base_event_id = event.with_context(**self._get_quiet_context()).copy(
                    {**times, "recurrence_id": recurrence.id, "follow_recurrence": True}
                )

    def _detach(self):
        """Make the events single ones that no remote calendar knows."""
        if not self:
            return
        led = self.env["calendar.recurrence"].search([("base_event_id", "in", self.ids)])
        known = [fname for fname in REMOTE_FIELDS if fname in self._fields]
        self.with_context(dont_notify=True, partnership_sync=False).write(
            {
                "recurrence_id": False,
                "recurrency": False,
                "follow_recurrence": False,
                **dict.fromkeys(known, False),
            }
        )
        self.sudo().partnership_is_local = True
        led._select_new_base_event()
        text = self.env._(
            "The remote calendar removed or moved this meeting. Presence is recorded, so "
            "it stays as it is, apart from its series and from the remote calendar."
        )
        self.env["partnership.meeting.log"]._log("synchronisation", dict.fromkeys(self, text))

    # ------------------------------------------------------------
    # Where synchronisations enter
    # ------------------------------------------------------------

    def _cancel(self):
        return super(CalendarEvent, self.with_context(partnership_sync=INTERNAL))._cancel()

    def _cancel_microsoft(self):
        return super(
            CalendarEvent, self.with_context(partnership_sync=INTERNAL)
        )._cancel_microsoft()

    def _sync_google2odoo(self, *args, **kwargs):
        this = self.with_context(partnership_sync=INTERNAL)
        return super(CalendarEvent, this)._sync_google2odoo(*args, **kwargs)

    def _sync_microsoft2odoo(self, *args, **kwargs):
        this = self.with_context(partnership_sync=INTERNAL)
        return super(CalendarEvent, this)._sync_microsoft2odoo(*args, **kwargs)

    def _get_records_to_sync(self, *args, **kwargs):
        records = super()._get_records_to_sync(*args, **kwargs)
        return records.filtered(lambda event: not event.sudo().partnership_is_local)

    def _extend_microsoft_domain(self, domain):
        local = self.sudo().with_context(active_test=False)
        local = local._search([("partnership_is_local", "=", True)])
        return super()._extend_microsoft_domain(Domain(domain) & Domain("id", "not in", local))


class CalendarRecurrence(models.Model):
    _inherit = "calendar.recurrence"

    def _cancel(self):
        return super(CalendarRecurrence, self.with_context(partnership_sync=INTERNAL))._cancel()

    def _cancel_microsoft(self):
        this = self.with_context(partnership_sync=INTERNAL)
        return super(CalendarRecurrence, this)._cancel_microsoft()

    def _sync_google2odoo(self, *args, **kwargs):
        this = self.with_context(partnership_sync=INTERNAL)
        return super(CalendarRecurrence, this)._sync_google2odoo(*args, **kwargs)

    def _sync_microsoft2odoo(self, *args, **kwargs):
        this = self.with_context(partnership_sync=INTERNAL)
        return super(CalendarRecurrence, this)._sync_microsoft2odoo(*args, **kwargs)
