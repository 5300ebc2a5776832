{
    "name": "Local Partnership Training",
    "summary": "Courses, sessions and enrolments for the members of a local partnership",
    "version": "19.0.1.0.0",
    "category": "Services/Partnerships",
    "author": "Local Partnership contributors",
    "license": "LGPL-3",
    "depends": ["partnership_management"],
    "data": [],
    "demo": [],
    "application": False,
}
