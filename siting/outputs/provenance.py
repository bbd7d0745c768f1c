"""What an answer was made from: files, settings and versions, so that it can be had again."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from siting.evaluation.evaluation import RANKING
from siting.inputs.plan import Plan
from siting.inputs.postcodes import ATTRIBUTION as POSTCODE_ATTRIBUTION
from siting.osm.extract import ATTRIBUTION as OSM_ATTRIBUTION
from siting.roads.network import RoadNetwork
from siting.travel_model import FIGURES, SCENARIO_NOTES

DISTRIBUTION = "home-siting-planner"
_LIBRARIES = ("geopandas", "numba", "numpy", "osmium", "pandas", "pyproj", "shapely")

LIMITS = (
    "Times are estimates of a car's journey, not measurements. How traffic slows a town was fitted to tracked journeys of other "
    "cities, how kinds of road differ is from official counts, turns and lights are as a route planner has them, and several "
    "figures are the program's own assumptions: the workbook's sheet Method lists each with its source. "
    "Try the decisive journeys at the hours in question before a house is bought."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Rows of what was read and how, as heading, item and value."""

    rows: tuple[tuple[str, str, str], ...]


def trace_provenance(plan: Plan, files: Iterable[Path], network: RoadNetwork, made: datetime) -> Provenance:
    """Gather what an evaluation was made from; `made` is the time to state, with a zone."""
    return Provenance(rows=tuple(_rows(plan, files, network, made)))


def _rows(plan: Plan, files: Iterable[Path], network: RoadNetwork, made: datetime) -> Iterator[tuple[str, str, str]]:
    yield "This run", "plan", plan.title
    yield "This run", "made", f"{made:%Y-%m-%d %H:%M %Z}"
    yield "This run", "how homes are ranked", RANKING
    yield "This run", "limits", LIMITS
    for path in files:
        changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        checksum = _sha256(path)
        yield (
            "Files read",
            path.name,
            f"{path.stat().st_size:,} bytes, changed {changed:%Y-%m-%d %H:%M} UTC, SHA-256 {checksum}",
        )
    rules = plan.rules
    yield (
        "Rules",
        "minutes to school",
        f"{rules.school_minutes:g} by car in the worse direction, {rules.scenario.value}",
    )
    yield "Rules", "family miles", f"{rules.family_miles:g} in a straight line, postcode to postcode"
    for scenario, note in SCENARIO_NOTES.items():
        yield "Scenarios", scenario, note
    changes = dict(plan.travel_model.changes)
    for name, figure in FIGURES.items():
        value = changes.get(name, figure.value)
        source = f"changed in the plan; otherwise {figure.value:g}" if name in changes else figure.source
        yield "Travel-time model", name, f"{value:g} {figure.unit} ({source})"
    yield "Road network", "coordinate system", network.system.name
    yield "Road network", "pieces of road", f"{len(network.segments):,}"
    for kind, count in network.left_out:
        yield "Road network", f"not taken into account: {kind}", f"{count:,}"
    if network.lacks:
        yield "Road network", "what the file does not hold", network.lacks
    yield "Versions", DISTRIBUTION, metadata.version(DISTRIBUTION)
    for library in _LIBRARIES:
        with suppress(metadata.PackageNotFoundError):
            yield "Versions", library, metadata.version(library)
    yield "Sources", "roads", OSM_ATTRIBUTION
    yield "Sources", "postcodes", POSTCODE_ATTRIBUTION


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
