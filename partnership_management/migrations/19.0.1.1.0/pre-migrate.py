"""The zone of a membership, a text, is a value of a dimension now: ``zone`` is ``zone_id``."""

MODELS = ("partnership.membership", "partnership.partnership", "res.partner")


def migrate(cr, version):
    rename_in_views(cr)
    rename_in_searches(cr)


def rename_in_views(cr):
    """A view is checked together with those that inherit from it: those that are loaded later, or
    that somebody has made, must know the new name before."""
    cr.execute(
        r"""
        UPDATE ir_ui_view
           SET arch_db = regexp_replace(
                   arch_db::text, '(name=\s*\\?["''])zone(\\?["''])', '\1zone_id\2', 'g'
               )::jsonb
         WHERE model IN %s
           AND arch_db::text ~ 'name=\s*\\?["'']zone\\?["'']'
        """,
        (MODELS,),
    )


def rename_in_searches(cr):
    """Searches that users have kept, and the columns that they export."""
    cr.execute(
        r"""
        UPDATE ir_filters
           SET domain = regexp_replace(domain, '(["''])zone\1', '\1zone_id\1', 'g'),
               context = regexp_replace(context, '(["''])zone\1', '\1zone_id\1', 'g')
         WHERE model_id = 'partnership.membership'
           AND domain || context ~ '["'']zone["'']'
        """
    )
    cr.execute(
        """
        UPDATE ir_exports_line line
           SET name = 'zone_id'
          FROM ir_exports export
         WHERE export.id = line.export_id
           AND export.resource = 'partnership.membership'
           AND line.name = 'zone'
        """
    )
