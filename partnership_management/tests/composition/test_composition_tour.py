from odoo.tests import HttpCase, tagged

from .composition_common import CompositionCase


@tagged("post_install", "-at_install")
class TestCompositionTour(CompositionCase, HttpCase):
    def test_tour(self):
        """From an empty profile to the picture, and to the members behind a bar."""
        self._set_profile({})
        self._create_members(2, 1, 1)
        self.start_tour(
            f"/odoo/partnerships/{self.partnership.id}",
            "partnership_composition_tour",
            login="test_facilitator",
        )
        self.assertTrue(self.partnership.profile_line_ids)
