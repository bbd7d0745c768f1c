"""Latitude and longitude are put on the National Grid exactly."""

import re
from pathlib import Path

import pytest

import siting.crs
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
