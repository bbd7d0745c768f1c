"""Buildings within the distance that look lived in, and caravan sites, that have no address: somebody must walk there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import shapely

from engagement.around.addresses import Address
from engagement.around.boundary import HomeBoundary
from engagement.around.neighbours import Ground, Surroundings, compass, within

NOT_LIVED_IN = frozenset({
    "garage", "garages", "carport", "shed", "hut", "roof", "canopy", "greenhouse", "glasshouse", "barn", "stable", "sty",
    "cowshed", "farm_auxiliary", "silo", "storage_tank", "tank", "water_tower", "bunker", "transformer_tower", "service",
    "substation", "warehouse", "industrial", "hangar", "bridge", "toilets", "grandstand", "pavilion", "construction",
    "collapsed", "ruins", "kiosk", "gatehouse", "boathouse", "slurry_tank", "parking", "electricity", "pump_house",
    "tech_cab", "container", "conservatory", "outbuilding", "tower", "bicycle_shelter", "bus_shelter", "shelter",
    "guardhouse", "beach_hut", "no",
})  # fmt: skip
"""OpenStreetMap's words for buildings in which nobody lives or works all day; any other word, and `yes`, may be lived in."""
LEAST_M2 = 25.0
"""A building smaller than this, whose use is not said, is taken for a shed (own choice; the smallest terraced houses of
Newport cover about 30 square metres)."""
_BESIDE_M = 3.0
_IN_M = 0.5
_OWN_SHARE = 0.5
NO_ADDRESS = "no address known: walk there"
SITE = "a caravan site: walk there, pitch by pitch"
OWN_BUILDING = "the home's own building may have other households: walk there"
_BLOCKS, _ROWS = {"apartments", "flats"}, {"terrace", "semidetached_house"}
_LEAST_ROW_M2 = 100.0
"""A terrace or a pair of houses that is drawn as one covers more than this, a single house of it less (own choice; the middle
one of Newport's terraced houses covers about 50 square metres)."""
_SAYS_NOTHING = ("a historical", "no longer", "only permitted", "a street record", "a parent shell", "land")
"""Entries that do not say what a building is: its households may be missing from the file, or the house be newer than it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unaddressed:
    """A building without an address: its number on the map, how far and in which direction it lies, metres of the network.

    `what` says what stands there, and what to do.
    """

    label: str
    distance_m: float
    direction: str
    x_m: float
    y_m: float
    what: str = NO_ADDRESS


def looks_lived_in(kind: str, area_m2: float) -> bool:
    """Tell whether somebody may live in a building, by OpenStreetMap's word for it and its size."""
    return kind not in NOT_LIVED_IN and (area_m2 >= LEAST_M2 or kind not in {"", "yes"})


def unaddressed(home: HomeBoundary, around: Surroundings, limit_m: float) -> tuple[Unaddressed, ...]:
    """List the buildings and sites within the distance that look lived in and of which no address is known, nearest first.

    Whoever is on no list since they must be left alone has an address: their building is none of these. What is a garage
    or a substation by an entry in it is none either; such an entry beside a house says nothing of the house.
    """
    ground = Ground(home, around)
    known = [a for a in around.addresses if a.kind.left_out is None]
    tree = _tree_of(known)
    others = _tree_of([a for a in around.addresses if a.kind.left_out and not a.kind.left_out.startswith(_SAYS_NOTHING)])
    kinds = around.building_kinds or ("yes",) * len(around.buildings)
    found = []
    for shape, kind in zip(around.buildings, kinds, strict=True):
        if not looks_lived_in(kind, float(shapely.area(shape))):
            continue
        middle = shapely.point_on_surface(shape)
        if _is_own(home, shape):
            if _may_be_shared(kind, shape) and len(tree.query(shape, predicate="dwithin", distance=_IN_M)) <= 1:
                found.append((0.0, float(shapely.get_x(middle)), float(shapely.get_y(middle)), "here", OWN_BUILDING))
            continue
        plots, _ = ground.plots_of(middle)
        land = [ground.plots[i] for i in plots]
        measured_m = min(float(shapely.distance(home.area, one)) for one in land or [shape])
        if not within(measured_m, limit_m) or _has_address(shape, land, tree, ground, known):
            continue
        if len(others.query(shape, predicate="dwithin", distance=_IN_M)):
            continue
        found.append(
            (measured_m, float(shapely.get_x(middle)), float(shapely.get_y(middle)), compass(home.area, middle), NO_ADDRESS)
        )
    found += _sites(home, around, known, limit_m)
    return tuple(
        Unaddressed(label=f"W{number}", distance_m=distance_m, direction=lies, x_m=x_m, y_m=y_m, what=what)
        for number, (distance_m, x_m, y_m, lies, what) in enumerate(sorted(found), start=1)
    )


def _sites(
    home: HomeBoundary, around: Surroundings, known: Sequence[Address], limit_m: float
) -> Iterator[tuple[float, float, float, str, str]]:
    """Yield the caravan sites whose pitches have no addresses: one alone is the site's own, such as its office."""
    for site in around.sites:
        distance_m = float(shapely.distance(home.area, site))
        inside = shapely.contains_xy(site, [a.x_m for a in known], [a.y_m for a in known])
        if not within(distance_m, limit_m) or inside.sum() > 1:
            continue
        # The label stands in the part that is near, beside the home where the home is on the site itself.
        near = shapely.difference(shapely.intersection(site, shapely.buffer(home.area, limit_m + 1.0)), home.area)
        middle = shapely.point_on_surface(site if shapely.is_empty(near) else near)
        yield distance_m, float(shapely.get_x(middle)), float(shapely.get_y(middle)), compass(home.area, middle), SITE


def _tree_of(addresses: Sequence[Address]) -> shapely.STRtree:
    return shapely.STRtree([shapely.Point(a.x_m, a.y_m) for a in addresses])


def _is_own(home: HomeBoundary, shape: shapely.Geometry) -> bool:
    shared_m2 = float(shapely.area(shapely.intersection(home.area, shape)))
    return bool(shared_m2 >= _OWN_SHARE * float(shapely.area(shape)))


def _may_be_shared(kind: str, shape: shapely.Geometry) -> bool:
    """Tell whether a building is plainly of several households: a block of flats, or a row of houses drawn as one."""
    return kind in _BLOCKS or (kind in _ROWS and float(shapely.area(shape)) >= _LEAST_ROW_M2)


def _has_address(
    shape: shapely.Geometry,
    plots: Sequence[shapely.Geometry],
    tree: shapely.STRtree,
    ground: Ground,
    known: Sequence[Address],
) -> bool:
    """Tell whether an address is the building's: a point in it or on its plot, or one beside it that is in no building."""
    if len(tree.query(shape, predicate="dwithin", distance=_IN_M)):
        return True
    if any(len(tree.query(plot, predicate="intersects")) for plot in plots):
        return True
    beside = tree.query(shape, predicate="dwithin", distance=_BESIDE_M)
    return any(ground.building_of(shapely.Point(known[int(i)].x_m, known[int(i)].y_m)) is None for i in beside)
