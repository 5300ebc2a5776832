from odoo import api, fields, models
from odoo.tools import split_every


class IrCron(models.Model):
    """All jobs of the addons run in steps, and go on where they stopped."""

    _inherit = "ir.cron"

    @api.model
    def _run_in_batches(self, keys, size, work):
        """Do ``work`` on batches of ``keys``, each of them committed, for as long as there is time.
        A run that has to stop leaves a mark: the next one goes on behind it.

        :param keys: iterable of ids, or of something else that JSON holds and that has an order
        :param work: function of the list of the keys in a batch
        """
        progress = self.env["ir.cron.progress"].sudo()
        progress = progress.browse(self.env.context.get("ir_cron_progress_id"))
        keys = progress._get_keys_left(sorted(keys))
        self._commit_progress(remaining=len(keys))
        for batch in split_every(size, keys, list):
            work(batch)
            progress.write({"partnership_mark": batch[-1]})
            if not self._commit_progress(len(batch)):
                return


class IrCronProgress(models.Model):
    _name = "ir.cron.progress"
    _inherit = ["ir.cron.progress", "partnership.guarded.mixin"]

    partnership_mark = fields.Json(
        readonly=True, help="The last that a job of partnerships has done."
    )

    def _get_keys_left(self, keys):
        """After a run that got nowhere, a job begins anew: something that fails every night must
        not keep it from what stands before that.

        :return: those of ``keys`` that the run before had no time for; all, where it had
        """
        if not self:  # not a run of a job
            return keys
        before = self.search(
            [("cron_id", "=", self.cron_id.id), ("id", "<", self.id)], order="id desc", limit=1
        )
        mark = before.done and before.remaining and before.partnership_mark
        return [key for key in keys if mark and key > mark] or keys
