from odoo import api, models
from odoo.fields import Command, Domain

from .partnership_training_need import OPEN_STATES


class PartnershipTrainingNeed(models.Model):
    """How a need comes to be: raised by hand, or by what happens to members."""

    _inherit = "partnership.training.need"

    @api.model
    def _get_origin_fields(self):
        """:return: names of the fields that lead to the record a need comes from; an addon that
        adds an origin adds its own"""
        return ["mandate_id", "pitfall_id", "role_id", "survey_input_id"]

    @api.model
    def _raise(self, vals_list):
        """Open needs; one that is open already for the same subject and origin is not doubled.

        What a need comes from is the system's to say, so it is the system that creates it.

        :param vals_list: values as for ``create``, put together here: no client's own
        :return: for each values, in order, its need: the new one or the one that was there
        """
        known = self._find_open(vals_list)
        keys = [self._get_key(vals) for vals in vals_list]
        new = {key: vals for key, vals in zip(keys, vals_list, strict=True) if key not in known}
        self.check_access("create")
        for fname in ("membership_id", "body_id", "person_id"):
            self._take_turns_at(fname, new.values())
        created = self.sudo().create(list(new.values())).with_env(self.env)
        created.check_access("create")
        known.update(zip(new, created, strict=True))
        return self.browse().concat(*(known[key] for key in keys))

    @api.model
    def _find_open(self, vals_list):
        """:return: dict key -> the open need that has it"""
        Need = self.sudo()  # what is there is there, whoever may read it
        domain = Domain.OR(
            Domain(fname, "in", {vals[fname] for vals in vals_list if vals.get(fname)})
            for fname in ("membership_id", "person_id", "body_id")
        )
        needs = Need.search(domain & Domain("state", "in", OPEN_STATES), order="id desc")
        return {self._get_key(need._get_key_values()): need.with_env(self.env) for need in needs}

    def _get_key_values(self):
        """:return: those values of a need that ``_get_key`` looks at"""
        self.ensure_one()
        names = ["membership_id", "person_id", "body_id", "wanted_id", "course_id"]
        values = {fname: self[fname].id for fname in (*names, *self._get_origin_fields())}
        return {**values, "origin": self.origin, "skill_ids": self.skill_ids.ids}

    @api.model
    def _get_key(self, vals):
        """:return: what makes two open needs one and the same: subject, origin, and the record
        behind; where there is none, what is asked for"""
        names = ["membership_id", "person_id", "body_id", "origin"]
        sources = tuple(vals.get(fname) or False for fname in self._get_origin_fields())
        key = (*(vals.get(fname) or False for fname in names), *sources)
        if any(sources):
            return (*key, vals.get("wanted_id") or False)
        skills = self._get_linked(vals.get("skill_ids"))
        return (*key, vals.get("course_id") or False, frozenset(skills))

    @api.model
    def _get_linked(self, commands):
        """:return: ids that the commands of a many2many field set or link"""
        ids = set()
        for command in commands or []:
            if isinstance(command, int):
                ids.add(command)
            elif command[0] == Command.SET:
                ids.update(command[2])
            elif command[0] == Command.LINK:
                ids.add(command[1])
        return ids

    # ------------------------------------------------------------
    # What follows from who needs which skills
    # ------------------------------------------------------------

    def _open(self):
        """:return: action that opens the one need, or the list of several"""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_training.partnership_training_need_action"
        )
        action["context"] = {}
        if len(self) == 1:
            return {**action, "views": [(False, "form")], "res_id": self.id}
        return {**action, "domain": [("id", "in", self.ids)]}

    @api.model
    def _raise_wanted(self, pairs):
        """Raise what is wanted of each record and not held. What was raised for it once, and
        closed since, is not raised again.

        :param pairs: list of (values of the subject and origin, row of who needs which skills)
        """
        pairs = self._filter_never_raised(pairs)
        persons = self._get_persons_of([vals for vals, _wanted in pairs], alternates=True)
        held = self.env["partnership.skill.holding"]._get_held(persons)
        vals_list = []
        for (vals, wanted), people in zip(pairs, persons, strict=True):
            place = vals["partnership_id"]
            has = wanted.skill_ids.browse().union(
                *(held[place, person.id] for person in people if (place, person.id) in held)
            )
            missing = wanted.skill_ids - has
            if missing:
                vals_list.append({**vals, **wanted._get_need_values(missing, vals["date_open"])})
        return self._raise(vals_list)

    @api.model
    def _filter_never_raised(self, pairs):
        origins = self._get_origin_fields()
        names = [*origins, "membership_id", "wanted_id"]
        domain = Domain.OR(
            Domain(fname, "in", {vals[fname] for vals, _wanted in pairs if vals.get(fname)})
            for fname in origins
        )
        raised = {tuple(need[fname].id or False for fname in names) for need in self.search(domain)}
        return [
            (vals, wanted)
            for vals, wanted in pairs
            if tuple(
                wanted.id if fname == "wanted_id" else vals.get(fname) or False for fname in names
            )
            not in raised
        ]
