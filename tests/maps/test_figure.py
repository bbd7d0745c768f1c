"""The same map as a picture."""

import itertools
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg

from maps.figure import _canvas, _draw_homes, _draw_names, _write_numbers, evaluation_figure, plan_figure
from maps.privacy.sights import internal_sight
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


def labels_apart(paper: Any) -> list[str]:
    """Draw a picture; which of its labels touch each other."""
    canvas = FigureCanvasAgg(paper.figure)
    canvas.draw()
    boxes = [(text.get_text(), shapely.box(*text.get_window_extent(canvas.get_renderer()).extents)) for text in paper.axes.texts]
    # The frame of a text is a little larger than its letters.
    pairs = itertools.combinations([(words, shapely.buffer(box, -1)) for words, box in boxes], 2)
    return [f"{one} and {other}" for (one, a), (other, b) in pairs if shapely.intersects(a, b)]


@pytest.mark.parametrize(("apart_m", "width_cm"), [(4_000.0, 18.0), (300.0, 18.0), (0.0, 18.0), (2_000.0, 9.0)])
def test_no_name_of_a_home_touches_another_or_lies_on_a_sign(subject: MapSubject, apart_m: float, width_cm: float) -> None:
    sight = internal_sight(subject)
    paper = _canvas(tuple(subject.evaluation.isochrones.total_bounds), width_cm, None)
    middle = shapely.centroid(paper.region)
    crowded = [
        replace(home, x_m=middle.x + apart_m * (at % 4), y_m=middle.y + apart_m * (at // 4))
        for at, home in enumerate(sight.homes)
    ]
    taken: list[shapely.Polygon] = []
    _draw_homes(paper, sight, crowded, None, taken)
    assert len(paper.axes.texts) == len(crowded)
    assert labels_apart(paper) == []
    signs, names = taken[: len(crowded)], taken[len(crowded) :]
    assert not any(shapely.intersects(sign, name) for sign in signs for name in names)


def test_no_number_of_a_neighbour_touches_another(subject: MapSubject) -> None:
    middle = shapely.centroid(shapely.box(*subject.evaluation.isochrones.total_bounds))
    plot = shapely.box(middle.x - 10, middle.y - 10, middle.x + 10, middle.y + 10)
    told = {"address": "", "distance_m": 1.0, "basis": "plot"}
    at = [(middle.x + 1.5 * (number % 5), middle.y + 2 * (number // 5)) for number in range(25)]
    neighbours = tuple({"number": number, "x_m": x_m, "y_m": y_m, **told} for number, (x_m, y_m) in enumerate(at, start=1))
    area = EngagementArea(home_id="H01", boundary=plot, area=shapely.buffer(plot, 20), neighbours=neighbours)
    paper = _canvas(tuple(map(float, shapely.bounds(shapely.buffer(area.area, 25)))), 17.0, None)
    _write_numbers(paper, area)
    assert len(paper.axes.texts) == 25
    assert labels_apart(paper) == []
