"""The same map as a picture."""

import itertools
import re

import pytest
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg

from maps.figure import _canvas, _draw_names, evaluation_figure
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


@pytest.mark.parametrize("width_cm", [6.0, 9.0, 18.0])
def test_no_name_is_written_over_another_or_beyond_the_edge(subject: MapSubject, width_cm: float) -> None:
    region = shapely.box(*subject.evaluation.isochrones.total_bounds)
    figure, axes = _canvas(region, width_cm)
    canvas = FigureCanvasAgg(figure)
    west, _, east, _ = region.bounds
    _draw_names(axes, subject, region, [], (east - west) / (width_cm / 2.54 * 72))
    canvas.draw()
    boxes = [shapely.box(*text.get_window_extent(canvas.get_renderer()).extents) for text in axes.texts]
    assert len(boxes) > 3
    for one, other in itertools.combinations(boxes, 2):
        assert shapely.area(shapely.intersection(one, other)) < 0.1 * min(one.area, other.area)
    page = shapely.box(*figure.bbox.extents)
    assert all(shapely.area(shapely.difference(box, page)) < 0.1 * box.area for box in boxes)
