"""Plots as the Land Registry gives them: holes, several parts, broken rings, two councils' files, and one datum for all."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from marlow_plan import write_marlow_plan

from engagement.around.osm_features import read_features
from engagement.around.plots import read_plots
from engagement.prepare import Sources, consider_home, find_home, open_sources
from siting.crs import MetricSystem, to_degrees
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import read_inputs
from siting.roads.cache import open_network
from siting.words import BNG

GRID = MetricSystem(BNG)
HEAD = (
    '<?xml version="1.0"?><wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" '
    'xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:LR="www.landregistry.gov.uk">'
)


def ring(*points: tuple[float, float]) -> str:
    places = " ".join(f"{480_000 + x} {190_000 + y}" for x, y in (*points, points[0]))
    return f"<gml:LinearRing><gml:posList>{places}</gml:posList></gml:LinearRing>"


def patch(outer: str, *inner: str) -> str:
    holes = "".join(f"<gml:interior>{hole}</gml:interior>" for hole in inner)
    return f"<gml:surfaceMember><gml:Polygon><gml:exterior>{outer}</gml:exterior>{holes}</gml:Polygon></gml:surfaceMember>"


def write_gml(path: Path, *members: str) -> Path:
    rows = [
        f'<wfs:member><LR:PREDEFINED gml:id="P{i}"><LR:GEOMETRY><gml:MultiSurface srsName="urn:ogc:def:crs:EPSG::27700">'
        f"{surfaces}</gml:MultiSurface></LR:GEOMETRY><LR:INSPIREID>{i}</LR:INSPIREID></LR:PREDEFINED></wfs:member>"
        for i, surfaces in enumerate(members)
    ]
    path.write_text(HEAD + "".join(rows) + "</wfs:FeatureCollection>", encoding="utf-8")
    return path


def square(x: float, y: float, side: float) -> tuple[tuple[float, float], ...]:
    return ((x, y), (x + side, y), (x + side, y + side), (x, y + side))


def test_holes_and_every_part_are_kept(tmp_path: Path) -> None:
    around = patch(ring(*square(0, 0, 100)), ring(*square(40, 40, 20)))
    two = patch(ring(*square(200, 0, 10))) + patch(ring(*square(230, 0, 10)))
    plots = read_plots(write_gml(tmp_path / "plots.gml", around, two), GRID)
    assert [round(shapely.area(shape)) for shape in plots.shapes] == [100 * 100 - 20 * 20, 200]
    assert plots.warnings == ()
    inside = shapely.Point(480_050, 190_050)
    assert not shapely.intersects(plots.shapes[0], inside), "the plot in the hole is another's"


def test_a_ring_that_crosses_itself_is_mended_and_told(tmp_path: Path) -> None:
    bow = patch(ring((0, 0), (20, 20), (20, 0), (0, 20)))
    plots = read_plots(write_gml(tmp_path / "plots.gml", bow), GRID)
    assert shapely.is_valid(plots.shapes[0])
    assert shapely.area(plots.shapes[0]) == pytest.approx(200)
    assert "1 of 1 plots" in plots.warnings[0].problem


def test_easting_comes_before_northing(tmp_path: Path) -> None:
    plots = read_plots(write_gml(tmp_path / "plots.gml", patch(ring(*square(0, 0, 10)))), GRID)
    assert shapely.bounds(plots.shapes[0]).tolist() == [480_000, 190_000, 480_010, 190_010]


def test_plots_in_degrees_lie_on_the_national_grid_to_a_decimetre(tmp_path: Path) -> None:
    """Without the exact change of datum they would lie two to three metres off."""
    corners = np.array(square(0, 0, 30)) + np.array([480_000, 190_000])
    lon, lat = to_degrees(corners[:, 0], corners[:, 1], GRID)
    outline = [*zip(lon.tolist(), lat.tolist(), strict=True)]
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [[*outline, outline[0]]]}}
    path = tmp_path / "plots.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    shape = read_plots(path, GRID).shapes[0]
    assert shapely.hausdorff_distance(shape, shapely.Polygon(corners)) < 0.1
    point = feature | {"geometry": {"type": "Point", "coordinates": outline[0]}}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature, point]}), encoding="utf-8")
    (told,) = read_plots(path, GRID).warnings
    assert "1 of 2 shapes are points or lines, and are not read" in told.problem


def test_buildings_and_plots_have_one_datum(tmp_path: Path) -> None:
    corners = np.array(square(5, 5, 8)) + np.array([480_000, 190_000])
    lon, lat = to_degrees(corners[:, 0], corners[:, 1], GRID)
    nodes = "".join(f'<node id="{i + 1}" lat="{b:.8f}" lon="{a:.8f}"/>' for i, (a, b) in enumerate(zip(lon, lat, strict=True)))
    way = "".join(f'<nd ref="{i}"/>' for i in (1, 2, 3, 4, 1))
    path = tmp_path / "drawn.osm"
    path.write_text(
        f'<osm version="0.6">{nodes}<way id="9">{way}<tag k="building" v="house"/></way>'
        f'<way id="10">{way}<tag k="tourism" v="caravan_site"/></way></osm>',
        encoding="utf-8",
    )
    read = read_features(path, GRID)
    (building,), (site,) = read.buildings, read.sites
    assert shapely.equals(building, site)
    assert shapely.hausdorff_distance(building, shapely.Polygon(corners)) < 0.1


def test_a_neighbouring_councils_file_counts(tmp_path: Path) -> None:
    """Each council's file ends at its border: neighbours beyond it are in the other's."""
    path = write_marlow_plan(tmp_path / "plan")
    everything = considered(Plan.read(path))
    frame = gpd.read_file(tmp_path / "plan" / "plots.gpkg")
    home_x = everything[0]
    west = frame[frame.geometry.centroid.x <= home_x]
    west.to_file(tmp_path / "plan" / "plots.gpkg", driver="GPKG")
    frame[frame.geometry.centroid.x > home_x].to_file(tmp_path / "plan" / "other.gpkg", driver="GPKG")
    one = considered(Plan.read(path))
    text = path.read_text(encoding="utf-8").replace('plots = "plots.gpkg"', 'plots = ["plots.gpkg", "other.gpkg"]')
    path.write_text(text, encoding="utf-8")
    both = considered(Plan.read(path))
    assert both[1] == everything[1]
    assert one[1] != everything[1]


def considered(plan: Plan) -> tuple[float, dict[str, tuple[bool, str]]]:
    """The home's easting, and of every address whether it is invited and on what basis."""
    inputs = read_inputs(plan)
    source = plan.resolve(str(plan.area.network))
    network = open_network(source)
    sources: Sources = open_sources(inputs, network, read_features(source, network.system))
    home = find_home(inputs, "H04")
    found = consider_home(sources, home).considered
    return home.place.within(network.system).x_m, {one.address.key: (one.invited, one.basis.value) for one in found}
