from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_compare

from ..tools.groups import TEAM
from ..tools.internal import INTERNAL, is_internal
from .partnership_profile_line import TOLERANCE


class PartnershipPartnership(models.Model):
    _inherit = "partnership.partnership"

    profile_line_ids = fields.One2many(
        "partnership.profile.line",
        "partnership_id",
        "Area Profile",
        groups=TEAM,
    )

    @api.model_create_multi
    def create(self, vals_list):
        """The lines of a profile are looked at together, once all of them are written."""
        whole = self.with_context(profile_later=INTERNAL)
        partnerships = super(PartnershipPartnership, whole).create(vals_list).with_env(self.env)
        partnerships.filtered(lambda place: place.sudo().profile_line_ids)._profile_changed()
        return partnerships

    def write(self, vals):
        if "profile_line_ids" not in vals:
            return super().write(vals)
        before = {partnership.id: partnership._describe_profile() for partnership in self}
        whole = self.with_context(profile_later=INTERNAL)
        result = super(PartnershipPartnership, whole).write(vals)
        self.filtered(
            lambda partnership: partnership._describe_profile() != before[partnership.id]
        )._profile_changed()
        return result

    def _profile_changed(self):
        """Check the shares that were written, and write them in the history."""
        if is_internal(self, "profile_later"):
            return
        for partnership in self:
            partnership._check_profile()
            partnership._message_log(
                body=Markup("<p>%s</p>%s")
                % (self.env._("The area profile is now:"), partnership._describe_profile())
            )

    def _check_profile(self):
        self.ensure_one()
        lines = self.profile_line_ids
        for dimension, own in lines.grouped("dimension_id").items():
            total = sum(own.mapped("share"))
            if float_compare(abs(total - 1), TOLERANCE, precision_digits=6) > 0:
                raise ValidationError(
                    self.env._(
                        "The wanted shares by “%(dimension)s” sum to %(total).1f %%: they have "
                        "to be 100 %% together.",
                        dimension=dimension.name,
                        total=100 * total,
                    )
                )

    def _describe_profile(self):
        """:return: Markup, a list with one item per dimension"""
        self.ensure_one()
        lines = self.profile_line_ids.sorted(lambda line: line.dimension_id.sequence)
        items = Markup().join(
            Markup("<li>%s: %s</li>")
            % (
                dimension.name,
                ", ".join(f"{line.display_name} {100 * line.share:.1f} %" for line in own),
            )
            for dimension, own in lines.grouped("dimension_id").items()
        )
        return Markup("<ul>%s</ul>") % (items or Markup("<li>–</li>"))
