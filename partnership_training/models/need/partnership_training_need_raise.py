from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from .partnership_training_need import OPEN_STATES


class PartnershipTrainingNeed(models.Model):
    """How a need comes to be: raised by hand, or by what happens to members.

    Who would follow a course that a need asks for, or has the skill already.

    A need is answered by enrolments: in a session, or, while there is none, as demand.
    """

    _inherit = "partnership.training.need"

    enrolment_count = fields.Integer("Number of Enrolments", compute="_compute_enrolment_count")

    suggested_course_ids = fields.Many2many(
        "partnership.course",
        string="Courses that Give These Skills",
        compute="_compute_suggested_course_ids",
    )

    survey_input_id = fields.Many2one(
        "survey.user_input",
        "Survey Answer",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )

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

    def _is_of_member(self):
        """:return: whether anybody who comes for the member answers the need"""
        self.ensure_one()
        return bool(self.membership_id and not self.person_id)

    def _get_persons(self):
        """:return: dict need -> res.partner, who would follow the course"""
        subjects = [
            {fname: need[fname].id for fname in ("person_id", "membership_id", "body_id")}
            for need in self
        ]
        return dict(zip(self, self._get_persons_of(subjects), strict=True))

    @api.model
    def _get_persons_of(self, subjects, alternates=False):
        """Whom needs concern today: the person; else who speaks for the member, on its seat in
        the body if one is named, and a member that is a person, itself; else who sits in the body.

        :param subjects: list of values of needs
        :param alternates: whether those who speak as alternates count too
        :return: list of res.partner, in the order of ``subjects``
        """
        Partner = self.env["res.partner"]
        seats = self._get_seats_of(subjects)
        memberships = self.env["partnership.membership"].browse(
            filter(None, (vals.get("membership_id") for vals in subjects))
        )
        actors = {membership.id: membership.partner_id for membership in memberships}
        persons = []
        for vals in subjects:
            member, body = vals.get("membership_id"), vals.get("body_id")
            found = Partner.browse(vals.get("person_id") or [])
            if not found:
                own = seats.get((member, body)) or seats.get((member, False)) or []
                found = Partner.union(*(self._get_holders(seat, alternates) for seat in own))
                actor = actors.get(member, Partner)
                found |= actor.filtered(lambda partner: not partner.is_company)
            persons.append(found)
        return persons

    @api.model
    def _get_seats_of(self, subjects):
        """:return: dict (membership id, body id), either of which may be False for all -> list of
        the seats that are valid today"""
        members = {vals.get("membership_id") for vals in subjects} - {None, False}
        bodies = {vals.get("body_id") for vals in subjects} - {None, False}
        found = self.env["partnership.seat"].search(
            Domain("membership_id", "in", members) | Domain("body_id", "in", bodies)
        )
        seats = {}
        for seat in found._valid_today():
            member, body = seat.membership_id.id, seat.body_id.id
            for key in ((member, body), (member, False), (False, body), (None, body)):
                seats.setdefault(key, []).append(seat)
        return seats

    @api.model
    def _get_holders(self, seat, alternates):
        titular, others = seat._get_holders_by_kind(seat._get_today())
        return titular | others if alternates else titular

    @api.depends("enrolment_ids")
    def _compute_enrolment_count(self):
        for need in self:
            need.enrolment_count = len(need.enrolment_ids)

    @api.depends("skill_ids", "partnership_id", "course_id")
    @api.depends_context("uid")
    def _compute_suggested_course_ids(self):
        """First the course that gives most of what is missing."""
        courses = self.env["partnership.course"].search([("skill_ids", "in", self.skill_ids.ids)])
        for need in self:
            fitting = courses.filtered(
                lambda course, need=need: (
                    course.skill_ids & need.skill_ids and course._is_open_to(need.partnership_id)
                )
            )
            need.suggested_course_ids = fitting.sorted(
                lambda course, need=need: -len(course.skill_ids & need.skill_ids)
            )

    def action_choose_course(self):
        """Take, for each, the course that gives most of the skills that are missing."""
        for need in self:
            if not need.suggested_course_ids:
                raise UserError(
                    self.env._(
                        "%(need)s: no course gives these skills yet.", need=need.display_name
                    )
                )
        for course, needs in self.grouped(lambda need: need.suggested_course_ids[0]).items():
            needs.course_id = course

    def action_ask(self):
        """Ask for the course for those whom the need concerns. It is for who plans sessions to
        see: nobody gets mail."""
        persons = self._check_can_be_answered()
        Enrolment = self.env["partnership.enrolment"]
        self._link_enrolments()
        wanted = {
            (need.partnership_id.id, need.course_id.id, person.id)
            for need in self
            for person in persons[need]
        }
        known = {
            (record.partnership_id.id, record.course_id.id, record.person_id.id)
            for record in Enrolment.search(
                Domain("course_id", "in", self.course_id.ids)
                & Domain("state", "in", ("requested", "waiting", "confirmed"))
            )
        }
        Enrolment.create(
            [
                {"partnership_id": place, "course_id": course, "person_id": person}
                for place, course, person in sorted(wanted - known)
            ]
        )
        return True

    def action_enrol(self):
        """Open the dialog that gives those whom the needs concern a seat in a session."""
        self._check_can_be_answered()
        if len(self.course_id) > 1 or len(self.partnership_id) > 1:
            raise UserError(
                self.env._(
                    "These needs ask for different courses: enrol for one course and one "
                    "partnership at a time."
                )
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_training.partnership_training_need_enrol_action"
        )
        action["context"] = {"default_need_ids": self.ids}
        return action

    def _check_can_be_answered(self):
        """:return: dict need -> the persons whom it concerns"""
        for need in self:
            if need.state not in OPEN_STATES:
                raise UserError(self.env._("%(need)s is closed.", need=need.display_name))
            if not need.course_id:
                raise UserError(
                    self.env._(
                        "%(need)s: choose the course that would help first.",
                        need=need.display_name,
                    )
                )
        persons = self._get_persons()
        for need in self:
            if not persons[need]:
                raise UserError(
                    self.env._(
                        "%(need)s: nobody speaks for %(subject)s today. Choose a person first.",
                        need=need.display_name,
                        subject=need.subject,
                    )
                )
        return persons

    def _link_enrolments(self):
        """Take up the enrolments under way that serve these needs."""
        needs = self.filtered(lambda need: need.course_id and need.state in OPEN_STATES)
        if needs:
            self.env["partnership.enrolment"].search(
                Domain("course_id", "in", needs.course_id.ids)
                & Domain("partnership_id", "in", needs.partnership_id.ids)
                & Domain("state", "in", ("requested", "waiting", "confirmed"))
            )._serve(needs)

    def action_open_enrolments(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partnership_training.partnership_enrolment_action"
        )
        action["domain"] = [("need_ids", "in", self.ids)]
        action["context"] = {
            "default_course_id": self.course_id.id,
            "default_partnership_id": self.partnership_id.id,
            "default_person_id": self.person_id.id,
            "default_need_ids": [Command.link(self.id)],
        }
        return action

    def action_open_origin(self):
        """Open the pitfall or the mandate that the need comes from."""
        self.ensure_one()
        return (self.pitfall_id or self.mandate_id).get_formview_action()
