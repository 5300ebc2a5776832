"""The surveys of the addon are in all languages of the database."""

from odoo import SUPERUSER_ID, api

SURVEYS = ("survey_reaction", "survey_learning", "survey_behaviour")


def migrate(cr, version):
    open_languages(api.Environment(cr, SUPERUSER_ID, {}))


def open_languages(env):
    """They had English alone, since Odoo gives a survey the language that it is made in, and so
    kept English from being switched off. Other languages were chosen by somebody, and stay."""
    found = [env.ref(f"partnership_training.{name}", raise_if_not_found=False) for name in SURVEYS]
    surveys = env["survey.survey"].browse(survey.id for survey in found if survey)
    surveys.filtered(lambda survey: survey.lang_ids.mapped("code") == ["en_US"]).lang_ids = False
