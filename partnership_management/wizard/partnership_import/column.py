from collections import Counter

from odoo import fields, models
from odoo.exceptions import UserError

from .vocabulary import guess_column

ATTENDANCE_TARGETS = [
    ("date", "Date of the meeting"),
    ("title", "Title of the meeting"),
    ("body", "Body"),
    ("person", "Person: name, e-mail or code"),
    ("email", "E-mail of the person"),
    ("organisation", "Organisation"),
    ("status", "Present or not"),
    ("mode", "In person or remote"),
    ("reason", "Reason of absence"),
]
MEMBERS_TARGETS = [
    ("organisation", "Organisation"),
    ("interest_group", "Interest group"),
    ("role", "Role"),
    ("since", "Member since"),
    ("body", "Body"),
    ("titular", "Titular"),
    ("alternate", "Alternate"),
    ("appointed_by", "Appointed by"),
]
DECISIONS_TARGETS = [
    ("date", "Date of the decision"),
    ("body", "Body"),
    ("question", "Title of the decision"),
    ("reference", "Number or reference"),
    ("organisation", "Voter: organisation"),
    ("person", "Voter: person"),
    ("vote", "Vote"),
    ("interest_group", "Interest group"),
    ("yes", "Votes in favour"),
    ("no", "Votes against"),
    ("abstained", "Abstentions"),
    ("invalid", "Invalid votes"),
    ("not_voted", "Not voted"),
    ("absent", "Absent"),
    ("outcome", "Outcome as stated"),
]
TARGETS = {
    "attendance": dict(ATTENDANCE_TARGETS),
    "members": dict(MEMBERS_TARGETS),
    "decisions": dict(DECISIONS_TARGETS),
}
REQUIRED = {
    "attendance": ["date", "person"],
    "members": ["organisation"],
    "decisions": ["date", "question"],
}


class PartnershipImportColumn(models.TransientModel):
    _name = "partnership.import.column"
    _description = "Column of an Imported List"
    _inherit = ["partnership.guarded.mixin"]
    _order = "position, id"
    _transient_max_hours = 72.0

    import_id = fields.Many2one("partnership.import", required=True, index=True, ondelete="cascade")
    position = fields.Integer(readonly=True, help="From 0.")
    name = fields.Char("Column", readonly=True)
    sample = fields.Char("First Lines", readonly=True)
    target_attendance = fields.Selection(ATTENDANCE_TARGETS, "Holds")
    target_members = fields.Selection(MEMBERS_TARGETS, "Holds ")
    target_decisions = fields.Selection(DECISIONS_TARGETS, "Holds  ")


class PartnershipImport(models.TransientModel):
    """Which column holds what."""

    _inherit = "partnership.import"

    def _create_columns(self, rows):
        """Propose what each column holds, by its header; the first one of a kind is taken."""
        (_number, header), *body = rows
        names = self._name_columns(header, body)
        free = list(TARGETS[self.kind])
        vals_list = []
        for position, name in enumerate(names):
            target = guess_column(name, free)
            if target:
                free.remove(target)
            vals_list.append(
                {
                    "import_id": self.id,
                    "position": position,
                    "name": name,
                    "sample": self._get_sample(position, body),
                    f"target_{self.kind}": target,
                }
            )
        self.env["partnership.import.column"].create(vals_list)

    def _name_columns(self, header, body):
        """:return: a name for each column that has a header or cells, none twice"""
        texts = [[cell.strip() for cell in cells] for _number, cells in body]
        width = max(
            (
                position
                for position, cell in enumerate(header, 1)
                if cell.strip() or any(cells[position - 1 : position] > [""] for cells in texts)
            ),
            default=0,
        )
        names, seen = [], Counter()
        for position, cell in enumerate(header[:width], 1):
            name = " ".join(cell.split()) or self.env._("Column %(number)s", number=position)
            seen[name] += 1
            names.append(f"{name} ({seen[name]})" if seen[name] > 1 else name)
        return names

    def _get_sample(self, position, body):
        cells = [cells[position] for _number, cells in body[:5] if len(cells) > position]
        shown = [cell if len(cell) <= 30 else f"{cell[:29]}…" for cell in cells if cell.strip()]
        return " · ".join(shown)

    def _get_positions(self):
        """:return: dict target -> position of the column that holds it"""
        return {
            column[f"target_{self.kind}"]: column.position
            for column in self.column_ids
            if column[f"target_{self.kind}"]
        }

    def _check_columns(self):
        names = TARGETS[self.kind]
        counts = Counter(self.column_ids.mapped(f"target_{self.kind}"))
        for target, count in counts.items():
            if target and count > 1:
                raise UserError(
                    self.env._(
                        "%(count)s columns hold “%(target)s”: choose one of them.",
                        count=count,
                        target=names[target],
                    )
                )
        missing = [names[target] for target in REQUIRED[self.kind] if not counts[target]]
        if missing:
            raise UserError(
                self.env._(
                    "No column holds “%(target)s”: choose one, or add it to the file.",
                    target="”, “".join(missing),
                )
            )
