from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

NATURES = [
    ("ownership", "Ownership"),
    ("employment", "Employment"),
    ("office", "Office"),
    ("family", "Family"),
    ("contract", "Contract"),
    ("other", "Other"),
]


class PartnershipInterest(models.Model):
    """The register of interests: what a member, or a person who speaks for one, has to do with
    somebody on whom a body may decide. It is ended, and never deleted."""

    _name = "partnership.interest"
    _description = "Interest"
    _inherit = ["mail.thread", "partnership.dated.mixin", "partnership.guarded.mixin"]
    _order = "partnership_id, date_start desc, id desc"
    _check_company_auto = True
    _portal_fields = (
        "partnership_id",
        "membership_id",
        "person_id",
        "partner_id",
        "nature",
        "degree",
        "source",
    )

    membership_id = fields.Many2one(
        "partnership.membership",
        "Member",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        domain="[('partnership_id', '=?', partnership_id)]",
        help="Whose seats are recused, whoever sits there.",
    )
    person_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        domain=[("is_company", "=", False)],
        help="Who votes on no seat then, also not by a proxy.",
    )
    partnership_id = fields.Many2one(
        "partnership.partnership",
        required=True,
        compute="_compute_partnership_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="partnership_id.company_id", store=True)
    partner_id = fields.Many2one(
        "res.partner", "With Whom", required=True, index=True, ondelete="restrict", tracking=True
    )
    nature = fields.Selection(NATURES, required=True, default="office", tracking=True)
    degree = fields.Selection(
        [("direct", "Direct"), ("indirect", "Indirect")],
        required=True,
        default="direct",
        tracking=True,
    )
    source = fields.Selection(
        [
            ("declared", "Declared"),
            ("register", "Public register"),
            ("minutes", "Minutes"),
            ("other", "Other"),
        ],
        "Known from",
        required=True,
        default="declared",
        tracking=True,
    )
    date_start = fields.Date(tracking=True)
    date_end = fields.Date(tracking=True)
    note = fields.Text()

    _member_or_person = models.Constraint(
        "CHECK ((membership_id IS NULL) <> (person_id IS NULL))",
        "An interest is either of a member or of a person: fill in one of the two.",
    )

    @api.depends("membership_id.partnership_id")
    def _compute_partnership_id(self):
        for interest in self:
            place = interest.membership_id.partnership_id or interest.partnership_id
            interest.partnership_id = place

    @api.depends("membership_id.partner_id.name", "person_id.name", "partner_id.name", "nature")
    def _compute_display_name(self):
        natures = dict(self._fields["nature"]._description_selection(self.env))
        for interest in self.sudo():
            interest.display_name = self.env._(
                "%(who)s: %(nature)s, %(partner)s",
                who=interest._get_holder().name or "",
                nature=natures.get(interest.nature, ""),
                partner=interest.partner_id.name or "",
            )

    def _get_holder(self):
        """:return: res.partner, whose interest it is"""
        return self.person_id or self.membership_id.partner_id

    @api.constrains("person_id")
    def _check_person(self):
        for interest in self:
            if interest.person_id.is_company:
                raise ValidationError(
                    self.env._(
                        "%(name)s is an organisation: its interests are those of a member.",
                        name=interest.person_id.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_superuser(self):
        for interest in self:
            raise UserError(
                self.env._(
                    "“%(interest)s” stays in the register: end it instead, by its last day.",
                    interest=interest.display_name,
                )
            )

    @api.model
    def _find_concerned(self, partners, partnership, date):
        """:param partners: res.partner, on whom something is decided
        :return: the interests in them that hold on ``date``"""
        return self.search(
            Domain("partnership_id", "=", partnership.id)
            & Domain("partner_id", "in", partners.ids)
            & self._domain_valid_on(date)
        )
