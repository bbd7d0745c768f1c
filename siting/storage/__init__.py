"""Files and databases: what is kept between runs, staged folders, decoding."""

__all__ = [
    "array_file",
    "copies",
    "database",
    "decoding",
    "kept",
    "moving_into_place",
    "results_folder",
    "shared_file",
    "staging",
    "undoing",
    "vector_layers",
]
"""What other rooms may use."""
