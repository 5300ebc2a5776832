from odoo import models

# Who is in the room, or was
WITH_MATERIAL = ("confirmed", "done")


class PartnershipEnrolment(models.Model):
    """What the person who is enrolled sees of it on the own page."""

    _inherit = "partnership.enrolment"

    def _get_place_in_queue(self):
        """:return: how many people get a seat before this one, plus one; 0 if it does not wait"""
        self.ensure_one()
        if self.state != "waiting":
            return 0
        queue = self.session_id.enrolment_ids.filtered(lambda record: record.state == "waiting")
        queue = queue.sorted(lambda record: (record.date_waiting, record.id))
        return queue.ids.index(self.id) + 1

    def _get_material(self):
        """:return: the files of the course, for who has a seat or took part"""
        self.ensure_one()
        files = self.course_id.material_ids
        return files if self.state in WITH_MATERIAL else files.browse()
