"""What a sheet says of somebody, and what they have answered before."""

from datetime import timedelta

PRESENT = ("present", "late")
PUNCTUAL = timedelta(minutes=15)  # who is present and came this soon was there from the beginning
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
