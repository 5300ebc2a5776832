from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.groups import TEAM

# What a card says in free words of the person whose candidature it is
OWN_CARD_FIELDS = ("description", "refuse_note", "motivation", "decision_note", "letter_note")

# Letters and digits only, without accents and capitals; {0} is a column
KEY = "lower(regexp_replace(normalize({0}, NFKD), '[^[:alnum:]]+', '', 'g'))"


class ResPartner(models.Model):
    """A contact as a candidate, and the contacts that are perhaps the same: of the same name,
    e-mail or VAT."""

    _inherit = "res.partner"

    partnership_candidate_count = fields.Integer(
        "Candidatures", compute="_compute_partnership_candidate_count", groups=TEAM
    )

    _partnership_name_key_idx = models.Index(f"(({KEY.format('name')}))")
    _partnership_vat_key_idx = models.Index(f"(({KEY.format('vat')})) WHERE vat IS NOT NULL")
    _partnership_email_idx = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")

    @api.depends_context("uid")
    def _compute_partnership_candidate_count(self):
        counts = self.env["partnership.candidate"]._count_by("partner_id", self)
        for partner in self:
            partner.partnership_candidate_count = counts.get(partner, 0)

    def action_open_partnership_candidates(self):
        self.ensure_one()
        return self.env["partnership.candidate"]._get_list_action(
            [("partner_id", "=", self.id)], {"default_partner_id": self.id}
        )

    def _sql_partnership_twins(self, asked):
        """Contacts of the same partnership that look like one another, though their organisations
        are not the same. Archived contacts too: what they took part in is history.

        Few contacts are alike: these are found first, and then (OFFSET 0) looked up one by one.

        :param asked: SQL of (partnership_id, partner_id)
        :return: SQL of (partnership_id, partner_id, twin_id)
        """
        self.flush_model(["name", "email_normalized", "vat", "commercial_partner_id"])
        self.env["partnership.membership"].flush_model(["partnership_id", "partner_id"])
        same = (
            SQL(f"{KEY.format('twin.name')} = {KEY.format('actor.name')}"),
            SQL("twin.email_normalized = actor.email_normalized"),
            SQL(f"{KEY.format('twin.vat')} = {KEY.format('actor.vat')} AND twin.vat IS NOT NULL"),
        )
        key = SQL(KEY.format("actor.vat"))
        said = (SQL(f"{KEY.format('actor.name')} <> ''"), SQL("TRUE"), SQL("%s <> ''", key))
        return SQL(
            """
            WITH alike AS MATERIALIZED (
                SELECT asked.partnership_id, asked.partner_id, twin.id AS twin_id
                  FROM (%(asked)s) asked
                  JOIN res_partner actor ON actor.id = asked.partner_id
            CROSS JOIN LATERAL (%(twins)s) twin
                 WHERE twin.commercial_partner_id <> actor.commercial_partner_id
            )
            SELECT *
              FROM alike
             WHERE EXISTS (
                   SELECT FROM partnership_membership membership
                    WHERE membership.partner_id = alike.twin_id
                      AND membership.partnership_id = alike.partnership_id
                   OFFSET 0
               )
            """,
            asked=asked,
            twins=SQL(" UNION ").join(
                SQL(
                    "SELECT id, commercial_partner_id FROM res_partner twin WHERE %s AND %s",
                    condition,
                    known,
                )
                for condition, known in zip(same, said, strict=True)
            ),
        )

    def _remove_personal_records(self):
        """Notes on a candidate, and the files of an application."""
        own_cards = self._get_candidates().filtered(lambda card: card.partner_id in self)
        own_cards.write(dict.fromkeys(OWN_CARD_FIELDS, False))
        self._remove_application_files(own_cards)
        return super()._remove_personal_records()

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
