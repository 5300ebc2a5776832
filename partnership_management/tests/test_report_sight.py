from freezegun import freeze_time

from odoo.tests import tagged

from .report_common import ReportCase, ReportWalk


@tagged("post_install", "-at_install")
@freeze_time("2024-12-31 10:00:00")
class TestReportSight(ReportCase, ReportWalk):
    pass
