from odoo import models


class PartnershipOwnedMixin(models.AbstractModel):
    """A record that may be given to another partnership, by whoever works with both.

    Record rules look at a record before it is written, at the partnership that it leaves; this
    looks at the one that it comes to.
    """

    _name = "partnership.owned.mixin"
    _description = "Record of a Partnership"
    # The fields that say of which partnership a record is
    _owner_fields = ("partnership_id",)

    def write(self, vals):
        owners = [fname for fname in self._owner_fields if fname in vals]
        for fname in owners:
            self.env[self._fields[fname].comodel_name].browse(vals[fname]).check_access("read")
        result = super().write(vals)
        if owners:
            self.check_access("write")
        return result
