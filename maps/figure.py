"""The same map as a picture, PNG or SVG, without a browser; drawn from an audience's sight and nothing else.

Every picture carries its title, date, scenario, direction, notice and attribution, and its legend.
"""

import io
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke

from engagement.pack import RESIDENTS
from maps.ground.background import Background, PlaceName, by_importance
from maps.ground.basemap import MAIN_GROUPS, ROAD_GROUPS, road_lines
from maps.privacy.audience import MAP_OF_ONE_HOME, refuse_unless
from maps.privacy.sights import Bounds, InternalHome, InternalSight, PartnerHome, PartnerSight, Sight, sight_of
from maps.privacy.subject import EngagementArea, MapSubject
from siting.documents import looks
from siting.documents.looks import VERDICT_LOOKS, Shape
from siting.faults import spans
from siting.osm.extract import ATTRIBUTION
from siting.roads.network import RoadNetwork
from siting.sentences import SCENARIO_WORDS
from siting.travel_model import ROAD_CLASSES
from siting.words import METRES_PER_MILE, Audience, Direction

MARKERS: Mapping[Shape, str] = {Shape.CIRCLE: "o", Shape.TRIANGLE: "^", Shape.SQUARE: "s", Shape.CROSS: "X"}
"""How a shape is called here."""

DIRECTION_WORDS = {Direction.TO_SCHOOL: "to school", Direction.FROM_SCHOOL: "from school"}

_ROAD_WIDTHS = {"tertiary": 0.4, "secondary": 0.6, "primary": 0.9, "motorway": 1.3}
_ROAD_WORDS = {"motorway": "motorway or trunk road", "primary": "main road", "secondary": "secondary road"}
_GROUND_WORDS = {"built": "built-up area", "wood": "wood", "water": "water", "sea": "water"}
_MARK_WORDS = {"station": "station", "hospital": "hospital", "school": "other school"}
_WORDS_POINTS = 6.5
_LETTER_WIDTH = 0.55
"""How wide a letter of a name is on average, as a share of its height (own measure of this typeface)."""
_LEGEND_CM = 3.6
_CM_PER_INCH = 2.54
_POINTS_PER_INCH = 72
_HEAD_CM, _FOOT_CM = 0.95, 0.75
_BESIDE = ((0.0, 0.0), (0.0, 1.8), (0.0, -2.4), (1.0, 0.0), (-1.0, 0.0), (1.0, 1.8), (-1.0, 1.8), (0.0, 4.0), (0.0, -5.0))
_FARTHER = tuple(
    (aside * far, above * far) for far in (1.0, 1.6, 2.4) for above in (3.0, -3.0, 5.0, -5.0) for aside in (0.6, -0.6, 1.2, -1.2)
)
"""Where besides the name of a school's town may stand, which is always written."""
"""Where a name may stand about its place: halves of its own width aside, heights of a letter above."""
_STREETS = ("tertiary", "secondary", "primary", "motorway", "streets")
_TALLEST = 1.25
"""A picture is at most so many times as high as wide."""
_OTHER_SCHOOLS_WITHIN_M = 60_000.0
"""Up to this width of ground other schools are drawn: on more they would be all there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paper:
    """A picture being made: the map's axes within its figure, and how many metres a point of type covers."""

    figure: Figure
    axes: Axes
    m_per_point: float
    region: shapely.Polygon


def evaluation_figure(
    subject: MapSubject,
    audience: Audience,
    *,
    made: datetime,
    format_name: str = "svg",
    width_cm: float = 18.0,
    height_cm: float | None = None,
) -> bytes:
    """Draw what an audience sees of a plan: the areas to school in the rule's scenario, the schools, and homes where it may.

    `width_cm` is the map's; the legend stands beside it. With `height_cm` the map is of that height, and shows more ground.
    """
    sight = sight_of(subject, audience)
    words = f"Areas by car {DIRECTION_WORDS[Direction.TO_SCHOOL]}, {SCENARIO_WORDS[sight.scenario]}"
    return draw_sight(sight, subject, made=made, words=words, format_name=format_name, width_cm=width_cm, height_cm=height_cm)


def draw_sight(  # noqa: PLR0913 - one word for each thing that a picture is made by
    sight: Sight,
    ground: MapSubject,
    *,
    made: datetime,
    words: str,
    format_name: str = "svg",
    width_cm: float = 18.0,
    height_cm: float | None = None,
    home_id: str | None = None,
) -> bytes:
    """Draw a sight over its ground, of which the roads and the background are taken and nothing else.

    With `home_id` the map is of one of the sight's homes: its ways to and from school, nearer by.
    """
    home = next((one for one in _homes_of(sight) if one.home_id == home_id), None)
    paper = _canvas(_view(sight, home), width_cm, height_cm, beside_cm=_LEGEND_CM)
    axes = paper.axes
    under = _draw_ground(axes, ground.background, ground.evaluation.network, paper.region, MAIN_GROUPS)
    handles = _draw_areas(paper, sight)
    handles += _draw_borders(paper, sight)
    handles += _draw_ways(paper, sight, home)
    taken = [_square(paper, school.x_m, school.y_m, _STAR_POINTS) for school in sight.schools]
    homes = _homes_of(sight)
    if homes:
        handles += _draw_homes(paper, sight, homes, home, taken)
    axes.plot(
        [one.x_m for one in sight.schools], [one.y_m for one in sight.schools], "*", markersize=13, color=looks.SCHOOL,
        markeredgecolor="white", zorder=9,
    )  # fmt: skip
    handles.insert(0, Line2D([], [], marker="*", linestyle="", color=looks.SCHOOL, markersize=10, label="school"))
    named = [(school.x_m, school.y_m) for school in sight.schools]
    _draw_names(paper, ground.background.names, taken, named)
    frame = _Frame(title=sight.title, words=words, notice=sight.notice, made=made)
    return _finish(paper, [*handles, *under], frame, format_name)


def street_figure(
    subject: MapSubject,
    area: EngagementArea,
    *,
    made: datetime | None = None,
    format_name: str = "svg",
    width_cm: float = 17.0,
    other_words: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    """Draw the street of a home: its boundary, the line round it, plots, buildings and numbered neighbours.

    Without `made` it stands on a paper that carries title, date and notice itself. `other_words` are those of another
    language by their English, written before it in the legend.
    """

    def both(english: str, before: str = "") -> str:
        told = other_words.get(english)
        return f"{before}{told} / {before}{english}" if told else f"{before}{english}"

    west, south, east, north = map(float, shapely.bounds(shapely.buffer(area.area, 25)))
    framed = made is not None
    paper = _canvas((west, south, east, north), width_cm, None, framed=framed)
    axes = paper.axes
    wide = shapely.buffer(paper.region, 1_500)
    _draw_ground(axes, subject.background, subject.evaluation.network, wide, _STREETS, street=True)
    _fill(axes, area.plots, face="none", edge="#9aa5ae", width=0.5)
    _fill(axes, area.buildings, face="#ddd5c7", edge="#8a7f70", width=0.4)
    _fill(axes, [area.area], face="#f6c28b", edge=looks.INVITED, alpha=0.16, width=1.4)
    _fill(axes, [area.boundary], face=looks.BOUNDARY, edge=looks.BOUNDARY, alpha=0.22, width=2)
    _write_street_names(paper, subject.evaluation.network)
    _write_numbers(paper, area)
    handles = [
        Line2D([], [], color=looks.BOUNDARY, linewidth=5, alpha=0.5, label=both("the home's boundary")),
        Line2D([], [], color=looks.INVITED, linewidth=1.5, label=both("metres from it", f"{area.metres:g} ")),
        _letter("$1$", looks.BOUNDARY, 5, both("in a box: number on the list")),
    ]
    if any(str(one["number"]).startswith("W") for one in area.neighbours):
        handles.append(_letter("$W$", looks.INVITED, 6, both("no address known: walk there")))
    if area.doors or any(one.get("door") for one in area.neighbours):
        handles.append(_letter("$1$", _QUIET, 4, both("small: number of the house")))
    frame = (
        _Frame(
            title=subject.inputs.plan.title,
            words=f"The neighbours of {area.home_id}",
            notice=f"Official: sensitive. {RESIDENTS}. Do not publish or forward.",
            made=made,
        )
        if made is not None
        else None
    )
    return _finish(paper, handles, frame, format_name, north_words=both("N ↑"))


def _letter(marker: str, colour: str, size: float, label: str) -> Line2D:
    return Line2D([], [], marker=marker, linestyle="", color=colour, markersize=size, label=label)


_QUIET = "#5b5346"
_HOUSE_POINTS = 5.0
_BOX_POINTS = 1.8
"""What the frame of a number takes beyond its figures."""
_STREET_POINTS = 7.0


def _write_numbers(paper: _Paper, area: EngagementArea) -> None:
    """Write the numbers of the list in boxes, those of one place together, with the house's own number under each."""
    places: dict[tuple[float, float], list[Mapping[str, Any]]] = {}
    for one in area.neighbours:
        places.setdefault((round(float(one["x_m"]), 1), round(float(one["y_m"]), 1)), []).append(one)
    boxes: list[shapely.Polygon] = []
    houses: list[tuple[str, float, float, float]] = []
    for (x_m, y_m), there in places.items():
        figures = [int(one["number"]) for one in there if str(one["number"]).isdecimal()]
        words = spans(figures) if figures else ", ".join(str(one["number"]) for one in there)
        colour = looks.BOUNDARY if figures else looks.INVITED
        doors = dict.fromkeys(str(one["door"]) for one in there if one.get("door"))
        half = (len(words) * _BOLD_WIDTH * _WORDS_POINTS / 2 + _BOX_POINTS, _WORDS_POINTS / 2 + _BOX_POINTS)
        place = _first_free(paper, (x_m, y_m), half, _HOUSE_POINTS, boxes, on_its_place=True)
        boxes.append(place.room)
        _lead(paper, (x_m, y_m), place, colour)
        paper.axes.annotate(
            words,
            (place.x_m, place.y_m),
            fontsize=_WORDS_POINTS,
            ha="center",
            va="center",
            zorder=9,
            bbox={"boxstyle": "round,pad=0.18", "fc": "white", "ec": colour, "lw": 0.7},
        )
        if doors:
            houses.append((", ".join(doors), x_m, y_m, 0.0 if place.is_led else _WORDS_POINTS))
    houses += [(text, x_m, y_m, 0.0) for text, x_m, y_m in dict.fromkeys(area.doors)]
    for text, x_m, y_m, below_points in houses:
        _write_house(paper, text, x_m, y_m, below_points, boxes)


def _write_house(paper: _Paper, text: str, x_m: float, y_m: float, below_points: float, taken: list[shapely.Polygon]) -> None:
    """Write a house's own number, where it lies under no box and over no other: half a number would be another's."""
    wide = len(text) * _BOLD_WIDTH * _HOUSE_POINTS / 2
    high = _HOUSE_POINTS * 0.45
    middle = y_m - (below_points + high if below_points else 0.0) * paper.m_per_point
    room = shapely.box(
        x_m - wide * paper.m_per_point,
        middle - high * paper.m_per_point,
        x_m + wide * paper.m_per_point,
        middle + high * paper.m_per_point,
    )
    if not shapely.contains(paper.region, room) or any(shapely.intersects(room, other) for other in taken):
        return
    taken.append(room)
    paper.axes.annotate(
        text, (x_m, y_m), xytext=(0, -below_points), textcoords="offset points", fontsize=_HOUSE_POINTS, color=_QUIET,
        ha="center", va="top" if below_points else "center", zorder=8, parse_math=False,
        path_effects=[withStroke(linewidth=1.4, foreground="#ece7dd")],
    )  # fmt: skip


def _write_street_names(paper: _Paper, network: RoadNetwork) -> None:
    """Write each street's name once along the longest stretch of it that is seen, as far as the typeface has its letters."""
    segments, codes = network.segments, [ROAD_CLASSES.index(name) for group in _STREETS for name in ROAD_GROUPS[group]]
    west, south, east, north = shapely.bounds(paper.region)
    first = segments.geometry_start[:-1]
    low_x, high_x = np.minimum.reduceat(segments.x_m, first), np.maximum.reduceat(segments.x_m, first)
    low_y, high_y = np.minimum.reduceat(segments.y_m, first), np.maximum.reduceat(segments.y_m, first)
    seen = (high_x >= west) & (low_x <= east) & (high_y >= south) & (low_y <= north) & np.isin(segments.road_class, codes)
    streets: dict[str, list[shapely.Geometry]] = {}
    for segment in np.flatnonzero(seen):
        name, _, ref = network.road_names[segments.road[segment]].partition("\t")
        if name or ref:
            line = shapely.LineString(np.column_stack(network.points(int(segment))))
            streets.setdefault(name or ref, []).append(shapely.clip_by_rect(line, west, south, east, north))
    for name, lines in sorted(streets.items()):
        parts = shapely.get_parts(shapely.line_merge(shapely.union_all(lines)))
        longest = max(parts, key=shapely.length, default=None)
        needed_m = len(name) * _LETTER_WIDTH * _STREET_POINTS * paper.m_per_point
        if longest is None or shapely.length(longest) < needed_m or not _can_be_written(name):
            continue
        middle_m = float(shapely.length(longest)) / 2
        ends = shapely.line_interpolate_point(longest, [middle_m - needed_m / 2, middle_m + needed_m / 2])
        (x0, y0), (x1, y1) = shapely.get_coordinates(ends)
        angle = float(np.degrees(np.arctan2(y1 - y0, x1 - x0)))
        angle = angle - 180 if angle > 90 else angle + 180 if angle <= -90 else angle  # noqa: PLR2004 - read from below or right
        paper.axes.annotate(
            name, ((x0 + x1) / 2, (y0 + y1) / 2), fontsize=_STREET_POINTS, color="#303030", ha="center", va="center",
            rotation=angle, rotation_mode="anchor", zorder=7, parse_math=False, style="italic",
            path_effects=[withStroke(linewidth=1.8, foreground="#ece7dd")],
        )  # fmt: skip


def _can_be_written(text: str) -> bool:
    """Tell whether the pictures' typeface has every letter of a text: what it lacks would be an empty box."""
    typeface = get_font(findfont(FontProperties()))
    return all(typeface.get_char_index(ord(letter)) for letter in text)


def plan_figure(subject: MapSubject, audience: Audience, *, made: datetime, format_name: str = "svg") -> bytes:
    """Draw the picture that an audience has of a subject: one home's neighbours where the subject is of them.

    Raises
    ------
    UsageError
        Where the audience has no map of one home.
    """
    if subject.engagement is None:
        return evaluation_figure(subject, audience, made=made, format_name=format_name)
    refuse_unless(audience, MAP_OF_ONE_HOME, "map of one home")
    return street_figure(subject, subject.engagement, made=made, format_name=format_name)


def _homes_of(sight: Sight) -> Sequence[PartnerHome | InternalHome]:
    return sight.homes if isinstance(sight, PartnerSight | InternalSight) else ()


def _view(sight: Sight, home: PartnerHome | InternalHome | None) -> Bounds:
    """Return the ground to draw: all that the sight shows, or one home with its ways and the schools."""
    west, south, east, north = sight.view
    if home is not None:
        assert isinstance(sight, PartnerSight | InternalSight)  # noqa: S101 - others have no homes
        ways = [shape for (home_id, _), shape in sight.routes.items() if home_id == home.home_id]
        points = [shapely.Point(home.x_m, home.y_m), *(shapely.Point(one.x_m, one.y_m) for one in sight.schools[:1])]
        near = shapely.total_bounds(np.array([*ways, *points]))
        west, south, east, north = (float(side) for side in near)
    # A home's own page shows the country round it too.
    margin = max(0.05 * max(east - west, north - south), 3_000.0 if home is not None else 1_000.0)
    return west - margin, south - margin, east + margin, north + margin


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """What stands over and under a picture."""

    title: str
    words: str
    notice: str
    made: datetime


def _canvas(bounds: Bounds, width_cm: float, height_cm: float | None, *, beside_cm: float = 0.0, framed: bool = True) -> _Paper:
    """Return a map of that width, with room to the right of it for a legend, and over and under it for words."""
    west, south, east, north = bounds
    height_cm = height_cm or min(width_cm * (north - south) / (east - west), width_cm * _TALLEST)
    # More ground is shown where the paper is wider or higher than what must be seen.
    wide = max(east - west, (north - south) * width_cm / height_cm)
    high = wide * height_cm / width_cm
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    region = shapely.box(middle_x - wide / 2, middle_y - high / 2, middle_x + wide / 2, middle_y + high / 2)
    head_cm, foot_cm = (_HEAD_CM, _FOOT_CM) if framed else (0.0, 0.0)
    whole_cm = (width_cm + beside_cm, height_cm + head_cm + foot_cm)
    figure = Figure(figsize=(whole_cm[0] / _CM_PER_INCH, whole_cm[1] / _CM_PER_INCH), dpi=170)
    axes = figure.add_axes((0.0, foot_cm / whole_cm[1], width_cm / whole_cm[0], height_cm / whole_cm[1]))
    axes.set_aspect("equal", adjustable="box")
    axes.set_xlim(middle_x - wide / 2, middle_x + wide / 2)
    axes.set_ylim(middle_y - high / 2, middle_y + high / 2)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_facecolor(looks.PAPER)
    return _Paper(figure=figure, axes=axes, m_per_point=wide / (width_cm / _CM_PER_INCH * _POINTS_PER_INCH), region=region)


def _draw_ground(
    axes: Axes,
    background: Background,
    network: RoadNetwork,
    region: shapely.Polygon,
    groups: Sequence[str],
    *,
    street: bool = False,
) -> list[Any]:
    """Draw what lies under everything; the handles of what there is of it, in the order of the page's own legend."""
    handles: dict[str, Any] = {}
    for kind, colour in looks.GROUND.items():
        near = [shape for shape in background.shapes[kind] if shapely.intersects(shape, region)]
        _fill(axes, near, face=colour, edge="none", width=0)
        if near:
            handles.setdefault(_GROUND_WORDS[kind], Patch(facecolor=colour, edgecolor="none", label=_GROUND_WORDS[kind]))
    rails = []
    for kind, colour, width in (("river", looks.RIVER, 1.0), ("coast", looks.RIVER, 0.8), ("rail", looks.RAIL, 0.6)):
        near = [shape for shape in background.shapes[kind] if shapely.intersects(shape, region)]
        _stroke(axes, near, colour, width)
        if near and kind == "rail":
            rails.append(Line2D([], [], color=colour, linewidth=1.0, label="railway"))
    lines = road_lines(network, region, groups)
    roads: list[Any] = []
    for group in reversed(groups):
        colour, width = ("#c2bcb0", 5.0) if street else (looks.ROADS[group], _ROAD_WIDTHS.get(group, 0.4))
        _stroke(axes, lines.get(group, []), colour, width)
        if lines.get(group) and group in _ROAD_WORDS:
            roads.insert(0, Line2D([], [], color=colour, linewidth=1.6, label=_ROAD_WORDS[group]))
    west, _, east, _ = shapely.bounds(region)
    marks = [("station", "s", 2.6, looks.RAIL), ("hospital", "P", 4.0, "#8A3B3B")]
    if east - west < _OTHER_SCHOOLS_WITHIN_M:
        marks.append(("school", "o", 2.0, "#7A6A8F"))
    for kind, sign, size, colour in marks:
        at = [mark for mark in background.marks if mark.kind == kind and shapely.intersects_xy(region, mark.x_m, mark.y_m)]
        axes.plot([mark.x_m for mark in at], [mark.y_m for mark in at], sign, markersize=size, color=colour, zorder=4)
        if at:
            words = _MARK_WORDS[kind]
            handles[words] = Line2D([], [], marker=sign, linestyle="", color=colour, markersize=size + 1, label=words)
    return [*roads, *rails, *handles.values()]


def _draw_areas(paper: _Paper, sight: Sight) -> list[Any]:
    """Draw the bands of minutes to school in the rule's scenario, each without what is nearer; their handles."""
    chosen = [area for area in sight.areas if area.direction is Direction.TO_SCHOOL and area.scenario is sight.scenario]
    chosen.sort(key=lambda area: area.minutes)
    handles: list[Any] = []
    nearer: shapely.Geometry = shapely.Polygon()
    for position, area in enumerate(chosen):
        colour = looks.area_colour(position)
        near = shapely.clip_by_rect(shapely.simplify(area.shape, 60), *shapely.bounds(paper.region))
        shape = shapely.make_valid(near)
        _fill(paper.axes, [shapely.difference(shape, nearer)], face=colour, edge="none", alpha=looks.AREA_SHARE, width=0)
        _stroke(paper.axes, _outlines(shape), colour, 0.7)
        nearer = shape
        words = f"within {area.minutes:g} min" if not position else f"{chosen[position - 1].minutes:g} to {area.minutes:g} min"
        handles.append(Patch(facecolor=looks.mixed(colour), edgecolor=colour, linewidth=0.7, label=words))
    return handles


_QUIET_HOLE_M2 = 1_000_000.0
"""The edge of a hole smaller than a square kilometre is not drawn, so that an area is seen before its pores."""


def _outlines(shape: shapely.Geometry) -> list[shapely.Geometry]:
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
    outer = {id(part.exterior) for part in parts}
    return [ring for ring in rings if id(ring) in outer or shapely.area(shapely.Polygon(ring)) >= _QUIET_HOLE_M2]


def _draw_borders(paper: _Paper, sight: Sight) -> list[Any]:
    near = [one.shape for one in sight.authorities if shapely.intersects(one.shape, paper.region)]
    if not near:
        return []
    for shape in near:
        for line in shapely.get_parts(shapely.boundary(shape)):
            xy = shapely.get_coordinates(line)
            paper.axes.plot(xy[:, 0], xy[:, 1], color=looks.BORDER, linewidth=0.8, linestyle=(0, (5, 3)), zorder=5)
    return [Line2D([], [], color=looks.BORDER, linewidth=0.9, linestyle=(0, (5, 3)), label="councils' borders")]


_WAY_STYLES: tuple[tuple[Direction, Any], ...] = ((Direction.TO_SCHOOL, "-"), (Direction.FROM_SCHOOL, (0, (2, 1.4))))


def _draw_ways(paper: _Paper, sight: Sight, home: PartnerHome | InternalHome | None) -> list[Any]:
    if home is None or not isinstance(sight, PartnerSight | InternalSight):
        return []
    handles: list[Any] = []
    for direction, style in _WAY_STYLES:
        way = sight.routes.get((home.home_id, direction))
        if way is not None:
            xy = shapely.get_coordinates(way)
            paper.axes.plot(xy[:, 0], xy[:, 1], color=looks.ROUTE, linewidth=2.2, linestyle=style, zorder=6)
            words = f"way {DIRECTION_WORDS[direction]}"
            handles.append(Line2D([], [], color=looks.ROUTE, linewidth=2.2, linestyle=style, label=words))
    return handles


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a label stands: its middle, its room, and whether a line must lead to it."""

    x_m: float
    y_m: float
    room: shapely.Polygon
    is_led: bool


_GAP_POINTS = 0.8
_AROUND = ((1, 0.4), (1, -0.4), (-1, 0.4), (-1, -0.4), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))
"""Where a label may stand beside its sign, in its own halves and the sign's together: right and left before above and below."""


def _first_free(
    paper: _Paper,
    at: tuple[float, float],
    half: tuple[float, float],
    sign_points: float,
    taken: Sequence[shapely.Polygon],
    *,
    on_its_place: bool = False,
) -> _Place:
    """Return the first place for a label that is free: beside its sign, then farther off with a line; else beside it.

    `half` is half its width and height, `sign_points` half the sign's width, all in points of type.
    """
    tries = [(0.0, 0.0, False)] if on_its_place else []
    for far in (1.0, 2.2, 3.6, 5.0):
        reach = sign_points * far + _GAP_POINTS
        # A wide label goes as far up as it goes aside, not by its own width.
        tries += [(aside * (reach + half[0]), above * (reach + half[1]), on_its_place or far > 1) for aside, above in _AROUND]
    known = shapely.STRtree(list(taken))
    places = []
    for aside, above, is_led in tries:
        x_m, y_m = at[0] + aside * paper.m_per_point, at[1] + above * paper.m_per_point
        wide, high = half[0] * paper.m_per_point, half[1] * paper.m_per_point
        place = _Place(x_m, y_m, shapely.box(x_m - wide, y_m - high, x_m + wide, y_m + high), is_led)
        if shapely.contains(paper.region, place.room):
            places.append(place)
            if not len(known.query(place.room, predicate="intersects")):
                return place
    return places[0] if places else _Place(*at, shapely.box(*at, *at), is_led=False)


def _square(paper: _Paper, x_m: float, y_m: float, half_points: float) -> shapely.Polygon:
    half_m = half_points * paper.m_per_point
    return shapely.box(x_m - half_m, y_m - half_m, x_m + half_m, y_m + half_m)


def _lead(paper: _Paper, at: tuple[float, float], place: _Place, colour: str) -> None:
    if place.is_led:
        paper.axes.plot([at[0], place.x_m], [at[1], place.y_m], color=colour, linewidth=0.6, zorder=6)


def _draw_names(
    paper: _Paper, names: Sequence[PlaceName], taken: list[shapely.Polygon], schools: Sequence[tuple[float, float]]
) -> None:
    """Write the names of places, the schools' own and the largest first, on ground that nothing else to be read takes."""
    size_m = _WORDS_POINTS * paper.m_per_point
    for place in by_importance(names, schools):
        if place.kind not in {"city", "town"} and not place.first:
            continue
        half_m = len(place.name) * _LETTER_WIDTH * size_m / 2
        # Where the sign of a home or a school stands on the middle of its town, the name stands beside it.
        for aside, above in (*_BESIDE, *_FARTHER) if place.first else _BESIDE:
            x_m, y_m = place.x_m + aside * (half_m + 1.4 * size_m), place.y_m + above * size_m
            room = shapely.box(x_m - half_m, y_m - size_m / 4, x_m + half_m, y_m + size_m)
            if shapely.contains(paper.region, room) and not any(shapely.intersects(room, other) for other in taken):
                paper.axes.annotate(
                    place.name, (x_m, y_m), fontsize=_WORDS_POINTS, ha="center", color="#303030", zorder=6, parse_math=False,
                    weight="bold" if place.first or place.kind == "city" else "normal",
                )  # fmt: skip
                taken.append(room)
                break
            if not place.first and place.kind == "town" and above:
                break


_STAR_POINTS = 6.5
_BOLD_WIDTH = 0.68
_SIGN_POINTS = 11.0
"""How far the middles of two signs lie apart, in points of type, so that neither hides the other."""
_ROUNDS = 60


def _beside_schools(homes: Sequence[PartnerHome | InternalHome], sight: Sight, apart_m: float) -> dict[str, tuple[float, float]]:
    """Return where the sign of each home stands: on its place, or beside it where it would hide another's or lie under a star."""
    at = np.array([(home.x_m, home.y_m) for home in homes]).reshape(-1, 2)
    stars = np.array([(school.x_m, school.y_m) for school in sight.schools]).reshape(-1, 2)
    for _ in range(_ROUNDS):
        moved = False
        for row in range(len(at)):
            others = np.concatenate([stars, at[:row]])
            distance_m = np.hypot(*(at[row] - others).T)
            nearest = int(np.argmin(distance_m)) if len(others) else -1
            if nearest >= 0 and distance_m[nearest] < apart_m * 0.99:
                # Of two on one place the later goes aside, always the same way.
                turn = 2.4 * (row + nearest)
                away = at[row] - others[nearest] if distance_m[nearest] > 1 else np.array([np.cos(turn), np.sin(turn)])
                at[row] = others[nearest] + away / np.hypot(*away) * apart_m
                moved = True
        if not moved:
            break
    return {home.home_id: (float(x), float(y)) for home, (x, y) in zip(homes, at, strict=True)}


def _draw_homes(
    paper: _Paper,
    sight: Sight,
    homes: Sequence[PartnerHome | InternalHome],
    only: PartnerHome | InternalHome | None,
    taken: list[shapely.Polygon],
) -> list[Any]:
    """Draw the homes' signs with their names; what they cover is added to what is `taken`."""
    axes, handles = paper.axes, []
    drawn = [only] if only is not None else homes
    at = _beside_schools(drawn, sight, _SIGN_POINTS * paper.m_per_point)
    for home in drawn:
        x_m, y_m = at[home.home_id]
        axes.plot([home.x_m, x_m], [home.y_m, y_m], color="#1b1b1b", linewidth=0.8, marker=".", markersize=2, zorder=7)
    for verdict, look in VERDICT_LOOKS.items():
        found = [at[home.home_id] for home in drawn if home.verdict is verdict]
        if found:
            sign = MARKERS[look.shape]
            axes.plot(*zip(*found, strict=True), sign, markersize=8, color=look.colour, markeredgecolor="white", zorder=8)
            handles.append(
                Line2D([], [], marker=sign, linestyle="", color=look.colour, markersize=7, label=f"home: {look.words}")
            )
    chosen = [home for home in drawn if isinstance(sight, InternalSight) and home.home_id in (sight.chosen or ())]
    if chosen:
        ring: dict[str, Any] = {"marker": "o", "linestyle": "", "color": "none", "markeredgecolor": looks.CHOSEN}
        axes.plot(*zip(*(at[home.home_id] for home in chosen), strict=True), markersize=14, zorder=7, **ring)
        handles.append(Line2D([], [], markersize=10, label="chosen", **ring))
    taken += [_square(paper, *at[home.home_id], _SIGN_POINTS / 2) for home in drawn]
    for home in drawn:
        half = (len(home.home_id) * _BOLD_WIDTH * _WORDS_POINTS / 2, _WORDS_POINTS * 0.55)
        place = _first_free(paper, at[home.home_id], half, _SIGN_POINTS / 2, taken)
        taken.append(place.room)
        _lead(paper, at[home.home_id], place, "#1b1b1b")
        axes.annotate(
            home.home_id, (place.x_m, place.y_m), parse_math=False, fontsize=_WORDS_POINTS, ha="center", va="center", zorder=9,
            weight="bold",
        )  # fmt: skip
    return handles


def _fill(
    axes: Axes, shapes: Sequence[shapely.Geometry], *, face: str, edge: str, alpha: float = 1.0, width: float = 0.5
) -> None:
    patches = []
    for shape in shapes:
        for part in shapely.get_parts(shape):
            if part.geom_type != "Polygon" or part.is_empty:
                continue
            rings = [shapely.get_coordinates(ring) for ring in (part.exterior, *part.interiors)]
            codes = [code for ring in rings for code in (Outline.MOVETO, *[Outline.LINETO] * (len(ring) - 2), Outline.CLOSEPOLY)]
            patches.append(PathPatch(Outline(np.concatenate(rings), codes)))
    if patches:
        filled = PatchCollection(patches, facecolor=face, edgecolor="none", alpha=alpha if face != "none" else None)
        axes.add_collection(filled, autolim=False)
        axes.add_collection(PatchCollection(patches, facecolor="none", edgecolor=edge, linewidth=width), autolim=False)


def _stroke(axes: Axes, shapes: Sequence[shapely.Geometry], colour: str, width: float) -> None:
    lines = [shapely.get_coordinates(part) for shape in shapes for part in shapely.get_parts(shape)]
    axes.add_collection(LineCollection(lines, colors=colour, linewidths=width, capstyle="round"), autolim=False)


def _finish(paper: _Paper, handles: list[Any], frame: _Frame | None, format_name: str, *, north_words: str = "N ↑") -> bytes:
    figure, axes = paper.figure, paper.axes
    west, east = axes.get_xlim()
    length_m = _round_length((east - west) / 5)
    south, north = axes.get_ylim()
    left, low = west + 0.03 * (east - west), south + 0.035 * (north - south)
    axes.plot([left, left + length_m], [low, low], color="black", linewidth=2.5, solid_capstyle="butt", zorder=10)
    words = f"{length_m / 1000:g} km ({length_m / METRES_PER_MILE:.1f} miles)" if length_m >= 1000 else f"{length_m:g} m"  # noqa: PLR2004
    axes.annotate(words, (left, low), xytext=(0, 4), textcoords="offset points", fontsize=_WORDS_POINTS, zorder=10)
    axes.annotate(north_words, (0.965, 0.94), xycoords="axes fraction", fontsize=10, weight="bold", ha="right", zorder=10)
    if frame is None:
        axes.annotate(ATTRIBUTION.split(",", maxsplit=1)[0], (0.995, 0.008), xycoords="axes fraction", fontsize=5.5, ha="right")
    else:
        _write_frame(figure, axes, frame)
    place = axes.get_position()
    beside = place.x1 < 1
    legend = figure.legend if beside else axes.legend
    corner = (place.x1, place.y1) if beside else (0.0, 1.0)
    made = legend(handles=handles, loc="upper left", bbox_to_anchor=corner, fontsize=_WORDS_POINTS, framealpha=0.92)
    made.set_frame_on(not beside)
    # No number of a house may stand over its words.
    made.set_zorder(11)
    content = io.BytesIO()
    # The same map gives the same bytes: no date of the machine's, no random names.
    with mpl.rc_context({"svg.hashsalt": "siting", "svg.fonttype": "path"}):
        if format_name == "svg":
            FigureCanvasSVG(figure).print_svg(content, metadata={"Date": None})  # type: ignore[no-untyped-call]
        else:
            FigureCanvasAgg(figure).print_png(content, metadata={"Software": None})  # type: ignore[no-untyped-call]
    return content.getvalue()


def _write_frame(figure: Figure, axes: Axes, frame: _Frame) -> None:
    """Write the title, what is drawn and the date over the map; notice and attribution under it."""
    place = axes.get_position()
    width_points = figure.get_figwidth() * _POINTS_PER_INCH
    letters = int(width_points / (_WORDS_POINTS * _LETTER_WIDTH * 1.5))
    title = textwrap.shorten(frame.title, letters, placeholder=" ...")
    # What users typed is text, dollar signs too.
    figure.text(0.006, 0.995, title, fontsize=9.5, weight="bold", va="top", parse_math=False)
    figure.text(
        0.006,
        place.y1 + 0.006,
        f"{frame.words}. {frame.made.day} {frame.made:%B %Y}.",
        fontsize=_WORDS_POINTS + 0.5,
        parse_math=False,
    )
    figure.text(0.006, place.y0 - 0.006, frame.notice, fontsize=_WORDS_POINTS, weight="bold", va="top", color="#7A1206")
    figure.text(0.006, 0.004, f"{ATTRIBUTION.split(',', maxsplit=1)[0]}.", fontsize=5.5, va="bottom", color="#444444")


def _round_length(length_m: float) -> float:
    power = 10 ** np.floor(np.log10(length_m))
    return float(max(step for step in (1, 2, 5) if step * power <= length_m) * power)
