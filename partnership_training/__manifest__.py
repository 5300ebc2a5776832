{
    "name": "Local Partnership Training",
    "summary": "Courses, sessions and enrolments for the members of a local partnership",
    "version": "19.0.1.0.0",
    "category": "Services/Partnerships",
    "author": "Local Partnership contributors",
    "website": "https://example.org/local-partnerships",
    "license": "LGPL-3",
    "depends": ["partnership_management"],
    "data": [
        "security/ir.model.access.csv",
        "security/partnership_training_security.xml",
        "views/calendar_event_views.xml",
        "views/partnership_course_views.xml",
        "views/partnership_enrolment_views.xml",
        "views/partnership_partnership_views.xml",
        "views/partnership_training_enrol_views.xml",
        "views/partnership_training_session_views.xml",
        "views/res_partner_views.xml",
        "views/partnership_training_menus.xml",
    ],
    "demo": [
        "demo/partnership_training_demo.xml",
        "demo/partnership_training_session_demo.xml",
    ],
    "assets": {
        "web.assets_tests": ["partnership_training/static/tests/tours/**/*"],
    },
}
