"""QGIS styles of the output layers, in QGIS's own QML."""

from collections.abc import Mapping
from xml.sax.saxutils import quoteattr

from siting.words import Verdict

VERDICT_MARKERS = {
    Verdict.PASS: ("circle", "#0072B2"),
    Verdict.MARGINAL: ("diamond", "#E69F00"),
    Verdict.FAIL: ("cross_fill", "#B22222"),
    Verdict.UNREACHABLE: ("square", "#555555"),
}
"""Shape and colour of each verdict, told apart without colour; colours after Okabe and Ito's palette, 2008."""


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


def _isochrones() -> str:
    fill = {
        "color": _rgba("#0072B2", 26),
        "outline_color": _rgba("#0072B2", 200),
        "outline_width": "0.5",
        "style": "solid",
    }
    return _document(_single(_symbol("0", "fill", "SimpleFill", fill)), label_field="minutes")


def _routes() -> str:
    line = {"line_color": _rgba("#7A3E9D", 200), "line_width": "0.7"}
    return _document(_single(_symbol("0", "line", "SimpleLine", line)))


STYLES: Mapping[str, str] = {
    "homes": _homes(),
    "schools": _document(_single(_marker("0", "star", "#000000", 6.0)), label_field="school"),
    "isochrones": _isochrones(),
    "routes": _routes(),
}
"""QML by layer."""
