"""The calibration finds what was planted."""

import csv
from pathlib import Path

import numpy as np
import pytest

from siting.faults import InputFaultsError, UsageError
from siting.inputs.reference_times import read_reference
from siting.osm.extract import read_osm
from siting.pipeline.calibration import calibrate, report
from siting.travel_model import TravelModel


def test_a_reference_without_its_column_is_said(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("origin_lon,origin_lat,destination_lon,destination_lat\n1,2,3,4\n", encoding="utf-8")
    with pytest.raises(InputFaultsError, match="column seconds"):
        read_reference(tmp_path / "r.csv", "seconds")


HEAD = "origin_lon,origin_lat,destination_lon,destination_lat,seconds\n"
SOUND = "".join(f"-0.7{n},52.6{n},-0.8,52.7,{600 + n}\n" for n in range(9))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ((HEAD + SOUND + "-0.7,52.6,-0.8,52.7,ten\n").encode(), "row 11, column seconds: this is not a number ('ten')"),
        ((HEAD + SOUND + "-0.7,,-0.8,152.7,700\n").encode(), "row 11, column origin_lat: the cell is empty"),
        ((HEAD + SOUND + "-0.7,,-0.8,152.7,700\n").encode(), "row 11, column destination_lat: there are not so many degrees"),
        ((HEAD + SOUND + "-0.7,52.6,-0.8,52.7,-5\n").encode(), "row 11, column seconds: a journey does not take so long"),
        ((HEAD + SOUND + "-0.7,52.6,-0.8,52.7,nan\n").encode(), "row 11, column seconds: this is not a number"),
        ((HEAD.replace("seconds", "secs") + SOUND).encode(), "row 1, column seconds: this column is missing"),
        ((HEAD.replace("origin_lat", "orign_lat") + SOUND).encode(), "Rename orign_lat if it is that"),
        ((HEAD.replace("origin_lat", "seconds") + SOUND).encode(), "column seconds: two columns have this name"),
        (HEAD.encode(), "it has 0 journeys"),
        (b"", "the file is empty"),
        (bytes(range(256)) * 8, "neither text nor a spreadsheet"),
        (b"PK\x03\x04 cut off", "damaged or cut off"),
    ],
)
def test_what_is_wrong_with_a_reference_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "r.csv").write_bytes(content)
    with pytest.raises(InputFaultsError) as told:
        read_reference(tmp_path / "r.csv", "seconds")
    assert words in str(told.value)


def test_a_reference_is_read_as_other_tables_are(tmp_path: Path) -> None:
    text = "Journeys of another planner\n" + (HEAD + SOUND).upper().replace(",", ";")
    (tmp_path / "r.csv").write_bytes(text.encode("utf-16"))
    reference = read_reference(tmp_path / "r.csv", "seconds")
    assert reference.seconds.tolist() == [600 + n for n in range(9)]
    assert reference.origin[8].tolist() == [-0.78, 52.68]
    with pytest.raises(UsageError, match="how long it takes"):
        read_reference(tmp_path / "r.csv", "origin_lat")


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
