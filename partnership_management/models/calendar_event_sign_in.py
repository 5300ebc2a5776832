import base64
import logging

from odoo import models
from odoo.tools import format_date, format_time

_logger = logging.getLogger(__name__)


class CalendarEvent(models.Model):
    """The sign-in sheet on paper, from the same list of who is expected."""

    _inherit = "calendar.event"

    def action_print_sign_in_sheet(self):
        self._check_sheet_access()
        return self.env.ref("partnership_management.calendar_event_sign_in_sheet").report_action(
            self
        )

    def _get_sign_in_lines(self):
        """:return: dict event id -> list of dict member, person, mandate, in order of the member"""
        self._check_sheet_access()
        expected = self._get_expected()
        Seat, Partner = self.env["partnership.seat"], self.env["res.partner"]
        lines_by_event = {}
        for event in self:
            lines = []
            for values in expected[event.id]:
                seat = Seat.browse(values.get("seat_id"))
                person = Partner.browse(values["person_id"])
                actor = Partner.browse(values["organisation_id"]) or seat.partner_id or person
                lines.append(
                    {
                        "member": actor.name or "",
                        "person": person.name or "",
                        "mandate": event._get_sign_in_mandate(seat, person),
                    }
                )
            lines_by_event[event.id] = sorted(lines, key=lambda line: line["member"].casefold())
        return lines_by_event

    def _get_sign_in_mandate(self, seat, person):
        """:return: office or kind of the mandate of ``person``, in words"""
        self.ensure_one()
        if not seat:
            return ""
        if not person:
            return self.env._("Vacant")
        if person == seat.partner_id:
            return self.env._("Member")
        mandate = seat.mandate_ids.filtered(lambda mandate: mandate.person_id == person)
        mandate = mandate._valid_on(self.partnership_date)[:1]
        words = [
            mandate.kind and _label(mandate, "kind"),
            mandate.office and _label(mandate, "office"),
        ]
        return ", ".join(word for word in words if word)

    def _get_sign_in_date(self):
        self.ensure_one()
        date = format_date(self.env, self.partnership_date, date_format="full")
        if self.allday:
            return date
        zone = self.partnership_id.tz
        return f"{date}, {format_time(self.env, self.start, tz=zone, time_format='short')}"

    def _get_sign_in_code(self):
        """The code that a phone scans to check in at this meeting.

        :return: dict with ``url``, and ``image``, a data URI, or False where the server cannot draw
        """
        self.ensure_one()
        url = self._get_check_in_url()
        try:
            image = self.env["ir.actions.report"].barcode(
                "QR", url, width=600, height=600, quiet=0, barLevel="M"
            )
        except Exception:  # noqa: BLE001 each way of drawing fails in its own way without its library
            _logger.info("The sign-in sheet is printed without its code", exc_info=True)
            return {"url": url, "image": False}
        return {"url": url, "image": f"data:image/png;base64,{base64.b64encode(image).decode()}"}

    def _get_sign_in_sheet_name(self):
        """:return: the name of the file, without the extension"""
        self.ensure_one()
        return self.env._(
            "Sign-in sheet %(body)s %(date)s",
            body=self.partnership_body_id.name or self.name,
            date=self.partnership_date,
        )


def _label(record, fname):
    return dict(record._fields[fname]._description_selection(record.env))[record[fname]]
