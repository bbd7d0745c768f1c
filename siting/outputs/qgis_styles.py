"""QGIS styles of the output layers: QML files that a GIS officer can edit, filled in with the looks that all outputs share.

Save a style in QGIS as .qml over one of `templates/qgis`, and put the words in double braces back where
a colour is to follow `siting.documents.looks`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from siting.documents import looks
from siting.documents.looks import Shape
from siting.sentences import SCENARIO_WORDS
from siting.words import Direction, Scenario

TEMPLATES = Path(__file__).with_name("templates") / "qgis"

MARKERS: Mapping[Shape, str] = {
    Shape.CIRCLE: "circle",
    Shape.TRIANGLE: "triangle",
    Shape.SQUARE: "square",
    Shape.CROSS: "cross_fill",
}
"""How QGIS calls a shape."""


def _rgba(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},255"


def _filled(layer: str, values: Mapping[str, Any]) -> str:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["rgba"] = _rgba
    return environment.get_template(f"{layer}.qml").render(values)


def layer_styles(areas: gpd.GeoDataFrame, shown: Scenario, *, has_chosen: bool) -> dict[str, str]:
    """Return the QML of each layer of an evaluation; of areas those in the scenario `shown` are on at first."""
    verdicts = [
        {"value": verdict.value, "words": look.words, "shape": MARKERS[look.shape], "colour": look.colour}
        for verdict, look in looks.VERDICT_LOOKS.items()
    ]
    return {
        "homes": _filled("homes", {"verdicts": verdicts, "chosen": looks.CHOSEN, "has_chosen": has_chosen}),
        "schools": _filled("schools", {"school": looks.SCHOOL}),
        "routes": _filled("routes", {"route": looks.ROUTE}),
        "isochrones": isochrone_style(areas, shown),
    }


def isochrone_style(areas: gpd.GeoDataFrame, shown: Scenario | None = None) -> str:
    """Return the style of areas: a group of rules for each direction and scenario, the nearest minutes darkest.

    Of several groups the one to the school in the `shown` scenario is on at first.
    """
    pairs = list(dict.fromkeys(zip(areas["direction"], areas["scenario"], strict=True)))
    groups = [
        {
            "number": number,
            "direction": direction,
            "scenario": scenario,
            "words": f"{direction.replace('_', ' ')}, {SCENARIO_WORDS[Scenario(scenario)]}",
            "on": len(pairs) == 1 or (direction == Direction.TO_SCHOOL.value and scenario == shown),
        }
        for number, (direction, scenario) in enumerate(pairs)
    ]
    bands = [
        {"minutes": repr(limit), "words": f"{limit:g}", "colour": looks.area_colour(index)}
        for index, limit in enumerate(sorted(map(float, areas["minutes"].unique())))
    ]
    return _filled("isochrones", {"groups": groups, "bands": bands, "share": looks.AREA_SHARE})
