from odoo import http
from odoo.http import request


class CertificateController(http.Controller):
    """Whoever has a certificate in hand sees whether it is good, and nothing else."""

    @http.route(
        "/partnership/certificate/<int(max=2147483647):enrolment_id>-<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
    )
    def partnership_certificate(self, enrolment_id, token, **_kwargs):
        Enrolment = request.env["partnership.enrolment"]
        enrolment = Enrolment._find_by_certificate_token(enrolment_id, token)
        return request.render(
            "partnership_training.certificate_page",
            {"certificate": enrolment, "no_footer": True},
            status=200 if enrolment else 404,
        )
