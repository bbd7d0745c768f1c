"""The sample's home in Marlow with its neighbours as they are, and no more of the roads, homes and children than it needs.

A pack of it costs a fifth of the sample's, so that what happens to a pack in the course of weeks can be tried whole.
"""

import csv
import functools
import shutil
import tempfile
from pathlib import Path

import osmium
from filelock import FileLock
from osmium.filter import EntityFilter

from siting.crs import MetricSystem, to_degrees
from siting.storage.kept import bundled_data, cache_folder
from siting.words import BNG

HOME_ID, AT_M = "H04", (485_586.5, 186_371.4)
REACH_M = 1_500.0
HOMES = ("H04", "H05")
CHILDREN = 2


def write_marlow_plan(folder: Path) -> Path:
    """Write the plan and all that it names into a folder."""
    shutil.copytree(bundled_data() / "chilterns", folder, ignore=shutil.ignore_patterns("chilterns.osm.pbf", "*-results"))
    (folder / "chilterns.osm.pbf").write_bytes(_roads_near())
    _keep_rows(folder / "candidates.csv", lambda row: row["home_id"] in HOMES)
    kept = iter(range(CHILDREN))
    _keep_rows(folder / "children.csv", lambda _: next(kept, None) is not None)
    plan = folder / "plan.toml"
    text = plan.read_text(encoding="utf-8")
    for old, new in (
        ('postcode = "HP11 2JZ"', f"easting = {AT_M[0] + 200}\nnorthing = {AT_M[1] + 200}"),
        ("school_minutes = 45", "school_minutes = 3"),
        ('exclusions = "exclusions.csv"\n', ""),
        ("homes = 6\nbeds = 20", "homes = 1\nbeds = 3"),
    ):
        assert old in text, old
        text = text.replace(old, new)
    plan.write_text(text, encoding="utf-8")
    return plan


def copy_issued(folder: Path) -> tuple[Path, Path]:
    """Copy the plan and its pack as it is first made; return the plan and the results' folder.

    The pack is made once for all processes that share a cache.
    """
    from siting.pipeline import run_engage

    # Beside the cache, of which tests forget what names a person.
    kept = cache_folder().with_name("marlow-issued")
    with FileLock(f"{kept}.lock"):
        if not kept.exists():
            plan = write_marlow_plan(kept.with_suffix(".new") / "plan")
            run_engage(plan, HOME_ID, kept.with_suffix(".new") / "out")
            kept.with_suffix(".new").rename(kept)
    shutil.copytree(kept, folder, dirs_exist_ok=True)
    return folder / "plan" / "plan.toml", folder / "out"


def write_small_cache(folder: Path) -> Path:
    """Make a cache that knows no people yet, with the roads and ground of the one in use, made and never searched again."""
    for name in ("networks", "hierarchies", "surfaces", "backgrounds"):
        (cache_folder() / name).mkdir(parents=True, exist_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).symlink_to(cache_folder() / name, target_is_directory=True)
    return folder


def _keep_rows(path: Path, wanted) -> None:  # noqa: ANN001 - a row in, whether it stays out
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        names, rows = list(reader.fieldnames or ()), [row for row in reader if wanted(row)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)


@functools.cache
def _roads_near() -> bytes:
    """Cut the sample's roads to those near the home: of each way the first stretch that is near."""
    x_m, y_m = AT_M
    (west, east), (south, north) = to_degrees([x_m - REACH_M, x_m + REACH_M], [y_m - REACH_M, y_m + REACH_M], MetricSystem(BNG))
    source = str(bundled_data() / "chilterns" / "chilterns.osm.pbf")
    near: set[int] = set()
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "near.osm.pbf"
        with osmium.SimpleWriter(str(target)) as writer:
            for node in osmium.FileProcessor(source).with_filter(EntityFilter(osmium.osm.NODE)):
                if west <= node.lon <= east and south <= node.lat <= north:
                    near.add(node.id)
                    writer.add(node)
            for way in osmium.FileProcessor(source).with_filter(EntityFilter(osmium.osm.WAY)):
                nodes = _first_stretch([node.ref for node in way.nodes], near)
                if len(nodes) > 1:
                    writer.add(way.replace(nodes=nodes))
        return target.read_bytes()


def _first_stretch(nodes: list[int], near: set[int]) -> list[int]:
    stretch: list[int] = []
    for node in nodes:
        if node in near:
            stretch.append(node)
        elif stretch:
            break
    return stretch
