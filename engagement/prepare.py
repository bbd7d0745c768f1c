"""From a plan and a home to its pack: what lies around it is gathered, and everything is worked out."""

import datetime as dt
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely

from engagement.around.address_index import volumes_of
from engagement.around.addresses import Address, AddressFile
from engagement.around.boundary import HomeBoundary, boundaries_of_no_home, propose_boundary, read_drawn_boundary
from engagement.around.decisions import Decided, in_force, of_home, with_others
from engagement.around.decisions_file import read_decisions
from engagement.around.nation import with_nation
from engagement.around.neighbours import Considered, Surroundings, consider, neighbours
from engagement.around.osm_features import OsmFeatures
from engagement.around.own_address import own_address
from engagement.around.plots import ATTRIBUTION as PLOT_ATTRIBUTION
from engagement.around.plots import Plots, is_road, no_plots, read_plots
from engagement.around.same_address import find_by_text, is_one_door
from engagement.around.walk_there import Unaddressed, unaddressed
from engagement.pack import Pack, walking_order
from engagement.people.people_files import PeopleFiles
from engagement.people.stakeholders import find_stakeholders
from engagement.register import is_released, is_withdrawn, opted_out, told
from engagement.schedule.days import odd_days
from engagement.schedule.hosts import Taken, double_bookings, taken_by
from engagement.schedule.issue import ISSUE_FILE, Issue, numbered, promised, read_issue
from engagement.schedule.steps import plan_steps
from engagement.schedule.visits import schedule_visits
from siting.crs import MetricSystem
from siting.faults import Fault, InputFaultsError, Severity, UsageError
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import Home, PlanInputs
from siting.osm.extract import ATTRIBUTION as OSM_ATTRIBUTION
from siting.progress import Progress, silent
from siting.roads.network import RoadNetwork
from siting.sentences import counted
from siting.words import HomeStatus

REACH_M = 150.0
"""Beyond the distance of the plan so much more is gathered: the last band and the depth of a large plot."""
FARTHEST_M = 2_000.0
"""However large a plot that comes near, no more than this is gathered (own choice)."""
_BESIDE_M = 30.0
REGISTER = "register.sqlite"
"""What a home's register is called, in the folder of its pack."""
WITHDRAWN = (
    "The register says that the purchase of {home_id} came to nothing: nobody is invited any more. If it goes on after all, "
    "correct that entry with `siting log --corrects`."
)
WIDER_M = 600.0
"""The street along which doors are counted, where the plan asks for that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What the packs of a plan are made from, opened once for all its homes."""

    inputs: PlanInputs
    network: RoadNetwork
    features: OsmFeatures
    address_files: tuple[AddressFile, ...]
    people: PeopleFiles


def open_sources(inputs: PlanInputs, network: RoadNetwork, features: OsmFeatures, progress: Progress = silent) -> Sources:
    """Open the plan's address files, indexed now or before."""
    names = inputs.plan.inputs.addresses or ()
    volumes = volumes_of([inputs.plan.resolve(name) for name in names])
    files = tuple(AddressFile(path, volumes=others, progress=progress) for path, others in volumes.items())
    people = PeopleFiles(inputs.plan, network.system)
    return Sources(inputs=inputs, network=network, features=features, address_files=files, people=people)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeView:
    """A home's boundary, every address around it, and what is wrong with what was decided about them.

    Attributes
    ----------
    own_words
        How the home's own entry was known, in a sentence.
    walk_there
        Buildings within the distance that look lived in and have no address.
    faults
        Decisions and opt-outs that have no effect: while there is one, no pack is made.
    """

    boundary: HomeBoundary
    own: Address | None
    own_words: str
    considered: tuple[Considered, ...]
    around: Surroundings
    walk_there: tuple[Unaddressed, ...]
    faults: tuple[Fault, ...]


def consider_home(sources: Sources, home: Home, register: Path | None = None) -> HomeView:
    """Work out a home's boundary and every address around it; `register` says who opted out."""
    inputs, network = sources.inputs, sources.network
    plan = inputs.plan
    place = home.place.within(network.system)
    limit_m = plan.engagement.boundary_metres
    reach_m = max(WIDER_M if plan.engagement.sharers_and_each_side else 0.0, limit_m + REACH_M)
    around = surroundings(sources, place.x_m, place.y_m, reach_m)
    boundary = _boundary_of(sources, home, around)
    needed_m = _needed_reach_m(boundary, around, limit_m, place.x_m, place.y_m)
    if needed_m > reach_m:
        # A large plot reaches beyond what was gathered.
        around = surroundings(sources, place.x_m, place.y_m, needed_m)
    own, words = own_address(home.row, place.x_m, place.y_m, boundary, around.addresses)
    decided, faults = instructions(inputs, home, register)
    known = (*around.addresses, *_farther(sources, decided, around.addresses))
    rulings, unmatched = in_force(decided, known)
    kept = tuple(a for a in known[len(around.addresses) :] if a.key in rulings)
    # Of what was decided elsewhere only that counts which is surely about somebody here; the rest is told at its own home.
    rulings = with_others(rulings, in_force(left_alone_elsewhere(inputs, home, register), around.addresses)[0])
    others = _other_homes(inputs, home, around.addresses, network.system, _engaged(register))
    around = replace(around, addresses=(*around.addresses, *kept), other_homes=others)
    considered = consider(
        boundary,
        own,
        around,
        limit_m,
        rulings,
        each_side=plan.engagement.sharers_and_each_side,
        large=plan.engagement.large_parcels,
    )  # fmt: skip
    return HomeView(
        boundary=boundary,
        own=own,
        own_words=words,
        considered=considered,
        around=around,
        walk_there=unaddressed(boundary, around, limit_m),
        faults=(*faults, *unmatched),
    )


def left_alone_elsewhere(inputs: PlanInputs, home: Home, register: Path | None) -> tuple[Decided, ...]:
    """Return what was decided about neighbours of the plan's other homes, and who opted out there, if known by more than words.

    A street of the same name in another town must take nobody's invitation away.
    """
    decided = [one for one in read_decisions(decisions_path(inputs)) if one.home_id != home.row.home_id]
    if register is not None:
        folder = register.parent.parent
        others = [one.row.home_id for one in inputs.homes if one.row.home_id != home.row.home_id]
        decided += [one for other in others for one in opted_out(folder / other / REGISTER, other)]
    return tuple(one for one in decided if one.mark or one.uprn or one.place)


def issues_of(folder: Path, home_ids: Iterable[str]) -> dict[str, Issue]:
    """Return what was issued at homes, of whose packs a folder is, but for those whose purchase came to nothing."""
    found = {}
    for home_id in home_ids:
        if is_withdrawn(folder / home_id / REGISTER, home_id):
            continue
        issue = read_issue(folder / home_id)
        if issue is not None:
            found[home_id] = issue
    return found


def _engaged(register: Path | None) -> frozenset[str]:
    """Return the homes for which a pack was made, beside a home's register, but for withdrawn ones."""
    if register is None or not register.parent.parent.is_dir():
        return frozenset()
    made = {path.parent.name for path in register.parent.parent.glob(f"*/{ISSUE_FILE}")}
    return frozenset(name for name in made if not is_withdrawn(register.parent.parent / name / REGISTER, name))


def _other_homes(
    inputs: PlanInputs, home: Home, addresses: Sequence[Address], system: MetricSystem, engaged: Container[str]
) -> frozenset[str]:
    """Return the addresses that are homes of the plan (bought, open, or with a pack): they are no neighbours of each other's."""
    keys: set[str] = set()
    for other in inputs.homes:
        if other.row.home_id == home.row.home_id:
            continue
        if other.row.status not in {HomeStatus.BOUGHT, HomeStatus.OPEN} and other.row.home_id not in engaged:
            continue
        place = other.place.within(system)
        found = [a for a in addresses if other.row.uprn and a.uprn and a.uprn.lstrip("0") == other.row.uprn.strip().lstrip("0")]
        near = [a for a in addresses if np.hypot(a.x_m - place.x_m, a.y_m - place.y_m) <= _BESIDE_M]
        found = found or (find_by_text(other.row.address, near) if other.row.address else [])
        if not found and len(near) == 1:
            found = near
        keys |= {address.key for address in found if len(found) == 1 or other.row.uprn}
    return frozenset(keys)


def _told_of(sources: Sources, home: Home, view: HomeView) -> tuple[Fault, ...]:
    """Say with counts what a pack lacks: neighbours, addresses, decisions of a person."""
    limit_m = sources.inputs.plan.engagement.boundary_metres
    home_id = home.row.home_id
    counts = {
        "places that look lived in and have no address (to be walked to: the list, and W1 onwards on the map)": len(
            view.walk_there
        ),
        "addresses on parcels of more than two hectares within the distance, not counted: decide on each": sum(
            one.ask for one in view.considered
        ),
        "entries that may be several households: ask at the door": sum(one.several and one.invited for one in view.considered),
        "entries written as the home itself, which are invited: leave out by a decision what is no household of its own": sum(
            one.invited and view.own is not None and is_one_door(view.own, one.address) for one in view.considered
        ),
    }
    faults = [_about_pack(home_id, f"{words}: {count}") for words, count in counts.items() if count]
    if not neighbours(view.considered):
        words = f"no neighbour is within {limit_m:g} m: {len(view.considered)} addresses were considered"
        faults.append(_about_pack(home_id, words))
    for file in sources.address_files:
        faults += file.warnings
    if sources.inputs.plan.engagement.sharers_and_each_side and (view.own is None or not view.own.street):
        words = "the homes on either side could not be counted, since the home's own address or its street is not known"
        faults.append(_about_pack(home_id, words))
    return tuple(faults)


def addresses_elsewhere(sources: Sources, home: Home) -> tuple[Fault, ...]:
    """Return a fault for each address file that looks misread around a home, and for all where none has anything near it.

    A pack of such a file would say that nobody lives there.
    """
    place = home.place.within(sources.network.system)
    if not sources.network.system.is_national_grid:
        return tuple(_not_in_britain(file.path) for file in sources.address_files)
    reach_m = sources.inputs.plan.engagement.boundary_metres + REACH_M
    empty = [file for file in sources.address_files if not file.near(place.x_m, place.y_m, reach_m)]
    is_swapped = [bool(file.near(place.y_m, place.x_m, reach_m)) for file in empty]
    nobody = len(empty) == len(sources.address_files)
    return tuple(
        _nothing_near(file, home.row.home_id, place.x_m, place.y_m, reach_m, swapped=swapped)
        for file, swapped in zip(empty, is_swapped, strict=True)
        if swapped or nobody
    )


def _not_in_britain(path: Path) -> Fault:
    problem = "address files are read in Great Britain alone, and the home is not in it"
    return Fault(file=path.name, problem=problem, remedy="Take it out of the plan: OpenStreetMap's addresses are used then")


def _about_pack(home_id: str, problem: str) -> Fault:
    remedy = "Look at the pack before it goes out"
    return Fault(file=f"homes/{home_id}", problem=problem, remedy=remedy, severity=Severity.WARNING)


def _nothing_near(file: AddressFile, home_id: str, x_m: float, y_m: float, reach_m: float, *, swapped: bool) -> Fault:
    counts = file.index.counts
    if swapped:
        problem, remedy = "easting and northing look swapped: around the home there is nothing", "Exchange the two columns"
    elif counts.rows and counts.placeless == counts.rows:
        problem = f"none of its {counts.rows:,} addresses has a place that can be read"
        remedy = "Fill in easting and northing, or latitude and longitude, and see that the two are not exchanged"
    else:
        nearest_m = file.index.nearest_m(x_m, y_m)
        far = f"; the nearest is {nearest_m / 1000:,.1f} km away" if nearest_m is not None else ""
        problem = f"none of its {file.index.count():,} addresses is within {reach_m:g} m of {home_id}{far}"
        remedy = "Name the file of the council that the home lies in"
    return Fault(file=file.path.name, problem=problem, remedy=remedy)


def decisions_path(inputs: PlanInputs) -> Path:
    """Return where the decisions of a plan are written down."""
    return decisions_path_of(inputs.plan)


def decisions_path_of(plan: Plan) -> Path:
    """Return where the decisions of a plan are written down, of which nothing else was read."""
    return plan.resolve(plan.inputs.decisions or "decisions.csv")


def instructions(inputs: PlanInputs, home: Home, register: Path | None) -> tuple[tuple[Decided, ...], tuple[Fault, ...]]:
    """Return what was decided about a home's neighbours and who opted out; with decisions of homes that there are not."""
    decided = read_decisions(decisions_path(inputs))
    homes = {one.row.home_id for one in inputs.homes}
    strays = tuple(
        Fault(
            file=one.file,
            row=one.row,
            column="home_id",
            problem="this decision has no effect: the candidates table has no such home",
            remedy="Write the home_id as it stands there, or take the row out",
        )
        for one in decided
        if one.home_id not in homes
    )
    out = opted_out(register, home.row.home_id) if register is not None else ()
    return (*of_home(decided, home.row.home_id), *out), strays


def _boundary_of(sources: Sources, home: Home, around: Surroundings) -> HomeBoundary:
    plan, system = sources.inputs.plan, sources.network.system
    place = home.place.within(system)
    points = np.array([(a.x_m, a.y_m) for a in around.addresses if a.kind.left_out is None]).reshape(-1, 2)
    drawn = None
    if plan.inputs.boundary:
        drawn = read_drawn_boundary(plan.resolve(plan.inputs.boundary), home.row.home_id, system)
    return drawn or propose_boundary(place.x_m, place.y_m, around.plots, around.buildings, around.roads, points)


def _needed_reach_m(boundary: HomeBoundary, around: Surroundings, limit_m: float, x_m: float, y_m: float) -> float:
    """Return how far must be gathered: the boundary's own extent, and the whole of every plot that comes within the distance."""
    area = shapely.buffer(boundary.area, limit_m)
    meeting = [around.plots.shapes[i] for i in around.plots.within(area)]
    shapes = [area, *(shape for shape in meeting if not is_road(shape, around.roads))]
    west, south, east, north = shapely.total_bounds(shapes)
    farthest_m = float(max(x_m - west, east - x_m, y_m - south, north - y_m))
    extent_m = float(shapely.hausdorff_distance(boundary.area, shapely.Point(x_m, y_m)))
    return min(max(extent_m + limit_m + REACH_M, farthest_m + 1.0), FARTHEST_M)


def _farther(sources: Sources, decided: Sequence[Decided], known: Sequence[Address]) -> tuple[Address, ...]:
    """Look up those decided on who lie beyond what was gathered."""
    have = {address.key for address in known}
    numbers = {address.uprn.lstrip("0") for address in known if address.uprn}
    found: dict[str, Address] = {}
    files = sources.address_files if sources.network.system.is_national_grid else ()
    for one in decided:
        if one.uprn in numbers:
            continue
        looked = [address for file in files if one.uprn and (address := file.find(one.uprn)) is not None]
        if one.place is not None:
            looked += [address for file in files for address in file.near(*one.place, _BESIDE_M)]
        if not files:
            looked += [a for a in sources.features.addresses if _is_there(a, one)]
        found |= {address.key: address for address in looked if address.key not in have}
    return tuple(found.values())


def _is_there(address: Address, one: Decided) -> bool:
    if one.uprn and address.uprn and address.uprn.lstrip("0") == one.uprn:
        return True
    return one.place is not None and max(abs(address.x_m - one.place[0]), abs(address.y_m - one.place[1])) <= _BESIDE_M


def surroundings(sources: Sources, x_m: float, y_m: float, reach_m: float) -> Surroundings:
    """Gather addresses, plots, buildings and roads within a square of twice `reach_m` round a place."""
    inputs, network, features = sources.inputs, sources.network, sources.features
    window = (x_m - reach_m, y_m - reach_m, x_m + reach_m, y_m + reach_m)
    square = shapely.box(*window)
    if sources.address_files and network.system.is_national_grid:
        # One number at two places is considered at both: the nearer one decides.
        near_by = (address for file in sources.address_files for address in file.near(x_m, y_m, reach_m))
        addresses = tuple({(a.key, round(a.x_m), round(a.y_m)): a for a in near_by}.values())
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
        building_kinds=tuple(features.kinds[int(i)] for i in sorted(near)) if features.kinds else (),
        roads=road_lines_near(network, window),
        sites=tuple(site for site in features.sites if shapely.intersects(site, square)),
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


def make_pack(
    sources: Sources, home: Home, register: Path, today: dt.date, *, made_now: Mapping[str, Issue] | None = None
) -> Pack:
    """Work out everything that the pack of a home says.

    Parameters
    ----------
    made_now
        What is issued at other homes by the same run, which does not lie beside the register yet.

    Raises
    ------
    InputFaultsError
        Where a decision or an opt-out has no effect: who must be left alone might be contacted. Where the address files
        have nothing near the home: everybody would be passed over.
    UsageError
        Where the purchase of the home came to nothing.
    """
    inputs = sources.inputs
    engagement, of_nation = with_nation(inputs.plan.engagement, home)
    if is_withdrawn(register, home.row.home_id):
        raise UsageError(WITHDRAWN.format(home_id=home.row.home_id))
    view = consider_home(sources, home, register)
    if stopping := (*addresses_elsewhere(sources, home), *view.faults):
        raise InputFaultsError(stopping)
    around, own = view.around, view.own
    invited = neighbours(view.considered)
    walk = walking_order(invited, own.street if own else "")
    previous = read_issue(register.parent)
    numbers, highest = numbered(home.row.home_id, walk, previous)
    kept = promised(home.row.home_id, invited, previous, engagement)
    others = [one.row.home_id for one in inputs.homes if one.row.home_id != home.row.home_id]
    elsewhere = taken_by({**issues_of(register.parent.parent, others), **(made_now or {})})
    schedule = schedule_visits(
        invited,
        engagement,
        today,
        issued=kept.slots,
        agreed=kept.agreed,
        waiting=kept.waiting,
        elsewhere=[one.slot for one in elsewhere],
    )
    own_visits = [
        Taken(slot=visit.slot, home_id=home.row.home_id, number=numbers[visit.neighbour.address.key]) for visit in schedule.visits
    ]
    people, warnings = find_stakeholders(
        sources.people, home, sources.network, sources.features.stations, today, engagement.nation
    )
    faults: list[Fault] = [*around.plots.warnings, *warnings, *_told_of(sources, home, view)]
    faults += odd_days(engagement, today, inputs.plan.path.name)
    if inputs.plan.inputs.boundary:
        home_ids = [one.row.home_id for one in inputs.homes]
        faults += boundaries_of_no_home(inputs.plan.resolve(inputs.plan.inputs.boundary), home_ids)
    if of_nation:
        faults.append(_about_pack(home.row.home_id, of_nation))
    if schedule.waiting:
        waiting = f"{counted(len(schedule.waiting), 'household')} without a slot"
        faults.append(_about_pack(home.row.home_id, f"{waiting}: add a day, hours or a host"))
    faults += double_bookings([*elsewhere, *own_visits], today, home.row.home_id)
    files = ", ".join(file.path.name for file in sources.address_files)
    credits_ = [("Addresses", f"{files} (as their licence says)") if files else ("Addresses and buildings", OSM_ATTRIBUTION)]
    credits_.append(("Roads", OSM_ATTRIBUTION))
    if inputs.plan.inputs.plots:
        credits_.append(("Plots, where the Land Registry's", PLOT_ATTRIBUTION))
    return Pack(
        home=home,
        title=inputs.plan.title,
        engagement=engagement,
        boundary=view.boundary,
        own_words=view.own_words,
        area=shapely.buffer(view.boundary.area, engagement.boundary_metres, quad_segs=32),
        considered=tuple(one for one in view.considered if not one.set_aside),
        set_aside=tuple(one for one in view.considered if one.set_aside),
        walk_there=view.walk_there,
        walk=walk,
        numbers=numbers,
        highest_number=highest,
        previous=previous,
        told=told(register, home.row.home_id, [one.address for one in view.considered]),
        schedule=schedule,
        steps=plan_steps(engagement, schedule, today),
        stakeholders=people,
        released=is_released(register, home.row.home_id),
        made=today,
        sources=tuple(credits_),
        has_address_files=bool(files),
        address_source=files or "OpenStreetMap",
        warnings=tuple(faults),
        plots=around.plots.shapes,
        buildings=around.buildings,
    )
