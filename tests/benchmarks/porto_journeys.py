"""The model's minutes over those of tracked journeys in a dense city, by hour.

    python tests/benchmarks/porto_journeys.py FOLDER

FOLDER holds `porto-2020-07.osm.pbf` and `porto-taxi-trips.csv`. Journeys count that stood at most two minutes and
drove 0.9 to 1.1 of our metres. The band is that of the median, nine in ten of 2,000 draws with replacement.
"""

import csv
import sys
from pathlib import Path

import numpy as np

from siting.crs import to_metres
from siting.roads.cache import open_network
from siting.roads.joining import Joins, join_points
from siting.times.routing import metres_at, reach, times_at
from siting.words import NO_WAY_MS, Direction, Scenario

LONGEST_STANDSTILL_S = 120
SATURDAY = 5


def main(folder: Path) -> None:
    """Time every journey in every scenario; print medians."""
    with (folder / "porto-taxi-trips.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    network = open_network(folder / "porto-2020-07.osm.pbf")

    def ends(which: str) -> Joins:
        degrees = [[float(row[f"{which}_{axis}"]) for row in rows] for axis in ("longitude", "latitude")]
        return join_points(network, *to_metres(*degrees, network.system))

    starts, goals = ends("origin"), ends("destination")
    values = {name: np.array([float(row[name]) for row in rows]) for name in ("seconds", "driven_m", "longest_standstill_s")}
    hour, weekday = (np.array([int(row[name]) for row in rows]) for name in ("hour", "weekday"))
    working = weekday < SATURDAY
    asked = {
        "night, 22 to 6": (Scenario.FREE_FLOW, (hour < 6) | (hour >= 22)),
        "working days, 9 to 17 and 19 to 20": (Scenario.TYPICAL, working & (hour >= 9) & (hour < 20) & ~np.isin(hour, (17, 18))),
        "working days, from 8:00 to 9:59": (Scenario.SCHOOL_RUN, working & np.isin(hour, (8, 9))),
        "working days, from 8:00 to 8:59": (Scenario.SCHOOL_RUN, working & (hour == 8)),
    }
    draw = np.random.default_rng(0)
    for name, (scenario, chosen) in asked.items():
        ours_ms, ours_m = np.full(len(rows), NO_WAY_MS, dtype=np.int64), np.full(len(rows), np.nan)
        for row in np.flatnonzero(chosen):
            at = np.array([row])
            found = reach(network, starts[at], scenario, Direction.FROM_SCHOOL, with_metres=True)
            ours_ms[row], ours_m[row] = times_at(found, goals[at])[0], metres_at(found, goals[at])[0]
        share = values["driven_m"] / ours_m
        alike = chosen & (values["longest_standstill_s"] <= LONGEST_STANDSTILL_S) & (share >= 0.9) & (share <= 1.1)
        ratio = (ours_ms / 1000 / values["seconds"])[alike & (ours_ms < NO_WAY_MS)]
        low, high = np.quantile([np.median(draw.choice(ratio, len(ratio))) for _ in range(2_000)], [0.05, 0.95])
        print(f"{scenario.value:11} {name:35} {len(ratio):4} journeys, median {np.median(ratio):.2f} ({low:.2f} to {high:.2f})")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
