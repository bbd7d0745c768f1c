"""What the packs of several homes cost in one run, in processor seconds: the sample's homes, so many of them bought.

python tests/benchmarks/many_packs.py [--homes 1 4 12] [--schools EDUBASE.csv] [--profile]

Each count is a process of its own; roads, evaluation and compiled code are at hand before the packs are begun. `--schools` is a
national register of schools in place of the sample's.
"""

import argparse
import cProfile
import csv
import pstats
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path


def _plan(folder: Path, schools: Path | None, homes: int) -> Path:
    """Write the sample with as many homes as are asked for: its own, over and over, each under a name of its own."""
    from siting.storage.kept import bundled_data

    shutil.copytree(bundled_data() / "chilterns", folder, ignore=shutil.ignore_patterns("*-results"))
    if schools:
        shutil.copy(schools, folder / "schools.csv")
    table = folder / "candidates.csv"
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    wanted = [rows[number % len(rows)] | {"home_id": f"B{number:03}", "status": "bought"} for number in range(homes)]
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(wanted)
    return folder / "plan.toml"


def _one(homes: int, schools: Path | None, profiled: bool) -> None:
    from maps.layers import MapDrawer
    from siting.inputs.plan import Plan
    from siting.inputs.plan_inputs import read_inputs
    from siting.pipeline.engaging import write_packs
    from siting.pipeline.evaluating import evaluate_and_trace
    from siting.pipeline.subjects import map_subject
    from siting.progress import silent
    from siting.storage.results_folder import results

    with tempfile.TemporaryDirectory() as place:
        inputs = read_inputs(Plan.read(_plan(Path(place) / "plan", schools, homes)))
        evaluation, source = evaluate_and_trace(inputs, silent)
        subject, out = map_subject(inputs, evaluation, source, None), Path(place) / "out"
        ids = [home.row.home_id for home in inputs.homes]
        profile, begun, begun_s = cProfile.Profile(), time.process_time(), time.perf_counter()
        if profiled:
            profile.enable()
        with results(out, "siting run", datetime.now(UTC)) as given:
            write_packs(given, out, MapDrawer(subject), source, ids, silent, without_addresses=True)
        profile.disable()
        processor_s, clock_s = time.process_time() - begun, time.perf_counter() - begun_s
        made = len(list(out.glob("homes/*/neighbours.csv")))
        print(f"{homes} homes, {made} packs: {processor_s:.1f} processor s, {clock_s:.1f} s by the clock")
        if profiled:
            pstats.Stats(profile).sort_stats("cumulative").print_stats(60)


def main() -> None:
    """Print a line a count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--homes", type=int, nargs="+", default=[1, 4, 12])
    parser.add_argument("--schools", type=Path)
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--one", action="store_true", help="make the one count in this process")
    chosen = parser.parse_args()
    if chosen.one:
        _one(chosen.homes[0], chosen.schools, chosen.profile)
        return
    options = [*(["--schools", str(chosen.schools)] if chosen.schools else []), *(["--profile"] if chosen.profile else [])]
    for homes in chosen.homes:
        subprocess.run([sys.executable, __file__, "--homes", str(homes), *options, "--one"], check=True)


if __name__ == "__main__":
    main()
