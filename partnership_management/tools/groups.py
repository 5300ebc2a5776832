"""Who may see what, as `groups` of fields say it."""

TEAM = "partnership_management.partnership_management_group_facilitator"
OFFICER = "partnership_management.partnership_management_group_officer"
