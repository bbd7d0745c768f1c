"""How a verdict and an area look, on every map, sheet and picture."""

from typing import Final

from siting.words import Verdict

VERDICT_COLOURS = {
    Verdict.PASS: ("#D5EBDC", "#0B4F26"),
    Verdict.MARGINAL: ("#FFEFC2", "#5C4300"),
    Verdict.FAIL: ("#F8D7D3", "#7A1206"),
    Verdict.UNREACHABLE: ("#E3E3E8", "#2E2E3A"),
}
"""Fill and text of each verdict; each pair contrasts by more than 7 to 1."""

VERDICT_MARKERS = {
    Verdict.PASS: ("circle", "#0072B2"),
    Verdict.MARGINAL: ("diamond", "#E69F00"),
    Verdict.FAIL: ("cross_fill", "#B22222"),
    Verdict.UNREACHABLE: ("square", "#555555"),
}
"""Shape and colour of each verdict, told apart without colour; colours after Okabe and Ito's palette, 2008."""


AREA_COLOURS = ("#08306B", "#2171B5", "#6BAED6", "#9ECAE1")
"""From the nearest to the farthest minutes; after ColorBrewer's Blues, C. Brewer, 2003."""

VERDICT_SIGNS: Final = {
    Verdict.PASS: ("o", "#0b6e4f", "passes"),
    Verdict.MARGINAL: ("^", "#f2b134", "marginal"),
    Verdict.FAIL: ("s", "#a4262c", "fails"),
    Verdict.UNREACHABLE: ("X", "#4a4a52", "no way there"),
}


_AREAS = ("#08306b", "#2171b5", "#6baed6", "#9ecae1")
