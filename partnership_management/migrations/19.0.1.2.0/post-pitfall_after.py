"""The figure after a mechanism is kept on its own, beside the one before."""


def migrate(cr, version):
    cr.execute(
        """
        UPDATE partnership_pitfall
           SET after = COALESCE(after_6, after_3)
         WHERE COALESCE(after_6, after_3) IS NOT NULL
        """
    )
