import base64
import csv
import io

import openpyxl

from ..common import PartnershipCase


class ImportCase(PartnershipCase):
    """A partnership with two organisations and their persons; lists are imported as the
    facilitator of its team drives the wizard."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.council = cls._create_member("Council of Testville")
        cls.firm = cls._create_member("Test Firm Ltd")
        cls.town, cls.company = cls.council.partner_id, cls.firm.partner_id
        cls.seats = cls._create_seat(cls.council) + cls._create_seat(cls.firm)
        cls.anna = cls._create_mandate(cls.seats[0], "Anna Tester").person_id
        cls.bert = cls._create_mandate(cls.seats[1], "Bert Tester").person_id
        cls.bert.ref = "BT"

    @staticmethod
    def _csv(*rows, delimiter=","):
        buffer = io.StringIO(newline="")
        csv.writer(buffer, delimiter=delimiter).writerows(rows)
        return buffer.getvalue()

    @staticmethod
    def _xlsx(*rows, sheets=("Sheet",)):
        book = openpyxl.Workbook()
        book.active.title = sheets[0]
        for name in sheets[1:]:
            book.create_sheet(name)
        for row in rows:
            book.active.append(row)
        buffer = io.BytesIO()
        book.save(buffer)
        return buffer.getvalue()

    def _start(self, content, user=None, filename="list.csv", **values):
        """:param content: bytes, a text, or a list of rows for a CSV file"""
        if isinstance(content, list):
            content = self._csv(*content)
        if isinstance(content, str):
            content = content.encode()
        return (
            self.env["partnership.import"]
            .with_user(user or self.facilitator)
            .create(
                {
                    "partnership_id": self.partnership.id,
                    "body_id": self.body.id,
                    "file": base64.b64encode(content),
                    "filename": filename,
                    **values,
                }
            )
        )

    def _match(self, content, **values):
        wizard = self._start(content, **values)
        wizard.action_read()
        wizard.action_match()
        return wizard

    def _import(self, content, **values):
        """Import with every proposal accepted and everything created that is missing."""
        wizard = self._match(content, **values)
        wizard.action_accept_all()
        wizard.action_create_all()
        wizard.action_preview()
        wizard.action_import()
        self.env.flush_all()
        return wizard

    def _get_match(self, wizard, kind, name):
        return wizard.match_ids.filtered(
            lambda match: match.kind == kind and (match.name or "") == name
        )

    def _states(self, wizard):
        return [line.state for line in wizard.line_ids]

    def _decode(self, content):
        """:return: rows of a report"""
        return list(csv.reader(io.StringIO(base64.b64decode(content).decode("utf-8-sig"))))
