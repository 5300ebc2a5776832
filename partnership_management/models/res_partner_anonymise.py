import re

from markupsafe import escape

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL

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


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _partnership_anonymise(self):
        """Take out whatever identifies the persons; every count stays as it is.

        The contact stays without name and address, and with it memberships, mandates and presence.
        What another model knows of a person, it removes by extending this method, before
        ``super()``: afterwards the name is gone.
        """
        self._check_can_anonymise()
        quiet = self.sudo().with_context(
            active_test=True, tracking_disable=True, mail_notrack=True, mail_create_nolog=True
        )
        for person in quiet:
            person._replace_in_texts(
                person._get_personal_words(), person._get_anonymous_name(), person._get_texts()
            )
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
            if person.sudo().user_ids.filtered("active"):
                raise UserError(
                    self.env._("%(name)s can log in: archive the user first.", name=person.name)
                )

    def _get_anonymous_name(self):
        self.ensure_one()
        return self.env._("Anonymous person %(number)s", number=self.id)

    # ------------------------------------------------------------
    # Texts that name the person
    # ------------------------------------------------------------

    def _get_personal_words(self):
        """:return: the names and addresses of the person, former ones too, the longest first"""
        self.ensure_one()
        tracked = self.env["mail.tracking.value"].search(
            Domain("mail_message_id.model", "=", "res.partner")
            & Domain("mail_message_id.res_id", "=", self.id)
            & Domain("field_id.name", "in", ("name", "email", "phone"))
        )
        spellings = self.env["partnership.spelling"].search([("partner_id", "=", self.id)])
        words = {
            self.name,
            self.email,
            self.phone,
            *tracked.mapped("old_value_char"),
            *tracked.mapped("new_value_char"),
            *spellings.mapped("name"),
        }
        return sorted((word for word in words if word and len(word) > 2), key=len, reverse=True)

    def _get_texts(self):
        """:return: list of (table, columns, SQL condition) of the texts that may name the person"""
        self.ensure_one()
        mandates = self.env["partnership.mandate"].search([("person_id", "=", self.id)])
        memberships = self.env["partnership.membership"].search([("partner_id", "=", self.id)])
        rows = self.env["partnership.attendance"].search(
            ["|", ("person_id", "=", self.id), ("proxy_id", "=", self.id)]
        )
        events = self.env["calendar.event"].with_context(active_test=False)
        events = rows.event_id | events.search([("partner_ids", "in", self.ids)])
        candidates = self._get_candidates()
        pitfalls = (mandates.membership_id | memberships).pitfall_ids
        places = (
            mandates.partnership_id
            | rows.partnership_id
            | memberships.partnership_id
            | candidates.partnership_id
        )
        here = [("partnership_id", "in", places.ids)]
        relations = self.env["partnership.relation"].search(here)
        rounds = self.env["partnership.enlargement.round"].search(here)
        threads = (
            events,
            mandates,
            mandates.membership_id | memberships,
            candidates,
            pitfalls,
            relations,
            rounds,
            places,
            places.body_ids,
        )
        messages = SQL(" OR ").join(
            SQL("(model = %s AND res_id IN %s)", thread._name, thread._ids or (0,))
            for thread in threads
        )
        return [
            ("mail_message", ("body", "subject"), messages),
            ("mail_notification", ("failure_reason",), SQL("res_partner_id = %s", self.id)),
            (
                "mail_tracking_value",
                ("old_value_char", "new_value_char", "old_value_text", "new_value_text"),
                SQL("mail_message_id IN (SELECT id FROM mail_message WHERE %s)", messages),
            ),
            (
                "partnership_attendance",
                ("substitute",),
                SQL("partnership_id IN %s", places._ids or (0,)),
            ),
            (
                "partnership_meeting_log",
                ("text",),
                SQL("partnership_id IN %s OR author_id = %s", places._ids or (0,), self.id),
            ),
            ("calendar_event", ("description",), SQL("id IN %s", events._ids or (0,))),
            (
                "partnership_mandate",
                ("appointed_by", "end_reason"),
                SQL("partnership_id IN %s", places._ids or (0,)),
            ),
            (
                "partnership_candidate",
                (*OWN_CARD_FIELDS, "outside_reason"),
                SQL("id IN %s", candidates._ids or (0,)),
            ),
            ("partnership_relation", ("evidence",), SQL("id IN %s", relations._ids or (0,))),
            ("partnership_pitfall", ("close_reason",), SQL("id IN %s", pitfalls._ids or (0,))),
            (
                "partnership_enlargement_round",
                ("opportunity", "purpose", "readiness_reasons"),
                SQL("id IN %s", rounds._ids or (0,)),
            ),
            (
                "partnership_stage_check",
                ("evidence",),
                SQL("partnership_id IN %s", places._ids or (0,)),
            ),
            (
                "partnership_stage_history",
                ("reason",),
                SQL("partnership_id IN %s", places._ids or (0,)),
            ),
            (
                "partnership_membership",
                ("end_reason", "outside_reason"),
                SQL("id IN %s", memberships._ids or (0,)),
            ),
            (
                "partnership_membership_transition",
                ("reason", "evidence"),
                SQL("membership_id IN %s", memberships._ids or (0,)),
            ),
        ]

    def _get_candidates(self):
        """:return: the cards of the persons, also those that speak of an organisation with them"""
        return (
            self.env["partnership.candidate"]
            .with_context(active_test=False)
            .search(["|", ("partner_id", "in", self.ids), ("contact_id", "in", self.ids)])
        )

    def _replace_in_texts(self, words, name, texts):
        """Put ``name`` in the place of each of ``words``, as it is and as HTML has it."""
        forms = sorted({str(form) for word in words for form in (word, escape(word))}, key=len)
        if not forms:
            return
        pattern = rf"(?<!\w)({'|'.join(re.escape(form) for form in reversed(forms))})(?!\w)"
        self.env.flush_all()
        for table, columns, condition in texts:
            for column in columns:
                self.env.cr.execute(
                    SQL(
                        """UPDATE %(table)s
                              SET %(column)s = regexp_replace(%(column)s, %(words)s, %(name)s, 'gi')
                            WHERE %(column)s ~* %(words)s AND (%(condition)s)""",
                        table=SQL.identifier(table),
                        column=SQL.identifier(column),
                        words=pattern,
                        name=name,
                        condition=condition,
                    )
                )
        self.env.invalidate_all()

    # ------------------------------------------------------------
    # Records of the person alone
    # ------------------------------------------------------------

    def _remove_personal_records(self):
        """Runs as the system: history, files and accounts of the contact, spellings, reasons of
        absence, notes on a candidate, the log-in of a user who is archived, the address on
        messages that were sent, e-mails that wait or failed."""
        own = [("model", "=", "res.partner"), ("res_id", "in", self.ids)]
        self.env["mail.message"].search(own).unlink()
        self.env["ir.attachment"].search(
            [("res_model", "=", "res.partner"), ("res_id", "in", self.ids)]
        ).unlink()
        self.env["mail.message"].search([("author_id", "in", self.ids)]).email_from = False
        self.env["mail.mail"].search([("recipient_ids", "in", self.ids)]).unlink()
        self.env["partnership.spelling"].search([("partner_id", "in", self.ids)]).unlink()
        own_cards = self._get_candidates().filtered(lambda card: card.partner_id in self)
        own_cards.write(dict.fromkeys(OWN_CARD_FIELDS, False))
        self._remove_application_files(own_cards)
        self.bank_ids.unlink()
        for user in self.with_context(active_test=False).user_ids:
            user.write({"login": f"anonymous-{user.id}", "signature": False})
        self.env.cr.execute(
            SQL(
                """UPDATE partnership_attendance SET reason = NULL, substitute = NULL
                    WHERE person_id IN %s""",
                tuple(self.ids),
            )
        )
        self.env.invalidate_all()

    def _remove_application_files(self, own_cards):
        """The files of the persons' own candidatures, and the letters written to them."""
        letters = self.env["mail.message"].search(
            [("model", "=", own_cards._name), ("partner_ids", "in", self.ids)]
        )
        files = self.env["ir.attachment"].search(
            [("res_model", "=", own_cards._name), ("res_id", "in", own_cards.ids)]
        )
        (files | letters.attachment_ids).unlink()
