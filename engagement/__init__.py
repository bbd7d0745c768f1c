"""Who must hear of a home: neighbours and local stakeholders."""
