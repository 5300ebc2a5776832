import base64
import runpy

from freezegun import freeze_time
from markupsafe import Markup

from odoo.tests import tagged
from odoo.tools.misc import file_path

from .common import PartnershipCase

NOTES = {
    "apology": (
        "<p>Ann Test (Test council) sends apologies. Bob comes instead.</p>",
        "<p>Ann Test takes the apology back and comes.</p>",
        "<p>Cancelled. Apologies had come from: Ann O'Test &amp; Sons.</p>",
    ),
    "check_in": ("<p>Ann Test has checked in by phone: Excused → Present</p>",),
    "code": ("<p>New check-in code: the codes printed so far no longer work.</p>",),
    "correction": (
        "<p>The closed sheet was corrected.</p><ul><li>Ann Test: Absent → Late</li></ul>",
    ),
    "merge": (
        "<p>Contacts were merged: two rows of one person became one.</p><ul><li>Ann</li></ul>",
        "<p>Contacts were merged: the proxy was given to the same person.</p>",
    ),
    "move": ("<p>Presence was recorded for 06/03/2024; the meeting has moved to 06/05/2024.</p>",),
    "synchronisation": (
        "<p>The remote calendar removed or moved this meeting. Presence is recorded, so it stays "
        "as it is, apart from its series and from the remote calendar.</p>",
    ),
}


@tagged("post_install", "-at_install")
class TestMigrationLog(PartnershipCase):
    """Notes as they stood in the history of a meeting until 19.0.1.1.0."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.script = runpy.run_path(
            file_path("partnership_management/migrations/19.0.1.2.0/post-meeting_log.py")
        )
        cls.meeting = cls._create_meeting()
        cls.person = cls._create_person("Ann Test")

    def _post(self, body, event=None, **values):
        """As the addon did, unless ``values`` say otherwise."""
        return (event or self.meeting).message_post(
            **{
                "body": Markup(body),
                "author_id": self.person.id,
                "subtype_xmlid": "mail.mt_note",
                **values,
            }
        )

    def test_notes_move(self):
        """With their date, author and files, and nothing twice."""
        bodies = [(kind, body) for kind, each in NOTES.items() for body in each]
        dates = []
        for number, (_kind, body) in enumerate(bodies):
            with freeze_time(f"2024-07-{number + 1:02} 10:00:00"):
                message = self._post(body)
            dates.append(message.date)
        file = self.env["ir.attachment"].create(
            {
                "name": "letter.txt",
                "datas": base64.b64encode(b"Test"),
                "res_model": "calendar.event",
                "res_id": self.meeting.id,
            }
        )
        message.attachment_ids = file
        for _again in range(2):
            self.script["move_notes"](self.env)
        logs = self._log(self.meeting).sorted("id")
        self.assertEqual(logs.mapped("kind"), [kind for kind, _body in bodies])
        self.assertEqual([str(log.text) for log in logs], [body for _kind, body in bodies])
        self.assertEqual(logs.mapped("date"), dates)
        self.assertEqual(logs.author_id, self.person)
        self.assertEqual(logs.partnership_id, self.partnership)
        self.assertEqual(logs[-1].attachment_ids, file)
        self.assertEqual((file.res_model, file.res_id), (logs._name, logs[-1].id))
        self.assertFalse(self._find("Ann"))

    def test_other_messages_stay(self):
        plain = self.env["calendar.event"].create(
            {"name": "Test plain", "start": "2024-06-03 08:00:00", "stop": "2024-06-03 09:00:00"}
        )
        apology = NOTES["apology"][0]
        kept = [
            self._post(apology, message_type="comment"),
            self._post(apology, subtype_xmlid="mail.mt_comment"),
            self._post(apology, event=plain),
            self._post("<p>Ann Test sends her regards.</p>"),
        ]
        self.script["move_notes"](self.env)
        self.assertTrue(all(message.exists() for message in kept))
        self.assertFalse(self._log(self.meeting) + self._log(plain))

    def test_meeting_in_the_archive(self):
        self._post(NOTES["apology"][0])
        self.meeting.active = False
        self.script["move_notes"](self.env)
        self.assertEqual(self._log(self.meeting).kind, "apology")

    def test_sentences_are_those_of_the_code(self):
        """Another wording would not be found in the languages of a database."""
        terms = file_path("partnership_management/i18n/partnership_management.pot")
        with open(terms) as stream:
            known = stream.read().replace('"\n"', "")
        self.assertTrue(self.script["SENTENCES"])
        for sentences in self.script["SENTENCES"].values():
            for sentence in sentences:
                self.assertIn(f'msgid "{sentence}"', known)

    def _find(self, words):
        return self.env["mail.message"].search(
            [
                ("model", "=", "calendar.event"),
                ("res_id", "=", self.meeting.id),
                ("body", "ilike", words),
            ]
        )
