"""Times and a reference table by OSRM, in an environment that has `osrm-bindings` (Python 3.12).

    python osrm_times.py EXTRACT.osm.pbf POINTS.csv OUT.csv

POINTS has `id,lon,lat`; OUT gets `origin,destination,seconds` of every pair. What each step took is
printed as JSON: seconds to prepare, to open, to answer the table of the first two thirds by the rest.
"""

import csv
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import osrm

PACKAGE = Path(osrm.__file__).parent


def main(extract: Path, points: Path, out: Path) -> None:
    """Prepare, open, answer; print what each took."""
    took: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "area.osm.pbf"
        shutil.copyfile(extract, source)
        profile = next(PACKAGE.rglob("car.lua"))
        begun = time.perf_counter()
        for tool, arguments in (
            ("extract", ["-p", str(profile), str(source)]),
            ("contract", [str(source.with_name("area.osrm"))]),
        ):
            subprocess.run([sys.executable, "-m", "osrm", tool, *arguments], check=True, capture_output=True)
        took["prepare_s"] = time.perf_counter() - begun
        begun = time.perf_counter()
        engine = osrm.OSRM(storage_config=str(source.with_name("area.osrm")), algorithm="CH", use_shared_memory=False)
        took["open_s"] = time.perf_counter() - begun
        with points.open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        places = [(float(r["lon"]), float(r["lat"])) for r in rows]
        split = 2 * len(places) // 3
        part = osrm.TableParameters(coordinates=places, sources=list(range(split)), destinations=list(range(split, len(places))))
        for name in ("matrix_first_s", "matrix_s"):
            begun = time.perf_counter()
            engine.Table(part)
            took[name] = time.perf_counter() - begun
        answer = engine.Table(osrm.TableParameters(coordinates=places))
        durations = answer["durations"]
        with out.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["origin", "destination", "seconds"])
            for one, line in zip(rows, durations, strict=True):
                for other, seconds in zip(rows, line, strict=True):
                    writer.writerow([one["id"], other["id"], "" if seconds is None else f"{float(str(seconds)):.1f}"])
    print(json.dumps(took))


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:4]))
