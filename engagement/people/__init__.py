"""The local people to contact: members, head teachers, police, fire and rescue."""

__all__ = [
    "areas",
    "contact_details",
    "members",
    "people_files",
    "police_lookup",
    "stakeholder_files",
    "stakeholder_rows",
    "stakeholders",
]
"""What other rooms may use."""
