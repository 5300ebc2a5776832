import re

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ...tools.groups import TEAM
from ...tools.redact import Redactor, is_name

# What contacts can be searched and grouped by, and the field of the membership behind it
MEMBERSHIP_FIELDS = {
    "partnership_ids": "partnership_id",
    "partnership_role_ids": "role_id",
    "partnership_group_ids": "interest_group_id",
}
DEPENDS = [
    f"partnership_membership_ids.{name}"
    for name in ("role_id", "interest_group_id", "date_start", "date_end")
]

ADMINISTRATOR = "partnership_management.partnership_management_group_administrator"
# What identifies a person on its contact; fields of modules that are not installed are skipped
PERSONAL_FIELDS = (
    "email",
    "phone",
    "street",
    "street2",
    "zip",
    "city",
    "state_id",
    "country_id",
    "website",
    "function",
    "comment",
    "vat",
    "ref",
    "barcode",
    "company_name",
    "company_registry",
    "partner_latitude",
    "partner_longitude",
    "image_1920",
    "parent_id",
    "user_id",
)

NUMBER = re.compile(r"[+\d\s./()-]+")
SURNAME = re.compile(r"[^\W\d_][\w'’-]{3,}")


def _is_number(word):
    return bool(NUMBER.fullmatch(word)) and sum(map(str.isdigit, word)) >= 6


def _get_surname(name):
    """:return: the words of ``name`` of which we can tell that they are no first name"""
    if "@" in name:
        return []
    words = name.split(",")[0].split()
    if "," not in name:
        words = [word for word in words if word.isupper()] or words[-1:]
    return [word for word in words if SURNAME.fullmatch(word)]


class ResPartner(models.Model):
    """A contact as an actor: its memberships; and as a person, who can be made anonymous."""

    _name = "res.partner"
    _inherit = ["res.partner", "partnership.guarded.mixin"]

    # As an actor
    partnership_membership_ids = fields.One2many(
        "partnership.membership", "partner_id", "Memberships", groups=TEAM
    )
    partnership_ids = fields.Many2many(
        "partnership.partnership",
        string="Partnerships",
        compute="_compute_partnership_ids",
        search="_search_partnership_ids",
        groups=TEAM,
    )
    partnership_role_ids = fields.Many2many(
        "partnership.role",
        string="Partnership Roles",
        compute="_compute_partnership_standing",
        search="_search_partnership_role_ids",
        groups=TEAM,
    )
    partnership_group_ids = fields.Many2many(
        "partnership.interest.group",
        string="Interest Groups",
        compute="_compute_partnership_standing",
        search="_search_partnership_group_ids",
        groups=TEAM,
    )
    partnership_membership_count = fields.Integer(
        compute="_compute_partnership_membership_count", groups=TEAM
    )

    # As a person

    @api.depends(*DEPENDS)
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_partnership_ids(self):
        self._set_of_memberships("partnership_ids", self._get_current_memberships())

    @api.depends(*DEPENDS)
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_partnership_standing(self):
        """What a list of contacts shows of their memberships, of which there is one search."""
        self._set_partnership_standing(self._get_current_memberships())

    def _set_partnership_standing(self, own):
        """:param own: see :meth:`_get_current_memberships`"""
        self._set_of_memberships("partnership_role_ids", own)
        self._set_of_memberships("partnership_group_ids", own)

    def _get_current_memberships(self):
        """As far as the user may see the memberships: searched, not read from the cache.

        :return: dict contact -> its present memberships
        """
        current = self.env["partnership.membership"].search_fetch(
            Domain("partner_id", "in", self.ids) & self._domain_current_membership(),
            ["partner_id", *MEMBERSHIP_FIELDS.values()],
        )
        by_partner = current.grouped("partner_id")
        return {partner: by_partner.get(partner._origin, current.browse()) for partner in self}

    def _set_of_memberships(self, fname, own):
        """Each assignment checks whether the values may be read: one for all that are alike, and
        what the check reads is fetched for all at once."""
        values = {partner: own[partner][MEMBERSHIP_FIELDS[fname]] for partner in self}
        self.env[self._fields[fname].comodel_name].union(*values.values()).has_access("read")
        for value, partners in self.grouped(values.get).items():
            partners[fname] = value

    def _search_partnership_ids(self, operator, value):
        return self._search_membership("partnership_id", operator, value)

    def _search_partnership_role_ids(self, operator, value):
        return self._search_membership("role_id", operator, value)

    def _search_partnership_group_ids(self, operator, value):
        return self._search_membership("interest_group_id", operator, value)

    def _search_membership(self, fname, operator, value):
        """Search contacts by what their present memberships hold in ``fname``."""
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        current = self._domain_current_membership()
        if operator == "in" and False in value:
            some = Domain("partnership_membership_ids", "any", current & Domain(fname, "!=", False))
            named = self._search_membership(fname, "in", [item for item in value if item])
            return ~some | named
        return Domain("partnership_membership_ids", "any", current & Domain(fname, operator, value))

    def _domain_current_membership(self):
        return self.env["partnership.membership"]._domain_valid_today()

    def _read_group_groupby(self, alias, groupby_spec, query):
        """Group contacts by their present memberships, as far as the user may see them.

        These fields are not stored: a copy on the contact would outlive the day on which a
        membership ends, and would show the memberships of other teams.
        """
        fname = MEMBERSHIP_FIELDS.get(groupby_spec)
        if fname is None:
            return super()._read_group_groupby(alias, groupby_spec, query)
        self._check_field_access(self._fields[groupby_spec], "read")
        memberships = self.env["partnership.membership"]._search(self._domain_current_membership())
        rel_alias = query.make_alias(alias, groupby_spec)
        query.add_join(
            "LEFT JOIN",
            rel_alias,
            "partnership_membership",
            SQL(
                "%s = %s AND %s IN %s AND %s IS NOT NULL",
                SQL.identifier(rel_alias, "partner_id"),
                SQL.identifier(alias, "id"),
                SQL.identifier(rel_alias, "id"),
                memberships.subselect(),
                SQL.identifier(rel_alias, fname),
            ),
        )
        return SQL.identifier(rel_alias, fname)

    @api.depends("partnership_membership_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_partnership_membership_count(self):
        Membership = self.env["partnership.membership"]
        counts = self._count_by(Membership, "partner_id", Membership._domain_valid_today())
        for partner in self:
            partner.partnership_membership_count = counts.get(partner, 0)

    def _count_by(self, model, fname, domain):
        """:return: dict contact -> number of records of ``model`` in ``domain`` by ``fname``"""
        domain &= Domain(fname, "in", self.ids)
        return dict(model._read_group(domain, [fname], ["__count"]))

    def action_open_partnership_memberships(self):
        return self._action_open_partnership(
            "partnership_membership_action", [("partner_id", "in", self.ids)]
        )

    def _action_open_partnership(self, xml_id, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id(f"partnership_management.{xml_id}")
        action["domain"] = domain
        action["context"] = {"search_default_current": 1}
        return action

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_partnership(self):
        """A contact that appears in the records of a partnership stays; archive it instead."""
        for model, fnames in self._get_history_fields().items():
            for fname in fnames:
                found = self.env[model].sudo().search([(fname, "in", self.ids)], limit=1)
                if found:
                    partnership = found.partnership_id.with_env(self.env)
                    readable = partnership.has_access("read")
                    raise UserError(
                        self.env._(
                            "%(contact)s is part of the history of %(partnership)s: archive the "
                            "contact instead of deleting it.",
                            contact=found[fname].name,
                            partnership=partnership.name
                            if readable
                            else self.env._("a partnership"),
                        )
                    )

    @api.model
    def _get_history_fields(self):
        """:return: dict model -> names of the fields by which a contact is part of what was; what
        keeps the history of persons adds its own"""
        return {"partnership.membership": ["partner_id"]}

    # ------------------------------------------------------------
    # Anonymising
    # ------------------------------------------------------------

    def _partnership_anonymise(self):
        """Take out whatever identifies the persons; every count stays as it is.

        The contact stays without name and address, and with it memberships, mandates and presence.
        What another model knows of a person alone, it removes by extending
        ``_remove_personal_records``; wherever else a text or a file names the person, a label
        stands in the place of the name. That is done as the system: the person is gone from every
        partnership and company in which it was known.
        """
        self._check_can_anonymise()
        quiet = self.sudo().with_context(
            active_test=True, tracking_disable=True, mail_notrack=True, mail_create_nolog=True
        )
        redactions = quiet._get_redactions()
        quiet._remove_personal_records()
        values = {fname: False for fname in PERSONAL_FIELDS if fname in self._fields}
        children = quiet.with_context(active_test=False).child_ids.with_env(quiet.env)
        addresses = children.filtered(lambda child: child.type != "contact")
        for person in addresses | quiet:
            person.write(
                {
                    **values,
                    "name": person._get_anonymous_name(),
                    "category_id": [Command.clear()],
                    "active": False,
                }
            )
        for persons, redactor, is_shared in redactions:
            persons._redact(redactor, is_shared)

    def _check_can_anonymise(self):
        if not self.env.user.has_group(ADMINISTRATOR):
            raise AccessError(
                self.env._("Only an administrator of partnerships anonymises contacts.")
            )
        self.check_access("write")
        for person in self:
            if person.is_company:
                raise UserError(
                    self.env._(
                        "%(name)s is an organisation: only persons are anonymised.",
                        name=person.name,
                    )
                )
            users = person.sudo().with_context(active_test=False).user_ids
            if any(user._is_superuser() or user._is_public() for user in users):
                raise UserError(
                    self.env._(
                        "%(name)s is the contact of Odoo itself, and nobody's name.",
                        name=person.name,
                    )
                )
            if users.filtered("active"):
                raise UserError(
                    self.env._("%(name)s can log in: archive the user first.", name=person.name)
                )

    def _get_anonymous_name(self):
        self.ensure_one()
        return self.env._("Anonymous person %(number)s", number=self.id)

    # ------------------------------------------------------------
    # How the person is named
    # ------------------------------------------------------------

    def _get_redactions(self):
        """:return: list of (persons, what finds their names, whether another contact has the name
        too). All persons at once, but for those who share a name: of them, only what stands in
        their own partnerships is meant."""
        words = self._get_personal_words()
        surnames, others = self._get_surnames(words), self._get_others()
        shared = self.filtered(lambda person: others[person][0])
        rest = self - shared
        parts = [*shared, rest] if rest else list(shared)
        return [
            (persons, persons._get_redactor(words, surnames, others), persons in shared)
            for persons in parts
        ]

    def _get_redactor(self, words, surnames, others):
        redactor = Redactor()
        for person in self:
            addresses = {word for word in words[person] if "@" in word}
            numbers = {word for word in words[person] if _is_number(word)}
            names = words[person] - addresses - numbers
            redactor.add(
                person._get_anonymous_name(),
                names={name for name in names if is_name(name)},
                words=surnames[person],
                addresses=addresses,
                numbers=numbers,
                kept=others[person][1],
            )
        return redactor

    def _get_personal_words(self):
        """:return: dict person -> set of its names, addresses and numbers, former ones too; not an
        address or a number of others as well, such as that of its organisation"""
        tracked = self.env["mail.tracking.value"].search(
            Domain("mail_message_id.model", "=", "res.partner")
            & Domain("mail_message_id.res_id", "in", self.ids)
            & Domain("field_id.name", "in", ("name", "email", "phone"))
        )
        spellings = self.env["partnership.spelling"].search([("partner_id", "in", self.ids)])
        users = self.with_context(active_test=False).user_ids
        words = {person: {person.name, person.email, person.phone} for person in self}
        for person in words:
            words[person].add(person.email_normalized)
        for value in tracked:
            person = self.browse(value.mail_message_id.res_id)
            words[person] |= {value.old_value_char, value.new_value_char}
        for spelling in spellings:
            words[spelling.partner_id].add(spelling.name)
        for user in users.filtered(lambda user: not user.login.isalpha()):
            words[user.partner_id].add(user.login)  # what is no word of its own
        every = {word for found in words.values() for word in found if word}
        others = self.with_context(active_test=False).search(
            Domain("id", "not in", (self | self.child_ids).ids)
            & (Domain("email_normalized", "in", every) | Domain("phone", "in", every))
        )
        taken = {*others.mapped("email_normalized"), *others.mapped("phone")}
        return {
            person: {
                word.strip()
                for word in found
                if word and len(word.strip()) > 2 and not {word, word.lower()} & taken
            }
            for person, found in words.items()
        }

    def _get_surnames(self, words):
        """The last word of a name, that before its comma, or those in capitals: alone they mean
        the person where no other contact has the word in its name.

        :return: dict person -> set of words
        """
        surnames = {person: set().union(*map(_get_surname, words[person])) for person in self}
        every = sorted(set().union(*surnames.values()))
        taken = self.env.execute_query(
            SQL(
                """SELECT word FROM UNNEST(%(words)s::text[]) AS word
                    WHERE EXISTS (
                          SELECT FROM res_partner
                           WHERE id != ALL(%(own)s)
                             AND (parent_id IS NULL OR parent_id != ALL(%(own)s))
                             AND name ~* ('(?<![[:alnum:]])' || word || '(?![[:alnum:]])'))""",
                words=every,
                own=self.ids,
            )
        )
        taken = {word for (word,) in taken}
        return {person: found - taken for person, found in surnames.items()}

    def _get_others(self):
        """:return: dict person -> (whether another contact has the same name, set of longer names
        of others of which that of the person is a part: those stay)"""
        redactors = {}
        for person in self:
            redactors[person] = Redactor()
            name = person.name if is_name(person.name, least=1) else f"#{person.id}"
            redactors[person].add("", names=[name])
        pattern = "|".join(filter(None, (redactor.pattern for redactor in redactors.values())))
        rows = self.env.execute_query(
            SQL(
                "SELECT name FROM res_partner WHERE name ~* %s AND id != ALL(%s)", pattern, self.ids
            )
        )
        others = {}
        for person, redactor in redactors.items():
            found = {name: redactor.clean(name) for (name,) in rows}
            is_shared = any(not left.strip() for left in found.values())
            longer = {name for name, left in found.items() if left.strip() and left != name}
            others[person] = (is_shared, longer)
        return others

    # ------------------------------------------------------------
    # Records of the person alone
    # ------------------------------------------------------------

    def _remove_personal_records(self):
        """Runs as the system: history, files and accounts of the contact, spellings, the log-in of
        a user who is archived, the address on messages that were sent, and mails that wait to be
        sent to the person."""
        own = [("model", "=", "res.partner"), ("res_id", "in", self.ids)]
        self.env["mail.message"].search(own).unlink()
        self.env["ir.attachment"].search(
            [("res_model", "=", "res.partner"), ("res_id", "in", self.ids)]
        ).unlink()
        self.env["mail.mail"].search(
            [("state", "in", ("outgoing", "exception")), ("recipient_ids", "in", self.ids)]
        ).filtered(lambda mail: not mail.recipient_ids - self).unlink()
        self.env["mail.followers"].search([("partner_id", "in", self.ids)]).unlink()
        self.env["mail.message"].search([("author_id", "in", self.ids)]).email_from = False
        self.env["partnership.spelling"].search([("partner_id", "in", self.ids)]).unlink()
        self.bank_ids.unlink()
        for user in self.with_context(active_test=False).user_ids:
            user.write({"login": f"anonymous-{user.id}", "signature": False})
        for xml_id in self.env["ir.model.data"].search([*own, ("module", "=like", r"\_\_%")]):
            xml_id.name = f"anonymous_person_{xml_id.res_id}"  # that of an import or an export
