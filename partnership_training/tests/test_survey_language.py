import runpy

from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools.misc import file_path

SURVEYS = ("survey_reaction", "survey_learning", "survey_behaviour")


@tagged("post_install", "-at_install")
class TestSurveyLanguage(HttpCase):
    """A database without English, in which the surveys of the addon are answered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.surveys = cls.env["survey.survey"].union(
            *(cls.env.ref(f"partnership_training.{name}") for name in SURVEYS)
        )
        cls.english = cls.env.ref("base.lang_en")
        cls.french = cls.env.ref("base.lang_fr")
        cls.french.active = True

    def test_french_only_database(self):
        partners = self.env["res.partner"].with_context(active_test=False).search([])
        partners.lang = "fr_FR"
        self.env["ir.default"].set("res.partner", "lang", "fr_FR")
        if "website" in self.env:
            values = {
                "default_lang_id": self.french.id,
                "language_ids": [Command.set(self.french.ids)],
            }
            self.env["website"].search([]).write(values)
        self.english.active = False
        self.assertFalse(self.english.active)
        self.assertEqual(len(self.surveys), 3)
        for survey in self.surveys:
            answer = survey._create_answer(email="ann@test.example")
            page = self.url_open(
                f"/survey/start/{survey.access_token}?answer_token={answer.access_token}"
            )
            self.assertEqual(page.status_code, 200)
            self.assertIn(survey.title, page.text)
            self.assertIn('<option value="fr_FR" selected', page.text)

    def test_migration_opens_what_nobody_chose(self):
        chosen, *others = self.surveys
        chosen.lang_ids = self.french
        for survey in others:
            survey.lang_ids = [Command.set(self.english.ids)]
        script = runpy.run_path(
            file_path("partnership_training/migrations/19.0.1.2.0/post-surveys.py")
        )
        script["open_languages"](self.env)
        self.assertEqual(chosen.lang_ids, self.french)
        self.assertFalse(others[0].lang_ids + others[1].lang_ids)
