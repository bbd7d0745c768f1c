"""The same map as a picture, PNG or SVG, without a browser."""

import io
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline

from maps.ground.basemap import MAIN_GROUPS, road_lines
from maps.privacy.audience import Layer, may_see
from maps.subject import EngagementArea, MapSubject
from siting.documents.looks import AREA_COLOURS, VERDICT_SIGNS
from siting.osm.extract import ATTRIBUTION
from siting.words import METRES_PER_MILE, Audience, Direction

_GROUND = {"built": "#e9e3d8", "wood": "#cfe3c4", "water": "#a9cde4"}
_ROADS = {"tertiary": ("#c9bfae", 0.4), "secondary": ("#d8b26a", 0.6), "primary": ("#cf8f4a", 0.9), "motorway": ("#5b7fa6", 1.3)}
_WORDS_POINTS = 6.5
_LETTER_WIDTH = 0.55
"""How wide a letter of a name is on average, as a share of its height (own measure of this typeface)."""
_SIGN_NAME_SIZES = 5.0
"""How far a sign's own name reaches, in heights of a letter."""
_LEGEND_CM = 3.4
_CM_PER_INCH = 2.54
_POINTS_PER_INCH = 72
_STREETS = ("tertiary", "secondary", "primary", "motorway", "streets")


def evaluation_figure(subject: MapSubject, audience: Audience, *, format_name: str = "svg", width_cm: float = 18.0) -> bytes:
    """Draw the areas, the schools and, where the audience may see them, the homes."""
    evaluation = subject.evaluation
    rules = subject.inputs.plan.rules
    chosen = evaluation.isochrones
    chosen = chosen[(chosen["direction"] == Direction.TO_SCHOOL.value) & (chosen["scenario"] == rules.scenario.value)]
    west, south, east, north = chosen.total_bounds
    if may_see(Layer.HOMES, audience):
        known = evaluation.homes.total_bounds
        west, south, east, north = min(west, known[0]), min(south, known[1]), max(east, known[2]), max(north, known[3])
    margin = 0.05 * max(east - west, north - south)
    region = shapely.box(west - margin, south - margin, east + margin, north + margin)
    figure, axes = _canvas(region, width_cm, beside_cm=_LEGEND_CM)
    m_per_point = (east - west + 2 * margin) / (width_cm / _CM_PER_INCH * _POINTS_PER_INCH)
    _draw_ground(axes, subject, region, MAIN_GROUPS)
    handles: list[Any] = []
    limits = sorted(chosen["minutes"].unique(), reverse=True)
    for index, minutes in enumerate(limits):
        colour = AREA_COLOURS[min(len(limits) - 1 - index, len(AREA_COLOURS) - 1)]
        area = chosen.loc[chosen["minutes"] == minutes].geometry.iloc[0]
        _fill(axes, [shapely.simplify(area, 60)], face=colour, edge=colour, alpha=0.18, width=0.9)
        handles.append(Line2D([], [], color=colour, linewidth=5, alpha=0.6, label=f"within {minutes:g} minutes"))
    handles.reverse()
    schools = evaluation.schools
    signs = list(schools.geometry)
    if may_see(Layer.HOMES, audience):
        handles += _draw_homes(axes, subject, m_per_point)
        signs += list(evaluation.homes.geometry)
    axes.plot(schools.geometry.x, schools.geometry.y, "*", markersize=13, color="#4b1d6b", markeredgecolor="white", zorder=9)
    handles.append(Line2D([], [], marker="*", linestyle="", color="#4b1d6b", markersize=10, label="school"))
    _draw_names(axes, subject, region, _sign_rooms(signs, east + margin, m_per_point), m_per_point)
    return _finish(figure, axes, handles, format_name)


def street_figure(subject: MapSubject, area: EngagementArea, *, format_name: str = "svg", width_cm: float = 17.0) -> bytes:
    """Draw the street of a home: its boundary, the line round it, plots, buildings and numbered neighbours."""
    west, south, east, north = shapely.bounds(shapely.buffer(area.area, 25))
    region = shapely.box(west, south, east, north)
    figure, axes = _canvas(region, width_cm)
    wide = shapely.buffer(region, 1_500)
    _draw_ground(axes, subject, wide, _STREETS, street=True)
    _fill(axes, area.plots, face="none", edge="#9aa5ae", width=0.5)
    _fill(axes, area.buildings, face="#ddd5c7", edge="#8a7f70", width=0.4)
    _fill(axes, [area.area], face="#f6c28b", edge="#c4510a", alpha=0.16, width=1.4)
    _fill(axes, [area.boundary], face="#1f4e79", edge="#1f4e79", alpha=0.22, width=2)
    for one in area.neighbours:
        axes.annotate(
            str(one["number"]),
            (float(one["x_m"]), float(one["y_m"])),
            fontsize=_WORDS_POINTS,
            ha="center",
            va="center",
            zorder=9,
            bbox={"boxstyle": "round,pad=0.18", "fc": "white", "ec": "#1f4e79", "lw": 0.7},
        )
    handles = [
        Line2D([], [], color="#1f4e79", linewidth=5, alpha=0.5, label="the home's boundary"),
        Line2D([], [], color="#c4510a", linewidth=1.5, label=f"{area.metres:g} metres from it"),
    ]
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    return _finish(figure, axes, handles, format_name)


def _canvas(region: shapely.Polygon, width_cm: float, beside_cm: float = 0.0) -> tuple[Figure, Axes]:
    """Return a map of that width, and a figure with so much room to the right of it."""
    west, south, east, north = shapely.bounds(region)
    height_cm = width_cm * (north - south) / (east - west)
    figure = Figure(figsize=((width_cm + beside_cm) / _CM_PER_INCH, min(height_cm, width_cm * 1.25) / _CM_PER_INCH), dpi=170)
    axes = figure.add_axes((0.0, 0.0, width_cm / (width_cm + beside_cm), 1.0))
    axes.set_aspect("equal", adjustable="box")
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_facecolor("#f7f5f1")
    return figure, axes


def _draw_ground(
    axes: Axes, subject: MapSubject, region: shapely.Polygon, groups: Sequence[str], *, street: bool = False
) -> None:
    for kind, colour in _GROUND.items():
        near = [shape for shape in subject.background.shapes[kind] if shapely.intersects(shape, region)]
        _fill(axes, near, face=colour, edge="none", width=0)
    rivers = [shape for shape in subject.background.shapes["river"] if shapely.intersects(shape, region)]
    _stroke(axes, rivers, "#8bb9d6", 1.0)
    lines = road_lines(subject.evaluation.network, region, groups)
    for group in reversed(groups):
        colour, width = ("#c2bcb0", 5.0) if street else _ROADS.get(group, ("#b9b3a7", 0.4))
        _stroke(axes, lines.get(group, []), colour, width)


def _name_side(sign: shapely.Point, east: float, m_per_point: float) -> int:
    """Return on which side of a sign its own name has room: 1 to the right, -1 to the left."""
    return 1 if sign.x + _SIGN_NAME_SIZES * _WORDS_POINTS * m_per_point < east else -1


def _sign_rooms(signs: Sequence[shapely.Point], east: float, m_per_point: float) -> list[shapely.Polygon]:
    """Return the ground that signs cover with their own names."""
    size_m = _WORDS_POINTS * m_per_point
    rooms = []
    for sign in signs:
        side = _name_side(sign, east, m_per_point)
        ends = (sign.x - side * size_m, sign.x + side * _SIGN_NAME_SIZES * size_m)
        rooms.append(shapely.box(min(ends), sign.y - size_m, max(ends), sign.y + 1.5 * size_m))
    return rooms


def _draw_names(
    axes: Axes, subject: MapSubject, region: shapely.Polygon, taken: list[shapely.Polygon], m_per_point: float
) -> None:
    """Write the names of towns, cities first, on ground that is not taken by anything else that is to be read."""
    size_m = _WORDS_POINTS * m_per_point
    places = [place for place in subject.background.names if place[1] in {"city", "town"}]
    for name, _, x_m, y_m in sorted(places, key=lambda place: place[1]):
        half_m = len(name) * _LETTER_WIDTH * size_m / 2
        room = shapely.box(x_m - half_m, y_m - size_m / 4, x_m + half_m, y_m + size_m)
        if shapely.contains(region, room) and not any(shapely.intersects(room, other) for other in taken):
            axes.annotate(name, (x_m, y_m), fontsize=_WORDS_POINTS, ha="center", color="#303030", zorder=6)
            taken.append(room)


def _draw_homes(axes: Axes, subject: MapSubject, m_per_point: float) -> list[Any]:
    frame = subject.evaluation.homes
    handles = []
    for verdict, (sign, colour, words) in VERDICT_SIGNS.items():
        rows = frame[frame["verdict"] == verdict.value]
        if len(rows):
            axes.plot(rows.geometry.x, rows.geometry.y, sign, markersize=9, color=colour, markeredgecolor="white", zorder=8)
            handles.append(Line2D([], [], marker=sign, linestyle="", color=colour, markersize=7, label=f"home: {words}"))
    if subject.chosen:
        rows = frame[frame["home_id"].isin(subject.chosen)]
        axes.plot(rows.geometry.x, rows.geometry.y, "o", markersize=14, color="none", markeredgecolor="black", zorder=7)
        handles.append(
            Line2D([], [], marker="o", linestyle="", color="none", markeredgecolor="black", markersize=10, label="chosen")
        )
    for home_id, shape in zip(frame["home_id"], frame.geometry, strict=True):
        side = _name_side(shape, axes.get_xlim()[1], m_per_point)
        axes.annotate(
            home_id,
            (shape.x, shape.y),
            xytext=(side * 6, 4),
            textcoords="offset points",
            fontsize=_WORDS_POINTS,
            ha="left" if side > 0 else "right",
            zorder=9,
            weight="bold",
        )
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


def _finish(figure: Figure, axes: Axes, handles: list[Any], format_name: str) -> bytes:
    west, east = axes.get_xlim()
    length_m = _round_length((east - west) / 5)
    south, north = axes.get_ylim()
    left, low = west + 0.03 * (east - west), south + 0.035 * (north - south)
    axes.plot([left, left + length_m], [low, low], color="black", linewidth=2.5, solid_capstyle="butt", zorder=10)
    words = f"{length_m / 1000:g} km ({length_m / METRES_PER_MILE:.1f} miles)" if length_m >= 1000 else f"{length_m:g} m"  # noqa: PLR2004
    axes.annotate(words, (left, low), xytext=(0, 4), textcoords="offset points", fontsize=_WORDS_POINTS, zorder=10)
    axes.annotate("N ↑", (0.965, 0.94), xycoords="axes fraction", fontsize=10, weight="bold", ha="right")
    axes.annotate(ATTRIBUTION.split(",")[0], (0.995, 0.008), xycoords="axes fraction", fontsize=5.5, ha="right")
    beside = axes.get_position().x1 < 1
    corner = (1.0, 1.0) if beside else (0.0, 1.0)
    legend = axes.legend(handles=handles, loc="upper left", bbox_to_anchor=corner, fontsize=_WORDS_POINTS, framealpha=0.92)
    legend.set_frame_on(not beside)
    content = io.BytesIO()
    # The same map gives the same bytes: no date, no random names.
    with mpl.rc_context({"svg.hashsalt": "siting", "svg.fonttype": "path"}):
        if format_name == "svg":
            FigureCanvasSVG(figure).print_svg(content, metadata={"Date": None})  # type: ignore[no-untyped-call]
        else:
            FigureCanvasAgg(figure).print_png(content, metadata={"Software": None})  # type: ignore[no-untyped-call]
    return content.getvalue()


def _round_length(length_m: float) -> float:
    power = 10 ** np.floor(np.log10(length_m))
    return float(max(step for step in (1, 2, 5) if step * power <= length_m) * power)
