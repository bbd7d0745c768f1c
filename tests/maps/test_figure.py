"""The same map as a picture."""

import re

from maps.figure import evaluation_figure
from maps.subject import MapSubject
from siting.words import Audience


def test_pictures_are_the_same_every_time(subject: MapSubject) -> None:
    one, other = (evaluation_figure(subject, Audience.INTERNAL) for _ in range(2))
    assert one == other
    assert one.startswith(b"<?xml")
    assert evaluation_figure(subject, Audience.PARTNER, format_name="png").startswith(b"\x89PNG")


def test_a_public_picture_has_no_homes(subject: MapSubject) -> None:
    internal, public = (evaluation_figure(subject, a).decode() for a in (Audience.INTERNAL, Audience.PUBLIC))
    assert len(re.findall("<!-- H", internal)) >= 15
    assert "<!-- H0" not in public
