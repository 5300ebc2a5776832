import logging

from odoo.exceptions import RedirectWarning


def make_question(*args):
    """What a user is asked before something goes on, by a dialog of ours.

    It is nothing that went wrong: Odoo logs a RedirectWarning as an error with its traceback,
    unless the exception says at which level.

    :param args: those of RedirectWarning, whose class the web client knows by its name
    :return: the exception to raise
    """
    question = RedirectWarning(*args)
    question.loglevel = logging.INFO
    return question
