from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..partnership_dated_mixin import one_at_a_time


class PartnershipMandate(models.Model):
    """A person who may speak for a member on its seat, from one day to another.

    The end that a renewal has given to many mandates at once can be taken back, as long as
    nothing rests on it.
    """

    _name = "partnership.mandate"
    _description = "Mandate"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "partnership.dated.mixin",
        "partnership.guarded.mixin",
    ]
    _order = "seat_id, kind desc, date_start desc, id desc"
    _turns_path = "seat_id.membership_id"
    _portal_fields = (
        "seat_id",
        "body_id",
        "partnership_id",
        "membership_id",
        "organisation_id",
        "is_organisation",
        "person_id",
        "kind",
        "office",
        "appointed_by",
        "authority",
    )

    seat_id = fields.Many2one("partnership.seat", required=True, index=True, ondelete="restrict")
    body_id = fields.Many2one(related="seat_id.body_id", store=True, index=True, precompute=True)
    partnership_id = fields.Many2one(
        related="seat_id.partnership_id", store=True, index=True, precompute=True
    )
    membership_id = fields.Many2one(
        related="seat_id.membership_id", store=True, index=True, precompute=True
    )
    organisation_id = fields.Many2one(
        related="seat_id.partner_id", string="For", store=True, index=True, precompute=True
    )
    is_organisation = fields.Boolean(related="organisation_id.is_company")
    person_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        domain=[("is_company", "=", False)],
    )
    kind = fields.Selection(
        [("titular", "Titular"), ("alternate", "Alternate")],
        required=True,
        default="titular",
        tracking=True,
    )
    office = fields.Selection(
        [
            ("chair", "Chair"),
            ("vice_chair", "Vice-chair"),
            ("treasurer", "Treasurer"),
            ("secretary", "Secretary"),
        ],
        tracking=True,
    )
    appointed_by = fields.Char(help="Who gave the mandate, and by which decision.")
    authority = fields.Selection(
        [
            ("listens", "Listens"),
            ("reports", "Reports"),
            ("recommends", "Recommends"),
            ("commits", "Commits"),
        ],
        required=True,
        default="commits",
        tracking=True,
        help="How far the person can go on behalf of the member.",
    )
    date_start = fields.Date(tracking=True)
    date_end = fields.Date(tracking=True)
    end_kind = fields.Selection(
        [("planned", "Planned"), ("unplanned", "Unplanned")],
        "End",
        tracking=True,
        help="Planned: the term was over. Unplanned: the person left, or was replaced, before.",
    )
    end_reason = fields.Char(tracking=True)

    _one_titular_at_a_time = one_at_a_time(
        "A seat has one titular at a time: the dates of the mandate overlap another's.",
        "seat_id",
        where="kind = 'titular'",
    )

    renewal_end = fields.Date("Ended by Renewal on", readonly=True, copy=False)
    renewal_end_before = fields.Date("End before the Renewal", readonly=True, copy=False)

    @api.depends("person_id.name", "organisation_id.name", "kind")
    def _compute_display_name(self):
        """Whoever may see a mandate sees whose it is, also in the portal."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for mandate in self.sudo():
            mandate.display_name = self.env._(
                "%(person)s for %(member)s (%(kind)s)",
                person=mandate.person_id.name or "",
                member=mandate.seat_id.display_name or "",
                kind=kinds.get(mandate.kind, ""),
            )

    @api.constrains("person_id")
    def _check_person(self):
        for mandate in self:
            if mandate.person_id.is_company:
                raise ValidationError(
                    self.env._(
                        "%(name)s is an organisation: a mandate is held by a person.",
                        name=mandate.person_id.name,
                    )
                )

    @api.constrains("seat_id", "date_start", "date_end")
    def _check_dates(self):
        self._check_within("seat_id")

    @api.constrains("seat_id", "person_id", "kind", "date_start", "date_end")
    def _check_overlap(self):
        titulars = self.filtered(lambda mandate: mandate.kind == "titular")
        overlap = titulars._find_overlap(["seat_id", "kind"]) or self._find_overlap(
            ["seat_id", "person_id"]
        )
        if overlap:
            mandate, other, date = overlap
            raise ValidationError(
                self.env._(
                    "%(mandate)s clashes on %(date)s with %(other)s (%(dates)s): end that one "
                    "first, or choose other dates.",
                    mandate=mandate.display_name,
                    date=format_date(self.env, date),
                    other=other.display_name,
                    dates=other._format_period(),
                )
            )

    @api.constrains("seat_id", "person_id", "kind", "date_start", "date_end")
    def _check_one_seat_of_member(self):
        """One person is expected once for one member at a meeting: weight, not a second seat."""
        titulars = self.filtered(lambda mandate: mandate.kind == "titular")
        overlap = titulars._find_overlap(["body_id", "membership_id", "person_id", "kind"])
        if overlap and overlap[0].seat_id != overlap[1].seat_id:
            mandate, other, date = overlap
            raise ValidationError(
                self.env._(
                    "%(mandate)s: %(person)s is titular of another seat of the same member in "
                    "this body on %(date)s. Raise the vote weight of one seat instead.",
                    mandate=mandate.display_name,
                    person=other.person_id.name,
                    date=format_date(self.env, date),
                )
            )

    def action_renew(self):
        """Open the dialog that ends the mandates together and names the successors."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_mandate_renew_action"
        )
        action["context"] = {"default_mandate_ids": self.ids}
        return action

    def _end_by_renewal(self, date, kind, reason):
        """End the mandates, and keep when they were to end before."""
        before = self.grouped("date_end")
        self.write({"date_end": date, "end_kind": kind, "end_reason": reason})
        for end, mandates in before.items():
            mandates.sudo().write({"renewal_end": date, "renewal_end_before": end})

    def action_take_back(self):
        """Let the mandates go on that a renewal has ended, all of these or none."""
        self.check_access("write")
        self._check_can_take_back()
        for end, mandates in self.grouped("renewal_end_before").items():
            values = {} if end else {"end_kind": False, "end_reason": False}
            mandates.write({"date_end": end, **values})
        self.sudo().write({"renewal_end": False, "renewal_end_before": False})

    def _check_can_take_back(self):
        """Refuse where something rests on the end that a renewal has set."""
        self._check_ended_by_renewal()
        self._check_no_successor()

    def _check_ended_by_renewal(self):
        for mandate in self:
            if not mandate.renewal_end or mandate.renewal_end != mandate.date_end:
                raise UserError(
                    self.env._(
                        "%(mandate)s was not ended by a renewal, or its end was changed since: "
                        "correct the mandate itself.",
                        mandate=mandate.display_name,
                    )
                )

    def _check_no_successor(self):
        for mandate in self:
            later = mandate.seat_id.mandate_ids.filtered(
                lambda other, own=mandate: (
                    other.date_start > own.date_end
                    and (other.kind == own.kind == "titular" or other.person_id == own.person_id)
                )
            )
            if later:
                raise UserError(
                    self.env._(
                        "%(mandate)s: %(successor)s has followed (%(dates)s). Delete that mandate "
                        "first, if it was a mistake.",
                        mandate=mandate.display_name,
                        successor=later[0].display_name,
                        dates=later[0]._format_period(),
                    )
                )
