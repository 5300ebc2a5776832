from odoo.fields import Command

from ..common import PartnershipCase


class CompositionCase(PartnershipCase):
    """A partnership whose area profile wants a third of each of three interest groups."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.by_group, cls.by_sector, cls.by_zone = (
            cls.env.ref(f"partnership_management.partnership_dimension_{kind}")
            for kind in ("group", "sector", "zone")
        )
        cls.groups = cls.group_public + cls.group_economic + cls.group_civil
        cls._set_profile({group: 1 / 3 for group in cls.groups})

    @classmethod
    def _set_profile(cls, shares, dimension=None):
        """Replace the profile of a dimension; ``shares``: dict value -> share."""
        dimension = dimension or cls.by_group
        fname = {"group": "interest_group_id", "sector": "sector"}.get(dimension.kind, "value_id")
        old = cls.partnership.profile_line_ids.filtered(lambda line: line.dimension_id == dimension)
        cls.partnership.profile_line_ids = [
            *(Command.delete(line.id) for line in old),
            *(
                Command.create(
                    {
                        "dimension_id": dimension.id,
                        fname: value if fname == "sector" else value.id,
                        "share": share,
                    }
                )
                for value, share in shares.items()
            ),
        ]

    @classmethod
    def _create_members(cls, *counts, **values):
        """Members of each of the three groups, as many as ``counts`` say."""
        members = cls.env["partnership.membership"]
        for group, count in zip(cls.groups, counts, strict=True):
            for number in range(count):
                members += cls._create_member(f"{group.name} {number}", group=group, **values)
        return members

    def _get_summary(self, dimension=None, body=None, as_of=None, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self._report("summary", user, as_of).search(self._where(dimension, body))

    def _get_shares(self, dimension=None, body=None, as_of=None, user=None):
        """:return: dict name of a group -> its row"""
        self.env.flush_all()
        self.env.invalidate_all()
        shares = self._report("share", user, as_of).search(self._where(dimension, body))
        return {share.name: share for share in shares}

    def _report(self, name, user, as_of):
        Report = self.env[f"partnership.composition.{name}"]
        return Report.with_user(user or self.facilitator).with_context(as_of=as_of)

    def _where(self, dimension, body):
        return [
            ("partnership_id", "=", self.partnership.id),
            ("dimension_id", "=", (dimension or self.by_group).id),
            ("body_id", "=", body.id if body else False),
        ]
