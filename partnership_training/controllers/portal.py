from odoo import http
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.http import content_disposition, request

from odoo.addons.partnership_management.tools.untrusted import cut_text
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

INT = "int(max=2147483647)"


class TrainingPortal(CustomerPortal):
    """Training of the person who is logged in: own enrolments, and the courses on offer.

    The rows are found by who the user is, see ``res.users``; what is not found does not exist.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        user = request.env.user
        if "training_count" in counters:
            values["training_count"] = self._enrolments().search_count(
                user._domain_own_enrolments()
            )
        if "training_course_count" in counters:
            values["training_course_count"] = self._courses().search_count(
                user._domain_open_courses()
            )
        return values

    def _enrolments(self):
        return request.env["partnership.enrolment"].sudo()

    def _courses(self):
        return request.env["partnership.course"].sudo()

    def _find_enrolment(self, enrolment_id):
        """:return: the enrolment, if it is the user's own"""
        domain = request.env.user._domain_own_enrolments() & Domain("id", "=", enrolment_id)
        return self._found(self._enrolments().search(domain))

    def _find_course(self, course_id):
        domain = request.env.user._domain_open_courses() & Domain("id", "=", course_id)
        return self._found(self._courses().search(domain))

    def _found(self, record):
        if not record:
            raise request.not_found()
        return record

    # ------------------------------------------------------------
    # Own enrolments
    # ------------------------------------------------------------

    @http.route(
        ["/my/trainings", "/my/trainings/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def portal_my_trainings(self, page=1, filterby="all", **_kwargs):
        filters = {
            "all": (request.env._("All"), Domain.TRUE),
            "current": (
                request.env._("To come"),
                Domain("state", "in", ("requested", "waiting", "confirmed")),
            ),
            "past": (request.env._("Past"), Domain("state", "in", ("done", "absent", "cancelled"))),
        }
        filterby = filterby if filterby in filters else "all"
        domain = request.env.user._domain_own_enrolments() & filters[filterby][1]
        Enrolment = self._enrolments()
        pager = portal_pager(
            url="/my/trainings",
            url_args={"filterby": filterby},
            total=Enrolment.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        return request.render(
            "partnership_training.portal_my_trainings",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "trainings",
                "default_url": "/my/trainings",
                "enrolments": Enrolment.search(
                    domain,
                    order="date_start desc, id desc",
                    limit=self._items_per_page,
                    offset=pager["offset"],
                ),
                "pager": pager,
                "filterby": filterby,
                "searchbar_filters": {
                    key: {"label": label, "domain": []} for key, (label, _) in filters.items()
                },
            },
        )

    @http.route(
        f"/my/trainings/<{INT}:enrolment_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def portal_my_training(self, enrolment_id, done="", **_kwargs):
        return self._show_enrolment(self._find_enrolment(enrolment_id), done=done)

    def _show_enrolment(self, enrolment, **values):
        return request.render(
            "partnership_training.portal_my_training",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "training",
                "enrolment": enrolment,
                "evaluations": enrolment._get_evaluation_links(),
                **values,
            },
        )

    @http.route(
        f"/my/trainings/<{INT}:enrolment_id>/withdraw",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_withdraw(self, enrolment_id, reason="", **_kwargs):
        enrolment = self._find_enrolment(enrolment_id)
        try:
            with request.env.cr.savepoint():
                enrolment._withdraw(cut_text(reason))
        except (UserError, ValidationError) as error:
            return self._show_enrolment(enrolment, error=str(error))
        return request.redirect(f"/my/trainings/{enrolment.id}?done=withdrawn", code=303)

    @http.route(
        f"/my/trainings/<{INT}:enrolment_id>/material/<{INT}:file_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def portal_material(self, enrolment_id, file_id, **_kwargs):
        files = self._find_enrolment(enrolment_id)._get_material()
        file = self._found(files.filtered(lambda record: record.id == file_id))
        return request.env["ir.binary"]._get_stream_from(file).get_response(as_attachment=True)

    @http.route(
        f"/my/trainings/<{INT}:enrolment_id>/certificate",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def portal_certificate(self, enrolment_id, **_kwargs):
        enrolment = self._found(
            self._find_enrolment(enrolment_id).filtered(lambda record: record._has_certificate())
        )
        pdf, _format = (
            request.env["ir.actions.report"]
            .sudo()
            ._render_qweb_pdf("partnership_training.action_report_certificate", enrolment.ids)
        )
        return self._download(pdf, "application/pdf", f"{enrolment._get_certificate_name()}.pdf")

    @http.route(
        f"/my/trainings/<{INT}:enrolment_id>/calendar",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def portal_calendar(self, enrolment_id, **_kwargs):
        session = self._find_enrolment(enrolment_id).session_id
        events = self._found(session._get_events())
        return self._download(session._get_calendar(events), "text/calendar", f"{session.name}.ics")

    def _download(self, content, mimetype, name):
        return request.make_response(
            content,
            [
                ("Content-Type", mimetype),
                ("Content-Disposition", content_disposition(name)),
            ],
        )

    # ------------------------------------------------------------
    # The courses on offer
    # ------------------------------------------------------------

    @http.route(
        ["/my/courses", "/my/courses/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def portal_my_courses(self, page=1, sortby="name", search="", done="", **_kwargs):
        sortings = {
            "name": {"label": request.env._("Name"), "order": "name, id"},
            "hours": {"label": request.env._("Shortest"), "order": "hours, name, id"},
            "date": {"label": request.env._("Newest"), "order": "create_date desc, id desc"},
        }
        sortby = sortby if sortby in sortings else "name"
        domain = request.env.user._domain_open_courses()
        search = cut_text(search)
        if search:
            domain &= Domain.OR(
                Domain(fname, "ilike", search) for fname in ("name", "skill_ids.name", "content")
            )
        Course = self._courses()
        pager = portal_pager(
            url="/my/courses",
            url_args={"sortby": sortby, "search": search},
            total=Course.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        return request.render(
            "partnership_training.portal_my_courses",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "courses",
                "default_url": "/my/courses",
                "courses": Course.search(
                    domain,
                    order=sortings[sortby]["order"],
                    limit=self._items_per_page,
                    offset=pager["offset"],
                ),
                "partnerships": request.env.user._get_training_memberships().partnership_id,
                "pager": pager,
                "sortby": sortby,
                "searchbar_sortings": sortings,
                "search": search,
                "search_in": "all",
                "searchbar_inputs": {
                    "all": {"input": "all", "label": request.env._("Search in all")}
                },
                "done": done,
            },
        )

    @http.route(
        f"/my/courses/<{INT}:course_id>", type="http", auth="user", website=True, methods=["GET"]
    )
    def portal_my_course(self, course_id, **_kwargs):
        return self._show_course(self._find_course(course_id))

    def _show_course(self, course, **values):
        user = request.env.user
        person = user.partner_id.sudo()
        sessions = (
            request.env["partnership.training.session"]
            .sudo()
            .search(
                user._domain_open_sessions() & Domain("course_id", "=", course.id),
                order="date_start, id",
            )
        )
        own = self._enrolments().search(
            user._domain_own_enrolments() & Domain("course_id", "=", course.id)
        )
        pending = own.filtered("is_pending")
        places = user._get_training_memberships().partnership_id
        return request.render(
            "partnership_training.portal_my_course",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "course",
                "course": course,
                "own": own,
                "asked": pending.filtered(lambda record: not record.session_id),
                "sessions": [
                    (
                        session,
                        pending.filtered(lambda record, here=session: record.session_id == here),
                        session._get_closed_reason(person),
                    )
                    for session in sessions._filtered_offered_to(person)
                ],
                "missing": course.prerequisite_ids
                - person._get_completed_courses(course.prerequisite_ids)[person],
                "partnerships": places.filtered(course._is_open_to),
                **values,
            },
        )

    @http.route(
        f"/my/courses/<{INT}:course_id>/enrol/<{INT}:session_id>",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_enrol(self, course_id, session_id, **_kwargs):
        """A seat, a place on the waiting list or a request: whatever the session gives."""
        course, user = self._find_course(course_id), request.env.user
        session = self._found(
            request.env["partnership.training.session"]
            .sudo()
            .search(
                user._domain_open_sessions()
                & Domain("course_id", "=", course.id)
                & Domain("id", "=", session_id)
            )
        )
        return self._do(course, lambda: session._enrol_self(user.partner_id.sudo()), "enrolled")

    @http.route(
        f"/my/courses/<{INT}:course_id>/ask",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_ask(self, course_id, partnership_id="", **_kwargs):
        course, user = self._find_course(course_id), request.env.user
        places = user._get_training_memberships().partnership_id.filtered(course._is_open_to)
        partnership = self._found(self._choose(places, partnership_id))
        return self._do(course, lambda: user._ask_for_course(course, partnership), "asked")

    def _choose(self, places, number):
        """:return: the partnership of the form, or the only one"""
        chosen = places.filtered(lambda place: str(place.id) == number)
        return chosen or (places if len(places) == 1 and not number else places.browse())

    def _do(self, course, action, done):
        try:
            with request.env.cr.savepoint():
                enrolment = action()
        except (UserError, ValidationError) as error:
            return self._show_course(course, error=str(error))
        return request.redirect(f"/my/trainings/{enrolment.id}?done={done}", code=303)

    @http.route("/my/courses/wish", type="http", auth="user", website=True, methods=["POST"])
    def portal_wish(self, wish="", partnership_id="", **_kwargs):
        """Say what one wants to learn, where no course is known for it."""
        user, text = request.env.user, cut_text(wish)
        places = user._get_training_memberships().partnership_id
        partnership = self._found(self._choose(places, partnership_id))
        if not text:
            return request.redirect("/my/courses?done=empty", code=303)
        user._request_training(partnership, text, self._courses())
        return request.redirect("/my/courses?done=wished", code=303)
