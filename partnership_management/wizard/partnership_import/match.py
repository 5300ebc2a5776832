from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...models.actor.partnership_spelling import spelling_key
from .text import CloseNames

# The field that holds what a match of a kind is matched with
FIELDS = {
    "meeting": "event_id",
    "organisation": "partner_id",
    "person": "partner_id",
    "role": "role_id",
    "group": "interest_group_id",
    "body": "body_id",
}


class PartnershipImportMatch(models.TransientModel):
    """What the list calls a meeting, an organisation, a person or the like, and who is meant.

    A close spelling is proposed and never taken unless the user says so.
    """

    _name = "partnership.import.match"
    _description = "Match of an Imported List"
    _inherit = ["partnership.guarded.mixin"]
    _order = "is_settled, how, name, id"
    _transient_max_hours = 72.0

    import_id = fields.Many2one("partnership.import", required=True, index=True, ondelete="cascade")
    partnership_id = fields.Many2one(related="import_id.partnership_id")
    kind = fields.Selection(
        [
            ("meeting", "Meeting"),
            ("organisation", "Organisation"),
            ("person", "Person"),
            ("role", "Role"),
            ("group", "Interest group"),
            ("body", "Body"),
        ],
        required=True,
        readonly=True,
    )
    key = fields.Char(readonly=True)
    spelling = fields.Char(readonly=True, help="As it was typed, to be remembered.")
    name = fields.Char("In the List", readonly=True)
    details = fields.Json(readonly=True, help="What else is known of it, to create it.")
    count = fields.Integer("Lines", readonly=True)
    how = fields.Selection(
        [
            ("ambiguous", "Several"),
            ("close", "Close"),
            ("contradicts", "Contradicts"),
            ("empty", "Empty"),
            ("none", "Not found"),
            ("remembered", "Remembered"),
            ("exact", "Exact"),
        ],
        "Found",
        readonly=True,
    )
    proposed = fields.Char("Proposal", readonly=True)
    proposed_id = fields.Integer(readonly=True)
    exact_id = fields.Integer(readonly=True)
    can_create = fields.Boolean(compute="_compute_can_create")
    decision = fields.Selection(
        [
            ("use", "This one"),
            ("create", "Create it"),
            ("nobody", "Means nobody, or none"),
            ("empty", "Was left empty"),
            ("skip", "Leave its lines out"),
        ],
        compute="_compute_decision",
        store=True,
        readonly=False,
    )
    partner_id = fields.Many2one("res.partner", "Contact", ondelete="cascade")
    event_id = fields.Many2one("calendar.event", "Meeting", ondelete="cascade")
    role_id = fields.Many2one("partnership.role", ondelete="cascade")
    interest_group_id = fields.Many2one("partnership.interest.group", ondelete="cascade")
    body_id = fields.Many2one("partnership.body", ondelete="cascade")
    is_settled = fields.Boolean("Decided", compute="_compute_is_settled", store=True)

    @api.depends("name", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for match in self:
            match.display_name = self.env._(
                "%(kind)s “%(name)s”", kind=kinds.get(match.kind, ""), name=match.name or ""
            )

    @api.depends("kind", "import_id.kind")
    @api.depends_context("uid")
    def _compute_can_create(self):
        """Who is created now had no seat, and no vote, in the past."""
        models_by_kind = {
            "role": "partnership.role",
            "group": "partnership.interest.group",
            "body": "partnership.body",
        }
        for match in self:
            model = models_by_kind.get(match.kind, "res.partner")
            match.can_create = (
                bool(match.name)
                and match.import_id.kind != "decisions"
                and self.env[model].has_access("create")
            )

    @api.depends(*set(FIELDS.values()))
    def _compute_decision(self):
        for match in self:
            if match._get_record():
                match.decision = "use"
            elif match.decision == "use":
                match.decision = False

    @api.depends("decision", "kind", *set(FIELDS.values()))
    def _compute_is_settled(self):
        for match in self:
            match.is_settled = (
                match.decision == "skip"
                or (match.decision == "use" and match._get_record())
                or (match.decision == "create" and match.sudo(False).can_create)
                or (match.decision == "nobody" and match.kind not in ("meeting", "body"))
                or (match.decision == "empty" and match.kind == "organisation" and not match.key)
            )

    @api.constrains("partner_id")
    def _check_partner(self):
        for match in self:
            partner = match.partner_id
            if partner and partner.is_company != (match.kind == "organisation"):
                raise ValidationError(
                    self.env._(
                        "%(match)s cannot be %(name)s: one is an organisation, the other a person.",
                        match=match.display_name,
                        name=partner.name,
                    )
                )

    def _get_record(self):
        self.ensure_one()
        return self[FIELDS[self.kind]]

    def _get_token(self):
        """What the lines of the match are of: ("id", id), or ("new", id of the match) as long as
        it is not created, or None where it means nobody, or False where they are left out."""
        self.ensure_one()
        if self.decision == "use":
            return ("id", self._get_record().id)
        tokens = {"create": ("new", self.id), "nobody": None, "empty": None, "skip": False}
        return tokens[self.decision]

    def _settle(self, record):
        """What was to be created is there; its name finds it from now on."""
        self.ensure_one()
        self[FIELDS[self.kind]] = record
        self.exact_id = record.id

    def action_accept(self):
        """Take what is proposed."""
        for match in self:
            if match.how == "empty":
                match.decision = "nobody" if match.kind == "person" else "empty"
            elif match.proposed_id:
                match[FIELDS[match.kind]] = match.proposed_id


class PartnershipImport(models.TransientModel):
    """What the matching of all kinds has in common."""

    _inherit = "partnership.import"

    def _create_matches(self):
        """Find who is meant by everything that the lines name."""
        vals_list = getattr(self, f"_match_{self.kind}")()
        self.env["partnership.import.match"].create(
            [{"import_id": self.id, **values} for values in vals_list]
        )

    def _get_matches(self):
        """:return: dict (kind, key) -> match"""
        return {(match.kind, match.key): match for match in self.match_ids}

    def _get_decisions(self):
        """:return: dict (kind, key) -> values that settle a match. Which meeting it is may depend
        on what was changed in the columns: that is found anew."""
        return {
            pair: {FIELDS[match.kind]: match._get_record().id}
            if match.decision == "use"
            else {"decision": match.decision}
            for pair, match in self._get_matches().items()
            if match.is_settled and (match.kind, match.decision) != ("meeting", "use")
        }

    def _restore_decisions(self, decided):
        """:param decided: as ``_get_decisions`` gave it, of the matches that were"""
        for match in self.match_ids:
            if not match.is_settled and (match.kind, match.key) in decided:
                match.write(decided[match.kind, match.key])

    def _remember_spellings(self):
        """Keep what the user confirmed; what is found without it need not be remembered. A name
        that contradicts its e-mail says nothing of other lines, and an empty cell is no word: that
        it means none is kept only where the user says so."""
        for kind in ("organisation", "person"):
            confirmed = self.match_ids.filtered(
                lambda match, kind=kind: (
                    match.kind == kind
                    and match.how != "contradicts"
                    and (match.decision == "nobody" or (match.decision == "use" and match.key))
                    and (match.decision == "nobody" or match.exact_id != match.partner_id.id)
                )
            )
            self.env["partnership.spelling"]._remember(
                self.partnership_id,
                kind,
                {
                    match.spelling or "": match.partner_id
                    if match.decision == "use"
                    else self.env["res.partner"]
                    for match in confirmed
                },
            )

    def _match_names(self, kind, model, domain, texts):
        """Match by name what there are few of: bodies, roles, interest groups.

        :param texts: list of texts
        :return: list of values of matches, one for each text that is not empty
        """
        texts = [text for text in texts if text]
        if not texts:
            return []
        records = self.env[model].search(domain)
        by_key = {spelling_key(record.display_name): record for record in records}
        by_key |= {spelling_key(record.name): record for record in records}
        close = CloseNames([(record.id, record.name) for record in records])
        vals_list = []
        for key, (text, count) in self._count(texts).items():
            values = {"kind": kind, "key": key, "name": text, "count": count}
            found = [] if key in by_key else close.find(text)
            if key in by_key:
                values |= {"how": "exact", FIELDS[kind]: by_key[key].id}
            elif found:
                proposed = records.browse(found[0])
                values |= {"how": "close", "proposed_id": proposed.id, "proposed": proposed.name}
            else:
                values["how"] = "none"
            vals_list.append(values)
        return vals_list

    def _count(self, texts):
        """:return: dict key -> (the text as it was first typed, number of lines)"""
        counts = Counter(map(spelling_key, texts))
        first = {spelling_key(text): text for text in reversed(texts)}
        return {key: (first[key], count) for key, count in counts.items()}

    def _get_key(self, text):
        """:return: the key of a text, None where the list has no such column"""
        return None if text is None else spelling_key(text)

    def _find_left_out(self, pairs, matches):
        """:param pairs: (kind, key) of all that a line names
        :return: why the line is refused if the user left out something that it names, or None
        """
        for pair in pairs:
            match = matches.get(tuple(pair))
            if not match and pair[1] is not None:
                return self.env._(
                    "What the line names was deleted meanwhile: go back and match again."
                )
            if match and match.decision == "skip":
                return self.env._("You left it out: %(match)s.", match=match.display_name)
        return None
