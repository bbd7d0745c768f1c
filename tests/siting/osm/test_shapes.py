"""Each thing of a file has the shape that its mappers meant, and what is deleted, unwanted or broken has none."""

from collections import Counter
from pathlib import Path

import pytest
import shapely

from siting.crs import MetricSystem, to_degrees
from siting.osm.shapes import Form, copy_extract, read_shapes
from siting.words import BNG

GRID = MetricSystem(BNG)
AT = {1: (0, 0), 2: (100, 0), 3: (100, 50), 4: (0, 50), 5: (300, 0)}


def write(path: Path, things: str) -> Path:
    lines = ['<osm version="0.6">']
    for number, (x_m, y_m) in AT.items():
        lon, lat = to_degrees([480_000.0 + x_m], [190_000.0 + y_m], GRID)
        tag = '<tag k="place" v="village"/>' if number == 5 else ""
        lines.append(f'<node id="{number}" version="1" lon="{lon[0]:.7f}" lat="{lat[0]:.7f}">{tag}</node>')
    path.write_text("\n".join([*lines, things, "</osm>"]), encoding="utf-8")
    return path


def way(number: int, refs: str, key: str, value: str, attributes: str = "") -> str:
    nodes = "".join(f'<nd ref="{ref}"/>' for ref in refs)
    return f'<way id="{number}" version="1" {attributes}>{nodes}<tag k="{key}" v="{value}"/></way>'


@pytest.mark.parametrize(
    ("things", "forms"),
    [
        ("", {Form.POINT: 1}),
        (way(1, "12341", "building", "yes"), {Form.POINT: 1, Form.AREA: 1}),
        (way(1, "1234", "waterway", "river"), {Form.POINT: 1, Form.LINE: 1}),
        (way(1, "12341", "natural", "coastline"), {Form.POINT: 1, Form.LINE: 1, Form.AREA: 1}),
        (way(1, "1234", "shop", "yes"), {Form.POINT: 1}),
        (way(1, "12341", "building", "yes", 'action="delete"'), {Form.POINT: 1}),
        (way(1, "12341", "building", "yes", 'visible="false"'), {Form.POINT: 1}),
        (way(1, "13241", "building", "yes"), {Form.POINT: 1}),
        (way(1, "12", "waterway", "river") + way(2, "19", "waterway", "river"), {Form.POINT: 1, Form.LINE: 1}),
    ],
    ids=["a point", "an area", "a line", "a coast is both", "another key", "deleted", "invisible", "crossed", "a node missing"],
)
def test_forms(tmp_path: Path, things: str, forms: dict[Form, int]) -> None:
    path = write(tmp_path / "drawn.osm", things)
    found = read_shapes(path, GRID, ("place", "building", "waterway", "natural"))
    assert Counter(shape.form for shape in found) == forms


def test_a_multipolygon_has_its_hole_and_metres_its_size(tmp_path: Path) -> None:
    path = write(tmp_path / "drawn.osm", way(7, "12341", "building", "school"))
    (building,) = read_shapes(path, GRID, ("building",))
    assert shapely.area(building.geometry) == pytest.approx(100 * 50, rel=0.001)
    assert shapely.get_coordinates(building.geometry).min(axis=0) == pytest.approx([480_000, 190_000], abs=0.1)


def test_what_is_not_wanted_is_not_shaped(tmp_path: Path) -> None:
    path = write(tmp_path / "drawn.osm", way(7, "12341", "building", "school"))
    assert [s.form for s in read_shapes(path, GRID, ("building", "place"), lambda form, _: form is Form.POINT)] == [Form.POINT]


def test_a_copy_in_another_format_holds_the_same(tmp_path: Path) -> None:
    path = write(tmp_path / "drawn.osm", way(7, "12341", "building", "school"))
    copy_extract(path, tmp_path / "drawn.osm.pbf")
    before, after = (list(read_shapes(file, GRID, ("building",))) for file in (path, tmp_path / "drawn.osm.pbf"))
    assert [(s.number, s.tags) for s in before] == [(s.number, s.tags) for s in after]
