"""Make the example plans of four cases: invented homes and children on real postcodes, generated roads.

    python data/make_examples.py data/examples

Each case stands for a way in which councils have chosen homes; nothing in it is a real home or child.
"""

import csv
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from chilterns_places import AUTHORITY_OF_TOWN
from example_places import POWYS, SOMERSET
from generated_roads import Region, make_roads, name_places, region_postcodes
from make_chilterns import CHILTERNS

from siting.crs import MetricSystem, to_metres
from siting.words import BNG

Row = dict[str, object]

SOMERSET_LIVING = {
    "Somerset": 27, "Hampshire": 6, "Devon": 5, "North Wales": 3, "Berkshire": 2, "Lancashire": 2, "Oxfordshire": 2, "Wiltshire": 2,
    "Cambridgeshire": 1, "Dorset": 1, "London": 1, "North Somerset": 1, "Staffordshire": 1,
}  # fmt: skip
"""Where Somerset's children lived, as its council paper of 2022 on Homes and Horizons counts them."""


class Draw:
    """Draws real postcodes near towns, the same ones every time."""

    def __init__(self, region: Region, seed: int) -> None:
        self.postcodes = region_postcodes(region)
        self.region = region
        self.random = np.random.default_rng(seed)
        self.taken: set[str] = set()

    def near(self, town: str, within_m: float = 2_500.0) -> str:
        """Draw a postcode near a town that was not drawn before."""
        latitude, longitude = self.region.places[town]
        (x_m,), (y_m,) = to_metres(longitude, latitude, MetricSystem(BNG))
        distance_m = np.hypot(self.postcodes.easting - x_m, self.postcodes.northing - y_m)
        near = sorted(set(self.postcodes.postcode[distance_m < within_m]) - self.taken)
        chosen = str(self.random.choice(near))
        self.taken.add(chosen)
        return chosen


def main(folder: Path) -> None:
    """Write every example into FOLDER."""
    for name, make in (
        ("homes-and-horizons", _somerset),
        ("safe-accommodation", _powys),
        ("thames-valley", _thames_valley),
        ("in-it-together", _in_it_together),
    ):
        target = folder / name
        target.mkdir(parents=True, exist_ok=True)
        make(target)


def _somerset(target: Path) -> None:
    made, places = make_roads(SOMERSET)
    name_places(made, places, cities={"Wells"})
    made.write(target / "somerset.osm.pbf")
    draw = Draw(SOMERSET, 22)
    towns = (
        "Taunton",
        "Taunton",
        "Bridgwater",
        "Bridgwater",
        "Yeovil",
        "Yeovil",
        "Wells",
        "Street",
        "Glastonbury",
        "Ilminster",
        "Chard",
        "Wellington",
        "Burnham-on-Sea",
        "Somerton",
        "Frome",
        "Minehead",
    )
    homes = [
        _home(
            n, town, draw.near(town), "Somerset", bedrooms=3 if n % 3 == 0 else 4, beds=2 if n % 3 == 0 else 3, annex=n % 4 == 1
        )
        for n, town in enumerate(towns, start=1)
    ]
    living = [place for place, count in SOMERSET_LIVING.items() for _ in range(count)]
    children: list[Row] = []
    for n, place in enumerate(living, start=1):
        town = towns[n % len(towns)]
        children.append(
            {
                "child_ref": f"S{n:02d}",
                "authority": "Somerset",
                "postcode": draw.near(town, 4_000),
                "placement": place,
                "solo": "yes" if n in {30, 34} else "no",
                "needs_bed": "yes" if 28 <= n <= 47 else "no",
            }
        )
    _write(target / "candidates.csv", homes)
    _write(target / "children.csv", children)


def _powys(target: Path) -> None:
    made, places = make_roads(POWYS)
    name_places(made, places)
    made.write(target / "powys.osm.pbf")
    draw = Draw(POWYS, 20)
    prices = {
        "Newtown": 465_000,
        "Llandrindod Wells": 450_000,
        "Builth Wells": 510_000,
        "Brecon": 560_000,
        "Welshpool": 498_000,
        "Rhayader": 420_000,
        "Machynlleth": 440_000,
    }
    homes = [
        _home(n, town, draw.near(town), "Powys", bedrooms=4, beds=3) | {"price_gbp": price, "works_gbp": 55_000}
        for n, (town, price) in enumerate(prices.items(), start=1)
    ]
    families = ("Newtown", "Llanidloes", "Llandrindod Wells")
    placements = ("HR1 2PJ", "SY3 8BS", "Shropshire")
    children: list[Row] = [
        {
            "child_ref": f"P{n}",
            "authority": "Powys",
            "postcode": draw.near(town, 3_500),
            "placement": placement,
            "weekly_cost": 6_200,
        }
        for n, (town, placement) in enumerate(zip(families, placements, strict=True), start=1)
    ]
    _write(target / "candidates.csv", homes)
    _write(target / "children.csv", children)


def _thames_valley(target: Path) -> None:
    draw = Draw(CHILTERNS, 19)
    standing = (("High Wycombe", 4), ("Amersham", 4), ("Marlow", 3), ("Thame", 3), ("Henley", 4), ("Hemel Hempstead", 2))
    offered = (
        ("Oxford", 2),
        ("Bicester", 3),
        ("Bicester", 2),
        ("Milton Keynes", 3),
        ("Milton Keynes", 2),
        ("Didcot", 3),
        ("Leighton Buzzard", 3),
    )
    homes = [
        _home(n, town, draw.near(town), AUTHORITY_OF_TOWN[town], beds=beds, bedrooms=beds + 1) | {"status": "open"}
        for n, (town, beds) in enumerate(standing, start=1)
    ]
    homes += [
        _home(n, town, draw.near(town), AUTHORITY_OF_TOWN[town], beds=beds, bedrooms=beds + 1)
        for n, (town, beds) in enumerate(offered, start=len(standing) + 1)
    ]
    families = {
        "Oxfordshire": ("Oxford", "Bicester", "Abingdon", "Didcot", "Thame"),
        "Buckinghamshire": ("High Wycombe", "Aylesbury", "Amersham", "Chesham", "Marlow"),
        "Hertfordshire": ("St Albans", "Watford", "Hemel Hempstead", "Tring"),
        "Milton Keynes": ("Milton Keynes",) * 5,
    }
    _write(target / "candidates.csv", homes)
    _write(target / "children.csv", _children(draw, families, "T"))


def _in_it_together(target: Path) -> None:
    draw = Draw(CHILTERNS, 9)
    standing = (("High Wycombe", 4), ("Slough", 2), ("Reading", 3))
    offered = (
        ("Aylesbury", 3),
        ("Amersham", 3),
        ("Watford", 3),
        ("Maidenhead", 3),
        ("Bracknell", 2),
        ("Oxford", 3),
        ("Slough", 3),
    )
    homes = [
        _home(n, town, draw.near(town), AUTHORITY_OF_TOWN[town], beds=beds, bedrooms=beds + 1) | {"status": "open"}
        for n, (town, beds) in enumerate(standing, start=1)
    ]
    homes += [
        _home(n, town, draw.near(town), AUTHORITY_OF_TOWN[town], beds=beds, bedrooms=beds + 1)
        for n, (town, beds) in enumerate(offered, start=len(standing) + 1)
    ]
    families = {
        "Buckinghamshire": ("High Wycombe", "Aylesbury", "Amersham", "Beaconsfield"),
        "Slough": ("Slough", "Slough", "Slough"),
        "Reading": ("Reading", "Reading"),
        "Hertfordshire": ("Watford", "Rickmansworth", "St Albans"),
        "Windsor and Maidenhead": ("Maidenhead", "Windsor"),
    }
    placed = ("Kent", "Lancashire", "LL57 2DG", "HP11 2PX", "SL1 1JL", "Norfolk", "DE1 2QR")
    children = _children(draw, families, "L")
    for n, row in enumerate(children):
        row |= {"placement": placed[n % len(placed)], "weekly_cost": 4_600 + 450 * (n % 7)}
    _write(target / "candidates.csv", homes)
    _write(target / "children.csv", children)


def _home(number: int, town: str, postcode: str, authority: str, *, bedrooms: int, beds: int, annex: bool = False) -> Row:
    return {
        "home_id": f"H{number:02d}", "address": f"Invented house, {town}", "postcode": postcode, "town": town, "bedrooms": bedrooms,
        "beds": beds, "annex": "yes" if annex else "no", "price_gbp": 380_000 + 17_000 * (number * 7 % 11), "authority": authority,
        "status": "candidate",
    }  # fmt: skip


def _children(draw: Draw, families: Mapping[str, Sequence[str]], letter: str) -> list[Row]:
    rows: list[Row] = []
    for authority, towns in families.items():
        rows += [
            {"child_ref": f"{letter}{len(rows) + n:02d}", "authority": authority, "postcode": draw.near(town), "solo": "no"}
            for n, town in enumerate(towns, start=1)
        ]
    return rows


def _write(path: Path, rows: Sequence[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
