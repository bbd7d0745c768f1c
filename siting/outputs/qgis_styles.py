"""QGIS styles of the output layers, in QGIS's own QML."""

from collections.abc import Mapping
from xml.sax.saxutils import quoteattr

import geopandas as gpd

from siting.documents.looks import AREA_COLOURS, VERDICT_MARKERS
from siting.sentences import SCENARIO_WORDS
from siting.words import Direction, Scenario


def _rgba(colour: str, alpha: int = 255) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},{alpha}"


def _options(values: Mapping[str, str]) -> str:
    inner = "".join(f'<Option name={quoteattr(k)} type="QString" value={quoteattr(v)}/>' for k, v in values.items())
    return f'<Option type="Map">{inner}</Option>'


def _symbol(name: str, kind: str, layer_class: str, values: Mapping[str, str]) -> str:
    return (
        f'<symbol name={quoteattr(name)} type="{kind}" alpha="1" clip_to_extent="1">'
        f'<layer class="{layer_class}" enabled="1" pass="0" locked="0">{_options(values)}</layer></symbol>'
    )


def _marker(name: str, shape: str, colour: str, size_mm: float) -> str:
    values = {
        "name": shape,
        "color": _rgba(colour),
        "outline_color": "255,255,255,255",
        "outline_width": "0.4",
        "size": f"{size_mm}",
    }
    return _symbol(name, "marker", "SimpleMarker", values)


def _document(renderer: str, label_field: str | None = None) -> str:
    labels = (
        f'<labeling type="simple"><settings><text-style fieldName="{label_field}" fontSize="9" isExpression="0" '
        'textColor="20,20,20,255"><text-buffer bufferDraw="1" bufferSize="0.8" bufferColor="255,255,255,255"/></text-style>'
        '<placement placement="6" dist="1.5"/></settings></labeling>'
        if label_field
        else ""
    )
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
        f'<qgis version="3.28.0" styleCategories="Symbology|Labeling" labelsEnabled="{1 if label_field else 0}">'
        f"{renderer}{labels}</qgis>"
    )


def _categorised(field: str, categories: list[tuple[str, str, str]]) -> str:
    """Return a renderer of categories: value, label, symbol."""
    listed = "".join(
        f'<category render="true" symbol="{index}" value={quoteattr(value)} label={quoteattr(label)}/>'
        for index, (value, label, _) in enumerate(categories)
    )
    symbols = "".join(symbol for *_, symbol in categories)
    return (
        f'<renderer-v2 type="categorizedSymbol" attr="{field}" enableorderby="0"><categories>{listed}</categories>'
        f"<symbols>{symbols}</symbols></renderer-v2>"
    )


def _single(symbol: str) -> str:
    return f'<renderer-v2 type="singleSymbol"><symbols>{symbol}</symbols></renderer-v2>'


def _homes() -> str:
    categories = [
        (verdict.value, verdict.value, _marker(str(index), shape, colour, 4.0))
        for index, (verdict, (shape, colour)) in enumerate(VERDICT_MARKERS.items())
    ]
    return _document(_categorised("verdict", categories), label_field="home_id")


def isochrone_style(areas: gpd.GeoDataFrame, shown: Scenario | None = None) -> str:
    """Return the style of areas: a group of rules for each direction and scenario, the nearest minutes darkest.

    Of several groups the one to the school in the `shown` scenario is on at first.
    """
    limits = sorted(areas["minutes"].unique())
    groups = list(dict.fromkeys(zip(areas["direction"], areas["scenario"], strict=True)))
    rules = []
    for direction, scenario in groups:
        on = len(groups) == 1 or (direction == Direction.TO_SCHOOL.value and scenario == shown)
        children = "".join(
            _rule(f"{direction} {scenario} {limit:g}", f'"minutes" = {limit!r}', f"within {limit:g} minutes", f'symbol="{index}"')
            for index, limit in reversed(list(enumerate(map(float, limits))))
        )
        where = f"\"direction\" = '{direction}' AND \"scenario\" = '{scenario}'"
        words = f"{direction.replace('_', ' ')}, {SCENARIO_WORDS[Scenario(scenario)]}"
        rules.append(_rule(f"{direction} {scenario}", where, words, f'checkstate="{int(on)}"', children))
    symbols = "".join(_area(str(index), AREA_COLOURS[min(index, len(AREA_COLOURS) - 1)]) for index in range(len(limits)))
    return _document(
        f'<renderer-v2 type="RuleRenderer" symbollevels="0"><rules key="all">{"".join(rules)}</rules>'
        f"<symbols>{symbols}</symbols></renderer-v2>"
    )


def _rule(key: str, where: str, words: str, more: str, children: str = "") -> str:
    return f"<rule key={quoteattr(key)} filter={quoteattr(where)} label={quoteattr(words)} {more}>{children}</rule>"


def _area(name: str, colour: str) -> str:
    fill = {"color": _rgba(colour, 60), "outline_color": _rgba(colour, 230), "outline_width": "0.4", "style": "solid"}
    return _symbol(name, "fill", "SimpleFill", fill)


def _routes() -> str:
    line = {"line_color": _rgba("#7A3E9D", 200), "line_width": "0.7"}
    return _document(_single(_symbol("0", "line", "SimpleLine", line)))


STYLES: Mapping[str, str] = {
    "homes": _homes(),
    "schools": _document(_single(_marker("0", "star", "#000000", 6.0)), label_field="school"),
    "routes": _routes(),
}
"""QML by layer; that of areas depends on what they are, see `isochrone_style`."""
