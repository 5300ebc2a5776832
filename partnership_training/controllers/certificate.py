from odoo import http
from odoo.http import request

from odoo.addons.partnership_management.controllers.public_page import public_route, render_page


class CertificateController(http.Controller):
    """Whoever has a certificate in hand sees whether it is good, and nothing else."""

    @public_route(
        "/partnership/certificate/<int(max=2147483647):enrolment_id>-<string:token>", "GET"
    )
    def partnership_certificate(self, enrolment_id, token, **_kwargs):
        Enrolment = request.env["partnership.enrolment"]
        enrolment = Enrolment._find_by_certificate_token(enrolment_id, token)
        return render_page(
            "partnership_training.certificate_page",
            {"certificate": enrolment},
            200 if enrolment else 404,
        )
