import unicodedata

from odoo import api, fields, models
from odoo.exceptions import ValidationError


def spelling_key(text):
    """:return: ``text`` as spellings are compared: without regard to case, spacing and the
    several ways in which Unicode writes one letter"""
    return " ".join(unicodedata.normalize("NFKC", text or "").split()).casefold()


class PartnershipSpelling(models.Model):
    """How somebody wrote an organisation or a person in a list that was imported, and who is
    meant: confirmed once, it is understood in every later import of the partnership."""

    _name = "partnership.spelling"
    _description = "Spelling"
    _inherit = ["partnership.guarded.mixin"]
    _order = "partnership_id, kind, key, id"
    _rec_name = "name"

    partnership_id = fields.Many2one(
        "partnership.partnership",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env["partnership.partnership"].search([], limit=1),
    )
    kind = fields.Selection(
        [("organisation", "Organisation"), ("person", "Person")],
        required=True,
        default="organisation",
    )
    name = fields.Char("Spelling", help="As it was typed. Empty: the empty cell.")
    key = fields.Char("Compared as", compute="_compute_key", store=True, precompute=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Means",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: it means nobody, or no organisation.",
    )

    _key_uniq = models.Constraint(
        "UNIQUE (partnership_id, kind, key)",
        "This spelling has a meaning in this partnership already: change that one.",
    )

    @api.depends("name")
    def _compute_key(self):
        for spelling in self:
            spelling.key = spelling_key(spelling.name)

    @api.depends("name", "partner_id.name", "kind")
    def _compute_display_name(self):
        for spelling in self:
            spelling.display_name = self.env._(
                "“%(spelling)s” means %(meaning)s",
                spelling=spelling.name or "",
                meaning=spelling.partner_id.name or spelling._get_nobody(),
            )

    @api.constrains("partner_id", "kind")
    def _check_kind(self):
        for spelling in self:
            partner = spelling.partner_id
            if partner and partner.is_company != (spelling.kind == "organisation"):
                kinds = dict(self._fields["kind"]._description_selection(self.env))
                raise ValidationError(
                    self.env._(
                        "“%(spelling)s” is the spelling of a contact of kind “%(kind)s”, which "
                        "%(name)s is not.",
                        spelling=spelling.name or "",
                        kind=kinds[spelling.kind],
                        name=partner.name,
                    )
                )

    def _get_nobody(self):
        self.ensure_one()
        return self.env._("nobody") if self.kind == "person" else self.env._("no organisation")

    @api.model
    def _get_meanings(self, partnership, kind):
        """:return: dict key -> res.partner, empty for what means nobody"""
        spellings = self.search([("partnership_id", "=", partnership.id), ("kind", "=", kind)])
        return {spelling.key: spelling.partner_id for spelling in spellings}

    @api.model
    def _remember(self, partnership, kind, meanings):
        """Keep what spellings mean, also where they meant something else until now.

        :param meanings: dict spelling as typed -> res.partner, empty for nobody
        """
        known = {
            spelling.key: spelling
            for spelling in self.search(
                [("partnership_id", "=", partnership.id), ("kind", "=", kind)]
            )
        }
        new = {}
        for name, partner in meanings.items():
            spelling = known.get(spelling_key(name))
            if not spelling:
                new[spelling_key(name)] = {
                    "partnership_id": partnership.id,
                    "kind": kind,
                    "name": name,
                    "partner_id": partner.id,
                }
            elif spelling.partner_id != partner:
                spelling.partner_id = partner
        return self.create(list(new.values()))
