"""A plan that is small in everything, so that a whole run costs little: a few streets, homes, children and addresses."""

from pathlib import Path

import numpy as np
import osmium

from siting.crs import MetricSystem, to_degrees
from siting.words import BNG

CORNER_M = (486_000.0, 192_500.0)
STREETS, APART_M = 7, 350.0
MARKS = ("KIDREF", "SL6 1RR", "Ruth Marker", "Marker Street")
"""Words of the children, their families and the neighbours, by which a left-over file is known to hold personal data."""

_PLAN = """\
title = "{title}"
[area]
network = "roads.osm.pbf"
[[schools]]
name = "The school"
easting = {x}
northing = {y}
[inputs]
candidates = "candidates.csv"
children = "children.csv"
exclusions = "exclusions.csv"
addresses = "addresses.csv"
contacts = "contacts.csv"
[engagement]
opening_day = 2027-03-01
hosts = ["Host 1"]
provider = "Invented Care Ltd"
signatory = "Sam Example"
[portfolio]
homes = 2
"""


def write_tiny_plan(folder: Path, title: str) -> Path:
    """Write the plan and all that it names into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_roads(folder / "roads.osm.pbf")
    x_m, y_m = CORNER_M
    (folder / "plan.toml").write_text(_PLAN.format(title=title, x=x_m + 700, y=y_m + 700), encoding="utf-8")
    (folder / "candidates.csv").write_text(
        "home_id,easting,northing,bedrooms,beds,price_gbp,status\n"
        f"H1,{x_m + 360},{y_m + 365},4,3,425000,bought\n"
        f"H2,{x_m + 1060},{y_m + 380},4,3,500000,candidate\n"
        f"H3,{x_m + 380},{y_m + 1410},4,2,450000,candidate\n",
        encoding="utf-8",
    )
    (folder / "children.csv").write_text(
        f"child_ref,easting,northing,postcode,solo\nKIDREF1,{x_m + 20},{y_m + 1000},,no\nKIDREF2,,,SL6 1RR,no\nKIDREF3,,,,no\n",
        encoding="utf-8",
    )
    (folder / "exclusions.csv").write_text("child_ref,postcode,radius_miles\nKIDREF1,SL6 1RR,0.2\n", encoding="utf-8")
    addresses = "".join(
        f"{10_000_000 + number},{number + 2} Marker Street,HP11 2JZ,{x_m + 350 + 12 * number},{y_m + 372}\n"
        for number in range(8)
    )
    (folder / "addresses.csv").write_text(f"uprn,address,postcode,easting,northing\n{addresses}", encoding="utf-8")
    (folder / "contacts.csv").write_text(
        "role,name,telephone,email\nDirector of children's services,Ruth Marker,01632 960 001,r@example.org\n", encoding="utf-8"
    )
    return folder / "plan.toml"


def _write_roads(path: Path) -> None:
    """Draw streets on a grid."""
    drawn = path.with_suffix(".osm")
    along = np.arange(STREETS) * APART_M
    x_m, y_m = (axis.ravel() for axis in np.meshgrid(CORNER_M[0] + along, CORNER_M[1] + along))
    longitude, latitude = to_degrees(x_m, y_m, MetricSystem(BNG))
    nodes = "".join(
        f'<node id="{number + 1}" version="1" lat="{y:.8f}" lon="{x:.8f}"/>'
        for number, (x, y) in enumerate(zip(longitude, latitude, strict=True))
    )
    numbers = np.arange(STREETS**2).reshape(STREETS, STREETS) + 1
    ways = "".join(
        f'<way id="{way + 1}" version="1">{"".join(f"""<nd ref="{node}"/>""" for node in row)}'
        f'<tag k="highway" v="residential"/><tag k="name" v="Road {way}"/></way>'
        for way, row in enumerate((*numbers, *numbers.T))
    )
    drawn.write_text(f'<osm version="0.6">{nodes}{ways}</osm>', encoding="utf-8")
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for item in osmium.FileProcessor(str(drawn)):
            writer.add(item)
    drawn.unlink()
