import math

from odoo import api, models
from odoo.exceptions import ValidationError

# No number that is typed is greater: above, sums lose their cents. Integers are those of the table
LARGEST = 1e12
LARGEST_INTEGER = 2**31 - 1


class PartnershipGuardedMixin(models.AbstractModel):
    """A number is a number. Odoo would store "nan" and infinities, with which every figure that
    rests on them is lost, and gives a raw error for some of them."""

    _inherit = "partnership.guarded.mixin"

    @api.model
    def _add_missing_default_values(self, values):
        """Looks at the defaults too, which the context may hold, before anything is made of
        them."""
        given = {
            name.removeprefix("default_"): value
            for name, value in self.env.context.items()
            if name.startswith("default_")
        }
        self._check_numbers({**given, **values})
        return super()._add_missing_default_values(values)

    def write(self, vals):
        self._check_numbers(vals)
        return super().write(vals)

    @api.model
    def _check_numbers(self, vals):
        for fname, value in vals.items():
            field = self._fields.get(fname)
            if not value or field is None or field.type not in ("float", "monetary", "integer"):
                continue
            most = LARGEST_INTEGER if field.type == "integer" else LARGEST
            if self._is_own_field(field) and not _is_number_up_to(value, most):
                raise ValidationError(
                    self.env._(
                        "%(field)s: “%(value)s” is not a number from %(least)s to %(most)s.",
                        field=field._description_string(self.env),
                        value=str(value)[:50],
                        least=f"-{int(most)}",
                        most=int(most),
                    )
                )


def _is_number_up_to(value, most):
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return False
    return math.isfinite(number) and abs(number) <= most
