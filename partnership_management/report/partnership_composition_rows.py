from odoo import models
from odoo.tools import SQL


class PartnershipCompositionShare(models.Model):
    """The rows behind a share."""

    _inherit = "partnership.composition.share"

    def action_open_members(self):
        """Open the members that the share is of, as they were on the day."""
        self.ensure_one()
        place = SQL("seen.body_id IS NOT DISTINCT FROM %s::int", self.body_id.id or None)
        members = self._get_rows(self._sql_members(self.date, self.partnership_id.ids), place)
        action = self._get_action("partnership_composition_report_action")
        domain = [("membership_id", "in", [row["membership_id"] for row in members])]
        if self.body_id:
            domain.append(("body_id", "=", self.body_id.id))
        context = {"as_of": str(self.date), "search_default_group_partner": 1}
        return {**action, "domain": domain, "context": context}

    def action_open_presences(self):
        """Open the presences that the share is of."""
        self.ensure_one()
        place = SQL("seen.body_id = %s", self.body_id.id) if self.body_id else SQL("TRUE")
        rows = self._get_rows(self._sql_presences(self.date, self.partnership_id.ids), place)
        action = self._get_action("partnership_attendance_action")
        domain = [("id", "in", [row["attendance_id"] for row in rows])]
        return {**action, "domain": domain, "context": {}}

    def action_open_votes(self):
        """Open the votes that the share is of; of counted hands there are none."""
        self.ensure_one()
        place = SQL("seen.body_id = %s", self.body_id.id) if self.body_id else SQL("TRUE")
        rows = self._get_rows(self._sql_votes(self.date, self.partnership_id.ids), place)
        action = self._get_action("partnership_vote_action")
        domain = [("id", "in", [row["vote_id"] for row in rows if row["vote_id"]])]
        return {**action, "domain": domain, "context": {}}

    def _get_action(self, name):
        return self.env["ir.actions.act_window"]._for_xml_id(f"partnership_management.{name}")

    def _get_rows(self, rows, place):
        """:param SQL rows: of ``partnership.composition.source``
        :param SQL place: the condition that a row is of this body
        :return: list of dict, those of them that are of this body and value"""
        self.env.flush_all()
        self.env.cr.execute(
            SQL("SELECT * FROM (%s) seen WHERE %s AND %s", rows, place, self._sql_has_value())
        )
        return self.env.cr.dictfetchall()

    def _sql_has_value(self):
        """:return: SQL of the condition that a row is of the value of this share"""
        if self.interest_group_id:
            return SQL("seen.interest_group_id = %s", self.interest_group_id.id)
        if self.sector:
            groups = SQL("SELECT id FROM partnership_interest_group WHERE sector = %s", self.sector)
            return SQL("seen.interest_group_id IN (%s)", groups)
        subject = "partner_id" if self.dimension_id.subject == "member" else "person_id"
        return SQL(
            """EXISTS (SELECT FROM partnership_trait trait
                        WHERE trait.partnership_id = seen.partnership_id
                          AND trait.partner_id = %(subject)s
                          AND trait.value_id = %(value)s
                          AND trait.date_start <= seen.date
                          AND (trait.date_end IS NULL OR trait.date_end >= seen.date))""",
            subject=SQL.identifier("seen", subject),
            value=self.value_id.id,
        )
