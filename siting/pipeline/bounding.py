"""The boundary of a home, shown and confirmed by the lead: as it was proposed, put together from plots, or drawn.

What is confirmed stands in one file beside the plan, `boundary-confirmed.geojson`, with who, when
and why. A boundary that is taken back stays in it under no home, so that it can be brought back.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from engagement.around.boundary import HomeBoundary, propose_boundary, read_boundaries
from engagement.around.neighbours import Surroundings
from engagement.prepare import Sources, consider_home, find_home
from siting.crs import MetricSystem, to_degrees, to_metres
from siting.faults import UsageError
from siting.inputs.locating import read_degrees
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import Home, read_inputs
from siting.pipeline.engagement_sources import sources_of
from siting.pipeline.plan_edits import name_input
from siting.progress import Progress, silent
from siting.storage.shared_file import ChangedMeanwhileError, content_of, version_of, write_unless_changed
from siting.words import WGS84, fold_identifier

FILE = "boundary-confirmed.geojson"
TAKEN_BACK = "taken_back_from"
PROPOSED, DRAWN = "proposed", "drawn"
FARTHEST_M = 300.0
"""A boundary that is farther from its home than this is another house's (own choice)."""
MOST_M2 = 1_000_000.0
"""A square kilometre is no home's land (own choice)."""
_SHOWN_M = 90.0
_PLACES = 9
"""Decimals of a degree: a tenth of a millimetre, since twenty metres are measured from it."""
_FEWEST = 3

Rings = list[list[list[float]]]
"""Rings of an outline, the outer one first, each of latitude and longitude."""
_CHANGED = "Somebody else changed the boundaries meanwhile. They are shown as they are now; do yours again."


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundaryShown:
    """A home's boundary and what it can be made from, in degrees (EPSG:4326).

    Attributes
    ----------
    proposed, in_force
        The outlines of what the program proposes and of what neighbours are measured from now, each a list of polygons.
    words
        What is in force, in a sentence.
    confirmed
        Who confirmed it, when and why; None where the proposal stands unconfirmed.
    plots
        The plots around, nearest first: `key`, `shape`, `area_m2`, `distance_m`, `proposed`, `taken`.
    earlier
        Boundaries that were taken back: `number`, `how`, `who`, `when`.
    neighbours
        How many addresses are told by the boundary in force.
    version
        What tells one state of the file from another.
    """

    lat: float
    lon: float
    proposed: list[Rings]
    in_force: list[Rings]
    words: str
    confirmed: Mapping[str, Any] | None
    plots: tuple[Mapping[str, Any], ...]
    buildings: list[Rings]
    earlier: tuple[Mapping[str, Any], ...]
    neighbours: int
    metres: float
    version: str


def show_boundary(plan_path: Path, home_id: str, *, progress: Progress = silent) -> BoundaryShown:
    """Show a home's boundary and what it can be made from.

    Raises
    ------
    UsageError
        Where the home is not in the plan.
    InputFaultsError
        Where the inputs cannot be read.
    """
    inputs = read_inputs(Plan.read(plan_path))
    sources, home = sources_of(inputs, progress), find_home(inputs, home_id)
    view = consider_home(sources, home)
    system = sources.network.system
    proposed = _proposal(sources, home, view.around)
    place = home.place.within(system)
    (longitude,), (latitude,) = to_degrees(place.x_m, place.y_m, system)
    features, version = _read(plan_path)
    own = next((one["properties"] for one in features if one["properties"]["home_id"] == home_id), None)
    return BoundaryShown(
        lat=float(latitude),
        lon=float(longitude),
        proposed=_outlines(proposed.area, system),
        in_force=_outlines(view.boundary.area, system),
        words=view.boundary.words,
        confirmed=own,
        plots=tuple(_plots(view.around, view.boundary, proposed, system)),
        buildings=[rings for shape in _near(view.around.buildings, view.boundary.area) for rings in _outlines(shape, system)],
        earlier=tuple(
            {"number": number, **one["properties"]}
            for number, one in enumerate(features)
            if one["properties"].get(TAKEN_BACK) == home_id
        ),
        neighbours=sum(one.invited for one in view.considered),
        metres=inputs.plan.engagement.boundary_metres,
        version=version,
    )


def confirm_boundary(  # noqa: PLR0913 - what a form brings
    plan_path: Path,
    home_id: str,
    how: str,
    *,
    plots: Sequence[str] = (),
    corners: str = "",
    reason: str = "",
    who: str,
    when: str,
    seen: str,
) -> str:
    """Keep a home's boundary and let the plan read it; what it replaces can be brought back. The file's new version.

    Parameters
    ----------
    how
        `proposed`, `plots` (those of `plots`, by key) or `drawn` (`corners`, a latitude and longitude a line).

    Raises
    ------
    UsageError
        Where the outline cannot be a boundary of the home, no reason is given for one's own, or another changed it meanwhile.
    """
    inputs = read_inputs(Plan.read(plan_path))
    sources, home = sources_of(inputs), find_home(inputs, home_id)
    system = sources.network.system
    around = consider_home(sources, home).around
    if how != PROPOSED and not reason.strip():
        msg = "Say why the boundary is not the one proposed. It is printed on the page for the lead."
        raise UsageError(msg)
    match how:
        case "proposed":
            area = _proposal(sources, home, around).area
        case "plots":
            area = _joined(around, plots)
        case "drawn":
            area = _drawn(corners, system)
        case _:
            msg = "Choose whether to use the proposed boundary, plots, or corners of your own."
            raise UsageError(msg)
    _refuse_strange(area, home, system)
    feature = {
        "type": "Feature",
        "properties": {"home_id": home_id, "how": how, "reason": " ".join(reason.split()), "who": who, "when": when},
        "geometry": _geometry(area, system),
    }
    carried = _carried_over(plan_path, inputs.plan, inputs.homes, system)
    version = _change(plan_path, seen, lambda features: [*_without(features or carried, home_id), feature])
    name_input(plan_path, "boundary", FILE)
    return version


def take_boundary_back(plan_path: Path, home_id: str, *, seen: str) -> str:
    """Let the program propose a home's boundary again; the one that was confirmed is kept aside. The file's new version.

    Raises
    ------
    UsageError
        Where another changed it meanwhile.
    """
    return _change(plan_path, seen, lambda features: _without(features, home_id))


def bring_boundary_back(plan_path: Path, home_id: str, number: int, *, seen: str) -> str:
    """Put a boundary that was taken back in force again, by its number; -1 is the last. The file's new version.

    Raises
    ------
    UsageError
        Where there is none of that number, or another changed it meanwhile.
    """

    def brought(features: list[dict[str, Any]]) -> list[dict[str, Any]]:
        kept = [at for at, one in enumerate(features) if one["properties"].get(TAKEN_BACK) == home_id]
        chosen_at = kept[-1] if number < 0 and kept else number
        if chosen_at not in kept:
            msg = "This boundary is not kept any more."
            raise UsageError(msg)
        chosen = features[chosen_at]
        rest = _without(features[:chosen_at] + features[chosen_at + 1 :], home_id)
        properties = {key: value for key, value in chosen["properties"].items() if key != TAKEN_BACK}
        return [*rest, {**chosen, "properties": properties | {"home_id": home_id}}]

    version = _change(plan_path, seen, brought)
    name_input(plan_path, "boundary", FILE)
    return version


def _proposal(sources: Sources, home: Home, around: Surroundings) -> HomeBoundary:
    place = home.place.within(sources.network.system)
    points = np.array([(a.x_m, a.y_m) for a in around.addresses if a.kind.left_out is None]).reshape(-1, 2)
    return propose_boundary(place.x_m, place.y_m, around.plots, around.buildings, around.roads, points)


def _plots(around: Surroundings, boundary: HomeBoundary, proposed: HomeBoundary, system: MetricSystem) -> list[dict[str, Any]]:
    shapes = _near(around.plots.shapes, boundary.area)
    distance_m = [float(shapely.distance(shape, boundary.area)) for shape in shapes]
    return [
        {
            "key": _key(shapes[i]),
            "shape": _outlines(shapes[i], system),
            "area_m2": float(shapely.area(shapes[i])),
            "distance_m": distance_m[i],
            "proposed": _is_in(shapes[i], proposed.area),
            "taken": _is_in(shapes[i], boundary.area),
        }
        for i in sorted(range(len(shapes)), key=lambda i: (not _is_in(shapes[i], proposed.area), distance_m[i], _key(shapes[i])))
    ]


def _near(shapes: Sequence[shapely.Geometry], area: shapely.Geometry) -> list[shapely.Geometry]:
    return [shape for shape in shapes if shapely.distance(shape, area) <= _SHOWN_M]


def _is_in(plot: shapely.Geometry, area: shapely.Geometry) -> bool:
    """Tell whether a plot is part of an area, as far as outlines can be compared."""
    return bool(shapely.area(shapely.intersection(plot, area)) >= 0.98 * shapely.area(plot) > 0)


def _key(plot: shapely.Geometry) -> str:
    return hashlib.sha256(shapely.to_wkb(shapely.set_precision(plot, 0.01))).hexdigest()[:12]


def _joined(around: Surroundings, keys: Sequence[str]) -> shapely.Geometry:
    known = {_key(shape): shape for shape in around.plots.shapes}
    missing = [key for key in keys if key not in known]
    if missing or not keys:
        msg = "These plots are not there any more. Look again." if missing else "Choose at least one plot."
        raise UsageError(msg)
    return shapely.union_all([known[key] for key in keys])


def _drawn(corners: str, system: MetricSystem) -> shapely.Geometry:
    lines = [line.strip() for line in corners.replace(";", "\n").splitlines() if line.strip()]
    places = [read_degrees(line) for line in lines]
    wrong = [line for line, place in zip(lines, places, strict=True) if place is None]
    if wrong:
        msg = f'"{wrong[0][:40]}" is no corner. Write latitude and longitude, one corner a line, as in 51.629812, -0.748216.'
        raise UsageError(msg)
    found = np.array([place for place in places if place is not None]).reshape(-1, 2)
    if len(np.unique(found, axis=0)) < _FEWEST:
        msg = "A boundary has at least three corners."
        raise UsageError(msg)
    metres = np.column_stack(to_metres(found[:, 1], found[:, 0], system))
    if not np.isfinite(metres).all():
        msg = "A corner is far from the home. Check that latitude stands before longitude."
        raise UsageError(msg)
    area = shapely.Polygon(metres)
    if not shapely.is_valid(area):
        msg = "The boundary crosses itself. Give the corners in their order round the edge."
        raise UsageError(msg)
    return area


def _refuse_strange(area: shapely.Geometry, home: Home, system: MetricSystem) -> None:
    place = home.place.within(system)
    away_m = float(shapely.distance(area, shapely.Point(place.x_m, place.y_m)))
    if away_m > FARTHEST_M:
        msg = f"This boundary is {away_m:,.0f} m from the home. Check that latitude stands before longitude."
        raise UsageError(msg)
    if not shapely.area(area):
        msg = "Neither a plot nor a building is known here, so nothing can be confirmed. Draw the boundary."
        raise UsageError(msg)
    if shapely.area(area) > MOST_M2:
        msg = f"This boundary holds {shapely.area(area) / 10_000:,.0f} hectares. Check its corners."
        raise UsageError(msg)


def _carried_over(plan_path: Path, plan: Plan, homes: Iterable[Home], system: MetricSystem) -> list[dict[str, Any]]:
    """Return the boundaries of a file of the user's own, which stays as it is and is no longer read."""
    named = plan.inputs.boundary
    if not named or plan.resolve(named) == plan_path.parent / FILE:
        return []
    frame, home_ids = read_boundaries(plan.resolve(named))
    if frame.crs is None or frame.crs.to_epsg() not in {WGS84, system.epsg}:
        return []
    spelt = {fold_identifier(home.row.home_id): home.row.home_id for home in homes}
    return [
        {
            "type": "Feature",
            "properties": {
                "home_id": spelt.get(fold_identifier(home_id), home_id),
                "how": DRAWN,
                "reason": "",
                "who": named,
                "when": "",
            },
            "geometry": _geometry(shape, system) if frame.crs.to_epsg() == system.epsg else shapely.geometry.mapping(shape),
        }
        for home_id, shape in zip(home_ids, frame.geometry, strict=True)
        if shape is not None
    ]


def _without(features: list[dict[str, Any]], home_id: str) -> list[dict[str, Any]]:
    """Take a home's boundary out of force; it stays under no home."""
    return [
        {**one, "properties": one["properties"] | {"home_id": "", TAKEN_BACK: home_id}}
        if one["properties"]["home_id"] == home_id
        else one
        for one in features
    ]


def _read(plan_path: Path) -> tuple[list[dict[str, Any]], str]:
    path = plan_path.with_name(FILE)
    content = content_of(path)
    try:
        features: list[dict[str, Any]] = json.loads(content)["features"] if content else []
        if not all(isinstance(one["properties"]["home_id"], str) and one["geometry"] for one in features):
            raise TypeError  # noqa: TRY301 - told as the others are
    except (ValueError, KeyError, TypeError) as error:
        msg = f"{path.name} cannot be read. Rename it to begin anew; nothing in it is lost by that."
        raise UsageError(msg) from error
    return features, version_of(content)


def _change(plan_path: Path, seen: str, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> str:
    features, version = _read(plan_path)
    if version != seen:
        raise UsageError(_CHANGED)
    kept = {"type": "FeatureCollection", "name": "boundaries", "features": change(features)}
    try:
        return write_unless_changed(plan_path.with_name(FILE), json.dumps(kept, ensure_ascii=False, indent=1).encode(), seen)
    except ChangedMeanwhileError as error:
        raise UsageError(_CHANGED) from error


def _outlines(area: shapely.Geometry, system: MetricSystem) -> list[Rings]:
    return [
        [_ring(ring, system) for ring in (part.exterior, *part.interiors)]
        for part in shapely.get_parts(area)
        if shapely.get_type_id(part) == 3  # noqa: PLR2004 - a polygon
    ]


def _ring(ring: shapely.Geometry, system: MetricSystem) -> list[list[float]]:
    corners = shapely.get_coordinates(ring)
    longitude, latitude = to_degrees(corners[:, 0], corners[:, 1], system)
    pairs: list[list[float]] = np.round(np.column_stack([latitude, longitude]), _PLACES).tolist()
    return pairs


def _geometry(area: shapely.Geometry, system: MetricSystem) -> dict[str, Any]:
    """Write an area as GeoJSON has it: longitude before latitude."""
    polygons = [[[[lon, lat] for lat, lon in ring] for ring in rings] for rings in _outlines(area, system)]
    return {"type": "MultiPolygon", "coordinates": polygons}
