from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.groups import TEAM

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

# Who votes for another one is a person as well
RECORDED_AS = (
    ("person_id", "person_id"),
    ("person_id", "proxy_id"),
    ("organisation_id", "organisation_id"),
)

# Letters and digits only, without accents and capitals; {0} is a column
KEY = "lower(regexp_replace(normalize({0}, NFKD), '[^[:alnum:]]+', '', 'g'))"


class ResPartner(models.Model):
    """A contact with recorded presence stays a person or an organisation, and stays in sight of
    the companies whose meetings it came to.

    Contacts that are perhaps one: the same name, e-mail or VAT.
    """

    _name = "res.partner"
    _inherit = ["res.partner", "partnership.guarded.mixin"]

    # As an actor
    partnership_membership_ids = fields.One2many(
        "partnership.membership", "partner_id", "Memberships", groups=TEAM
    )
    partnership_seat_ids = fields.One2many("partnership.seat", "partner_id", "Seats", groups=TEAM)
    partnership_seat_mandate_ids = fields.One2many(
        "partnership.mandate", "organisation_id", "Representatives", groups=TEAM
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
        compute="_compute_partnership_counts", groups=TEAM
    )

    # As a person
    partnership_mandate_ids = fields.One2many(
        "partnership.mandate", "person_id", "Mandates Held", groups=TEAM
    )
    partnership_mandate_count = fields.Integer(compute="_compute_partnership_counts", groups=TEAM)
    partnership_attendance_ids = fields.One2many(
        "partnership.attendance", "person_id", "Attendance", groups=TEAM
    )
    partnership_attendance_count = fields.Integer(
        "Presences",
        compute="_compute_partnership_counts",
        groups=TEAM,
        help="At meetings with a closed sheet; for an organisation, in its name.",
    )

    _partnership_name_key_idx = models.Index(f"(({KEY.format('name')}))")
    _partnership_vat_key_idx = models.Index(f"(({KEY.format('vat')})) WHERE vat IS NOT NULL")
    _partnership_email_idx = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")

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
            ["partner_id", "figure_id", *MEMBERSHIP_FIELDS.values()],
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

    @api.depends("partnership_membership_ids", "partnership_mandate_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_partnership_counts(self):
        Membership = self.env["partnership.membership"]
        Mandate = self.env["partnership.mandate"]
        memberships = self._count_by(Membership, "partner_id", Membership._domain_valid_today())
        mandates = self._count_by(Mandate, "person_id", Mandate._domain_valid_today())
        came = self.env["partnership.attendance"]._domain_presence()
        persons = self._count_by(self.env["partnership.attendance"], "person_id", came)
        members = self._count_by(self.env["partnership.attendance"], "organisation_id", came)
        for partner in self:
            partner.partnership_membership_count = memberships.get(partner, 0)
            partner.partnership_mandate_count = mandates.get(partner, 0)
            partner.partnership_attendance_count = persons.get(partner, 0) + members.get(partner, 0)

    def _count_by(self, model, fname, domain):
        """:return: dict contact -> number of records of ``model`` in ``domain`` by ``fname``"""
        domain &= Domain(fname, "in", self.ids)
        return dict(model._read_group(domain, [fname], ["__count"]))

    def action_open_partnership_memberships(self):
        return self._action_open_partnership(
            "partnership_membership_action", [("partner_id", "in", self.ids)]
        )

    def action_open_partnership_mandates(self):
        return self._action_open_partnership(
            "partnership_mandate_action", [("person_id", "in", self.ids)]
        )

    def action_open_partnership_attendance(self):
        """Open the presences that the button counts: of the person, or for the organisation."""
        return self._action_open_partnership(
            "partnership_attendance_action",
            list(
                self.env["partnership.attendance"]._domain_presence()
                & (Domain("person_id", "in", self.ids) | Domain("organisation_id", "in", self.ids))
            ),
        )

    def _action_open_partnership(self, xml_id, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id(f"partnership_management.{xml_id}")
        action["domain"] = domain
        action["context"] = {"search_default_current": 1}
        return action

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_partnership(self):
        """A contact that appears in the records of a partnership stays; archive it instead."""
        for model, fnames in (
            ("partnership.membership", ("partner_id",)),
            ("partnership.mandate", ("person_id",)),
            ("partnership.attendance", ("person_id", "organisation_id", "proxy_id")),
            ("partnership.meeting.log", ("author_id",)),
            ("partnership.briefing.receipt", ("person_id",)),
            ("partnership.trait", ("partner_id",)),
        ):
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

    def write(self, vals):
        guarded = not vals.keys().isdisjoint(("company_id", "is_company"))
        before = {each: (each.company_id, each.is_company) for each in self.sudo() if guarded}
        result = super().write(vals)
        changed = self.sudo().filtered(
            lambda each: each in before and (each.company_id, each.is_company) != before[each]
        )
        changed._check_recorded_presence()
        return result

    def _check_recorded_presence(self):
        """Refuse contacts that are not what their rows say, or not where those can be read."""
        recorded = self._get_recorded_meetings()
        for partner, rows in recorded.items():
            fname = "person_id" if partner.is_company else "organisation_id"
            hidden = partner.company_id and any(
                partner.company_id not in place.company_id.parent_ids
                for _fname, place, _ids in rows
            )
            if hidden or any(as_what == fname for as_what, _place, _ids in rows):
                raise UserError(
                    self.env._(
                        "%(contact)s has recorded presence (meetings: %(count)s): it stays the "
                        "person or the organisation that it is, in the company of those meetings. "
                        "Make another contact.",
                        contact=partner.name,
                        count=len({event for *_place, events in rows for event in events}),
                    )
                )

    def _get_recorded_meetings(self):
        """:return: dict contact -> list of (as what it is recorded, in which partnership, ids of
        the meetings), whoever may see them"""
        Attendance = self.env["partnership.attendance"].sudo()
        found = {}
        for as_what, fname in RECORDED_AS if self else ():
            domain = Attendance._domain_recorded() & fields.Domain(fname, "in", self.ids)
            for partner, place, events in Attendance._read_group(
                domain, [fname, "partnership_id"], ["event_id:array_agg"]
            ):
                found.setdefault(partner, []).append((as_what, place, events))
        return found

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
