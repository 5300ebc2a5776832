"""Of memberships, mandates of titulars and values of a dimension one holds at a time, also where
they have ended: until now two clicks could make two that had. Which of them is right, and what
hangs on it, only the team knows: nothing is changed, and the history of the partnership says where
they are. The database refuses new ones from the first update on that finds none of them."""

import logging

from markupsafe import Markup

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

SAME = {
    "partnership.membership": (["partner_id", "partnership_id"], SQL("TRUE")),
    "partnership.mandate": (["seat_id"], SQL("a.kind = 'titular' AND b.kind = 'titular'")),
    "partnership.trait": (["partner_id", "partnership_id", "dimension_id"], SQL("TRUE")),
}


def migrate(cr, version):
    tell_overlaps(api.Environment(cr, SUPERUSER_ID, {}))


def tell_overlaps(env):
    """:return: dict partnership -> list of the pairs that overlap there, in words"""
    found = {}
    for name, (fnames, condition) in SAME.items():
        for ids in find_overlaps(env, env[name]._table, fnames, condition):
            pair = env[name].browse(ids)
            found.setdefault(pair[0].partnership_id, []).append(describe(pair))
    for partnership, lines in found.items():
        _logger.info("%s: overlapping facts: %s", partnership.name, "; ".join(lines))
        partnership._message_log(
            body=Markup("<p>%s</p><ul>%s</ul>")
            % (
                env._(
                    "These hold on the same days, though there is one at a time. Correct the "
                    "dates, or delete the one that is too many; then have the addon updated."
                ),
                Markup().join(Markup("<li>%s</li>") % line for line in lines),
            )
        )
    return found


def describe(pair):
    return " / ".join(f"{record.display_name}, {record._format_period()}" for record in pair)


def find_overlaps(env, table, fnames, condition):
    """:return: list of (id, id of a later one)"""
    same = SQL(" AND ").join(
        SQL("a.%(field)s = b.%(field)s", field=SQL.identifier(fname)) for fname in fnames
    )
    return env.execute_query(
        SQL(
            """
            SELECT a.id, b.id
              FROM %(table)s a
              JOIN %(table)s b
                ON a.id < b.id AND %(same)s
               AND daterange(a.date_start, a.date_end, '[]')
                && daterange(b.date_start, b.date_end, '[]')
             WHERE %(condition)s
               AND (a.date_end IS NULL OR a.date_end >= a.date_start)
               AND (b.date_end IS NULL OR b.date_end >= b.date_start)
          ORDER BY a.id, b.id
            """,
            table=SQL.identifier(table),
            same=same,
            condition=condition,
        )
    )
