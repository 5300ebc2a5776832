"""Jobs are named after what they run. They are found under their new names, not made anew, and run
the method that there is now."""

# Old name -> new name, and with that its method
NAMES = {
    "partnership_membership_figure_cron": "ir_cron_refresh_figures",
    "partnership_readiness_cron": "ir_cron_refresh_readiness",
    "ir_cron_briefing_remind": "ir_cron_remind_briefings",
}


def migrate(cr, version):
    rename_jobs(cr)


def rename_jobs(cr):
    for old, new in NAMES.items():
        cr.execute(
            """
            UPDATE ir_model_data
               SET name = %(new)s
             WHERE module = 'partnership_management' AND name = %(old)s AND model = 'ir.cron'
         RETURNING res_id
            """,
            {"old": old, "new": new},
        )
        cr.execute(
            """
            UPDATE ir_act_server action
               SET code = %(code)s
              FROM ir_cron cron
             WHERE cron.ir_actions_server_id = action.id AND cron.id = ANY(%(ids)s)
            """,
            {
                "code": f"model._{new.removeprefix('ir_')}()",
                "ids": [res_id for (res_id,) in cr.fetchall()],
            },
        )
