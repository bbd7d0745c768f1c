"""The same map as a picture."""

import itertools
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg

from maps.figure import _canvas, _draw_names, evaluation_figure, plan_figure
from maps.privacy.subject import EngagementArea, MapSubject
from siting.faults import UsageError
from siting.words import Audience

MADE = datetime(2026, 11, 25, 12, tzinfo=UTC)


def words_of(svg: bytes) -> str:
    """Return the texts of a picture, which stand in comments beside their outlines."""
    return " ".join(re.findall(r"<!-- (.*?) -->", svg.decode()))


def test_pictures_are_the_same_every_time(subject: MapSubject) -> None:
    one, other = (evaluation_figure(subject, Audience.INTERNAL, made=MADE) for _ in range(2))
    assert one == other
    assert one.startswith(b"<?xml")
    assert evaluation_figure(subject, Audience.PARTNER, made=MADE, format_name="png").startswith(b"\x89PNG")


def test_each_audience_has_its_homes_and_no_others(subject: MapSubject) -> None:
    internal, partner, public = (words_of(evaluation_figure(subject, a, made=MADE)) for a in Audience)
    assert len(re.findall(r"\bH\d\d\b", internal)) == 15
    assert sorted(re.findall(r"\bH\d\d\b", partner)) == ["H01", "H04", "H06"]
    assert "H0" not in public


@pytest.mark.parametrize("audience", list(Audience))
def test_every_picture_says_what_it_is(audience: Audience, subject: MapSubject) -> None:
    words = words_of(evaluation_figure(subject, audience, made=MADE))
    legend = ("within 15 min", "main road", "wood")
    for told in ("Chilterns", "25 November 2026", "to school", "school run", "OpenStreetMap", "N ↑", "km", *legend):
        assert told in words
    assert {"Do not publish", "For the public"} & set(re.findall("Do not publish|For the public", words))
    assert "High Wycombe" in words.replace(subject.inputs.plan.title, "")


def test_a_picture_of_one_home_is_not_for_others(subject: MapSubject) -> None:
    plot = shapely.box(480_000, 190_000, 480_030, 190_020)
    told = replace(subject, engagement=EngagementArea(home_id="H01", boundary=plot, area=shapely.buffer(plot, 20)))
    assert b"<svg" in plan_figure(told, Audience.INTERNAL, made=MADE)
    for audience in (Audience.PARTNER, Audience.PUBLIC):
        with pytest.raises(UsageError, match="no map of one home"):
            plan_figure(told, audience, made=MADE)


@pytest.mark.parametrize("width_cm", [6.0, 9.0, 18.0])
def test_no_name_is_written_over_another_or_beyond_the_edge(subject: MapSubject, width_cm: float) -> None:
    paper = _canvas(tuple(subject.evaluation.isochrones.total_bounds), width_cm, None)
    canvas = FigureCanvasAgg(paper.figure)
    schools = [(shape.x, shape.y) for shape in subject.evaluation.schools.geometry]
    _draw_names(paper, subject.background.names, [], schools)
    canvas.draw()
    boxes = [shapely.box(*text.get_window_extent(canvas.get_renderer()).extents) for text in paper.axes.texts]
    assert len(boxes) > 3
    for one, other in itertools.combinations(boxes, 2):
        assert shapely.area(shapely.intersection(one, other)) < 0.1 * min(one.area, other.area)
    page = shapely.box(*paper.figure.bbox.extents)
    assert all(shapely.area(shapely.difference(box, page)) < 0.1 * box.area for box in boxes)
