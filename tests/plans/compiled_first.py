"""Compiles, before tests that run side by side begin, what nearly all of them ask: each would else compile it for itself.

    python tests/plans/compiled_first.py roads
    python tests/plans/compiled_first.py hierarchy

Two processes share the work. Each begins with what only it needs, and finds what both need compiled by the other.
A third reads all tests, whose sources pytest would else rewrite in each process.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARES = ("roads", "hierarchy")


def compile_first(environment: dict[str, str]) -> None:
    """Compile in some processes and wait for all; what fails here fails again, and is told, in the tests."""
    quiet = subprocess.DEVNULL
    jobs = [*([__file__, share] for share in SHARES), ["-m", "pytest", "--collect-only", "--quiet"]]
    started = [subprocess.Popen([sys.executable, *job], cwd=ROOT, env=environment, stdout=quiet, stderr=quiet) for job in jobs]
    for process in started:
        process.wait()


def main(share: str) -> None:
    """Compile one share."""
    from siting.storage.kept import bundled_data

    source = bundled_data() / "chilterns" / "chilterns.osm.pbf"
    if share == "hierarchy":
        _compile_contraction()
    _ask(source, hierarchy_first=share == "hierarchy")
    if share == "roads":
        from siting.pipeline.compile_ahead import compile_all

        compile_all()


def _compile_contraction() -> None:
    import numpy as np

    from siting.times.contraction import contract

    contract(np.array([0, 1], np.int32), np.array([1, 0], np.int32), np.array([1, 1]), 2, np.zeros(1, np.int64))


def _ask(source: Path, *, hierarchy_first: bool) -> None:
    import geopandas as gpd

    from siting.api import isochrones, open_network
    from siting.roads.joining import join_points
    from siting.times.closures import close_main_roads
    from siting.times.hierarchy import open_hierarchy
    from siting.times.matrix import Question, journeys_over
    from siting.times.routing import reach, times_at, way_between
    from siting.words import Direction, Scenario

    network = open_network(source)
    segments = network.segments
    places = join_points(network, segments.x_m[[0, -1]] + 30.0, segments.y_m[[0, -1]])

    def over_a_hierarchy() -> None:
        hierarchy = open_hierarchy(network, Scenario.SCHOOL_RUN)
        asked = Question(network=network, origins=places, destinations=places, scenario=Scenario.SCHOOL_RUN)
        journeys_over(hierarchy, asked)

    def along_the_roads() -> None:
        found = {way: reach(network, places[:1], Scenario.SCHOOL_RUN, way, with_metres=True) for way in Direction}
        ways = {
            way: between
            for way, one in found.items()
            if times_at(one, places) is not None and (between := way_between(one, places, 1))
        }
        close_main_roads(found, places[1:], ways)

    def areas() -> None:
        isochrones(network, gpd.GeoDataFrame(geometry=gpd.points_from_xy([-0.77], [51.57]), crs=4326), [10])

    steps = [along_the_roads, areas, over_a_hierarchy]
    for step in reversed(steps) if hierarchy_first else steps:
        step()


if __name__ == "__main__":
    main(sys.argv[1])
