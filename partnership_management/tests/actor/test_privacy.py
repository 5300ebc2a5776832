from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import PartnershipCase

# How a person is written in lists: forgotten with the contact
NOT_LOOKED_UP = ("partnership.spelling",)


@tagged("post_install", "-at_install")
@freeze_time("2024-06-15")
class TestPrivacy(PartnershipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.council = cls._create_member("Test council")
        seat = cls._create_seat(cls.council)
        cls.person = cls._create_person("Ann O'Test", parent=cls.council.partner_id)
        cls.person.write(
            {
                "email": "ann@test.example",
                "phone": "+32 470 00 00 00",
                "street": "Test street 1",
                "comment": "Test note",
                "function": "Test mayor",
            }
        )
        cls.mandate = cls._create_mandate(
            seat, cls.person, appointed_by="Letter of Ann O'Test", date_end="2024-06-04"
        )
        cls._create_mandate(seat, "Test successor", date_start="2024-06-05")
        cls.other = cls._create_person("Test other")
        cls.meetings = cls.env["calendar.event"]
        for start, status in (
            ("2023-05-01 16:00:00", "present"),
            ("2024-06-03 16:00:00", "present"),
            ("2024-06-04 16:00:00", "absent"),
        ):
            if start[:4] == "2023":
                cls.council.date_start = seat.date_start = cls.mandate.date_start = "2023-01-01"
            meeting = cls._create_meeting(start)
            meeting._fill_sheet()
            meeting.attendance_ids.write({"status": status, "reason": "Test confidential"})
            cls.env["partnership.attendance"]._record(
                meeting, cls.other, status="excused", proxy_id=cls.person.id, reason="Test mine"
            )
            meeting._close_sheet("absent")
            cls.meetings += meeting
        cls.meetings[2].attendance_ids.filtered("seat_id").status = "excused"
        cls.card = cls.env["partnership.candidate"].create(
            {
                "partnership_id": cls.partnership.id,
                "partner_id": cls._create_organisation("Test candidate").id,
                "contact_id": cls.person.id,
                "description": "<p>Call Ann O'Test</p>",
                "motivation": "<p>Ask Ann O'Test</p>",
                "decision_note": "Ann O'Test left the room",
                "letter_note": "Thank you, Ann O'Test",
            }
        )
        cls.card._message_log(body="Ann O'Test called")
        cls.card.outside_reason = "Ann O'Test asked"
        round_ = cls._open_round(opportunity="Offer of Ann O'Test", purpose="<p>Ask Ann O'Test</p>")
        round_._message_log(body="Ann O'Test called")
        cls.partnership.stage_history_ids.reason = "Word of Ann O'Test"
        cls.env["partnership.stage.check"].create(
            {
                "partnership_id": cls.partnership.id,
                "criterion_id": cls.env["partnership.stage.criterion"]
                .create({"name": "Test criterion", "stage_id": cls.partnership.stage_id.id})
                .id,
                "evidence": "Letter of Ann O'Test",
            }
        )
        cls.env["partnership.spelling"].create(
            {
                "partnership_id": cls.partnership.id,
                "kind": "person",
                "name": "A. O. Test",
                "partner_id": cls.person.id,
            }
        )

    def _anonymise(self, person=None, user=None):
        wizard = self.env["partnership.anonymise"].with_user(user or self.administrator)
        wizard.with_context(
            active_model="res.partner", active_ids=(person or self.person).ids
        ).create({}).action_anonymise()
        self.env.flush_all()
        self.env.invalidate_all()

    def _figures(self):
        self.env.flush_all()
        self.env.invalidate_all()
        domain = [("partnership_id", "=", self.partnership.id)]
        return [
            self.env[f"partnership.{name}.report"]
            .with_user(self.officer)
            .search(domain)
            .read(fnames, load=None)
            for name, fnames in (
                (
                    "participation",
                    ["event_id", "seat_id", "person_id", "outcome", "status", "presence_rate"],
                ),
                (
                    "representation",
                    ["organisation_id", "person_id", "date", "presences", "turnover"],
                ),
                ("composition", ["partner_id", "seat_id", "titular_id", "role_id"]),
            )
        ]

    def test_figures_stay(self):
        before = self._figures()
        self.assertTrue(all(before))
        self._anonymise()
        self.assertEqual(self._figures(), before)
        self.assertEqual(self.mandate.person_id, self.person)
        self.assertEqual(len(self.meetings.attendance_ids), 6)

    def test_person_is_gone(self):
        log = self._log(self.meetings[2])[0]
        self.assertIn("Ann O'Test", log.text)
        self._comment(self.person, "Test call with Ann")
        self._anonymise()
        person = self.person
        self.assertEqual(person.name, f"Anonymous person {person.id}")
        self.assertFalse(person.active)
        for fname in ("email", "phone", "street", "comment", "function", "parent_id"):
            self.assertFalse(person[fname], fname)
        self.assertFalse(person.message_ids)
        self.assertNotIn("O'Test", log.text)
        self.assertIn(person.name, log.text)
        self.assertEqual(self.mandate.appointed_by, f"Letter of {person.name}")
        self.assertFalse(self.env["partnership.spelling"].search([("partner_id", "=", person.id)]))
        rows = self.meetings.attendance_ids
        self.assertFalse(any(rows.filtered(lambda row: row.person_id == person).mapped("reason")))
        self.assertTrue(
            all(rows.filtered(lambda row: row.person_id == self.other).mapped("reason"))
        )

    def test_former_names_and_mails(self):
        with_tracking = self.person.with_context(tracking_disable=False)
        self._comment(self.meetings[0], "Wrote to ann@test.example, Annual report attached")
        with_tracking.email = "second@test.example"
        self.env.flush_all()
        self.env.cr.precommit.run()
        self._anonymise()
        bodies = "".join(self.meetings.message_ids.mapped("body"))
        self.assertIn("Annual report", bodies)
        self.assertNotIn("second@test.example", bodies)

    def test_no_text_of_the_database_names_the_person(self):
        """Whatever column of text our tables, events and their messages have."""
        self._anonymise()
        self.env.cr.execute(
            """SELECT table_name, column_name FROM information_schema.columns
                WHERE (table_name LIKE 'partnership\\_%%'
                       OR table_name IN ('mail_message', 'mail_tracking_value', 'calendar_event',
                                         'calendar_attendee', 'res_partner'))
                  AND table_schema = current_schema
                  AND data_type IN ('text', 'character varying', 'jsonb')
                  AND table_name IN (SELECT table_name FROM information_schema.tables
                                      WHERE table_type = 'BASE TABLE')"""
        )
        columns = self.env.cr.fetchall()
        self.assertGreater(len(columns), 100)
        for table, column in columns:
            self.env.cr.execute(
                f"""SELECT COUNT(*) FROM "{table}"
                     WHERE "{column}"::text ~* 'Ann O.{{1,5}}Test|ann@test|Test mayor|A. O. Test'"""
            )
            self.assertFalse(self.env.cr.fetchone()[0], f"{table}.{column}")

    def test_files_of_applications(self):
        """Those of the person's own candidature, and letters to the person about another."""
        own = self.env["partnership.candidate"].create(
            {"partnership_id": self.partnership.id, "partner_id": self.person.id}
        )
        own.write({"motivation": "<p>I</p>", "decision_note": "Test", "letter_note": "Test"})
        letter, statutes, mine = self.env["ir.attachment"].create(
            [
                {"name": name, "raw": b"Test", "res_model": card._name, "res_id": card.id}
                for name, card in (("letter", self.card), ("statutes", self.card), ("mine", own))
            ]
        )
        self._comment(self.card, "Test", partner_ids=self.person.ids, attachment_ids=letter.ids)
        self._anonymise()
        self.assertEqual((letter + statutes + mine).exists(), statutes)
        self.assertFalse(own.motivation or own.decision_note or own.letter_note)

    def test_administrator_alone(self):
        for user in (self.officer, self.facilitator, self.employee):
            with self.assertRaises(AccessError):
                self._anonymise(user=user)
            with self.assertRaises(AccessError):
                self.person.with_user(user)._partnership_anonymise()
        action = self.env.ref("partnership_management.partnership_anonymise_action")
        self.assertEqual(
            action.group_ids,
            self.env.ref("partnership_management.partnership_management_group_administrator"),
        )

    def test_who_is_not_anonymised(self):
        with self.assertRefused("Test council", exception=UserError):
            self._anonymise(self.council.partner_id)
        with self.assertRefused(self.portal_user.name, exception=UserError):
            self._anonymise(self.portal_user.partner_id)
        self.portal_user.write({"active": False, "login": "facilitator"})
        self.body.description = "<p>The facilitator came</p>"
        self._anonymise(self.portal_user.partner_id)
        self.assertEqual(self.body.description, "<p>The facilitator came</p>")
        self.assertEqual(self.portal_user.login, f"anonymous-{self.portal_user.id}")

    def test_contacts_of_odoo_itself(self):
        for user in (self.env.ref("base.user_root"), self.env.ref("base.public_user")):
            with self.assertRefused("Odoo itself", exception=UserError):
                user.partner_id.with_user(self.administrator)._partnership_anonymise()

    def test_person_whose_name_is_no_name(self):
        """Neither the one that it has, nor one that it had."""
        person = self._create_person("Test, Person")
        for name in (", ,", ". .", "( )"):
            person.name = name
        body = self._create_body("Test body, of. some (kind)")
        person.with_user(self.administrator)._partnership_anonymise()
        self.env.invalidate_all()
        self.assertEqual(body.name, "Test body, of. some (kind)")

    def test_archived_person(self):
        self.person.active = False
        self._anonymise()
        self.assertEqual(self.person.name, f"Anonymous person {self.person.id}")

    def test_others_of_the_name_stay(self):
        """Those with the same last name, and an organisation that bears the name of the person."""
        cousin = self._create_person("Eve O'Test")
        firm = self._create_organisation("Ann O'Test Consulting")
        meeting = self.meetings[0]
        meeting._message_log(body="Ann O'Test, O'Test and Eve O'Test of Ann O'Test Consulting")
        message = meeting.message_ids[:1]
        self._anonymise()
        self.assertEqual(
            message.body,
            f"<p>{self.person.name}, O'Test and Eve O'Test of Ann O'Test Consulting</p>",
        )
        self.assertEqual((cousin.name, firm.name), ("Eve O'Test", "Ann O'Test Consulting"))

    def test_address_of_the_organisation_stays(self):
        """It is not the person's alone."""
        self.council.partner_id.write({"email": "Info@test.example", "phone": "+32 2 111 11 11"})
        self.person.write({"email": "info@test.example", "phone": "+32 2 111 11 11"})
        text = "<p>Write to info@test.example or call +32 2 111 11 11</p>"
        self.body.description = text
        self._anonymise()
        self.assertEqual(self.body.description, text)
        self.assertFalse(self.person.email or self.person.phone)

    def test_person_of_whom_next_to_nothing_is_known(self):
        bo = self.env["res.partner"].create({"name": "Bo", "phone": "--"})
        before = self.body.description = "<p>Bo -- Bohemia</p>"
        self._anonymise(bo)
        self.assertEqual(self.body.description, before)
        self.assertEqual(bo.name, f"Anonymous person {bo.id}")

    def test_namesake_in_another_partnership(self):
        """Where two contacts have one name, it means the person in its own partnerships alone."""
        namesake = self._create_person("Ann O'Test")
        other = self.env["partnership.partnership"].create({"name": "Test other"})
        elsewhere = self._create_body("Test board", partnership_id=other.id)
        elsewhere.description = self.body.description = "<p>Ask Ann O'Test</p>"
        self._anonymise()
        self.assertEqual(elsewhere.description, "<p>Ask Ann O'Test</p>")
        self.assertEqual(self.body.description, f"<p>Ask {self.person.name}</p>")
        self.assertEqual(namesake.name, "Ann O'Test")
        self._anonymise(namesake)
        self.assertEqual(elsewhere.description, f"<p>Ask {namesake.name}</p>", "nobody else is")

    def test_what_the_user_is_told_before(self):
        file = self.env["ir.attachment"].create(
            {
                "name": "old.doc",
                "raw": b"\xd0\xcf\x11\xe0\x00\x01Ann O'Test",
                "res_model": "partnership.partnership",
                "res_id": self.partnership.id,
            }
        )
        wizard = self.env["partnership.anonymise"].with_user(self.administrator)
        wizard = wizard.create({"partner_ids": self.person.ids})
        self.assertIn("Stage", wizard.places)
        self.assertEqual(wizard.removed_files, "old.doc")
        count = wizard.place_count
        self.body.description = "<p>Ask Ann O'Test</p>"
        wizard.invalidate_recordset()
        self.assertEqual(wizard.place_count, count + 1)
        wizard.action_anonymise()
        self.assertIn(b"made anonymous", file.raw)
        self.assertEqual((file.name, file.mimetype), ("old.doc.txt", "text/plain"))
        self.assertFalse(wizard.partner_ids.sudo()._preview_anonymise()[0])

    def test_done_by_set(self):
        """As many questions to the database for five persons as for one, but those of Odoo to
        write each contact."""
        counts = []
        for number in (1, 5):
            persons = self.env["res.partner"].union(
                *(self._create_person(f"Test Xq{number}{letter}xx") for letter in "abcde"[:number])
            )
            self.body.description = f"<p>{', '.join(persons.mapped('name'))}</p>"
            self.env.flush_all()
            self.env.invalidate_all()
            redactions = persons.sudo()._get_redactions()
            before = self.env.cr.sql_log_count
            for found, redactor, is_shared in redactions:
                found._redact(redactor, is_shared)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(self.body.description.count("Anonymous person"), number)
        self.assertEqual(*counts)

    def test_nothing_waits_to_be_sent_to_the_person(self):
        mail = self.env["mail.mail"].create(
            {"subject": "Test", "recipient_ids": self.person.ids, "state": "outgoing"}
        )
        self.council.message_subscribe(self.person.ids)
        self._anonymise()
        self.assertFalse(mail.exists())
        self.assertNotIn(self.person, self.council.message_partner_ids)

    def test_privacy_lookup_finds_our_rows(self):
        """It looks at stored links to contacts that the database does not delete along: every
        model of ours that knows a person has one."""
        self.assertIn("privacy.lookup.wizard", self.env, "Odoo installs it along with mail")
        wizard = self.env["privacy.lookup.wizard"].create(
            {"name": self.person.name, "email": self.person.email}
        )
        wizard.action_lookup()
        found = {(line.res_model, line.res_id) for line in wizard.line_ids}
        expected = 0
        for model in self.env.values():
            if not model._name.startswith("partnership.") or not model._auto or model._transient:
                continue
            if model._abstract or model._name in NOT_LOOKED_UP:
                continue
            for field in model._fields.values():
                if field.comodel_name == "res.partner" and field.store:
                    rows = model.search([(field.name, "in", self.person.ids)])
                    expected += len(rows)
                    self.assertLessEqual({(model._name, id_) for id_ in rows.ids}, found, field)
        self.assertGreater(expected, 5)

    def test_links_to_persons_are_looked_up(self):
        """A model that is deleted along with the contact is not found: it says nothing but what
        the contact is called."""
        links = 0
        for model in self.env.values():
            if not model._name.startswith("partnership.") or not model._auto or model._transient:
                continue
            for field in model._fields.values():
                if field.type == "many2one" and field.comodel_name == "res.partner" and field.store:
                    links += 1
                    if model._name not in NOT_LOOKED_UP:
                        self.assertNotEqual(field.ondelete, "cascade", field)
        self.assertGreater(links, 10)
