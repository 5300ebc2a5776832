from ..common import PartnershipCase


class CandidateCase(PartnershipCase):
    """A pipeline of five stages, made here, in front of those of the data files."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.round = cls._open_round()
        cls.Candidate = cls.env["partnership.candidate"]
        cls.stage_contacted = cls._create_stage("contacted", -50, role_id=cls.role_contacted.id)
        cls.stage_informal = cls._create_stage(
            "informal", -40, role_id=cls.role_informal.id, review_delay_days=90
        )
        cls.stage_application = cls._create_stage(
            "application", -30, path="formal", rotting_threshold_days=10
        )
        cls.stage_decision = cls._create_stage("decision", -20, path="formal")
        cls.stage_admitted = cls._create_stage(
            "admitted",
            -10,
            is_admission=True,
            role_id=cls.role_formal.id,
            informal_role_id=cls.role_informal.id,
            review_delay_days=180,
        )
        cls.reason = cls.env["partnership.enlargement.refuse.reason"].create(
            {"name": "Test reason"}
        )

    @classmethod
    def _create_stage(cls, name, sequence, **values):
        return cls.env["partnership.enlargement.stage"].create(
            {"name": f"Test {name}", "sequence": sequence, **values}
        )

    @classmethod
    def _create_candidate(cls, partner, stage=None, group=None, **values):
        """A card of ``partner``: a contact, or the name of an organisation to create."""
        if isinstance(partner, str):
            partner = cls._create_organisation(partner)
        return cls.Candidate.create(
            {
                "partnership_id": cls.partnership.id,
                "partner_id": partner.id,
                "stage_id": (stage or cls.stage_contacted).id,
                "interest_group_id": (group or cls.group_civil).id,
                **values,
            }
        )

    @classmethod
    def _create_candidates(cls, count, **values):
        names = [f"Test actor {number:02}" for number in range(count)]
        partners = cls.env["res.partner"].create(
            [{"name": name, "is_company": True} for name in names]
        )
        return cls.Candidate.create(
            [
                {
                    "partnership_id": cls.partnership.id,
                    "partner_id": partner.id,
                    "interest_group_id": cls.group_civil.id,
                    **values,
                }
                for partner in partners
            ]
        )

    def _refuse(self, candidates, note="Test note"):
        wizard = self.env["partnership.candidate.refuse"].create(
            {"candidate_ids": candidates.ids, "reason_id": self.reason.id, "note": note}
        )
        return wizard.action_apply()

    def _roles(self, candidate):
        """:return: the roles that the actor got, one after the other"""
        return candidate.membership_id.transition_ids.sorted("id").to_role_id.ids
