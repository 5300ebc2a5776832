from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError


class PartnershipImport(models.TransientModel):
    """The steps, and what the buttons do."""

    _inherit = "partnership.import"

    def _check_step(self, *states):
        """Only the team imports, and only from the step that the screen shows."""
        self.ensure_one()
        self.partnership_id.check_access("write")
        if self.state not in states:
            raise UserError(
                self.env._(
                    "“%(file)s” is at another step by now: reload the page.",
                    file=self.filename or "",
                )
            )

    def action_read(self):
        """File -> columns."""
        self._check_step("file")
        if not self.file:
            raise UserError(self.env._("Choose the file first; it may not be empty."))
        rows = self._read_rows()
        self.column_ids.unlink()
        self.line_ids.unlink()
        self._create_columns(rows)
        self._create_lines(rows)
        self.line_count = len(self.line_ids)
        self.state = "columns"

    def action_match(self):
        """Columns -> matching. Whoever comes back from there finds the decisions as they were."""
        self._check_step("columns")
        self._check_columns()
        decided = self._get_decisions()
        self.match_ids.unlink()
        self.word_ids.unlink()
        self._create_matches()
        self._create_words()
        self._restore_decisions(decided)
        self.state = "matching"

    def action_preview(self):
        """Matching -> preview: say of each line what would become of it."""
        self._check_step("matching", "preview")
        if self.open_count:
            self._check_votes_settled()
            raise UserError(
                self.env._(
                    "%(count)s are still to decide, first %(name)s. Accept the proposal, choose "
                    "another one, create it, or leave its lines out.",
                    count=self.open_count,
                    name=self.match_ids.filtered(lambda match: not match.is_settled)[
                        0
                    ].display_name,
                )
            )
        self._write_verdicts(self._foresee(self._plan()), "take")
        self.state = "preview"

    def action_import(self):
        """Preview -> done. What others have recorded since the preview is not made again."""
        self._check_step("preview")
        self.partnership_id._take_turns()
        self._find_meanwhile()
        expected = self.line_ids.filtered(lambda line: line.state == "take")
        self._write_verdicts(self._take_lines(), "taken")
        self._remember_spellings()
        self.notice = self._describe_meanwhile(expected)
        self._write_reports()
        self.open_event_ids = self._get_open_events()
        self.state = "done"

    def action_back(self):
        self._check_step("columns", "matching", "preview")
        steps = ["file", "columns", "matching", "preview"]
        self.state = steps[steps.index(self.state) - 1]

    def action_accept_all(self):
        """Take all proposals at once: the user has read them."""
        self._check_step("matching")
        self.match_ids.filtered(
            lambda match: not match.is_settled and match.proposed
        ).action_accept()

    def action_create_all(self):
        """Create all that nothing is proposed for."""
        self._check_step("matching")
        self.match_ids.filtered(
            lambda match: not match.is_settled and match.how == "none" and match.can_create
        ).decision = "create"

    def action_close_sheets(self):
        """Close the sheets of the list, and say what the seats stand for that it does not have."""
        self._check_step("done")
        if not self.unlisted:
            raise UserError(
                self.env._("Say what became of those who were expected and are not in the list.")
            )
        events = self.open_event_ids.filtered(
            lambda event: event.partnership_state in ("planned", "open")
        )
        events._close_sheet(self.unlisted)
        self.open_event_ids = False

    def action_again(self):
        """Start with another file of the same kind."""
        return self._get_action(self.kind)

    @api.model
    def _get_action(self, kind):
        return self.env["ir.actions.act_window"]._for_xml_id(
            f"partnership_management.partnership_import_action_{kind}"
        )

    # ------------------------------------------------------------
    # For all steps
    # ------------------------------------------------------------

    def _plan(self):
        """:return: list of :class:`Verdict`, one for each line, in the order of the lines"""
        return getattr(self, f"_plan_{self.kind}")()

    def _foresee(self, plan):
        """:return: the plan, with what is known only once it is carried out"""
        return self._foresee_decisions(plan) if self.kind == "decisions" else plan

    def _apply(self, plan):
        """Write what the plan says; ``plan`` comes back with what became of it."""
        return getattr(self, f"_apply_{self.kind}")(plan)

    def _get_open_events(self):
        """:return: meetings of the list that are over and whose sheet is not closed"""
        return self.line_ids.attendance_id.event_id.filtered(
            lambda event: event.partnership_state in ("planned", "open") and event._has_begun()
        )

    def _try(self, items, apply):
        """Write all items at once; where that is refused, find those to blame, by halves.

        :param apply: method that takes a list and returns a list of as many results
        :return: list of (result or None, message or "")
        """
        if not items:
            return []
        try:
            with self.env.cr.savepoint():
                return [(result, "") for result in apply(items)]
        except AccessError:
            raise
        except (UserError, ValidationError) as error:
            if len(items) == 1:
                return [(None, str(error))]
        half = len(items) // 2
        return self._try(items[:half], apply) + self._try(items[half:], apply)
