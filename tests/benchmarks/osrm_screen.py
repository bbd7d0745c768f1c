"""The screen of `screen.py` by a loop over OSRM's tables, in an environment that has `osrm-bindings` (Python 3.12).

    python osrm_screen.py EXTRACT.osm.pbf POINTS.csv [MINUTES]

POINTS has `kind,lon,lat`, kind `school` or `place` (`screen.py --points POINTS.csv` writes them). All schools are asked of a few
thousand places at a time, each way, and what is within the minutes one way at least is counted; nothing is written. Printed as
JSON: seconds to prepare and to open, those of the tables alone, all with the reading of their figures in Python, and the pairs.
OSRM's minutes are its own.
"""

import csv
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import osrm

PACKAGE = Path(osrm.__file__).parent
AT_ONCE = 5_000


def main(extract: Path, points: Path, minutes: float) -> None:
    """Prepare, open, answer; print what each took."""
    with points.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    schools, places = ([(float(r["lon"]), float(r["lat"])) for r in rows if r["kind"] == kind] for kind in ("school", "place"))
    told: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "area.osm.pbf"
        shutil.copyfile(extract, source)
        begun = time.perf_counter()
        for tool, arguments in (
            ("extract", ["-p", str(next(PACKAGE.rglob("car.lua"))), str(source)]),
            ("contract", [str(source.with_name("area.osrm"))]),
        ):
            subprocess.run([sys.executable, "-m", "osrm", tool, *arguments], check=True, capture_output=True)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        told |= {"prepare_s": time.perf_counter() - begun, "prepare_cpu_s": used.ru_utime + used.ru_stime}
        begun = time.perf_counter()
        engine = osrm.OSRM(storage_config=str(source.with_name("area.osrm")), algorithm="CH", use_shared_memory=False)
        told["open_s"] = time.perf_counter() - begun
        begun, begun_cpu = time.perf_counter(), time.process_time()
        told |= {"pairs": 0, "tables_cpu_s": 0.0}
        for first in range(0, len(places), AT_ONCE):
            pairs, tables_s = _within(engine, schools, places[first : first + AT_ONCE], minutes)
            told["pairs"] += pairs
            told["tables_cpu_s"] += tables_s
        told |= {"answer_s": time.perf_counter() - begun, "answer_cpu_s": time.process_time() - begun_cpu}
    print(json.dumps(told))


def _within(
    engine: "osrm.OSRM", schools: list[tuple[float, float]], places: list[tuple[float, float]], minutes: float
) -> tuple[int, float]:
    """Count the pairs of schools and places that are within the minutes one way at least; processor seconds of the tables."""
    at_schools, at_places = list(range(len(schools))), list(range(len(schools), len(schools) + len(places)))
    ways, tables_s = [], 0.0
    for sources, destinations in ((at_schools, at_places), (at_places, at_schools)):
        asked = osrm.TableParameters(coordinates=[*schools, *places], sources=sources, destinations=destinations)
        begun = time.process_time()
        answer = engine.Table(asked)
        tables_s += time.process_time() - begun
        ways.append(np.array([[_seconds(one) for one in line] for line in answer["durations"]]))
    return int((np.minimum(ways[0], ways[1].T) <= minutes * 60).sum()), tables_s


def _seconds(given: object) -> float:
    return np.inf if given is None else float(str(given))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]) if len(sys.argv) > 3 else 45.0)
