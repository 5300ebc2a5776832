from odoo import api, models
from odoo.fields import Domain
from odoo.orm.domains import CONDITION_OPERATORS, OptimizationLevel, operator_optimization
from odoo.orm.utils import parse_field_expr
from odoo.tools import OrderedSet, ormcache

OWN_MODELS = "partnership."


@operator_optimization([*CONDITION_OPERATORS], level=OptimizationLevel.DYNAMIC_VALUES)
def _check_condition(condition, model):
    """Refuse a condition on a field that the user may not read, behind whatever relation it is.

    Odoo does so where it makes SQL of the condition; a field that has a search of its own has
    become another condition by then. Rules are at this level with the rights of the system.
    """
    if not model.env.su and hasattr(model, "_check_expression"):
        model._check_expression(condition.field_expr)
        return _see_own_lines(condition, model)
    return condition


def _see_own_lines(condition, model):
    """Whether a contact or an event has such rows says something of them: those that the user may
    not read are not there. Odoo looks at rules behind a relation, and not at ids of its rows."""
    field = model._fields.get(condition.field_expr)
    ids = condition.value
    if (
        field is None
        or field.type not in ("one2many", "many2many")
        or condition.operator not in ("in", "not in")
        or not isinstance(ids, (OrderedSet, set, list, tuple))
        or not model._is_own_field(field)
    ):
        return condition
    found = Domain(field.name, "any", Domain("id", "in", [each for each in ids if each]))
    if False in ids:
        found |= ~Domain(field.name, "any", Domain.TRUE)
    return found if condition.operator == "in" else ~found


class PartnershipGuardedMixin(models.AbstractModel):
    """What is read from outside the team: by the portal a list of fields for each model, and by
    nobody, in whatever clause of a search, a field that is not theirs to read."""

    _inherit = "partnership.guarded.mixin"

    # What the portal reads of a model of ours, or of the fields that our addons give to a model of
    # Odoo, besides the name. A room that shows more of a model lists it in its own part of it.
    _portal_fields = ()
    # Texts that go out although the portal does not read them: in mails, letters and pages that we
    # make for others. Whatever is in neither list is the team's own, and nothing that goes out
    # says it.
    _sent_fields = ()
    # What the portal does not read, found out once, when the models are set up. Groups on the
    # fields cannot do it: mail reads its own fields for whoever reads a record whole, and is
    # refused.
    _team_fields = frozenset()

    @api.model
    def _post_model_setup__(self):
        result = super()._post_model_setup__()
        parts = [vars(cls).get("_portal_fields", ()) for cls in type(self).mro()]
        listed = {"id", "display_name"}.union(*parts)
        type(self)._team_fields = frozenset(
            name
            for name, field in self._fields.items()
            if name not in listed and self._is_shown_by_us(field)
        )
        return result

    @api.model
    def _is_shown_by_us(self, field):
        """:return: whether it is for us to say who reads ``field``: all of our models; of a model
        of Odoo what our addons add to it, and its chatter, in which the team writes of members"""
        return (
            self._name.startswith(OWN_MODELS)
            or self._is_own_field(field)
            or self._is_chatter_field(field)
        )

    @api.model
    def _is_chatter_field(self, field):
        thread, activity = self.pool["mail.thread"], self.pool["mail.activity.mixin"]
        return issubclass(type(self), thread) and (
            field.name in thread._fields or field.name in activity._fields
        )

    @ormcache("self.env.uid")
    def _is_outside_team(self):
        """:return: whether the user is of the portal, or nobody in particular"""
        return not self.env.user._is_internal()

    # ------------------------------------------------------------
    # What is read
    # ------------------------------------------------------------

    def _field_to_sql(self, alias, field_expr, query=None):
        """A related field is looked at here: grouped or ordered by, it is read as the system."""
        self._check_expression(field_expr)
        return super()._field_to_sql(alias, field_expr, query)

    def _read_group_groupby(self, alias, groupby_spec, query):
        """A many2many field is looked at here: it is joined without its name being asked for."""
        self._check_expression(groupby_spec.split(":")[0])
        return super()._read_group_groupby(alias, groupby_spec, query)

    def _check_expression(self, expression):
        """Refuse the field that ``expression`` begins with if the user may not read it; that of
        another model, behind a dot, is for that model to check."""
        field = self._fields.get(parse_field_expr(expression)[0])
        if field is not None:
            self._check_field_access(field, "read")

    @api.model
    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """What the team says about a record is not for the member that may read the record."""
        if (
            message_operation == "read"
            and self._name.startswith(OWN_MODELS)
            and self._is_outside_team()
        ):
            message_operation = "write"
        return super()._mail_get_operation_for_mail_message_operation(message_operation)
