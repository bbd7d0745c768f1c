"""How a verdict, an area and a sign look: one table for the page, pictures, papers, sheets and QGIS.

A verdict is told apart by its shape as well as by its colour. The colours of areas, mixed with the
paper they are drawn on, stay apart for people who do not see red, green or blue (a test holds that).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from siting.words import Verdict


class Shape(StrEnum):
    """The outline of a sign."""

    CIRCLE = "circle"
    TRIANGLE = "triangle"
    SQUARE = "square"
    CROSS = "cross"


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictLook:
    """How a verdict is shown: words, sign and colour; the ink of text on the sign; the fill and ink of a cell of a sheet.

    Fill and ink of a cell contrast by more than 7 to 1.
    """

    words: str
    shape: Shape
    colour: str
    ink: str
    cell_fill: str
    cell_ink: str


VERDICT_LOOKS: Final[Mapping[Verdict, VerdictLook]] = MappingProxyType(
    {
        Verdict.PASS: VerdictLook(
            words="passes", shape=Shape.CIRCLE, colour="#0B6E4F", ink="#FFFFFF", cell_fill="#D5EBDC", cell_ink="#0B4F26"
        ),
        Verdict.MARGINAL: VerdictLook(
            words="marginal", shape=Shape.TRIANGLE, colour="#F2B134", ink="#1B1B1B", cell_fill="#FFEFC2", cell_ink="#5C4300"
        ),
        Verdict.FAIL: VerdictLook(
            words="fails", shape=Shape.SQUARE, colour="#A4262C", ink="#FFFFFF", cell_fill="#F8D7D3", cell_ink="#7A1206"
        ),
        Verdict.UNREACHABLE: VerdictLook(
            words="no way there", shape=Shape.CROSS, colour="#4A4A52", ink="#FFFFFF", cell_fill="#E3E3E8", cell_ink="#2E2E3A"
        ),
    }
)

AREA_COLOURS: Final = ("#08306B", "#1C6BB0", "#5AA7DC", "#9FD3F5")
"""From the nearest to the farthest band of minutes; after ColorBrewer's Blues, C. Brewer, 2003, spread for mixing."""
AREA_SHARE: Final = 0.55
"""How much of a band's colour covers what lies under it."""
PAPER: Final = "#F7F5F1"
"""What everything is drawn on."""

SCHOOL: Final = "#4B1D6B"
FAMILY: Final = "#7B2D8B"
CHOSEN: Final = "#000000"
ROUTE: Final = "#C4510A"
BORDER: Final = "#6A3D9A"
ZONE: Final = "#7A1206"
BOUNDARY: Final = "#1F4E79"
INVITED: Final = "#C4510A"

GROUND: Final = MappingProxyType({"built": "#E6DFD3", "wood": "#CFE3C4", "water": "#B5D3DF", "sea": "#B5D3DF"})
RIVER: Final = "#8BB9D6"
RAIL: Final = "#7C7C86"
ROADS: Final = MappingProxyType(
    {"streets": "#B9B3A7", "tertiary": "#C9BFAE", "secondary": "#D8B26A", "primary": "#CF8F4A", "motorway": "#5B7FA6"}
)


def area_colour(position: int) -> str:
    """Return the colour of a band of minutes, counted from the nearest; the last serves all that follow."""
    return AREA_COLOURS[min(position, len(AREA_COLOURS) - 1)]


def mixed(colour: str, share: float = AREA_SHARE, paper: str = PAPER) -> str:
    """Return what is seen where so much of a colour covers the paper."""
    parts = (round(share * int(colour[at : at + 2], 16) + (1 - share) * int(paper[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{part:02X}" for part in parts)


def as_values(limits: Sequence[float]) -> dict[str, Any]:
    """Return all looks as plain values for the page, with those of the bands up to each of the limits."""
    return {
        "verdicts": {verdict.value: asdict(look) for verdict, look in VERDICT_LOOKS.items()},
        "areas": [
            {"minutes": limit, "colour": area_colour(at), "mixed": mixed(area_colour(at))} for at, limit in enumerate(limits)
        ],
        "area_share": AREA_SHARE,
        "paper": PAPER,
        "school": SCHOOL,
        "family": FAMILY,
        "chosen": CHOSEN,
        "route": ROUTE,
        "border": BORDER,
        "zone": ZONE,
        "boundary": BOUNDARY,
        "invited": INVITED,
        "ground": dict(GROUND),
        "river": RIVER,
        "rail": RAIL,
        "roads": dict(ROADS),
    }
