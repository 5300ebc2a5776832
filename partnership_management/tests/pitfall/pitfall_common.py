from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tools import SQL

from ..common import PartnershipCase

# What the figures say of a member that nothing is wrong with
GOOD = {
    "expected": 10,
    "represented": 8,
    "presence_rate": 0.8,
    "regularity": 0.9,
    "longest_absence": 1,
    "valid": 8,
    "validity_rate": 1.0,
    "continuity": 1.0,
    "representatives": 1,
    "replacements_unplanned": 0,
    "briefings_due": 4,
    "briefings_read": 4,
    "informed_rate": 1.0,
    "no_authority": False,
    "absent_in_a_row": False,
    "vote_weight": 1.0,
}
ABSENT = {
    "represented": 2,
    "presence_rate": 0.2,
    "absent_in_a_row": True,
    "regularity": 0.3,
    "longest_absence": 7,
}
TURNOVER = {"continuity": 0.25, "representatives": 4}


class PitfallCase(PartnershipCase):
    """Figures are set by hand: what they follow from is tested where they are made."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partnership.user_id = cls.facilitator
        cls.Pitfall = cls.env["partnership.pitfall"]
        cls.activity_type = cls.env["mail.activity.type"].create(
            {"name": "Test step", "res_model": False}
        )
        cls.council = cls._create_member("Test council")

    @classmethod
    def _set_figures(cls, membership, day=None, **values):
        """Write the row of the month of ``day``, today's by default, and make it the latest.

        :param values: columns that are not as in GOOD; None where there is not enough data
        """
        day = fields.Date.to_date(day) or date.today()
        values = {**GOOD, "window_start": day - relativedelta(years=1), **values}
        Figure = cls.env["partnership.membership.figure"]
        month = day.replace(day=1)
        row = Figure.search([("membership_id", "=", membership.id), ("month", "=", month)])
        known = {name: value for name, value in values.items() if value is not None}
        known["date"] = day
        if row:
            row.write(known)
        else:
            row = Figure.create({"membership_id": membership.id, "month": month, **known})
        cls.env.flush_all()
        missing = [name for name, value in values.items() if value is None]
        if missing:
            cls.env.cr.execute(
                SQL(
                    "UPDATE partnership_membership_figure SET %s WHERE id = %s",
                    SQL(", ").join(SQL("%s = NULL", SQL.identifier(name)) for name in missing),
                    row.id,
                )
            )
        membership.figure_id = row
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _find(cls, *memberships):
        cls.Pitfall._find_pitfalls(cls.env["partnership.membership"].union(*memberships))
        cls.env.flush_all()
        cls.env.invalidate_all()

    def _kinds(self, membership=None, state="open"):
        """:return: the kinds of the pitfalls of the membership, in alphabetical order"""
        pitfalls = (membership or self.council).pitfall_ids
        return sorted(pitfalls.filtered(lambda each: each.state == state).mapped("kind"))

    def _pitfall(self, kind="absent", membership=None):
        return (membership or self.council).pitfall_ids.filtered(lambda each: each.kind == kind)

    @classmethod
    def _create_plan(cls, name, kind="absent", **values):
        """A mechanism of one step, due after a week, of whoever is responsible."""
        return cls.env["mail.activity.plan"].create(
            {
                "name": name,
                "res_model": "partnership.pitfall",
                "company_id": False,
                f"answers_{kind}": True,
                "template_ids": [
                    fields.Command.create(
                        {
                            "activity_type_id": cls.activity_type.id,
                            "summary": f"{name}: step",
                            "responsible_type": "partnership",
                            "delay_count": 7,
                            "delay_from": "after_plan_date",
                        }
                    )
                ],
                **values,
            }
        )

    def _alerts(self, membership=None):
        alert = self.env.ref("partnership_management.mail_activity_type_pitfall")
        return (membership or self.council).activity_ids.filtered(
            lambda activity: activity.activity_type_id == alert
        )

    def _history(self, pitfall):
        return " | ".join(str(body) for body in pitfall.message_ids.mapped("body"))
