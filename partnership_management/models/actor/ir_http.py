from werkzeug.exceptions import HTTPException

from odoo import models
from odoo.http import request

from ...tools.untrusted import keep_private, keep_texts


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _match(cls, path):
        """What has no page of ours to pass through: moved to another language, or a method that
        the address does not take."""
        try:
            return super()._match(path)
        except HTTPException as error:
            error.error_response = keep_private(path, error)
            raise

    @classmethod
    def _dispatch(cls, endpoint):
        request.params = keep_texts(request.httprequest.path, request.params)
        return super()._dispatch(endpoint)

    @classmethod
    def _post_dispatch(cls, response):
        result = super()._post_dispatch(response)
        keep_private(request.httprequest.path, response)
        return result

    @classmethod
    def _handle_error(cls, exception):
        return keep_private(request.httprequest.path, super()._handle_error(exception))
