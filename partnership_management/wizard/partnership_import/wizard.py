from odoo import api, fields, models

from ...tools.attendance import STATUSES


class PartnershipImport(models.TransientModel):
    """Takes a list that somebody kept, of presences, members or decisions, as it was typed.

    File, columns, matching, preview, done: each step can be gone back from. Nothing is written
    before the last one. Other files of this wizard hold what each step does.
    """

    _name = "partnership.import"
    _description = "Import of a List"
    _inherit = ["partnership.guarded.mixin"]
    _rec_name = "filename"
    _transient_max_hours = 72.0

    kind = fields.Selection(
        [("attendance", "Attendance"), ("members", "Members"), ("decisions", "Decisions")],
        "List of",
        required=True,
        default="attendance",
    )
    state = fields.Selection(
        [
            ("file", "File"),
            ("columns", "Columns"),
            ("matching", "Matching"),
            ("preview", "Preview"),
            ("done", "Done"),
        ],
        required=True,
        default="file",
        readonly=True,
    )
    partnership_id = fields.Many2one(
        "partnership.partnership",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env["partnership.partnership"].search([], limit=1),
    )

    # File
    file = fields.Binary("List", attachment=False)
    filename = fields.Char()
    sheet_name = fields.Char("Sheet", help="Of a workbook. Empty: its first sheet.")
    sheet_names = fields.Char(readonly=True)
    header_line = fields.Integer("Header on Line", required=True, default=1)
    delimiter = fields.Char(readonly=True)

    # Columns
    column_ids = fields.One2many("partnership.import.column", "import_id", "Columns")
    line_ids = fields.One2many("partnership.import.line", "import_id", "Lines")
    line_count = fields.Integer("Number of Lines", readonly=True)
    body_id = fields.Many2one(
        "partnership.body",
        domain="[('partnership_id', '=', partnership_id)]",
        ondelete="cascade",
        help="The body of the meetings, or in which the members have their seats, or which "
        "decided, where the list does not say it.",
    )
    date_order = fields.Selection(
        [("dmy", "Day first: 31/12/2025"), ("mdy", "Month first: 12/31/2025")],
        help="How to read dates such as 3/4/2025, which the list does not tell.",
    )
    listed_status = fields.Selection(
        [status for status in STATUSES if status[0] != "not_recorded"],
        "Whoever is Listed Was",
        required=True,
        default="present",
        help="Where the list has no column for it.",
    )
    role_id = fields.Many2one(
        "partnership.role",
        ondelete="cascade",
        default=lambda self: self.env["partnership.role"].search(
            [("is_formal", "=", True)], limit=1
        ),
        help="The role of members whose role the list does not say.",
    )
    rule_id = fields.Many2one(
        "partnership.decision.rule",
        domain="[('partnership_id', '=', partnership_id), ('body_id', '=?', body_id)]",
        ondelete="cascade",
        help="By which its body decided. Empty, and for other bodies: the first of their rules.",
    )
    date = fields.Date(
        "Members Since",
        compute="_compute_date",
        store=True,
        readonly=False,
        precompute=True,
        help="Where the list does not say it.",
    )

    # Matching
    word_ids = fields.One2many("partnership.import.word", "import_id", "Words")
    match_ids = fields.One2many("partnership.import.match", "import_id", "All Matches")
    match_meeting_ids = fields.One2many(
        "partnership.import.match", "import_id", "Meetings", domain=[("kind", "=", "meeting")]
    )
    match_organisation_ids = fields.One2many(
        "partnership.import.match",
        "import_id",
        "Organisations",
        domain=[("kind", "=", "organisation")],
    )
    match_person_ids = fields.One2many(
        "partnership.import.match", "import_id", "Persons", domain=[("kind", "=", "person")]
    )
    match_other_ids = fields.One2many(
        "partnership.import.match",
        "import_id",
        "Roles, Groups and Bodies",
        domain=[("kind", "in", ["role", "group", "body"])],
    )
    open_count = fields.Integer("To Decide", compute="_compute_open_count")

    # Preview and result
    overwrite = fields.Boolean(
        "Correct what is recorded",
        help="Where something else is recorded, the list is right. Otherwise such lines are "
        "refused.",
    )
    take_count = fields.Integer("To Take", compute="_compute_line_counts")
    taken_count = fields.Integer("Taken", compute="_compute_line_counts")
    already_count = fields.Integer("There Already", compute="_compute_line_counts")
    refused_count = fields.Integer("Refused", compute="_compute_line_counts")
    refused_line_ids = fields.One2many(
        "partnership.import.line", "import_id", "Refused Lines", domain=[("state", "=", "refused")]
    )
    decision_line_ids = fields.One2many(
        "partnership.import.line", "import_id", "Decisions", domain=[("outcome", "!=", False)]
    )
    report_file = fields.Binary("Report", readonly=True, attachment=False)
    report_filename = fields.Char(compute="_compute_filenames")
    refused_file = fields.Binary("Refused, to Correct", readonly=True, attachment=False)
    refused_filename = fields.Char(compute="_compute_filenames")
    unlisted = fields.Selection(
        [
            ("absent", "They were absent"),
            ("not_recorded", "It was not recorded: leave them out of every figure"),
        ],
        "Expected, but not in the List",
    )
    open_event_ids = fields.Many2many("calendar.event", string="Sheets to Close", readonly=True)

    @api.depends("partnership_id")
    def _compute_date(self):
        for record in self:
            record.date = record.date or record._get_today()

    @api.depends("filename", "kind")
    def _compute_display_name(self):
        titles = {
            "attendance": self.env._("Import Attendance"),
            "members": self.env._("Import Members"),
            "decisions": self.env._("Import Decisions"),
        }
        for record in self:
            record.display_name = record.filename or titles.get(record.kind)

    @api.depends("match_ids.is_settled", "word_ids.vote")
    def _compute_open_count(self):
        for record in self:
            matches = record.match_ids.filtered(lambda match: not match.is_settled)
            record.open_count = len(matches) + len(record._get_unsettled_votes())

    @api.depends("line_ids.state")
    @api.depends_context("uid")
    def _compute_line_counts(self):
        counts = {
            (record, state): count
            for record, state, count in self.env["partnership.import.line"]._read_group(
                [("import_id", "in", self.ids)], ["import_id", "state"], ["__count"]
            )
        }
        for record in self:
            for state in ("take", "taken", "already", "refused"):
                record[f"{state}_count"] = counts.get((record, state), 0)

    @api.depends("filename")
    def _compute_filenames(self):
        for record in self:
            stem = (record.filename or self.env._("list")).rsplit(".", 1)[0]
            record.report_filename = self.env._("%(name)s report.csv", name=stem)
            record.refused_filename = self.env._("%(name)s refused.csv", name=stem)
