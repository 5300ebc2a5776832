from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools.groups import OFFICER

# What an empty cell of an import leaves as it is on a contact or membership that exists
FROM_ACTOR = {"name", "email", "phone", "interest_group_id"}


class PartnershipCandidate(models.Model):
    """How cards make contacts and memberships, and what entering a stage does.

    What is refused, and what the user is told.

    The buttons of the card.
    """

    _inherit = "partnership.candidate"

    @api.model
    def _complete_values(self, vals_list):
        """Fill in what new cards need: actor, and the defaults that its membership depends on.

        :return: new list of dicts; those given are not changed
        """
        defaults = self.default_get(["partnership_id", "stage_id", "target_form"])
        completed = [
            {
                **defaults,
                **{
                    fname: value
                    for fname, value in vals.items()
                    if value or fname not in FROM_ACTOR
                },
            }
            for vals in vals_list
        ]
        self._set_actors(completed)
        return completed

    @api.model
    def _set_actors(self, vals_list):
        """Give the values without an actor the contact of their name, making it if need be."""
        nameless = [
            vals
            for vals in vals_list
            if not vals.get("partner_id") and vals.get("name", "").strip()
        ]
        by_name = {}
        for vals in nameless:
            by_name.setdefault(vals["name"].strip(), vals)
        contacts = self._find_contacts(list(by_name))
        missing = [name for name in by_name if name not in contacts]
        places = {by_name[name].get("partnership_id") for name in missing}
        self.env["partnership.partnership"].browse(filter(None, places))._take_turns()
        created = self.env["res.partner"].create(
            [self._get_contact_values(name, by_name[name]) for name in missing]
        )
        contacts.update(zip(missing, created, strict=True))
        for name in missing:
            # These have gone into the new contact
            by_name[name].pop("email", None)
            by_name[name].pop("phone", None)
        for vals in nameless:
            vals["partner_id"] = contacts[vals["name"].strip()].id
        for vals in vals_list:
            # The contact exists now: a card does not rename it
            vals.pop("name", None)

    @api.model
    def _find_contacts(self, names):
        """:return: dict name -> the one contact of exactly this name"""
        if not names:
            return {}
        found = self.env["res.partner"].search([("name", "in", names), ("parent_id", "=", False)])
        by_name = found.grouped("name")
        for name, contacts in by_name.items():
            if len(contacts) > 1:
                raise UserError(
                    self.env._(
                        "There are %(count)s contacts called “%(name)s”: choose the one that is "
                        "meant, or merge them.",
                        count=len(contacts),
                        name=name,
                    )
                )
        return by_name

    @api.model
    def _get_contact_values(self, name, vals):
        group = self.env["partnership.interest.group"].browse(vals.get("interest_group_id"))
        return {
            "name": name,
            "is_company": group.sector != "individual",
            "email": vals.get("email"),
            "phone": vals.get("phone"),
        }

    @api.model
    def _find_or_create_memberships(self, vals_list):
        """The present or open membership of each actor; a new one has the role of the stage, or
        the lowest role where the stage names none.

        :param vals_list: list of values of cards
        :return: list of memberships, one for each; none for a card of which something is missing:
                 it is refused itself, with the name of that
        """
        Membership = self.env["partnership.membership"]
        needed = ("partner_id", "partnership_id", "stage_id")
        full = [vals for vals in vals_list if all(vals.get(fname) for fname in needed)]
        if not full:
            return [Membership] * len(vals_list)
        found = Membership.search(
            Domain("partnership_id", "in", {vals["partnership_id"] for vals in full})
            & Domain("partner_id", "in", {vals["partner_id"] for vals in full})
            & Membership._domain_on_its_day(
                lambda day: Domain("date_end", "=", False) | Domain("date_end", ">=", day)
            ),
            order="date_start, id",
        )
        by_actor = {(record.partnership_id.id, record.partner_id.id): record for record in found}
        missing = {}
        for vals in full:
            actor = (vals["partnership_id"], vals["partner_id"])
            if actor not in by_actor:
                missing.setdefault(actor, vals)
        lowest = self.env["partnership.role"].search([], limit=1) if missing else None
        created = Membership.with_context(
            transition_reason=self.env._("Candidate in the enlargement pipeline")
        ).create(
            [
                {
                    "partnership_id": partnership_id,
                    "partner_id": partner_id,
                    "role_id": (self._get_first_role(vals) or lowest).id,
                    "interest_group_id": vals.get("interest_group_id"),
                }
                for (partnership_id, partner_id), vals in missing.items()
            ]
        )
        by_actor.update(zip(missing, created, strict=True))
        return [
            by_actor.get((vals.get("partnership_id"), vals.get("partner_id")), Membership)
            for vals in vals_list
        ]

    def _join_memberships(self, memberships):
        """Tie new cards to the memberships of their actors; the group that a card was made with
        becomes that of its actor, not the other way round.

        :param memberships: list of partnership.membership, one for each
        """
        with self.env.protecting([self._fields["interest_group_id"]], self):
            for candidate, membership in zip(self, memberships, strict=True):
                candidate.sudo().membership_id = membership
        self._inverse_interest_group_id()

    @api.model
    def _get_first_role(self, vals):
        """:return: the role in which an actor begins; admission is left to _enter_stage"""
        stage = self.env["partnership.enlargement.stage"].browse(vals["stage_id"])
        if vals.get("refuse_reason_id") or stage.is_admission:
            return self.env["partnership.role"]
        return stage._get_role(vals["target_form"])

    def _enter_stage(self, is_new=False):
        """Give the actors the roles of the stages that their cards have just entered.

        A role is only ever raised, so that whoever enters twice is given it once.

        :param is_new: whether the cards are just being made
        """
        entering = self.filtered(lambda candidate: candidate.state != "refused")
        admitted = entering.filtered(lambda candidate: candidate.state == "admitted")
        admitted._check_admission()
        entering._renew_memberships()
        admitted._admit_by_round(is_new)
        steps = entering.grouped(lambda candidate: (candidate.stage_id, candidate.target_form))
        for (stage, form), candidates in steps.items():
            role = stage._get_role(form)
            candidates.membership_id.filtered(
                lambda membership, role=role: membership.role_id.sequence < role.sequence
            ).with_context(
                transition_reason=self.env._("Enlargement: %(stage)s", stage=stage.name)
            ).role_id = role

    def _renew_memberships(self):
        """Open a membership for the actors that have left, or whose membership was deleted."""
        without = self.filtered(
            lambda candidate: (
                not candidate.membership_id
                or (end := candidate.membership_id.date_end)
                and end < candidate._get_today()
            )
        )
        memberships = without._find_or_create_memberships(
            [
                {
                    "partnership_id": candidate.partnership_id.id,
                    "partner_id": candidate.partner_id.id,
                    "stage_id": candidate.stage_id.id,
                    "target_form": candidate.target_form,
                    "interest_group_id": candidate.interest_group_id.id,
                }
                for candidate in without
            ]
        )
        for candidate, membership in zip(without, memberships, strict=True):
            candidate.sudo().membership_id = membership

    @api.constrains("stage_id", "target_form")
    def _check_path(self):
        for candidate in self:
            if not candidate.stage_id._is_open_to(candidate.target_form):
                raise ValidationError(
                    self.env._(
                        "%(candidate)s aims at the form “%(form)s”, and “%(stage)s” is not a stage "
                        "on that path: change what it aims at, or choose another stage.",
                        candidate=candidate.name,
                        form=candidate._format_form(),
                        stage=candidate.stage_id.name,
                    )
                )

    @api.constrains("user_id", "partnership_id")
    def _check_user(self):
        """A card is given to somebody who can open it."""
        for candidate in self:
            user, team = candidate.user_id, candidate.partnership_id.sudo().user_ids
            if user and user not in team and not user.sudo().has_group(OFFICER):
                raise ValidationError(
                    self.env._(
                        "%(user)s is not in the team of %(partnership)s and cannot be responsible "
                        "for %(candidate)s.",
                        user=user.name,
                        partnership=candidate.partnership_id.name,
                        candidate=candidate.name,
                    )
                )

    def _check_identity(self, vals):
        changed = self._filtered_changed(vals, ["partnership_id", "partner_id"])
        if changed:
            raise UserError(
                self.env._(
                    "The card of %(candidate)s cannot become that of another actor or "
                    "partnership: archive it and make a new one.",
                    candidate=changed[0].name,
                )
            )

    def _check_one_ongoing(self):
        """One attempt at a time. Only cards that begin or reopen are checked, so that the two
        ongoing cards of merged contacts can be worked on until one is closed."""
        going = self.filtered(lambda candidate: candidate._is_ongoing())
        going.membership_id._take_turns()  # an index cannot: merged contacts have two for a while
        others = self.search(
            [
                ("partnership_id", "in", self.partnership_id.ids),
                ("partner_id", "in", self.partner_id.ids),
                ("state", "=", "ongoing"),
            ]
        ).grouped(lambda candidate: (candidate.partnership_id, candidate.partner_id))
        for candidate in going:
            actor = (candidate.partnership_id, candidate.partner_id)
            other = (others[actor] - candidate)[:1]
            if other:
                raise ValidationError(
                    self.env._(
                        "%(candidate)s has an ongoing attempt in %(partnership)s already, in the "
                        "stage “%(stage)s” (card no. %(number)s): go on with that card.",
                        candidate=candidate.name,
                        partnership=candidate.partnership_id.name,
                        stage=other.stage_id.name,
                        number=other.id,
                    )
                )

    def _check_not_refused(self):
        refused = self.filtered(lambda candidate: candidate.state == "refused")[:1]
        if refused:
            raise UserError(
                self.env._(
                    "%(candidate)s was %(refusal)s. Reopen the card before you move it.",
                    candidate=refused.name,
                    refusal=refused._format_refusal(),
                )
            )

    def _format_form(self):
        return dict(self._fields["target_form"]._description_selection(self.env))[self.target_form]

    def _format_refusal(self):
        """:return: when and why the candidate was refused, in words"""
        return self.env._(
            "refused on %(date)s: %(reason)s",
            date=format_date(self.env, self.refuse_date),
            reason=self.refuse_reason_id.name,
        )

    def action_admit(self):
        """Bring the cards into the stage of admission; those that are in stay where they are."""
        stage = self.env["partnership.enlargement.stage"].search(
            [("is_admission", "=", True)], limit=1
        )
        if not stage:
            raise UserError(
                self.env._(
                    "No stage admits candidates: mark one as admission under Configuration, "
                    "Enlargement Stages."
                )
            )
        self.filtered(lambda candidate: candidate.state != "admitted").write({"stage_id": stage.id})

    def action_refuse(self):
        """Ask for the reason."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_candidate_refuse_action"
        )
        action["context"] = {"default_candidate_ids": self.ids}
        return action

    def action_reopen(self):
        """Go on where the refused candidate stood; the refusal stays in the history."""
        self.filtered(lambda candidate: candidate.state == "refused").write(
            {"refuse_reason_id": False, "refuse_note": False, "active": True}
        )

    def action_new_attempt(self):
        """Begin again on a new card; the old one stays as it is."""
        self.ensure_one()
        attempt = self.create(self._get_next_attempt_values())
        return attempt._get_form_action()

    def _get_next_attempt_values(self):
        """Whoever was admitted informally tries for formal membership next."""
        return {
            "partnership_id": self.partnership_id.id,
            "partner_id": self.partner_id.id,
            "contact_id": self.contact_id.id,
            "target_form": "formal" if self.state == "admitted" else self.target_form,
            "interest_group_id": self.interest_group_id.id,
            "tag_ids": self.tag_ids.ids,
            "user_id": self.user_id.id,
            "priority": self.priority,
        }

    def _get_form_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def action_open_membership(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "partnership.membership",
            "res_id": self.membership_id.id,
            "view_mode": "form",
        }

    def action_open_attempts(self):
        self.ensure_one()
        return self._get_list_action(
            [
                ("partner_id", "=", self.partner_id.id),
                ("partnership_id", "=", self.partnership_id.id),
            ],
            {
                "default_partner_id": self.partner_id.id,
                "default_partnership_id": self.partnership_id.id,
            },
        )

    def action_open_presences(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_management.partnership_attendance_action"
        )
        action["domain"] = list(self._get_presence_domain())
        action["context"] = {"create": False}
        return action

    def action_open_composition(self):
        """What the effect of the candidate is reckoned from."""
        self.ensure_one()
        return self.partnership_id.action_open_shares()

    def action_schedule_meeting(self):
        """The calendar, with the actor and the user as guests of what is planned there."""
        self.ensure_one()
        return (self.contact_id or self.partner_id).schedule_meeting()
