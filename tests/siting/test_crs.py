"""Latitude and longitude are put on the National Grid exactly."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

import siting.crs
from siting import ostn15
from siting.crs import MetricSystem, metric_system_at, to_degrees, to_metres
from siting.words import BNG


def test_ordnance_surveys_published_point_is_met_to_the_millimetre() -> None:
    (x_m,), (y_m,) = to_metres(1.716073973, 52.658007833, MetricSystem(BNG))
    assert x_m == pytest.approx(651409.804, abs=0.002)
    assert y_m == pytest.approx(313177.450, abs=0.002)


def test_there_and_back_is_the_same_place() -> None:
    (lon,), (lat,) = to_degrees(486000, 193000, MetricSystem(BNG))
    (x_m,), (y_m,) = to_metres(lon, lat, MetricSystem(BNG))
    assert (x_m, y_m) == pytest.approx((486000, 193000), abs=0.01)


def test_elsewhere_a_utm_zone_is_chosen() -> None:
    assert metric_system_at(24.94, 60.17).epsg == 32635


def test_no_other_module_converts_to_the_national_grid() -> None:
    folder = Path(siting.crs.__file__).parent
    assert not [p.name for p in folder.glob("*.py") if re.search(r"to_crs\((BNG|27700)", p.read_text(encoding="utf-8"))]


def test_another_implementation_of_the_grid_agrees_to_the_millimetre() -> None:
    cutil = pytest.importorskip("convertbng.cutil", reason="the witness has no wheel here")
    draw = np.random.default_rng(20)
    easting_m, northing_m = draw.uniform(90_000, 650_000, 20_000), draw.uniform(10_000, 1_200_000, 20_000)
    longitude, latitude = to_degrees(easting_m, northing_m, MetricSystem(BNG))
    x_m, y_m = to_metres(longitude, latitude, MetricSystem(BNG))
    their_x_m, their_y_m = cutil.convert_bng(longitude, latitude)
    theirs = np.hypot(np.asarray(their_x_m) - x_m, np.asarray(their_y_m) - y_m)
    known = np.isfinite(theirs)
    assert known.mean() > 0.9
    # The witness rounds to the millimetre.
    assert theirs[known].max() < 0.0015


@given(st.floats(1_000, 690_000), st.floats(1_000, 1_240_000))
def test_any_point_of_the_grid_returns_to_itself(easting_m: float, northing_m: float) -> None:
    back = to_metres(*to_degrees(easting_m, northing_m, MetricSystem(BNG)), MetricSystem(BNG))
    assert (float(back[0][0]), float(back[1][0])) == pytest.approx((easting_m, northing_m), abs=1e-3)


def test_beyond_the_grid_there_is_no_place() -> None:
    (x_m,), (y_m,) = to_metres(2.35, 48.86, MetricSystem(BNG))
    assert np.isnan(x_m)
    assert np.isnan(y_m)


def test_the_projection_is_that_of_proj() -> None:
    plane = Transformer.from_pipeline(
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
        "+step +proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=GRS80"
    )
    draw = np.random.default_rng(21)
    longitude, latitude = draw.uniform(-8, 2.2, 10_000), draw.uniform(49.7, 61, 10_000)
    x_m, y_m = ostn15._to_plane(np.radians(longitude), np.radians(latitude))
    theirs_x_m, theirs_y_m = plane.transform(longitude, latitude)
    assert np.abs(x_m - theirs_x_m).max() < 1e-5
    assert np.abs(y_m - theirs_y_m).max() < 1e-5
    back = [np.degrees(part) for part in ostn15._from_plane(x_m, y_m)]
    assert np.abs(np.array(back) - np.array([longitude, latitude])).max() < 1e-10


def test_it_may_be_asked_from_threads_that_are_not_pythons() -> None:
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as database:
        database.execute("SET threads = 4")
        database.create_function(
            "east_m", lambda lon, lat: float(to_metres(lon, lat, MetricSystem(BNG))[0][0]), ["DOUBLE", "DOUBLE"], "DOUBLE"
        )
        question = "SELECT count(east_m(-1.0 - r / 1e7, 52.0)) FROM range(20000) AS t(r)"
        assert database.execute(question).fetchone() == (20_000,)
