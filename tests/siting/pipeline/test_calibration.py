"""The calibration finds what was planted."""

import csv
from pathlib import Path

import numpy as np
import pytest

from siting.faults import InputFaultsError
from siting.osm.extract import read_osm
from siting.pipeline.calibration import calibrate, read_reference, report
from siting.travel_model import TravelModel


def test_a_reference_without_its_column_is_said(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("origin_lon,origin_lat,destination_lon,destination_lat\n1,2,3,4\n", encoding="utf-8")
    with pytest.raises(InputFaultsError, match="column seconds"):
        read_reference(tmp_path / "r.csv", "seconds")


def test_figures_are_found_on_real_roads(shared_data: Path, tmp_path: Path) -> None:
    with (shared_data / "rutland-reference-times.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    chosen = [row for row in rows if row["origin_lon"] in {r["origin_lon"] for r in rows[::160]}]
    with (tmp_path / "few.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(chosen)
    reference = read_reference(tmp_path / "few.csv", "osrm_s")
    found = calibrate(read_osm(shared_data / "rutland-2022-07-20.osm.pbf"), reference, TravelModel(), "right")
    assert set(found.best) == {"limit_share.single", "turn_delay"}
    assert 0.90 < np.nanmedian(found.ours_s / found.reference_s) < 1.10
    assert "Held-out pairs" in report(found, TravelModel(), ("few.csv",))
