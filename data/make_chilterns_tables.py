"""Make the sample's tables: invented homes, addresses, plots, boundaries, people and schools.

    python data/make_chilterns_tables.py data/chilterns

The children and the exclusions were written by hand and are left as they are.
"""

import csv
import sys
from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from chilterns_places import AUTHORITY_OF_TOWN, PLACES
from chilterns_streets import Neighbourhood, Property
from generated_roads import GRID
from make_chilterns import CHILTERNS, HOME_POSTCODES, home_neighbourhoods

from siting.crs import to_metres
from siting.words import BNG

HOMES = (  # town, bedrooms, beds, annex, price, status
    ("High Wycombe", 5, 4, "no", 610_000, "open"), ("Aylesbury", 3, 2, "no", 630_000, "candidate"),
    ("Amersham", 5, 4, "no", 510_000, "candidate"), ("Marlow", 4, 3, "yes", 520_000, "bought"),
    ("Thame", 4, 3, "no", 470_000, "candidate"), ("Henley", 5, 4, "no", 390_000, "candidate"),
    ("Oxford", 3, 2, "no", 470_000, "candidate"), ("Hemel Hempstead", 3, 2, "yes", 510_000, "candidate"),
    ("Rickmansworth", 3, 2, "no", 640_000, "candidate"), ("Tring", 3, 2, "no", 590_000, "candidate"),
    ("Milton Keynes", 5, 4, "no", 430_000, "candidate"), ("Milton Keynes", 5, 4, "yes", 710_000, "candidate"),
    ("Bracknell", 5, 4, "no", 670_000, "candidate"), ("Reading", 3, 2, "no", 530_000, "candidate"),
    ("Reading", 3, 2, "no", 450_000, "candidate"),
)  # fmt: skip
FIRST_NAMES = ("Alex", "Sam", "Priya", "Megan", "Tomos", "Grace", "Imran", "Niamh", "Rhys", "Ada", "Kofi", "Siân")
LAST_NAMES = ("Example", "Sample", "Invented", "Specimen", "Placeholder", "Fictitious")


def main(folder: Path) -> None:
    """Write every table into FOLDER."""
    streets = home_neighbourhoods()
    _write_rows(folder / "candidates.csv", _candidates(streets))
    _write_rows(folder / "addresses.csv", _addresses(streets))
    _write_layer(
        folder / "plots.gpkg",
        "plots",
        {"INSPIREID": range(1, 1 + sum(len(s.plots) for s in streets))},
        [p for s in streets for p in s.plots],
    )
    names, areas = _authority_areas()
    _write_layer(folder / "boundaries.gpkg", "boundaries", {"name": names}, areas)
    wards, divisions = _wards(streets)
    _write_layer(folder / "wards.gpkg", "wards", wards[0], wards[1])
    _write_rows(folder / "councillors.csv", divisions)
    _write_rows(folder / "schools.csv", _schools(streets), encoding="cp1252")
    _write_rows(folder / "police.csv", _police(streets))


def _candidates(streets: Iterable[Neighbourhood]) -> list[dict[str, object]]:
    rows = []
    for number, (home, postcode, made) in enumerate(zip(HOMES, HOME_POSTCODES, streets, strict=True), start=1):
        town, bedrooms, beds, annex, price, status = home
        rows.append(
            {
                "home_id": f"H{number:02d}",
                "address": f"{made.home.building_number} {made.home.street}, {town} (invented)",
                "postcode": postcode,
                "uprn": made.home.uprn,
                "easting": round(made.home.point.x, 1),
                "northing": round(made.home.point.y, 1),
                "bedrooms": bedrooms,
                "beds": beds,
                "annex": annex,
                "price_gbp": price,
                "town": town,
                "authority": AUTHORITY_OF_TOWN[town],
                "status": status,
                "link": f"https://example.org/{number}",
            }
        )
    return rows


def _addresses(streets: Iterable[Neighbourhood]) -> list[dict[str, object]]:
    """Write them as AddressBase Core has them."""
    rows = []
    for (town, *_), postcode, made in zip(HOMES, HOME_POSTCODES, streets, strict=True):
        for entry in made.properties:
            rows.append(
                {
                    "uprn": entry.uprn,
                    "parent_uprn": entry.parent_uprn or "",
                    "classification_code": entry.classification_code,
                    "easting": round(entry.point.x, 2),
                    "northing": round(entry.point.y, 2),
                    "status": entry.status,
                    "single_line_address": _one_line(entry, town, postcode),
                    "sub_building": entry.sub_building,
                    "building_name": entry.building_name,
                    "building_number": entry.building_number,
                    "street_name": entry.street,
                    "town_name": town,
                    "postcode": postcode,
                }
            )
    return rows


def _one_line(entry: Property, town: str, postcode: str) -> str:
    numbered = " ".join(part for part in (entry.building_number, entry.street) if part)
    return ", ".join(part for part in (entry.sub_building, entry.building_name, numbered, town, postcode) if part)


def _authority_areas() -> tuple[list[str], list[shapely.Geometry]]:
    """Give each point of the country to the nearest town's authority: rough, and not the real boundaries."""
    towns = list(AUTHORITY_OF_TOWN)
    x_m, y_m = to_metres([PLACES[t][1] for t in towns], [PLACES[t][0] for t in towns], GRID)
    disc = shapely.Point(CHILTERNS.centre_m).buffer(CHILTERNS.radius_m)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(np.column_stack([x_m, y_m])), extend_to=disc, ordered=True)
    )
    names = sorted(set(AUTHORITY_OF_TOWN.values()))
    of_town = np.array([AUTHORITY_OF_TOWN[town] for town in towns])
    return names, [shapely.intersection(shapely.union_all(cells[of_town == name]), disc) for name in names]


def _wards(streets: list[Neighbourhood]) -> tuple[tuple[dict[str, object], list[shapely.Geometry]], list[dict[str, object]]]:
    """Make a ward and, in the two-tier counties, a division around each home, and their members."""
    columns: dict[str, list[str]] = {"WD24CD": [], "WD24NM": [], "LAD24NM": [], "kind": []}
    shapes: list[shapely.Geometry] = []
    members: list[dict[str, object]] = []
    for number, ((town, *_), made) in enumerate(zip(HOMES, streets, strict=True), start=1):
        authority = AUTHORITY_OF_TOWN[town]
        kinds = ["ward", "division"] if authority in {"Oxfordshire", "Hertfordshire"} else ["ward"]
        for kind in kinds:
            size_m = 900 if kind == "ward" else 2_500
            name = f"{town} {'North' if number % 2 else 'South'}" + (" Division" if kind == "division" else "")
            code = f"{'E05' if kind == 'ward' else 'E58'}9{number:05d}"
            columns["WD24CD"].append(code)
            columns["WD24NM"].append(name)
            columns["LAD24NM"].append(authority)
            columns["kind"].append(kind)
            x_m, y_m = made.home.point.x, made.home.point.y
            shapes.append(shapely.box(x_m - size_m, y_m - size_m, x_m + size_m, y_m + size_m))
            for seat in range(2 if kind == "ward" else 1):
                index = number * 5 + seat + (7 if kind == "division" else 0)
                members.append(
                    {
                        "Name": f"Cllr {FIRST_NAMES[index % 12]} {LAST_NAMES[index % 6]}",
                        "Ward": name,
                        "Ward code": code,
                        "Council": authority,
                        "Party": "Invented",
                        "Email": f"member{number}.{seat}.{kind}@example.org",
                        "As at": "2026-05-08",
                    }
                )
    return (columns, shapes), members


def _schools(streets: list[Neighbourhood]) -> list[dict[str, object]]:
    rows = []
    for number, ((town, *_), made) in enumerate(zip(HOMES, streets, strict=True), start=1):
        for phase, distance_m in (("Primary", 450), ("Secondary", 1_100), ("Primary", 2_000)):
            index = number * 3 + distance_m // 100
            closed = distance_m == 2_000 and number % 2 == 0
            rows.append(
                {
                    "URN": 900_000 + number * 10 + distance_m // 400,
                    "EstablishmentName": f"{town} {'Hill' if distance_m == 450 else 'Vale'} {phase} School (invented)",
                    "EstablishmentStatus (name)": "Closed" if closed else "Open",
                    "TypeOfEstablishment (name)": "Community school",
                    "PhaseOfEducation (name)": phase,
                    "Street": "School Lane",
                    "Town": town,
                    "Postcode": HOME_POSTCODES[number - 1],
                    "TelephoneNum": f"01632960{index % 1000:03d}",
                    "HeadTitle (name)": "Ms" if number % 2 else "Not recorded",
                    "HeadFirstName": FIRST_NAMES[index % 12] if number != 8 else "Not recorded",
                    "HeadLastName": LAST_NAMES[index % 6] if number != 8 else "Not recorded",
                    "HeadPreferredJobTitle": "Headteacher",
                    "Easting": round(made.home.point.x + distance_m * 0.8),
                    "Northing": round(made.home.point.y - distance_m * 0.6),
                }
            )
    return rows


def _police(streets: list[Neighbourhood]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for number, ((town, *_), _made) in enumerate(zip(HOMES, streets, strict=True), start=1):
        for rank, offset in (("Police Constable (beat officer)", 0), ("PCSO", 5)):
            rows.append(
                {
                    "neighbourhood": town,
                    "name": f"{FIRST_NAMES[(number + offset) % 12]} {LAST_NAMES[(number + offset) % 6]}",
                    "rank": rank,
                    "email": f"{town.lower().replace(' ', '.')}.team@example.org",
                    "telephone": "101",
                    "as_at": "2026-10-01",
                }
            )
    return [dict(row) for row in {tuple(sorted(row.items())): row for row in rows}.values()]


def _write_rows(path: Path, rows: list[dict[str, object]], encoding: str = "utf-8") -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _write_layer(path: Path, layer: str, columns: dict[str, object], shapes: list[shapely.Geometry]) -> None:
    path.unlink(missing_ok=True)
    rounded = shapely.set_precision(np.array(shapes), 0.01)
    gpd.GeoDataFrame(columns, geometry=rounded, crs=BNG).to_file(path, layer=layer, driver="GPKG")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
