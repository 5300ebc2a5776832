from odoo import http
from odoo.tests import HttpCase
from odoo.tools import SQL

from .common import PartnershipCase

MARK = "Test for the team alone"
# What stands for a record, and is no text
KEYS = ("access_token", "key", "tz")
# What the team writes in Odoo's own tables
CORE_TEXTS = {
    "mail.message": ("body", "subject"),
    "mail.activity": ("summary", "note", "res_name"),
    "mail.tracking.value": ("old_value_char", "new_value_char"),
    "res.partner": ("comment", "function"),
}


class OutgoingCase(PartnershipCase, HttpCase):
    """Whatever goes to others: mails, letters, files, pages."""

    addon = "partnership_management"
    login = None  # of the user who reads the pages

    def _mark_what_stays(self):
        """Every text that is on no list of what is read or sent holds the mark.

        :return: set of "model.field"
        """
        self.env.flush_all()
        marked = set()
        for model in self.env.values():
            for fname in self._get_team_texts(model):
                self._mark(model, fname)
                marked.add(f"{model._name}.{fname}")
        self.env.invalidate_all()
        return marked

    def _get_team_texts(self, model):
        if model._abstract or not model._auto or model._transient:
            return []
        if model._name in CORE_TEXTS:
            return CORE_TEXTS[model._name]
        if not hasattr(model, "_team_fields"):
            return []
        sent = set().union(*(vars(cls).get("_sent_fields", ()) for cls in type(model).mro()))
        own = model._name.startswith("partnership.")
        return [
            field.name
            for field in model._fields.values()
            if field.store
            and field.type in ("char", "text", "html")
            and (own or model._is_own_field(field))
            and field.name in model._team_fields - sent
            and field.name not in KEYS
            and not getattr(field, "size", None)
            and not field.inherited
        ]

    def _mark(self, model, fname):
        value = SQL("%s || id", f"{MARK} ")
        if model._fields[fname].translate:
            value = SQL("jsonb_build_object('en_US', %s)", value)
        table, column = SQL.identifier(model._table), SQL.identifier(fname)
        self.env.cr.execute(SQL("UPDATE %s SET %s = %s", table, column, value))

    # ------------------------------------------------------------
    # What goes out
    # ------------------------------------------------------------

    def _read_mail(self, xml_id, record):
        """:return: all that the mail says, its files included"""
        template = self.env.ref(xml_id)
        self.assertEqual(template.model, record._name)
        texts = [
            template._render_field(fname, record.ids)[record.id]
            for fname in ("subject", "body_html", "email_from", "reply_to")
        ]
        texts += [self._read_report(report, record) for report in template.report_template_ids]
        return " ".join(str(text) for text in texts if text)

    def _read_report(self, report, record):
        content, _kind = report._render_qweb_html(report.report_name, record.ids)
        return content.decode()

    def _read_page(self, url, status=200, **data):
        if data:
            self.authenticate(self.login, self.login)
            data["csrf_token"] = http.Request.csrf_token(self)
        response = self.url_open(url, data=data or None)
        self.assertEqual(response.status_code, status, url)
        self.env.invalidate_all()
        return response.text

    def _get_templates(self):
        """:return: set of the external ids of the mails that the addon has"""
        mails = self.env["ir.model.data"].search(
            [("module", "=", self.addon), ("model", "=", "mail.template")]
        )
        return set(mails.mapped("complete_name"))

    def _get_reports(self):
        reports = self.env["ir.model.data"].search(
            [("module", "=", self.addon), ("model", "=", "ir.actions.report")]
        )
        return set(reports.mapped("complete_name"))

    def _get_routes(self):
        """:return: set of the addresses of the pages that the addon has"""
        addons = self.env.registry._init_modules
        return {
            url
            for url, endpoint in http._generate_routing_rules(addons, nodb_only=False)
            if endpoint.__module__.startswith(f"odoo.addons.{self.addon}.")
        }


class OutgoingWalk:
    """To be mixed with a case that has the data: ``_get_mails()`` -> dict external id -> record,
    ``_get_prints()`` the same of reports, ``_get_pages()`` -> dict route -> list of callables that
    read it, ``_get_others()`` -> dict name -> callable that gives what is sent otherwise."""

    allow_inherited_tests_method = True  # Odoo's own runner, too, runs what stands here

    def test_everything_that_goes_out_is_listed(self):
        """A new mail, letter or page is looked at as well."""
        self.assertEqual(set(self._get_mails()), self._get_templates())
        self.assertEqual(set(self._get_prints()), self._get_reports())
        self.assertEqual(set(self._get_pages()), self._get_routes())

    def test_nothing_that_goes_out_says_what_stays(self):
        marked = self._mark_what_stays()
        self.assertGreater(len(marked), 20)
        ways = {
            **{
                name: [lambda name=name, record=record: self._read_mail(name, record)]
                for name, record in self._get_mails().items()
            },
            **{
                name: [
                    lambda name=name, record=record: self._read_report(self.env.ref(name), record)
                ]
                for name, record in self._get_prints().items()
            },
            **self._get_pages(),
            **{name: [read] for name, read in self._get_others().items()},
        }
        for name, reads in ways.items():
            self.assertTrue(reads, name)
            for read in reads:
                with self.subTest(name):
                    text = read()
                    self.assertGreater(len(text), 20)
                    self.assertNotIn(MARK, text)
