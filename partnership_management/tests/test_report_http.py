from freezegun import freeze_time

from odoo.tests import HttpCase, tagged

from .report_common import ReportCase
from .report_http_common import ReportHttpWalk


@tagged("post_install", "-at_install")
@freeze_time("2024-12-31 10:00:00")
class TestReportHttp(ReportHttpWalk, HttpCase, ReportCase):
    pass
