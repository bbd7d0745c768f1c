"""What Valhalla takes, in an environment that has `pyvalhalla` (Python 3.12): tiles, and three areas of one place.

python valhalla_times.py EXTRACT.osm.pbf POINTS.csv
"""

import csv
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import valhalla
from valhalla.config import get_config


def main(extract: Path, points: Path) -> None:
    """Build, open, answer; print what each took."""
    took: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "tiles").mkdir()
        (Path(folder) / "tiles.tar").touch()
        config = get_config(tile_extract=str(Path(folder) / "tiles.tar"), tile_dir=str(Path(folder) / "tiles"), verbose=False)
        config["mjolnir"].pop("tile_extract", None)
        config["mjolnir"]["concurrency"] = 2
        path = Path(folder) / "valhalla.json"
        path.write_text(json.dumps(config), encoding="utf-8")
        begun = time.perf_counter()
        tool = Path(valhalla.__file__).parent / "bin" / "valhalla_build_tiles"
        command = [str(tool), "-c", str(path), str(extract)]
        subprocess.run(command, check=True, capture_output=True)
        took["prepare_s"] = round(time.perf_counter() - begun, 3)
        actor = valhalla.Actor(config)
        row = next(csv.DictReader(points.open(encoding="utf-8")))
        question = {
            "locations": [{"lat": float(row["lat"]), "lon": float(row["lon"])}],
            "costing": "auto",
            "contours": [{"time": minutes} for minutes in (15, 30, 45)],
            "polygons": True,
            "reverse": True,
        }
        for name in ("areas_first_s", "areas_s"):
            begun = time.perf_counter()
            actor.isochrone(question)
            took[name] = round(time.perf_counter() - begun, 4)
    print(json.dumps(took))


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:3]))
