from odoo import api, fields, models
from odoo.fields import Command


class PartnershipFilesMixin(models.AbstractModel):
    """A record with files of its own.

    They belong to the record: whoever may read it may read them, and nobody else.
    """

    _name = "partnership.files.mixin"
    _description = "Record with Files"

    attachment_ids = fields.Many2many("ir.attachment", string="Attachments")

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._own_attachments()
        return records

    def write(self, vals):
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._own_attachments()
        return result

    def copy(self, default=None):
        """With copies of the files: those of the record go with it when it is deleted."""
        copies = super().copy(default)
        for copy in copies:
            files = [file.copy({"res_id": copy.id}).id for file in copy.attachment_ids]
            copy.attachment_ids = [Command.set(files)]
        return copies

    def _own_attachments(self):
        """Nobody adds a file that he may not read himself."""
        self.sudo().attachment_ids.with_env(self.env).check_access("read")
        for record in self:
            loose = record.attachment_ids.filtered(
                lambda file: not file.res_id and file.create_uid == self.env.user
            )
            loose.write({"res_model": self._name, "res_id": record.id})
