import base64
import gzip
import io
import re
import zipfile

import openpyxl
from freezegun import freeze_time
from reportlab.pdfgen import canvas

from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools.pdf import PdfReader

from .evaluation.test_evaluation import EvaluationCase

NAME, MAIL, PHONE = "Zwyla Xqzname", "zwyla@xqzname.example", "+32 471 23 45 67"
LOOK_FOR = re.compile(r"xqzname|zwyla|471[\s.]?23[\s.]?45[\s.]?67", re.I)
TEXTS = ("text", "varchar", "jsonb", "json", "bpchar", "_text", "_varchar", "bytea", "xml")
KEYS = ("access_token", "key", "tz", "certificate_number")  # what no person reads
# A spelling that means the person is forgotten with the name
FORGOTTEN = {"partnership_spelling"}


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15 10:00:00")
class TestAnonymise(EvaluationCase):
    """A person who did all that one can do here, and of whom everybody wrote, in every text that
    there is: afterwards no table holds the name, and no count has changed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.council = cls._create_member("Test council")
        cls.user = new_test_user(cls.env, MAIL, "base.group_portal", name=NAME, email=MAIL)
        cls.person = cls.user.partner_id
        cls.person.write({"parent_id": cls.council.partner_id.id, "phone": PHONE, "ref": "Xqz 1"})
        cls.user.active = False
        cls.seat = cls._create_seat(cls.council)
        cls.mandate = cls._create_mandate(cls.seat, cls.person, date_end="2024-06-10")
        cls.other = cls._create_mandate(
            cls._create_seat(cls._create_member("Test firm")), "Test other"
        )
        cls.tracked = cls.env(context=dict(cls.env.context, tracking_disable=False))

    # ------------------------------------------------------------
    # A life in the partnership
    # ------------------------------------------------------------

    def _live(self):
        self._meet()
        self._learn()
        self._apply()
        self._import()
        self._speak_of()
        self.mandate.action_hand_over()
        self.env.flush_all()
        self.env.cr.precommit.run()

    def _meet(self):
        self.meeting = self._create_meeting(
            name=f"Visit of {NAME}",
            location=f"at Xqzname, {NAME.split()[0]}'s",
            description="<p><b>Zwyla</b> Xqzname tells</p>",
            partner_ids=(self.person + self.other.person_id).ids,
            recurrency=True,
            mon=True,
            rrule_type="weekly",
            end_type="count",
            count=3,
        )
        self.meeting._fill_sheet()
        self.meeting.attendance_ids.write({"status": "excused", "reason": f"{NAME} knows why"})
        self.meeting.partnership_minutes = f"<p>{NAME} ({MAIL}) was heard</p>"
        self.meeting._close_sheet("absent")
        ahead = self._create_meeting("2024-07-03 16:00:00", partner_ids=self.person.ids)
        self._invite(ahead)
        briefing = self.env["partnership.briefing"].create(
            {
                "name": f"News of {NAME}",
                "partnership_id": self.partnership.id,
                "body": f"<p>{NAME} wrote</p>",
                "receipt_ids": [Command.create({"person_id": self.person.id})],
            }
        )
        briefing.action_send()
        briefing.receipt_ids._confirm_read()
        self.env["partnership.membership.figure"]._refresh(self.council, "2024-06-14")

    def _learn(self):
        self.session.seats_max = 5
        enrolment = self._create_enrolment(self.person)
        enrolment.write({"state": "confirmed", "note": f"{NAME} is slow"})
        self.session.message_post(body=f"Ask {NAME}", subject=NAME)
        enrolment._tell("confirmed")
        self._attend(self.past_event, p1="present", p2="present", pXqzname="present")
        self.session.action_done()
        self.session.action_send_feedback()
        self._answer(self._asked("reaction", enrolment), (5, 5), f"I, {NAME}, liked it")
        self._answer(self._asked("reaction", self.first), (4, 4), f"{NAME} talked too much")
        enrolment.action_issue_certificates()
        self.env["partnership.training.need"].create(
            {"membership_id": self.council.id, "course_id": self.course.id, "origin_text": NAME}
        )

    def _apply(self):
        card = self.env["partnership.candidate"].create(
            {
                "partnership_id": self.partnership.id,
                "partner_id": self._create_organisation("Test choir").id,
                "contact_id": self.person.id,
                "description": f"<p>Call {NAME}, 0471 23.45.67</p>",
            }
        )
        card.outside_reason = f"{NAME} asked"
        self.env["partnership.candidate"].create(
            {"partnership_id": self.partnership.id, "partner_id": self.person.id}
        )

    def _import(self):
        rows = [["date", "organisation", "person", "status"]]
        rows.append(["2024-06-04", "Test council", NAME, "present"])
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        content = io.BytesIO()
        book.save(content)
        for file in (content.getvalue(), "\n".join(map(",".join, rows)).encode()):
            wizard = self.env["partnership.import"].create(
                {
                    "partnership_id": self.partnership.id,
                    "body_id": self.body.id,
                    "file": base64.b64encode(file),
                    "filename": f"{NAME}.xlsx",
                }
            )
            wizard.action_read()
            wizard.action_match()
            self.env["base_import.import"].create(
                {"res_model": "partnership.mandate", "file": file, "file_name": f"{NAME}.csv"}
            )
        self.book = content.getvalue()

    def _speak_of(self):
        """What others write, and what Odoo writes by itself."""
        mandate = self.other.with_env(self.tracked)
        mandate.message_post(body=f"In place of {NAME.upper()}", subject=NAME)
        mandate.appointed_by = f"{NAME}, by mail"
        mandate.end_reason = "Xqzname, Zwyla goes on"
        self.mandate.activity_schedule("mail.mail_activity_data_todo", note=f"<p>{NAME}</p>")
        self.council.activity_schedule("mail.mail_activity_data_todo", summary=f"Thank {NAME}")
        self.council.partner_id.message_post(body=f"{NAME} was here")
        self.council.partner_id.comment = f"<p>{NAME} has the key</p>"
        transition = self.council.transition_ids[:1]
        transition.write({"reason": f"Letter of {NAME}", "evidence": NAME})
        self._harmless = self._print("Annual report")
        self.files = self.env["ir.attachment"].create(
            [
                {"name": name, "raw": raw, "res_model": record._name, "res_id": record.id}
                for name, raw, record in (
                    (f"CV_{NAME.replace(' ', '_')}.xlsx", self.book, self.other),
                    ("list.csv", f"a;b\n{NAME};1".encode(), self.meeting),
                    ("old.csv", f"é;b\n{NAME};1".encode("latin-1"), self.meeting),
                    ("list.csv.gz", gzip.compress(f"{NAME};1".encode()), self.session),
                    ("letter.pdf", self._print(f"Dear {NAME}"), self.council),
                    ("harmless.pdf", self._harmless, self.council),
                )
            ]
        )
        self.env["ir.attachment"].search([("name", "=", "list.csv")]).db_datas = NAME.encode()
        self.env["ir.filters"].create(
            {
                "name": NAME,
                "model_id": "partnership.mandate",
                "domain": f"[('person_id', 'ilike', '{NAME}')]",
            }
        )
        self.env["bus.bus"].create({"channel": "x", "message": f'{{"body": "{NAME}"}}'})
        self.env["ir.logging"].create(
            {"name": "x", "type": "server", "path": "x", "line": "1", "func": "x", "message": NAME}
        )
        self.env["ir.model.data"].create(
            {
                "module": "__import__",
                "name": "zwyla_xqzname",
                "model": "res.partner",
                "res_id": self.person.id,
            }
        )

    def _print(self, text):
        content = io.BytesIO()
        page = canvas.Canvas(content)
        page.drawString(100, 700, text)
        page.save()
        return content.getvalue()

    def _stamp(self):
        """Every text of ours names the person, whoever writes it.

        :return: number of columns that do
        """
        stamped = 0
        for model in self.env.values():
            if not model._name.startswith("partnership.") or not model._auto or model._abstract:
                continue
            for field in model._fields.values():
                if field.store and field.type in ("char", "text", "html"):
                    if field.translate or getattr(field, "size", None) or field.name in KEYS:
                        continue
                    self.env.cr.execute(
                        f"""UPDATE "{model._table}" SET "{field.name}" =
                            CONCAT("{field.name}", ' - {NAME}')"""
                    )
                    stamped += self.env.cr.rowcount > 0
        self.env.invalidate_all()
        return stamped

    # ------------------------------------------------------------
    # What is found
    # ------------------------------------------------------------

    def _find_name(self):
        """:return: dict table.column or name of a file -> what names the person there"""
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT table_name, column_name FROM information_schema.columns
                 JOIN information_schema.tables USING (table_schema, table_name)
                WHERE table_schema = current_schema AND table_type = 'BASE TABLE'
                  AND udt_name = ANY(%s)""",
            [list(TEXTS)],
        )
        found = {}
        for table, column in self.env.cr.fetchall():
            self.env.cr.execute(f'SELECT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL')
            for (value,) in self.env.cr.fetchall():
                if word := self._find_word(value):
                    found.setdefault(f"{table}.{column}", word)
        self.env.cr.execute("SELECT id, store_fname FROM ir_attachment WHERE store_fname <> ''")
        for id_, path in self.env.cr.fetchall():
            if word := self._find_word(self.env["ir.attachment"]._file_read(path)):
                found[f"file of attachment {id_}"] = word
        return found

    def _find_word(self, value):
        if isinstance(value, memoryview):
            value = bytes(value)
        if not isinstance(value, bytes):
            found = LOOK_FOR.search(str(value))
            return found and str(value)[max(0, found.start() - 20) : found.end() + 20]
        return next(filter(None, map(self._find_word, self._unpack(value))), None)

    def _unpack(self, content):
        """:return: list of what is in a file, in whatever it is packed"""
        if content.startswith(b"PK"):
            archive = zipfile.ZipFile(io.BytesIO(content))
            return [archive.read(name) for name in archive.namelist()] + archive.namelist()
        if content.startswith(b"\x1f\x8b"):
            return [gzip.decompress(content)]
        if content.startswith(b"%PDF"):
            return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
        texts = [content.decode("latin-1")]
        if re.fullmatch(rb"[A-Za-z0-9+/=\n]{20,}", content) and len(content) % 4 == 0:
            texts.append(base64.b64decode(content))
        return texts

    def _count(self):
        """:return: dict table -> number of rows, and dict report -> its numbers"""
        self.env.flush_all()
        self.env.invalidate_all()
        rows, numbers = {}, {}
        for model in self.env.values():
            if not model._name.startswith("partnership.") or model._abstract:
                continue
            if model._auto and not model._transient:
                self.env.cr.execute(f'SELECT COUNT(*) FROM "{model._table}"')
                rows[model._table] = self.env.cr.fetchone()[0]
            elif not model._auto:
                kinds = ("integer", "float", "many2one", "selection", "date", "boolean")
                fnames = [name for name, field in model._fields.items() if field.type in kinds]
                numbers[model._name] = [
                    {name: getattr(row[name], "id", row[name]) for name in fnames}
                    for row in model.search([], order="id")
                ]
        return rows, numbers

    def _anonymise(self):
        wizard = self.env["partnership.anonymise"].with_user(self.administrator)
        wizard = wizard.create({"partner_ids": self.person.ids})
        seen = wizard.read(["place_count", "removed_files"])[0]
        wizard.action_anonymise()
        self.env.flush_all()
        self.env.invalidate_all()
        return seen

    def test_no_table_holds_the_name(self):
        self._live()
        self.assertGreater(self._stamp(), 40)
        before = self._find_name()
        self.assertGreater(len(before), 70, "the test looks where nothing is")
        rows, numbers = self._count()
        self.assertGreater(sum(map(bool, rows.values())), 20)
        self.assertGreater(sum(map(bool, numbers.values())), 5)
        seen = self._anonymise()
        self.assertGreater(seen["place_count"], 80)
        self.assertEqual(seen["removed_files"], "letter.pdf")
        self.assertEqual(self._find_name(), {})
        rows_after, numbers_after = self._count()
        for table in FORGOTTEN:
            del rows[table], rows_after[table]
        self.assertEqual(rows_after, rows)
        self.assertEqual(numbers_after, numbers)
        kept = self.files.exists().filtered(lambda file: file.name == "harmless.pdf")
        self.assertEqual(kept.raw, self._harmless)
