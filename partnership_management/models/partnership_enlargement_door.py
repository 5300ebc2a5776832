from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.groups import OFFICER
from ..tools.question import make_question


class PartnershipPartnership(models.Model):
    """The door of a partnership: open in a round, closed by default (L44)."""

    _inherit = "partnership.partnership"

    def _get_open_rounds(self):
        """The rounds that admit today, where their partnership is. They are held until the
        transaction ends: of two users the one who closes a round waits for the one who admits,
        or the other way round.

        :return: dict partnership id -> its open round; none where the door is closed
        """
        rounds = self.round_ids.search([("partnership_id", "in", self.ids), ("state", "=", "open")])
        if rounds:
            self.env.execute_query(
                SQL(
                    "SELECT id FROM partnership_enlargement_round WHERE id IN %s FOR SHARE",
                    tuple(rounds.ids),
                )
            )
        return {round_.partnership_id.id: round_ for round_ in rounds._valid_today()}

    def _check_door(self, names, reason, action):
        """Outside a round an officer lets in, for a reason; others are told what to do.

        :param names: of the actors that come in, for the message
        :param reason: why they do although no round is open; may be empty
        :param action: method that returns the action which asks an officer for the reason; None
            where nothing can be asked
        """
        what = self._describe_door(names)
        if not self._may_open_door():
            raise UserError(
                self.env._(
                    "%(what)s Open a round under Enlargement, Rounds, or ask an officer: outside "
                    "a round officers admit, with a reason.",
                    what=what,
                )
            )
        if reason:
            return
        if not action:
            raise UserError(self.env._("%(what)s Say why it opens all the same.", what=what))
        raise make_question(
            self.env._("%(what)s You can admit outside a round, with a reason.", what=what),
            action(),
            self.env._("Give the Reason"),
        )

    def _describe_door(self, names):
        return self.env._(
            "No enlargement round of %(partnerships)s is open today, and the door is closed to "
            "%(actors)s.",
            partnerships=", ".join(self.mapped("name")),
            actors=", ".join(names[:10]) + (" …" if len(names) > 10 else ""),
        )

    def _may_open_door(self):
        return self.env.su or self.env.user.has_group(OFFICER)

    def _log_outside(self, names, reason):
        self._message_log_batch(
            bodies=dict.fromkeys(
                self.ids,
                self.env._(
                    "Let in outside a round: %(actors)s. Reason: %(reason)s",
                    actors=", ".join(names),
                    reason=reason,
                ),
            )
        )
