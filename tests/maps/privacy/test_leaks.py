"""A page that would give something away is not written, however it is hidden in it."""

import base64
import gzip
import html
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from maps.layers import MapDrawer
from maps.page import map_page
from maps.privacy.leaks import LeakError, refuse_leaks, secrets_of
from maps.subject import MapSubject
from siting.words import Audience

POSTCODE = "OX14 3EB"
"""Where a child of the sample's family lives."""

HIDINGS = {
    "as it is": POSTCODE,
    "without the space": "ox143eb",
    "in a comment": f"<!-- {POSTCODE} -->",
    "as character references": "".join(f"&#{ord(letter)};" for letter in POSTCODE),
    "percent-encoded": quote(POSTCODE),
    "in base64": base64.b64encode(f"{'x' * 40}{POSTCODE}{'y' * 40}".encode()).decode(),
    "compressed": base64.b64encode(gzip.compress(f"{POSTCODE} {list(range(60))}".encode())).decode(),
    "as escapes of JSON": "".join(f"\\u{ord(letter):04x}" for letter in POSTCODE),
}


@pytest.mark.parametrize("hiding", HIDINGS)
def test_a_postcode_is_found(hiding: str, pages: dict[Audience, Path], subject: MapSubject) -> None:
    page = pages[Audience.PUBLIC].read_text(encoding="utf-8")
    secrets = secrets_of(subject.inputs, Audience.PUBLIC)
    with pytest.raises(LeakError):
        refuse_leaks(page.replace("</body>", HIDINGS[hiding] + "</body>"), secrets)


def test_coordinates_are_found_in_degrees_and_metres(pages: dict[Audience, Path], subject: MapSubject) -> None:
    page = pages[Audience.PARTNER].read_text(encoding="utf-8")
    secrets = secrets_of(subject.inputs, Audience.PARTNER)
    (lat, lon), (x_m, y_m) = secrets.degrees[3], secrets.metres[3]
    for written in (f"{lat:.5f}, {lon:.5f}", f"{lon:.3f} {lat:.3f}", f"{x_m:.0f},{y_m:.0f}"):
        with pytest.raises(LeakError):
            refuse_leaks(page.replace("</body>", html.escape(written) + "</body>"), secrets)


def test_a_packed_place_is_found(subject: MapSubject) -> None:
    drawer = MapDrawer(subject)
    values = drawer.values(Audience.PARTNER, made="today")
    child = subject.inputs.children[8].place
    values["schools"][0]["at"] = drawer.packer.place(child.x_m + 10, child.y_m - 10)
    with pytest.raises(LeakError):
        refuse_leaks(map_page(values), secrets_of(subject.inputs, Audience.PARTNER))


def test_a_home_under_consideration_is_found_on_a_public_page(subject: MapSubject) -> None:
    values = MapDrawer(subject).values(Audience.PUBLIC, made="today")
    for leak in ("H07", "14 Abbey Road, Oxford (invented)"):
        with pytest.raises(LeakError):
            refuse_leaks(map_page(values | {"title": f"Map with {leak}"}), secrets_of(subject.inputs, Audience.PUBLIC))


def test_a_family_beside_a_home_does_not_stop_the_partners_map(subject: MapSubject) -> None:
    home = subject.inputs.homes[5]
    child = replace(subject.inputs.children[0], place=home.place)
    secrets = secrets_of(replace(subject.inputs, children=(child,)), Audience.PARTNER)
    assert home.row.postcode not in secrets.words
