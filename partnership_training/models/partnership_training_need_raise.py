from odoo import api, models


class PartnershipTrainingNeed(models.Model):
    """How a need comes to be: raised by hand, or by what happens to members."""

    _inherit = "partnership.training.need"

    @api.model
    def _raise(self, vals_list):
        """Open needs; one that is open already for the same subject and origin is not doubled.

        :param vals_list: values as for ``create``
        :return: for each values, in order, its need: the new one or the one that was there
        """
        needs = self.browse()
        for vals, found in zip(vals_list, self._find_open(vals_list), strict=True):
            needs += found or self.create(vals)
        return needs

    @api.model
    def _find_open(self, vals_list):
        return [self.browse() for _vals in vals_list]
