"""What a sheet says of somebody, and what they have answered before."""

PRESENT = ("present", "late")
STATUSES = [
    ("present", "Present"),
    ("late", "Late"),
    ("excused", "Excused"),
    ("absent", "Absent"),
    ("not_recorded", "Not recorded"),
]

ANSWERS = [
    ("accepted", "Comes"),
    ("tentative", "Perhaps"),
    ("declined", "Does not come"),
    ("none", "No answer"),
]
