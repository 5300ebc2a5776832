from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class PartnershipEnlargementStage(models.Model):
    """A column of the enlargement pipeline.

    Entering it gives the actor its role, if it names one. A stage of the formal path is closed
    to candidates for informal participation, and the other way round (L47).
    """

    _name = "partnership.enlargement.stage"
    _description = "Enlargement Stage"
    _inherit = ["partnership.guarded.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    fold = fields.Boolean(
        "Folded in Kanban", help="The column is folded while there is no candidate in it."
    )
    path = fields.Selection(
        [
            ("both", "Formal and informal"),
            ("formal", "Formal only"),
            ("informal", "Informal only"),
        ],
        required=True,
        default="both",
        help="The candidates that pass through this stage.",
    )
    is_admission = fields.Boolean(
        "Admission", help="Whoever enters this stage is in: the attempt has succeeded."
    )
    role_id = fields.Many2one(
        "partnership.role",
        "Role Given",
        ondelete="restrict",
        help="The role that an actor gets on entering this stage. A higher role is kept. "
        "Changing it concerns those who enter from now on.",
    )
    informal_role_id = fields.Many2one(
        "partnership.role",
        "Role Given Informally",
        ondelete="restrict",
        help="The role that a candidate for informal participation gets instead.",
    )
    review_delay_days = fields.Integer(
        "Review After (days)",
        help="Those who take part informally are reviewed this long after they entered the "
        "stage. 0: no review. At admission it concerns those admitted informally.",
    )
    rotting_threshold_days = fields.Integer(
        "Days to Rot",
        help="Cards that stay in the stage longer than this are highlighted. 0: never.",
    )
    requirements = fields.Text(
        translate=True, help="What has to be done here; shown on the name of the column."
    )
    needs_application = fields.Boolean(
        "Needs the Application",
        help="A candidate for membership comes here with its motivation or a document in its file.",
    )
    needs_decision = fields.Boolean(
        "Needs the Decision",
        help="A candidate for membership comes here with the day on which the body decided.",
    )

    _name_uniq = models.Constraint("UNIQUE (name)", "A stage of this name exists already.")
    _days_positive = models.Constraint(
        "CHECK (review_delay_days >= 0 AND rotting_threshold_days >= 0)",
        "A number of days cannot be negative.",
    )

    @api.constrains("is_admission", "role_id", "informal_role_id", "path")
    def _check_roles(self):
        """Membership is given at admission and nowhere else."""
        for stage in self:
            if not stage.is_admission and (stage.role_id | stage.informal_role_id).filtered(
                "is_formal"
            ):
                raise ValidationError(
                    self.env._(
                        "“%(stage)s” cannot give the role of a member: only a stage of admission "
                        "can.",
                        stage=stage.name,
                    )
                )
            if not stage.is_admission:
                continue
            if stage.path != "informal" and not stage.role_id.is_formal:
                raise ValidationError(
                    self.env._(
                        "“%(stage)s” is a stage of admission: name the role of a member that it "
                        "gives.",
                        stage=stage.name,
                    )
                )
            informal = stage._get_role("informal")
            if stage.path != "formal" and (not informal or informal.is_formal):
                raise ValidationError(
                    self.env._(
                        "“%(stage)s” admits candidates for informal participation too: name the "
                        "role that they get, which is not that of a member.",
                        stage=stage.name,
                    )
                )

    def write(self, vals):
        if "is_admission" in vals:
            self._check_admission_unused(bool(vals["is_admission"]))
        return super().write(vals)

    def _check_admission_unused(self, is_admission):
        """Candidates are admitted by entering a stage, not by a stage that changes under them."""
        changed = self.filtered(lambda stage: stage.is_admission != is_admission)
        used = (
            self.env["partnership.candidate"]
            .sudo()
            .with_context(active_test=False)
            .search([("stage_id", "in", changed.ids)], limit=1)
        )
        if used:
            raise UserError(
                self.env._(
                    "There are candidates in “%(stage)s”: move them to another stage before you "
                    "change whether it admits.",
                    stage=used.stage_id.name,
                )
            )

    def _get_role(self, target_form):
        """:return: the role that a candidate for ``target_form`` gets here; may be empty"""
        if target_form == "informal" and self.informal_role_id:
            return self.informal_role_id
        return self.role_id

    def _is_open_to(self, target_form):
        return self.path in ("both", target_form)

    @api.model
    def _get_first_formal(self):
        """:return: where the formal path begins: its first stage of its own, else the last before
        admission that makes nobody an informal participant"""
        stages = self.search(Domain("is_admission", "=", False) & Domain("path", "!=", "informal"))
        own = stages.filtered(lambda stage: stage.path == "formal")
        stage = own[:1] or stages.filtered(lambda stage: not stage.role_id.is_informal)[-1:]
        if not stage:
            raise UserError(
                self.env._(
                    "No stage leads from informal participation to membership: add one of the "
                    "formal path under Configuration, Enlargement Stages."
                )
            )
        return stage
