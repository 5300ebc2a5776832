"""Pages behind a secret address, for people with and without an account."""

from odoo import http
from odoo.http import request


def public_route(path, method):
    """A route of such a page. Where there is a website it stands in its layout, under an address
    that is the same in all languages: the page is in that of its reader.

    :param method: GET or POST
    """
    return http.route(
        path,
        type="http",
        auth="public",
        methods=[method],
        website=True,
        multilang=False,
        sitemap=False,
    )


def render_page(template, values, status=200):
    """:return: the response; the footer is that of a website, or none"""
    values = {"no_footer": not hasattr(request, "website"), **values}
    return request.render(template, values, status=status)


def to_id(text):
    """:return: the number that ``text`` says, or -1, which nothing has"""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1
