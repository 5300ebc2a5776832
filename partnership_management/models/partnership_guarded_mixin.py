from odoo import models


class PartnershipGuardedMixin(models.AbstractModel):
    """What a client may neither write nor read, whatever it sends.

    Every model of ours has it, and every model of Odoo that we add fields to.
    """

    _name = "partnership.guarded.mixin"
    _description = "Guarded Record"
