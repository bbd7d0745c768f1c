"""The picture of a screen: ground that any school, and that at least two schools, reach. Public data alone."""

from datetime import datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from siting.documents import looks
from siting.osm.extract import ATTRIBUTION
from siting.sentences import SCENARIO_WORDS
from siting.words import METRES_PER_MILE, Scenario

_SIMPLIFIED_M = 60.0
_STAR_POINTS, _MANY_SCHOOLS = 9.0, 100
_WIDTH_INCHES, _HEAD_INCHES, _FOOT_INCHES = 9.0, 0.62, 0.3
_NAMED = {1: "by a school", 2: "by two schools or more"}
_COLOURS = {1: looks.AREA_COLOURS[2], 2: looks.AREA_COLOURS[0]}


def write_screen_map(  # noqa: PLR0913, PLR0917 - what is drawn, and how it is headed
    path: Path,
    areas: gpd.GeoDataFrame,
    schools: gpd.GeoDataFrame,
    councils: gpd.GeoSeries | None,
    title: str,
    minutes: float,
    made: datetime,
) -> None:
    """Draw a screen's areas of the first scenario, its schools and councils (PNG).

    `areas` has the columns `scenario` and `schools_at_least`, and shapes no finer than a picture needs.
    """
    scenario = Scenario(str(areas["scenario"].iloc[0]))
    west, south, east, north = _extent(areas, schools)
    figure = Figure(figsize=(_WIDTH_INCHES, _height_inches(east - west, north - south)), dpi=150)
    canvas = FigureCanvasAgg(figure)
    above, below = _HEAD_INCHES / figure.get_figheight(), _FOOT_INCHES / figure.get_figheight()
    axes = figure.add_axes((0.01, below, 0.98, 1 - above - below))
    axes.set_facecolor(looks.PAPER)
    handles: list[Patch | Line2D] = []
    for at_least, words in _NAMED.items():
        shape = areas[(areas["scenario"] == scenario.value) & (areas["schools_at_least"] == at_least)].geometry
        colour = looks.mixed(_COLOURS[at_least])
        if not shape.is_empty.all():
            shape.plot(ax=axes, facecolor=colour, edgecolor=_COLOURS[at_least], linewidth=0.4, aspect=None)
        handles.append(Patch(facecolor=colour, edgecolor=_COLOURS[at_least], label=f"reached {words}"))
    if councils is not None:
        near = councils[councils.intersects(shapely.box(west, south, east, north))]
        lines = near.boundary.simplify(_SIMPLIFIED_M)
        lines.plot(ax=axes, color=looks.BORDER, linewidth=0.8, linestyle=(0, (5, 3)), aspect=None)
        handles.append(Line2D([], [], color=looks.BORDER, linewidth=0.9, linestyle=(0, (5, 3)), label="councils' borders"))
    star: dict[str, Any] = {"marker": "*", "color": looks.SCHOOL, "markeredgecolor": "white", "linestyle": ""}
    size = _STAR_POINTS if len(schools) <= _MANY_SCHOOLS else _STAR_POINTS * (_MANY_SCHOOLS / len(schools)) ** 0.25
    axes.plot(schools.geometry.x, schools.geometry.y, markersize=size, markeredgewidth=size / 9, zorder=8, **star)
    handles.append(Line2D([], [], markersize=9, label="school", **star))
    axes.set(xlim=(west, east), ylim=(south, north), xticks=[], yticks=[], xlabel="", ylabel="", aspect="equal")
    length_m = 10 * METRES_PER_MILE
    left, low = west + 0.03 * (east - west), south + 0.03 * (north - south)
    axes.plot([left, left + length_m], [low, low], color="black", linewidth=2.5, zorder=9)
    axes.annotate("10 miles", (left, low), xytext=(0, 4), textcoords="offset points", fontsize=7, zorder=9)
    axes.legend(handles=handles, loc="upper right", fontsize=7, framealpha=0.92).set_zorder(10)
    # What users typed is text, dollar signs too.
    figure.text(0.012, 1 - 0.2 * above, title, fontsize=10, weight="bold", va="top", parse_math=False)
    words = f"Within {minutes:g} minutes by car {SCENARIO_WORDS[scenario]}, in the worse of the directions asked. "
    figure.text(0.012, 1 - 0.88 * above, f"{words}{made.day} {made:%B %Y}.", fontsize=7.5)
    figure.text(
        0.012, 0.02, f"{ATTRIBUTION.split(',', maxsplit=1)[0]}. Times are those of a model, and may be wrong.", fontsize=6
    )
    canvas.print_png(path, metadata={"Software": None})  # type: ignore[no-untyped-call]


def _extent(areas: gpd.GeoDataFrame, schools: gpd.GeoDataFrame) -> tuple[float, float, float, float]:
    """Return the ground to be drawn: all that is reached, and the schools, with a margin."""
    parts = [shape for shape in (*areas.geometry, *schools.geometry) if not shape.is_empty]
    west, south, east, north = shapely.total_bounds(parts).tolist()
    margin_m = 0.04 * max(east - west, north - south, 10_000.0)
    return west - margin_m, south - margin_m, east + margin_m, north + margin_m


def _height_inches(width_m: float, height_m: float) -> float:
    return min(max(0.98 * _WIDTH_INCHES * height_m / width_m, 5.0), 13.0) + _HEAD_INCHES + _FOOT_INCHES
