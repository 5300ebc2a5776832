from odoo import api, models


class PartnershipFigureSource(models.AbstractModel):
    """A record on which the figures of members rest: they follow when it changes."""

    _name = "partnership.figure.source"
    _description = "Source of Figures"
    # The fields that figures rest on, and those of them that say something from the end on only
    _figure_fields = frozenset()
    _figure_end_fields = frozenset({"date_end", "end_kind"})

    def _get_figure_periods(self, fnames):
        """From when on figures change, for fields of these records.

        :param fnames: set of field names
        :return: list of periods, see ``partnership.membership.figure._refresh_periods``
        """
        owner = "id" if self._name == "partnership.membership" else "membership_id"
        since = "date_end" if fnames <= self._figure_end_fields else "date_start"
        return [
            (record[owner] if owner == "id" else record[owner].id, record[since], None, None)
            for record in self
            if record[since]
        ]

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._touch_figures(self._figure_fields)
        return records

    def write(self, vals):
        changed = self._figure_fields & vals.keys()
        if not changed:
            return super().write(vals)
        self._touch_figures(changed)
        result = super().write(vals)
        self._touch_figures(changed)
        return result

    def unlink(self):
        self._touch_figures(self._figure_fields)
        return super().unlink()

    def _touch_figures(self, fnames):
        periods = self.sudo()._get_figure_periods(fnames)
        self.env["partnership.membership.figure"]._postpone(periods)
