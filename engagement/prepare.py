"""From a plan and a home to its pack: what lies around it is gathered, and everything is worked out."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from engagement.around.addresses import Address, AddressFile
from engagement.around.boundary import HomeBoundary, propose_boundary, read_drawn_boundary
from engagement.around.decisions import read_decisions
from engagement.around.neighbours import Considered, Surroundings, consider
from engagement.around.osm_features import OsmFeatures
from engagement.around.own_address import own_address
from engagement.around.plots import ATTRIBUTION as PLOT_ATTRIBUTION
from engagement.around.plots import Plots, no_plots, read_plots
from engagement.pack import Pack, walking_order
from engagement.people.stakeholders import find_stakeholders
from engagement.register import is_released, told
from engagement.schedule.issue import Issue, numbered, read_issue
from engagement.schedule.steps import plan_steps
from engagement.schedule.visits import Slot, schedule_visits
from siting.faults import Fault, UsageError
from siting.inputs.plan_inputs import Home, PlanInputs
from siting.osm.extract import ATTRIBUTION as OSM_ATTRIBUTION
from siting.progress import Progress, silent
from siting.roads.network import RoadNetwork

REACH_M = 150.0
"""Everything within this of the home is gathered: the last band and the depth of a large plot."""
WIDER_M = 600.0
"""The street along which doors are counted, where the plan asks for that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What the packs of a plan are made from, opened once for all its homes."""

    inputs: PlanInputs
    network: RoadNetwork
    features: OsmFeatures
    address_files: tuple[AddressFile, ...]


def open_sources(inputs: PlanInputs, network: RoadNetwork, features: OsmFeatures, progress: Progress = silent) -> Sources:
    """Open the plan's address files, indexed now or before."""
    names = inputs.plan.inputs.addresses or ()
    files = tuple(AddressFile(inputs.plan.resolve(name), progress=progress) for name in names)
    return Sources(inputs=inputs, network=network, features=features, address_files=files)


def find_home(inputs: PlanInputs, home_id: str) -> Home:
    """Return a home of the plan by its identifier.

    Raises
    ------
    UsageError
        Where there is no such home.
    """
    found = next((home for home in inputs.homes if home.row.home_id == home_id), None)
    if found is None:
        known = ", ".join(home.row.home_id for home in inputs.homes[:20])
        msg = f"The candidates table has no home {home_id}. It has {known}."
        raise UsageError(msg)
    return found


def consider_home(sources: Sources, home: Home) -> tuple[HomeBoundary, Address | None, str, tuple[Considered, ...], Surroundings]:
    """Work out a home's boundary and every address around it."""
    inputs, network = sources.inputs, sources.network
    plan = inputs.plan
    place = home.place.within(network.system)
    reach_m = WIDER_M if plan.engagement.sharers_and_each_side else REACH_M
    window = (place.x_m - reach_m, place.y_m - reach_m, place.x_m + reach_m, place.y_m + reach_m)
    around = surroundings(sources, place.x_m, place.y_m, reach_m)
    points = np.array([(a.x_m, a.y_m) for a in around.addresses if a.kind.left_out is None]).reshape(-1, 2)
    drawn = None
    if plan.inputs.boundary:
        drawn = read_drawn_boundary(plan.resolve(plan.inputs.boundary), home.row.home_id, network.system)
    boundary = drawn or propose_boundary(place.x_m, place.y_m, around.plots, around.buildings, around.roads, points)
    if not shapely.box(*window).contains(shapely.buffer(boundary.area, plan.engagement.boundary_metres)):
        # A large plot reaches beyond what was gathered.
        far_m = reach_m + float(shapely.hausdorff_distance(boundary.area, shapely.Point(place.x_m, place.y_m)))
        around = surroundings(sources, place.x_m, place.y_m, far_m)
    own, words = own_address(home.row, place.x_m, place.y_m, boundary, around.addresses)
    decisions = read_decisions(plan.resolve(plan.inputs.decisions or "decisions.csv"), home.row.home_id)
    considered = consider(
        boundary,
        own,
        around,
        plan.engagement.boundary_metres,
        decisions,
        each_side=plan.engagement.sharers_and_each_side,
    )
    return boundary, own, words, considered, around


def surroundings(sources: Sources, x_m: float, y_m: float, reach_m: float) -> Surroundings:
    """Gather addresses, plots, buildings and roads within a square of twice `reach_m` round a place."""
    inputs, network, features = sources.inputs, sources.network, sources.features
    window = (x_m - reach_m, y_m - reach_m, x_m + reach_m, y_m + reach_m)
    square = shapely.box(*window)
    if sources.address_files and network.system.is_national_grid:
        found: Mapping[str, Address] = {a.key: a for file in sources.address_files for a in file.near(x_m, y_m, reach_m)}
        addresses = tuple(found.values())
    else:
        inside = (a for a in features.addresses if abs(a.x_m - x_m) <= reach_m and abs(a.y_m - y_m) <= reach_m)
        addresses = tuple(inside)
    plots = no_plots(network.system)
    names = inputs.plan.inputs.plots or ()
    read = [read_plots(inputs.plan.resolve(name), network.system, near=window) for name in names]
    if read:
        plots = Plots(
            shapes=tuple(shape for part in read for shape in part.shapes),
            warnings=tuple(warning for part in read for warning in part.warnings),
            system=network.system,
        )
    buildings = features.buildings
    near = shapely.STRtree(buildings).query(square, predicate="intersects") if buildings else ()
    return Surroundings(
        addresses=addresses,
        plots=plots,
        buildings=tuple(buildings[int(i)] for i in sorted(near)),
        roads=road_lines_near(network, window),
    )


def road_lines_near(network: RoadNetwork, window: tuple[float, float, float, float]) -> shapely.Geometry:
    """Return the centrelines of open roads that meet a window (west, south, east, north); private drives are no roads here."""
    segments = network.segments
    west, south, east, north = window
    first = segments.geometry_start[:-1]
    lowest_x, highest_x = np.minimum.reduceat(segments.x_m, first), np.maximum.reduceat(segments.x_m, first)
    lowest_y, highest_y = np.minimum.reduceat(segments.y_m, first), np.maximum.reduceat(segments.y_m, first)
    meets = (highest_x >= west) & (lowest_x <= east) & (highest_y >= south) & (lowest_y <= north) & segments.open_road
    lines = [shapely.LineString(np.column_stack(network.points(int(s)))) for s in np.flatnonzero(meets)]
    return shapely.multilinestrings(lines) if lines else shapely.MultiLineString()


def make_pack(sources: Sources, home: Home, register: Path, today: dt.date) -> Pack:
    """Work out everything that the pack of a home says."""
    inputs = sources.inputs
    engagement = inputs.plan.engagement
    boundary, own, own_words, considered, around = consider_home(sources, home)
    invited = tuple(one for one in considered if one.invited)
    walk = walking_order(invited, own.street if own else "")
    previous = read_issue(register.parent)
    numbers, highest = numbered(home.row.home_id, walk, previous)
    schedule = schedule_visits(invited, engagement, today, issued=_slots(home.row.home_id, invited, previous))
    people, warnings = find_stakeholders(inputs, home, sources.network, sources.features.stations, today)
    faults: list[Fault] = [*around.plots.warnings, *warnings]
    files = ", ".join(file.path.name for file in sources.address_files)
    addresses = f"Addresses: {files} (as their licence says)" if files else f"Addresses and buildings: {OSM_ATTRIBUTION}"
    plots = f". {PLOT_ATTRIBUTION}" if inputs.plan.inputs.plots else ""
    return Pack(
        home=home,
        title=inputs.plan.title,
        engagement=engagement,
        boundary=boundary,
        own_words=own_words,
        area=shapely.buffer(boundary.area, engagement.boundary_metres, quad_segs=32),
        considered=considered,
        walk=walk,
        numbers=numbers,
        highest_number=highest,
        previous=previous,
        told=told(register, home.row.home_id),
        schedule=schedule,
        steps=plan_steps(engagement, schedule, today),
        stakeholders=people,
        released=is_released(register, home.row.home_id),
        made=today,
        sources=f"{addresses}. Roads: {OSM_ATTRIBUTION}{plots}",
        has_address_files=bool(files),
        warnings=tuple(faults),
        plots=around.plots.shapes,
        buildings=around.buildings,
    )


def _slots(home_id: str, invited: Sequence[Considered], previous: Issue | None) -> dict[str, Slot]:
    """Return the slots that neighbours were issued with before, by address key."""
    known = {one.address.key: previous.of(home_id, one) for one in invited} if previous else {}
    return {key: issued.slot for key, issued in known.items() if issued is not None and issued.slot is not None}
