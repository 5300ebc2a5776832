from markupsafe import Markup

from odoo import api, fields, models

KINDS = [
    ("apology", "Apology"),
    ("check_in", "Check-in"),
    ("correction", "Correction"),
    ("merge", "Contacts merged"),
    ("move", "Other date"),
    ("synchronisation", "Synchronisation"),
    ("code", "Check-in code"),
]
# What says nothing of anybody goes with its meeting
SILENT_KINDS = ("code", "move", "synchronisation")


class PartnershipMeetingLog(models.Model):
    """What happened to the presence of a meeting, one row per operation, for the team alone.

    Every employee reads the chatter of a calendar event: who excused themselves, and what was
    corrected, does not stand there. Only the system writes here.
    """

    _name = "partnership.meeting.log"
    _description = "Log of a Meeting"
    _inherit = ["partnership.guarded.mixin"]
    _rec_name = "event_id"
    _order = "date desc, id desc"

    event_id = fields.Many2one(
        "calendar.event", "Meeting", required=True, readonly=True, index=True, ondelete="restrict"
    )
    partnership_id = fields.Many2one(
        related="event_id.partnership_id", store=True, index=True, precompute=True
    )
    body_id = fields.Many2one(related="event_id.partnership_body_id")
    date = fields.Datetime("Logged on", required=True, readonly=True)
    author_id = fields.Many2one(
        "res.partner", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    kind = fields.Selection(KINDS, required=True, readonly=True)
    text = fields.Html("What Happened", readonly=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Attachments", readonly=True)

    @api.model
    def _log(self, kind, texts, author=None):
        """Write what happened, as the system: whoever answers or checks in has no rights here.

        :param texts: dict meeting -> a text, or Markup
        :param author: res.partner; the user, if not given
        """
        author = author or self.env.user.partner_id
        self.sudo().create(
            [
                {
                    "event_id": event.id,
                    "kind": kind,
                    "date": fields.Datetime.now(),
                    "author_id": author.id,
                    "text": text if isinstance(text, Markup) else Markup("<p>%s</p>") % text,
                }
                for event, text in texts.items()
            ]
        )

    @api.model
    def _log_list(self, kind, title, lines):
        """:param lines: dict meeting -> list of what happened there"""
        self._log(
            kind,
            {
                event: Markup("<p>%s</p><ul>%s</ul>")
                % (title, Markup().join(Markup("<li>%s</li>") % line for line in texts))
                for event, texts in lines.items()
            },
        )
