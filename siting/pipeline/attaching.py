"""Files beside the plan's own tables: addresses, plots, contacts and the like, brought as they are and named in the plan."""

import hashlib
import re
from pathlib import Path
from typing import Any

from engagement.people.stakeholder_files import read_schools
from siting.crs import MetricSystem, to_degrees
from siting.faults import InputFaultsError, UsageError
from siting.inputs.plan import Plan
from siting.pipeline.evaluating import check
from siting.pipeline.plan_edits import name_input, set_gate
from siting.storage.shared_file import write_whole
from siting.words import BNG

TABLES = (".csv", ".xlsx", ".ods", ".xls")
SHAPES = (".gpkg", ".geojson", ".json", ".gml", ".kml", ".fgb")
ATTACHED = {
    "addresses": (".csv", ".gpkg"),
    "plots": SHAPES,
    "contacts": TABLES,
    "councillors": (".csv", ".xml"),
    "wards": SHAPES,
    "gias": (".csv",),
    "police_areas": SHAPES,
    "police_team": (".csv", ".json"),
    "boundaries": SHAPES,
}
"""What can be brought, with the endings that are taken."""
_MOST_FOUND = 20


def attached(plan_path: Path) -> dict[str, tuple[str, ...]]:
    """Return the files that a plan names of each kind.

    Raises
    ------
    InputFaultsError
        Where the plan cannot be read.
    """
    named = Plan.read(plan_path).inputs.model_dump()
    return {key: (value,) if isinstance(value := named[key], str) else tuple(value or ()) for key in ATTACHED}


def attach(plan_path: Path, key: str, upload: Path, name: str) -> str:
    """Keep a user's file beside the plan and let the plan read it instead of the one before; what it named before.

    The plan stays as it was where the file has faults. An earlier file is never removed.

    Raises
    ------
    UsageError
        Where the file is of another kind, or the plan names several of this kind.
    InputFaultsError
        Where the file cannot be read.
    """
    ending = Path(name).suffix.lower()
    if ending not in ATTACHED[key]:
        msg = f"Choose a file that ends in {', '.join(ATTACHED[key])}."
        raise UsageError(msg)
    before = attached(plan_path)[key]
    if len(before) > 1:
        msg = f"The plan names several files of this kind: {', '.join(before)}. Change them in the plan file."
        raise UsageError(msg)
    content = upload.read_bytes()
    kept = f"{key}-{hashlib.sha256(content).hexdigest()[:12]}{ending}"
    write_whole(plan_path.parent / kept, content)
    was = before[0] if before else ""
    name_input(plan_path, key, kept)
    try:
        check(plan_path, opens_roads=False)
    except InputFaultsError as error:
        own = [fault for fault in error.faults if fault.file == kept]
        if own:
            name_input(plan_path, key, was)
            raise InputFaultsError(own) from error
    return was


def detach(plan_path: Path, key: str, name: str) -> None:
    """Let a plan name another file of a kind again, or none; the file itself stays."""
    name_input(plan_path, key, name)


def find_schools(path: Path, words: str) -> list[dict[str, Any]]:
    """Find open schools by words of their name or place in a download of Get Information About Schools; at most twenty.

    Raises
    ------
    InputFaultsError
        Where the file is no list of schools.
    """
    wanted = re.findall(r"\w+", words.casefold())
    found = []
    for school in read_schools(path):
        told = f"{school.name} {school.address}".casefold()
        if all(word in told for word in wanted):
            (longitude,), (latitude,) = to_degrees(school.easting_m, school.northing_m, MetricSystem(BNG))
            found.append(
                {
                    "name": school.name,
                    "address": school.address,
                    "at": f"{float(latitude):.6f}, {float(longitude):.6f}",
                }
            )
            if len(found) == _MOST_FOUND:
                break
    return found


def first_school(plan_path: Path) -> dict[str, Any]:
    """Return the name and the gate of a plan's first school, and how many schools it has.

    Raises
    ------
    InputFaultsError
        Where the plan cannot be read.
    """
    schools = Plan.read(plan_path).schools
    return {"name": schools[0].name, "gate": schools[0].gate or "", "count": len(schools)}


def place_gate(plan_path: Path, gate: str) -> str:
    """Say where cars enter a plan's first school (a latitude and longitude, or a postcode); where it was before.

    Raises
    ------
    UsageError
        Where the place cannot be used.
    """
    from siting.inputs.locating import parse_place  # noqa: PLC0415 - only this needs it

    before = str(first_school(plan_path)["gate"])
    if gate:
        parse_place(gate)
    set_gate(plan_path, gate)
    return before
