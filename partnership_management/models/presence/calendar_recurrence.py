from odoo import models

from ...tools.internal import INTERNAL


class CalendarRecurrence(models.Model):
    _inherit = "calendar.recurrence"

    def _cancel(self):
        return super(CalendarRecurrence, self.with_context(partnership_sync=INTERNAL))._cancel()

    def _cancel_microsoft(self):
        this = self.with_context(partnership_sync=INTERNAL)
        return super(CalendarRecurrence, this)._cancel_microsoft()

    def _sync_google2odoo(self, *args, **kwargs):
        this = self.with_context(partnership_sync=INTERNAL)
        return super(CalendarRecurrence, this)._sync_google2odoo(*args, **kwargs)

    def _sync_microsoft2odoo(self, *args, **kwargs):
        this = self.with_context(partnership_sync=INTERNAL)
        return super(CalendarRecurrence, this)._sync_microsoft2odoo(*args, **kwargs)
