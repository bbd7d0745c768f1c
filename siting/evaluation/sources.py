"""Whose data an evaluation rests on, as every paper and map that shows it states."""

from siting.inputs.postcodes import ATTRIBUTION as POSTCODE_ATTRIBUTION
from siting.osm.extract import ATTRIBUTION as OSM_ATTRIBUTION


def source_line() -> str:
    """Name the sources and licences that every paper states."""
    return f"Roads: {OSM_ATTRIBUTION}. Postcodes: {POSTCODE_ATTRIBUTION}"
