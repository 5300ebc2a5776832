from odoo import models
from odoo.http import request

from ..tools.untrusted import keep_private


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _post_dispatch(cls, response):
        result = super()._post_dispatch(response)
        keep_private(request.httprequest.path, response)
        return result

    @classmethod
    def _handle_error(cls, exception):
        return keep_private(request.httprequest.path, super()._handle_error(exception))
