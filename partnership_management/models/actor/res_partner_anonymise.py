import re

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ...tools.redact import Redactor, is_name

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
# What a card says in free words of the person whose candidature it is
OWN_CARD_FIELDS = ("description", "refuse_note", "motivation", "decision_note", "letter_note")

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
    _inherit = "res.partner"

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
        """Runs as the system: history, files and accounts of the contact, spellings, reasons of
        absence, notes on a candidate, the log-in of a user who is archived, the address on
        messages that were sent, and mails that wait to be sent to the person."""
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
        own_cards = self._get_candidates().filtered(lambda card: card.partner_id in self)
        own_cards.write(dict.fromkeys(OWN_CARD_FIELDS, False))
        self._remove_application_files(own_cards)
        self.bank_ids.unlink()
        for user in self.with_context(active_test=False).user_ids:
            user.write({"login": f"anonymous-{user.id}", "signature": False})
        for xml_id in self.env["ir.model.data"].search([*own, ("module", "=like", r"\_\_%")]):
            xml_id.name = f"anonymous_person_{xml_id.res_id}"  # that of an import or an export
        self.env.cr.execute(
            SQL(
                """UPDATE partnership_attendance SET reason = NULL, substitute = NULL
                    WHERE person_id IN %s""",
                tuple(self.ids),
            )
        )
        self.env.invalidate_all()

    def _get_candidates(self):
        """:return: the cards of the persons, also those that speak of an organisation with them"""
        return (
            self.env["partnership.candidate"]
            .with_context(active_test=False)
            .search(["|", ("partner_id", "in", self.ids), ("contact_id", "in", self.ids)])
        )

    def _remove_application_files(self, own_cards):
        """The files of the persons' own candidatures, and the letters written to them."""
        letters = self.env["mail.message"].search(
            [("model", "=", own_cards._name), ("partner_ids", "in", self.ids)]
        )
        files = self.env["ir.attachment"].search(
            [("res_model", "=", own_cards._name), ("res_id", "in", own_cards.ids)]
        )
        (files | letters.attachment_ids).unlink()
