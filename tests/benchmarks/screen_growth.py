"""What each step of a screen costs in processor seconds and bytes, by the size of the extract and the number of schools.

python tests/benchmarks/screen_growth.py EXTRACT.osm.pbf... [--schools 20 40 80] [--regions 4] [--minutes 45]

Everything is done anew in a cache of its own, by one process. Compiled code is loaded by a first small round that does not count.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np


@dataclass
class _Row:
    figures: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        begun = time.process_time()
        yield
        self.figures[name] = self.figures.get(name, 0.0) + time.process_time() - begun


def _measure(extract: Path, chosen: argparse.Namespace, counts: list[int], folder: Path) -> _Row:
    from siting.isochrones.zone import longest_side_ms
    from siting.roads.cache import open_network
    from siting.roads.joining import join_points
    from siting.screening.asked import Asked
    from siting.screening.preparing import Cutting, Listed, prepare_region, write_places
    from siting.screening.regions import part_ground, region_of
    from siting.screening.tasks import Task, screen_school
    from siting.words import Direction, Scenario, whole_ms

    row = _Row()
    with row.timed("build_s"):
        network = open_network(extract)
    row.figures["network_mb"] = sum(path.stat().st_size for path in (folder / "networks").glob("*.network")) / 1e6
    segments = network.segments
    row.figures |= {"segments": len(segments), "states": len(network.state_arc), "links": len(network.onward.other)}
    usable = np.flatnonzero(segments.joinable & segments.open_road)
    at = segments.geometry_start[usable]
    with row.timed("join_s"):
        places = join_points(network, segments.x_m[at], segments.y_m[at])
    row.figures["places"] = len(places)
    listed = Listed(ids=np.array([f"p{number}" for number in range(len(places))], dtype=object), joins=places)
    schools = np.random.default_rng(7).choice(len(places), max(counts), replace=False)
    known = Listed(ids=np.array([f"s{number}" for number in range(len(schools))], dtype=object), joins=places[schools])
    asked = Asked(
        limit_ms=whole_ms(chosen.minutes),
        scenarios=(Scenario.SCHOOL_RUN,),
        directions=tuple(Direction),
        error_share=network.model["model_error"],
        beyond_ms=longest_side_ms(network) if chosen.areas else 0,
    )
    regions = part_ground(network, chosen.regions)
    with row.timed("cut_s"):
        kept = [
            prepare_region(
                Cutting(
                    source=extract,
                    model=network.model,
                    drives_on=None,
                    region=region,
                    limit_ms=asked.searched_ms,
                    with_ground=chosen.areas,
                )
            )
            for region in regions
        ]
    row.figures["regions_mb"] = sum(path.stat().st_size for path in (folder / "regions").glob("*.region")) / 1e6
    row.figures["ground_mb"] = sum(path.stat().st_size for path in (folder / "regions").glob("*.ground")) / 1e6
    number = region_of(regions, segments.x_m[at], segments.y_m[at])
    with row.timed("share_s"):
        files = [
            write_places(folder / "work", one, listed.some(np.flatnonzero(number == index)), known)
            for index, one in enumerate(kept)
        ]
    for count in counts:
        tasks = [
            Task(region=of, school=at, asked=asked, target=folder / f"times-{count}" / of.name / f"{school}.parquet", key=school)
            for of, on_network in files
            for at, school in enumerate(on_network)
            if int(school[1:]) < count
        ]
        with row.timed(f"{count}_schools_s"):
            for task in tasks:
                screen_school(task)
        row.figures[f"{count}_schools_tasks"] = len(tasks)
        row.figures[f"{count}_schools_mb"] = (
            sum(path.stat().st_size for path in (folder / f"times-{count}").rglob("*.parquet")) / 1e6
        )
    return row


def main() -> None:
    """Print a line of figures an extract."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("extracts", type=Path, nargs="+")
    parser.add_argument("--schools", type=int, nargs="+", default=[20, 40, 80])
    parser.add_argument("--regions", type=int, default=4)
    parser.add_argument("--minutes", type=float, default=45)
    parser.add_argument("--areas", action="store_true")
    chosen = parser.parse_args()
    for warming, extract in [(True, chosen.extracts[0]), *((False, extract) for extract in chosen.extracts)]:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["SITING_CACHE_DIR"] = folder
            row = _measure(extract, chosen, [5] if warming else chosen.schools, Path(folder))
            if not warming:
                print(extract.name, {name: round(value, 3) for name, value in row.figures.items()}, flush=True)


if __name__ == "__main__":
    main()
