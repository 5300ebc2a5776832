from lxml import html

from odoo.tests import HttpCase

from ..common import PartnershipCase


class CheckInCase(PartnershipCase, HttpCase):
    """A board of a council with an alternate, a firm whose titular speaks for a farm too, a
    resident and a seat that nobody holds; it meets on 3 June 2024 from 18:00 to 20:00 in Brussels,
    16:00 UTC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.resident = cls._create_person("Test resident")
        cls.council, cls.firm, cls.farm, cls.single, cls.vacant = (
            cls._create_seat(cls._create_member(actor))
            for actor in (
                "Test council",
                "Test firm",
                "Test farm",
                cls.resident,
                "Test vacant",
            )
        )
        cls.titular = cls._create_mandate(cls.council, "Test titular").person_id
        cls.alternate = cls._create_mandate(cls.council, "Test alternate", "alternate").person_id
        cls.double = cls._create_mandate(cls.firm, "Test double").person_id
        cls._create_mandate(cls.farm, cls.double)
        cls.outsider = cls._create_person("Test outsider")
        cls.meeting = cls._create_meeting()
        cls.partnership.tz = "Europe/Brussels"

    def _path(self, meeting=None):
        return f"/partnership/check-in/{(meeting or self.meeting)._get_check_in_token()}"

    def _get(self, status=200, path=None):
        """:return: the page, as lxml"""
        response = self.url_open(path or self._path())
        self.assertEqual(response.status_code, status)
        return html.fromstring(response.content)

    def _post(self, person, *organisations, status=200, path=None, **values):
        """Check in as the form of the page does; ``organisations`` are contacts, none or ids."""
        organisations = organisations or (self.env["res.partner"],)
        data = {
            "csrf_token": self._get_token(),
            "person": getattr(person, "id", person),
            "organisation": [getattr(each, "id", each) or 0 for each in organisations],
            **values,
        }
        response = self.url_open(path or self._path(), data=data)
        self.assertEqual(response.status_code, status)
        return _text(html.fromstring(response.content))

    def _get_token(self):
        page = html.fromstring(self.url_open("/web/login").content)
        return page.xpath("//input[@name='csrf_token']/@value")[0]

    def _status(self, person, meeting=None):
        rows = (meeting or self.meeting).attendance_ids
        rows.invalidate_recordset()
        return {
            row.organisation_id.name or "": row.status for row in rows if row.person_id == person
        }


def _text(page):
    for script in page.xpath("//script | //style"):
        script.drop_tree()
    return " ".join(page.text_content().split())
