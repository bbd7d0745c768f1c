"""One table of looks: bands that stay apart whatever colours somebody sees, verdicts told apart without colour."""

import itertools
from typing import Any

import numpy as np
import pytest

from siting.documents import looks
from siting.documents.looks import AREA_COLOURS, PAPER, VERDICT_LOOKS, mixed
from siting.words import Verdict

SEEN_AS = {
    "all colours": np.eye(3),
    "no red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "no blue": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
"""Linear RGB as seen without one kind of cone (Machado, Oliveira and Fernandes 2009, severity 1)."""
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
"""sRGB to CIE XYZ, white D65 (IEC 61966-2-1)."""
TOLD_APART = 7.0
"""A difference in CIELAB that is seen at a glance; about 2.3 is just noticeable."""


def linear(colour: str) -> Any:
    parts = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(light: Any) -> Any:
    xyz = TO_XYZ @ np.clip(light, 0, 1) / np.array([0.95047, 1.0, 1.08883])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(one: str, other: str) -> float:
    light, dark = sorted((float(TO_XYZ[1] @ linear(colour)) for colour in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("eyes", SEEN_AS)
def test_bands_are_told_apart_as_they_are_mixed_on_the_paper(eyes: str) -> None:
    matrix = np.array(SEEN_AS[eyes])
    seen = [lab(matrix @ linear(colour)) for colour in (*map(mixed, AREA_COLOURS), PAPER)]
    assert min(float(np.linalg.norm(one - other)) for one, other in itertools.combinations(seen, 2)) > TOLD_APART


def test_bands_grow_lighter_outwards() -> None:
    lightness = [lab(linear(mixed(colour)))[0] for colour in AREA_COLOURS]
    assert lightness == sorted(lightness)


def test_verdicts_are_told_apart_without_colour_and_can_be_read() -> None:
    assert set(VERDICT_LOOKS) == set(Verdict)
    assert len({look.shape for look in VERDICT_LOOKS.values()}) == len({look.words for look in VERDICT_LOOKS.values()}) == 4
    for look in VERDICT_LOOKS.values():
        assert contrast(look.ink, look.colour) >= 4.5
        assert contrast(look.cell_ink, look.cell_fill) >= 7


def test_mixing_is_what_a_browser_does() -> None:
    assert mixed("#000000", 0.5, "#FFFFFF") == "#808080"
    assert mixed("#08306B", 0.0) == PAPER
    assert mixed("#08306B", 1.0) == "#08306B"


def test_the_page_is_handed_the_same_table() -> None:
    values = looks.as_values([15, 30, 45])
    assert values["verdicts"]["fail"]["shape"] == "square"
    assert [band["mixed"] for band in values["areas"]] == [mixed(colour) for colour in AREA_COLOURS[:3]]
