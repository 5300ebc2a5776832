from odoo import fields, http
from odoo.exceptions import UserError
from odoo.http import request

from ..tools.untrusted import cut_text
from .public_page import public_route, render_page

PAGE = "/partnership/briefing/<int:receipt_id>/<string:token>"


class BriefingController(http.Controller):
    """The page of a briefing for a reader who has the personal link, with or without account.

    The token opens one receipt: nothing is read as the system before it is verified, and nothing
    but this briefing after it. Looking at the page changes nothing.
    """

    @public_route(PAGE, "GET")
    def briefing(self, receipt_id, token, **_kwargs):
        return self._with_receipt(receipt_id, token, self._show)

    @public_route(f"{PAGE}/read", "POST")
    def briefing_read(self, receipt_id, token, **_kwargs):
        def confirm(receipt):
            receipt._confirm_read()
            return request.redirect(f"/partnership/briefing/{receipt_id}/{token}")

        return self._with_receipt(receipt_id, token, confirm)

    @public_route(f"{PAGE}/relay", "POST")
    def briefing_relay(self, receipt_id, token, evidence="", date="", **_kwargs):
        def confirm(receipt):
            if not receipt.ask_relay:
                raise request.not_found()
            try:
                with request.env.cr.savepoint():
                    receipt._confirm_relayed(cut_text(evidence), date)
                    receipt.flush_recordset()
            except UserError as error:
                return self._show(
                    receipt, error=str(error), evidence=cut_text(evidence), date=date[:10]
                )
            return request.redirect(f"/partnership/briefing/{receipt_id}/{token}")

        return self._with_receipt(receipt_id, token, confirm)

    @public_route(f"{PAGE}/file/<int:file_id>", "GET")
    def briefing_file(self, receipt_id, token, file_id, **_kwargs):
        def download(receipt):
            file = receipt.briefing_id.attachment_ids.filtered(lambda file: file.id == file_id)
            if not file:
                raise request.not_found()
            stream = request.env["ir.binary"]._get_stream_from(file)
            return stream.get_response(as_attachment=True)

        return self._with_receipt(receipt_id, token, download)

    def _with_receipt(self, receipt_id, token, answer):
        """:param answer: what to do with the receipt, as the system, if ``token`` opens it"""
        receipt = request.env["partnership.briefing.receipt"].sudo().browse(receipt_id).exists()
        if not receipt or not receipt._is_token(token):
            return self._render("briefing_page_refused", {"receipt": None}, status=404)
        lang = request.env["res.lang"]._get_code(receipt.person_id.lang)
        request.update_context(lang=lang or request.env.lang)
        receipt = receipt.with_context(lang=request.env.lang)
        if not receipt._is_open():
            return self._render("briefing_page_refused", {"receipt": receipt}, status=403)
        return answer(receipt)

    def _show(self, receipt, **values):
        today = receipt.briefing_id._get_today()
        return self._render(
            "briefing_page",
            {
                "receipt": receipt,
                "briefing": receipt.briefing_id,
                "url": f"/partnership/briefing/{receipt.id}/{receipt.access_token}",
                "today": fields.Date.to_string(today),
                "error": None,
                **values,
            },
        )

    def _render(self, template, values, status=200):
        return render_page(f"partnership_management.{template}", values, status)
