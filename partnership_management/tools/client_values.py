"""What values that a client sends lead to."""

from odoo.fields import Command


def to_id(value):
    """:param value: a record's id as a client may spell it: 5, "5", 5.0, [5, "Name"]
    :return: the id that the database makes of it, or None"""
    if isinstance(value, (list, tuple)):
        value = value[0] if value else None
    try:
        return int(value) or None
    except (TypeError, ValueError):
        return None


def iter_links(records, vals):
    """Walk over the records that values lead to, those of their lines included.

    :param records: the records to which the values are sent; none for new ones
    :param vals: dict as for ``create``, ``write`` and ``onchange``
    :return: iterator of (records, relational field, id)
    """
    for fname, value in vals.items():
        field = records._fields.get(fname)
        if not value or field is None or not field.relational:
            continue
        links, lines = _read_value(field, value)
        for record_id in filter(None, map(to_id, links)):
            yield records, field, record_id
        comodel = records.env[field.comodel_name]
        for line_id, line in lines:
            yield from iter_links(comodel.browse(to_id(line_id)), line)


def _read_value(field, value):
    """:return: (list of ids, list of (id or none, values of a line))"""
    if field.type == "many2one":
        if isinstance(value, dict):  # of a line its parent, with what stands on the form
            return [value.get("id")], [(value.get("id"), value)]
        return [value], []
    links, lines = [], []
    for command in value if isinstance(value, (list, tuple)) else []:
        if isinstance(command, dict):
            lines.append((None, command))
        elif not isinstance(command, (list, tuple)):
            links.append(command)
        elif command[0] == Command.CREATE:
            lines.append((None, command[2] or {}))
        elif command[0] == Command.UPDATE:
            links.append(command[1])
            lines.append((command[1], command[2] or {}))
        elif command[0] == Command.LINK:
            links.append(command[1])
        elif command[0] == Command.SET:
            links += command[2] or []
    return links, lines
