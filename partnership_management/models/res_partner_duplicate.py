from odoo import models
from odoo.tools import SQL

# Letters and digits only, without accents and capitals; {0} is a column
KEY = "lower(regexp_replace(normalize({0}, NFKD), '[^[:alnum:]]+', '', 'g'))"


class ResPartner(models.Model):
    """Contacts that are perhaps one: the same name, e-mail or VAT."""

    _inherit = "res.partner"

    _partnership_name_key_idx = models.Index(f"(({KEY.format('name')}))")
    _partnership_vat_key_idx = models.Index(f"(({KEY.format('vat')})) WHERE vat IS NOT NULL")
    _partnership_email_idx = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")

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
