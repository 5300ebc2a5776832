import re

from odoo import models

from .calendar_event_sheet import SHEET_CHANNEL

CHANNEL = re.compile(rf"{SHEET_CHANNEL}_([1-9][0-9]{{0,8}})")


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        """A screen follows the sheets that its user may see, and no others."""
        ids = [int(match[1]) for match in map(CHANNEL.fullmatch, map(str, channels)) if match]
        meetings = self.env["calendar.event"].browse(ids).exists() if self.env.uid else ()
        followed = [(event, SHEET_CHANNEL) for event in meetings if event._may_follow_sheet()]
        return super()._build_bus_channel_list([*channels, *followed])
